"""Every procedure as a machine of lawful moves: in any order it goes on, and its gates stay shut until opened."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.workflow.facts import a_fact
from treaties.choices import Stage
from workflow.choices import Consent, StepState
from workflow.conditions import Fact, steps_of
from workflow.engine import Assessment, assess
from workflow.procedures import ALL, Procedure
from workflow.procedures.language import Step

ENTITIES = {"X-BE-FED": 1, "BE-WAL": 2}
FIRST = date(2024, 1, 8)
# What the engine says of its own, whatever a step needs.
GENERAL = {"suspended", "to_do_again"}
FAR = timedelta(days=3_000)


class Dossier(RuleBasedStateMachine):
    """Lawful moves only: an open step happens, an open gate is asked, what was asked is decided, time goes by."""

    @initialize(procedure=st.sampled_from(ALL))
    def begin(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.relations = frozenset(procedure.parents)
        self.told: list[Fact] = []
        self.asked: set[str] = set()
        self.today = FIRST

    def seen(self, on: date | None = None) -> Assessment:
        return assess(
            self.procedure,
            self.told,
            on or self.today,
            asked=frozenset(self.asked),
            entities=ENTITIES,
            relations=self.relations,
        )

    def tell(self, step: Step, outcome: str, entity: str = "") -> None:
        until = self.today + timedelta(days=20) if step.names_last_day else None
        fact = a_fact(step.code, self.today, outcome, entity=entity, pk=len(self.told) + 1)
        self.told.append(Fact(**{**vars(fact), "until": until}))

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        ready = [
            report.step
            for report in self.seen().steps
            if not report.step.gate and report.state == StepState.OPEN and not report.blockers
        ]
        if not ready:
            return
        # Rather the next one than an end: a machine that always ends at once shows little.
        step = data.draw(st.sampled_from([one for one in ready if one.stage != Stage.DONE] or ready))
        outcomes = [one.code for one in step.outcomes if not one.ends] or [one.code for one in step.outcomes] or [""]
        entity = data.draw(st.sampled_from(sorted(ENTITIES))) if step.per_entity else ""
        self.tell(step, data.draw(st.sampled_from(outcomes)), entity)

    @rule(data=st.data())
    def consent_is_asked(self, data: st.DataObject) -> None:
        gates = [one.step.code for one in self.seen().steps if one.step.gate and one.state == StepState.OPEN]
        if gates:
            self.asked.add(data.draw(st.sampled_from(gates)))

    @precondition(lambda self: bool(getattr(self, "asked", ())))
    @rule(data=st.data(), outcome=st.sampled_from([*[Consent.APPROVED] * 4, *Consent]))
    def consent_is_decided(self, data: st.DataObject, outcome: Consent) -> None:
        code = data.draw(st.sampled_from(sorted(self.asked)))
        lawful = not self.seen().report(code).blockers
        self.asked.discard(code)
        if lawful or outcome not in (Consent.APPROVED, Consent.NOTED):
            self.tell(self.procedure.step(code), outcome)

    @rule(days=st.integers(1, 45))
    def time_goes_by(self, days: int) -> None:
        self.today += timedelta(days=days)

    @invariant()
    def a_gate_is_only_passed_by_a_decision(self) -> None:
        if not hasattr(self, "procedure"):
            return
        decided = {fact.step for fact in self.told}
        for report in self.seen().steps:
            if report.step.gate and report.state == StepState.HAPPENED:
                assert report.step.code in decided

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        """Today, or once every term that runs has run out: a step that can happen, or the end."""
        if not hasattr(self, "procedure"):
            return
        later = self.seen(self.today + FAR)
        assert later.next is None or any(report.is_open for report in later.steps)
        if later.next and later.next.state == StepState.BLOCKED:
            wanted = {
                code for need in later.next.step.needs for code in steps_of(need.condition) if self.procedure.has(code)
            }
            assert later.next.blockers
            general = {blocker.code for blocker in later.next.blockers} & GENERAL
            assert general or wanted or self.procedure.parents

    @invariant()
    def what_is_blocked_says_why(self) -> None:
        if not hasattr(self, "procedure"):
            return
        for report in self.seen().steps:
            if report.state == StepState.BLOCKED:
                assert all(str(blocker.sentence) for blocker in report.blockers)
                assert report.blockers


TestDossier = Dossier.TestCase
TestDossier.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def some_facts(procedure: Procedure) -> st.SearchStrategy[list[Fact]]:
    def a(place: int, days: int, outcome: int, pk: int) -> Fact:
        step = procedure.steps[place % len(procedure.steps)]
        outcomes = list(Consent) if step.gate else [one.code for one in step.outcomes] or [""]
        entity = "X-BE-FED" if step.per_entity else ""
        return a_fact(step.code, FIRST + timedelta(days=days), outcomes[outcome % len(outcomes)], entity=entity, pk=pk)

    numbers: Any = st.tuples(st.integers(0, 60), st.integers(0, 400), st.integers(0, 8))
    return st.lists(numbers, max_size=14).map(
        lambda rows: [a(*row, pk=pk) for pk, row in enumerate(rows, start=1)]  # type: ignore[call-arg]
    )


@pytest.mark.parametrize("procedure", ALL, ids=lambda one: f"{one.code}-{one.version}")
def test_an_event_removes_no_reason_that_does_not_speak_of_it(procedure: Procedure) -> None:
    @settings(max_examples=25, deadline=None)
    @given(some_facts(procedure), st.integers(0, 60), st.integers(0, 400))
    def holds(told: list[Fact], place: int, days: int) -> None:
        step = procedure.steps[place % len(procedure.steps)]
        if any(outcome.reopens for outcome in step.outcomes) or step.reopens or step.code in _general(procedure):
            return
        outcome = Consent.APPROVED if step.gate else (step.outcomes[0].code if step.outcomes else "")
        more = a_fact(step.code, FIRST + timedelta(days=days), outcome, entity="X-BE-FED", pk=99)
        on = FIRST + timedelta(days=500)
        before = assess(procedure, told, on, entities=ENTITIES)
        after = assess(procedure, [*told, more], on, entities=ENTITIES)
        for was, now in zip(before.steps, after.steps, strict=True):
            gone = {one.code for one in was.blockers} - {one.code for one in now.blockers} - GENERAL
            speak = {need.code: set(steps_of(need.condition)) for need in was.step.needs}
            answers = {
                term.answered_by for one in procedure.steps for term in one.terms if step.code in term.answered_by
            }
            for code in gone:
                assert step.code in speak[code] or answers or _moves_a_term(step, procedure)

    holds()


def _general(procedure: Procedure) -> set[str]:
    rule_ = procedure.suspension
    return {rule_.objection, rule_.finding, rule_.confirmation, rule_.release} if rule_ else set()


def _moves_a_term(step: Step, procedure: Procedure) -> bool:
    terms = [term for one in procedure.steps for term in one.terms]
    return any(step.code in term.extended_by or step.code == term.stopped_by for term in terms)
