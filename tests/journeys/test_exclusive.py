"""An exclusive treaty with the Netherlands, from the initiative to its entry into force."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import Desk, decide

pytestmark = pytest.mark.journey
TITLE = "Verdrag met Nederland inzake het beheer van de Zwinmonding"


def test_from_initiative_to_entry_into_force(person: Callable[..., Page]) -> None:
    staff, reviewer = person("staff"), person("reviewer")
    desk = Desk(staff)
    dossier = desk.register(
        procedure="exclusive",
        kind="treaty",
        qualification="exclusive_region",
        title_nl=TITLE,
        parties=["Netherlands", "Flemish Region"],
        theme="waterinfrastructuur-en-beleid",
    )
    desk.expect_stage("negotiation")
    desk.record("initiative", "9/1/2024")
    _consent(desk, reviewer, "mandate", "26/1/2024", "VR 2024 2601 DOC.0011/1")
    desk.record("information_negotiation", "2024-02-01", note="Letter to the federal minister of Foreign Affairs")
    desk.record("negotiation_opened", "15 March 2024")
    desk.record("text_agreed", "June 2024")
    desk.expect_stage("signing")

    # A signature without full powers is refused, with the law; nothing typed is lost.
    desk.start("signature")
    desk.fill(when="1/7/2024", place="Sluis")
    desk.send("Record")
    main = staff.locator("main")
    expect(main).to_contain_text("Nobody can sign without full powers from the Government of Flanders.")
    expect(main).to_contain_text("Vienna Convention on the Law of Treaties, art. 7")
    expect(main).to_contain_text("The federal government must be informed of the signature beforehand.")
    expect(staff.locator("[name=place]")).to_have_value("Sluis")

    _consent(desk, reviewer, "consent_to_sign", "12/7/2024", "VR 2024 1207 DOC.0100/1")
    desk.record("information_signature", "15/7/2024")
    desk.record("signature", "2/9/2024", place="Sluis")
    desk.expect_stage("advisory bodies")
    _consent(desk, reviewer, "approval_in_principle", "4/10/2024")
    desk.record("advice_requested", "7/10/2024", note="Minaraad")
    desk.record("advice_received", "4/11/2024", number="2024-031", note="Minaraad")
    desk.record("council_of_state_requested", "8/11/2024", outcome="30_days")
    desk.expect_stage("Council of State")
    desk.record("council_of_state_advice", "5/12/2024", number="77.123/1")
    _consent(desk, reviewer, "final_approval", "20/12/2024")
    desk.record("submitted_to_parliament", "10/1/2025", number="2101 (2024-2025) nr. 1")
    desk.record("plenary_vote", "5/3/2025", outcome="adopted", number="2101 (2024-2025) nr. 3")
    desk.expect_stage("promulgation")
    _consent(desk, reviewer, "sanction_and_promulgation", "7/3/2025")
    desk.record("decree_published", "1/4/2025", number="2025099999")
    _consent(desk, reviewer, "international_ratification", "11/4/2025")
    desk.record("information_ratification", "14/4/2025")
    desk.record("notification", "30/4/2025")
    desk.record("partner_notification", "12/5/2025", entity="NL")
    desk.record("entry_into_force", "1/7/2025")

    staff.goto(dossier)
    treaty = staff.locator("main a[href^='/treaties/T']").first
    treaty.click()
    expect(staff.locator("main")).to_contain_text("In force since 1 July 2025")
    _is_found(staff)
    _trail_is_read(staff, dossier)


def _consent(desk: Desk, reviewer: Page, gate: str, on: str, number: str = "") -> None:
    desk.ask(gate, note="As discussed in the working group.")
    decide(reviewer, desk.url, gate, on=on, number=number)


def _is_found(page: Page) -> None:
    """By country, by theme, and by a word of its Dutch title in another form."""
    for query in ("country=NL", "theme=waterinfrastructuur-en-beleid", "q=zwinmondingen"):
        page.goto(f"/treaties/?{query}&sort=changed")
        expect(page.get_by_role("link", name=TITLE).first).to_be_visible()
    expect(page.locator("mark").first).to_have_text("Zwinmonding")


def _trail_is_read(page: Page, dossier: str) -> None:
    page.goto(dossier)
    history = page.locator("section[aria-labelledby=history]")
    expect(history).to_contain_text("recorded the decision of the Government of Flanders")
    expect(history).to_contain_text("registered the treaty")
    page.locator("main a[href^='/treaties/T']").first.click()
    page.get_by_role("link", name="History").first.click()
    expect(page.locator("main")).to_contain_text("recorded what happened")
    expect(page.locator("main")).to_contain_text("2101 (2024-2025) nr. 3")
