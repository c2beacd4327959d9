"""What another version of a procedure changes for a dossier. Pure: two assessments of the same facts, compared.

A dossier keeps the version it began with; this says beforehand what following another one would mean.
"""

from dataclasses import dataclass

from treaties.choices import Actor, Stage
from workflow.choices import StepState
from workflow.conditions import Fact
from workflow.engine import Assessment
from workflow.procedures.language import Step


@dataclass(frozen=True)
class StateChange:
    """A step whose state differs; None where a version does not have the step."""

    step: Step
    before: StepState | None
    after: StepState | None


@dataclass(frozen=True)
class Effect:
    """Before and after, None where nothing differs. `lost` are facts whose step disappears."""

    stage: tuple[Stage, Stage] | None
    next_step: tuple[Step | None, Step | None] | None
    awaited: tuple[Actor | None, Actor | None] | None
    states: tuple[StateChange, ...]
    lost: tuple[Fact, ...]

    @property
    def is_none(self) -> bool:
        return not (self.stage or self.next_step or self.awaited or self.states or self.lost)


def compare(before: Assessment, after: Assessment) -> Effect:
    """The same facts on the same day, judged by two versions."""
    one, other = _next(before), _next(after)
    same_step = (one.code if one else "") == (other.code if other else "")
    known = {fact.pk for fact in before.foreign}
    return Effect(
        stage=None if before.stage == after.stage else (before.stage, after.stage),
        next_step=None if same_step else (one, other),
        awaited=None if before.awaited == after.awaited else (before.awaited, after.awaited),
        states=_states(before, after),
        lost=tuple(fact for fact in after.foreign if fact.pk not in known),
    )


def _next(now: Assessment) -> Step | None:
    return now.next.step if now.next else None


def _states(before: Assessment, after: Assessment) -> tuple[StateChange, ...]:
    """In the order of the new version; steps it no longer has come last."""
    old = {report.step.code: report for report in before.steps}
    new = {report.step.code: report for report in after.steps}
    found = [
        StateChange(report.step, old[code].state if code in old else None, report.state) for code, report in new.items()
    ]
    found += [StateChange(report.step, report.state, None) for code, report in old.items() if code not in new]
    return tuple(change for change in found if change.before != change.after)
