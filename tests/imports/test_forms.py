"""The forms of imports: types out of what was typed, everything kept."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict

from imports.forms import ColumnsForm, ConfirmForm, PartyForm, RowForm, UploadForm, party_options
from imports.models import ImportRow, ImportRun
from imports.problems import Problem
from tests.imports.lists import HEADER, columns_of
from treaties.forms import FILE_NOT_KEPT

MAPPING = {"Titel": "title", "Partijen": "parties", "Ondertekend op": "signed_on"}


def a_run(**kw: Any) -> ImportRun:
    """Of a list of treaties; not in the database."""
    return ImportRun(**{"filename": "x.csv", "header": list(HEADER), "mapping": MAPPING, "kind": "treaties"} | kw)


def a_row(run: ImportRun, **kw: Any) -> ImportRow:
    return ImportRow(**{"run": run, "number": 3, "cells": ["Verdrag", "Nederland", "31/02/1995", "wit"]} | kw)


def typed(**given: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {"submission": str(uuid4()), "version": "1", **given}.items():
        data[name] = value
    return data


def test_decrees_of_assent_are_not_offered_for_there_is_no_form_of_them() -> None:
    assert [value for value, _label in UploadForm().fields["kind"].choices] == ["treaties", "participation"]


def test_a_refused_file_is_to_be_chosen_again() -> None:
    form = UploadForm(typed(kind="nothing"), {"file": None})
    assert {"file", "kind"} == set(form.errors)
    assert str(FILE_NOT_KEPT) not in str(form.errors)


def test_columns_become_a_mapping() -> None:
    form = ColumnsForm(typed(**columns_of(HEADER, MAPPING), date_order="unsure", unknown_parties="note"), run=a_run())
    assert form.is_valid(), form.errors
    assert form.mapping() == MAPPING
    assert "register_missing" not in form.fields
    assert "register_missing" in ColumnsForm(run=a_run(kind="participation", mapping={})).fields


def test_columns_start_as_they_were_found_with_their_first_values() -> None:
    form = ColumnsForm(run=a_run(), samples=[["Verdrag over de zee"], []])
    first, second, _third, fourth = form.columns()
    assert (first[0].label, first[0].value(), first[1]) == ("Titel", "title", ["Verdrag over de zee"])
    assert (second[1], fourth[0].value()) == ([], "")


def test_a_field_that_two_columns_are_is_said_beside_the_second() -> None:
    given = columns_of(HEADER, MAPPING | {"Kleur": "title"}, date_order="unsure", unknown_parties="note")
    form = ColumnsForm(typed(**given), run=a_run())
    assert not form.is_valid()
    assert list(form.errors) == ["column_3"]


def test_a_field_that_does_not_exist_is_refused() -> None:
    given = columns_of(HEADER, {"Titel": "colour\0"}, date_order="x", unknown_parties="")
    form = ColumnsForm(typed(**given), run=a_run())
    assert set(form.errors) == {"column_0", "date_order", "unknown_parties"}


def test_a_row_shows_its_problems_beside_its_cells() -> None:
    run = a_run()
    problems = [Problem("date_impossible", "Ondertekend op", "31/02/1995", "1995-02-28"), Problem("contradicts")]
    problems[1] = Problem("repeats", params={"row": "2"})
    row = a_row(run, problems=[problems[0].as_json()], notes=[problems[1].as_json()])
    form = RowForm.as_judged(run=run, row=row)
    assert list(form.errors) == ["cell_2"]
    cell = form.shown()[2]
    assert (cell.place, cell.suggestion, cell.field.value()) == (2, "1995-02-28", "31/02/1995")
    filled = form.fill("2")
    assert filled["cell_2"].value() == "1995-02-28"
    assert filled.shown()[2].suggestion == ""
    assert form.fill("x")["cell_2"].value() == "31/02/1995"


def test_only_cells_that_were_changed_are_mended() -> None:
    run = a_run()
    row = a_row(run, cells=["Een\ntitel", "Nederland", "1995", "wit"])
    given = {"cell_0": "Een\r\ntitel", "cell_1": " Nederland", "cell_2": "1995", "cell_3": ""}
    form = RowForm(typed(**given), run=run, row=row)
    assert form.is_valid(), form.errors
    assert form.cells() == {"Partijen": " Nederland", "Kleur": ""}


def test_of_a_row_that_does_not_fit_all_cells_are_mended() -> None:
    run = a_run()
    row = a_row(
        run, cells=["Titel"], flaws=[Problem("too_few_cells", params={"found": "1", "expected": "4"}).as_json()]
    )
    form = RowForm(typed(cell_0="Titel", cell_1="", cell_2="", cell_3=""), run=run, row=row)
    assert form.is_valid()
    assert form.cells() == dict.fromkeys(HEADER, "") | {"Titel": "Titel"}


def test_characters_that_cannot_be_stored_are_refused_and_what_was_typed_is_kept() -> None:
    run = a_run()
    form = RowForm(typed(cell_0="a\0b", cell_1="Nederland", cell_2="", cell_3=""), run=run, row=a_row(run))
    assert list(form.errors) == ["cell_0"]
    assert form["cell_1"].value() == "Nederland"


def test_confirming_asks_a_reason_and_knows_what_was_seen() -> None:
    counts = {"new": 2, "refused": 1}
    form = ConfirmForm(typed(seen="new:2,refused:1", reason="  "), counts=counts)
    assert list(form.errors) == ["reason"]
    stale = ConfirmForm(typed(seen="new:9", reason="x"), counts=counts)
    assert list(stale.errors) == ["seen"]
    assert stale["seen"].value() == "new:2,refused:1"
    assert "without_refused" not in ConfirmForm(counts={"new": 2, "refused": 0}).fields


@pytest.mark.django_db
def test_a_party_is_one_of_the_buttons_or_one_of_all(reference_data: None) -> None:
    for given in ({"suggested": "VN", "party": ""}, {"party": "VN"}):
        form = PartyForm(typed(text="Vietnam, Dem. Rep.", **given))
        assert form.is_valid(), form.errors
        assert form.chosen().code == "VN"
    assert list(PartyForm(typed(text="x", party="nowhere")).errors) == ["party"]
    assert list(PartyForm(typed(text="x", party="a\0")).errors) == ["party"]
    groups = party_options()
    assert ("NL", "Nederland") in groups[0][1]
