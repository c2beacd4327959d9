"""Random walks through a dossier by its actions: whatever people try, what must hold keeps holding."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.refusals import Conflict, Refused
from tests.factories import a_treaty, add_pdf, read
from treaties.choices import DocumentKind, PartyKind, Qualification
from treaties.dates import PartialDate
from treaties.models import Act, Party, SearchDocument
from workflow import actions, procedures, queries, waiting
from workflow.actions import Finding
from workflow.choices import Authority, Consent
from workflow.guards import Happening
from workflow.held import held
from workflow.models import Approval, Decision, Determination, Dossier, EntityRequirement, Event, EventAct
from workflow.procedures import ALL, Procedure

ROLES = (Role.STAFF, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR)
# Papers that are not on file: some gates can do without them, when somebody says why.
WITHOUT = {DocumentKind.EXPLANATORY_MEMORANDUM, DocumentKind.FINANCE_ADVICE}
moves = st.lists(
    st.fixed_dictionaries(
        {
            "do": st.sampled_from(
                [
                    *("record", "record", "ask", "ask", "decide", "decide", "withdraw", "correct"),
                    *("requalify", "require", "release", "hold", "resume", "revise", "ask_without"),
                ]
            ),
            "who": st.integers(0, len(ROLES) - 1),
            "step": st.integers(0, 60),
            "days": st.integers(-20, 60),
            "outcome": st.sampled_from(list(Consent)),
            "despite": st.sampled_from(["", "as it was"]),
        }
    ),
    min_size=8,
    max_size=14,
)


class Walk:
    """One dossier with all the papers any gate asks for, and four people who try things."""

    def __init__(self, procedure: str) -> None:
        self.people = [add_person(username=role, role=role, password=None) for role in ROLES]
        treaty = a_treaty(self.people[0])
        self.dossier = actions.open_dossier(actor=self.people[0], treaty=treaty, procedure=procedure, reason="x")
        # Those of every procedure: the dossier may come to follow another one.
        kinds = {one.kind for procedure in ALL for gate in procedure.gates for one in gate.evidence}
        for kind in sorted(kinds - WITHOUT):
            add_pdf(self.people[0], treaty, kind)
        self.entities = list(Party.objects.filter(kind=PartyKind.BELGIAN_ENTITY))
        self.day = date(2024, 1, 8)
        self.events = 0
        self.said = (1, 0)

    @property
    def procedure(self) -> Procedure:
        """The one it follows now."""
        return read(self.dossier).procedure

    def take(self, move: dict[str, Any]) -> None:
        self.day = min(self.day + timedelta(days=move["days"]), date(2026, 1, 1))
        do: Callable[[User, dict[str, Any]], object] = getattr(self, f"_{move['do']}")
        before = (Event.objects.count(), Determination.objects.count(), EntityRequirement.objects.count())
        try:
            do(self.people[move["who"]], move)
        except (Refused, Conflict):
            after = (Event.objects.count(), Determination.objects.count(), EntityRequirement.objects.count())
            assert after == before, "a refusal wrote something"

    def _record(self, actor: User, move: dict[str, Any]) -> None:
        self._event(actor, self.procedure.steps[move["step"] % len(self.procedure.steps)].code, move)

    def _event(self, actor: User, code: str, move: dict[str, Any]) -> None:
        step = procedures.step_of(self.procedure, code)
        outcomes = [outcome.code for outcome in step.outcomes]
        happening = Happening(
            step=code,
            when=PartialDate(self.day),
            outcome=outcomes[move["step"] % len(outcomes)] if outcomes else "",
            entity=self.entities[move["step"] % len(self.entities)] if step.per_entity else None,
            body="serv" if step.per_body and move["step"] % 2 else "",
            until=self.day + timedelta(days=5) if step.names_last_day else None,
        )
        actions.record_event(actor=actor, dossier=self.dossier, happening=happening, despite_reason=move["despite"])

    def _hold(self, actor: User, move: dict[str, Any]) -> None:
        self._event(actor, "put_on_hold", move)

    def _resume(self, actor: User, move: dict[str, Any]) -> None:
        self._event(actor, "resumed", move)

    def _revise(self, actor: User, move: dict[str, Any]) -> None:
        self._event(actor, "draft_revised", move)

    def _requalify(self, actor: User, move: dict[str, Any]) -> None:
        is_mixed = move["step"] % 2
        actions.requalify(
            actor=actor,
            dossier=self.dossier,
            qualification=Qualification.MIXED if is_mixed else Qualification.EXCLUSIVE_BOTH,
            procedure="mixed" if is_mixed else "exclusive",
            reason="it turned out so",
            finding=Finding(Authority.CONFERENCE, PartialDate(self.day)),
        )

    def _require(self, actor: User, move: dict[str, Any]) -> None:
        actions.require_entity(
            actor=actor,
            dossier=self.dossier,
            entity=self.entities[move["step"] % len(self.entities)],
            acts=move["step"] % 4,
            reason="competent",
            finding=Finding(Authority.WORKING_GROUP, PartialDate(self.day)),
        )

    def _release(self, actor: User, move: dict[str, Any]) -> None:
        required = held(read(self.dossier)).requirements
        entity = required[0].entity if required else self.entities[0]
        actions.release_entity(
            actor=actor,
            dossier=self.dossier,
            entity=entity,
            reason="not concerned",
            finding=Finding(Authority.CONFERENCE, PartialDate(self.day)),
        )

    def _ask(self, actor: User, move: dict[str, Any], waived: dict[str, str] | None = None) -> None:
        gates = self.procedure.gates
        step = gates[move["step"] % len(gates)].code
        actions.ask_consent(actor=actor, dossier=self.dossier, step=step, waived=waived)

    def _ask_without(self, actor: User, move: dict[str, Any]) -> None:
        self._ask(actor, move, dict.fromkeys(WITHOUT, "not needed"))

    def _decide(self, actor: User, move: dict[str, Any]) -> None:
        if approval := Approval.objects.order_by("-id").first():
            actions.decide_consent(
                actor=actor, approval=approval, outcome=move["outcome"], decided_on=self.day, reason="because"
            )

    def _withdraw(self, actor: User, move: dict[str, Any]) -> None:
        if approval := Approval.objects.order_by("-id").first():
            actions.withdraw_request(actor=actor, approval=approval, reason="too early")

    def _correct(self, actor: User, move: dict[str, Any]) -> None:
        if event := Event.objects.order_by("-id").first():
            actions.correct_event(actor=actor, event=event, happening=None, reason="not so")

    def check(self) -> None:
        self._four_eyes()
        self._copies_equal_a_fresh_assessment()
        self._events_only_grow()
        self._what_was_determined_only_grows()
        self._what_is_waived_says_why()
        self._acts_are_those_of_standing_events()

    def _four_eyes(self) -> None:
        assert not Decision.objects.filter(decided_by=F("asked_by")).exclude(outcome=Consent.WITHDRAWN).exists()
        assert not Decision.objects.exclude(asked_by=F("approval__asked_by")).exists()
        gates = {step.code for procedure in ALL for step in procedure.gates}
        assert not Event.objects.filter(step__in=gates, decision__isnull=True).exists()

    def _copies_equal_a_fresh_assessment(self) -> None:
        row = read(self.dossier)
        now = queries.assessment(row)
        assert (row.stage, row.awaited, row.next_step, row.is_on_hold) == (
            now.stage,
            now.awaited or "",
            now.next.step.code if now.next else "",
            now.is_on_hold,
        )
        # The row and what was determined last never disagree on the procedure, and the page can say why it waits.
        assert held(row).procedure == row.procedure
        assert held(row).determination.qualification in ("undetermined", row.treaty.qualification)  # type: ignore[union-attr]
        assert waiting.why(now).whole.nl
        assert not (row.is_on_hold and row.next_deadline)
        assert SearchDocument.objects.get(treaty=row.treaty_id).stage == row.stage

    def _events_only_grow(self) -> None:
        assert Event.objects.count() >= self.events
        self.events = Event.objects.count()

    def _what_was_determined_only_grows(self) -> None:
        now = (Determination.objects.count(), EntityRequirement.objects.count())
        assert now >= self.said
        assert now[1] >= self.said[1]
        self.said = now
        assert Event.objects.filter(step="requalified").count() == now[0] - 1

    def _what_is_waived_says_why(self) -> None:
        for approval in Approval.objects.all():
            assert approval.evidence_sha256 == queries.digest(approval.evidence)
            for entry in approval.evidence:
                assert entry["state"] in ("present", "waived")
                assert entry["state"] == "present" or (entry["kind"] in WITHOUT and entry["reason"] == "not needed")

    def _acts_are_those_of_standing_events(self) -> None:
        standing = read(self.dossier).standing_events
        of_events = sorted(EventAct.objects.filter(event__in=standing).values_list("act_id", flat=True))
        assert sorted(Act.objects.filter(is_retracted=False).values_list("pk", flat=True)) == of_events


class TestWalks(TestCase):
    @given(st.sampled_from([procedure.code for procedure in ALL]), moves)
    @settings(max_examples=12)
    def test_whatever_people_try_the_dossier_stays_sound(self, procedure: str, tried: list[dict[str, Any]]) -> None:
        walk = Walk(procedure)
        for move in tried:
            walk.take(move)
            walk.check()
        assert not actions.recompute(actor=walk.people[0], dossier=walk.dossier, reason="check")


@pytest.mark.django_db
def test_a_dossier_is_never_deleted(make_dossier: Callable[..., Dossier]) -> None:
    from django.db import Error, transaction

    dossier = make_dossier()
    with pytest.raises(Error), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).delete()
    assert Dossier.objects.filter(pk=dossier.pk).exists()
