"""System checks: the register refuses to start with a malformed procedure, and says where it is malformed."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from django.core.checks import CheckMessage, Error, register

from treaties.choices import Stage
from workflow.choices import Consent, Track
from workflow.conditions import steps_of
from workflow.procedures import ALL, Procedure
from workflow.procedures.language import (
    AllEntities,
    Answered,
    Approved,
    Condition,
    Done,
    Either,
    HasParent,
    Need,
    Not,
    Outcome,
    Step,
    Suspended,
    Term,
    Text,
)

STOP_OUTCOMES = ("stopped", "resumed")


@register()
def procedures_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found = [
        *((procedure, problem) for procedure in ALL for problem in problems(procedure)),
        *version_problems(ALL),
    ]
    return [
        Error(f"{procedure.code} v{procedure.version}: {problem}", id="workflow.E001") for procedure, problem in found
    ]


def version_problems(every: Iterable[Procedure]) -> Iterator[tuple[Procedure, str]]:
    """Versions of one procedure that cannot be told apart, or whose order in time is not that of their numbers."""
    by_code: dict[str, list[Procedure]] = {}
    for procedure in every:
        by_code.setdefault(procedure.code, []).append(procedure)
    for versions in by_code.values():
        for one, other in pairwise(sorted(versions, key=lambda procedure: procedure.version)):
            if one.version == other.version:
                yield other, "this version stands twice"
            elif one.valid_from and other.valid_from and other.valid_from <= one.valid_from:
                yield other, f"is valid from {_day(other.valid_from)}, not later than v{one.version}"


def _day(day: date) -> str:
    return "always" if day == date.min else day.isoformat()


def problems(procedure: Procedure) -> Iterator[str]:
    """What is wrong with a procedure, each with the place."""
    codes = [step.code for step in procedure.steps]
    if not _said(procedure.label, procedure.help):
        yield "lacks a label or help text in Dutch or English"
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"step “{code}” stands twice"
    for step in procedure.steps:
        yield from (f"step “{step.code}” {problem}" for problem in _step_problems(step, procedure))
        for need in step.needs:
            yield from _need_problems(procedure, step, need)
    yield from _frame_problems(procedure)
    yield from _way_problems(procedure)


def _said(*texts: Text) -> bool:
    return all(text.nl and text.en for text in texts)


def _step_problems(step: Step, procedure: Procedure) -> Iterator[str]:
    if not _said(step.label, step.help):
        yield "lacks a label or help text in Dutch or English"
    if bool(step.law.nl) != bool(step.law.en):
        yield "cites its law in one language"
    if step.gate:
        yield from _gate_problems(step, procedure)
    elif step.evidence:
        yield "asks for evidence and is no gate"
    yield from _outcome_problems(step)
    yield from _return_problems(step, procedure)
    for term in step.terms:
        yield from _term_problems(step, term, procedure)


def _gate_problems(step: Step, procedure: Procedure) -> Iterator[str]:
    if not step.evidence:
        yield "is a gate and asks for no evidence"
    if not step.law:
        yield "is a gate and cites no law"
    if step.outcomes:
        yield "is a gate and has outcomes of its own; the Chancellery's apply"
    for evidence in step.evidence:
        if evidence.when:
            problems = _condition_problems(evidence.when, procedure)
            yield from (f"asks for {evidence.kind.value} when {problem}" for problem in problems)


def _outcome_problems(step: Step) -> Iterator[str]:
    names = [outcome.code for outcome in step.outcomes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"has outcome “{name}” twice"
    for outcome in step.outcomes:
        if not _said(outcome.label):
            yield f"has outcome “{outcome.code}” without a label in Dutch or English"


def _return_problems(step: Step, procedure: Procedure) -> Iterator[str]:
    """A return takes back to what stands before, never to itself; what it undoes may reach past it."""
    for codes in (step.reopens, *(outcome.reopens for outcome in step.outcomes)):
        for code in codes:
            if not procedure.has(code):
                yield f"reopens unknown step “{code}”"
            elif code == step.code:
                yield "reopens itself"
        if codes and procedure.has(codes[0]) and procedure.places[codes[0]] > procedure.places[step.code]:
            yield f"reopens “{codes[0]}” first, which comes after it"


def _term_problems(step: Step, term: Term, procedure: Procedure) -> Iterator[str]:
    if term.days < 0 or (term.days == 0 and not step.names_last_day):
        yield f"starts a term of {term.days} days"
    if term.days and step.names_last_day:
        yield f"starts a term of {term.days} days and names a last day of its own"
    if not term.answered_by:
        yield "starts a term that nothing answers"
    if not _said(term.label):
        yield "starts a term without a label in Dutch or English"
    stops = (term.stopped_by,) if term.stopped_by else ()
    for role, codes in (("answered", term.answered_by), ("extended", term.extended_by), ("stopped", stops)):
        yield from (f"starts a term {role} by unknown step “{code}”" for code in codes if not procedure.has(code))
    yield from _helper_problems(term, procedure)


def _helper_problems(term: Term, procedure: Procedure) -> Iterator[str]:
    """Steps that move the end of a term must be able to say what they do to it."""
    for step in procedure.steps:
        if step.code in term.extended_by and not step.names_last_day:
            yield f"starts a term extended by “{step.code}”, which names no last day"
        if step.code == term.stopped_by and not set(STOP_OUTCOMES) <= _ends(step):
            yield f"starts a term stopped by “{step.code}”, which lacks the outcomes stopped and resumed"


def _need_problems(procedure: Procedure, step: Step, need: Need) -> Iterator[str]:
    place = f"step “{step.code}”, need “{need.code}”"
    if not _said(need.why):
        yield f"{place}: no sentence in Dutch or English"
    for code in steps_of(need.condition):
        if not procedure.has(code):
            continue
        if procedure.places[code] >= procedure.places[step.code] and _must_come_before(need.condition, step, code):
            yield f"{place}: waits for “{code}”, which comes after it"
    yield from (f"{place}: {problem}" for problem in _condition_problems(need.condition, procedure))


def _must_come_before(condition: Condition, step: Step, code: str) -> bool:
    """What a step on the main line waits for stands before it; that later ones have *not* happened may be asked."""
    return step.track == Track.MAIN and code in _waited_for(condition)


def _waited_for(condition: Condition) -> tuple[str, ...]:
    match condition:
        case Not():
            return ()
        case Either(conditions):
            return tuple(code for one in conditions for code in _waited_for(one))
        case _:
            return steps_of(condition)


def _condition_problems(condition: Condition, procedure: Procedure) -> Iterator[str]:
    """Why a condition could never be met, or says nothing, whatever happens."""
    match condition:
        case Either(conditions):
            for one in conditions:
                yield from _condition_problems(one, procedure)
            if not conditions:
                yield "lists nothing of which one should hold"
        case Not(other):
            yield from _condition_problems(other, procedure)
        case HasParent() if not procedure.parents:
            yield "asks for a parent, and the procedure names no relation to one"
        case Suspended() if procedure.suspension is None:
            yield "speaks of a suspension, and the procedure has none"
        case HasParent() | Suspended():
            return
        case Done(code) | Approved(code) | Answered(code) | AllEntities(code) if not procedure.has(code):
            yield f"unknown step “{code}”"
        case _:
            yield from _step_does_not_fit(condition, procedure)


def _step_does_not_fit(condition: Condition, procedure: Procedure) -> Iterator[str]:
    match condition:
        case Approved(gate) if not procedure.step(gate).gate:
            yield f"“{gate}” is not a gate"
        case Answered(code) if not procedure.step(code).terms:
            yield f"“{code}” starts no term"
        case AllEntities(code, outcomes, no):
            if not procedure.step(code).per_entity:
                yield f"“{code}” is not taken per entity"
            yield from _never_ends_with(procedure.step(code), (*outcomes, *((no,) if no else ())))
        case Done(code, outcomes):
            yield from _never_ends_with(procedure.step(code), outcomes)


def _never_ends_with(step: Step, outcomes: tuple[str, ...]) -> Iterator[str]:
    yield from (f"“{step.code}” never ends with “{outcome}”" for outcome in outcomes if outcome not in _ends(step))


def _ends(step: Step) -> set[str]:
    """The codes with which a step can end: a gate with those of the Chancellery."""
    return set(Consent.values) if step.gate else {outcome.code for outcome in step.outcomes}


def _frame_problems(procedure: Procedure) -> Iterator[str]:
    """What the procedure as a whole names: its beginning, its end, its suspension and its pause."""
    if not procedure.steps or procedure.steps[0].needs:
        yield "the first step needs something"
    if not any(step.stage == Stage.DONE or _ending(step) for step in procedure.steps):
        yield "no step ends it"
    rule, pause = procedure.suspension, procedure.pause
    named: dict[str, tuple[str, ...]] = {
        "suspension": (rule.objection, rule.finding, rule.confirmation, rule.release) if rule else (),
        "pause": (pause.begins, pause.ends) if pause else (),
    }
    for role, codes in named.items():
        yield from (f"its {role} names unknown step “{code}”" for code in codes if not procedure.has(code))
    if rule and procedure.has(rule.finding) and rule.lifts not in _ends(procedure.step(rule.finding)):
        yield f"its suspension is lifted by “{rule.lifts}”, with which “{rule.finding}” never ends"


def _ending(step: Step) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in step.outcomes if outcome.ends)


def _way_problems(procedure: Procedure) -> Iterator[str]:
    """Steps that can never be taken, whatever happens: what they wait for waits for them, or for nothing there is."""
    reached: set[str] = set()
    while new := {step.code for step in procedure.steps if step.code not in reached and _can_open(step, reached)}:
        reached |= new
    for step in procedure.steps:
        if step.code not in reached and all(
            procedure.has(code) for need in step.needs for code in steps_of(need.condition)
        ):
            required = step.track == Track.MAIN and not step.optional
            yield f"step “{step.code}” can never be taken" + (": a dead end" if required else "")


def _can_open(step: Step, reached: set[str]) -> bool:
    return all(_could_hold(need.condition, reached) for need in step.needs)


def _could_hold(condition: Condition, reached: set[str]) -> bool:
    """Whether a condition could hold once the steps in `reached` can happen."""
    match condition:
        case Done(code) | Approved(code) | AllEntities(code):
            return code in reached
        case Either(conditions):
            return any(_could_hold(one, reached) for one in conditions)
        case Not(Answered(code)):
            return code in reached
        case _:
            # Nothing need happen for it: a term that never ran is answered; the record may hold a parent.
            return True
