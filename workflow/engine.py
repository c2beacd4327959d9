"""Where a dossier stands. Pure: procedure and facts in, assessment out; no database, no clock of its own.

The same call draws the page, guards the POST and explains "why is it waiting?".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from audit.refusals import Blocker
from treaties.choices import Actor, RelationKind, Stage
from treaties.dates import PartialDate
from workflow.choices import StepState, Track
from workflow.clocks import Reckoning
from workflow.conditions import Fact, Running, Situation, holds, known, met_by, steps_of
from workflow.procedures.language import AllEntities, Answered, Need, Not, Procedure, Step, Term, Text
from workflow.suspension import SuspensionReport


@dataclass(frozen=True)
class Deadline:
    """A term that runs. `last` is its last day, None when it cannot be known yet."""

    step: Step
    term: Term
    fact: Fact
    reckoning: Reckoning
    on: date

    @property
    def last(self) -> date | None:
        return self.reckoning.last

    @property
    def is_over(self) -> bool:
        return self.last is not None and self.last < self.on

    @property
    def days_left(self) -> int | None:
        return None if self.last is None else (self.last - self.on).days


@dataclass(frozen=True)
class StepReport:
    """One step on the day asked: its state, what happened, and every reason why it cannot happen now."""

    step: Step
    state: StepState
    facts: tuple[Fact, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    missing_entities: tuple[str, ...] = ()
    missing_treaties: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in (StepState.OPEN, StepState.ASKED)


@dataclass(frozen=True)
class StageReport:
    stage: Stage
    state: str  # done | current | todo
    since: PartialDate | None = None


@dataclass(frozen=True)
class Deviation:
    """A fact that came before something it needed: recorded as it was, and shown."""

    fact: Fact
    step: Step
    need: Need
    before: Fact
    before_step: Step


@dataclass(frozen=True)
class TrackReport:
    """How far one of the lines that run beside each other is: what happened last, and what can be done."""

    track: Track
    last: Fact | None
    steps: tuple[StepReport, ...]


@dataclass(frozen=True)
class Assessment:
    """Everything the procedure says of a dossier on one day.

    `overtaken` are facts that no longer count because the dossier went back; `foreign` those of steps that
    the procedure does not have (it followed another one before); `paused_by` put it on hold, and `declined` are
    the entities that said they will not assent.
    """

    procedure: Procedure
    on: date
    steps: tuple[StepReport, ...]
    stage: Stage
    next: StepReport | None
    awaited: Actor | None
    deviations: tuple[Deviation, ...] = ()
    stages: tuple[StageReport, ...] = field(default=())
    tracks: tuple[TrackReport, ...] = ()
    suspensions: tuple[SuspensionReport, ...] = ()
    suspended_by: SuspensionReport | None = None
    overtaken: tuple[Fact, ...] = ()
    foreign: tuple[Fact, ...] = ()
    paused_by: Fact | None = None
    declined: tuple[str, ...] = ()

    @property
    def is_on_hold(self) -> bool:
        """Put aside, or waiting for an entity that will not assent: not late, however long it takes."""
        return self.paused_by is not None or bool(self.declined)

    def report(self, code: str) -> StepReport:
        """Raises `KeyError` for a step that is not in the procedure."""
        return self.steps[self.procedure.places[code]]

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """Running terms, soonest first."""
        found = [deadline for report in self.steps for deadline in report.deadlines]
        return tuple(sorted(found, key=lambda deadline: deadline.last or date.max))


def assess(
    procedure: Procedure,
    facts: Iterable[Fact],
    on: date,
    *,
    asked: frozenset[str] = frozenset(),
    entities: Mapping[str, int] | frozenset[str] = frozenset(),
    treaties: frozenset[str] = frozenset(),
    relations: frozenset[RelationKind] = frozenset(),
) -> Assessment:
    """Assess on day `on`. `facts` leaves out what was superseded; `asked` names the gates with an
    open request; `entities` the Belgian entities whose assent is required, with how many acts each takes;
    `treaties` and `relations` as in `Situation`."""
    everything = tuple(facts)
    situation = Situation(procedure, known(everything, on), on, _needed(entities), treaties, relations)
    front, recorded = _front(situation), _by_step(everything)
    reports = tuple(
        _report(step, place, front, situation, recorded, asked) for place, step in enumerate(procedure.steps)
    )
    due = next((report for report in reports[front + 1 :] if _is_due(report, situation)), None)
    following = _unblocking(due, reports)
    stage = following.step.stage if following else Stage.DONE
    return Assessment(
        procedure=procedure,
        on=on,
        steps=reports,
        stage=stage,
        next=following,
        awaited=_awaited(following),
        deviations=tuple(_deviations(situation)),
        stages=_stages(procedure, situation, stage),
        tracks=_tracks(reports),
        suspensions=situation.suspensions,
        suspended_by=situation.suspended_by,
        overtaken=situation.overtaken,
        foreign=tuple(fact for fact in situation.facts if not procedure.has(fact.step)),
        paused_by=situation.paused_by,
        declined=_declined(situation),
    )


def blockers_for(procedure: Procedure, code: str, situation: Situation) -> list[Blocker]:
    """Every reason why step `code` could not happen in `situation`."""
    return list(_blockers(procedure.step(code), situation))


def _needed(entities: Mapping[str, int] | frozenset[str]) -> Mapping[str, int]:
    return entities if isinstance(entities, Mapping) else dict.fromkeys(entities, 1)


def _by_step(everything: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in everything:
        found.setdefault(fact.step, []).append(fact)
    return found


def _front(situation: Situation) -> int:
    """The place of the furthest main step that is behind us; -1 at the start.

    An ended dossier is done whatever else happened. One that went back stands before the first step to do again.
    """
    steps = situation.procedure.steps
    if any(_has_ended(step, situation) for step in steps):
        return len(steps) - 1
    places = [place for place, step in enumerate(steps) if step.track == Track.MAIN and situation.passed(step)]
    again = [situation.procedure.places[code] - 1 for code, _fact in situation.to_do_again[:1]]
    return min([max(places, default=-1), *again])


def _has_ended(step: Step, situation: Situation) -> bool:
    last = situation.last(step.code)
    return last is not None and (step.stage == Stage.DONE or step.ends_with(last.outcome))


def _is_due(report: StepReport, situation: Situation) -> bool:
    """Whether the dossier waits for this step: a required one on the main line that has not happened."""
    step = report.step
    required = step.track == Track.MAIN and not step.optional
    again = step.code in (code for code, _fact in situation.to_do_again)
    return (required or again) and report.state in (
        StepState.OPEN,
        StepState.ASKED,
        StepState.BLOCKED,
        StepState.SCHEDULED,
    )


def _unblocking(due: StepReport | None, reports: tuple[StepReport, ...]) -> StepReport | None:
    """The step to take next: `due`, or the gate or optional step that would unblock it where there is one."""
    if due is None or due.state != StepState.BLOCKED:
        return due
    codes = {blocker.code for blocker in due.blockers}
    wanted = {code for need in due.step.needs if need.code in codes for code in met_by(need.condition)}
    return next((report for report in reports if report.step.code in wanted and _can_unblock(report)), due)


def _can_unblock(report: StepReport) -> bool:
    step = report.step
    return report.is_open and (step.gate or (step.optional and step.track == Track.MAIN))


def _awaited(report: StepReport | None) -> Actor | None:
    """Who has to move: the actor of the next step, the Government where its consent was asked or is lacking."""
    if report is None:
        return None
    return report.step.actor


def _report(
    step: Step, place: int, front: int, situation: Situation, recorded: Mapping[str, list[Fact]], asked: frozenset[str]
) -> StepReport:
    facts = tuple(recorded.get(step.code, ()))
    blockers = tuple(_blockers(step, situation))
    running = _running(step, front, situation) if step.terms else []
    deadlines = tuple(Deadline(step, one.term, one.fact, one.reckoning, situation.on) for one in running)
    return StepReport(
        step=step,
        state=_state(step, place, front, situation, facts, blockers, step.code in asked),
        facts=facts,
        blockers=blockers,
        deadlines=deadlines,
        missing_entities=_missing_entities(step, situation),
        missing_treaties=tuple(situation.missing_treaties(step)),
    )


def _missing_entities(step: Step, situation: Situation) -> tuple[str, ...]:
    """As the step that waits for all entities counts them; each once where none does."""
    if not step.per_entity:
        return ()
    for need in (need for other in situation.procedure.steps for need in other.needs):
        if isinstance(need.condition, AllEntities) and need.condition.step == step.code:
            return tuple(situation.missing_entities(step.code, need.condition.outcomes, need.condition.no))
    return tuple(situation.missing_entities(step.code))


def _declined(situation: Situation) -> tuple[str, ...]:
    """Required entities whose last word on a step that all must take was no."""
    said_no = set()
    for need in (need for step in situation.procedure.steps for need in step.needs):
        if isinstance(need.condition, AllEntities) and need.condition.no:
            last = {fact.entity: fact.outcome for fact in situation.of(need.condition.step)}
            said_no |= {entity for entity, outcome in last.items() if outcome == need.condition.no}
    return tuple(sorted(said_no & set(situation.entities)))


def _running(step: Step, front: int, situation: Situation) -> list[Running]:
    """Terms nobody answered that still say something.

    A term ends by what came after it: the step that had to wait for it is behind us. Where no step waits for it
    (objections to a letter), it ends with its last day, or with the act it came before.
    """
    main = [(place, other) for place, other in enumerate(situation.procedure.steps) if other.track == Track.MAIN]
    waiting = [place for place, other in main if any(need.condition == Answered(step.code) for need in other.needs)]
    if any(place <= front for place in waiting):
        return []
    running = situation.running(step.code)
    if waiting:
        return running
    acts = [place for place, other in main if any(step.code in steps_of(need.condition) for need in other.needs)]
    passed = any(place <= front for place in acts)
    return [one for one in running if (not passed if one.last is None else one.last >= situation.on)]


def _state(
    step: Step,
    place: int,
    front: int,
    situation: Situation,
    facts: tuple[Fact, ...],
    blockers: tuple[Blocker, ...],
    is_asked: bool,
) -> StepState:
    if is_asked:
        return StepState.ASKED
    if situation.passed(step):
        return StepState.HAPPENED
    if any(fact.when.on and fact.when.on > situation.on for fact in facts):
        return StepState.SCHEDULED
    if place < front and not blockers and step.optional:
        return StepState.OPEN if step.repeatable or step.track != Track.MAIN else StepState.NOT_NEEDED
    if place < front and step.track == Track.MAIN:
        return StepState.NOT_NEEDED if step.optional else StepState.PASSED
    return StepState.BLOCKED if blockers else StepState.OPEN


def _blockers(step: Step, situation: Situation) -> Iterable[Blocker]:
    for need in step.needs:
        if not holds(need.condition, situation):
            yield Blocker(need.code, need.why, need.law)
    if step.held_up and (suspended := situation.suspended_by):
        yield Blocker("suspended", suspended.sentence, suspended.law)
    yield from _done_again_first(step, situation)


def _done_again_first(step: Step, situation: Situation) -> Iterable[Blocker]:
    """After a return, what comes after the first step to do again waits for it."""
    if step.track != Track.MAIN or not situation.to_do_again:
        return
    places = situation.procedure.places
    first, why = situation.to_do_again[0]
    if places[step.code] > places[first] and why.step != step.code:
        again, back = situation.procedure.step(first).label, situation.procedure.step(why.step).label
        sentence = Text(
            f"Eerst opnieuw: “{again.nl}” (wegens “{back.nl}”).", f"First again: “{again.en}” (because of “{back.en}”)."
        )
        yield Blocker("to_do_again", sentence, situation.procedure.step(first).law)


def _deviations(situation: Situation) -> Iterable[Deviation]:
    """Facts dated before something they needed. Only dates known to the day are compared."""
    for step in situation.procedure.steps:
        if facts := situation.of(step.code):
            needed = tuple(_needed_before(step, situation))
            for fact in facts:
                for need, before in needed:
                    if _certainly_before(fact, before):
                        yield Deviation(fact, step, need, before, situation.procedure.step(before.step))


def _needed_before(step: Step, situation: Situation) -> Iterable[tuple[Need, Fact]]:
    for need in step.needs:
        if isinstance(need.condition, Answered | Not):
            continue
        for code in steps_of(need.condition):
            needed = situation.last(code) if isinstance(need.condition, AllEntities) else situation.first(code)
            if needed:
                yield need, needed


def _certainly_before(fact: Fact, other: Fact) -> bool:
    on, then = fact.when.on, other.when.on
    # The first day is asked first: it is known without reckoning the last.
    return on is not None and then is not None and on < then and (fact.when.last or then) < then


def _tracks(reports: tuple[StepReport, ...]) -> tuple[TrackReport, ...]:
    found = []
    for track in Track:
        mine = tuple(report for report in reports if report.step.track == track)
        if mine:
            facts = [fact for report in mine for fact in report.facts]
            found.append(TrackReport(track, max(facts, key=lambda fact: fact.moment, default=None), mine))
    return tuple(found)


def _stages(procedure: Procedure, situation: Situation, current: Stage) -> tuple[StageReport, ...]:
    stages = [stage for stage in procedure.stages if stage != Stage.DONE]
    place = stages.index(current) if current in stages else len(stages)
    return tuple(
        StageReport(stage, _stage_state(index, place), _reached(procedure, situation, stage))
        for index, stage in enumerate(stages)
    )


def _stage_state(index: int, place: int) -> str:
    if index == place:
        return "current"
    return "done" if index < place else "todo"


def _reached(procedure: Procedure, situation: Situation, stage: Stage) -> PartialDate | None:
    """The last known date of what happened in a stage."""
    codes = [step.code for step in procedure.steps if step.stage == stage and step.track == Track.MAIN]
    facts = [fact for code in codes for fact in situation.of(code) if fact.when.on]
    return max(facts, key=lambda fact: fact.moment).when if facts else None
