from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.choices import Deed
from accounts.models import User
from audit.refusals import Blocker
from tests.factories import read
from treaties.choices import ActKind
from treaties.dates import PartialDate, parse
from treaties.models import Party
from workflow import actions, evidence, guards
from workflow.choices import Consent, Origin
from workflow.guards import Happening
from workflow.models import Approval, Dossier
from workflow.procedures import ALL

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]


def codes(blockers: list[Blocker]) -> list[str]:
    return [blocker.code for blocker in blockers]


def fields(blockers: list[Blocker]) -> list[str]:
    return [blocker.field for blocker in blockers]


@pytest.mark.parametrize(
    ("step", "kw", "expected"),
    [
        ("nothing", {}, [("unknown_step", "step")]),
        ("initiative", {"outcome": "approved"}, [("outcome", "outcome")]),
        ("plenary_vote", {}, [("outcome", "outcome")]),
        ("plenary_vote", {"outcome": "amended"}, [("outcome", "outcome")]),
        ("plenary_vote", {"outcome": "rejected"}, []),
        ("council_of_state_requested", {"outcome": "60_days"}, []),
        ("assent_of_entity", {}, [("outcome", "outcome"), ("entity", "entity")]),
        ("assent_of_entity", {"entity": "FR", "outcome": "assented"}, [("entity", "entity")]),
        ("assent_of_entity", {"entity": "X-BE-FG", "outcome": "agreed"}, [("outcome", "outcome")]),
        ("assent_of_entity", {"entity": "X-BE-FG", "outcome": "declined"}, []),
        ("signature", {"outcome": "ad_referendum"}, []),
        ("signature", {"outcome": "firm"}, [("outcome", "outcome")]),
        ("advice_received", {"body": "sariv"}, []),
        ("advice_received", {"body": "none"}, [("body", "body")]),
        ("initiative", {"body": "sariv"}, [("body", "body")]),
        ("advice_term_extended", {}, [("until", "until")]),
        ("advice_term_extended", {"until": date(2024, 1, 7)}, [("until", "until")]),
        ("advice_term_extended", {"until": date(2024, 1, 8)}, []),
        ("initiative", {"until": date(2024, 2, 8)}, [("until", "until")]),
        ("requalified", {"outcome": "conference"}, [("requalify", "step")]),
        ("signature", {"entity": "FR"}, []),
        ("initiative", {"when": parse("")}, [("date_missing", "when")]),
        ("initiative", {"note": "a\x00"}, [("text", "note")]),
        ("initiative", {"place": "x" * 201, "number": "y" * 201}, [("text", "place"), ("text", "number")]),
        (
            "ended",
            {"outcome": "", "when": parse(""), "source": "z" * 501},
            [("outcome", "outcome"), ("date_missing", "when"), ("text", "source")],
        ),
    ],
)
def test_what_is_invalid_is_said_with_the_field(
    step: str, kw: dict[str, Any], expected: list[tuple[str, str]], make_dossier: Open, staff: User
) -> None:
    kw = {"when": parse("2024-01-08")} | kw
    if "entity" in kw:
        kw["entity"] = Party.objects.get(code=kw["entity"])
    blockers = guards.invalid(staff, make_dossier("mixed"), Happening(step=step, **kw))
    assert list(zip(codes(blockers), fields(blockers), strict=True)) == expected


@pytest.mark.parametrize("deed", Deed)
def test_what_somebody_may_not_is_said_in_words(deed: Deed, reader: User, administrator: User) -> None:
    with translation.override("en"):
        (blocker,) = guards.not_allowed(reader, deed)
        assert str(blocker.sentence) == f"You may not {deed.label}."
    assert guards.not_allowed(administrator, deed) == []


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
def test_only_announced_acts_may_lie_in_the_future(procedure: Any, days: int, make_dossier: Open, staff: User) -> None:
    dossier, on = make_dossier(procedure.code), timezone.localdate() + timedelta(days=days)
    may_be_announced = {
        step.code
        for step in procedure.steps
        if "future" not in codes(guards.invalid(staff, dossier, Happening(step=step.code, when=PartialDate(on))))
    }
    announced = {ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT, ActKind.PROVISIONAL_APPLICATION, ActKind.END}
    assert may_be_announced == {step.code for step in procedure.steps if not days or step.leaves in announced}


