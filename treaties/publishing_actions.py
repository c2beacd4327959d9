"""Making a record public, and taking it out again. lock → check → do → record; migration `publishing_rules` holds the
same rules in the database."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.models import Change
from audit.refusals import Blocker, Conflict, Refused
from treaties import document_reading, publishing, search
from treaties.actions import lock, require
from treaties.choices import Access, PublicationVerdict
from treaties.models import PublicationDecision, PublicationOutcome, PublicationRequest, Treaty
from treaties.texts import clean


def ask_publication(
    *,
    actor: User,
    treaty: Treaty,
    reason: str,
    not_before: datetime | None = None,
    version: int | None = None,
    submission: UUID | None = None,
) -> PublicationRequest:
    """Ask that the record becomes public, not before a moment where one is given.

    Raises `Refused` with every reason, `Conflict` when the record moved on from `version`.
    """
    require(actor, Deed.EDIT_RECORD)
    _refuse([*publishing.reason_problems(reason), *publishing.moment_problems(not_before)])
    with change(actor, action=Action.PUBLICATION_ASK, reason=_kept(reason), submission=submission) as row:
        locked = lock(treaty, version=version)
        _refuse(publishing.to_ask(locked))
        last = publishing.last_request(locked)
        request = PublicationRequest(
            treaty=locked,
            attempt=last.attempt + 1 if last else 1,
            reason=_kept(reason),
            not_before=not_before,
            asked_by=actor,
            change=row,
        )
        request.save(force_insert=True)
    return request


def decide_publication(
    *,
    actor: User,
    request: PublicationRequest,
    verdict: PublicationVerdict,
    reason: str = "",
    version: int,
    submission: UUID | None = None,
) -> PublicationDecision:
    """Approve or refuse, or withdraw one's own request. Approved without a moment, the record is public at once.

    Raises `Refused` with every reason; `Conflict` when somebody decided first, or when the record moved on from
    `version`, the one the person saw.
    """
    verdict = PublicationVerdict(verdict)
    if verdict == PublicationVerdict.WITHDRAWN:
        require(actor, Deed.EDIT_RECORD)
        _only_who_asked(actor, request)
    else:
        require(actor, publishing.DECIDES)
    _refuse(publishing.reason_problems(reason, required=verdict != PublicationVerdict.APPROVED))
    why = _kept(reason) or request.reason
    with change(actor, action=Action.PUBLICATION_DECIDE, reason=why, submission=submission) as row:
        treaty = lock(request.treaty)
        request = PublicationRequest.objects.select_related("treaty", "decision__decided_by").get(pk=request.pk)
        _still_open(request)
        treaty = lock(treaty, version=version)
        if verdict == PublicationVerdict.APPROVED:
            _refuse(publishing.to_approve(request, actor))
        elif verdict == PublicationVerdict.REFUSED:
            _refuse(publishing.to_decide(request, actor))
        decision = _write_decision(row, request, verdict, _kept(reason), version)
        is_due = request.not_before is None or request.not_before <= timezone.now()
        if verdict == PublicationVerdict.APPROVED and is_due:
            _make_public(row, treaty, decision)
    return decision


def stop_publication(
    *, actor: User, decision: PublicationDecision, reason: str, submission: UUID | None = None
) -> PublicationOutcome:
    """A publication that was approved for later does not take place. Raises `Conflict` when it took place already."""
    require(actor, publishing.DECIDES)
    _refuse(publishing.reason_problems(reason))
    with change(actor, action=Action.PUBLICATION_STOP, reason=_kept(reason), submission=submission) as row:
        lock(decision.request.treaty)
        for blocker in publishing.to_stop(PublicationDecision.objects.get(pk=decision.pk)):
            raise Conflict(blocker.sentence)
        return _write_outcome(row, decision, is_public=False)


def withdraw_publication(
    *, actor: User, treaty: Treaty, reason: str, version: int | None = None, submission: UUID | None = None
) -> Treaty:
    """Take a record out of the public part, at once. Raises `Refused` for one that is not public."""
    require(actor, publishing.DECIDES)
    _refuse(publishing.reason_problems(reason))
    with change(actor, action=Action.PUBLICATION_WITHDRAW, reason=_kept(reason), submission=submission):
        locked = lock(treaty, version=version)
        _refuse(publishing.to_withdraw(locked))
        _set_access(locked, publishing.TAKEN_OUT)
    return locked


def _release(key: int) -> PublicationOutcome:
    """Carry out one approved publication, in the name of who decided. Raises `_Done` when it was carried out or
    stopped: who comes second waits for the record, and finds that."""
    decision = PublicationDecision.objects.select_related("request__treaty", "decided_by").get(pk=key)
    with change(decision.decided_by, action=Action.PUBLICATION_RELEASE, reason=decision.request.reason) as row:
        treaty = lock(decision.request.treaty)
        if not PublicationDecision.objects.get(pk=key).is_waiting:
            raise _Done
        return _make_public(row, treaty, decision)


class _Done(Exception):
    """Somebody else was first: the change that was opened is undone."""


def release_due(now: datetime | None = None) -> list[int]:
    """Carry out what is due at `now`, each in a transaction of its own; keys of the decisions carried out here."""
    done = []
    for key in publishing.due(now or timezone.now()):
        try:
            _release(key)
        except _Done:
            continue
        done.append(key)
    return done


def _kept(reason: str) -> str:
    return clean(reason, field="reason", limit=4_000)


def _refuse(blockers: list[Blocker]) -> None:
    if blockers:
        raise Refused(blockers)


def _only_who_asked(actor: User, request: PublicationRequest) -> None:
    if request.asked_by_id != actor.pk:
        sentence = _("Only who asked for this withdraws it.")
        raise Refused([Blocker("not_yours", sentence)])


def _still_open(request: PublicationRequest) -> None:
    if not request.is_open:
        decision = request.decision
        raise Conflict(
            _("%(who)s decided this at %(when)s: %(verdict)s.")
            % {
                "who": decision.decided_by.name,
                "when": f"{timezone.localtime(decision.decided_at):%d-%m-%Y %H:%M}",
                "verdict": decision.get_verdict_display(),
            }
        )


def _write_decision(
    row: Change, request: PublicationRequest, verdict: PublicationVerdict, reason: str, version: int
) -> PublicationDecision:
    decision = PublicationDecision(
        request=request,
        verdict=verdict,
        reason=reason,
        version=version,
        asked_by=request.asked_by,
        decided_by=row.actor,
        change=row,
    )
    decision.save(force_insert=True)
    return decision


def _write_outcome(row: Change, decision: PublicationDecision, *, is_public: bool) -> PublicationOutcome:
    outcome = PublicationOutcome(decision=decision, is_public=is_public, by=row.actor, change=row)
    outcome.save(force_insert=True)
    return outcome


def _make_public(row: Change, treaty: Treaty, decision: PublicationDecision) -> PublicationOutcome:
    outcome = _write_outcome(row, decision, is_public=True)
    if not publishing.is_public(treaty.access):
        _set_access(treaty, Access.PUBLIC)
    return outcome


def _set_access(treaty: Treaty, access: Access) -> None:
    treaty.access = access
    treaty.version += 1
    treaty.save()
    search.touch(treaty)
    # The search finds public papers by their texts: those are read now.
    document_reading.ask()
