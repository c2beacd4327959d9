"""Forms of bringing in a list. They read types from what was typed; what may be done is judged by the actions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.refusals import Blocker
from imports import fields, queries
from imports.choices import DateOrder, ListKind, UnknownParties
from imports.models import ImportRow, ImportRun
from treaties.choices import PartyKind
from treaties.forms import ActionForm, JudgedText, choice, labelled, offer, text
from treaties.models import Party

# Name for Python → what people call it.
ENCODINGS = (
    ("", _("find it out")),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("iso8859_15", "ISO 8859-15"),
    ("utf-16", "UTF-16"),
    ("cp1250", "Windows-1250"),
    ("cp1251", "Windows-1251"),
    ("mac_roman", "Mac OS Roman"),
    ("cp850", "DOS 850"),
)
DELIMITERS = (
    ("", _("find it out")),
    (",", _("comma")),
    (";", _("semicolon")),
    ("\t", _("tab")),
    ("|", _("vertical bar")),
)
# A cell that is longer is typed in a field of several lines.
_LONG = 70


class UploadForm(ActionForm):
    """A file with a list, and what the person knows of it."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=None,
        help_text=_("CSV or XLSX, at most 200 MB. The first row names the columns. A large file takes a minute."),
    )
    kind = choice(
        _("What each row tells of"),
        lambda: [(value, label) for value, label in labelled(ListKind) if value in fields.FIELDS],
        widget=forms.RadioSelect,
        initial=ListKind.TREATIES,
    )
    source = text(
        _("Name of the source"),
        help_text=_("Where the list comes from, for example “Archive 2024”. Empty when a column says it row by row."),
    )
    encoding = choice(_("Encoding"), ENCODINGS, required=False)
    delimiter = choice(_("Separator of cells"), DELIMITERS, required=False)
    sheet = text(
        pgettext_lazy("of a workbook", "Sheet"), help_text=_("Of a workbook; empty: the first sheet that is not empty.")
    )


