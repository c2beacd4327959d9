"""The database refuses to rewrite what was recorded, whoever writes the SQL."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from imports.actions import remember_spelling
from reporting import actions as reporting
from reporting.guards import ObligationEntry, ReportEntry
from treaties import actions as record
from treaties.actions import Number
from treaties.choices import DeclarationKind, ForceRule, Language, Precision, RelationKind, Scheme
from treaties.clause_actions import Clause, state_clause
from treaties.models import Declaration, Party, PartyName, Treaty
from workflow import actions
from workflow.guards import Happening
from workflow.models import Dossier

pytestmark = pytest.mark.django_db

HISTORIES = sorted(
    model._meta.db_table for model in apps.get_models() if model._meta.db_table.split("_")[1].startswith("historical")
)
GROW = ["audit_change", *HISTORIES] + [
    f"workflow_{name}"
    for name in (
        "approval",
        "decision",
        "determination",
        "entityrequirement",
        "event",
        "eventact",
        "eventdocument",
        "packagetreaty",
    )
]
KEPT = [f"treaties_{name}" for name in ("party", "theme", "treaty", "act", "document", "declaration")] + [
    "workflow_dossier",
    "reporting_obligation",
    "reporting_report",
]


@pytest.fixture
def full(make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier], staff: User) -> None:
    """At least one row in every table: row triggers say nothing about empty ones."""
    dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]), "mandate")
    paper = actions.Paper("other", "nl", "Verslag", "verslag.txt", b"verslag")  # type: ignore[arg-type]
    actions.record_event(
        actor=staff,
        dossier=dossier,
        happening=Happening(step="negotiation_opened", when=dossier.standing_events[-1].when),
        paper=paper,
        despite_reason="the conference was quick",
    )
    other = record.register_treaty(actor=staff, record=_bare(), reason="x")
    record.relate(actor=staff, treaty=dossier.treaty, kind=RelationKind.AMENDS, other=other, reason="x")
    record.add_number(actor=staff, treaty=other, number=Number(Scheme.FDFA, "817"), reason="x")
    state_clause(actor=staff, treaty=other, clause=Clause(ForceRule.ON_SIGNATURE, source="art. 9"), reason="x")
    _told_by_a_party(staff, other)
    entry = ObligationEntry("Comité", other)
    third = record.register_treaty(actor=staff, record=_bare(), reason="x")
    actions.open_dossier(actor=staff, treaty=third, procedure="exclusive", reason="x", package=[other])
    obligation = reporting.add_obligation(actor=staff, entry=entry, reason="x")
    reporting.add_report(actor=staff, obligation=obligation, entry=ReportEntry("1"), reason="x")
    with connection.cursor() as cursor:
        # Or TRUNCATE is refused for another reason: checks that were put off.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _told_by_a_party(staff: User, treaty: Treaty) -> None:
    party = Party.objects.get(code="NL")
    with change(staff, action=Action.DECLARATION_RECORD, reason="x"):
        Declaration(
            treaty=treaty,
            kind=DeclarationKind.RESERVATION,
            party=party,
            language=Language.NL,
            text="Voorbehoud",
            precision=Precision.UNKNOWN,
        ).save()
        PartyName(party=party, language=Language.NL, text="Republiek der Verenigde Nederlanden").save()
    remember_spelling(actor=staff, text="Holland", party=party)


def _bare() -> record.Record:
    from tests.factories import a_record

    return a_record(themes=[], parties={})


def refused(tables: list[str], statement: str) -> list[str]:
    """The tables on which the database refuses `statement` with the trigger's own words."""
    found = []
    for table in tables:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement.format(table=table, column=_second_column(table)))
        except Error as error:
            if "recorded history is never rewritten" in str(error):
                found.append(table)
    return found


def _second_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.ops.quote_name(connection.introspection.get_table_description(cursor, table)[1].name)


def empty(tables: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (our own tables)
            found += [table] * (cursor.fetchone()[0] == 0)
        return found


@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
@pytest.mark.usefixtures("full")
def test_tables_that_only_grow_refuse_to_be_rewritten(statement: str) -> None:
    assert empty(GROW) == []
    assert refused(GROW, statement) == GROW


@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "TRUNCATE {table} CASCADE"])
@pytest.mark.usefixtures("full")
def test_what_was_registered_is_never_deleted(statement: str) -> None:
    assert empty(KEPT) == []
    assert refused(KEPT, statement) == KEPT


@pytest.mark.usefixtures("full")
def test_kept_tables_may_be_changed() -> None:
    assert refused(KEPT, "UPDATE {table} SET {column} = {column}") == []


@pytest.mark.parametrize("table", GROW)
def test_each_growing_table_has_both_triggers(table: str) -> None:
    assert triggers(table) >= {"append_only_row", "append_only_table"}


@pytest.mark.parametrize("table", KEPT)
def test_each_kept_table_has_both_triggers(table: str) -> None:
    assert triggers(table) >= {"never_deleted_row", "never_deleted_table"}


def triggers(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_record_that_is_kept_has_a_history() -> None:
    """A new model of the record without a trail is a failing test, not a hole in the history."""
    without = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in {"treaties", "workflow", "reporting"}
        and not model._meta.db_table.split("_")[1].startswith("historical")
        and not hasattr(model, "history")
    }
    # Derived, and rows that only grow and are their own history.
    # A saved search is a person's own and no part of the record; why, its docstring says.
    assert without == {
        "treaties.DocumentText",
        "treaties.FacetChange",
        "treaties.FacetCount",
        "treaties.ListCard",
        "treaties.SavedSearch",
        "treaties.KnownWord",
        "treaties.PublicationDecision",
        "treaties.PublicationOutcome",
        "treaties.PublicationRequest",
        "treaties.SearchDocument",
        "workflow.Approval",
        "workflow.Decision",
        "workflow.Delegation",
        "workflow.EventRelease",
        "workflow.Determination",
        "workflow.EntityRequirement",
        "workflow.Event",
        "workflow.EventAct",
        "workflow.EventDocument",
        "workflow.PackageTreaty",
        "workflow.Revocation",
    }


def test_deleting_a_treaty_by_its_model_is_refused(make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty()
    with pytest.raises(Error, match="never rewritten"), transaction.atomic():
        Treaty.objects.filter(pk=treaty.pk)._raw_delete("default")
    assert Treaty.objects.filter(pk=treaty.pk).exists()
