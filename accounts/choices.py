"""Who people are and what each role may do: one table, read by every action and every page."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A person has one role. Somebody who is not logged in is a reader of the public part."""

    READER = "reader", _("Reader")
    STAFF = "staff", _("Dossier manager")
    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class Deed(TextChoices):
    """What somebody may be allowed to do. The sentence completes "You may not …"."""

    READ_INTERNAL = "read_internal", _("see what is not public")
    EDIT_RECORD = "edit_record", _("change the record of a treaty")
    RECORD_EVENT = "record_event", _("record what happened in a dossier")
    ASK_CONSENT = "ask_consent", _("ask for the consent of the Government of Flanders")
    SEE_REVIEW = "see_review", _("see the review queue")
    DECIDE_CONSENT = "decide_consent", _("record the decision of the Government of Flanders")
    TRANSCRIBE = "transcribe", _("record decisions of the past from their sources")
    PUBLISH = "publish", _("make a record public")
    MANAGE = "manage", _("manage people and reference data")


_WORK = frozenset({Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.RECORD_EVENT, Deed.ASK_CONSENT})

MAY: Mapping[str, frozenset[Deed]] = {
    Role.READER: frozenset(),
    Role.STAFF: _WORK,
    Role.REVIEWER: _WORK | {Deed.SEE_REVIEW, Deed.DECIDE_CONSENT, Deed.PUBLISH},
    Role.ADMINISTRATOR: frozenset(Deed),
    # An auditor reads everything and changes nothing.
    Role.AUDITOR: frozenset({Deed.READ_INTERNAL, Deed.SEE_REVIEW}),
}

# The whole trail tells of everything, also of what is secret: for who judges the others, and who runs the register.
READS_TRAIL = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
# Who manages, or decides in the name of the Government: a password alone is not enough.
SECOND_FACTOR_ROLES = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
