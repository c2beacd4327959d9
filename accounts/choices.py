"""Who people are, what each role may do and which levels it reads: one table, for every action and every page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Access(TextChoices):
    """Who may know of a record or a paper, the most open level first; the levels of the Chancellery.

    Source: the scheme of access levels of the Chancellery (toegangsniveaus, themis.vlaanderen.be). The word
    "internal", of before there were five, still stands in histories and old exports and is read as `government`.
    """

    PUBLIC = "public", _("public")
    GOVERNMENT_WIDE = "government_wide", _("internal to the Flemish administration")
    GOVERNMENT = "government", _("internal to the Government of Flanders")
    CONFIDENTIAL = "confidential", _("confidential: the department that holds it")
    SECRETARIAT = "secretariat", _("internal to the secretariat of the Government")

    @classmethod
    def _missing_(cls, value: object) -> "Access | None":
        return cls.GOVERNMENT if value == FORMER_INTERNAL else None


# How `government` was written before; never written any more, and never rewritten where it stands in a history.
FORMER_INTERNAL = "internal"
# Levels that are read per department.
BY_DEPARTMENT = frozenset({Access.CONFIDENTIAL})


class Role(TextChoices):
    """A person has one role. Somebody who is not logged in is a reader of the public part."""

    READER = "reader", _("Reader")
    STAFF = "staff", _("Dossier manager")
    REVIEWER = "reviewer", _("Reviewer")
    RECORDS_MANAGER = "records_manager", _("Records manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    # The account of a program that uses the API: it never logs in to pages.
    PROGRAM = "program", _("Program")


class Deed(TextChoices):
    """What somebody may be allowed to do. The sentence completes "You may not …"."""

    READ_INTERNAL = "read_internal", _("see what is not public")
    EDIT_RECORD = "edit_record", _("change the record of a treaty")
    RECORD_EVENT = "record_event", _("record what happened in a dossier")
    ASK_CONSENT = "ask_consent", _("ask for the consent of the Government of Flanders")
    SEE_REVIEW = "see_review", _("see the review queue")
    DECIDE_CONSENT = "decide_consent", _("record the decision of the Government of Flanders")
    PUBLISH = "publish", _("make a record public")
    TRANSCRIBE = "transcribe", _("record decisions of the past from their sources")
    MANAGE = "manage", _("manage people and reference data")


@dataclass(frozen=True)
class Rule:
    """What a role may do, and what it may read.

    `reads`: levels of every department. `own`: those of its own department only (of `BY_DEPARTMENT`).
    `in_service`: levels that it reads as soon as the person belongs to any department.
    """

    deeds: frozenset[Deed] = frozenset()
    reads: tuple[Access, ...] = (Access.PUBLIC,)
    own: tuple[Access, ...] = ()
    in_service: tuple[Access, ...] = ()


_TO_GOVERNMENT = (Access.PUBLIC, Access.GOVERNMENT_WIDE, Access.GOVERNMENT)
_TO_CONFIDENTIAL = (*_TO_GOVERNMENT, Access.CONFIDENTIAL)
_ALL = tuple(Access)
_WORK = frozenset({Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.RECORD_EVENT, Deed.ASK_CONSENT})

NOBODY = Rule()
RULES: Mapping[str, Rule] = {
    Role.READER: Rule(in_service=(Access.GOVERNMENT_WIDE,)),
    Role.STAFF: Rule(_WORK, _TO_GOVERNMENT, own=(Access.CONFIDENTIAL,)),
    Role.REVIEWER: Rule(_WORK | {Deed.SEE_REVIEW, Deed.DECIDE_CONSENT, Deed.PUBLISH}, _TO_CONFIDENTIAL),
    Role.RECORDS_MANAGER: Rule(frozenset({Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.PUBLISH}), _ALL),
    Role.ADMINISTRATOR: Rule(frozenset(Deed), _ALL),
    # An auditor reads everything and changes nothing.
    Role.AUDITOR: Rule(frozenset({Deed.READ_INTERNAL, Deed.SEE_REVIEW}), _ALL),
    Role.PROGRAM: Rule(frozenset({Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.RECORD_EVENT}), _TO_GOVERNMENT),
}

# Roles that never log in to pages, by whatever way.
WITHOUT_LOGIN = frozenset({Role.PROGRAM})
# The whole trail tells of everything, also of what is secret: for who judges the others, and who runs the register.
READS_TRAIL = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
# Who manages, publishes, or decides in the name of the Government: a password alone is not enough.
SECOND_FACTOR_ROLES = frozenset({Role.REVIEWER, Role.RECORDS_MANAGER, Role.ADMINISTRATOR})
