"""Fictional dossiers from `fixtures/demo/`, made by the demo people through the actions they would use.

The files count in days from today, so that terms run whenever the demonstration is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.demo import demo_people
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from treaties import search
from treaties.actions import add_document, register_treaty
from treaties.choices import Access, DocumentKind, Language, Qualification
from treaties.dates import PartialDate
from treaties.models import Document, Treaty
from workflow.actions import (
    Finding,
    ask_consent,
    decide_consent,
    open_dossier,
    record_event,
    requalify,
    require_entity,
)
from workflow.choices import Authority
from workflow.evidence import of_gate
from workflow.guards import Happening
from workflow.loading import records
from workflow.loading.papers import demonstration_pdf
from workflow.loading.reading import Table, explained, one_at_a_time, read_file
from workflow.models import Dossier
from workflow.procedures.language import Step

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
FILE_KEYS = (*records.RECORD_KEYS, "dossier")
DOSSIER_KEYS = ("reference", "procedure", "responsible", "entities", "timeline")
ENTITY_KEYS = ("code", "reason")
ENTRY_KEYS = (
    "days",
    "step",
    "outcome",
    "entity",
    "body",
    "until",
    "place",
    "number",
    "note",
    "reason",
    "despite",
    "qualification",
    "procedure",
)
REASON = "DEMO"
LABEL = "DEMO – "
# The paper that comes with an event, where one does.
PAPERS = {
    "signature": DocumentKind.SIGNED_TEXT,
    "advice_received": DocumentKind.COUNCIL_ADVICE,
    "council_of_state_advice": DocumentKind.COUNCIL_OF_STATE_ADVICE,
}


@dataclass(frozen=True)
class Scene:
    """One demo dossier while it is played: who follows it, who decides, and which day today is."""

    dossier: Dossier
    manager: User
    reviewer: User
    today: date

    @property
    def treaty(self) -> Treaty:
        return self.dossier.treaty


def load(folder: Path = FOLDER) -> int | None:
    """Make the people and the dossiers, all or nothing; how many dossiers were made.

    0 when they are there already; None when the register has people who are not of the
    demonstration. Raises `FixtureError` for a file that cannot be played.
    """
    with search.refreshed_at_the_end(), transaction.atomic():
        one_at_a_time()
        if Treaty.objects.filter(is_demo=True).exists():
            return 0
        people = demo_people()
        if not people:
            return None
        paths = sorted(folder.glob("*.toml"))
        for path in paths:
            _play(read_file(path, FILE_KEYS), people, timezone.localdate())
        return len(paths)


def _play(file: Table, people: Mapping[str, User], today: date) -> None:
    table = file.table("dossier", DOSSIER_KEYS)
    name = table.text("responsible")
    if name not in people:
        table.fail(f"there is no demo person “{name}”")
    dossier = _open(file, table, people[name])
    scene = Scene(dossier, people[name], people["reviewer"], today)
    for entry in table.rows("timeline", ENTRY_KEYS):
        with explained(entry):
            if "qualification" in entry.values:
                _requalify(scene, entry)
                continue
            step = records.step(entry, dossier.procedure)
            (_consent if step.gate else _event)(scene, entry, step)


def _open(file: Table, table: Table, manager: User) -> Dossier:
    """The instrument and its dossier, before anything happened."""
    record = records.record(file)
    if not all(title.text.startswith(LABEL) for title in record.titles):
        file.fail(f"every title of the demonstration begins with “{LABEL}”")
    with explained(file):
        treaty = register_treaty(
            actor=manager, record=record, reason=REASON, reference=records.reference(file, "T"), is_demo=True
        )
        dossier = open_dossier(
            actor=manager,
            treaty=treaty,
            procedure=records.procedure(table).code,
            reason=REASON,
            reference=records.reference(table, "D"),
            is_demo=True,
        )
        for entity in table.rows("entities", ENTITY_KEYS):
            party = records.party(entity, entity.text("code"))
            require_entity(actor=manager, dossier=dossier, entity=party, reason=entity.text("reason"))
    return dossier


def _requalify(scene: Scene, entry: Table) -> None:
    """The treaty turned out to be something else; the rest of the timeline follows the other procedure."""
    changed = requalify(
        actor=scene.manager,
        dossier=scene.dossier,
        qualification=entry.choice("qualification", Qualification),
        procedure=entry.text("procedure"),
        reason=entry.text("reason"),
        finding=Finding(entry.choice("outcome", Authority), PartialDate(_day(scene, entry))),
    )
    scene.dossier.procedure_code, scene.dossier.procedure_version = changed.procedure_code, changed.procedure_version


def _consent(scene: Scene, entry: Table, step: Step) -> None:
    """Ask for a consent with its papers; decided at once where the file gives an outcome."""
    if missing := [paper.kind for paper in of_gate(scene.dossier, step) if not paper.suffices]:
        with change(scene.manager, action=Action.DOCUMENT_ADD, reason=REASON):
            for kind in missing:
                _paper(scene, kind)
    approval = ask_consent(actor=scene.manager, dossier=scene.dossier, step=step.code, note=entry.text("note", ""))
    if outcome := entry.text("outcome", ""):
        decide_consent(
            actor=scene.reviewer,
            approval=approval,
            outcome=outcome,
            decided_on=_day(scene, entry),
            number=entry.text("number", ""),
            reason=entry.text("reason", ""),
        )


def _event(scene: Scene, entry: Table, step: Step) -> None:
    code = entry.text("entity", "")
    kind = PAPERS.get(step.code)
    happening = Happening(
        step=step.code,
        when=PartialDate(_day(scene, entry)),
        outcome=entry.text("outcome", ""),
        entity=records.party(entry, code) if code else None,
        body=entry.text("body", ""),
        until=scene.today + timedelta(days=entry.number("until")) if "until" in entry.values else None,
        place=entry.text("place", ""),
        number=entry.text("number", ""),
        note=entry.text("note", ""),
        documents=[_paper(scene, kind)] if kind else [],
    )
    record_event(
        actor=scene.manager, dossier=scene.dossier, happening=happening, despite_reason=entry.text("despite", "")
    )


def _day(scene: Scene, entry: Table) -> date:
    return scene.today + timedelta(days=entry.number("days"))


def _paper(scene: Scene, kind: DocumentKind) -> Document:
    """A demonstration document of this kind, in Dutch; public only where it is the signed text of a public treaty."""
    label = kind.value.replace("_", " ")
    is_public = kind == DocumentKind.SIGNED_TEXT and scene.treaty.access == Access.PUBLIC
    return add_document(
        actor=scene.reviewer if is_public else scene.manager,
        treaty=scene.treaty,
        kind=kind,
        language=Language.NL,
        title=f"{LABEL}{label}",
        filename=f"demo-{kind.value.replace('_', '-')}.pdf",
        content=demonstration_pdf(f"{scene.treaty.reference}: {label}"),
        access=Access.PUBLIC if is_public else Access.GOVERNMENT,
        reason=REASON,
        is_demo=True,
    )
