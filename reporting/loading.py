"""Obligations and reports from `fixtures/reporting/`: each with its source, written through the actions."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.actions import service_account
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from reporting.actions import add_obligation, add_report
from reporting.choices import FirstDueFrom
from reporting.cycle import DATE_NAMES, Dates
from reporting.guards import ObligationEntry, ReportEntry
from reporting.models import Obligation
from treaties.models import Treaty
from workflow.loading import records
from workflow.loading.reading import Table, explained, one_at_a_time, read_file

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reporting"
FILE_KEYS = ("case", "sources", "obligations")
OBLIGATION_KEYS = (
    "reference",
    "treaty",
    "is_political",
    "body_nl",
    "body_en",
    "first_due_months",
    "first_due_from",
    "cycle_years",
    "coordinator",
    "flemish_lead",
    "note",
    "source",
    "reports",
)
REPORT_KEYS = ("label", *DATE_NAMES, "delegation_head", "links", "note", "source")


@dataclass(frozen=True)
class Count:
    """How many obligations were loaded, and how many were in the register already."""

    loaded: int = 0
    present: int = 0


def load(folder: Path = FOLDER) -> Count:
    """Load what is missing; an obligation whose reference exists is left as it is, with its reports.

    One transaction per file. Raises `FixtureError` at the first thing that cannot be loaded.
    """
    # What is wrong with a file is said in one language, whoever loads it.
    with translation.override("en"):
        counts = [_load_file(read_file(path, FILE_KEYS)) for path in sorted(folder.glob("*.toml"))]
    return Count(sum(count.loaded for count in counts), sum(count.present for count in counts))


def _load_file(file: Table) -> Count:
    case = file.text("case")
    rows = {records.reference(row, "R"): row for row in file.rows("obligations", OBLIGATION_KEYS)}
    with transaction.atomic():
        one_at_a_time()
        present = set(Obligation.objects.filter(reference__in=rows).values_list("reference", flat=True))
        fresh = {reference: row for reference, row in rows.items() if reference not in present}
        if fresh:
            actor = service_account()
            with change(actor, action=Action.TREATY_EDIT, reason=f"fixtures/reporting: {case}"):
                for reference, row in fresh.items():
                    _load_obligation(actor, reference, row, case)
    return Count(len(fresh), len(present))


def _load_obligation(actor: User, reference: str, row: Table, case: str) -> None:
    entry = _obligation(row)
    with explained(row):
        obligation = add_obligation(actor=actor, entry=entry, reason=case, reference=reference)
    for table in row.rows("reports", REPORT_KEYS):
        report = _report(table)
        with explained(table):
            add_report(actor=actor, obligation=obligation, entry=report, reason=case)


def _obligation(row: Table) -> ObligationEntry:
    is_political = row.values.get("is_political", False)
    if not isinstance(is_political, bool):
        row.fail("“is_political” should be true or false")
    return ObligationEntry(
        body_nl=row.text("body_nl"),
        treaty=_treaty(row) if "treaty" in row.values else None,
        is_political=is_political,
        body_en=row.text("body_en", ""),
        first_due_months=_number(row, "first_due_months"),
        first_due_from=row.choice("first_due_from", FirstDueFrom)
        if "first_due_from" in row.values
        else FirstDueFrom.ENTRY_INTO_FORCE,
        cycle_years=_number(row, "cycle_years"),
        coordinator=row.text("coordinator", ""),
        flemish_lead=row.text("flemish_lead", ""),
        note=row.text("note", ""),
        source=row.source(),
    )


def _report(row: Table) -> ReportEntry:
    return ReportEntry(
        label=row.text("label"),
        dates=Dates(**{name: row.when(name) for name in DATE_NAMES}),
        delegation_head=row.text("delegation_head", ""),
        links="\n".join(row.texts("links")),
        note=row.text("note", ""),
        source=row.source(),
    )


def _treaty(row: Table) -> Treaty:
    reference = row.text("treaty")
    found = Treaty.objects.filter(reference=reference).first()
    if found is None:
        row.fail(f"there is no treaty “{reference}” (treaties come from the command load_cases)")
    return found


def _number(row: Table, key: str) -> int | None:
    return row.number(key) if key in row.values else None