def test_a_partial_date_is_judged_by_its_last_day(make_dossier: Open, staff: User) -> None:
    """Signed in March after an approval on 20 March: it may have been in order, so nothing holds it up."""
    dossier = make_dossier("mou")
    for step, on in (("initiative", "2024-01-01"), ("draft", "2024-03-20")):
        actions.record_event(actor=staff, dossier=dossier, happening=Happening(step=step, when=parse(on)))
    check = Happening(step="wording_check", outcome="within_delegation", when=parse("2024-03"))
    assert guards.out_of_order(read(dossier), check) == []
    assert codes(guards.out_of_order(read(dossier), replace(check, when=parse("2024-02")))) == ["draft"]


def test_a_day_is_judged_by_what_was_known_on_it(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier("mou")
    actions.record_event(actor=staff, dossier=dossier, happening=Happening(step="initiative", when=parse("2024-01-08")))
    for on, expected in (("2024-01-07", ["before_dossier", "initiative"]), ("2024-01-08", []), ("", [])):
        assert codes(guards.out_of_order(read(dossier), Happening(step="draft", when=parse(on)))) == expected


@pytest.mark.parametrize("step", ["mandate", "consent_to_sign", "final_approval"])
def test_no_role_records_a_gate_in_a_live_dossier(
    step: str, make_dossier: Open, staff: User, reviewer: User, administrator: User
) -> None:
    dossier = make_dossier()
    happening = Happening(step=step, when=parse("2024-01-08"), outcome="approved", source="VR")
    for actor in (staff, reviewer, administrator):
        assert codes(guards.invalid(actor, dossier, happening)) == ["gate_must_be_asked"]


def test_a_gate_of_the_past_takes_the_outcomes_of_the_chancellery(make_dossier: Open, administrator: User) -> None:
    dossier = make_dossier(origin=Origin.RECONSTRUCTED, actor=administrator)
    for outcome in (*Consent.values, "agreed", ""):
        happening = Happening(step="mandate", when=parse("2007"), outcome=outcome, source="VR")
        expected = [] if outcome in Consent.values else ["outcome"]
        assert codes(guards.invalid(administrator, dossier, happening)) == expected


def test_asking_gives_every_reason_at_once(make_dossier: Open, auditor: User) -> None:
    dossier = make_dossier()
    blockers = guards.to_ask(auditor, dossier, dossier.procedure.step("final_approval"))
    assert codes(blockers) == [
        "not_allowed",
        "council_of_state_asked",
    ]
    assert codes(evidence.lacking(evidence.of_gate(dossier, dossier.procedure.step("final_approval")))) == [
        "evidence_missing_memorandum",
        "evidence_missing_draft_decree",
        "evidence_missing_explanatory_memorandum",
        "evidence_missing_council_of_state_advice",
        "evidence_missing_translation",
    ]


@pytest.fixture
def approval(
    make_dossier: Open, advance: Callable[..., Dossier], give_evidence: Callable[[Dossier, str], None], staff: User
) -> Approval:
    dossier = advance(make_dossier(), "initiative")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate")


def test_who_may_decide(approval: Approval, request: pytest.FixtureRequest) -> None:
    names = ("staff", "staff2", "reviewer", "administrator", "auditor", "reader")
    told = {name: codes(guards.to_decide(request.getfixturevalue(name), approval)) for name in names}
    assert told == {
        "staff": ["not_allowed", "four_eyes"],
        "staff2": ["not_allowed"],
        "reviewer": [],
        "administrator": [],
        "auditor": ["not_allowed"],
        "reader": ["not_allowed"],
    }


def test_four_eyes_cites_the_rule(approval: Approval, staff: User) -> None:
    assert "Vlaamse Regering" in str(guards.to_decide(staff, approval)[1].law)


@pytest.mark.parametrize(
    ("outcome", "days", "reason", "expected"),
    [
        ("approved", 0, "", []),
        ("noted", 0, "", []),
        ("postponed", 0, "later", []),
        ("refused", 0, "\t", ["reason_missing"]),
        ("approved", 1, "", ["future"]),
        ("", 0, "", ["outcome"]),
        ("APPROVED", 0, "", ["outcome"]),
        # Before the initiative: an approval is out of order, a refusal changes nothing.
        ("approved", -4_000, "", ["initiative"]),
        ("refused", -4_000, "no", []),
    ],
)
def test_a_decision_as_filled_in(outcome: str, days: int, reason: str, expected: list[str], approval: Approval) -> None:
    on = timezone.localdate() + timedelta(days=days)
    assert codes(guards.decision_problems(approval, outcome=outcome, decided_on=on, reason=reason)) == expected
