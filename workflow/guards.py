"""Why something cannot be recorded, asked or decided: every reason at once. Reads only.

The actions refuse by these, and the pages explain by these; no rule stands anywhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.refusals import Blocker
from treaties import publishing
from treaties.actions.common import level_problems
from treaties.choices import ActKind, PartyKind, Qualification
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Document, Party, Treaty
from treaties.texts import unfit
from workflow import four_eyes
from workflow.choices import DOSSIER_LEVELS, NEEDS_REASON, PASSES, Consent, Origin
from workflow.delegations import to_use
from workflow.engine import blockers_for
from workflow.evidence import gone
from workflow.held import standing_events
from workflow.models import Approval, Delegation, Dossier, Statement
from workflow.procedures import Procedure, bodies, published
from workflow.procedures.language import Step
from workflow.procedures.law import EVERY_STEP, MIXED_12
from workflow.procedures.moves import REQUALIFIED
from workflow.queries import open_gates, situation

# What may be recorded before its day: it was announced.
ANNOUNCED = frozenset({ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT, ActKind.PROVISIONAL_APPLICATION, ActKind.END})
# The most acts of assent one entity gives: a parliament for its own matters and for those it took over.
MOST_ACTS = 3


@dataclass(frozen=True)
class Happening:
    """What a person says happened: the content of one event."""

    step: str
    when: PartialDate = UNKNOWN
    outcome: str = ""
    entity: Party | None = None
    treaty: Treaty | None = None
    body: str = ""
    until: date | None = None
    place: str = ""
    number: str = ""
    note: str = ""
    source: str = ""
    documents: list[Document] = field(default_factory=list)
    # Until then the public part says nothing of it.
    embargo_until: datetime | None = None


def not_allowed(actor: User, deed: Deed) -> list[Blocker]:
    if actor.may(deed):
        return []
    return [Blocker("not_allowed", _("You may not %(deed)s.") % {"deed": deed.label})]


def invalid(actor: User, dossier: Dossier, happening: Happening) -> list[Blocker]:
    """What is wrong with it whatever the order of steps: no reason makes these acceptable."""
    try:
        step = dossier.procedure.step(happening.step)
    except KeyError:
        return [Blocker("unknown_step", _("This procedure has no such step."), field="step")]
    return [
        *not_allowed(actor, Deed.RECORD_EVENT),
        *_gate_problems(actor, dossier, step, happening),
        *_course_problems(step),
        *_reference_problems(dossier, step, happening),
        *_outcome_problems(step, happening),
        *_entity_problems(step, happening),
        *_date_problems(dossier, step, happening),
        *_repeat_problems(dossier, step, happening.treaty),
        *_text_problems(happening),
        *publishing.moment_problems(happening.embargo_until, "embargo_until"),
    ]


def out_of_order(dossier: Dossier, happening: Happening) -> list[Blocker]:
    """What should have happened first, on the day it happened. Recordable all the same, with a reason."""
    on = happening.when.last or timezone.localdate()
    return [
        *_before_the_dossier(dossier, happening),
        *blockers_for(dossier.procedure, happening.step, situation(dossier, on)),
    ]


def _before_the_dossier(dossier: Dossier, happening: Happening) -> list[Blocker]:
    """In a dossier that is followed as it happens nothing comes before its first step."""
    first = dossier.procedure.steps[0]
    begun = min((event.on for event in standing_events(dossier) if event.step == first.code and event.on), default=None)
    last = happening.when.last
    if dossier.origin != Origin.LIVE or begun is None or last is None or last >= begun:
        return []
    sentence = _("This lies before the dossier began, on %(date)s.") % {"date": PartialDate(begun)}
    return [Blocker("before_dossier", sentence, field="when")]


def _course_problems(step: Step) -> list[Blocker]:
    if step.code != REQUALIFIED:
        return []
    sentence = _("Say what the treaty is now held to be, on the page that changes the qualification.")
    return [Blocker("requalify", sentence, field="step")]


def _reference_problems(dossier: Dossier, step: Step, happening: Happening) -> list[Blocker]:
    """What it points at: a treaty of the package, an advisory council, a last day, papers of the file."""
    problems = []
    treaties = {treaty.pk for treaty in dossier.treaties}
    if happening.treaty and (happening.treaty.pk not in treaties or not step.per_treaty):
        problems.append(Blocker("treaty", _("Choose a treaty of this dossier."), field="treaty"))
    if happening.body and (not step.per_body or bodies.get(happening.body) is None):
        problems.append(Blocker("body", _("Choose an advisory council."), field="body"))
    if any(document.treaty_id not in treaties for document in happening.documents):
        problems.append(Blocker("document", _("A paper belongs to another treaty."), field="file"))
    return [*problems, *_last_day_problems(step, happening)]


def _last_day_problems(step: Step, happening: Happening) -> list[Blocker]:
    if happening.until and not step.names_last_day:
        return [Blocker("until", _("This step names no last day."), field="until")]
    if step.names_last_day and happening.until is None:
        return [Blocker("until", _("Enter the last day of the term."), field="until")]
    if happening.until and happening.when.on and happening.until < happening.when.on:
        return [Blocker("until", _("The term cannot end before it begins."), field="until")]
    return []


def _gate_problems(actor: User, dossier: Dossier, step: Step, happening: Happening) -> list[Blocker]:
    if not step.gate:
        return []
    if dossier.origin != Origin.RECONSTRUCTED:
        sentence = _("This is a consent of the Government of Flanders: ask for it, so that somebody else decides.")
        return [Blocker("gate_must_be_asked", sentence, EVERY_STEP, field="step")]
    problems = not_allowed(actor, Deed.TRANSCRIBE)
    if not happening.source.strip():
        sentence = _("A decision of the past is recorded with its source.")
        problems.append(Blocker("source_missing", sentence, field="source"))
    return problems


def _outcome_problems(step: Step, happening: Happening) -> list[Blocker]:
    allowed = set(Consent.values) if step.gate else {outcome.code for outcome in step.outcomes}
    if step.outcome_optional and not happening.outcome:
        return []
    if allowed and happening.outcome not in allowed:
        return [Blocker("outcome", _("Choose how this step ended."), field="outcome")]
    if not allowed and happening.outcome:
        return [Blocker("outcome", _("This step has no outcome to choose."), field="outcome")]
    return []


def _entity_problems(step: Step, happening: Happening) -> list[Blocker]:
    if not step.per_entity:
        return []
    if happening.entity is None or happening.entity.kind != PartyKind.BELGIAN_ENTITY:
        return [Blocker("entity", _("Choose the Belgian entity this concerns."), field="entity")]
    return []


def _date_problems(dossier: Dossier, step: Step, happening: Happening) -> list[Blocker]:
    today = timezone.localdate()
    on = happening.when.on
    problems = []
    if on is None and dossier.origin == Origin.LIVE:
        problems.append(Blocker("date_missing", _("Enter the date on which it happened."), field="when"))
    if on and on > today and step.leaves not in ANNOUNCED:
        problems.append(
            Blocker("future", _("This date lies in the future; record it once it has happened."), field="when")
        )
    if on and step.leaves == ActKind.END and (started := _started(dossier)) and (happening.when.last or on) < started:
        sentence = _("It cannot end before it began on %(date)s.") % {"date": PartialDate(started)}
        problems.append(Blocker("end_before_start", sentence, field="when"))
    return problems


def _started(dossier: Dossier) -> date | None:
    kinds = {ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT}
    steps = {step.code for step in dossier.procedure.steps if step.leaves in kinds}
    return min((event.on for event in standing_events(dossier) if event.step in steps and event.on), default=None)


def _repeat_problems(dossier: Dossier, step: Step, treaty: Treaty | None = None) -> list[Blocker]:
    """A step happens once, for each treaty of a package where it is theirs, unless it can be repeated.

    A refused gate may be decided again, and what the dossier went back to may be done again.
    """
    if step.repeatable:
        return []
    reference = treaty.reference if treaty else ""
    earlier = [
        one
        for one in situation(dossier, date.max).of(step.code)
        if not one.treaty or not reference or one.treaty == reference
    ]
    if any(not step.gate or one.outcome in PASSES for one in earlier):
        sentence = _("This step was already recorded, on %(date)s. Correct that record instead.")
        return [Blocker("already_recorded", sentence % {"date": earlier[-1].when}, field="step")]
    return []


def _text_problems(happening: Happening) -> list[Blocker]:
    limits = {"place": 200, "number": 200, "note": 4_000, "source": 500}
    problems = {name: unfit(getattr(happening, name), limit=limit) for name, limit in limits.items()}
    return [Blocker("text", problem, field=name) for name, problem in problems.items() if problem]


def to_ask(actor: User, dossier: Dossier, step: Step) -> list[Blocker]:
    """Why consent for a gate cannot be asked now."""
    problems = not_allowed(actor, Deed.ASK_CONSENT)
    if not step.gate:
        return [*problems, Blocker("not_a_gate", _("No consent is asked for this step."))]
    if step.code in open_gates(dossier):
        problems.append(Blocker("already_asked", _("This consent was already asked and awaits a decision.")))
    problems += _repeat_problems(dossier, step)
    return [*problems, *blockers_for(dossier.procedure, step.code, situation(dossier, timezone.localdate()))]


def to_decide(actor: User, approval: Approval, delegation: Delegation | None = None) -> list[Blocker]:
    """Why `actor`, by themselves or by `delegation`, cannot decide this request, whatever the outcome.

    Four eyes count everybody who takes the decision: who records it, and for whom.
    """
    if delegation is None:
        return [*not_allowed(actor, Deed.DECIDE_CONSENT), *_own_eyes(actor, approval)]
    problems = to_use(actor, delegation, approval.dossier)
    return [*problems, *_own_eyes(actor, approval), *_eyes_of_absent(delegation.absent, approval)]


def _own_eyes(actor: User, approval: Approval) -> list[Blocker]:
    problems = []
    if approval.asked_by_id == actor.pk:
        sentence = _("You asked for this consent yourself; somebody else has to record the decision.")
        problems.append(Blocker("four_eyes", sentence, EVERY_STEP))
    if edits := four_eyes.edited(approval, actor.pk):
        sentence = _("Since it was asked you changed what is decided on: %(edits)s. Somebody else has to decide.")
        problems.append(Blocker("edited_since", sentence % {"edits": ", ".join(edits)}, EVERY_STEP))
    return problems


def _eyes_of_absent(absent: User, approval: Approval) -> list[Blocker]:
    problems = []
    if approval.asked_by_id == absent.pk:
        sentence = _("%(name)s asked for this consent; who acts for %(name)s cannot record the decision either.")
        problems.append(Blocker("four_eyes_absent", sentence % {"name": absent.name}, EVERY_STEP))
    if edits := four_eyes.edited(approval, absent.pk):
        sentence = _("Since it was asked %(name)s changed what is decided on: %(edits)s. Somebody else has to decide.")
        words = {"name": absent.name, "edits": ", ".join(edits)}
        problems.append(Blocker("edited_since_absent", sentence % words, EVERY_STEP))
    return problems


def decision_problems(approval: Approval, *, outcome: str, decided_on: date | None, reason: str) -> list[Blocker]:
    """What is wrong with the decision as filled in."""
    problems = []
    if outcome not in Consent.values:
        problems.append(Blocker("outcome", _("Choose what was decided."), field="outcome"))
    if decided_on is None:
        problems.append(Blocker("date_missing", _("Enter the date of the decision."), field="decided_on"))
    elif decided_on > timezone.localdate():
        problems.append(Blocker("future", _("A decision cannot be dated in the future."), field="decided_on"))
    if outcome in NEEDS_REASON and not reason.strip():
        problems.append(
            Blocker("reason_missing", _("Say why: this is what the dossier manager goes by."), field="reason")
        )
    if outcome in PASSES and decided_on:
        problems += blockers_for(approval.dossier.procedure, approval.step, situation(approval.dossier, decided_on))
        for title in gone(approval.evidence):
            sentence = _("A paper it was asked with is no longer on file as it was: %(paper)s.") % {"paper": title}
            problems.append(Blocker("evidence_gone", sentence))
    return problems


def access_problems(actor: User, dossier: Dossier, access: str) -> list[Blocker]:
    """Why a dossier cannot have this level: who could not read it any more does not set it."""
    problems = not_allowed(actor, Deed.RECORD_EVENT)
    if access not in DOSSIER_LEVELS:
        return [*problems, Blocker("level", _("Choose who may know of the dossier."), field="access")]
    return problems + level_problems(actor, access, dossier.treaty.department_id)


def requirement_problems(actor: User, dossier: Dossier, entity: Party, acts: int, when: PartialDate) -> list[Blocker]:
    """Why it cannot be said that an entity is, or is not, required."""
    problems = not_allowed(actor, Deed.RECORD_EVENT)
    if not any(step.per_entity for step in dossier.procedure.steps):
        problems.append(Blocker("not_mixed", _("No other Belgian entity has a part in this procedure."), MIXED_12))
    if entity.kind != PartyKind.BELGIAN_ENTITY:
        problems.append(Blocker("entity", _("Choose a Belgian entity."), field="entity"))
    if not 1 <= acts <= MOST_ACTS:
        sentence = _("The number of acts of assent lies between 1 and %(most)d.") % {"most": MOST_ACTS}
        problems.append(Blocker("acts", sentence, field="acts"))
    return [*problems, *_determined_problems(when)]


def requalification_problems(
    actor: User,
    dossier: Dossier,
    qualification: str,
    procedure: str,
    determined_by: str,
    when: PartialDate,
) -> list[Blocker]:
    """Why the treaty cannot be said to be something else than was thought."""
    problems = not_allowed(actor, Deed.RECORD_EVENT)
    target = next((one for one in published(timezone.localdate()) if one.code == procedure), None)
    if target is None or not target.has(REQUALIFIED):
        problems.append(Blocker("procedure", _("Choose the procedure that follows from it."), field="procedure"))
    elif determined_by not in {outcome.code for outcome in target.step(REQUALIFIED).outcomes}:
        problems.append(Blocker("determined_by", _("Choose who determined it."), field="determined_by"))
    if qualification not in Qualification.values:
        problems.append(Blocker("qualification", _("Choose what the treaty is now held to be."), field="qualification"))
    elif qualification == dossier.treaty.qualification and procedure == dossier.procedure_code:
        problems.append(Blocker("same", _("That is what the treaty is held to be already."), field="qualification"))
    return [
        *problems,
        *_open_request_problems(dossier, target),
        *_before_the_dossier(dossier, Happening(REQUALIFIED, when)),
        *_course_date_problems(dossier, when),
    ]


def _open_request_problems(dossier: Dossier, target: Procedure | None) -> list[Blocker]:
    """What was asked can only be decided in a procedure that has the step."""
    if target is None or all(target.has(step) for step in open_gates(dossier)):
        return []
    sentence = _("A consent was asked that the other procedure does not know: withdraw that request first.")
    return [Blocker("open_request", sentence, field="procedure")]


def _course_date_problems(dossier: Dossier, when: PartialDate) -> list[Blocker]:
    if when.on is None and dossier.origin == Origin.LIVE:
        return [Blocker("date_missing", _("Enter the date on which it happened."), field="when")]
    return [*_determined_problems(when), *too_early(when, dossier.determinations.all())]


def too_early(when: PartialDate, said: Iterable[Statement]) -> list[Blocker]:
    """What is determined counts from its day on: dated before what was `said` of the same, it would never count."""
    last = max((row for row in said if row.on), key=lambda row: row.on or date.min, default=None)
    if last is None or last.on is None or (when.on and when.on >= last.on):
        return []
    sentence = _("This was determined on %(date)s already: give that day or a later one.") % {"date": last.when}
    return [Blocker("determined_later", sentence, field="when")]


def _determined_problems(when: PartialDate) -> list[Blocker]:
    if when.on and when.on > timezone.localdate():
        sentence = _("This date lies in the future; record it once it has happened.")
        return [Blocker("future", sentence, field="when")]
    return []
