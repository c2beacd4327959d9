"""A clerk brings a messy workbook into the register: sees, mends, tells, confirms, finds, and reads who did it."""

import hashlib
import io
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.imports.lists import as_csv, many
from tests.journeys.test_pages import _barriers

pytestmark = pytest.mark.journey
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = ("Titel", "Partijen", "Ondertekend op", "Nummer", "Opmerking")


def messy(mark: str) -> bytes:
    """A workbook with an impossible date, a party nobody knows, a duplicate, an empty title and a formula."""
    rows: tuple[tuple[Any, ...], ...] = (
        HEADER,
        (f"Verdrag over de zeehonden {mark}", "Nederland; Vlaams Gewest", date(1995, 4, 3), f"A-1 {mark}", "goed"),
        (f"Verdrag over de garnalen {mark}", "Nederland; Vlaams Gewest", "31/02/1996", f"A-2 {mark}", ""),
        (f"Verdrag over de mosselen {mark}", f"Vietnam, Dem. Rep. {mark}", date(1997, 1, 20), f"A-3 {mark}", ""),
        (f"Verdrag over de zeehonden {mark}", "Nederland; Vlaams Gewest", date(1995, 4, 3), f"A-1 {mark}", ""),
        ("", "Frankrijk; Vlaams Gewest", date(1998, 5, 6), f"A-4 {mark}", "de titel staat op papier"),
        (f"Verdrag over de oesters {mark}", "Frankrijk; Vlaams Gewest", "=DATE(1999;5;6)", f"A-5 {mark}", ""),
    )
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring(page: Page, name: str, content: bytes, kind: str = XLSX) -> None:
    """Bring the file, and have its rows judged."""
    page.goto("/import/")
    page.set_input_files("[name=file]", {"name": name, "mimeType": kind, "buffer": content})
    page.fill("[name=source]", "Archief van de zee")
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))


def judge(page: Page) -> None:
    page.get_by_role("button", name="Judge the rows").click()
    expect(page.get_by_role("heading", name="Rows", exact=True)).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_messy_workbook_is_mended_confirmed_found_and_told_of(person: Callable[..., Page], javascript: bool) -> None:
    page = person("staff", javascript=javascript)
    mark = uuid4().hex[:8]
    content = messy(mark)
    bring(page, f"zee {mark}.xlsx", content)
    expect(page.locator("main")).to_contain_text("Opmerking")
    judge(page)
    tabs = page.get_by_role("navigation", name="Which rows")
    expect(tabs.get_by_role("link", name=re.compile("^Refused 4"))).to_be_visible()
    expect(tabs.get_by_role("link", name=re.compile("^New 1"))).to_be_visible()
    tabs.get_by_role("link", name=re.compile("^Refused")).click()
    rows = page.locator("ol.results > li")
    expect(rows).to_have_count(4)
    expect(page.locator("#row-3")).to_contain_text("does not exist")
    expect(page.locator("#row-7")).to_contain_text("formula")
    _mend(page, mark)
    _tell_the_party(page)
    _confirm(page)
    _find(page, mark, f"zee {mark}.xlsx", hashlib.sha256(content).hexdigest())


def _mend(page: Page, mark: str) -> None:
    """Two rows: the day that does not exist, first wrong again; and the title that was empty."""
    page.get_by_role("link", name="Mend row 3").click()
    page.get_by_label("Ondertekend op").fill("30/02/1996")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("The day “30/02/1996” does not exist.")
    page.get_by_label("Ondertekend op").fill("1996-02-29")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Row 3 is mended, and judged again: new.")
    expect(page.locator("ol.results > li")).to_have_count(3)
    page.get_by_role("link", name="Mend row 6").click()
    page.get_by_label("Titel").fill(f"Verdrag over de kabeljauw {mark}")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("ol.results > li")).to_have_count(2)


def _tell_the_party(page: Page) -> None:
    page.get_by_role("link", name="Say which party it is").first.click()
    form = page.locator("li.result", has_text="Vietnam, Dem. Rep.")
    form.locator("select").select_option("VN")
    form.get_by_role("button", name="This one").click()
    expect(page.locator("main")).to_contain_text("1 name is known now")
    page.get_by_role("button", name="Judge the rows again").click()


