"""The words of bringing in a list: codes are stable and English, labels are for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ListKind(TextChoices):
    """What each row of a list tells of."""

    TREATIES = "treaties", _("treaties")
    PARTICIPATION = "participation", _("participation of parties in treaties")
    ASSENT_DECREES = "assent_decrees", _("decrees of assent")


class RunState(TextChoices):
    """How far an import is. Only `confirm` writes to the record."""

    STAGED = "staged", pgettext_lazy("an import", "file read, not judged yet")
    JUDGED = "judged", pgettext_lazy("an import", "judged, not confirmed yet")
    CONFIRMED = "confirmed", pgettext_lazy("an import", "imported")
    UNDONE = "undone", pgettext_lazy("an import", "taken back")


class Outcome(TextChoices):
    """What confirming the import does with a row."""

    NEW = "new", pgettext_lazy("a row of an import", "new")
    CHANGED = "changed", pgettext_lazy("a row of an import", "changed")
    SAME = "same", pgettext_lazy("a row of an import", "the same as last time")
    REPEATED = "repeated", pgettext_lazy("a row of an import", "a repetition of another row")
    REFUSED = "refused", pgettext_lazy("a row of an import", "refused")


class Format(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Found(TextChoices):
    """How the encoding of a file became known."""

    GIVEN = "given", _("chosen by hand")
    MARK = "mark", _("by the mark at the start of the file")
    VALID = "valid", _("every byte of the file is valid UTF-8")
    GUESSED = "guessed", _("guessed from the text")


class DateOrder(TextChoices):
    """How dates as 03/04/1995 are read in a file."""

    DAY_FIRST = "day_first", _("day before month")
    MONTH_FIRST = "month_first", _("month before day")
    # Some cells prove one order and some the other, or none proves any: a doubtful date is refused.
    UNSURE = "unsure", _("not known")


class UnknownParties(TextChoices):
    """What to do with a party that the register does not know."""

    REFUSE = "refuse", _("refuse the row")
    NOTE = "note", _("take the row, and name the party in the note of the treaty")
