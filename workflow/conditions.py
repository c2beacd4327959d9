"""Whether a condition of a procedure holds, given what is known on a day. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from treaties.choices import RelationKind
from treaties.dates import PartialDate
from workflow.choices import PASSES, Track
from workflow.clocks import Reckoning, Stop, reckon
from workflow.procedures.language import (
    AllEntities,
    Answered,
    Approved,
    Condition,
    Done,
    Either,
    HasParent,
    Not,
    Procedure,
    Step,
    Suspended,
    Term,
)
from workflow.suspension import SuspensionReport, suspensions


@dataclass(frozen=True)
class Fact:
    """What is recorded to have happened: one event that was not superseded.

    `entity` is the code of the Belgian entity it concerns, for steps taken per entity; `treaty` the
    reference of the one treaty of a package it concerns (empty: all of them); `body` the code of an
    advisory council; `until` the new last day that an extension names.
    """

    pk: int
    step: str
    when: PartialDate
    recorded_at: datetime
    outcome: str = ""
    entity: str = ""
    treaty: str = ""
    body: str = ""
    until: date | None = None

    @cached_property
    def moment(self) -> tuple[date, datetime, int]:
        """What orders facts: the day, then when it was recorded. An unknown day comes first."""
        return (self.when.on or date.min, self.recorded_at, self.pk)


@dataclass(frozen=True)
class Running:
    """A term that nothing answered yet."""

    fact: Fact
    term: Term
    reckoning: Reckoning

    @property
    def last(self) -> date | None:
        return self.reckoning.last


@dataclass(frozen=True)
class Situation:
    """Everything the engine may look at: the procedure, the facts up to `on`, and what the dossier requires.

    `entities` holds for each required Belgian entity how many acts of assent it needs; `treaties` the
    references of a package; `relations` the kinds by which the instrument is linked to others.
    """

    procedure: Procedure
    facts: tuple[Fact, ...]
    on: date
    entities: Mapping[str, int] = field(default_factory=dict)
    treaties: frozenset[str] = frozenset()
    relations: frozenset[RelationKind] = frozenset()

    def of(self, step: str) -> list[Fact]:
        """The facts of a step that count, earliest first: those a later return took back to do again do not."""
        return self._counting.get(step, [])

    def last(self, step: str) -> Fact | None:
        """The latest fact of a step; of the same day the one recorded last."""
        return self._counting[step][-1] if self._counting.get(step) else None

    def first(self, step: str) -> Fact | None:
        return self._counting[step][0] if self._counting.get(step) else None

    @cached_property
    def _by_step(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in sorted(self.facts, key=lambda fact: fact.moment):
            found[fact.step].append(fact)
        return found

    @cached_property
    def returns(self) -> tuple[tuple[Fact, tuple[str, ...]], ...]:
        """Facts that took the dossier back, with the steps they reopened; earliest first."""
        found = [
            (fact, codes)
            for step in self.procedure.steps
            if step.reopens or any(outcome.reopens for outcome in step.outcomes)
            for fact in self._by_step.get(step.code, ())
            if (codes := step.reopened_by(fact.outcome))
        ]
        return tuple(sorted(found, key=lambda entry: entry[0].moment))

    @cached_property
    def _counting(self) -> dict[str, list[Fact]]:
        since: dict[str, Fact] = {code: fact for fact, codes in self.returns for code in codes}
        return {
            step: [fact for fact in facts if step not in since or fact.moment > since[step].moment]
            for step, facts in self._by_step.items()
        }

    @cached_property
    def overtaken(self) -> tuple[Fact, ...]:
        """Facts that no longer count, because the dossier went back."""
        counting = {fact.pk for facts in self._counting.values() for fact in facts}
        return tuple(fact for facts in self._by_step.values() for fact in facts if fact.pk not in counting)

    @cached_property
    def to_do_again(self) -> tuple[tuple[str, Fact], ...]:
        """Reopened steps that were not done since, in reading order, with what reopened them.

        The first step a return names is one of them also where it is optional otherwise.
        """
        found: dict[str, Fact] = {}
        for fact, codes in self.returns:
            for code in codes:
                if code == codes[0] or self._is_required(code):
                    found[code] = fact
        open_ones = [(code, fact) for code, fact in found.items() if not self.passed(self.procedure.step(code))]
        return tuple(sorted(open_ones, key=lambda entry: self.procedure.places[entry[0]]))

    def _is_required(self, code: str) -> bool:
        step = self.procedure.step(code)
        return step.track == Track.MAIN and not step.optional

    def passed(self, step: Step) -> bool:
        """Whether the step is behind us: a gate when its last decision lets go on, any other when it happened."""
        facts = self.of(step.code)
        if not facts:
            return False
        if step.per_treaty and len(self.treaties) > 1:
            return all(self._passed_for(step, reference) for reference in self.treaties)
        return facts[-1].outcome in PASSES if step.gate else True

    def _passed_for(self, step: Step, treaty: str) -> bool:
        facts = [fact for fact in self.of(step.code) if fact.treaty in ("", treaty)]
        return bool(facts) and (not step.gate or facts[-1].outcome in PASSES)

    def missing_treaties(self, step: Step) -> list[str]:
        """The treaties of a package for which the step has not happened."""
        if not step.per_treaty or len(self.treaties) < 2:
            return []
        return sorted(reference for reference in self.treaties if not self._passed_for(step, reference))

    def missing_entities(self, step: str, outcomes: tuple[str, ...] = (), no: str = "") -> list[str]:
        """Required entities for which `step` has not happened as often as needed (see `AllEntities`)."""
        said: dict[str, Counter[str]] = defaultdict(Counter)
        for fact in self.of(step):
            if no and fact.outcome == no:
                said[fact.entity].clear()
            elif not outcomes or fact.outcome in outcomes:
                said[fact.entity][fact.outcome] += 1
        # Several outcomes can speak of the same act: as many acts as the one said most often. A step that tells of
        # no acts of assent (full powers) is needed once.
        return sorted(
            entity
            for entity, needed in self.entities.items()
            if max(said[entity].values(), default=0) < (needed if outcomes else 1)
        )

    def running(self, step: str) -> list[Running]:
        """Terms that `step` started and that nothing answered yet.

        An answer closes the earliest open request it can belong to: not a later one, nor one to another body.
        """
        definition = self.procedure.step(step)
        found = []
        used: set[int] = set()
        for fact in self.of(step):
            term = definition.term_after(fact.outcome)
            if term and not self._answer(fact, term, used):
                found.append(Running(fact, term, self._reckoned(fact, term)))
        return found

    def _answer(self, asked: Fact, term: Term, used: set[int]) -> Fact | None:
        answers = [
            fact
            for code in term.answered_by
            for fact in self.of(code)
            if fact.pk not in used and _can_answer(asked, fact)
        ]
        answer = min(answers, key=lambda fact: (fact.body != asked.body, fact.moment), default=None)
        if answer:
            used.add(answer.pk)
        return answer

    def _reckoned(self, asked: Fact, term: Term) -> Reckoning:
        later = [fact for code in term.extended_by for fact in self.of(code) if _can_answer(asked, fact) and fact.until]
        until = max((fact.until for fact in later if fact.until), default=None)
        return reckon(term, asked.when, until=until, stops=self._stops(asked, term), named=asked.until)

    def _stops(self, asked: Fact, term: Term) -> list[Stop]:
        stops: list[Stop] = []
        for fact in self.of(term.stopped_by) if term.stopped_by else ():
            if fact.when.on is None or not _can_answer(asked, fact):
                continue
            if fact.outcome == "stopped":
                stops.append(Stop(fact.when.on, None))
            elif stops and stops[-1].end is None:
                stops[-1] = Stop(stops[-1].begin, fact.when.on)
        return stops

    @cached_property
    def suspensions(self) -> tuple[SuspensionReport, ...]:
        """Every suspension of the procedure there was, earliest first."""
        rule = self.procedure.suspension
        if rule is None:
            return ()
        return suspensions(
            rule,
            {name: self.of(name) for name in (rule.objection, rule.finding, rule.confirmation, rule.release)},
            self.on,
        )

    @property
    def suspended_by(self) -> SuspensionReport | None:
        """The suspension that holds up the procedure on the day; one the King confirmed before others."""
        running = [report for report in self.suspensions if report.is_running]
        return max(running, key=lambda report: (report.is_confirmed, report.objection.moment), default=None)

    @property
    def paused_by(self) -> Fact | None:
        """The fact by which the dossier was put aside, if it was not taken up since."""
        pause = self.procedure.pause
        if pause is None:
            return None
        begun, ended = self.last(pause.begins), self.last(pause.ends)
        return begun if begun and (ended is None or begun.moment > ended.moment) else None


def _can_answer(asked: Fact, answer: Fact) -> bool:
    if asked.body and answer.body and asked.body != answer.body:
        return False
    begin, on = asked.when.on, answer.when.on
    # The first day is asked first: it is known without reckoning the last.
    return begin is None or on is None or on >= begin or (answer.when.last or on) >= begin


def known(facts: Iterable[Fact], on: date) -> tuple[Fact, ...]:
    """The facts that had happened on `on`. An unknown date counts as past: it did happen."""
    return tuple(fact for fact in facts if fact.when.on is None or fact.when.on <= on)


def holds(condition: Condition, situation: Situation) -> bool:
    """Whether `condition` holds."""
    match condition:
        case Done(step, outcomes):
            return _done(step, outcomes, situation)
        case Approved(gate):
            return situation.passed(situation.procedure.step(gate))
        case Answered(step):
            return all(term.last is not None and term.last < situation.on for term in situation.running(step))
        case AllEntities(step, outcomes, no):
            return not situation.missing_entities(step, outcomes, no)
        case Either(conditions):
            return any(holds(one, situation) for one in conditions)
        case Not(other):
            return not holds(other, situation)
        case Suspended(confirmed):
            report = situation.suspended_by
            return report is not None and (report.is_confirmed or not confirmed)
        case HasParent():
            return bool(situation.relations & set(situation.procedure.parents))


def _done(step: str, outcomes: tuple[str, ...], situation: Situation) -> bool:
    facts = [fact for fact in situation.of(step) if not outcomes or fact.outcome in outcomes]
    if situation.procedure.step(step).per_treaty and len(situation.treaties) > 1:
        return all(any(fact.treaty in ("", treaty) for fact in facts) for treaty in situation.treaties)
    return bool(facts)


def steps_of(condition: Condition) -> tuple[str, ...]:
    """The steps a condition speaks of."""
    match condition:
        case Done(step, _) | Answered(step) | AllEntities(step):
            return (step,)
        case Approved(gate):
            return (gate,)
        case Either(conditions):
            return tuple(step for one in conditions for step in steps_of(one))
        case Not(other):
            return steps_of(other)
        case Suspended() | HasParent():
            return ()


def met_by(condition: Condition) -> tuple[str, ...]:
    """The steps that would meet a condition by happening: not those whose term it waits for."""
    match condition:
        case Done(step, _):
            return (step,)
        case Approved(gate):
            return (gate,)
        case Either(conditions):
            return tuple(step for one in conditions for step in met_by(one))
        case _:
            return ()