def _confirm(page: Page) -> None:
    tabs = page.get_by_role("navigation", name="Which rows")
    expect(tabs.get_by_role("link", name=re.compile("^New 4"))).to_be_visible()
    page.get_by_role("link", name="Confirm the import").click()
    expect(page.locator("main")).to_contain_text("4 new treaties are registered.")
    expect(page.locator("main")).to_contain_text("1 refused row is left out.")
    page.get_by_label("Why").fill("Overgenomen uit de kast")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("There is a problem")
    expect(page.get_by_label("Why")).to_have_value("Overgenomen uit de kast")
    page.get_by_label("Leave out the refused rows").check()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("The list is imported.")
    expect(page.locator("ol.results > li")).to_have_count(4)


def _find(page: Page, mark: str, filename: str, sha256: str) -> None:
    page.goto(f"/treaties/?q=kabeljauw+{mark}")
    page.get_by_role("link", name=f"Verdrag over de kabeljauw {mark}").click()
    page.wait_for_url(re.compile(r"/treaties/T"))
    page.goto(f"{page.url.split('?')[0]}history/")
    main = page.locator("main")
    for words in ("imported a file", "Overgenomen uit de kast", filename, sha256[:12]):
        expect(main).to_contain_text(words)


def test_an_import_is_taken_back(person: Callable[..., Page]) -> None:
    page = person("staff")
    mark = uuid4().hex[:8]
    rows = [(f"{title} {mark}", *others) for title, *others in many(2)]
    bring(page, f"fout {mark}.csv", as_csv(rows), "text/csv")
    judge(page)
    page.get_by_role("link", name="Confirm the import").click()
    page.get_by_label("Why").fill("Te vlug")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("The list is imported.")
    page.get_by_role("link", name="Take the import back").click()
    page.get_by_label("Why").fill("Het verkeerde bestand")
    page.get_by_role("button", name="Take this import back").click()
    expect(page.locator("main")).to_contain_text("Imported, and taken back")
    reader = person()
    reader.goto(f"/treaties/?q={mark}")
    expect(reader.locator("ol.results > li")).to_have_count(0)


def test_a_large_list_is_judged_while_nobody_waits(person: Callable[..., Page]) -> None:
    page = person("staff")
    mark = uuid4().hex[:8]
    rows = [(f"{title} {mark}", *others) for title, *others in many(4_000)]
    bring(page, f"groot {mark}.csv", as_csv(rows), "text/csv")
    address = page.url
    page.get_by_role("button", name="Judge the rows").click()
    expect(page.locator("#work")).to_contain_text("of 4,000 rows")
    page.goto("/treaties/")
    deadline = time.monotonic() + 120
    while True:
        page.goto(address)
        if page.get_by_role("heading", name="Rows", exact=True).count():
            break
        assert time.monotonic() < deadline
        expect(page.locator("main")).to_contain_text(re.compile(r"of 4,000 rows"))
        page.wait_for_timeout(500)
    tabs = page.get_by_role("navigation", name="Which rows")
    expect(tabs.get_by_role("link", name=re.compile("^New 4,?000"))).to_be_visible()
    expect(page.locator("ol.results > li")).to_have_count(50)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_imports_has_a_barrier_that_can_be_found_by_machine(
    person: Callable[..., Page], width: int, scheme: str
) -> None:
    page = person("staff", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    bring(page, "toegankelijk.xlsx", messy(uuid4().hex[:8]))
    run = page.url
    _without_barriers(page, run, "/import/", f"{run}columns/")
    page.goto(run)
    judge(page)
    _without_barriers(
        page, run, f"{run}?part=refused", f"{run}rows/3/", f"{run}rows/2/", f"{run}parties/", f"{run}confirm/"
    )
    page.goto(f"{run}confirm/")
    page.get_by_label("Why").fill("x")
    page.get_by_label("Leave out the refused rows").check()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("main")).to_contain_text("The list is imported.")
    _without_barriers(page, run, f"{run}undo/")


def _without_barriers(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        assert _barriers(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address