class ColumnsForm(ActionForm):
    """Which column is which field, and how the list is to be read."""

    source = text(_("Name of the source"), help_text=_("Of the rows that do not name one themselves."))
    date_order = choice(
        _("Dates as 03/04/1995"),
        lambda: labelled(DateOrder),
        help_text=_("“Not known”: a date that can be two days is refused."),
    )
    unknown_parties = choice(
        _("A party that the register does not know"), lambda: labelled(UnknownParties), widget=forms.RadioSelect
    )
    register_missing = forms.BooleanField(
        label=_("Register treaties that are missing, by the title in the row"), required=False
    )
    # That of the run on the page.
    version = forms.IntegerField(
        label=_("This page"),
        widget=forms.HiddenInput,
        error_messages={"required": _("load it again and send it once more."), "invalid": _("load it again.")},
    )

    def __init__(self, *args: Any, run: ImportRun, samples: Sequence[Sequence[str]] = (), **kwargs: Any) -> None:
        """`samples` has for each column some values as the file has them."""
        names = ("source", "date_order", "unknown_parties", "register_missing", "version")
        initial = {name: getattr(run, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        self.run = run
        self.samples = samples
        if run.kind != ListKind.PARTICIPATION:
            del self.fields["register_missing"]
        offered = [("", _("is not read")), *((one.name, capfirst(str(one.label))) for one in fields.FIELDS[run.kind])]
        for place, column in enumerate(run.header):
            name = f"column_{place}"
            self.fields[name] = choice(column, offered, required=False, initial=run.mapping.get(column, ""))
            offer(self, name, offered)

    def renew(self, run: ImportRun) -> None:
        """After somebody else said otherwise: what was chosen, to be sent on the run as it stands now."""
        given: Any = self.data
        data = given.copy()
        data["version"] = run.version
        self.data = data

    def columns(self) -> list[tuple[BoundField, list[str]]]:
        """The field of each column, with values that stand in it."""
        return [
            (self[f"column_{place}"], list(self.samples[place]) if place < len(self.samples) else [])
            for place in range(len(self.run.header))
        ]

    def others(self) -> list[BoundField]:
        return [field for field in self.visible_fields() if not field.name.startswith("column_")]

    def mapping(self) -> dict[str, str]:
        data = self.cleaned_data
        chosen = {column: data[f"column_{place}"] for place, column in enumerate(self.run.header)}
        return {column: name for column, name in chosen.items() if name}

    def clean(self) -> dict[str, Any]:
        """One field twice would lose a column in the mapping: it is said beside the second one."""
        seen: dict[str, str] = {}
        data = self.cleaned_data
        for place, column in enumerate(self.run.header):
            name = data.get(f"column_{place}", "")
            if name and name in seen:
                sentence = _("The column “%(other)s” is this field already.") % {"other": seen[name]}
                self.add_error(f"column_{place}", ValidationError(sentence, code="twice"))
            seen.setdefault(name, column)
        return data


@dataclass(frozen=True)
class Cell:
    """A cell of a row as its form shows it: what the column is read as, and a value that would be taken."""

    place: int
    field: BoundField
    read_as: str | Promise
    suggestion: str
    notes: list[Any]


class RowForm(ActionForm):
    """The cells of one row, with what is wrong beside each."""

    # A cell may be empty or not: the judgement says it, not a mark beside every label.
    use_required_attribute = False
    # That of the row on the page.
    version = forms.IntegerField(
        label=_("This page"),
        widget=forms.HiddenInput,
        error_messages={"required": _("load it again and send it once more."), "invalid": _("load it again.")},
    )

    def __init__(self, *args: Any, run: ImportRun, row: ImportRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.row = run, row
        self.fields["version"].initial = row.version
        labels = {one.name: one.label for one in fields.FIELDS[run.kind]}
        self.read_as = {column: labels.get(name, "") for column, name in run.mapping.items()}
        for place, (column, value) in enumerate(self._now()):
            field = text(column, rows=3 if len(value) > _LONG or "\n" in value else 0, needed=True)
            field.initial = value
            self.fields[f"cell_{place}"] = field

    def _now(self) -> Iterator[tuple[str, str]]:
        current = self.row.current
        for place, column in enumerate(self.run.header):
            yield column, current[place] if place < len(current) else ""

    @classmethod
    def as_judged(cls, *, run: ImportRun, row: ImportRow) -> "RowForm":
        """The form of a row as it stands: every problem of it is an error beside its cell."""
        blank = cls(run=run, row=row)
        data = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
        form = cls(data, run=run, row=row)
        form.take_problems()
        return form

    def take_problems(self) -> None:
        """Put what the judgement found beside the cells."""
        places = {column: f"cell_{place}" for place, column in enumerate(self.run.header)}
        self.take(
            Blocker(one.code, f"{one.sentence} {one.remedy}".strip(), field=places.get(one.column, ""))
            for one in queries.problems(self.row)
        )

    def cells(self) -> dict[str, str]:
        """Column → text, of the cells that are otherwise than they stand; of a row with flaws all of them."""
        typed = {column: self._typed(place, value) for place, (column, value) in enumerate(self._now())}
        if self.row.flaws and self.row.mended is None:
            return typed
        return {column: typed[column] for column, value in self._now() if typed[column] != value}

    def _typed(self, place: int, value: str) -> str:
        """Browsers send every line break as two characters."""
        typed: str = self.cleaned_data[f"cell_{place}"]
        return typed if "\r" in value else typed.replace("\r\n", "\n")

    def shown(self) -> list[Cell]:
        """The cells in the order of the file; a suggestion only where it differs from what is typed."""
        suggested = {one.column: one.suggestion for one in queries.problems(self.row) if one.suggestion}
        notes = queries.notes(self.row)
        found = []
        for place, column in enumerate(self.run.header):
            field = self[f"cell_{place}"]
            suggestion = suggested.get(column, "")
            about = [one for one in notes if one.column == column]
            found.append(
                Cell(place, field, self.read_as.get(column, ""), suggestion * (suggestion != field.value()), about)
            )
        return found

    def fill(self, place: str) -> "RowForm":
        """The form with the suggestion for that cell taken over; nothing is saved."""
        given: Any = self.data
        data = given.copy()
        for cell in self.shown():
            if str(cell.place) == place and cell.suggestion:
                data[cell.field.name] = cell.suggestion
        return RowForm(data, run=self.run, row=self.row)

    def renew(self, row: ImportRow) -> "RowForm":
        """After somebody else mended the row: what was typed, to be sent on the row as it stands now."""
        given: Any = self.data
        data = given.copy()
        data["version"] = row.version
        form = RowForm(data, run=self.run, row=row)
        form.conflict = self.conflict
        return form

    def differing(self) -> list[tuple[str, str]]:
        """Column and text of the cells that stand otherwise on record than they were typed."""
        if not self.is_valid():
            return []
        cells = self.cells()
        return [(column, value) for column, value in self._now() if column in cells and cells[column] != value]


class PartyForm(ActionForm):
    """Which party a spelling means: one of those suggested, or any other."""

    text = JudgedText(label=_("As spelled"), strip=False, widget=forms.HiddenInput)
    suggested = forms.CharField(label=_("Party"), required=False, max_length=20)
    party = forms.CharField(label=_("Party"), required=False, max_length=20)

    def chosen(self) -> Party | None:
        """The party of the button that was pressed, or else the one chosen from all."""
        code = self.cleaned_data.get("suggested") or self.cleaned_data.get("party") or ""
        return Party.objects.filter(code=code).first()

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.chosen() is None:
            self.add_error("party", ValidationError(_("Choose which party is meant."), code="required"))
        return self.cleaned_data


class ReasonForm(ActionForm):
    """Why something large is done."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("For the history of every record it touches."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConfirmForm(ReasonForm):
    """Write what was judged to the record."""

    without_refused = forms.BooleanField(label=_("Leave out the refused rows"), required=False)
    # The counts on the page: what is confirmed is what was seen.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, counts: dict[str, int], **kwargs: Any) -> None:
        self.now = ",".join(f"{outcome}:{count}" for outcome, count in sorted(counts.items()))
        super().__init__(*args, initial={"seen": self.now}, **kwargs)
        if not counts.get("refused"):
            del self.fields["without_refused"]

    def clean_seen(self) -> str:
        seen: str = self.cleaned_data["seen"]
        if seen != self.now:
            given: Any = self.data
            data = given.copy()
            data["seen"] = self.now
            self.data = data
            raise ValidationError(
                _("Rows were judged again since you opened this page. Look at the counts, and confirm once more."),
                code="seen",
            )
        return seen


def party_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every party by kind, states first."""
    kinds = [PartyKind.STATE, *(kind for kind in PartyKind if kind != PartyKind.STATE)]
    groups: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for party in Party.objects.all():
        groups[party.kind].append((party.code, party.name))
    return [(capfirst(str(PartyKind(kind).label)), options) for kind, options in groups.items() if options]
