"""Dossiers that leave the straight line: an objection of the federal government, and another qualification."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.pages import Desk, decide

pytestmark = pytest.mark.journey


def written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def test_an_objection_on_day_29_suspends_until_it_ends_by_itself(person: Callable[..., Page]) -> None:
    staff, reviewer = person("staff"), person("reviewer")
    desk = Desk(staff)
    dossier = desk.register(
        procedure="exclusive",
        kind="treaty",
        qualification="exclusive_region",
        title_nl="Verdrag met Frankrijk over de IJzer",
        parties=["France", "Flemish Region"],
        theme="waterinfrastructuur-en-beleid",
    )
    letter = timezone.localdate() - timedelta(days=100)
    objection = letter + timedelta(days=29)
    conference_last, last = objection + timedelta(days=30), objection + timedelta(days=60)
    desk.record("initiative", written(letter - timedelta(days=20)))
    desk.ask("mandate")
    decide(reviewer, desk.url, "mandate", on=written(letter - timedelta(days=5)))
    desk.record("information_negotiation", written(letter))
    desk.record("federal_objection", written(objection))
    main = staff.locator("main")

    def on(day: date) -> None:
        staff.goto(f"{dossier.split('#')[0]}?as_of={day.isoformat()}")

    on(objection - timedelta(days=1))
    expect(main).to_contain_text(f"up to and including {said(letter + timedelta(days=30))}")
    expect(main).to_contain_text("art. 81, § 2")

    on(objection)
    expect(main).to_contain_text(f"A federal objection of {said(objection)} suspends the procedure")
    expect(main).to_contain_text(f"The conference decides within 30 days: up to and including {said(conference_last)}")
    expect(main.locator("#step-negotiation_opened")).to_contain_text("suspends the procedure")

    desk.record("conference_finding", written(conference_last - timedelta(days=5)), outcome="no_consensus")
    on(conference_last + timedelta(days=1))
    expect(main).to_contain_text(f"unless confirmed up to and including {said(last)}")

    on(last)
    expect(main.locator("#step-negotiation_opened")).to_contain_text("suspends the procedure")
    on(last + timedelta(days=1))
    expect(main).to_contain_text("The suspension ended by itself")
    expect(main.locator("#step-negotiation_opened")).not_to_contain_text("suspends the procedure")
    desk.record("negotiation_opened", written(last + timedelta(days=2)))
    expect(main).to_contain_text("The suspension ended by itself")


def test_the_council_of_state_finds_the_treaty_mixed(person: Callable[..., Page]) -> None:
    staff, reviewer = person("staff"), person("reviewer")
    desk = Desk(staff)
    dossier = desk.register(
        procedure="exclusive",
        kind="treaty",
        qualification="exclusive_community",
        title_nl="Verdrag met Chili over hogescholen",
        parties=["Chile", "Flemish Community"],
        theme="hoger-onderwijs",
    )
    desk.record("initiative", "9/1/2024")
    _consent(desk, reviewer, "mandate", "26/1/2024")
    desk.record("information_negotiation", "1/2/2024")
    desk.record("negotiation_opened", "15/3/2024")
    desk.record("text_agreed", "14/6/2024")
    _consent(desk, reviewer, "consent_to_sign", "12/7/2024")
    desk.record("information_signature", "15/7/2024")
    desk.record("signature", "2/9/2024", outcome="subject_to_assent")
    _consent(desk, reviewer, "approval_in_principle", "4/10/2024")
    desk.record("council_of_state_requested", "8/11/2024", outcome="30_days")
    desk.record("council_of_state_advice", "5/12/2024", number="77.200/1")

    staff.goto(dossier)
    main = staff.locator("main")
    staff.get_by_role("link", name="Qualify otherwise").click()
    staff.check("input[name=procedure][value=mixed]")
    desk.fill(
        qualification="mixed",
        determined_by="council_of_state",
        when="5/12/2024",
        reason="According to advice 77.200/1 federal matters are touched too.",
    )
    desk.send("Qualify otherwise")
    staff.wait_for_url(re.compile(r"/dossiers/D[^/]+/$"))
    expect(main).to_contain_text("Mixed treaty")
    expect(main).to_contain_text("The dossier went back")
    expect(main.locator("section[aria-labelledby=qualification]")).to_contain_text("exclusive: Flemish Community")
    desk.expect_stage("negotiation")
    expect(main.locator("#step-final_approval")).to_contain_text("First again")

    desk.record("working_group", "7/1/2025", outcome="mixed")
    desk.record("conference", "20/1/2025")
    staff.get_by_role("link", name="Require an entity").click()
    desk.fill(
        entity="X-BE-FED", determined_by="conference", when="20/1/2025", reason="Recognition of federal diplomas."
    )
    desk.send("Require")
    staff.wait_for_url(re.compile(r"/dossiers/D[^/]+/(#.*)?$"))
    matrix = main.locator("section[aria-labelledby=entities]")
    expect(matrix).to_contain_text("Federal State")
    expect(matrix).to_contain_text("1 missing")
    expect(main.locator(".stage[aria-current=step]")).to_contain_text("assent", ignore_case=True)

    staff.goto(f"{dossier}?as_of=2024-12-01")
    expect(main).to_contain_text("Exclusive treaty")
    expect(main.locator("section[aria-labelledby=entities]")).to_have_count(0)


def _consent(desk: Desk, reviewer: Page, gate: str, on: str) -> None:
    desk.ask(gate)
    decide(reviewer, desk.url, gate, on=on)
