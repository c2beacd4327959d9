"""The words of the procedure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.choices import Access

# Who may know of a dossier, besides who may know of its treaties. It is never for everybody.
DOSSIER_LEVELS = (Access.GOVERNMENT, Access.CONFIDENTIAL, Access.SECRETARIAT)
# Of a dossier of these nothing is told outside it: neither where it stands, nor what is noted with its acts.
KEPT_APART = frozenset({Access.CONFIDENTIAL, Access.SECRETARIAT})


class Track(TextChoices):
    """Lines that run beside each other; only the main one says in which stage a dossier stands."""

    MAIN = "main", _("procedure")
    INFORMATION = "information", _("information of the federal government")
    BELGIAN = "belgian", _("other Belgian entities")
    INTERNATIONAL = "international", _("international")
    PUBLICATION = "publication", _("publication")
    COURSE = "course", _("course of the dossier")


class Consent(TextChoices):
    """Outcome of a gate: the codes of the Chancellery, and refused."""

    APPROVED = "approved", _("approved")
    NOTED = "noted", _("noted")
    POSTPONED = "postponed", _("postponed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUSED = "refused", _("refused")


# Outcomes that open the next step. Noting ("akte genomen") lets a dossier go on.
PASSES = frozenset({Consent.APPROVED, Consent.NOTED})
# Outcomes that must say why.
NEEDS_REASON = frozenset({Consent.POSTPONED, Consent.WITHDRAWN, Consent.REFUSED})


class StepState(TextChoices):
    HAPPENED = "happened", _("done")
    SCHEDULED = "scheduled", _("announced")
    ASKED = "asked", _("consent asked")
    OPEN = "open", _("can be done now")
    BLOCKED = "blocked", _("not yet possible")
    # Later steps happened, and the register does not hold this one.
    PASSED = "passed", _("not in the register")
    NOT_NEEDED = "not_needed", _("not needed")


class Origin(TextChoices):
    """Whether a dossier is followed as it happens, or was put together afterwards from sources."""

    LIVE = "live", _("followed")
    RECONSTRUCTED = "reconstructed", _("reconstructed from sources")


class Authority(TextChoices):
    """Who determined a qualification, or that an entity is concerned."""

    REGISTER = "register", _("as opened in the register")
    GOVERNMENT = "government", _("the Government of Flanders")
    WORKING_GROUP = "working_group", _("the Working Group on Mixed Treaties")
    CONFERENCE = "conference", _("the Interministerial Conference for Foreign Policy")
    COUNCIL_OF_STATE = "council_of_state", _("the Council of State")


class PaperState(TextChoices):
    """How a paper a gate asks for stands."""

    PRESENT = "present", _("on file")
    OUT_OF_DATE = "out_of_date", _("out of date: given on an earlier version")
    MISSING = "missing", _("missing")
    WAIVED = "waived", _("waived")


# A gate can be asked with papers in these states.
SUFFICES = frozenset({PaperState.PRESENT, PaperState.WAIVED})
