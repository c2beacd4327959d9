"""Real treaties from `fixtures/cases/`: each fact with its source, written through the actions.

A dossier of these is reconstructed: earlier steps may be missing, and what came out of order is
recorded as it was, with the reason the file gives.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.actions import service_account
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from treaties import search
from treaties.actions import record_act, register_treaty, relate
from treaties.choices import ActKind, ForceRule, RelationKind
from treaties.clause_actions import Clause, state_clause
from treaties.models import Treaty
from workflow.actions import Finding, open_dossier, record_event, require_entity
from workflow.choices import Authority, Origin
from workflow.guards import Happening
from workflow.loading import records
from workflow.loading.reading import Table, explained, one_at_a_time, read_file
from workflow.models import Dossier
from workflow.procedures import Procedure

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "cases"
FILE_KEYS = ("case", "sources", "treaties")
TREATY_KEYS = (*records.RECORD_KEYS, "acts", "relations", "clause", "dossier")
CLAUSE_KEYS = ("rule", "months", "days", "count", "on", "article", "text", "source")
ACT_KEYS = ("kind", "date", "party", "place", "number", "note", "source")
RELATION_KEYS = ("kind", "other", "note", "source")
DOSSIER_KEYS = ("reference", "procedure", "package", "despite", "entities", "events")
ENTITY_KEYS = ("code", "acts", "reason", "determined_by", "date", "source")
EVENT_KEYS = (
    "step",
    "date",
    "outcome",
    "entity",
    "treaty",
    "body",
    "until",
    "place",
    "number",
    "note",
    "source",
    "despite",
)


@dataclass(frozen=True)
class Count:
    """How many treaties were loaded, and how many were in the register already."""

    loaded: int = 0
    present: int = 0


def load(folder: Path = FOLDER) -> Count:
    """Load what is missing; a treaty whose reference exists is left as it is.

    One transaction per file. Raises `FixtureError` at the first thing that cannot be loaded.
    """
    with search.refreshed_at_the_end():
        counts = [_load_file(read_file(path, FILE_KEYS)) for path in sorted(folder.glob("*.toml"))]
    return Count(sum(count.loaded for count in counts), sum(count.present for count in counts))


def _load_file(file: Table) -> Count:
    case = file.text("case")
    rows = {records.reference(row, "T"): row for row in file.rows("treaties", TREATY_KEYS)}
    with transaction.atomic():
        one_at_a_time()
        present = set(Treaty.objects.filter(reference__in=rows).values_list("reference", flat=True))
        fresh = {reference: row for reference, row in rows.items() if reference not in present}
        if fresh:
            actor = service_account()
            with change(actor, action=Action.TREATY_REGISTER, reason=f"fixtures/cases: {case}"):
                for reference, row in fresh.items():
                    _load_treaty(actor, reference, row, case)
                for reference, row in rows.items():
                    _load_relations(actor, reference, row, fresh, case)
                # A dossier may tell of several treaties of the file, and of how they are related.
                for reference, row in fresh.items():
                    if "dossier" in row.values:
                        _load_dossier(actor, _treaty(row, reference), row.table("dossier", DOSSIER_KEYS), case)
    return Count(len(fresh), len(present))


def _load_treaty(actor: User, reference: str, row: Table, case: str) -> None:
    with explained(row):
        treaty = register_treaty(actor=actor, record=records.record(row), reason=case, reference=reference)
    for act in row.rows("acts", ACT_KEYS):
        _load_act(actor, treaty, act, case)
    if "clause" in row.values:
        _load_clause(actor, treaty, row.table("clause", CLAUSE_KEYS), case)


def _load_act(actor: User, treaty: Treaty, act: Table, case: str) -> None:
    code = act.text("party", "")
    with explained(act):
        record_act(
            actor=actor,
            treaty=treaty,
            kind=act.choice("kind", ActKind),
            when=act.when("date"),
            party=records.party(act, code) if code else None,
            place=act.text("place", ""),
            number=act.text("number", ""),
            note=act.text("note", ""),
            source=act.source(),
            reason=case,
        )


def _load_clause(actor: User, treaty: Treaty, table: Table, case: str) -> None:
    numbers = {name: table.number(name) for name in ("months", "days", "count") if name in table.values}
    clause = Clause(
        rule=table.choice("rule", ForceRule),
        on=table.when("on").on,
        article=table.text("article", ""),
        text=table.text("text", ""),
        source=table.source(),
        **numbers,
    )
    with explained(table):
        state_clause(actor=actor, treaty=treaty, clause=clause, reason=case)


def _load_relations(actor: User, reference: str, row: Table, fresh: Collection[str], case: str) -> None:
    """The relations of which at least one end is new."""
    for relation in row.rows("relations", RELATION_KEYS):
        code = relation.text("other")
        other = Treaty.objects.filter(reference=code).first()
        if other is None:
            relation.fail(f"there is no treaty “{code}”")
        if reference in fresh or code in fresh:
            relate(
                actor=actor,
                treaty=Treaty.objects.get(reference=reference),
                kind=relation.choice("kind", RelationKind),
                other=other,
                note=relation.text("note", ""),
                source=relation.source(),
                reason=case,
            )


def _load_dossier(actor: User, treaty: Treaty, table: Table, case: str) -> None:
    procedure = records.procedure(table)
    dossier = open_dossier(
        actor=actor,
        treaty=treaty,
        procedure=procedure.code,
        reason=case,
        origin=Origin.RECONSTRUCTED,
        reference=records.reference(table, "D"),
        package=[_treaty(table, code) for code in table.texts("package")],
    )
    for entity in table.rows("entities", ENTITY_KEYS):
        party = records.party(entity, entity.text("code"))
        with explained(entity):
            require_entity(
                actor=actor,
                dossier=dossier,
                entity=party,
                acts=entity.number("acts") if "acts" in entity.values else 1,
                reason=entity.text("reason"),
                finding=_finding(entity),
            )
    for event in table.rows("events", EVENT_KEYS):
        _load_event(actor, dossier, procedure, event, event.text("despite", table.text("despite")))


def _finding(entity: Table) -> Finding:
    """Who determined that the entity is concerned; nobody in particular where the source only tells its assent."""
    said = entity.choice("determined_by", Authority) if "determined_by" in entity.values else Authority.REGISTER
    return Finding(said, entity.when("date"), entity.source())


def _treaty(table: Table, reference: str) -> Treaty:
    found = Treaty.objects.filter(reference=reference).first()
    if found is None:
        table.fail(f"there is no treaty “{reference}”")
    return found


def _load_event(actor: User, dossier: Dossier, procedure: Procedure, event: Table, despite: str) -> None:
    code = event.text("entity", "")
    happening = Happening(
        step=records.step(event, procedure).code,
        when=event.when("date"),
        outcome=event.text("outcome", ""),
        entity=records.party(event, code) if code else None,
        treaty=_treaty(event, event.text("treaty")) if "treaty" in event.values else None,
        body=event.text("body", ""),
        until=event.when("until").on,
        place=event.text("place", ""),
        number=event.text("number", ""),
        note=event.text("note", ""),
        source=event.source(),
    )
    with explained(event):
        record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=despite)
