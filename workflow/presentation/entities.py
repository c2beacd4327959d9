"""The assent matrix: every required Belgian entity by the steps it must take, and the Flemish row beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from treaties.choices import ActKind
from treaties.models import Party, Treaty
from workflow.engine import Assessment
from workflow.held import Held
from workflow.models import Dossier, EntityRequirement
from workflow.presentation.steps import EventView, record_url
from workflow.procedures.language import AllEntities, Step, Text

# The Flemish steps that answer those of the other entities.
FLEMISH = {
    "full_powers_of_entity": ("consent_to_sign",),
    "assent_of_entity": ("submitted_to_parliament", "plenary_vote", "sanction_and_promulgation", "decree_published"),
}


@dataclass(frozen=True)
class Cell:
    """What one entity did of one step. What nobody waits for any more is not missing: it is not in the register."""

    events: Sequence[EventView]
    is_missing: bool
    is_unknown: bool
    declined: bool
    record_url: str


@dataclass(frozen=True)
class Row:
    name: str
    requirement: EntityRequirement | None
    cells: Sequence[Cell]
    release_code: str = ""


@dataclass(frozen=True)
class Matrix:
    """`columns` are the steps; `missing` says per column how many entities are still to come."""

    columns: Sequence[str]
    rows: Sequence[Row]
    missing: Sequence[tuple[str, int]]


def names(what: Held) -> dict[str, Text]:
    """The names of the required entities by their code."""
    return {row.entity.code: Text(row.entity.name_nl, row.entity.name_en) for row in what.requirements}


def matrix(
    dossier: Dossier, what: Held, now: Assessment, events: Sequence[EventView], *, may_write: bool
) -> Matrix | None:
    """None where no other entity has a part in the procedure."""
    steps = [step for step in now.procedure.steps if step.per_entity]
    if not steps:
        return None
    rows = [_row(dossier, requirement, steps, now, events, may_write) for requirement in what.requirements]
    if rows:
        rows.insert(0, Row(_("Flanders"), None, [_flemish(step, now, events) for step in steps]))
    missing = [
        (str(step.label), len(now.report(step.code).missing_entities)) for step in steps if _is_awaited(step, now)
    ]
    return Matrix([str(step.label) for step in steps], rows, missing)


def _row(
    dossier: Dossier,
    requirement: EntityRequirement,
    steps: Sequence[Step],
    now: Assessment,
    events: Sequence[EventView],
    may_write: bool,
) -> Row:
    entity = requirement.entity
    return Row(
        entity.name,
        requirement,
        [_cell(dossier, entity, step, now, events, may_write) for step in steps],
        entity.code,
    )


def _cell(
    dossier: Dossier, entity: Party, step: Step, now: Assessment, events: Sequence[EventView], may_write: bool
) -> Cell:
    mine = [view for view in events if view.event.step == step.code and view.event.entity_id == entity.pk]
    lacks = entity.code in now.report(step.code).missing_entities
    missing = lacks and _is_awaited(step, now)
    declined = missing and entity.code in now.declined and any(view.event.outcome == "declined" for view in mine)
    url = f"{record_url(dossier, step)}?entity={entity.code}" if may_write else ""
    return Cell(mine, missing, lacks and not missing, declined, url)


def _flemish(step: Step, now: Assessment, events: Sequence[EventView]) -> Cell:
    codes = [code for code in FLEMISH.get(step.code, ()) if now.procedure.has(code)]
    mine = [view for view in events if view.event.step in codes and not view.is_overtaken]
    passed = any(now.report(code).state == "happened" for code in codes)
    missing = not passed and _is_awaited(step, now)
    return Cell(mine, missing, not passed and not missing, declined=False, record_url="")


def _is_awaited(step: Step, now: Assessment) -> bool:
    """Whether a step that waits for all entities is still to come."""
    waits = [
        other.code
        for other in now.procedure.steps
        for need in other.needs
        if isinstance(need.condition, AllEntities) and need.condition.step == step.code
    ]
    front = now.procedure.places[now.next.step.code] if now.next else len(now.steps)
    return not waits or any(now.procedure.places[code] >= front for code in waits)


# The acts that each treaty of a package has for itself, as columns.
OF_EACH = (ActKind.SIGNATURE, ActKind.DECREE, ActKind.RATIFICATION, ActKind.TEXT_PUBLICATION, ActKind.ENTRY_INTO_FORCE)


@dataclass(frozen=True)
class Package:
    """The treaties that go through one dossier, by the steps each has for itself."""

    columns: Sequence[str]
    rows: Sequence[tuple[Treaty, Sequence[Sequence[EventView]]]]


def package(dossier: Dossier, now: Assessment, events: Sequence[EventView]) -> Package | None:
    """None for a dossier of one treaty."""
    treaties = dossier.treaties
    if len(treaties) < 2:
        return None
    steps = [step for step in now.procedure.steps if step.per_treaty and step.leaves in OF_EACH]
    rows = [(treaty, [_of_treaty(step, treaty, events) for step in steps]) for treaty in treaties]
    return Package([str(step.label) for step in steps], rows)


def _of_treaty(step: Step, treaty: Treaty, events: Sequence[EventView]) -> list[EventView]:
    return [
        view
        for view in events
        if view.event.step == step.code and view.event.treaty_id in (None, treaty.pk) and not view.is_overtaken
    ]
