"""Every main page as people meet it: wide and narrow, light and dark, by keyboard, without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# The rules of WCAG 2.0 to 2.2, levels A and AA, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = (
    "/",
    "/treaties/?country=NL&q=verdrag",
    "/countries/",
    "/countries/NL/",
    "/themes/",
    "/themes/hoger-onderwijs/",
    "/procedures/",
    "/procedures/mixed/",
    "/glossary/",
    "/login/",
    "/accessibility/",
)
INSIDE = ("/desk/?all=1", "/desk/new/", "/review/", "/publications/", "/reporting/", "/reporting/new/")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_has_a_barrier_that_can_be_found_by_machine(
    person: Callable[..., Page], width: int, scheme: str
) -> None:
    page = person("reviewer", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    addresses = [*PUBLIC[:-2], PUBLIC[-1], *INSIDE, *_details(page)]
    for address in addresses:
        page.goto(address)
        assert _barriers(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address


def _details(page: Page) -> list[str]:
    """The page of a treaty, of a dossier, of a request, of a history."""
    page.goto("/treaties/?q=terneuzen")
    treaty = page.locator("main a[href^='/treaties/T']").first.get_attribute("href") or ""
    page.goto("/desk/?all=1")
    dossier = page.locator("main a[href^='/dossiers/D']").first.get_attribute("href") or ""
    page.goto("/review/")
    request = page.locator("main a[href^='/review/']").first.get_attribute("href") or ""
    return [treaty, f"{treaty}history/", dossier, request]


def _barriers(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_answers_in_both_languages(person: Callable[..., Page], path: str) -> None:
    for language in ("nl", "en"):
        page = person(language=language)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_count(1)


def test_a_treaty_is_found_without_javascript(person: Callable[..., Page]) -> None:
    page = person(javascript=False)
    page.goto("/")
    page.fill("main input[name=q]", "terneuzen")
    page.locator("main form[role=search] button, main .search-hero button").first.click()
    page.get_by_role("link", name=re.compile("Terneuzen")).first.click()
    expect(page.locator("main")).to_contain_text("In force since 1 March 2016")


def test_the_register_is_searched_by_keyboard_alone(person: Callable[..., Page]) -> None:
    page = person()
    page.goto("/accessibility/")
    page.keyboard.press("/")
    page.keyboard.type("terneuzen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/treaties/?**")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/treaties/T"))
    expect(page.locator("h1")).to_contain_text("Terneuzen")


def test_every_real_case_stands_in_the_register_with_its_source(person: Callable[..., Page]) -> None:
    page = person()
    for words in (
        "loodsgeldtarieven",
        "ontwikkelingsschets",
        "nautisch",
        "accreditatie",
        "cultureel",
        "terneuzen",
        "grensleie",
        "interterritoriale",
        "clustermunitie",
        "zetelakkoord",
        "wapenhandelsverdrag",
        "CETA",
        "lissabon",
        "personalized",
        "quebec",
        "archeologisch",
    ):
        page.goto(f"/treaties/?q={words}")
        page.locator("main ol.results a[href^='/treaties/T']").first.click()
        expect(page.locator("main")).to_contain_text(re.compile("source", re.IGNORECASE))
    page.goto("/treaties/?country=NL")
    listed = page.locator("main ol.results").inner_text().lower()
    for name in ("schelde", "accreditatie", "cultureel verdrag", "terneuzen"):
        assert name in listed


def test_a_word_shows_its_languages_by_keyboard_and_goes_by_escape(person: Callable[..., Page]) -> None:
    page = person(width=390)
    page.goto("/procedures/mixed/")
    word, tip = page.locator("a[href='/glossary/#ratification']"), page.locator("#term-ratification")
    expect(tip).to_be_hidden()
    word.focus()
    expect(tip).to_be_visible()
    expect(tip).to_be_in_viewport(ratio=1)
    expect(tip.locator("[lang=de]")).to_have_text("(internationale) Ratifizierung")
    assert _barriers(page) == []
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/#ratification")
    expect(page.locator("#ratification")).to_be_in_viewport()


def test_the_glossary_and_the_citation_work_without_javascript(person: Callable[..., Page]) -> None:
    page = person(javascript=False)
    page.goto("/glossary/")
    page.fill("#term-q", "Vollmacht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/?q=Vollmacht")
    expect(page.locator("main article h3")).to_have_text(["full powers", "plenipotentiary"])
    page.goto("/treaties/T16D35YR/")
    page.locator("main a[href='/glossary/#sanction-and-promulgation']").hover()
    expect(page.locator("#term-sanction-and-promulgation")).to_be_visible()
    expect(page.locator("#citation")).to_contain_text("T16D35YR")
    expect(page.locator("[data-copy-from]")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "T16D35YR.bib"
