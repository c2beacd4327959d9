"""One step of a dossier as the page shows it: its state, what happened, what it waits for, which papers it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Person, reads
from audit.refusals import Blocker
from treaties.choices import DocumentKind, Scheme
from treaties.dates import PartialDate
from treaties.models import Document
from workflow import evidence
from workflow.choices import Origin, PaperState, StepState
from workflow.engine import Assessment, StepReport
from workflow.models import Approval, Dossier, Event
from workflow.presentation.words import DeadlineView, deadline, matters, need_sentences, outcome_label
from workflow.procedures import bodies
from workflow.procedures.language import Step
from workflow.procedures.moves import REQUALIFIED

# Style and icon of each state; the word beside it says the same.
LOOKS = {
    StepState.HAPPENED: ("done", "check"),
    StepState.SCHEDULED: ("waiting", "calendar"),
    StepState.ASKED: ("waiting", "clock"),
    StepState.OPEN: ("possible", "arrow"),
    StepState.BLOCKED: ("blocked", "lock"),
    StepState.PASSED: ("skipped", "info"),
    StepState.NOT_NEEDED: ("skipped", "minus"),
}


@dataclass(frozen=True)
class EventView:
    """One event in words. `corrected_by` is the event that superseded it."""

    event: Event
    title: str
    when: PartialDate
    outcome: str
    number_label: str
    despite: list[str]
    corrected_by: Event | None
    corrected_why: str
    correct_url: str
    body: str = ""
    # It no longer counts: the dossier went back, or follows another procedure.
    is_overtaken: bool = False

    @property
    def is_key(self) -> bool:
        return self.event.definition.gate or self.event.definition.leaves is not None


@dataclass(frozen=True)
class PaperView:
    """A kind of paper a gate asks for: how it stands, the one on file, the address to add it or to do without."""

    kind: str
    label: str
    document: Document | None
    state: str
    state_label: str
    add_url: str
    is_waivable: bool
    reason: str = ""

    @property
    def suffices(self) -> bool:
        return self.state in (PaperState.PRESENT, PaperState.WAIVED)


@dataclass(frozen=True)
class RequestView:
    """A request for consent; open while its decision was not there yet on the day and at the moment asked."""

    approval: Approval
    is_open: bool


@dataclass
class StepView:
    """One step with everything the page says of it."""

    step: Step
    label: str
    state_label: str
    look: str
    icon: str
    is_next: bool
    events: list[EventView]
    blockers: Sequence[Blocker]
    deadlines: list[DeadlineView]
    papers: list[PaperView]
    approvals: list[RequestView]
    record_url: str = ""
    record_early_url: str = ""
    ask_url: str = ""
    ask_blocked: bool = False

    @property
    def is_aside(self) -> bool:
        """Whether it only applies here and there, and has not so far."""
        return self.step.optional and not (self.events or self.approvals or self.is_next)


def ask_url(dossier: Dossier, step: Step) -> str:
    return reverse("consent-ask", args=[dossier.reference, step.code])


def record_url(dossier: Dossier, step: Step) -> str:
    return reverse("event-record", args=[dossier.reference, step.code])


def event_views(
    dossier: Dossier, person: Person, overtaken: frozenset[int] = frozenset(), *, may_write: bool
) -> list[EventView]:
    """All events in order of date, those that were corrected too; what only took one back stands with it.

    With the papers that `person` may read.
    """
    papers = Document.objects.visible_to(person).select_related("treaty")
    rows = dossier.events.select_related(
        "entity", "treaty", "recorded_by", "decision", "superseded_by__recorded_by", "superseded_by__change"
    ).prefetch_related(Prefetch("documents", papers))
    views = []
    for event in rows:
        event.dossier = dossier
        if not event.is_void:
            views.append(_event(event, event.pk in overtaken, may_write))
    return views


def _event(event: Event, is_overtaken: bool, may_write: bool) -> EventView:
    step = event.definition
    corrected_by = getattr(event, "superseded_by", None)
    may_correct = may_write and corrected_by is None and event.decision_id is None and step.code != REQUALIFIED
    return EventView(
        event=event,
        title=str(step.label),
        when=event.when,
        outcome=outcome_label(step, event.outcome),
        number_label=capfirst(str(Scheme(step.number).label)) if step.number else _("Number"),
        despite=need_sentences(step, event.despite) if event.despite else [],
        corrected_by=corrected_by,
        corrected_why=corrected_by.change.reason if corrected_by else "",
        correct_url=reverse("event-correct", args=[event.dossier.reference, event.pk]) if may_correct else "",
        body=str(council.label) if (council := bodies.get(event.body)) else "",
        is_overtaken=is_overtaken,
    )


def step_view(
    dossier: Dossier,
    report: StepReport,
    now: Assessment,
    standing: dict[int, EventView],
    papers: Mapping[DocumentKind, Document] | None,
    requests: Sequence[RequestView],
    *,
    person: Person,
    may_write: bool,
) -> StepView:
    """`papers` is None on a page that looks back: what is on file now says nothing of then."""
    step = report.step
    has_list = papers is not None and report.state in (StepState.OPEN, StepState.BLOCKED)
    look, icon = LOOKS[report.state]
    is_next = now.next is report
    view = StepView(
        step=step,
        label=str(step.label),
        state_label=str(StepState(report.state).label),
        look="open" if is_next and report.state == StepState.OPEN else look,
        icon=icon,
        is_next=is_next,
        events=[standing[fact.pk] for fact in report.facts if fact.pk in standing],
        blockers=report.blockers if report.state == StepState.BLOCKED else (),
        deadlines=[deadline(entry) for entry in report.deadlines if matters(now, entry)],
        papers=paper_views(dossier, step, person, papers) if has_list else [],
        approvals=[request for request in requests if request.approval.step == step.code],
    )
    if may_write:
        _offer(view, dossier, report)
    return view


def _offer(view: StepView, dossier: Dossier, report: StepReport) -> None:
    """Which buttons the step has. What they lead to is judged again by the action."""
    step = report.step
    if step.gate and dossier.origin == Origin.LIVE:
        if report.state in (StepState.OPEN, StepState.BLOCKED, StepState.PASSED):
            view.ask_url = ask_url(dossier, step)
            view.ask_blocked = report.state == StepState.BLOCKED
        return
    if report.facts and not step.repeatable and not step.gate:
        return
    if report.state == StepState.BLOCKED:
        view.record_early_url = record_url(dossier, step)
    elif report.state != StepState.NOT_NEEDED:
        view.record_url = record_url(dossier, step)


def _may_read(person: Person, document: Document) -> bool:
    return reads(person, document.access, document.treaty.department_id)


def paper_views(
    dossier: Dossier,
    step: Step,
    person: Person,
    newest: Mapping[DocumentKind, Document] | None = None,
    waived: Mapping[str, str] | None = None,
) -> list[PaperView]:
    """The checklist of a gate. A paper that `person` may not read counts as it does for everybody, and is not named."""
    add = reverse("document-add", args=[dossier.treaty.reference])
    return [
        PaperView(
            kind=paper.kind.value,
            label=capfirst(str(paper.kind.label)),
            document=paper.document if paper.document and _may_read(person, paper.document) else None,
            state=paper.state.value,
            state_label=str(paper.state.label),
            add_url=f"{add}?kind={paper.kind.value}&dossier={dossier.reference}",
            is_waivable=paper.evidence.waivable,
            reason=paper.reason,
        )
        for paper in evidence.of_gate(dossier, step, waived, newest)
    ]
