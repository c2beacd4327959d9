"""Handing over the recording of decisions for an absence, and taking that back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Conflict
from treaties.texts import clean
from workflow import delegation_guards, delegations
from workflow.actions.common import refuse
from workflow.models import Delegation, Revocation


def give_delegation(
    *,
    actor: User,
    absent: User,
    delegate: User | None,
    begins: date | None,
    ends: date | None,
    reason: str,
    procedures: Sequence[str] = (),
    department: str = "",
    submission: UUID | None = None,
) -> Delegation:
    """From `begins` to `ends` (both included) `delegate` records decisions for `absent`.

    `procedures` (codes) and `department` (of the dossier manager) narrow it; empty means all. By who is absent, or an
    administrator. Raises `Refused` with every reason, `AlreadyDone` when this form was sent before.
    """
    why = clean(reason, field="reason", limit=500, required=True)
    department = clean(department, field="department", limit=200)
    procedures = list(dict.fromkeys(procedures))
    with change(actor, action=Action.DELEGATION, reason=why, submission=submission) as row:
        delegations.hold()
        refuse(
            delegation_guards.to_give(
                actor, absent=absent, delegate=delegate, procedures=procedures, begins=begins, ends=ends
            )
        )
        # The guard refused empty days.
        assert begins is not None  # noqa: S101
        assert ends is not None  # noqa: S101
        given = Delegation(
            absent=absent,
            delegate=delegate,
            procedures=procedures,
            department=department,
            begins=begins,
            ends=ends,
            reason=why,
            given_by=actor,
            change=row,
        )
        given.save(force_insert=True)
    return given


def revoke_delegation(
    *, actor: User, delegation: Delegation, reason: str, submission: UUID | None = None
) -> Revocation:
    """From now on nobody decides by this delegation; what was decided by it stands.

    Raises `Refused`, `Conflict` with who took it back before, and `AlreadyDone`.
    """
    why = clean(reason, field="reason", limit=500, required=True)
    with change(actor, action=Action.DELEGATION, reason=why, submission=submission) as row:
        delegations.hold(delegation)
        refuse(delegation_guards.to_revoke(actor, delegation))
        before = Revocation.objects.filter(delegation=delegation).select_related("revoked_by").first()
        if before:
            raise Conflict(_("%(who)s already took this back. Nothing was changed.") % {"who": before.revoked_by.name})
        revocation = Revocation(delegation=delegation, reason=why, revoked_by=actor, change=row)
        revocation.save(force_insert=True)
    return revocation
