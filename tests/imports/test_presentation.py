"""What the pages of imports show, as data."""

import csv
import io
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from imports import actions, presentation
from imports.models import ImportRun
from tests.imports.lists import MESSY, as_csv, many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def make_run(staff: User) -> Any:
    def make(rows: Any = MESSY, *, judged: bool = True, **given: Any) -> ImportRun:
        given = {"filename": "x.csv", "source": "Archief"} | given
        run = actions.stage(actor=staff, file=io.BytesIO(as_csv(rows)), **given)
        return actions.judge(actor=staff, run=run) if judged else run

    return make


def test_outcomes_are_counted_with_those_that_have_notes(make_run: Any) -> None:
    run = make_run()
    counts = presentation.outcomes(run)
    assert {name: count for name, count in counts.items() if name != "noted"} == run.counts
    found = presentation.preview(run, run.brought_by, part="noted", number="1")
    assert [shown.row.number for shown in found["rows"]] == [
        row.number for row in run.rows.exclude(notes=[]).order_by("number")
    ]


def test_tabs_divide_all_rows(make_run: Any) -> None:
    found = presentation.preview((made := make_run()), made.brought_by, part="", number="1")
    tabs = {tab.key: tab.count for tab in found["tabs"]}
    assert tabs[""] == 5 == sum(tabs[key] for key in ("new", "changed", "same", "repeated", "refused"))
    assert [shown.row.number for shown in found["rows"]] == [2, 3, 4, 5, 6]


def test_pages_hold_fifty_rows(make_run: Any) -> None:
    found = presentation.preview((made := make_run(many(101))), made.brought_by, part="new", number="3")
    assert (found["page"].paginator.num_pages, len(found["rows"])) == (3, 1)


def test_a_new_row_shows_what_is_read_and_what_was_mended(make_run: Any, staff: User) -> None:
    run = make_run()
    row = actions.mend_row(actor=staff, run=run, number=3, cells={"Ondertekend op": "1995-02-28"})
    shown = presentation.shown(run, row)
    assert shown.title == "Verdrag over de lucht"
    assert [(fact.label, fact.value, fact.is_mended) for fact in shown.facts] == [
        ("Parties", "Nederland; Vlaams Gewest", False),
        ("Date of signature", "1995-02-28", True),
    ]


def test_first_values_of_a_column_are_short_different_and_not_empty(make_run: Any) -> None:
    rows = [("", "a" * 100, "1995", "x"), ("Titel", "a" * 100, "1995", "x"), ("Nog een", "b", "1996", "x")]
    run = make_run(rows, judged=False)
    assert presentation.samples(run) == [["Titel", "Nog een"], ["a" * 79 + "…", "b"], ["1995", "1996"], ["x"]]


def test_names_that_are_not_known_are_counted_over_the_rows(make_run: Any) -> None:
    rows = [(f"Verdrag {n}", "Vietnam, Dem. Rep.", "1995", "") for n in range(3)]
    run = make_run([*rows, ("Verdrag 4", "Nergensland", "1995", "")])
    assert presentation.unknown_names(run, limit=5) == ([("Vietnam, Dem. Rep.", 3), ("Nergensland", 1)], 2)
    assert presentation.unknown_names(run, limit=1, offset=1) == ([("Nergensland", 1)], 2)
    found = presentation.unknown_parties(run, "1")
    assert [one.text for one in found["names"]] == ["Vietnam, Dem. Rep.", "Nergensland"]
    assert "VN" in [party.code for party in found["names"][0].suggestions]


def test_a_name_that_somebody_told_is_said_to_be_known(make_run: Any, staff: User) -> None:
    run = make_run()
    vietnam = presentation.Party.objects.get(code="VN")
    actions.remember_spelling(actor=staff, text="Vietnam, Dem. Rep.", party=vietnam)
    found = presentation.unknown_parties(run, "1")
    assert (found["names"][0].known_as, found["told"]) == (vietnam, 1)


def test_names_come_in_pages(make_run: Any) -> None:
    run = make_run([(f"Verdrag {n}", f"Nergensland {n:02}", "1995", "") for n in range(30)])
    first, second = (presentation.unknown_parties(run, number)["names"] for number in ("1", "2"))
    assert (len(first), len(second)) == (25, 5)
    assert not {one.text for one in first} & {one.text for one in second}


def test_what_confirming_does_is_said_with_counts() -> None:
    run = ImportRun(kind="treaties")
    assert presentation.intention(run, {"new": 1_212, "changed": 3, "refused": 4}) == [
        "1,212 new treaties are registered.",
        "3 treaties are changed.",
        "4 refused rows are left out.",
    ]
    assert presentation.intention(run, {"new": 0, "same": 1, "noted": 1}) == ["1 row says nothing new."]
    rows = presentation.intention(ImportRun(kind="participation"), {"new": 1, "changed": 1, "repeated": 2})
    assert rows == ["1 new row is recorded.", "1 row changes what is on record.", "2 rows repeat another one."]


def test_refused_rows_keep_their_cells_and_run_no_formula(make_run: Any) -> None:
    run = make_run([("=cmd|' /C calc'", "Nergensland", "1995", "@x"), ("Verdrag", "Nederland", "32/01/1995", "-")])
    lines = list(
        csv.reader(io.StringIO("".join(presentation.refused_lines(run, run.brought_by)).removeprefix("\ufeff")))
    )
    assert lines[0] == ["why refused", "Titel", "Partijen", "Ondertekend op", "Kleur"]
    assert lines[2][1:] == ["Verdrag", "Nederland", "32/01/1995", "'-"]
    assert all(not cell.startswith(("=", "@", "+", "-")) for line in lines for cell in line)


def test_the_column_of_reasons_has_a_name_of_its_own(make_run: Any) -> None:
    assert presentation._reason_column(["Titel", "why refused"]) == "why refused *"


def test_the_next_refused_row_comes_round_again(make_run: Any) -> None:
    run = make_run()
    assert [presentation.next_refused(run, after) for after in (2, 3, 4, 5, 6)] == [3, 4, 5, 3, 3]


def test_the_encoding_is_told_with_how_it_is_known() -> None:
    run = ImportRun(encoding="cp1252", encoding_found="guessed", confidence=0.834, delimiter="\t", state="staged")
    found = presentation.about(run)
    assert (found["encoding"], str(found["found"]), found["percent"]) == ("Windows-1252", "guessed from the text", 83)
    assert (str(found["delimiter"]), found["is_open"], found["is_confirmed"]) == ("tab", True, False)
