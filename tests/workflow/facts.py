"""Facts for the engine in the fewest words; no database."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from treaties.dates import UNKNOWN, PartialDate, parse
from workflow.choices import StepState
from workflow.conditions import Fact
from workflow.engine import Assessment, assess
from workflow.procedures.language import Procedure, Step

ENTITIES = frozenset({"X-BE-FED", "X-BE-FG"})
FIRST = date(2024, 1, 8)
RECORDED = datetime(2024, 1, 8, 12, tzinfo=UTC)
LATER = date(2026, 6, 1)
# How a step ends when a test does not say.
ENDS = {
    "council_of_state_requested": "30_days",
    "plenary_vote": "adopted",
    "working_group": "mixed",
    "ended": "expired",
    "route_check": "assented_beforehand",
    "assent_of_entity": "adopted",
}


def a_fact(
    step: str,
    on: str | date | None = FIRST,
    outcome: str = "",
    *,
    entity: str = "",
    pk: int = 1,
    treaty: str = "",
    body: str = "",
    until: date | None = None,
) -> Fact:
    """`on` as people write it; recorded in the order of `pk`."""
    when = UNKNOWN if on is None else PartialDate(on) if isinstance(on, date) else parse(on)
    return Fact(pk, step, when, RECORDED + timedelta(minutes=pk), outcome, entity, treaty, body, until)


def facts(*told: tuple[str, ...]) -> list[Fact]:
    """(step, date), (step, date, outcome) or (step, date, outcome, entity), recorded in this order."""
    return [
        a_fact(step, on, *rest[:1], entity=rest[1] if len(rest) > 1 else "", pk=pk)
        for pk, (step, on, *rest) in enumerate(told, start=1)
    ]


def outcome_of(step: Step) -> str:
    """How a step ends on the usual path: as `ENDS` says where the step can end so, else in the first way."""
    if step.gate:
        return "approved"
    codes = [outcome.code for outcome in step.outcomes]
    usual = ENDS.get(step.code, "")
    return usual if usual in codes else next(iter(codes), "")


def a_fact_of(step: Step, day: date, pk: int, **more: str) -> Fact:
    """The usual fact of a step; a term that it names the end of lasts ten days."""
    until = day + timedelta(days=10) if step.names_last_day else None
    return a_fact(step.code, day, outcome_of(step), pk=pk, until=until, **more)


def path(procedure: Procedure, until: str, *, entities: Iterable[str] = (), gap: int = 35) -> list[Fact]:
    """One fact for each step up to and including `until`, `gap` days apart; of what is optional only the last."""
    told: list[Fact] = []
    day = FIRST
    for step in procedure.steps:
        if step.per_entity:
            told += [
                a_fact_of(step, day, len(told) + place, entity=code) for place, code in enumerate(sorted(entities), 1)
            ]
        elif not step.optional or step.code == until:
            told.append(a_fact_of(step, day, len(told) + 1))
            day += timedelta(days=gap)
        if step.code == until:
            break
    return told


def on_the_last_day(procedure: Procedure, told: list[Fact], entities: frozenset[str] = frozenset()) -> Assessment:
    last = max((fact.when.on for fact in told if fact.when.on), default=FIRST)
    return assess(procedure, told, last, entities=entities)


def state(seen: Assessment, step: str) -> StepState:
    return seen.report(step).state


def codes(seen: Assessment, step: str) -> list[str]:
    return [blocker.code for blocker in seen.report(step).blockers]


def next_of(seen: Assessment) -> str:
    return seen.next.step.code if seen.next else ""


def on_day(told: list[Fact], on: str | date, step: str, outcome: str = "", **more: Any) -> list[Fact]:
    """What was told, and one fact more."""
    return [*told, a_fact(step, on, outcome, pk=len(told) + 100, **more)]
