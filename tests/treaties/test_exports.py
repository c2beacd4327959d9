"""The list as XLSX and JSON: the rows of the page, in its order, and nothing that runs."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.treaties.pages import MakeAct, MakeTreaty, page, references, rows_of_csv
from treaties.choices import Access, ActKind
from treaties.models import Treaty

pytestmark = pytest.mark.usefixtures("reference_data")
Rows = list[dict[str, Any]]


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def sheet(client: Client, query: str = "") -> Any:
    return load_workbook(io.BytesIO(body(client, f"/treaties.xlsx{query}"))).active


def of_xlsx(client: Client, query: str = "") -> Rows:
    head, *rows = sheet(client, query).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def of_json(client: Client, query: str = "") -> Rows:
    return list(json.loads(body(client, f"/treaties.json{query}")))


FORMS = pytest.mark.parametrize("rows_of", [of_xlsx, of_json])
RowsOf = Callable[..., Rows]


@FORMS
def test_the_rows_are_those_of_the_page_in_its_order(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, rows_of: RowsOf
) -> None:
    for number, year in enumerate(("2001", "2003", "2002")):
        act(make_treaty(title=f"Verdrag {number}", parties=["NL"]), ActKind.SIGNATURE, year)
    make_treaty(title="Elders", parties=["FR"])
    for query in ("?country=NL", "?country=NL&sort=title", "?q=verdrag&sort=reference", "?country=QQ"):
        listed = references(page(public, f"/treaties/{query}"))
        assert [row["reference"] for row in rows_of(public, query)] == listed
    assert len(rows_of(public)) == 4


@FORMS
def test_what_is_internal_is_in_the_files_of_who_may_see_it_only(
    public: Client, inside: Client, make_treaty: MakeTreaty, rows_of: RowsOf
) -> None:
    shown, hidden = make_treaty(), make_treaty(access=Access.INTERNAL)
    assert [row["reference"] for row in rows_of(public)] == [shown.reference]
    assert {row["reference"] for row in rows_of(inside)} == {shown.reference, hidden.reference}
    assert rows_of(public, f"?q={hidden.reference}") == []


@FORMS
def test_the_columns_are_those_of_the_csv(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, rows_of: RowsOf
) -> None:
    act(make_treaty(parties=["NL", "FR"]), ActKind.SIGNATURE, "2007")
    (row,), (told,) = rows_of(public), rows_of_csv(public)
    assert list(row) == list(told)
    same = [name for name in told if name not in ("party_codes", "parties", "is_demo")]
    assert {name: row[name] or "" for name in same} == {name: told[name] for name in same}


def test_json_has_lists_and_truth_values(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["NL", "FR"])
    (row,) = of_json(public)
    assert (row["party_codes"], row["parties"], row["is_demo"]) == (["FR", "NL"], ["France", "Netherlands"], False)
    assert body(public, "/treaties.json?q=nietsgevonden") == b"[]\n"


@pytest.mark.parametrize(
    "title", ["=HYPERLINK(1)", "+1", "-1", "@x", "#N/A", "'=1", "\t=1", "1.5", "2007-01-01", "TRUE"]
)
def test_every_text_of_a_workbook_is_text_as_it_stands(public: Client, make_treaty: MakeTreaty, title: str) -> None:
    treaty = make_treaty(title=f"a {title}")
    cell = sheet(public, f"?q={treaty.reference}")["D2"]
    assert (cell.data_type, cell.value) == ("s", f"a {title}")
    exact = make_treaty(title=title)
    cell = sheet(public, f"?q={exact.reference}")["D2"]
    assert (cell.data_type, cell.value) == ("s", title.strip())


def test_exact_days_are_days_and_others_stay_as_precise_as_known(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    for when in ("2007-03-09", "2007-03", "2007", "1839-04-19", "1900-02-28", "1900-03-01"):
        act(make_treaty(title=when), ActKind.SIGNATURE, when)
    make_treaty(title="none")
    signed = {row["title"]: row["signed"] for row in of_xlsx(public)}
    found = {title: when if isinstance(when, str | None) else when.date() for title, when in signed.items()}
    assert found == {
        "2007-03-09": date(2007, 3, 9),
        "2007-03": "2007-03",
        "2007": "2007",
        "1839-04-19": "1839-04-19",
        "1900-02-28": "1900-02-28",
        "1900-03-01": date(1900, 3, 1),
        "none": None,
    }


def test_the_heading_stays_in_sight(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty()
    found = sheet(public)
    assert found.freeze_panes == "A2"
    assert {cell.data_type for row in found.iter_rows() for cell in row if cell.value is not None} == {"s"}


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json; charset=utf-8"),
    ],
)
def test_a_file_is_a_download_that_nobody_keeps(public: Client, suffix: str, media_type: str) -> None:
    response = public.get(f"/treaties.{suffix}?q=x")
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"].endswith(f'.{suffix}"')
    assert response.headers["Cache-Control"] == "private, no-store"


@FORMS
def test_a_file_costs_the_same_for_1_and_for_30(
    public: Client, make_treaty: MakeTreaty, django_assert_num_queries: DjangoAssertNumQueries, rows_of: RowsOf
) -> None:
    for total in (1, 30):
        while Treaty.objects.count() < total:
            make_treaty(parties=["NL", "FR", "CA-QC"])
        with django_assert_num_queries(7):
            assert len(rows_of(public)) == total


@FORMS
def test_a_list_longer_than_a_page_and_a_batch_is_whole(
    public: Client, make_treaty: MakeTreaty, rows_of: RowsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treaties.exports._BATCH", 7)
    made = {make_treaty().reference for _ in range(30)}
    assert {row["reference"] for row in rows_of(public)} == made
