"""What the pages of imports show, as data and sentences. Decides nothing."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Deed
from accounts.models import Person, User
from imports import fields, queries
from imports.choices import Format, Found, ListKind, Outcome, RunState
from imports.forms import DELIMITERS, ENCODINGS
from imports.matching import Matcher
from imports.models import ImportRow, ImportRun
from imports.problems import Difference, Problem, shortened
from treaties.cells import guarded
from treaties.models import Party

RUNS_PER_PAGE, ROWS_PER_PAGE, NAMES_PER_PAGE = 25, 50, 25
NOTED = "noted"
TONES: Mapping[str, str] = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "info",
    Outcome.SAME: "neutral",
    Outcome.REPEATED: "warn",
    Outcome.REFUSED: "stop",
    RunState.STAGED: "neutral",
    RunState.JUDGED: "info",
    RunState.CONFIRMED: "ok",
    RunState.UNDONE: "warn",
}
# Problems and notes that say: which party this is, somebody must tell.
_UNCLEAR = ("unknown_party", "unknown_party_noted", "doubtful_party")


@dataclass(frozen=True)
class Tab:
    """A part of the rows, and how many there are."""

    key: str
    label: str | Promise
    count: int

    @property
    def figure(self) -> str:
        """The count as people write it."""
        return number_format(self.count, force_grouping=True)


@dataclass(frozen=True)
class Fact:
    """A cell that is read, under the name of its field."""

    label: str
    value: str
    is_mended: bool = False


@dataclass(frozen=True)
class Told:
    """A difference under the name of its field."""

    label: str
    register: str
    file: str


@dataclass(frozen=True)
class Shown:
    """A row as the preview shows it."""

    row: ImportRow
    title: str
    tone: str
    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    differences: list[Told] = field(default_factory=list)

    @property
    def names_unknown(self) -> bool:
        """Whether it names a party of which somebody must tell which one it is."""
        return any(one.code in _UNCLEAR for one in (*self.problems, *self.notes))


@dataclass(frozen=True)
class UnknownName:
    """A party that a list names and the register does not know, or that can be several; `known_as` once told."""

    text: str
    rows: int
    is_doubtful: bool = False
    suggestions: list[Party] = field(default_factory=list)
    known_as: Party | None = None


@dataclass(frozen=True)
class Listed:
    """An import in the list of imports."""

    run: ImportRun
    tone: str
    counts: list[Tab]


def index(person: User, number: str) -> dict[str, Any]:
    page = Paginator(queries.runs(person), RUNS_PER_PAGE).get_page(number)
    rows = [Listed(run, TONES[run.state], _tabs(run.counts)) for run in page.object_list]
    return {"page": page, "rows": rows, "may_edit": person.may(Deed.EDIT_RECORD)}


def about(run: ImportRun) -> dict[str, Any]:
    """How the file was read, in words."""
    encodings, delimiters = dict(ENCODINGS), dict(DELIMITERS)
    return {
        "run": run,
        "tone": TONES[run.state],
        "encoding": encodings.get(run.encoding.replace("-sig", ""), run.encoding),
        "found": Found(run.encoding_found).label if run.encoding_found else "",
        "percent": round(run.confidence * 100) if run.confidence is not None else None,
        "delimiter": delimiters.get(run.delimiter, run.delimiter) if run.delimiter else "",
        "is_workbook": run.format == Format.XLSX,
        "unmapped": queries.unmapped(run),
        "is_open": run.state in (RunState.STAGED, RunState.JUDGED),
        "is_confirmed": run.state == RunState.CONFIRMED,
        "is_undone": run.state == RunState.UNDONE,
    }


def progress(done: int, total: int) -> dict[str, str]:
    """How far work is, as people write numbers."""
    return {"done": number_format(done, force_grouping=True), "total": number_format(total, force_grouping=True)}


def samples(run: ImportRun) -> list[list[str]]:
    """For each column the first two values that are not empty, of the first rows."""
    found: list[list[str]] = [[] for _column in run.header]
    for row in run.rows.order_by("number")[:50]:
        for place, value in enumerate(row.current[: len(found)]):
            text = shortened(" ".join(value.split()), 80)
            if text and len(found[place]) < 2 and text not in found[place]:
                found[place].append(text)
    return found


def preview(run: ImportRun, person: Person, *, part: str, number: str) -> dict[str, Any]:
    """A page of the rows with one outcome (`part`, or `noted`; anything else: all), and how many each has."""
    counts = outcomes(run)
    tabs = [
        Tab("", _("all"), sum(count for outcome, count in counts.items() if outcome != NOTED)),
        *_tabs(counts, empty=True),
        Tab(NOTED, _("with notes"), counts[NOTED]),
    ]
    part = part if part in {tab.key for tab in tabs} else ""
    page = Paginator(_part(run, part), ROWS_PER_PAGE).get_page(number)
    rows = queries.told_to(person, list(page.object_list))
    names = _party_names(rows)
    return {"tabs": tabs, "part": part, "page": page, "rows": [shown(run, row, names) for row in rows]}


def outcomes(run: ImportRun) -> dict[str, int]:
    """Outcome → rows, and under `noted` how many have a note; counted now, for single rows are mended."""
    noted = Count("id", filter=~Q(notes=[]))
    counted = list(run.rows.values_list("outcome").annotate(n=Count("id"), noted=noted).order_by("outcome"))
    return {outcome: n for outcome, n, _noted in counted if outcome} | {NOTED: sum(row[2] for row in counted)}


def _part(run: ImportRun, part: str) -> QuerySet[ImportRow]:
    return queries.rows(run).exclude(notes=[]) if part == NOTED else queries.rows(run, part)


def _tabs(counts: Mapping[str, int], *, empty: bool = False) -> list[Tab]:
    return [Tab(one.value, one.label, counts.get(one, 0)) for one in Outcome if empty or counts.get(one)]


def _party_names(rows: Sequence[ImportRow]) -> dict[str, str]:
    """Code → name of the parties that the differences of these rows speak of."""
    told = (one for row in rows for one in queries.differences(row) if one.field == "parties")
    codes = {code for one in told for code in f"{one.register}; {one.file}".split("; ") if code}
    return {party.code: party.name for party in Party.objects.filter(code__in=codes)} if codes else {}


def shown(run: ImportRun, row: ImportRow, names: Mapping[str, str] | None = None) -> Shown:
    """The row with what will be written of it, or why not; `names` has the names of parties by code."""
    facts = _facts(run, row)
    return Shown(
        row,
        _title(run, row),
        TONES.get(row.outcome, "neutral"),
        facts if row.outcome in (Outcome.NEW, "") else [],
        queries.problems(row),
        queries.notes(row),
        [_told(run, one, names or {}) for one in queries.differences(row)],
    )


def _facts(run: ImportRun, row: ImportRow) -> list[Fact]:
    """The cells that are read and not empty; the title stands above them."""
    labels = _labels(run)
    before = dict(zip(run.header, row.cells, strict=False))
    return [
        Fact(labels[name], value, is_mended=before.get(column, "") != value)
        for column, value in queries.cells(run, row).items()
        if (name := run.mapping.get(column)) and name != "title" and name in labels and value.strip()
    ]


def _title(run: ImportRun, row: ImportRow) -> str:
    """What a row is called: its title, in whichever column."""
    cells = {run.mapping.get(column, ""): value for column, value in queries.cells(run, row).items()}
    names = ("title", "title_nl", "title_en", "title_fr", "title_de")
    return next((cells[name] for name in names if cells.get(name, "").strip()), "")


def _told(run: ImportRun, one: Difference, names: Mapping[str, str]) -> Told:
    sides = [one.register, one.file]
    if one.field == "parties":
        sides = ["; ".join(names.get(code, code) for code in side.split("; ")) for side in sides]
    return Told(_labels(run).get(one.field, one.field), *sides)


def _labels(run: ImportRun) -> dict[str, str]:
    """Field → its label, without how to write it, which stands after a comma."""
    named = {one.name: capfirst(str(one.label).partition(",")[0]) for one in fields.FIELDS[run.kind]}
    # Of a difference: the titles in all languages together.
    return named | {"titles": _("Titles")}


# Parties that are not clear


def unknown_names(run: ImportRun, *, limit: int, offset: int = 0) -> tuple[list[tuple[str, int]], int]:
    """Names of parties that are not clear with their number of rows, most first; and how many names there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT found.name, count(DISTINCT found.id), count(*) OVER ()
            FROM (
                SELECT rows.id, said #>> '{params,name}' AS name
                FROM imports_importrow AS rows, jsonb_array_elements(rows.problems || rows.notes) AS said
                WHERE rows.run_id = %s AND said ->> 'code' = ANY (%s)
            ) AS found
            WHERE found.name IS NOT NULL
            GROUP BY found.name ORDER BY 2 DESC, 1 LIMIT %s OFFSET %s
            """,
            [run.pk, list(_UNCLEAR), limit, offset],
        )
        rows = cursor.fetchall()
    return [(name, count) for name, count, _total in rows], rows[0][2] if rows else 0


def unknown_parties(run: ImportRun, number: str) -> dict[str, Any]:
    """A page of the names that are not clear, each with the parties it can be or is like."""
    _names, total = unknown_names(run, limit=1)
    page: Page[int] = Paginator(range(total), NAMES_PER_PAGE).get_page(number)
    names, _total = unknown_names(run, limit=NAMES_PER_PAGE, offset=max(page.start_index() - 1, 0))
    matcher = Matcher()
    found = [_unknown(matcher, text, rows) for text, rows in names]
    return {"page": page, "names": found, "told": sum(1 for one in found if one.known_as)}


def _unknown(matcher: Matcher, text: str, rows: int) -> UnknownName:
    known = matcher.find(text)
    if len(known) == 1:
        return UnknownName(text, rows, known_as=known[0])
    like = [party for name in matcher.like(text) for party in matcher.find(name)[:1]]
    return UnknownName(text, rows, len(known) > 1, suggestions=list(known or dict.fromkeys(like)))


# What will happen, in words


def intention(run: ImportRun, counts: Mapping[str, int]) -> list[str]:
    """What confirming does, in sentences with counts; nothing is said of what there is none of."""
    new, changed, same, repeated, refused = (counts.get(outcome, 0) for outcome in Outcome)
    if run.kind == ListKind.TREATIES:
        first = ngettext("%(n)s new treaty is registered.", "%(n)s new treaties are registered.", new)
        second = ngettext("%(n)s treaty is changed.", "%(n)s treaties are changed.", changed)
    else:
        first = ngettext("%(n)s new row is recorded.", "%(n)s new rows are recorded.", new)
        second = ngettext("%(n)s row changes what is on record.", "%(n)s rows change what is on record.", changed)
    said = (
        (new, first),
        (changed, second),
        (same, ngettext("%(n)s row says nothing new.", "%(n)s rows say nothing new.", same)),
        (repeated, ngettext("%(n)s row repeats another one.", "%(n)s rows repeat another one.", repeated)),
        (refused, ngettext("%(n)s refused row is left out.", "%(n)s refused rows are left out.", refused)),
    )
    return [sentence % {"n": number_format(n, force_grouping=True)} for n, sentence in said if n]


# Refused rows as a file


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def refused_lines(run: ImportRun, person: Person) -> Iterator[str]:
    """The refused rows in CSV, as they count now: why it was refused first, then the columns of the file.

    The reasons stand in front so that a row with too many or too few cells keeps them where they are. The first
    column is not read when the file is brought again. Begins with the mark that tells spreadsheets it is UTF-8.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_reason_column(run.header), *map(guarded, run.header)])
    for row in queries.refused(run, person):
        why = " ".join(_why(one) for one in queries.problems(row))
        yield writer.writerow([guarded(why), *map(guarded, row.current)])


def _why(problem: Problem) -> str:
    where = f"{problem.column}: " if problem.column else ""
    return f"{where}{problem.sentence} {problem.remedy}".strip()


def _reason_column(header: Sequence[str]) -> str:
    name = _("why refused")
    while name in header:
        name += " *"
    return name


def next_refused(run: ImportRun, after: int) -> int | None:
    """The number of the next refused row, from the beginning again after the last."""
    refused = run.rows.filter(outcome=Outcome.REFUSED).exclude(number=after)
    is_before = ExpressionWrapper(Q(number__lt=after), output_field=BooleanField())
    return refused.order_by(is_before, "number").values_list("number", flat=True).first()
