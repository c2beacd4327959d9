"""The words a procedure is written in: frozen data, no models, no functions to run.

A procedure reads from top to bottom. A step says who acts, what must have happened before (its
needs), what it leaves behind, which term it starts, and the law it rests on.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.utils.translation import get_language

from treaties.choices import ActKind, Actor, DocumentKind, RelationKind, Scheme, Stage
from workflow.choices import Track


@dataclass(frozen=True)
class Text:
    """A sentence in Dutch and English; as a string it is in the reader's language."""

    nl: str
    en: str

    def __bool__(self) -> bool:
        """False where nothing is said: a rule of the register's own cites no law."""
        return bool(self.nl or self.en)

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.nl


NO_TEXT = Text("", "")


class Unit(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True)
class Term:
    """A term of `days` after the step's date; the day itself does not count.

    It ends early when `answered_by` happens. `summer` lengthens it (see `clocks.reckon`). A step of
    `extended_by` names a new last day; one called `stopped_by` stops the count and starts it again, by its
    outcomes `stopped` and `resumed`. `internal_days` is the office's own target, shown beside the law's.
    """

    days: int
    label: Text
    answered_by: tuple[str, ...]
    law: Text
    unit: Unit = Unit.CALENDAR
    summer: bool = False
    extended_by: tuple[str, ...] = ()
    stopped_by: str = ""
    internal_days: int = 0


@dataclass(frozen=True)
class Done:
    """Step `step` has happened; with one of `outcomes` when they are named."""

    step: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Approved:
    """The last decision on gate `gate` lets the dossier go on."""

    gate: str


@dataclass(frozen=True)
class Answered:
    """Every term that step `step` started was answered or has run out; true if it never happened."""

    step: str


@dataclass(frozen=True)
class AllEntities:
    """Step `step` has happened for every other Belgian entity the dossier requires.

    Where `outcomes` are named only facts with one of them count, as often as acts of assent are required; and none
    of an entity that said no since.
    """

    step: str
    outcomes: tuple[str, ...] = ()
    no: str = ""


