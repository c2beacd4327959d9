"""Several records changed at once from the list: with the keyboard, without JavaScript, and on a small screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pages import _barriers

pytestmark = pytest.mark.journey
LIST = "/treaties/?country=NL&sort=title"
ROWS = 'ol.results input[type="checkbox"]'


def choose_by_keyboard(page: Page) -> list[str]:
    """Tick the first two rows with the keyboard alone; their references."""
    boxes = page.locator(ROWS)
    for place in (0, 1):
        boxes.nth(place).focus()
        page.keyboard.press("Space")
    return [str(boxes.nth(place).get_attribute("value")) for place in (0, 1)]


def test_two_records_get_a_source_by_keyboard_alone(person: Callable[..., Page]) -> None:
    page = person("staff")
    page.goto(LIST)
    chosen = choose_by_keyboard(page)
    # Ticking a row does not ask for another list.
    expect(page.locator("[data-select-count]")).to_have_text("2 chosen")
    assert page.url.endswith(LIST)
    page.get_by_role("button", name="Change these").press("Enter")
    page.wait_for_url("**/treaties/bulk/**")
    expect(page.locator("main")).to_contain_text("2 records chosen")
    page.get_by_label("Add sources").press_sequentially("https://example.org/journey")
    page.get_by_role("button", name="Look at what would change").press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Why: Enter a text")
    page.get_by_label("Why").press_sequentially("Found in the archive")
    page.get_by_role("button", name="Look at what would change").press("Enter")
    expect(page.locator("h1")).to_have_text("What would change")
    expect(page.locator("tbody ins")).to_have_count(2)
    assert _barriers(page) == []
    page.get_by_role("button", name="Change 2 records").press("Enter")
    page.wait_for_url(f"**{LIST}")
    expect(page.locator(".messages")).to_contain_text("2 records are changed.")
    for reference in chosen:
        page.goto(f"/treaties/{reference}/history/")
        expect(page.locator(".timeline > li").first).to_contain_text("changed several records at once")
        expect(page.locator(".timeline > li").first).to_contain_text("https://example.org/journey")


def test_choosing_a_page_and_all_that_is_found(person: Callable[..., Page]) -> None:
    page = person("staff")
    page.goto("/treaties/")
    whole, found, rows = page.locator("[data-select-page]"), page.locator("[data-select-all]"), page.locator(ROWS)
    whole.check()
    assert rows.count() == 25
    expect(page.locator("[data-select-count]")).to_have_text("25 chosen")
    rows.nth(3).uncheck()
    expect(whole).not_to_be_checked()
    expect(page.locator("[data-select-count]")).to_have_text("24 chosen")
    found.check()
    rows.nth(4).uncheck()
    expect(found).not_to_be_checked()
    # Another list: what is still there stays chosen, and nothing else is.
    before = {str(box.get_attribute("value")) for box in rows.all() if box.is_checked()}
    page.locator("#facets").get_by_label(re.compile("^Netherlands")).check()
    page.wait_for_url("**country=NL**")
    expect(page.locator(ROWS)).not_to_have_count(25)
    after = {str(box.get_attribute("value")) for box in page.locator(ROWS).all() if box.is_checked()}
    assert after == before & {str(box.get_attribute("value")) for box in page.locator(ROWS).all()}


def test_all_that_is_found_without_javascript(person: Callable[..., Page]) -> None:
    page = person("staff", javascript=False)
    page.goto("/treaties/")
    page.check("#select-all")
    page.get_by_role("button", name="Change these").click()
    total = re.search(r"(\d+) records chosen", page.locator("main").inner_text())
    assert total is not None
    assert int(total[1]) > 25
    page.select_option("[name=qualification]", "mixed")
    page.fill("[name=reason]", "Without script")
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.locator("main")).to_contain_text("Nothing can be changed as long as one record stands in the way")
    expect(page.get_by_role("button", name=re.compile("^Change "))).to_have_count(0)
    page.get_by_role("button", name="Ask something else").click()
    page.select_option("[name=qualification]", "")
    page.fill("[name=sources]", "https://example.org/noscript")
    page.get_by_role("button", name="Look at what would change").click()
    page.get_by_role("button", name=f"Change {total[1]} records").click()
    expect(page.locator(".messages")).to_contain_text(f"{total[1]} records are changed.")


def test_a_page_of_records_without_javascript(person: Callable[..., Page]) -> None:
    page = person("staff", javascript=False)
    page.goto("/treaties/?country=NL")
    n = page.locator(ROWS).count()
    page.check("#select-page")
    page.get_by_role("button", name="Change these").click()
    expect(page.locator("main")).to_contain_text(f"{n} records chosen")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_barriers(person: Callable[..., Page], width: int, scheme: str) -> None:
    page = person("staff", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    fits = "document.documentElement.scrollWidth <= window.innerWidth + 1"
    page.goto(LIST)
    choose_by_keyboard(page)
    assert _barriers(page) == []
    assert page.evaluate(fits)
    page.get_by_role("button", name="Change these").click()
    page.wait_for_url("**/treaties/bulk/**")
    assert _barriers(page) == []
    assert page.evaluate(fits)
    page.select_option("[name=kind]", "mou")
    page.select_option("[name=qualification]", "mixed")
    page.fill("[name=reason]", "To look at")
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.locator("h1")).to_have_text("What would change")
    assert _barriers(page) == []
    assert page.evaluate(fits)


def test_there_is_nothing_to_choose_for_who_only_reads(person: Callable[..., Page]) -> None:
    page = person("auditor")
    page.goto("/treaties/")
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.get_by_role("button", name="Change these")).to_have_count(0)
