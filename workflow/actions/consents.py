"""Asking for the consent of the Government of Flanders, and recording what it decided."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Conflict, Refused
from treaties.actions import stated
from treaties.texts import clean
from workflow import delegations, evidence, guards, queries, recording
from workflow.actions.common import label, refuse, unchanged
from workflow.choices import Consent
from workflow.models import Approval, Decision, Delegation, Dossier
from workflow.procedures.language import Step


def ask_consent(
    *,
    actor: User,
    dossier: Dossier,
    step: str,
    note: str = "",
    waived: Mapping[str, str] | None = None,
    submission: UUID | None = None,
) -> Approval:
    """Ask for the consent of the Government on a gate, with the evidence on file, frozen.

    `waived` gives, by the kind of a paper that is missing or out of date, the reason to do without it.
    Raises `Refused` with every reason: not open yet, asked already, papers missing or out of date.
    """
    note = clean(note, field="note", limit=4_000)
    waived = {kind: clean(reason, field="evidence", limit=500) for kind, reason in (waived or {}).items()}
    why = note or str(label(dossier, step))
    with change(actor, action=Action.CONSENT_ASK, reason=why, submission=submission) as row:
        locked = recording.lock(dossier)
        # What is edited after this counts as edited since the request.
        recording.lock_treaties(locked)
        definition = _step(locked, step)
        found = evidence.of_gate(locked, definition, waived)
        refuse(guards.to_ask(actor, locked, definition) + evidence.lacking(found, waived))
        papers = evidence.frozen(found)
        approval = Approval(
            dossier=locked,
            step=step,
            attempt=locked.approvals.filter(step=step).count() + 1,
            asked_by=actor,
            note=note,
            evidence=papers,
            evidence_sha256=queries.digest(papers),
            change=row,
        )
        approval.save(force_insert=True)
        recording.recompute_copies(locked)
    return approval


def decide_consent(
    *,
    actor: User,
    approval: Approval,
    outcome: str,
    decided_on: date | None,
    number: str = "",
    reason: str = "",
    delegation: Delegation | None = None,
    version: int | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Record what the Government decided on an asked consent. Somebody else than who asked, or changed the evidence.

    `version` is that of the dossier on the page decided from; `delegation` says for whom the actor decides, if not
    by themselves. Raises `Conflict` when somebody decided it or changed the dossier meanwhile, `Refused` with every
    other reason.
    """
    reason = clean(reason, field="reason", limit=4_000)
    why = reason or str(label(approval.dossier, approval.step))
    with change(actor, action=Action.CONSENT_DECIDE, reason=why, submission=submission) as row:
        dossier = recording.lock(approval.dossier)
        request = _undecided(approval, dossier)
        unchanged(dossier, version)
        # Nobody edits the evidence, or takes the delegation back, between the judgement and the decision.
        recording.lock_treaties(dossier)
        if delegation:
            delegations.hold(delegation)
        refuse(
            guards.to_decide(actor, request, delegation)
            + guards.decision_problems(request, outcome=outcome, decided_on=decided_on, reason=reason)
        )
        # The guard refused an empty date.
        assert decided_on is not None  # noqa: S101
        decision = recording.write_decision(row, request, Consent(outcome), decided_on, number, reason, delegation)
        recording.recompute_copies(dossier)
    return decision


def withdraw_request(*, actor: User, approval: Approval, reason: str, submission: UUID | None = None) -> Decision:
    """Take back a request that was not decided yet; whoever asked it may, or anybody who may ask."""
    refuse(guards.not_allowed(actor, Deed.ASK_CONSENT))
    if not reason.strip():
        raise Refused([Blocker("reason_missing", _("Say why you withdraw it."), field="reason")])
    reason = stated(reason)
    with change(actor, action=Action.CONSENT_WITHDRAW, reason=reason, submission=submission) as row:
        dossier = recording.lock(approval.dossier)
        request = _undecided(approval, dossier)
        decision = recording.write_decision(row, request, Consent.WITHDRAWN, timezone.localdate(), "", reason)
        recording.recompute_copies(dossier)
    return decision


def _step(dossier: Dossier, code: str) -> Step:
    try:
        return dossier.procedure.step(code)
    except KeyError:
        raise Refused([Blocker("unknown_step", _("This procedure has no such step."), field="step")]) from None


def _undecided(approval: Approval, dossier: Dossier) -> Approval:
    """The request, on the locked dossier; raises `Conflict` with who decided it and how."""
    decided = Decision.objects.filter(approval=approval).select_related("decided_by").first()
    if decided:
        raise Conflict(
            _("%(who)s already decided this on %(when)s: %(outcome)s. Nothing was changed.")
            % {
                "who": decided.decided_by.name,
                "when": f"{timezone.localtime(decided.decided_at):%d-%m-%Y %H:%M}",
                "outcome": decided.get_outcome_display(),
            }
        )
    request = Approval.objects.select_related("asked_by").get(pk=approval.pk)
    request.dossier = dossier
    return request
