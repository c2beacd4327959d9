import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import read
from treaties.choices import Stage
from treaties.dates import parse
from workflow import actions, queries
from workflow.choices import StepState
from workflow.conditions import Fact
from workflow.guards import Happening
from workflow.held import fact, held
from workflow.models import Approval, Dossier

# Dossiers with all that an assessment reads: for 1 and for 10.
READ_QUERIES = 9

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]


def test_the_assessment_is_of_today_unless_a_day_is_said(make_dossier: Open, advance: Go) -> None:
    dossier = advance(make_dossier("mou"), "signature")
    first = dossier.standing_events[0].when.on
    assert first
    assert queries.assessment(dossier).stage == Stage.ENTRY_INTO_FORCE
    assert queries.assessment(dossier, first).stage == Stage.NEGOTIATION
    # What came later was simply still to come: nobody had announced it.
    assert queries.assessment(dossier, first - timedelta(days=1)).report("initiative").state == StepState.OPEN


def test_superseded_and_taken_back_events_do_not_count(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier("mou")
    happening = Happening(step="initiative", when=parse("2024-01-08"))
    wrong = actions.record_event(actor=staff, dossier=dossier, happening=happening)
    later = Happening(step="initiative", when=parse("2024-01-09"))
    right = actions.correct_event(actor=staff, event=wrong, happening=later, reason="x")
    assert held(read(dossier)).events == [right]
    actions.correct_event(actor=staff, event=right, happening=None, reason="x")
    assert held(read(dossier)).events == []


def test_a_fact_is_what_the_engine_needs_of_an_event(make_dossier: Open, advance: Go, staff: User) -> None:
    dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]), "full_powers_of_entity")
    event = dossier.standing_events[-1]
    assert fact(event) == Fact(event.pk, "full_powers_of_entity", event.when, event.recorded_at, entity="X-BE-FED")
    given = Happening("advice_term_extended", parse("2024-02-01"), body="serv", until=date(2024, 3, 1))
    longer = actions.record_event(actor=staff, dossier=dossier, happening=given, despite_reason="x")
    assert (fact(longer).body, fact(longer).until, fact(longer).entity) == ("serv", date(2024, 3, 1), "")


def test_one_dossier_and_ten_take_the_same_number_of_queries(make_dossier: Open, staff: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            for dossier in queries.with_procedure(Dossier.objects.all()):
                assert str(dossier)
                assert queries.assessment(dossier).next
        return len(seen)

    make_dossier("mixed", entities=["X-BE-FED"])
    one = count()
    for number in range(9):
        dossier = make_dossier("mixed", entities=["X-BE-FED", "X-BE-FG"][: number % 3])
        happening = Happening(step="initiative", when=parse("2024-01-08"))
        actions.record_event(actor=staff, dossier=dossier, happening=happening)
    assert count() == one == READ_QUERIES


@pytest.fixture
def asked(make_dossier: Open, advance: Go, give_evidence: Callable[[Dossier, str], None], staff: User) -> Approval:
    dossier = advance(make_dossier(title="Verdrag"), "initiative")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate", note="let op")


def test_open_requests_oldest_first_without_what_was_decided(
    asked: Approval,
    make_dossier: Open,
    advance: Go,
    give_evidence: Callable[[Dossier, str], None],
    staff: User,
    reviewer: User,
) -> None:
    other = advance(make_dossier(), "initiative")
    give_evidence(other, "mandate")
    second = actions.ask_consent(actor=staff, dossier=other, step="mandate")
    assert list(queries.open_approvals(reviewer)) == [asked, second]
    actions.decide_consent(actor=reviewer, approval=asked, outcome="approved", decided_on=date(2024, 2, 1))
    assert list(queries.open_approvals(reviewer)) == [second]


def test_the_review_sheet_holds_what_is_decided_on(asked: Approval) -> None:
    sheet = queries.review_sheet(asked)
    assert (sheet["titles"], sheet["step"], sheet["question"], sheet["attempt"], sheet["asked_by"], sheet["note"]) == (
        [["nl", "Verdrag"]],
        "mandate",
        ["Mandaat om te onderhandelen", "Mandate to negotiate"],
        1,
        "An Beheerder",
        "let op",
    )
    assert sheet["happened"] == [{"step": "initiative", "on": "2024-01-08", "outcome": "", "number": ""}]
    assert sheet["earlier_decisions"] == []


def test_the_review_sheet_is_the_same_when_made_again(asked: Approval) -> None:
    again = Approval.objects.get(pk=asked.pk)
    assert queries.digest(queries.review_sheet(asked)) == queries.digest(queries.review_sheet(again))


def test_earlier_decisions_are_those_on_the_same_gate_before(asked: Approval, staff: User, reviewer: User) -> None:
    first = actions.decide_consent(
        actor=reviewer, approval=asked, outcome="postponed", decided_on=date(2024, 2, 1), reason="x"
    )
    second = actions.ask_consent(actor=staff, dossier=asked.dossier, step="mandate")
    assert list(queries.earlier_decisions(second)) == [first]
    assert list(queries.earlier_decisions(asked)) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "[]"),
        ({"b": 1, "a": "é"}, '{"a":"é","b":1}'),
        ([{"kind": "letter", "document": 3}], '[{"document":3,"kind":"letter"}]'),
    ],
)
def test_a_digest_can_be_checked_with_any_tool(value: object, text: str) -> None:
    assert queries.digest(value) == hashlib.sha256(text.encode()).hexdigest()


def test_what_was_read_is_forgotten_after_a_write(make_dossier: Open) -> None:
    dossier = make_dossier()
    assert dossier.standing_events == []
    queries.forget(dossier)
    assert "standing_events" not in dossier.__dict__
