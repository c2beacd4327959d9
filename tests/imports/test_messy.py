"""Rows exactly as their sources have them: taken faithfully, or refused with cell, value and remedy. None crashes."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

from accounts.models import User
from imports import actions, queries
from imports.choices import Outcome
from imports.models import ImportRun
from imports.titles import kept
from treaties.models import Title

SAMPLES = os.environ.get("SAMPLE_DATA")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLE_DATA is not set")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "imports.md"
COLUMNS = {
    "source": "source",
    "source_id": "source_id",
    "title": "title",
    "signed_raw": "signed_on",
    "in_force_raw": "in_force_on",
    "ended_raw": "ended_on",
    "parties_raw": "parties",
}
LATIN = {"treatyID": "source_id", "Title": "title", "Signature": "signed_on", "Force": "in_force_on", "End": "ended_on"}


def judged(staff: User, name: str, columns: dict[str, str], source: str = "") -> ImportRun:
    with (Path(SAMPLES or "") / name).open("rb") as file:
        run = actions.stage(actor=staff, file=file, filename=name, source=source)
    run = actions.map_columns(actor=staff, run=run, mapping=columns)
    return actions.judge(actor=staff, run=run)


def categories() -> dict[str, list[int]]:
    """Category → numbers of its rows."""
    found = defaultdict(list)
    with (Path(SAMPLES or "") / "messy.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            found[row["category"]].append(number)
    return found


def check(run: ImportRun) -> None:
    """Every row has an outcome; a refused one tells what is wrong, where, and what to do."""
    for row in queries.rows(run):
        problems = queries.problems(row)
        assert (row.outcome == Outcome.REFUSED) == bool(problems), row.number
        for problem in problems:
            assert problem.sentence.endswith((".", "…", "?", "”.")), problem.sentence
            assert problem.remedy, problem.code
            assert problem.column in run.header, problem
            assert " ".join(problem.value.split()) in " ".join(" ".join(row.cells).split()), problem
        for note in queries.notes(row):
            assert note.sentence, note.code


def check_titles(run: ImportRun, place: int) -> None:
    """The titles of what was taken are those of the file, letter for letter."""
    taken = list(queries.rows(run, Outcome.NEW))
    assert taken
    for row in taken:
        assert row.treaty is not None
        assert kept(row.cells[place]) in set(row.treaty.titles.values_list("text", flat=True)), row.number


def test_every_row_is_taken_faithfully_or_refused_with_a_remedy(staff: User) -> None:
    run = judged(staff, "messy.csv", COLUMNS)
    check(run)
    assert sum(run.counts.values()) == run.row_count == 179
    run = actions.confirm(actor=staff, run=run, without_refused=True)
    check_titles(run, run.header.index("title"))
    assert not Title.objects.filter(text__contains="Ã©").exists()


@pytest.mark.parametrize(
    ("category", "refused_for"),
    [
        ("uncertain, partial or malformed date", {"date_uncertain", "date_range", "several_in_one", "unknown_party"}),
        ("several dates in one field", {"date_several"}),
        ("mojibake (UTF-8 read as Latin-1/cp1252)", {"mojibake"}),
        ("scan record without a treaty title", {"series_only"}),
        ("two-digit year pivoted a century too late", {"date_too_late"}),
        ("comma inside a party name in a comma-joined list", {"several_in_one"}),
        ("unclosed quote swallowed the following records", {"swallowed", "too_long"}),
        ("sentinel end date 9999-12-31", set()),
        ("year only", set()),
        ("HTML markup inside title", set()),
        ("non-Latin script", set()),
        ("pre-1800 treaty", set()),
    ],
)
def test_what_a_category_is_refused_for(staff: User, category: str, refused_for: set[str]) -> None:
    run = judged(staff, "messy.csv", COLUMNS)
    rows = run.rows.filter(number__in=categories()[category])
    assert {problem.code for row in rows for problem in queries.problems(row)} <= refused_for


def test_a_file_in_another_encoding_is_read_in_it(staff: User) -> None:
    run = judged(staff, "messy-not-utf8.csv", LATIN, source="manytrade")
    assert (run.encoding, run.encoding_found, run.row_count) == ("mac_roman", "guessed", 4)
    assert run.confidence is not None
    assert run.confidence < 1
    check(run)
    assert run.counts == {"new": 4}
    run = actions.confirm(actor=staff, run=run)
    check_titles(run, run.header.index("Title"))
    assert "ARGENTINA—BRAZIL" in run.rows.get(number=2).cells[run.header.index("Citation")]
    act = run.rows.get(number=2).treaty.acts.order_by("on").first()  # type: ignore[union-attr]
    assert act is not None
    assert act.when.iso == "1986-07-29"


def test_the_documentation_has_every_category() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert [category for category in categories() if f"| {category} |" not in text] == []
