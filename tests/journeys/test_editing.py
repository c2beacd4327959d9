"""A clerk completes the record of a treaty; two clerks meet; one of them has no scripts, another loses the line."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.pages import PAPER, Desk
from tests.journeys.test_pages import _barriers

pytestmark = pytest.mark.journey
Person = Callable[..., Page]


def a_treaty(page: Page, title: str) -> str:
    """A new treaty; the address of its record."""
    desk = Desk(page)
    desk.register(
        procedure="exclusive",
        kind="treaty",
        qualification="exclusive_region",
        title_nl=title,
        parties=["Netherlands"],
        theme="cultuur",
    )
    link = page.locator("main a[href^='/treaties/T'][href$='/edit/']").first.get_attribute("href") or ""
    return link.removesuffix("edit/")


def fill(page: Page, row: str, **values: str) -> None:
    """Fill the fields of a row, unfolding what they stand in."""
    for name, value in values.items():
        field = page.locator(f"[name={row}-{name}]")
        folded = page.locator("details.edit-row__fold:not([open]), details.edit-row__more:not([open])", has=field)
        while folded.count():
            folded.first.locator("> summary").click()
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def save(page: Page, reason: str = "from the depositary") -> None:
    page.fill("[name=reason]", reason)
    page.locator(".edit__save").get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")


def test_a_clerk_completes_a_record(person: Person) -> None:
    page = person("staff")
    page.set_default_timeout(15_000)
    treaty = a_treaty(page, "Verdrag over de reis van een bediende")

    page.goto(f"{treaty}edit/acts/")
    fill(page, "acts-0", kind="signature", when="5/2/2015", place="Terneuzen", party="Netherlands", signatory="An")
    page.get_by_role("button", name="Add an act").click()
    expect(page.locator("[name=acts-1-kind]")).to_be_focused()
    fill(page, "acts-1", kind="signature", when="9/3/2015", place="Gent", party="BE-VLG", manner="simple")
    assert _barriers(page) == []
    save(page)
    expect(page).to_have_url(re.compile(r"/edit/acts/$"))

    page.get_by_role("link", name="Reservations and declarations").click()
    reservation = {"kind": "reservation", "party": "Netherlands", "language": "nl", "text": "Artikel 3 geldt niet."}
    fill(page, "declarations-0", **reservation, when="2015")
    save(page)
    page.get_by_role("button", name="Add a reservation or declaration").click()
    fill(page, "declarations-1", kind="objection", party="Germany", language="de", text="Nein.", when="2016")
    page.locator("[name=declarations-1-objects_to]").select_option(index=1)
    save(page)

    page.locator(".subnav").get_by_role("link", name="Numbers").click()
    fill(page, "numbers-0", scheme="numac", value="2015036482", note="decree", since="2/12/2015")
    save(page)

    page.locator(".subnav").get_by_role("link", name="Relations").click()
    decision = "Besluit (EU) 2017/37 van de Raad"
    fill(
        page, "relations-0", kind="eu_conclusion", outside=decision, address="https://eur-lex.europa.eu/eli/dec/2017/37"
    )
    save(page)

    for title in ("De tekst", "The text in English"):
        page.goto(f"{treaty}edit/documents/")
        page.locator("main").get_by_role("link", name="Add a document").click()
        page.set_input_files("[name=file]", PAPER | {"buffer": factories.pdf(title)})
        page.select_option("[name=document_kind]", "treaty_text")
        page.fill("[name=document_title]", title)
        page.locator("main").get_by_role("button", name="Add", exact=True).click()
        page.wait_for_url(re.compile(r"/treaties/T[^/]+/$"))
    page.goto(f"{treaty}edit/documents/")
    # The newest stands first.
    fill(page, "documents-0", language="en", standing="courtesy_translation")
    fill(page, "documents-1", standing="authentic", access="public")
    save(page)

    page.goto(f"{treaty}history/")
    for words in ("Terneuzen", "Gent", "Artikel 3 geldt niet.", "2015036482", decision, "courtesy translation"):
        expect(page.locator("main")).to_contain_text(words, ignore_case=True)


def test_one_page_without_scripts(person: Person) -> None:
    treaty = a_treaty(person("staff"), "Verdrag zonder scripts")
    page = person("staff", javascript=False)
    page.goto(f"{treaty}edit/numbers/")
    page.fill("[name=numbers-0-value]", "2015000001")
    page.select_option("[name=numbers-0-scheme]", "numac")
    page.fill("[name=reason]", "from the gazette")
    page.get_by_role("button", name="Add a number").click()
    expect(page.locator("[name=numbers-0-value]")).to_have_value("2015000001")
    expect(page.locator("[name=reason]")).to_have_value("from the gazette")
    page.fill("[name=numbers-1-value]", "C.N.12.2014.TREATIES-IV.2")
    page.select_option("[name=numbers-1-scheme]", "cn")
    save(page, "from the gazette")
    expect(page.locator("[name=numbers-1-value]")).to_have_count(1)
    assert {page.locator(f"[name=numbers-{place}-value]").input_value() for place in (0, 1)} == {
        "C.N.12.2014.TREATIES-IV.2",
        "2015000001",
    }


def test_two_clerks_change_the_same_record(person: Person) -> None:
    first, second = person("staff"), person("staff2")
    treaty = a_treaty(first, "Verdrag van twee bedienden")
    for page in (first, second):
        page.goto(f"{treaty}edit/parties/")
    fill(second, "parties-0", named_as="het Koninkrijk")
    second.get_by_role("button", name="Add a party").click()
    fill(second, "parties-1", party="France")
    save(second)
    fill(first, "parties-0", named_as="Nederland")
    first.fill("[name=reason]", "from the text")
    first.locator(".edit__save").get_by_role("button", name="Save").click()
    shown = first.locator("section", has_text="What differs").first
    for words in ("het Koninkrijk", "Nederland", "staff2", "France was added by"):
        expect(shown).to_contain_text(words)
    assert _barriers(first) == []
    first.locator(".edit__save").get_by_role("button", name="Save").click()
    expect(first.locator("#messages")).to_contain_text("Saved.")
    expect(first.locator("[name=parties-0-party], [name=parties-1-party]")).to_have_count(2)


def test_unsaved_text_is_offered_back_and_kept_off_line(person: Person) -> None:
    page = person("staff")
    treaty = a_treaty(page, "Verdrag van wie wegliep")
    address = f"{treaty}edit/acts/"
    page.goto(address)
    fill(page, "acts-0", kind="signature", place="Oostende")
    page.get_by_role("button", name="Add an act").click()
    fill(page, "acts-1", kind="assent", note="half a sentence")
    page.wait_for_timeout(600)

    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address)
    assert asked == ["beforeunload"]
    expect(page.locator("[name=acts-0-place]")).to_have_value("")
    expect(page.locator(".edit__draft")).to_contain_text("You have unsaved text from")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("[name=acts-0-place]")).to_have_value("Oostende")
    expect(page.locator("[name=acts-1-note]")).to_have_value("half a sentence")
    page.wait_for_timeout(600)

    # The server cannot be reached: what was typed is there when it can again.
    page.fill("[name=reason]", "from memory")
    page.route("**/edit/acts/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator(".edit__save").get_by_role("button", name="Save").click()
    page.wait_for_timeout(600)
    page.unroute("**/edit/acts/")
    page.goto(address)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("[name=acts-0-place]")).to_have_value("Oostende")
    save(page, "from memory")
    page.goto(address)
    expect(page.locator(".edit__draft")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []

    fill(page, "acts-0", place="Brugge")
    page.wait_for_timeout(600)
    page.goto(address)
    page.get_by_role("button", name="Discard it").click()
    page.goto(address)
    expect(page.locator(".edit__draft")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_a_record_has_a_barrier(person: Person, width: int, scheme: str) -> None:
    page = person("staff", width=width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/treaties/?q=clustermunitie")
    treaty = page.locator("main a[href^='/treaties/T']").first.get_attribute("href") or ""
    for concern in ("", "parties/", "acts/", "declarations/", "numbers/", "relations/", "documents/"):
        page.goto(f"{treaty}edit/{concern}")
        assert _barriers(page) == [], concern
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), concern
