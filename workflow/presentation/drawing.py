"""The procedure drawn: stages beside each other, tracks below each other, and where a dossier stands in it.

Only data for an SVG; every box says in words what its look says. What is drawn stands in a list or a table as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties.choices import Actor, Stage
from workflow.choices import StepState, Track
from workflow.engine import Assessment, StepReport
from workflow.presentation import geometry
from workflow.presentation.geometry import Box, Column, Connector, Lane, Words
from workflow.presentation.steps import LOOKS
from workflow.procedures.language import Procedure, Step

# What happens to a dossier as a whole (put on hold, taken back) has no place of its own.
LANES = tuple(track for track in Track if track != Track.COURSE)


@dataclass(frozen=True)
class Sign:
    """An entry of the legend: the look of a box, its icon, and what it means."""

    look: str
    icon: str
    label: str
    is_gate: bool = False
    is_optional: bool = False


@dataclass(frozen=True)
class Drawing:
    """All that `workflow/_drawing.html` needs; measures are whole pixels. `here` is the box the dossier stands at."""

    title: str
    summary: str
    width: int
    height: int
    columns: Sequence[Column]
    lanes: Sequence[Lane]
    connectors: Sequence[Connector]
    legend: Sequence[Sign]
    here: Box | None


def drawing(now: Assessment) -> Drawing:
    """The procedure of a dossier, with what was done and where it stands."""
    codes = {now.next.step.code} if now.next else set()

    def words(step: Step) -> Words:
        report = now.report(step.code)
        look, icon = _look(report, step.code in codes)
        note = _note(report)
        return Words(
            code=step.code,
            href=f"#step-{step.code}",
            name=_name(step, note, _("Here") if step.code in codes else ""),
            label=str(step.label),
            note=capfirst(note),
            look=look,
            icon=icon,
            is_gate=step.gate,
            is_optional=step.optional,
            here=_("Here") if step.code in codes else "",
        )

    states = {report.stage: report.state for report in now.stages}
    return _drawn(now.procedure, words, _where(now), _legend_of_states(now), states)


def plan(procedure: Procedure) -> Drawing:
    """The procedure by itself: each step with who acts."""

    def words(step: Step) -> Words:
        actor = str(Actor(step.actor).label)
        return Words(
            code=step.code,
            href=f"#{step.code}",
            name=_name(step, actor),
            label=str(step.label),
            note=capfirst(actor),
            look="plan",
            icon="gate" if step.gate else "",
            is_gate=step.gate,
            is_optional=step.optional,
        )

    summary = _("Stages from left to right, with the steps of each below each other.")
    return _drawn(procedure, words, summary, _legend_of_kinds("plan"), {})


def _drawn(
    procedure: Procedure,
    words: Callable[[Step], Words],
    summary: str,
    legend: Sequence[Sign],
    states: dict[Stage, str],
) -> Drawing:
    grid = [
        (str(capfirst(str(track.label))), [[words(step) for step in cell] for cell in cells])
        for track in LANES
        if any(cells := [_cell(procedure, track, stage) for stage in procedure.stages])
    ]
    columns = geometry.columns([(_stage(stage), states.get(stage, "")) for stage in procedure.stages])
    lanes = geometry.lanes(grid)
    boxes = [box for lane in lanes for box in lane.boxes]
    return Drawing(
        title=str(procedure.label),
        summary=summary,
        width=geometry.width_of(columns),
        height=lanes[-1].bottom if lanes else geometry.HEADER,
        columns=columns,
        lanes=lanes,
        connectors=geometry.connectors(lanes[0]) if lanes else (),
        legend=legend,
        here=next((box for box in boxes if box.words.here), None),
    )


def _cell(procedure: Procedure, track: Track, stage: Stage) -> list[Step]:
    return [step for step in procedure.steps if step.track == track and step.stage == stage]


def _stage(stage: Stage) -> str:
    return str(capfirst(str(stage.label)))


def _look(report: StepReport, is_next: bool) -> tuple[str, str]:
    look, icon = LOOKS[report.state]
    return ("open" if is_next and report.state == StepState.OPEN else look), icon


def _note(report: StepReport) -> str:
    """The state of a step in words; of what happened the date, where it is known."""
    label = str(StepState(report.state).label)
    dated = [fact for fact in report.facts if fact.when.on]
    if report.state in (StepState.HAPPENED, StepState.SCHEDULED) and dated:
        return f"{label}, {dated[-1].when}"
    return label


def _name(step: Step, note: str, here: str = "") -> str:
    """What a box is called by who does not see it: the words that are seen, in their order, and the kind of box."""
    kinds = [
        note,
        _("consent of the Government of Flanders") if step.gate else "",
        _("only where it applies") if step.optional else "",
    ]
    said = f"{step.label}: {', '.join(filter(None, kinds))}"
    return f"{here}: {said}" if here else said


def _where(now: Assessment) -> str:
    if now.next is None:
        return _("The procedure is completed.")
    names = {"stage": _stage(now.stage), "step": now.next.step.label}
    return _("The dossier stands in the stage “%(stage)s”, at the step “%(step)s”.") % names


def _legend_of_states(now: Assessment) -> list[Sign]:
    """The states that occur, then the kinds of boxes."""
    found = {report.state for report in now.steps if report.step.track in LANES}
    states = [Sign(*LOOKS[state], str(capfirst(str(state.label)))) for state in StepState if state in found]
    return [*states, *_legend_of_kinds("blocked")]


def _legend_of_kinds(look: str) -> list[Sign]:
    return [
        Sign(look, "", _("Consent of the Government of Flanders"), is_gate=True),
        Sign(look, "", _("Only where it applies"), is_optional=True),
    ]
