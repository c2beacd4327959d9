"""A mixed multilateral convention: nobody ratifies before every competent parliament has assented."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import Desk, decide

pytestmark = pytest.mark.journey
TITLE = "Europees Verdrag over de toegankelijkheid van musea"
ENTITIES = {"X-BE-FED": "Federal", "X-BE-FG": "French Community"}


def test_a_mixed_convention_waits_for_every_parliament(person: Callable[..., Page]) -> None:
    staff, reviewer = person("staff"), person("reviewer")
    desk = Desk(staff)
    desk.register(
        procedure="mixed",
        kind="convention",
        qualification="mixed",
        title_nl=TITLE,
        parties=["Belgium", "France", "Germany"],
        theme="cultuur",
    )
    desk.record("initiative", "10/1/2023")
    desk.record("working_group", "1/2/2023", outcome="mixed")
    desk.record("conference", "1/3/2023")
    for code in ENTITIES:
        desk.open()
        staff.locator("a[href$='/entities/']").click()
        desk.fill(entity=code, reason="Museums are a matter of the Communities; the federal museums are not.")
        staff.locator("main form[method=post] button.button--primary").click()
        staff.wait_for_url(desk.url + "**")
    _consent(desk, reviewer, "mandate", "10/3/2023")
    desk.record("negotiation_opened", "12/4/2023")
    desk.record("text_agreed", "9/2023")
    _consent(desk, reviewer, "consent_to_sign", "6/10/2023")

    desk.start("signature")
    desk.fill(when="1/11/2023")
    desk.send("Record")
    expect(staff.locator("main")).to_contain_text("Not every competent government has given full powers yet.")
    for code in ENTITIES:
        desk.record("full_powers_of_entity", "20/10/2023", entity=code)
    desk.record("signature", "10/11/2023", place="Strasbourg")

    _consent(desk, reviewer, "approval_in_principle", "8/12/2023")
    desk.record("council_of_state_requested", "15/12/2023", outcome="5_working_days")
    desk.record("council_of_state_advice", "21/12/2023", number="75.001/3")
    _consent(desk, reviewer, "final_approval", "12/1/2024")
    desk.record("submitted_to_parliament", "19/1/2024", number="1999 (2023-2024) nr. 1")
    desk.record("plenary_vote", "6/3/2024", outcome="adopted")
    _consent(desk, reviewer, "sanction_and_promulgation", "8/3/2024")

    desk.record("assent_of_entity", "18/4/2024", outcome="adopted", entity="X-BE-FED")
    desk.start("ratification")
    desk.fill(when="1/5/2024")
    desk.send("Record")
    expect(staff.locator("main")).to_contain_text("Not every competent parliament has assented yet.")
    expect(staff.locator("main")).to_contain_text("8 March 1994, art. 12")
    desk.open()
    expect(staff.locator("section[aria-labelledby=entities]")).to_contain_text("1 missing")

    desk.record("assent_of_entity", "30/5/2024", outcome="adopted", entity="X-BE-FG")
    desk.record("ratification", "12/6/2024")
    desk.record("deposit", "1/7/2024")
    desk.record("entry_into_force", "1/10/2024")
    staff.goto("/treaties/?country=FR&theme=cultuur&qualification=mixed")
    expect(staff.get_by_role("link", name=TITLE).first).to_be_visible()
    staff.get_by_role("link", name=TITLE).first.click()
    expect(staff.locator("main")).to_contain_text("In force since 1 October 2024")
    expect(staff.locator("main")).to_contain_text("30 May 2024")


def _consent(desk: Desk, reviewer: Page, gate: str, on: str) -> None:
    desk.ask(gate)
    decide(reviewer, desk.url, gate, on=on)
