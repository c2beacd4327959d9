"""A search is saved, shared, opened by a colleague and removed; an expert builds one, also without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pages import _barriers

pytestmark = pytest.mark.journey
Person = Callable[..., Page]


def titles(page: Page) -> list[str]:
    # An address is there before its page is.
    page.wait_for_load_state("load")
    return page.locator("main .result__title").all_inner_texts()


def test_a_search_is_saved_shared_opened_and_removed(person: Person) -> None:
    page, colleague = person("staff"), person("reviewer")
    page.goto("/treaties/?q=verdrag&country=NL")
    found = titles(page)
    assert found
    page.get_by_text("Save this search").click()
    page.get_by_label("Name of this search").fill("Verdragen met Nederland")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Saved as “Verdragen met Nederland”.")
    # The address is the state.
    expect(page).to_have_url(re.compile(r"/treaties/\?q=verdrag&country=NL$"))

    colleague.goto("/searches/")
    expect(colleague.locator("main")).not_to_contain_text("Verdragen met Nederland")
    page.get_by_role("link", name="Your searches").click()
    page.get_by_role("link", name="Change Verdragen met Nederland").click()
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Share with colleagues").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("is changed")

    # The other window is too late, and is told how things stand.
    other.get_by_label("Name").fill("Nederland")
    other.get_by_role("button", name="Save").click()
    expect(other.locator("main")).to_contain_text("it is called “Verdragen met Nederland” now, and it is shared.")
    expect(other.get_by_label("Name")).to_have_value("Nederland")
    assert _barriers(other) == []

    colleague.reload()
    expect(colleague.locator("section", has_text="Shared by colleagues").last).to_contain_text("Shared by staff (demo)")
    colleague.get_by_role("link", name="Verdragen met Nederland", exact=True).click()
    expect(colleague).to_have_url(re.compile(r"/treaties/\?q=verdrag&country=NL$"))
    expect(colleague.locator("main .result__title")).to_have_count(len(found))
    assert set(found) == set(titles(colleague))

    page.get_by_role("link", name="Change Verdragen met Nederland").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#messages")).to_contain_text("“Verdragen met Nederland” is removed.")
    colleague.goto("/searches/")
    expect(colleague.locator("section", has_text="Shared by colleagues").last).to_contain_text("None yet.")
    # What was opened is among the last searches of who opened it.
    expect(colleague.locator("aside section", has_text="Recent searches")).to_contain_text("Words: verdrag")


def test_words_are_searched_within_results(person: Person) -> None:
    page = person()
    page.goto("/treaties/?q=verdrag")
    before = len(titles(page))
    box = page.get_by_label("Search within these results")
    box.fill("nautical")
    box.press("Enter")
    chips = page.locator(".chips")
    expect(chips).to_contain_text("nautical")
    assert 0 < len(titles(page)) < before
    expect(page.get_by_label("Search within these results")).to_have_value("")
    page.get_by_label("Search within these results").fill("-nautical")
    page.get_by_label("Search within these results").press("Enter")
    expect(page.locator("main")).to_contain_text("Nothing matches all of this")
    expect(page).to_have_url(re.compile(r"within=nautical&within=-nautical"))
    chips.get_by_role("link", name=re.compile("-nautical")).click()
    expect(page.locator("main .result__title").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_expert_builds_a_search_and_changes_it(person: Person, javascript: bool) -> None:
    page = person(javascript=javascript)
    page.goto("/treaties/")
    page.get_by_role("link", name="Search with more options").click()
    page.get_by_label("Any of these words").fill("schelde maas")
    page.get_by_label("None of these words").fill("-zee")
    if javascript:
        page.get_by_label("Filter the parties").fill("Netherlands")
        page.get_by_role("checkbox", name="Netherlands", exact=True).check()
    else:
        page.get_by_label("Country or party").select_option("NL")
    page.get_by_label("None of these words").press("Enter")
    expect(page.locator("main")).to_contain_text("Words to leave out have a row of their own")
    expect(page.get_by_label("Any of these words")).to_have_value("schelde maas")
    page.get_by_label("None of these words").fill("zee")
    page.locator("main form").get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/treaties/\?q=schelde\+-zee\+or\+maas\+-zee&country=NL$"))
    assert titles(page)
    page.get_by_role("link", name="Search with more options").click()
    expect(page.get_by_label("Any of these words")).to_have_value("schelde maas")
    expect(page.get_by_label("None of these words")).to_have_value("zee")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_searches_has_a_barrier(person: Person, width: int, scheme: str) -> None:
    page = person("staff", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/treaties/?q=verdrag&within=schelde")
    page.get_by_text("Save this search").click()
    assert _barriers(page) == []
    for address in (
        "/searches/",
        "/searches/save/?q=verdrag&country=NL",
        "/treaties/search/",
        "/treaties/search/?q=a+b+or+c+d&within=x&country=NL",
        "/treaties/search/?build=1&every=a+or+b&signed_after=onzin&country=QQ",
        "/treaties/?within=%00",
    ):
        page.goto(address)
        assert _barriers(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address