@dataclass(frozen=True)
class Either:
    """At least one of `conditions` holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """`condition` does not hold."""

    condition: "Condition"


@dataclass(frozen=True)
class Suspended:
    """A suspension of the procedure runs; one that the King confirmed, where `confirmed` is said."""

    confirmed: bool = False


@dataclass(frozen=True)
class HasParent:
    """The record links the instrument to the one it amends, belongs to or is concluded under."""


Condition = Done | Approved | Answered | AllEntities | Either | Not | Suspended | HasParent


@dataclass(frozen=True)
class Need:
    """What must hold before a step; when it does not, `why` is said to people, with `law`."""

    code: str
    condition: Condition
    why: Text
    law: Text = NO_TEXT


@dataclass(frozen=True)
class Outcome:
    """A way a step can end, with the term it starts where terms differ, and the steps it takes back to.

    `ends`: the dossier ends with it; another attempt is another dossier. `leaves`: the record gets the step's act,
    or `act` where that is another one.
    """

    code: str
    label: Text
    term: Term | None = None
    reopens: tuple[str, ...] = ()
    ends: bool = False
    leaves: bool = True
    act: ActKind | None = None


@dataclass(frozen=True)
class Evidence:
    """A paper a gate is decided on. It can be waived, with a reason, unless the law itself asks for it.

    `when` limits it to dossiers in which a condition holds.
    """

    kind: DocumentKind
    waivable: bool = True
    when: "Condition | None" = None


@dataclass(frozen=True)
class Step:
    """One step. A `gate` is a consent of the Government of Flanders: asked, then decided.

    `leaves` is the act the record gets; `number` the kind of number that comes with it; `evidence`
    the papers a gate is decided on. `reopens` names the steps that must be done again once this one
    has happened, the first of them first: what was done before no longer counts. `held_up` marks an act towards
    the conclusion, which a suspension forbids. `per_treaty`: in a package each treaty has its own.
    """

    code: str
    label: Text
    stage: Stage
    actor: Actor
    help: Text
    needs: tuple[Need, ...] = ()
    law: Text = NO_TEXT
    gate: bool = False
    evidence: tuple[Evidence, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    term: Term | None = None
    leaves: ActKind | None = None
    number: Scheme | None = None
    track: Track = Track.MAIN
    optional: bool = False
    repeatable: bool = False
    per_entity: bool = False
    per_treaty: bool = False
    per_body: bool = False
    names_last_day: bool = False
    held_up: bool = False
    reopens: tuple[str, ...] = ()
    # Whether the register may not know how it ended.
    outcome_optional: bool = False

    def term_after(self, outcome: str) -> Term | None:
        """The term that starts when this step ends with `outcome`."""
        return next((entry.term for entry in self.outcomes if entry.code == outcome and entry.term), self.term)

    def reopened_by(self, outcome: str) -> tuple[str, ...]:
        """The steps to do again when this step ends with `outcome`."""
        return next((entry.reopens for entry in self.outcomes if entry.code == outcome and entry.reopens), self.reopens)

    def leaves_after(self, outcome: str) -> ActKind | None:
        """The act the record gets when this step ends with `outcome`."""
        ended = next((entry for entry in self.outcomes if entry.code == outcome), None)
        if ended is None:
            return self.leaves
        return (ended.act or self.leaves) if ended.leaves else None

    def ends_with(self, outcome: str) -> bool:
        """Whether the dossier ends when this step ends with `outcome`."""
        return any(entry.ends for entry in self.outcomes if entry.code == outcome)

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for term in (self.term, *(outcome.term for outcome in self.outcomes)) if term)


@dataclass(frozen=True)
class Suspension:
    """How objections suspend the procedure (BWHI art. 81, §§ 2-4). Names of steps, and days.

    An objection (`objection`) suspends. The conference has `conference_days` after it; without its finding
    that no objection remains (`finding` with `lifts`) the suspension ends by itself `ends_after_days` after that
    term, unless it was confirmed (`confirmation`), and then until it is released (`release`).
    """

    objection: str
    finding: str
    lifts: str
    confirmation: str
    release: str
    conference_days: int
    ends_after_days: int
    law: Text
    law_of_conference: Text
    law_of_confirmation: Text


@dataclass(frozen=True)
class Pause:
    """Steps by which a dossier is put aside and taken up again: on hold is not late."""

    begins: str
    ends: str


@dataclass(frozen=True)
class Procedure:
    """Steps in reading order. `version` rises when the steps change; a dossier keeps the one it began with.

    New dossiers take the newest version that is valid on the day (`valid_from`; None: drafted, not
    published). `parents` are the relations one of which links the instrument to its parent.
    """

    code: str
    version: int
    label: Text
    help: Text
    steps: tuple[Step, ...]
    valid_from: date | None = date.min
    law: Text = NO_TEXT
    suspension: Suspension | None = None
    pause: Pause | None = None
    parents: tuple[RelationKind, ...] = ()

    def step(self, code: str) -> Step:
        """Raises `KeyError` for a code that is not in this procedure."""
        return self.steps[self.places[code]]

    def has(self, code: str) -> bool:
        return code in self.places

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each step in reading order, by its code."""
        return {step.code: place for place, step in enumerate(self.steps)}

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages it passes through, in their own order: a step may stand before those of an earlier stage.

        Completed is one of them, also where a step of an earlier stage is what ends it.
        """
        passed = {Stage.DONE, *(step.stage for step in self.steps)}
        return tuple(stage for stage in Stage if stage in passed)

    @property
    def gates(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.gate)


def papers(*kinds: DocumentKind, needed: tuple[DocumentKind, ...] = ()) -> tuple[Evidence, ...]:
    """Evidence of these kinds; those in `needed` cannot be waived."""
    return tuple(Evidence(kind, waivable=kind not in needed) for kind in kinds)
