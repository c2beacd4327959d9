"""The words of reporting. Codes are stable and English; labels are for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportStage(TextChoices):
    """Where a report stands on a day: computed from its dates, never stored."""

    TO_PREPARE = "to_prepare", _("to be prepared")
    CONTRIBUTION_DUE = "contribution_due", _("Flemish contribution due")
    CONTRIBUTION_OVERDUE = "contribution_overdue", _("Flemish contribution overdue")
    CONTRIBUTION_SENT = "contribution_sent", _("Flemish contribution sent")
    SUBMITTED = "submitted", _("state report submitted")
    ISSUES_OPEN = "issues_open", _("list of issues open")
    ISSUES_ANSWERED = "issues_answered", _("list of issues answered")
    DIALOGUE_HELD = "dialogue_held", _("dialogue held")
    OBSERVATIONS_RECEIVED = "observations_received", _("concluding observations received")
    FOLLOW_UP_DUE = "follow_up_due", _("interim follow-up due")
    CLOSED = "closed", _("closed")


class DueKind(TextChoices):
    """What comes next with a date on record."""

    CONTRIBUTION = "contribution", _("Flemish contribution")
    REPORT = "report", _("state report")
    DIALOGUE = "dialogue", _("dialogue")
    FOLLOW_UP = "follow_up", _("interim follow-up")


class FirstDueFrom(TextChoices):
    """From which day for Belgium the term of the first report counts."""

    ENTRY_INTO_FORCE = "entry_into_force", _("entry into force for Belgium")
    RATIFICATION = "ratification", _("ratification by Belgium")
