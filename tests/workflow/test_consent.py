"""The consent of the Government of Flanders: asked, decided by somebody else, withdrawn, asked again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from tests.factories import START, add_pdf, read
from tests.workflow.rows import conflict, refused
from treaties.choices import ActKind, DocumentKind
from treaties.dates import parse
from workflow import actions, queries
from workflow.choices import Consent
from workflow.guards import Happening
from workflow.models import Approval, Decision, Dossier, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]
Papers = Callable[[Dossier, str], None]


def record(actor: User, dossier: Dossier, step: str, on: str = "2024-01-08") -> Event:
    return actions.record_event(actor=actor, dossier=dossier, happening=Happening(step=step, when=parse(on)))


def decide(actor: User, approval: Approval, outcome: str = "approved", on: str = "2024-02-01", **kw: Any) -> Decision:
    return actions.decide_consent(
        actor=actor, approval=approval, outcome=outcome, decided_on=date.fromisoformat(on), **kw
    )


@pytest.fixture
def asked(make_dossier: Open, advance: Go, give_evidence: Papers, staff: User) -> Approval:
    """The mandate, asked by a dossier manager on the evidence there is."""
    dossier = advance(make_dossier(), "initiative")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate", note="Graag vóór de zomer.")


class TestAsking:
    def test_a_request_freezes_the_evidence_with_its_hash(self, asked: Approval, staff: User) -> None:
        kept = Approval.objects.get(pk=asked.pk)
        paper = kept.dossier.treaty.documents.get()
        assert kept.evidence == [
            {
                "kind": "memorandum",
                "state": "present",
                "document": paper.pk,
                "title": paper.title,
                "language": "nl",
                "sha256": paper.sha256,
            }
        ]
        assert kept.evidence_sha256 == queries.digest(kept.evidence)
        assert (kept.attempt, kept.asked_by, kept.note) == (1, staff, "Graag vóór de zomer.")
        assert (kept.dossier.next_step, kept.dossier.awaited) == ("mandate", "government")

    def test_a_newer_paper_does_not_change_what_was_asked_with(self, asked: Approval, staff: User) -> None:
        before = asked.evidence_sha256
        newer = add_pdf(staff, asked.dossier.treaty, DocumentKind.MEMORANDUM, "newer")
        kept = Approval.objects.get(pk=asked.pk)
        assert (kept.evidence_sha256, queries.digest(kept.evidence)) == (before, before)
        assert kept.evidence[0]["sha256"] != newer.sha256

    def test_every_missing_paper_is_a_reason_of_its_own(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "text_agreed")
        with refused("evidence_missing_treaty_text"):
            actions.ask_consent(actor=staff, dossier=dossier, step="consent_to_sign")
        empty = make_dossier()
        with refused("text_agreed", "evidence_missing_memorandum", "evidence_missing_treaty_text") as answer:
            actions.ask_consent(actor=staff, dossier=empty, step="consent_to_sign")
        assert "nota aan de Vlaamse Regering" in str(answer.blockers[1].sentence)

    def test_asked_twice_is_refused(self, asked: Approval, staff2: User) -> None:
        with refused("already_asked"):
            actions.ask_consent(actor=staff2, dossier=asked.dossier, step="mandate")

    def test_what_was_approved_is_not_asked_again(self, asked: Approval, staff: User, reviewer: User) -> None:
        decide(reviewer, asked)
        with refused("already_recorded"):
            actions.ask_consent(actor=staff, dossier=asked.dossier, step="mandate")

    def test_a_step_that_is_no_gate_is_not_asked(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        with refused("not_a_gate"):
            actions.ask_consent(actor=staff, dossier=dossier, step="initiative")
        with refused("unknown_step"):
            actions.ask_consent(actor=staff, dossier=dossier, step="nothing")

    @pytest.mark.parametrize("name", ["reader", "auditor"])
    def test_who_may_not_ask_is_refused(
        self, name: str, make_dossier: Open, advance: Go, give_evidence: Papers, request: pytest.FixtureRequest
    ) -> None:
        dossier, actor = advance(make_dossier(), "initiative"), request.getfixturevalue(name)
        give_evidence(dossier, "mandate")
        with refused("not_allowed"):
            actions.ask_consent(actor=actor, dossier=dossier, step="mandate")


class TestDeciding:
    def test_a_decision_is_an_event_with_its_number_and_what_was_seen(self, asked: Approval, reviewer: User) -> None:
        decision = decide(reviewer, asked, number="VR 2024 0102 DOC.0099/1")
        event = decision.event
        assert (event.step, event.outcome, event.when.iso, event.number) == (
            "mandate",
            "approved",
            "2024-02-01",
            "VR 2024 0102 DOC.0099/1",
        )
        assert (decision.asked_by.username, decision.decided_by) == ("staff", reviewer)
        assert decision.seen_sha256 == queries.digest(Decision.objects.get(pk=decision.pk).seen)
        assert (decision.seen["question"][0], decision.seen["evidence"]) == (
            "Mandaat om te onderhandelen",
            asked.evidence,
        )
        assert asked.dossier.treaty.identifiers.get().scheme == "vr_doc"
        assert read(asked.dossier).next_step == "information_negotiation"

    @pytest.mark.parametrize("name", ["staff", "reviewer", "administrator"])
    @pytest.mark.parametrize("superuser", [False, True])
    def test_nobody_decides_what_they_asked_themselves(
        self,
        name: str,
        superuser: bool,
        make_dossier: Open,
        advance: Go,
        give_evidence: Papers,
        request: pytest.FixtureRequest,
    ) -> None:
        actor = request.getfixturevalue(name)
        actor.is_superuser = superuser
        actor.save()
        dossier = advance(make_dossier(), "initiative")
        give_evidence(dossier, "mandate")
        approval = actions.ask_consent(actor=actor, dossier=dossier, step="mandate")
        expected = ["not_allowed", "four_eyes"] if name == "staff" else ["four_eyes"]
        for outcome in Consent.values:
            with refused(*expected):
                decide(actor, approval, outcome, reason="x")

    @pytest.mark.parametrize("name", ["staff2", "reader", "auditor"])
    def test_who_may_not_decide_is_refused(self, name: str, asked: Approval, request: pytest.FixtureRequest) -> None:
        actor = request.getfixturevalue(name)
        with refused("not_allowed"):
            decide(actor, asked)

    def test_a_reviewer_who_was_deactivated_decides_nothing(self, asked: Approval, reviewer: User) -> None:
        reviewer.is_active = False
        reviewer.save()
        with refused("not_allowed"):
            decide(reviewer, asked)

    def test_the_second_decision_learns_who_was_first_and_what_it_was(
        self, asked: Approval, reviewer: User, administrator: User
    ) -> None:
        decide(reviewer, asked, "postponed", reason="Eerst de begroting.")
        with conflict("Rita Beoordelaar", "uitgesteld"):
            decide(administrator, asked)

    def test_a_stale_page_is_a_conflict(self, asked: Approval, reviewer: User, staff2: User) -> None:
        version = read(asked.dossier).version
        record(staff2, asked.dossier, "partner_notification")
        with conflict("Bart Beheerder"):
            decide(reviewer, asked, version=version)
        assert decide(reviewer, asked, version=version + 1).outcome == "approved"

    @pytest.mark.parametrize("outcome", ["postponed", "refused", "withdrawn"])
    def test_a_negative_decision_says_why(self, outcome: str, asked: Approval, reviewer: User) -> None:
        with refused("reason_missing"):
            decide(reviewer, asked, outcome, reason="  ")
        assert decide(reviewer, asked, outcome, reason="Te vroeg.").reason == "Te vroeg."

    @pytest.mark.parametrize(("outcome", "passes"), [("noted", True), ("postponed", False), ("refused", False)])
    def test_what_comes_next_follows_from_the_outcome(
        self, outcome: str, passes: bool, asked: Approval, reviewer: User
    ) -> None:
        decide(reviewer, asked, outcome, reason="x")
        assert read(asked.dossier).next_step == ("information_negotiation" if passes else "mandate")

    def test_everything_wrong_with_a_decision_is_said_at_once(self, asked: Approval, reviewer: User) -> None:
        with refused("outcome", "date_missing"):
            actions.decide_consent(actor=reviewer, approval=asked, outcome="maybe", decided_on=None)
        tomorrow = timezone.localdate() + timedelta(days=1)
        with refused("future", "reason_missing"):
            actions.decide_consent(actor=reviewer, approval=asked, outcome="refused", decided_on=tomorrow)

    def test_an_approval_dated_before_what_it_needed_is_refused(self, asked: Approval, reviewer: User) -> None:
        with refused("initiative"):
            decide(reviewer, asked, on=(START - timedelta(days=1)).isoformat())

    def test_after_a_refusal_it_can_be_asked_and_decided_again(
        self, asked: Approval, staff: User, reviewer: User
    ) -> None:
        decide(reviewer, asked, "refused", reason="Nee.")
        second = actions.ask_consent(actor=staff, dossier=asked.dossier, step="mandate")
        decision = decide(reviewer, second, on="2024-03-01")
        assert (second.attempt, decision.seen["earlier_decisions"]) == (
            2,
            [{"outcome": "refused", "decided_on": "2024-02-01", "reason": "Nee."}],
        )
        assert read(asked.dossier).next_step == "information_negotiation"

    def test_a_refused_ratification_leaves_no_act(
        self, make_dossier: Open, advance: Go, give_evidence: Papers, staff: User, reviewer: User
    ) -> None:
        dossier = advance(make_dossier(), "plenary_vote")
        give_evidence(dossier, "sanction_and_promulgation")
        approval = actions.ask_consent(actor=staff, dossier=dossier, step="sanction_and_promulgation")
        decision = decide(reviewer, approval, "postponed", timezone.localdate().isoformat(), reason="x")
        assert not decision.event.acts.exists()
        assert not dossier.treaty.acts.filter(kind=ActKind.DECREE).exists()


class TestWithdrawing:
    def test_whoever_asked_takes_it_back_and_asks_again(self, asked: Approval, staff: User, reviewer: User) -> None:
        decision = actions.withdraw_request(actor=staff, approval=asked, reason="nota verouderd")
        assert (decision.outcome, decision.decided_by, decision.event.outcome) == ("withdrawn", staff, "withdrawn")
        second = actions.ask_consent(actor=staff, dossier=asked.dossier, step="mandate")
        assert second.attempt == 2
        with conflict("An Beheerder", "ingetrokken"):
            decide(reviewer, asked)
        assert decide(reviewer, second).outcome == "approved"

    def test_what_was_decided_is_not_withdrawn(self, asked: Approval, staff: User, reviewer: User) -> None:
        decide(reviewer, asked)
        with conflict("Rita Beoordelaar", "goedgekeurd"):
            actions.withdraw_request(actor=staff, approval=asked, reason="toch niet")

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_withdrawing_needs_a_reason(self, reason: str, asked: Approval, staff: User) -> None:
        with refused("reason_missing"):
            actions.withdraw_request(actor=staff, approval=asked, reason=reason)

    def test_an_auditor_withdraws_nothing(self, asked: Approval, auditor: User) -> None:
        with refused("not_allowed"):
            actions.withdraw_request(actor=auditor, approval=asked, reason="x")


class TestDatabaseFences:
    """What the actions refuse is refused to whoever writes the row."""

    INSERT = """
        INSERT INTO workflow_decision (approval_id, outcome, decided_on, number, reason, asked_by_id, decided_by_id,
                                       decided_at, seen, seen_sha256, change_id)
        VALUES (%s, %s, '2024-02-01', '', '', %s, %s, now(), '{}', '', %s)
    """

    def insert(self, approval: Approval, outcome: str, asked_by: User, decided_by: User) -> None:
        with change(decided_by, action=Action.CONSENT_DECIDE, reason="by hand") as row, connection.cursor() as cursor:
            cursor.execute(self.INSERT, [approval.pk, outcome, asked_by.pk, decided_by.pk, row.pk])

    def test_the_asker_cannot_be_written_in_as_decider(self, asked: Approval, staff: User) -> None:
        with pytest.raises(Error, match="four_eyes"):
            self.insert(asked, "approved", staff, staff)

    def test_nor_by_naming_somebody_else_as_the_asker(self, asked: Approval, staff: User, staff2: User) -> None:
        with pytest.raises(Error, match="names another asker"):
            self.insert(asked, "approved", staff2, staff)

    def test_a_second_decision_cannot_be_written_in(self, asked: Approval, staff: User, reviewer: User) -> None:
        self.insert(asked, "approved", staff, reviewer)
        with pytest.raises(Error, match="unique constraint"):
            self.insert(asked, "refused", staff, reviewer)

    def test_a_withdrawal_is_the_asker_s_own(self, asked: Approval, staff: User) -> None:
        self.insert(asked, "withdrawn", staff, staff)
        assert Decision.objects.get().outcome == "withdrawn"

    def test_an_attempt_is_made_once(self, asked: Approval) -> None:
        asked.pk = None
        with pytest.raises(Error, match="attempt_once"), transaction.atomic():
            asked.save(force_insert=True)

    def test_against_the_order_without_a_reason_is_refused(self, make_dossier: Open, staff: User) -> None:
        event = record(staff, make_dossier(), "initiative")
        event.pk, event.despite = None, ["mandate"]
        with pytest.raises(Error, match="despite_needs_reason"), transaction.atomic():
            event.save(force_insert=True)

    def test_taking_back_takes_something_back(self, make_dossier: Open, staff: User) -> None:
        event = record(staff, make_dossier(), "initiative")
        event.pk, event.is_void = None, True
        with pytest.raises(Error, match="void_takes_something_back"), transaction.atomic():
            event.save(force_insert=True)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 4_001])
def test_text_that_cannot_be_kept_is_refused(
    text: str, asked: Approval, make_dossier: Open, staff: User, reviewer: User
) -> None:
    dossier = make_dossier()
    with refused("text"):
        decide(reviewer, asked, reason=text)
    with refused("text"):
        actions.withdraw_request(actor=staff, approval=asked, reason=text)
    with refused("text"):
        actions.ask_consent(actor=staff, dossier=dossier, step="mandate", note=text)
