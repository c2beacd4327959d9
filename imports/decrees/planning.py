"""What is to be written for one treaty: everything for a new one, what is lacking for one that is there. Reads only.

What the register holds stands. Where the gazette says something else, both are told and nothing is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from imports.decrees import wanted, words
from imports.decrees.grouping import Group
from imports.decrees.matching import OF_THE_TEXT, Candidate, Match
from imports.decrees.titles import Act
from treaties.actions import Number, Record
from treaties.choices import ActKind
from treaties.models import Act as RecordedAct
from treaties.models import Treaty
from workflow import held, queries
from workflow.choices import PASSES, Origin
from workflow.guards import MOST_ACTS
from workflow.models import Dossier, Event

SANCTION, PUBLISHED, ASSENT, SIGNATURE = (
    "sanction_and_promulgation",
    "decree_published",
    "assent_of_entity",
    "signature",
)
# A parliament votes at most so long before its decree is promulgated: the two days are then of one assent.
ONE_ASSENT = timedelta(days=60)


@dataclass(frozen=True)
class ActFact:
    """A dated act for the record; `party` is the code of the entity, empty for the instrument as a whole."""

    kind: ActKind
    on: date
    party: str = ""
    place: str = ""
    number: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class EventFact:
    """An event for the dossier; `entity` is a code, `of_this_treaty` for a step that each treaty of a package has."""

    step: str
    on: date
    outcome: str = ""
    entity: str = ""
    place: str = ""
    number: str = ""
    note: str = ""
    source: str = ""
    of_this_treaty: bool = False


@dataclass(frozen=True)
class EntityFact:
    """An entity whose assent the gazette shows, by so many decrees."""

    entity: str
    acts: int
    source: str


@dataclass
class Plan:
    """What to do for one treaty. `treaty` None: it is new, with this `record`."""

    group: Group
    treaty: Treaty | None = None
    record: Record | None = None
    dossier: Dossier | None = None
    opens: str = ""
    numbers: list[Number] = field(default_factory=list)
    acts: list[ActFact] = field(default_factory=list)
    entities: list[EntityFact] = field(default_factory=list)
    events: list[EventFact] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    # Its dossier is followed as it happens: what happens there is not transcribed, so nothing is planned.
    is_live: bool = False
    # Entities whose assents stand in the record only.
    in_record: set[str] = field(default_factory=set)
    # Treaties it may be, when that is to be asked first: then nothing is planned.
    asks: tuple[Candidate, ...] = ()

    def is_event(self, act: Act) -> bool:
        """Whether the assent of this decree is an event of a dossier."""
        return bool(self.dossier or self.opens) and words.ENTITIES[act.decree.entity] not in self.in_record

    @property
    def writes(self) -> bool:
        return bool(self.record or self.opens or self.numbers or self.acts or self.entities or self.events)


def plan(group: Group, match: Match, names: Mapping[str, str]) -> Plan:
    """What the decrees of a group add to the register."""
    if match.maybe:
        return Plan(group, asks=match.maybe)
    made = Plan(group)
    if match.found:
        made.treaty = Treaty.objects.get(pk=match.found.pk)
        made.numbers = _lacking_numbers(made.treaty, wanted.numbers(group))
        made.remarks += [_two_treaties(match.found, other) for other in match.others]
    else:
        made.record = wanted.record(group, names)
        made.unknown = wanted.parties(group, names).unknown
    made.dossier = _dossier(made.treaty) if made.treaty else None
    if made.dossier is None and wanted.flemish(group):
        made.opens = wanted.procedure(group)
    _Facts(made).add()
    return made


def _two_treaties(found: Candidate, other: Candidate) -> str:
    said = {"one": found.reference, "other": other.reference}
    return _("These decrees stand with two treaties of the register, %(one)s and %(other)s.") % said


def _lacking_numbers(treaty: Treaty, numbers: Iterable[Number]) -> list[Number]:
    present = set(treaty.identifiers.values_list("scheme", "value"))
    return [number for number in numbers if (number.scheme, number.value) not in present]


def _dossier(treaty: Treaty) -> Dossier | None:
    """The dossier through which a decree of assent comes; the earliest, where there are more."""
    found = queries.dossiers_of(treaty).select_related("treaty").order_by("pk")
    return next((one for one in found if one.procedure.has(SANCTION)), None)


class _Facts:
    """Compares what the decrees say with what is there, and puts what is lacking in the plan."""

    def __init__(self, made: Plan) -> None:
        self.plan = made
        self.acts = list(_recorded(made.treaty)) if made.treaty else []
        self.events = _standing(made.dossier, made.treaty) if made.dossier and made.treaty else []
        self.is_live = bool(made.dossier and made.dossier.origin == Origin.LIVE)
        self.has_dossier = bool(made.dossier or made.opens) and not self.is_live
        self.of_package = bool(made.dossier and len(made.dossier.treaties) > 1)

    def add(self) -> None:
        """Everything, in the order in which it happened."""
        if self.is_live:
            self.plan.is_live, self.plan.numbers = True, []
            return
        self._signature()
        for place, act in enumerate(wanted.flemish(self.plan.group)):
            (self._flemish if place == 0 else self._flemish_again)(act)
        for entity, acts in wanted.assents(self.plan.group).items():
            (self._in_dossier if self.has_dossier and self._takes_entities() else self._in_record)(entity, acts)
        self.plan.events.sort(key=lambda fact: fact.on)

    def _takes_entities(self) -> bool:
        return not self.plan.dossier or self.plan.dossier.procedure.has(ASSENT)

    def _remark(self, text: str, **said: object) -> None:
        self.plan.remarks.append(text % said)

    def _signature(self) -> None:
        """Once, unless the register has a day already."""
        signing = wanted.signing(self.plan.group)
        present = [act for act in self.acts if act.kind == (signing and signing.kind)]
        if signing is None or any(act.on == signing.day for act in self.acts if act.kind in OF_THE_TEXT):
            return
        if present:
            text = _("The decree dates the treaty %(said)s; the register has %(held)s.")
            self._remark(text, said=f"{signing.day:%d-%m-%Y}", held=", ".join(f"{act.on:%d-%m-%Y}" for act in present))
        elif signing.by_the_parties and self.has_dossier and not self._has(SIGNATURE):
            fact = EventFact(SIGNATURE, signing.day, place=signing.place, note=signing.note, source=signing.source)
            self.plan.events.append(fact)
        else:
            self.plan.acts.append(
                ActFact(signing.kind, signing.day, place=signing.place, note=signing.note, source=signing.source)
            )

    def _flemish(self, act: Act) -> None:
        """Sanction and promulgation, and the publication of the decree."""
        decree, note = act.decree, words.title_of(act.decree)
        done = [event for event in self.events if event.step == SANCTION and event.outcome in PASSES]
        if any(event.on == decree.decree_date for event in done):
            pass
        elif done:
            text = _("The gazette dates the Flemish decree %(said)s; the register has %(held)s.")
            self._remark(text, said=f"{decree.decree_date:%d-%m-%Y}", held=f"{done[0].when}")
            return
        else:
            self._event(EventFact(SANCTION, decree.decree_date, outcome="approved", note=note, source=decree.eli))
        if decree.published_on and not self._has(PUBLISHED):
            self._event(EventFact(PUBLISHED, decree.published_on, number=decree.numac, source=decree.eli))
        elif decree.published_on and not any(
            event.on == decree.published_on for event in self.events if event.step == PUBLISHED
        ):
            self._remark(
                _("The gazette published the Flemish decree on %(said)s; the register has another day."),
                said=f"{decree.published_on:%d-%m-%Y}",
            )

    def _flemish_again(self, act: Act) -> None:
        """A second Flemish decree about one treaty: published or decreed again, it is an act of the record."""
        first, decree = wanted.flemish(self.plan.group)[0].decree, act.decree
        note = words.title_of(decree)
        if decree.decree_date != first.decree_date:
            self._act(ActFact(ActKind.DECREE, decree.decree_date, number=decree.numac, note=note, source=decree.eli))
        if decree.published_on:
            kind = ActKind.DECREE_PUBLICATION
            self._act(ActFact(kind, decree.published_on, number=decree.numac, note=note, source=decree.eli))
        self._remark(_("Two Flemish decrees are about this treaty: look at %(eli)s too."), eli=decree.eli)

    def _in_dossier(self, entity: str, acts: Sequence[Act]) -> None:
        """Required, with as many acts of assent as there are decrees; each assent, and its publication."""
        mine = [event for event in self.events if event.step == ASSENT and event.entity and event.entity.code == entity]
        free = [event for event in mine if event.outcome in ("assented", "adopted", "promulgated")]
        new = [act for act in acts if not _taken(free, act.decree.decree_date)]
        outcomes = {act.key: self._after_the_vote(free, act) for act in new}
        needed = min(len(acts), MOST_ACTS)
        if self._required(entity) < needed and (new or not mine):
            self.plan.entities.append(EntityFact(entity, needed, acts[0].decree.eli))
        for act in new:
            decree, note = act.decree, words.title_of(act.decree)
            said = outcomes[act.key]
            self._event(EventFact(ASSENT, decree.decree_date, said, entity, "", decree.numac, note, decree.eli))
        for act in acts:
            self._entity_published(entity, act, mine)

    def _entity_published(self, entity: str, act: Act, mine: Sequence[Event]) -> None:
        decree = act.decree
        published = [event for event in mine if event.outcome == "published"]
        if decree.published_on and not any(event.number == decree.numac for event in published):
            self._event(EventFact(ASSENT, decree.published_on, "published", entity, "", decree.numac, "", decree.eli))

    def _after_the_vote(self, free: list[Event], act: Act) -> str:
        """What the decree is: the assent; or its promulgation, where the register has the assent some days before."""
        decree = act.decree
        near = [event for event in free if event.on and timedelta(0) < decree.decree_date - event.on <= ONE_ASSENT]
        if not near:
            return "assented"
        free.remove(near[-1])
        self._remark(
            _("%(entity)s: the decree is of %(said)s, the register has the assent on %(held)s: taken for the vote."),
            entity=words.ENTITIES[decree.entity],
            said=f"{decree.decree_date:%d-%m-%Y}",
            held=f"{near[-1].on:%d-%m-%Y}",
        )
        return "promulgated"

    def _in_record(self, entity: str, acts: Sequence[Act]) -> None:
        """No dossier, or one that knows no other entities: the assent is an act of the record."""
        self.plan.in_record.add(entity)
        if self.has_dossier:
            self._remark(_("The procedure of the dossier knows no other entities: the assent is in the record only."))
        for act in acts:
            decree, note = act.decree, words.title_of(act.decree)
            self._act(ActFact(ActKind.ASSENT, decree.decree_date, entity, "", decree.numac, note, decree.eli))
            if decree.published_on:
                kind = ActKind.DECREE_PUBLICATION
                self._act(ActFact(kind, decree.published_on, entity, "", decree.numac, "", decree.eli))

    def _has(self, step: str) -> bool:
        return any(event.step == step for event in self.events)

    def _required(self, entity: str) -> int:
        """With how many acts the entity is required now; 0 when it is not."""
        if not self.plan.dossier:
            return 0
        rows = held.held(self.plan.dossier).requirements
        return next((row.acts for row in rows if row.entity.code == entity), 0)

    def _event(self, fact: EventFact) -> None:
        self.plan.events.append(_of_package(fact) if self.of_package else fact)

    def _act(self, fact: ActFact) -> None:
        here = any(
            act.kind == fact.kind
            and act.on == fact.on
            and (act.party.code if act.party else "") == fact.party
            and act.number in ("", fact.number)
            for act in self.acts
        )
        if not here:
            self.plan.acts.append(fact)


def _taken(free: list[Event], on: date) -> bool:
    """Whether one of the events is of this day; it is then used up."""
    found = next((event for event in free if event.on == on), None)
    if found:
        free.remove(found)
    return found is not None


def _of_package(fact: EventFact) -> EventFact:
    own = {SANCTION, PUBLISHED}
    return EventFact(**{**fact.__dict__, "of_this_treaty": fact.step in own})


def _recorded(treaty: Treaty) -> Iterable[RecordedAct]:
    return treaty.acts.filter(is_retracted=False, on__isnull=False).select_related("party")


def _standing(dossier: Dossier, treaty: Treaty) -> list[Event]:
    """The events of the dossier that are of this treaty: of all of the package, or of this one."""
    return [event for event in held.standing_events(dossier) if event.treaty_id in (None, treaty.pk)]
