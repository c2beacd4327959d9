"""What holds of every procedure, and whatever was recorded: the engine by facts alone."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.facts import ENTITIES, FIRST, a_fact, a_fact_of, on_the_last_day, path
from treaties.choices import Precision, RelationKind, Stage
from treaties.dates import PartialDate
from workflow.choices import Consent, StepState, Track
from workflow.conditions import Fact, Situation, known, steps_of
from workflow.engine import Assessment, assess, blockers_for
from workflow.procedures import ALL, Procedure
from workflow.procedures.language import Step

# In reading order: a procedure need not pass through each of them.
STAGES = list(Stage)


def walk(procedure: Procedure) -> list[str]:
    """From nothing to the end by the step the engine names next; what else that step needs happens before it."""
    told: list[Fact] = []
    taken: list[str] = []
    day = FIRST
    relations = frozenset(procedure.parents[:1])
    for _turn in range(80):
        seen = assess(procedure, told, day, entities=ENTITIES, relations=relations)
        if seen.next is None:
            assert seen.stage == Stage.DONE
            return taken
        step = _possible(seen, seen.next.step)
        for entity in sorted(ENTITIES) if step.per_entity else [""]:
            told.append(a_fact_of(step, day, len(told) + 1, entity=entity))
        taken.append(step.code)
        day += timedelta(days=70)
    raise AssertionError(f"{procedure.code} does not end: {taken}")


def _possible(seen: Assessment, step: Step) -> Step:
    """The step itself where nothing blocks it, else the first one it waits for that can be taken."""
    report = seen.report(step.code)
    if not report.blockers:
        return step
    blocked = {blocker.code for blocker in report.blockers}
    wanted = [code for need in step.needs if need.code in blocked for code in steps_of(need.condition)]
    assert wanted, (step.code, blocked)
    return next(_possible(seen, seen.procedure.step(code)) for code in wanted)


class TestEveryProcedureEnds:
    @pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
    def test_it_can_be_walked_to_its_end_with_every_required_step(self, procedure: Procedure) -> None:
        taken = walk(procedure)
        required = [step.code for step in procedure.steps if step.track == Track.MAIN and not step.optional]
        assert [code for code in taken if code in required] == required
        assert len(taken) == len(set(taken))

    @pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
    def test_the_usual_path_breaks_no_order(self, procedure: Procedure) -> None:
        told = path(procedure, procedure.steps[-1].code, entities=ENTITIES)
        assert on_the_last_day(procedure, told, ENTITIES).deviations == ()


@dataclass(frozen=True)
class Story:
    """A procedure and what happened; short to read where a test fails."""

    procedure: Procedure
    facts: list[Fact]

    def __repr__(self) -> str:
        told = [(fact.step, fact.when.iso, fact.outcome, fact.entity, fact.body) for fact in self.facts]
        return f"{self.procedure.code}: {told}"


# Steps of whatever procedure: a dossier may have followed another one before; and one that no procedure has.
EVERY_STEP = list({step.code: step for procedure in ALL for step in procedure.steps}.values())
UNHEARD_OF = a_fact("never_heard_of", "2024-05-05", "odd", pk=999)


def some_facts(procedure: Procedure) -> st.SearchStrategy[list[Fact]]:
    """Any steps in any order on any days, as history may really have been recorded."""
    one = st.tuples(
        st.one_of(st.sampled_from(procedure.steps), st.sampled_from(EVERY_STEP)),
        st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2027, 12, 31))),
        st.sampled_from(list(Precision)[:3]),
        st.integers(0, 9),
        st.sampled_from(["", "X-BE-FED", "X-BE-FG"]),
        st.sampled_from(["", "TR-A", "TR-B"]),
        st.sampled_from(["", "serv", "vlor"]),
    )

    def build(told: list[tuple]) -> list[Fact]:
        found = []
        for pk, (step, on, precision, number, entity, treaty, body) in enumerate(told, start=1):
            ways = list(Consent.values) if step.gate else ["", *(outcome.code for outcome in step.outcomes)]
            plain = a_fact(
                step.code,
                on,
                ways[number % len(ways)],
                entity=entity if step.per_entity else "",
                treaty=treaty if step.per_treaty else "",
                body=body if step.per_body else "",
                until=on + timedelta(days=number * 20) if on and step.names_last_day and number else None,
                pk=pk,
            )
            found.append(replace(plain, when=PartialDate(on, precision)) if on else plain)
        return found

    return st.lists(one, max_size=16).map(build)


any_dossier = st.sampled_from(range(len(ALL))).flatmap(
    lambda number: some_facts(ALL[number]).map(lambda told: Story(ALL[number], told))
)
any_day = st.dates(date(2022, 12, 1), date(2028, 1, 31))


def told(seen: Assessment) -> object:
    """What an assessment says, whatever the order its facts came in."""
    return (
        seen.stage,
        seen.awaited,
        seen.next and seen.next.step.code,
        [(report.step.code, report.state, report.blockers, report.missing_entities) for report in seen.steps],
        sorted((deadline.step.code, deadline.last or date.max, deadline.fact.pk) for deadline in seen.deadlines),
        sorted((found.fact.pk, found.need.code) for found in seen.deviations),
    )


class TestWhateverHappened:
    @given(any_dossier, any_day, st.frozensets(st.sampled_from(sorted(ENTITIES))))
    def test_every_step_has_a_state_and_no_open_step_a_blocker(
        self, dossier: Story, on: date, entities: frozenset[str]
    ) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        seen = assess(procedure, happened, on, entities=entities)
        for report in seen.steps:
            if report.state == StepState.OPEN:
                assert report.blockers == ()
            if report.state == StepState.BLOCKED:
                assert report.blockers
                assert all(blocker.code and str(blocker.sentence) for blocker in report.blockers)
            if report.state == StepState.SCHEDULED:
                assert any(fact.when.on and fact.when.on > on for fact in report.facts)
            if report.state == StepState.PASSED:
                assert report.step.track == Track.MAIN

    @given(any_dossier, any_day)
    def test_the_next_step_lies_ahead_in_the_stage_said(self, dossier: Story, on: date) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        seen = assess(procedure, happened, on)
        if seen.next is None:
            assert (seen.stage, seen.awaited) == (Stage.DONE, None)
        else:
            assert (seen.stage, seen.awaited) == (seen.next.step.stage, seen.next.step.actor)
            assert seen.next.state not in (StepState.HAPPENED, StepState.PASSED, StepState.NOT_NEEDED)

    @given(any_dossier, any_day, st.randoms(use_true_random=False))
    def test_the_order_in_which_facts_are_read_does_not_matter(self, dossier: Story, on: date, random: Random) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        shuffled = random.sample(happened, len(happened))
        assert told(assess(procedure, shuffled, on)) == told(assess(procedure, happened, on))

    @given(any_dossier, any_day)
    def test_what_lies_in_the_future_changes_nothing_but_what_is_announced(self, dossier: Story, on: date) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        now = assess(procedure, happened, on)
        without = assess(procedure, known(happened, on), on)
        assert now.deviations == without.deviations
        for one, other in zip(now.steps, without.steps, strict=True):
            assert one.blockers == other.blockers
            assert one.state in (other.state, StepState.SCHEDULED)

    @given(st.sampled_from(range(len(ALL))), st.integers(1, 90))
    def test_the_stage_never_goes_back_while_facts_come_in_order(self, number: int, gap: int) -> None:
        procedure = ALL[number]
        everything = path(procedure, procedure.steps[-1].code, entities=ENTITIES, gap=gap)
        seen = [
            STAGES.index(on_the_last_day(procedure, everything[:count], ENTITIES).stage)
            for count in range(len(everything) + 1)
        ]
        assert all(earlier <= later for earlier, later in pairwise(seen))
        assert seen[-1] == STAGES.index(Stage.DONE)

    @given(any_dossier, any_day)
    def test_blockers_are_the_same_for_page_and_action(self, dossier: Story, on: date) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        seen = assess(procedure, happened, on)
        there = Situation(procedure, known(happened, on), on)
        for report in seen.steps:
            assert list(report.blockers) == blockers_for(procedure, report.step.code, there)

    @given(any_dossier)
    def test_a_deviation_is_always_a_date_before_another(self, dossier: Story) -> None:
        procedure, happened = dossier.procedure, dossier.facts
        for found in assess(procedure, happened, date(2028, 1, 31)).deviations:
            assert found.fact.when.on
            assert found.before.when.on
            assert found.fact.when.on < found.before.when.on


class TestNothingIsTooOdd:
    @given(
        any_dossier,
        any_day,
        st.frozensets(st.sampled_from(["TR-A", "TR-B"])),
        st.dictionaries(st.sampled_from(sorted(ENTITIES)), st.integers(0, 3)),
        st.frozensets(st.sampled_from(RelationKind)),
    )
    def test_assessing_never_fails(
        self,
        dossier: Story,
        on: date,
        treaties: frozenset[str],
        entities: dict[str, int],
        relations: frozenset[RelationKind],
    ) -> None:
        told = [*dossier.facts, UNHEARD_OF]
        asked = frozenset({"mandate", "never_heard_of"})
        seen = assess(
            dossier.procedure, told, on, asked=asked, entities=entities, treaties=treaties, relations=relations
        )
        assert len(seen.steps) == len(dossier.procedure.steps)
        assert (UNHEARD_OF in seen.foreign) == (on >= date(2024, 5, 5))
        assert all(str(report.sentence) and report.working for report in seen.suspensions)
        for deadline in seen.deadlines:
            assert deadline.reckoning.working
            assert all(text.nl and text.en for text in deadline.reckoning.working)

    @given(any_dossier, any_day)
    def test_a_fact_counts_is_overtaken_foreign_or_still_to_come(self, dossier: Story, on: date) -> None:
        seen = assess(dossier.procedure, dossier.facts, on)
        there = Situation(dossier.procedure, known(dossier.facts, on), on)
        counting = {fact.pk for step in dossier.procedure.steps for fact in there.of(step.code)}
        overtaken, foreign = ({fact.pk for fact in some} for some in (seen.overtaken, seen.foreign))
        assert counting | overtaken | foreign == {fact.pk for fact in there.facts}
        assert not counting & overtaken
        assert not counting & foreign
