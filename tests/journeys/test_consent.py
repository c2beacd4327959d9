"""The consent of the Government: within a delegation, refused and then granted, decided once, sent once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import Desk, decide

pytestmark = pytest.mark.journey


def _mou(desk: Desk, title: str) -> None:
    desk.register(
        procedure="mou",
        kind="mou",
        qualification="undetermined",
        title_nl=title,
        parties=["Quebec"],
        theme="jeugd",
    )
    desk.record("initiative", "5/2/2025")
    desk.record("draft", "3/3/2025")


def test_an_mou_within_a_delegation(person: Callable[..., Page]) -> None:
    staff = person("staff2")
    desk = Desk(staff)
    title = "Memorandum van overeenstemming over jeugdwerk"
    _mou(desk, title)
    desk.record("wording_check", "10/3/2025", outcome="within_delegation")
    desk.record("signature", "2/4/2025", place="Québec")
    desk.record("effect", "1/5/2025")
    staff.goto("/treaties/?kind=mou&country=CA&q=jeugdwerk")
    staff.get_by_role("link", name=title).first.click()
    expect(staff.locator("main")).to_contain_text("In effect since 1 May 2025")


def test_a_consent_refused_then_granted(person: Callable[..., Page]) -> None:
    staff, reviewer = person("staff"), person("reviewer")
    desk = Desk(staff)
    _mou(desk, "Memorandum over uitwisseling van jonge journalisten")
    desk.record("wording_check", "10/3/2025", outcome="consent_needed")
    desk.ask("consent_to_sign", note="First text")
    decide(
        reviewer, desk.url, "consent_to_sign", outcome="refused", on="28/3/2025", reason="The budget is not covered."
    )
    desk.open()
    expect(staff.locator("#step-consent_to_sign")).to_contain_text("The budget is not covered.")
    desk.start("signature")
    desk.fill(when="1/4/2025")
    desk.send("Record")
    expect(staff.locator("main")).to_contain_text("has not given its consent to sign yet")

    desk.ask("consent_to_sign", note="Budget added")
    decide(reviewer, desk.url, "consent_to_sign", on="25/4/2025", number="VR 2025 2504 DOC.0400/1")
    desk.record("signature", "5/5/2025", place="Brussels")
    desk.open()
    expect(staff.locator("#step-consent_to_sign")).to_contain_text("VR 2025 2504 DOC.0400/1")
    expect(staff.locator("#step-consent_to_sign")).to_contain_text("The budget is not covered.")


def test_two_reviewers_at_once_and_a_form_sent_twice(person: Callable[..., Page]) -> None:
    staff, first, second = person("staff"), person("reviewer"), person("admin")
    desk = Desk(staff)
    _mou(desk, "Memorandum over digitale archieven")
    desk.start("wording_check")
    desk.fill(when="10/3/2025", outcome="consent_needed")
    desk.send("Record")
    staff.wait_for_url("**/dossiers/D*/")
    staff.go_back()
    desk.fill(when="10/3/2025", outcome="consent_needed")
    desk.send("Record")
    expect(staff.locator("body")).to_contain_text("already")
    desk.open()
    expect(staff.locator("#step-wording_check time")).to_have_count(1)

    desk.ask("consent_to_sign")
    for page in (first, second):
        page.goto(desk.url)
        page.locator("#step-consent_to_sign a[href*='/review/']").first.click()
        page.check("input[name=outcome][value=approved]")
        page.fill("[name=decided_on]", "28/3/2025")
    first.get_by_role("button", name="Record the decision").click()
    first.wait_for_url("**/review/**")
    second.get_by_role("button", name="Record the decision").click()
    expect(second.locator("main")).to_contain_text("already decided this on")


def test_nobody_decides_what_they_asked(person: Callable[..., Page]) -> None:
    administrator = person("admin")
    desk = Desk(administrator)
    _mou(desk, "Memorandum over eigen aanvragen")
    desk.record("wording_check", "10/3/2025", outcome="consent_needed")
    desk.ask("consent_to_sign")
    administrator.goto(desk.url)
    administrator.locator("#step-consent_to_sign a[href*='/review/']").first.click()
    expect(administrator.locator("main")).to_contain_text("You asked for this consent yourself")
