"""What pages and reports read of imports. Each starts from what the person may see, or from such a run."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.models import Person
from imports.models import ImportRow, ImportRun
from imports.problems import Difference, Problem
from treaties.models import Treaty


def runs(person: Person) -> QuerySet[ImportRun]:
    """The imports `person` may see, the newest first, with who brought each."""
    return ImportRun.objects.visible_to(person).select_related("brought_by", "confirmed_change", "undone_change")


def open_run(kind: str, sha256: str, source: str) -> ImportRun | None:
    """The newest import of these very bytes that was not confirmed yet: it can go on where it was."""
    found = ImportRun.objects.filter(kind=kind, sha256=sha256, source=source, confirmed_change=None)
    return found.order_by("-id").first()


def rows(run: ImportRun, outcome: str = "") -> QuerySet[ImportRow]:
    """The rows of a run in the order of the file, all or those with one outcome."""
    found = run.rows.select_related("treaty").order_by("number")
    return found.filter(outcome=outcome) if outcome else found


def told_to(person: Person, rows: Sequence[ImportRow]) -> Sequence[ImportRow]:
    """The same rows, without the references of treaties that `person` may not know of; they are not saved so.

    A note on such a treaty is left out; of a number that it has it is said that it is taken.
    """
    named = {reference for row in rows for one in (*row.problems, *row.notes) if (reference := _named(one))}
    if not named:
        return rows
    treaties = Treaty.objects.filter(reference__in=named)
    visible = Treaty.objects.visible_to(person).values("pk")
    hidden = set(treaties.exclude(pk__in=visible).values_list("reference", flat=True))
    for row in rows if hidden else ():
        row.notes = [one for one in row.notes if _named(one) not in hidden]
        row.problems = [_unnamed(one) if _named(one) in hidden else one for one in row.problems]
    return rows


def _named(told: dict[str, Any]) -> str:
    return str(told.get("params", {}).get("reference", ""))


def _unnamed(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "params"} | {"code": "number_kept"}


def problems(row: ImportRow) -> list[Problem]:
    """Why the row is refused; empty where it is not."""
    return [Problem.of(data) for data in row.problems]


def notes(row: ImportRow) -> list[Problem]:
    """What somebody should know of a row that is taken."""
    return [Problem.of(data) for data in row.notes]


def differences(row: ImportRow) -> list[Difference]:
    """Of a changed row: field by field, what the register holds and what the file says."""
    return [Difference.of(data) for data in row.differences]


def cells(run: ImportRun, row: ImportRow) -> dict[str, str]:
    """Name of column → text, as it counts now (mended where somebody mended it)."""
    return dict(zip(run.header, row.current, strict=False))


def unmapped(run: ImportRun) -> list[str]:
    """Columns of the file that are not read."""
    return [column for column in run.header if column not in run.mapping]


def by_source(run: ImportRun) -> dict[str, dict[str, int]]:
    """Source → outcome → number of rows."""
    table: dict[str, dict[str, int]] = {}
    counted = run.rows.values_list("source", "outcome").annotate(n=Count("id")).order_by("source", "outcome")
    for source, outcome, n in counted:
        table.setdefault(source, {})[outcome] = n
    return table


def refused(run: ImportRun, person: Person) -> Iterator[ImportRow]:
    """The refused rows one by one, for a report, as `told_to` tells them: at most 500 in memory."""
    rows = run.rows.filter(outcome="refused").order_by("number").iterator(chunk_size=500)
    while piece := list(islice(rows, 500)):
        yield from told_to(person, piece)


def brought_by(submission: UUID) -> ImportRun | None:
    """The import that this very form made: where somebody goes who sent it twice."""
    return ImportRun.objects.filter(staged_change__submission=submission).first()
