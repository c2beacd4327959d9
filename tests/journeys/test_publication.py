"""A record becomes public: asked by one, decided by another, at once or at a moment; and is taken out again."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.pages import Desk
from tests.journeys.test_editing import a_treaty
from tests.journeys.test_pages import _barriers

pytestmark = pytest.mark.journey
Person = Callable[..., Page]
# The register looks every second for what is due (conftest), and the moment is five seconds away.
RELEASED_SECONDS = 30


def ask(page: Page, treaty: str, not_before: str = "") -> str:
    """Ask for publication on the page of the record; the address of the request."""
    page.goto(treaty)
    page.locator("main").get_by_role("link", name="Ask for publication").click()
    page.fill("[name=reason]", "Signed and announced")
    if not_before:
        page.fill("[name=not_before]", not_before)
    page.locator("main").get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url(re.compile(r"/publications/\d+/$"))
    return page.url


def approve(page: Page, request: str) -> None:
    page.goto(request)
    page.get_by_label("Approve: everybody may see it").check()
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**/publications/")


def status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def test_asked_looked_at_approved_and_taken_out_again(person: Person) -> None:
    staff, records, public = person("staff"), person("records"), person()
    treaty = a_treaty(staff, "Verdrag dat openbaar wordt")
    assert status(public, treaty) == 404
    request = ask(staff, treaty)
    expect(staff.locator("main")).to_contain_text("You asked for this: somebody else decides.")
    expect(staff.get_by_label("Approve")).to_have_count(0)

    records.goto("/desk/")
    records.locator("main").get_by_role("link", name="Publications").click()
    records.get_by_role("link", name="Verdrag dat openbaar wordt").click()
    expect(records.locator("main")).to_contain_text("Papers that become visible")
    records.get_by_role("link", name="The whole page, as the public sees it").click()
    expect(records.locator("main")).to_contain_text("this is what the public would see")
    approve(records, request)
    expect(records.locator("#messages")).to_contain_text("Approved: the record is public now.")
    assert status(public, treaty) == 200

    records.goto(treaty)
    records.get_by_role("link", name="Take out of the public part").click()
    records.fill("[name=reason]", "It names a child")
    records.get_by_role("button", name="Take out of the public part").click()
    expect(records.locator("#messages")).to_contain_text("This record is no longer public.")
    assert status(public, treaty) == 404


def test_approved_for_a_moment_it_becomes_public_by_itself(person: Person) -> None:
    staff, reviewer, public = person("staff"), person("reviewer"), person()
    treaty = a_treaty(staff, "Verdrag dat straks openbaar wordt")
    moment = timezone.localtime() + timedelta(seconds=8)
    request = ask(staff, treaty, f"{moment:%Y-%m-%dT%H:%M:%S}")
    approve(reviewer, request)
    expect(reviewer.locator("#messages")).to_contain_text("at the moment that was asked")
    assert status(public, treaty) == 404
    deadline = time.monotonic() + RELEASED_SECONDS
    while status(public, treaty) == 404 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert timezone.now() >= moment.replace(microsecond=0)
    assert status(public, treaty) == 200
    reviewer.goto(request)
    expect(reviewer.locator("main")).to_contain_text("Made public on")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_publication_has_a_barrier(person: Person, width: int, scheme: str) -> None:
    staff, reviewer = person("staff", width=width), person("reviewer", width=width)
    for page in (staff, reviewer):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    def look(page: Page, address: str) -> None:
        page.goto(address)
        assert _barriers(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), address

    desk = Desk(staff)
    treaty = a_treaty(staff, f"Verdrag over drempels van {width}")
    look(staff, f"{treaty}publication/")
    request = ask(staff, treaty, "2090-01-01T10:00")
    for page in (staff, reviewer):
        look(page, request)
        look(page, "/publications/")
    look(staff, f"{treaty}preview/")
    look(staff, f"{treaty}preview/sheet/")
    approve(reviewer, request)
    look(reviewer, "/publications/")
    look(reviewer, request)
    look(reviewer, f"{request}stop/")
    reviewer.fill("[name=reason]", "Put off")
    reviewer.locator("main").get_by_role("button", name="Stop the publication").click()
    expect(reviewer.locator("#messages")).to_contain_text("Stopped: the record does not become public.")
    look(reviewer, f"{request}stop/")
    reviewer.goto("/treaties/?q=terneuzen")
    known = reviewer.locator("main a[href^='/treaties/T']").first.get_attribute("href") or ""
    look(reviewer, f"{known}publication/withdraw/")

    staff.goto(treaty)
    desk.url = staff.locator("main a[href^='/dossiers/D']").first.get_attribute("href") or ""
    look(staff, f"{desk.url}record/initiative/")
    desk.fill(when="1/2/2024", embargo_until="2090-01-01T10:00")
    desk.send("Record")
    staff.wait_for_url(re.compile(r"/dossiers/D[^/]+/(#.*)?$"))
    expect(staff.locator("main")).to_contain_text("under embargo until 1 January 2090")
    look(staff, desk.url)
