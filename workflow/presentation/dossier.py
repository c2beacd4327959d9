"""The page of a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusals import Blocker
from treaties import as_of
from treaties.as_of import Moment
from treaties.choices import Stage
from treaties.force import forces
from workflow import evidence, held, queries, waiting
from workflow.choices import Origin, StepState, Track
from workflow.conditions import steps_of
from workflow.engine import Assessment, Deviation, StepReport
from workflow.models import Dossier
from workflow.presentation import course, entities
from workflow.presentation.drawing import drawing
from workflow.presentation.steps import (
    EventView,
    RequestView,
    StepView,
    ask_url,
    event_views,
    paper_views,
    record_url,
    step_view,
)
from workflow.presentation.words import OURS, day, running, stage_line
from workflow.procedures.language import Step


@dataclass(frozen=True)
class StageGroup:
    """The steps of a stage, and those that only apply here and there and did not so far.

    A stage that lies ahead and holds nothing yet is shown folded.
    """

    label: str
    steps: list[StepView]
    others: list[StepView]
    is_ahead: bool


@dataclass
class NextView:
    """What to do next: one sentence, why, and where."""

    sentence: str
    detail: str = ""
    title: str = ""
    blockers: Sequence[Blocker] = ()
    url: str = ""
    label: str = ""
    disabled_label: str = ""
    # Whether somebody at a desk can act now: a consent that can be asked, or a step of ours.
    is_ours: bool = False


def page(dossier: Dossier, person: User, moment: Moment) -> dict[str, Any]:
    """The context of the page, of a dossier read with `queries.with_procedure`, as of a day and a moment."""
    what = held.held(dossier, moment.on, moment.known_at)
    now = queries.assess_held(what, moment.on)
    known, may_write = {event.pk for event in what.events}, person.may_write and moment.is_now
    overtaken = frozenset(fact.pk for fact in (*now.overtaken, *now.foreign))
    events = [
        _as_known(view, moment)
        for view in event_views(dossier, person, overtaken, may_write=may_write)
        if moment.is_now or (view.event.pk in known and (view.when.on is None or view.when.on <= moment.on))
    ]
    papers = evidence.newest_papers(dossier) if moment.is_now else None
    requests = _requests(dossier, moment)
    # On a page that looks back, what was corrected since still stood.
    standing = {view.event.pk: view for view in events if view.event.pk in known}
    views = {
        report.step.code: step_view(
            dossier, report, now, standing, papers, requests, person=person, may_write=may_write
        )
        for report in now.steps
    }
    matrix = entities.matrix(dossier, what, now, list(standing.values()), may_write=may_write)
    return {
        "dossier": dossier,
        "moment": moment,
        "banner": as_of.banner(moment)[:1],
        "procedure": what.procedure,
        "assessment": now,
        "waiting": waiting.why(now, entities.names(what)),
        "next": next_view(dossier, person, now) if moment.is_now else None,
        "stages": stage_line(now),
        "forces": forces(dossier.treaties) if moment.is_now else [],
        "groups": _groups(now, views),
        "moves": _course(now, views),
        "tracks": course.tracks(now),
        "suspensions": course.suspensions(now),
        "determinations": course.determinations(dossier, moment),
        "returns": course.returns(now),
        "drawing": drawing(now),
        "deviations": [_deviation(deviation) for deviation in now.deviations],
        "despite": (despite := [view for view in standing.values() if view.despite]),
        "irregularities": len(now.deviations) + len(despite),
        "events": events,
        "matrix": matrix,
        "package": entities.package(dossier, now, list(standing.values())),
        "terms": running(now),
        "may_write": may_write,
        "may_review": person.may_review,
        "can_requalify": course.can_requalify(what.procedure),
    }


def _requests(dossier: Dossier, moment: Moment) -> list[RequestView]:
    return [
        RequestView(approval, not held.was_decided(approval, moment.on, moment.known_at))
        for approval in dossier.approvals.all()
        if held.was_asked(approval, moment.on, moment.known_at)
    ]


def _as_known(view: EventView, moment: Moment) -> EventView:
    """Without a correction that was not made yet at the moment asked."""
    if moment.known_at and view.corrected_by and view.corrected_by.recorded_at > moment.known_at:
        return replace(view, corrected_by=None, corrected_why="")
    return view


def next_view(dossier: Dossier, person: User, now: Assessment, *, with_papers: bool = True) -> NextView:
    """The sentence "what to do next", with its button for who may press it.

    Which papers are missing takes a query of its own: lists leave it out.
    """
    report = now.next
    if report is None:
        return NextView(
            _("The procedure is completed."), _("Nothing is awaited. What still happens can be recorded below.")
        )
    view = _next_by_state(dossier, report, person, with_papers)
    if report.state == StepState.BLOCKED:
        _lead_on(view, dossier, now, report.step)
    if now.is_on_hold:
        view.is_ours = False  # it can be done; nobody has to
    if not person.may_write and report.state != StepState.ASKED:
        view.url = view.label = view.disabled_label = ""
    return view


def _next_by_state(dossier: Dossier, report: StepReport, person: User, with_papers: bool) -> NextView:
    step, label = report.step, str(report.step.label)
    if report.state == StepState.ASKED:
        return _asked(dossier, step)
    if report.state == StepState.SCHEDULED:
        when = report.facts[-1].when
        return NextView(_("“%(step)s” is announced for %(date)s.") % {"step": label, "date": when})
    if report.state == StepState.BLOCKED:
        title = _("“%(step)s” cannot happen yet") % {"step": label}
        view = NextView(_("Next is “%(step)s”, which waits.") % {"step": label}, title=title, blockers=report.blockers)
        if step.gate and dossier.origin == Origin.LIVE:
            view.disabled_label = _("Ask consent")
        return view
    if step.gate and dossier.origin == Origin.LIVE:
        return _to_ask(dossier, step, person, with_papers)
    if step.actor in OURS:
        sentence = _("It is for us: “%(step)s”.") % {"step": label}
    else:
        names = {"actor": step.actor.label, "step": label}
        sentence = _("Awaited of %(actor)s: “%(step)s”.") % names
    detail = _("Record it once it has happened.")
    return NextView(
        sentence, detail, url=record_url(dossier, step), label=_("Record"), is_ours=step.actor in OURS or step.gate
    )


def _lead_on(view: NextView, dossier: Dossier, now: Assessment, step: Step) -> None:
    """What the blocked step waits for, where that can be done now: the button leads there."""
    lacking = {blocker.code for blocker in view.blockers}
    codes = [code for need in step.needs if need.code in lacking for code in steps_of(need.condition)]
    for first in (now.report(code) for code in codes):
        if first.state not in (StepState.OPEN, StepState.PASSED):
            continue
        is_asked = first.step.gate and dossier.origin == Origin.LIVE
        view.detail = _("First: “%(step)s”.") % {"step": first.step.label}
        view.url = ask_url(dossier, first.step) if is_asked else record_url(dossier, first.step)
        view.label = _("Ask consent") if is_asked else _("Record")
        view.disabled_label = ""
        view.is_ours = first.step.gate or first.step.actor in OURS
        return


def _to_ask(dossier: Dossier, step: Step, person: User, with_papers: bool) -> NextView:
    missing = [paper for paper in paper_views(dossier, step, person) if not paper.suffices] if with_papers else []
    view = NextView(
        _("Ask the consent of the Government of Flanders: “%(step)s”.") % {"step": step.label},
        url=ask_url(dossier, step),
        label=_("Ask consent"),
        is_ours=True,
    )
    if missing:
        view.detail = _("Add the papers first: %(papers)s.") % {
            "papers": ", ".join(f"{paper.label} ({paper.state_label})" for paper in missing)
        }
    return view


def _asked(dossier: Dossier, step: Step) -> NextView:
    approval = next(one for one in dossier.approvals.all() if one.step == step.code and one.is_open)
    names = {"person": approval.asked_by.name, "date": day(timezone.localdate(approval.asked_at)), "step": step.label}
    return NextView(
        _("Awaiting the decision on “%(step)s”, asked by %(person)s on %(date)s.") % names,
        _("Somebody else than %(person)s records it.") % names,
        url=reverse("review-detail", args=[approval.pk]),
        label=_("Open the request"),
    )


def _groups(now: Assessment, views: dict[str, StepView]) -> list[StageGroup]:
    groups: list[StageGroup] = []
    stages = now.procedure.stages
    for stage in stages:
        mine = [
            views[report.step.code]
            for report in now.steps
            if report.step.stage == stage and report.step.track != Track.COURSE
        ]
        steps = [view for view in mine if not view.is_aside]
        ahead = stages.index(stage) > stages.index(now.stage) and not any(
            view.events or view.approvals for view in mine
        )
        others = [view for view in mine if view.is_aside]
        groups.append(StageGroup(capfirst(str(Stage(stage).label)), steps, others, ahead))
    return groups


def _course(now: Assessment, views: dict[str, StepView]) -> list[StepView]:
    """The steps that change the course of the dossier."""
    return [views[report.step.code] for report in now.steps if report.step.track == Track.COURSE]


def _deviation(deviation: Deviation) -> dict[str, Any]:
    before = deviation.before_step
    return {
        "sentence": _("“%(step)s” is recorded on %(date)s, before “%(before)s” on %(then)s.")
        % {
            "step": deviation.step.label,
            "date": deviation.fact.when,
            "before": before.label,
            "then": deviation.before.when,
        },
        "law": str(deviation.need.law),
    }
