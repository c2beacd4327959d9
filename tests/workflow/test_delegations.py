"""Who acts for somebody absent: what can be handed over, how long, and that four eyes count both."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.models import Change
from tests.factories import add_pdf
from tests.workflow.rows import conflict, refused
from treaties.choices import DocumentKind
from workflow import actions, delegations
from workflow.models import Approval, Decision, Delegation, Dossier, Revocation

pytestmark = pytest.mark.django_db


def day(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def give(actor: User, delegate: User | None, **kw: Any) -> Delegation:
    said = {"absent": actor, "begins": day(), "ends": day(10), "reason": "on leave"} | kw
    return actions.give_delegation(actor=actor, delegate=delegate, **said)


def decide(actor: User, approval: Approval, delegation: Delegation | None = None) -> Decision:
    return actions.decide_consent(
        actor=actor, approval=approval, outcome="approved", decided_on=date(2024, 2, 1), delegation=delegation
    )


@pytest.fixture
def ask(
    make_dossier: Callable[..., Dossier],
    advance: Callable[..., Dossier],
    give_evidence: Callable[[Dossier, str], None],
) -> Callable[[User], Approval]:
    def go(actor: User) -> Approval:
        dossier = advance(make_dossier(), "initiative")
        give_evidence(dossier, "mandate")
        return actions.ask_consent(actor=actor, dossier=dossier, step="mandate")

    return go


@pytest.fixture
def reviewer2(db: None) -> User:
    return add_person(username="reviewer2", role=Role.REVIEWER, password=None, last_name="Roos Beoordelaar")


Ask = Callable[[User], Approval]


class TestGiving:
    def test_it_says_who_for_whom_from_when_to_when_and_why(self, reviewer: User, staff2: User) -> None:
        given = give(reviewer, staff2, procedures=["exclusive", "exclusive"], department="Buitenlandse Zaken")
        kept = Delegation.objects.get()
        assert kept == given
        assert (kept.absent, kept.delegate, kept.begins, kept.ends) == (reviewer, staff2, day(), day(10))
        assert (kept.procedures, kept.department, kept.reason) == (["exclusive"], "Buitenlandse Zaken", "on leave")
        assert (kept.change.action, kept.change.actor) == ("delegation.change", reviewer)
        assert delegations.held_by(staff2) == [given]

    def test_an_administrator_hands_over_for_somebody_else(
        self, administrator: User, reviewer: User, staff2: User
    ) -> None:
        assert give(administrator, staff2, absent=reviewer).given_by == administrator

    def test_everything_wrong_is_said_at_once(self, reviewer: User, auditor: User) -> None:
        with refused("unfit_delegate", "procedure", "too_long"):
            give(reviewer, auditor, procedures=["nothing"], ends=day(184))
        with refused("delegate", "date_missing", "date_missing"):
            give(reviewer, None, begins=None, ends=None)

    def test_what_one_may_not_do_is_not_handed_over(self, staff: User, staff2: User, administrator: User) -> None:
        with refused("not_allowed", "nothing_to_delegate"):
            give(staff, staff2)
        with refused("nothing_to_delegate"):
            give(administrator, staff2, absent=staff)

    def test_what_is_another_s_is_not_handed_over(self, reviewer: User, reviewer2: User, staff: User) -> None:
        with refused("not_yours"):
            give(reviewer, staff, absent=reviewer2)

    def test_not_to_oneself(self, reviewer: User) -> None:
        with refused("to_oneself"):
            give(reviewer, reviewer)

    @pytest.mark.parametrize(("begins", "ends", "code"), [(0, 184, "too_long"), (5, 4, "period"), (-5, -1, "past")])
    def test_the_period_has_limits(self, begins: int, ends: int, code: str, reviewer: User, staff: User) -> None:
        with refused(code):
            give(reviewer, staff, begins=day(begins), ends=day(ends))
        assert give(reviewer, staff, begins=day(), ends=day(183)).ends == day(183)

    def test_a_delegate_does_not_hand_on(self, reviewer: User, reviewer2: User, staff: User) -> None:
        given = give(reviewer, reviewer2)
        with refused("chain"):
            give(reviewer2, staff)
        with refused("chain"):
            give(reviewer2, reviewer)
        assert give(reviewer2, staff, begins=day(11), ends=day(12))
        actions.revoke_delegation(actor=reviewer2, delegation=given, reason="I am away too")
        assert give(reviewer2, staff)

    def test_who_handed_over_does_not_stand_in(self, reviewer: User, reviewer2: User, staff: User) -> None:
        give(reviewer, staff)
        with refused("chain"):
            give(reviewer2, reviewer)

    @pytest.mark.parametrize("text", ["", "a\x00b", "\ud800", "x" * 501])
    def test_a_reason_that_cannot_be_kept_is_refused(self, text: str, reviewer: User, staff: User) -> None:
        with refused("text"):
            give(reviewer, staff, reason=text)


class TestDeciding:
    def test_both_names_are_kept_and_shown(self, ask: Ask, staff: User, staff2: User, reviewer: User) -> None:
        given = give(reviewer, staff2)
        decision = decide(staff2, ask(staff), given)
        kept = Decision.objects.get()
        assert (kept.decided_by, kept.decided_for, kept.delegation) == (staff2, reviewer, given)
        assert (decision.event.recorded_by, decision.change.actor) == (staff2, staff2)
        client = Client(headers={"accept-language": "en"})
        client.force_login(reviewer)
        sentence = f"Bart Beheerder for Rita Beoordelaar, by delegation until {given.ends.day} "
        for address in (
            f"/decisions/{kept.pk}/",
            f"/review/{kept.approval_id}/",
            kept.approval.dossier.get_absolute_url(),
        ):
            assert sentence in client.get(address).content.decode(), address
        assert kept.approval.dossier.reference in client.get("/delegations/").content.decode()

    def test_without_a_delegation_staff_do_not_decide(
        self, ask: Ask, staff: User, staff2: User, reviewer: User
    ) -> None:
        give(reviewer, staff2)
        approval = ask(staff)
        with refused("not_allowed"):
            decide(staff2, approval)

    def test_the_asker_does_not_decide_for_another(self, ask: Ask, staff: User, reviewer: User) -> None:
        given, approval = give(reviewer, staff), ask(staff)
        with refused("four_eyes"):
            decide(staff, approval, given)

    def test_nor_does_another_for_the_asker(self, ask: Ask, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(reviewer)
        with refused("four_eyes_absent"):
            decide(staff2, approval, given)

    def test_what_either_changed_counts(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        add_pdf(reviewer, approval.dossier.treaty, DocumentKind.MEMORANDUM, "newer")
        with refused("edited_since_absent"):
            decide(staff2, approval, given)
        add_pdf(staff2, approval.dossier.treaty, DocumentKind.MEMORANDUM, "newest")
        with refused("edited_since", "edited_since_absent"):
            decide(staff2, approval, given)

    @pytest.mark.parametrize(
        ("scope", "codes"),
        [
            ({"procedures": ["mixed"]}, ["out_of_scope"]),
            ({"department": "Elders"}, ["out_of_scope"]),
            ({"begins": "later"}, ["out_of_period"]),
            ({"procedures": ["exclusive"]}, []),
        ],
    )
    def test_it_covers_what_was_said(
        self, scope: dict[str, Any], codes: list[str], ask: Ask, staff: User, reviewer: User, staff2: User
    ) -> None:
        if "begins" in scope:
            scope = {"begins": day(1)}
        given, approval = give(reviewer, staff2, **scope), ask(staff)
        if codes:
            with refused(*codes):
                decide(staff2, approval, given)
        else:
            assert decide(staff2, approval, given).delegation == given

    def test_after_its_last_day_it_is_over(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        with time_machine.travel(timezone.now() + timedelta(days=11)), refused("out_of_period"):
            decide(staff2, approval, given)

    def test_of_somebody_else_it_is_no_use(
        self, ask: Ask, staff: User, reviewer: User, staff2: User, administrator: User
    ) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        with refused("not_delegated"):
            decide(administrator, approval, given)

    def test_who_loses_the_right_takes_it_along(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        reviewer.role = Role.STAFF
        reviewer.save()
        assert delegations.held_by(staff2) == []
        with refused("nothing_to_delegate"):
            decide(staff2, approval, Delegation.objects.get(pk=given.pk))

    def test_taken_back_it_is_over_at_once(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        actions.revoke_delegation(actor=reviewer, delegation=given, reason="back early")
        with refused("revoked"):
            decide(staff2, approval, given)
        assert Revocation.objects.get().change.reason == "back early"


class TestTakingBack:
    @pytest.mark.parametrize("name", ["reviewer", "staff2", "administrator"])
    def test_by_either_or_an_administrator(
        self, name: str, reviewer: User, staff2: User, request: pytest.FixtureRequest
    ) -> None:
        given = give(reviewer, staff2)
        actor = request.getfixturevalue(name)
        assert actions.revoke_delegation(actor=actor, delegation=given, reason="x").revoked_by == actor
        with conflict(actor.name):
            actions.revoke_delegation(actor=reviewer, delegation=given, reason="x")

    def test_by_nobody_else(self, reviewer: User, reviewer2: User, staff2: User) -> None:
        given = give(reviewer, staff2)
        with refused("not_allowed"):
            actions.revoke_delegation(actor=reviewer2, delegation=given, reason="x")


class TestTheDatabase:
    INSERT = """
        INSERT INTO workflow_decision (approval_id, outcome, decided_on, number, reason, asked_by_id, decided_by_id,
            decided_for_id, delegation_id, decided_at, seen, seen_sha256, change_id)
        SELECT id, 'approved', '2024-02-01', '', '', asked_by_id, %s, %s, %s, now(), '{}', '', %s
        FROM workflow_approval WHERE id = %s
    """

    def by_hand(self, approval: Approval, decider: User, absent: User | None, given: Delegation | None) -> None:
        opened = change(decider, action=Action.CONSENT_DECIDE, reason="by hand")
        values = [decider.pk, absent and absent.pk, given and given.pk]
        with transaction.atomic(), opened as row, connection.cursor() as cursor:
            cursor.execute(self.INSERT, [*values, row.pk, approval.pk])

    def test_a_delegate_of_the_asker_does_not_decide(self, ask: Ask, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(reviewer)
        with pytest.raises(IntegrityError, match="who asked for a consent does not decide it"):
            self.by_hand(approval, staff2, reviewer, given)

    def test_the_absent_one_s_edits_count(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        add_pdf(reviewer, approval.dossier.treaty, DocumentKind.MEMORANDUM, "newer")
        with pytest.raises(IntegrityError, match="who changed the evidence"):
            self.by_hand(approval, staff2, reviewer, given)

    def test_both_names_or_none(self, ask: Ask, staff: User, reviewer: User, staff2: User) -> None:
        given, approval = give(reviewer, staff2), ask(staff)
        for absent, by in ((reviewer, None), (None, given), (staff, given)):
            with pytest.raises(IntegrityError):
                self.by_hand(approval, staff2, absent, by)
        self.by_hand(approval, staff2, reviewer, given)
        assert Decision.objects.get().decided_for == reviewer

    @pytest.mark.parametrize(
        "scope", [{"procedures": ["mixed"]}, {"department": "Elders"}, {"begins": 3}, {"revoked": True}]
    )
    def test_it_holds_what_it_covers(
        self, scope: dict[str, Any], ask: Ask, staff: User, reviewer: User, staff2: User
    ) -> None:
        said = {name: value for name, value in scope.items() if name in ("procedures", "department")}
        given = give(reviewer, staff2, **said, **({"begins": day(3)} if "begins" in scope else {}))
        if "revoked" in scope:
            actions.revoke_delegation(actor=staff2, delegation=given, reason="x")
        with pytest.raises(IntegrityError, match="does not let this person decide"):
            self.by_hand(ask(staff), staff2, reviewer, given)

    @pytest.mark.parametrize(
        ("pair", "days", "match"),
        [
            ("reviewer reviewer", 5, "delegated_to_somebody_else"),
            ("reviewer staff", -1, "delegation_ends_after_it_begins"),
            ("reviewer staff", 184, "delegation_half_a_year"),
            ("staff2 staff", 5, "not delegated on"),
        ],
    )
    def test_what_is_no_delegation_is_refused(
        self, pair: str, days: int, match: str, reviewer: User, staff2: User, staff: User, administrator: User
    ) -> None:
        give(administrator, staff2)
        people = {"reviewer": reviewer, "staff": staff, "staff2": staff2}
        absent, delegate = (people[name] for name in pair.split())
        with change(administrator, action=Action.DELEGATION, reason="by hand") as row:
            by_hand = Delegation(
                absent=absent,
                delegate=delegate,
                begins=day(),
                ends=day(days),
                reason="x",
                given_by=administrator,
                change=row,
            )
            with pytest.raises(IntegrityError, match=match), transaction.atomic():
                by_hand.save(force_insert=True)

    @pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'y'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    @pytest.mark.parametrize("table", ["workflow_delegation", "workflow_revocation"])
    def test_nothing_is_rewritten(self, statement: str, table: str, reviewer: User, staff: User) -> None:
        actions.revoke_delegation(actor=staff, delegation=give(reviewer, staff), reason="x")
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement.format(table)}")


class TestPages:
    def client(self, person: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        return client

    def send(self, person: User, address: str, status: int, **data: Any) -> str:
        answer = self.client(person).post(address, {"submission": str(uuid4()), **data})
        assert answer.status_code == status, answer.content.decode()[-2000:]
        return answer.content.decode()

    def test_a_reviewer_hands_over_and_takes_back(self, reviewer: User, staff2: User) -> None:
        assert "No delegations" in self.client(reviewer).get("/delegations/").content.decode()
        days = {"begins": day().isoformat(), "ends": day(5).isoformat()}
        self.send(reviewer, "/delegations/new/", 302, delegate=staff2.pk, reason="on leave", **days)
        given = Delegation.objects.get()
        page = self.client(reviewer).get("/delegations/").content.decode()
        assert "Bart Beheerder" in page
        assert "In force" in page
        self.send(reviewer, f"/delegations/{given.pk}/revoke/", 302, reason="back early")
        page = self.client(reviewer).get("/delegations/").content.decode()
        assert "Taken back" in page
        assert "back early" in page

    def test_what_was_typed_is_kept_beside_what_is_wrong(self, reviewer: User) -> None:
        page = self.send(
            reviewer, "/delegations/new/", 422, delegate=reviewer.pk, begins="x", ends="2026", reason="x" * 600
        )
        assert "x" * 600 in page
        assert "Give the day too." in page
        assert not Delegation.objects.exists()

    def test_a_form_sent_twice_counts_once(self, reviewer: User, staff2: User) -> None:
        days = {"begins": day().isoformat(), "ends": day(5).isoformat()}
        data = {"submission": str(uuid4()), "delegate": staff2.pk, "reason": "on leave", **days}
        for _ in range(2):
            assert self.client(reviewer).post("/delegations/new/", data).status_code == 302
        assert Change.objects.filter(action="delegation.change").count() == 1

    def test_a_delegate_finds_the_review_and_decides(self, ask: Ask, staff: User, staff2: User, reviewer: User) -> None:
        approval = ask(staff)
        assert self.client(staff2).get("/review/").status_code == 404
        given = give(reviewer, staff2)
        assert "Rita Beoordelaar, until" in self.client(staff2).get("/desk/").content.decode()
        assert self.client(staff2).get("/review/").status_code == 200
        page = self.client(staff2).get(f"/review/{approval.pk}/").content.decode()
        assert "For Rita Beoordelaar, by delegation until" in page
        assert "My own" not in page
        data = {
            "version": approval.dossier.__class__.objects.get(pk=approval.dossier_id).version,
            "approval": approval.pk,
            "outcome": "approved",
            "decided_on": "2024-02-01",
        }
        again = self.send(staff2, f"/review/{approval.pk}/", 422, **data)
        assert "Choose for whom you record it." in again
        self.send(staff2, f"/review/{approval.pk}/", 302, delegation=given.pk, **data)
        assert Decision.objects.get().decided_for == reviewer

    def test_a_reviewer_who_stands_in_chooses_whose_decision_it_is(
        self, ask: Ask, staff: User, reviewer: User, reviewer2: User
    ) -> None:
        give(reviewer, reviewer2)
        page = self.client(reviewer2).get(f"/review/{ask(staff).pk}/").content.decode()
        assert "My own" in page
        assert "For Rita Beoordelaar, by delegation until" in page

    def test_staff_see_what_names_them_only(self, reviewer: User, staff: User, staff2: User) -> None:
        given = give(reviewer, staff2)
        assert "Rita Beoordelaar" in self.client(staff2).get("/delegations/").content.decode()
        assert "Rita Beoordelaar" not in self.client(staff).get("/delegations/").content.decode()
        assert self.client(staff).get(f"/delegations/{given.pk}/revoke/").status_code == 404

    def test_the_same_number_of_queries_for_one_and_for_many(self, reviewer: User, staff: User, staff2: User) -> None:
        counted = []
        for number in range(1, 7):
            give(reviewer, staff2 if number % 2 else staff, begins=day(number), ends=day(number))
            if number in (1, 6):
                client = self.client(reviewer)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get("/delegations/").status_code == 200
                counted.append(len(queries))
        assert counted[0] == counted[1]
