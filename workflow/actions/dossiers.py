"""Opening a dossier, and what is determined about it: its qualification and the entities it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Refused
from treaties import publishing
from treaties.actions import Record, qualify, register_treaty, stated
from treaties.choices import Access, Qualification
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Party, Treaty
from treaties.references import new_reference
from treaties.texts import clean
from workflow import guards, held, procedures, recording
from workflow.actions.common import refuse, unchanged
from workflow.choices import Authority, Origin
from workflow.guards import Happening
from workflow.models import Dossier, EntityRequirement, PackageTreaty
from workflow.procedures import Procedure
from workflow.procedures.moves import REQUALIFIED


def log_treaty(
    *, actor: User, record: Record, procedure: str, reason: str, is_demo: bool = False, submission: UUID | None = None
) -> Dossier:
    """Register an instrument and open its dossier, in one change. It becomes public by a request that is approved."""
    reason = stated(reason)
    refuse(publishing.crossing(Access.GOVERNMENT, record.access))
    with change(actor, action=Action.TREATY_REGISTER, reason=reason, submission=submission):
        treaty = register_treaty(actor=actor, record=record, reason=reason, is_demo=is_demo)
        return open_dossier(actor=actor, treaty=treaty, procedure=procedure, reason=reason, is_demo=is_demo)


def open_dossier(
    *,
    actor: User,
    treaty: Treaty,
    procedure: str,
    reason: str,
    package: Sequence[Treaty] = (),
    responsible: User | None = None,
    origin: Origin = Origin.LIVE,
    reference: str = "",
    is_demo: bool = False,
    submission: UUID | None = None,
) -> Dossier:
    """Follow `treaty`, and the others of its `package`, through the version of `procedure` (its code) valid today."""
    refuse(guards.not_allowed(actor, Deed.RECORD_EVENT))
    if origin == Origin.RECONSTRUCTED:
        refuse(guards.not_allowed(actor, Deed.TRANSCRIBE))
    valid = _procedure(procedure)
    reason = stated(reason)
    with change(actor, action=Action.DOSSIER_OPEN, reason=reason, submission=submission) as row:
        dossier = Dossier(
            reference=reference or new_reference("D"),
            treaty=treaty,
            procedure_code=valid.code,
            procedure_version=valid.version,
            origin=origin,
            responsible=responsible or actor,
            stage=valid.steps[0].stage,
            is_demo=is_demo,
        )
        dossier.save(force_insert=True)
        for other in package:
            PackageTreaty(dossier=dossier, treaty=other, change=row).save(force_insert=True)
        # Known from the beginning: a dossier of the past followed this procedure on every day of it.
        recording.write_determination(
            row, dossier, Qualification(treaty.qualification), UNKNOWN, Authority.REGISTER, reason=reason[:500]
        )
        recording.recompute_copies(dossier)
    return dossier


@dataclass(frozen=True)
class Finding:
    """Who determined something, on which day, and where that can be read."""

    determined_by: Authority = Authority.REGISTER
    when: PartialDate = UNKNOWN
    source: str = ""


def require_entity(
    *,
    actor: User,
    dossier: Dossier,
    entity: Party,
    reason: str,
    acts: int = 1,
    finding: Finding | None = None,
    submission: UUID | None = None,
) -> EntityRequirement:
    """The full powers and assent of this Belgian entity are required, with `acts` acts of assent.

    Saying it twice changes nothing. What was determined before stays readable.
    """
    return _determine_entity(actor, dossier, entity, reason, acts, finding, submission, is_required=True)


def release_entity(
    *,
    actor: User,
    dossier: Dossier,
    entity: Party,
    reason: str,
    finding: Finding | None = None,
    submission: UUID | None = None,
) -> EntityRequirement:
    """This Belgian entity turned out not to be concerned. Raises `Refused` when it was not required."""
    return _determine_entity(actor, dossier, entity, reason, 1, finding, submission, is_required=False)


def _determine_entity(
    actor: User,
    dossier: Dossier,
    entity: Party,
    reason: str,
    acts: int,
    finding: Finding | None,
    submission: UUID | None,
    *,
    is_required: bool,
) -> EntityRequirement:
    finding = finding or Finding()
    reason = stated(reason)
    with change(actor, action=Action.DOSSIER_EDIT, reason=reason, submission=submission) as row:
        locked = recording.lock(dossier)
        refuse(guards.requirement_problems(actor, locked, entity, acts, finding.when))
        present = next((one for one in held.held(locked).requirements if one.entity_id == entity.pk), None)
        if present is None and not is_required:
            raise Refused([Blocker("entity", _("This entity is not required."), field="entity")])
        if present and is_required and present.acts == acts:
            return present
        refuse(guards.too_early(finding.when, locked.entity_links.filter(entity=entity)))
        requirement = EntityRequirement(
            dossier=locked,
            entity=entity,
            is_required=is_required,
            acts=acts,
            on=finding.when.on,
            precision=finding.when.precision,
            determined_by=finding.determined_by,
            reason=clean(reason, field="reason", limit=500),
            source=clean(finding.source, field="source", limit=500),
            recorded_by=actor,
            change=row,
        )
        requirement.save(force_insert=True)
        recording.recompute_copies(locked)
    return requirement


def requalify(
    *,
    actor: User,
    dossier: Dossier,
    qualification: Qualification,
    procedure: str,
    reason: str,
    finding: Finding,
    submission: UUID | None = None,
) -> Dossier:
    """The treaty is something else than was thought: the record says so, and from that day the dossier follows
    the `procedure` (its code) that belongs to it. What happened stands; the new procedure says what must be done again.
    """
    reason = stated(reason)
    with change(actor, action=Action.DOSSIER_REQUALIFY, reason=reason, submission=submission) as row:
        locked = recording.lock(dossier)
        recording.lock_treaties(locked)
        refuse(
            guards.requalification_problems(
                actor, locked, qualification, procedure, finding.determined_by, finding.when
            )
        )
        valid = _procedure(procedure)
        for treaty in locked.treaties:
            qualify(actor=actor, treaty=treaty, qualification=qualification, reason=reason)
        locked.procedure_code, locked.procedure_version = valid.code, valid.version
        recording.write_determination(
            row, locked, qualification, finding.when, finding.determined_by, reason=reason, source=finding.source
        )
        happening = Happening(
            step=REQUALIFIED,
            when=finding.when,
            outcome=finding.determined_by,
            note=reason,
            source=finding.source,
        )
        recording.write_event(row, locked, happening, [], "")
        recording.recompute_copies(locked)
    return locked


def set_access(
    *, actor: User, dossier: Dossier, access: str, version: int, reason: str, submission: UUID | None = None
) -> Dossier:
    """Say who may know of the dossier, besides who may know of its treaties. `version` is the one the person saw.

    What is told outside of where it stands ends, or begins again. Raises `Refused`, `Conflict` and `AlreadyDone`.
    """
    reason = stated(reason)
    with change(actor, action=Action.DOSSIER_EDIT, reason=reason, submission=submission):
        locked = recording.lock(dossier)
        unchanged(locked, version)
        refuse(guards.access_problems(actor, locked, access))
        if locked.access != access:
            locked.access = access
            recording.recompute_copies(locked)
    return locked


def recompute(*, actor: User, dossier: Dossier, reason: str) -> bool:
    """Make the copies on the dossier's row again from its events; whether anything differed."""
    with change(actor, action=Action.UPKEEP, reason=reason):
        return recording.recompute_copies(recording.lock(dossier))


def _procedure(code: str) -> Procedure:
    try:
        return procedures.latest(code, timezone.localdate())
    except KeyError:
        raise Refused([Blocker("unknown_procedure", _("Choose a procedure."), field="procedure")]) from None
