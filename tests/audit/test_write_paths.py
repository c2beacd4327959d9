"""Every way to write × every table of the trail: each leaves history rows and one entry, by the right person and why.

`PAGES`, `ADMIN`, `COMMANDS` and `CALLS` say what each door writes. A door without a line, and a table that no line
names, fail: whoever adds one says here what it leaves.
"""

import inspect
import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone

from accounts.actions import service_account
from accounts.models import User
from audit import rows
from audit.models import Change, TrailEntry
from audit.verification import verify
from imports import actions as imports
from reporting import actions as reporting
from tests import doors, factories
from tests.imports.lists import as_csv, many
from tests.test_architecture import APPS, ROOT
from treaties import actions as record
from treaties import bulk_actions, bulk_edit_actions, clause_actions, publishing_actions, saved_actions
from treaties.choices import (
    Access,
    ActKind,
    DeclarationKind,
    DocumentKind,
    ForceRule,
    Language,
    Qualification,
    RelationKind,
    Scheme,
)
from treaties.clause_actions import Clause
from treaties.dates import parse
from treaties.models import Party, Theme
from workflow import actions
from workflow.guards import Happening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NEW_TREATY = "title treaty treatyparty treatytheme"
# What each page writes. “-” is no table of the trail: what the page writes is kept elsewhere, for the reason given.
PAGES: dict[str, str] = {
    "treaty-new": "determination dossier title treaty treatyparty",
    "treaty-edit": "treaty",
    "treaty-edit-parties": "treaty treatyparty",
    "treaty-edit-acts": "act treaty",
    "treaty-edit-declarations": "declaration treaty",
    "treaty-edit-numbers": "identifier treaty",
    "treaty-edit-relations": "relation treaty",
    "treaty-edit-documents": "document treaty",
    "document-add": "document treaty",
    "treaty-clause": "forceclause treaty",
    "treaty-bulk": "treaty",
    "dossier-open": "determination dossier",
    "event-record": "dossier event",
    "event-correct": "dossier event",
    "consent-ask": "approval dossier",
    "consent-withdraw": "decision dossier event",
    "entity-require": "dossier entityrequirement",
    "entity-release": "dossier entityrequirement",
    "dossier-requalify": "determination dossier event treaty",
    "dossier-access": "dossier",
    "delegation-give": "delegation",
    "delegation-revoke": "revocation",
    "review-detail": "decision dossier event identifier treaty",
    "publication-ask": "publicationrequest",
    "publication-detail": "publicationdecision publicationoutcome treaty",
    "publication-stop": "publicationoutcome",
    "publication-withdraw": "treaty",
    "reporting-new": "obligation",
    "reporting-edit": "obligation",
    "report-new": "report",
    "report-edit": "report",
    # The run itself is no record: its change says who brought which file.
    "import-list": "",
    "import-parties": "partyspelling",
    "import-confirm": "act title treaty treatyparty",
    "import-undo": "act treaty treatyparty",
    # Work on a list before it is confirmed: kept with the run, with who and when.
    "import-columns": "-",
    "import-row": "-",
}
ADMIN: dict[str, str] = {
    "treaties_party_add": "party",
    "treaties_party_change": "party",
    "treaties_partyname_add": "partyname",
    "treaties_partyname_change": "partyname",
    "treaties_theme_add": "theme",
    "treaties_theme_change": "theme",
    "treaties_synonymgroup_add": "synonymgroup",
    "treaties_synonymgroup_change": "synonymgroup",
}
# Pages that answer POST and write nothing of the record: people and their sessions, searches, the judgement of a list.
NO_RECORD = {
    "accessibility",
    "account-log-out-everywhere",
    "account-password",
    "account-second-factor",
    "home",
    "import-judge",
    "login",
    "login-again",
    "login-code",
    "logout",
    "oidc-start",
    "recent-searches-forget",
    "saved-search-edit",
    "saved-search-new",
    "saved-search-remove",
    "set_language",
}
# Commands that write to the record, and what they leave here.
COMMANDS: dict[str, str] = {
    "load_reference": "party theme",
    "load_reporting": "obligation report",
    "import_treaties": "act title treaty treatyparty",
    "import_participation": "act identifier title treaty treatyparty",
    "load_cases": (
        "act determination dossier entityrequirement event eventact forceclause identifier packagetreaty relation"
        " title treaty treatyparty treatytheme"
    ),
    "release": "act dossier eventact eventrelease publicationoutcome treaty",
    "replay": "dossier",
}
# Walked by tests of their own, which take longer: the test that judges what each leaves.
ELSEWHERE = {
    "import_assent_decrees": "tests/imports/test_import_assent_decrees.py",
    "load_demo": "tests/workflow/test_load_demo.py",
    "restore_register": "tests/imports/exchange/test_restoring.py",
    "make_load": "tests/treaties/test_make_load.py",
}
NO_RECORD_COMMANDS = {
    "audit",
    "check_files",
    "compilemessages",
    "database_roles",
    "export_register",
    "import_work",
    "messages",
    "procedure_docs",
    "procedure_effect",
    "read_documents",
    "rebuild_search",
    "serve",
}
# Actions that code calls, each on a treaty of its own.
CALLS: dict[str, str] = {
    "add_document": "document treaty",
    "add_number": "identifier treaty",
    "correct_act": "act treaty",
    "correct_declaration": "declaration treaty",
    "describe_document": "document treaty",
    "edit_treaty": "title treaty",
    "log_treaty": f"determination dossier {NEW_TREATY}",
    "open_dossier": "determination dossier packagetreaty",
    "qualify": "treaty",
    "record_act": "act treaty",
    "record_declaration": "declaration treaty",
    "record_event": "act dossier event eventact eventdocument treaty",
    "register_treaty": NEW_TREATY,
    "relate": "relation treaty",
    "retract_act": "act treaty",
    "retract_declaration": "declaration treaty",
    "state_clause": "forceclause treaty",
    "withdraw_clause": "forceclause treaty",
    "withdraw_declaration": "declaration treaty",
}
# The other actions, and the door above that calls them.
BY_DOOR: dict[str, str] = {
    "add_obligation": "reporting-new",
    "add_report": "report-new",
    "amend": "import-confirm",
    "ask_consent": "consent-ask",
    "ask_publication": "publication-ask",
    "change_search": "saved-search-edit",
    "confirm": "import-confirm",
    "correct_event": "event-correct",
    "decide_consent": "review-detail",
    "decide_publication": "publication-detail",
    "describe_documents": "treaty-edit-documents",
    "edit_obligation": "reporting-edit",
    "edit_records": "treaty-bulk",
    "edit_report": "report-edit",
    "give_delegation": "delegation-give",
    "join_many": "import_participation",
    "judge": "import-judge",
    "map_columns": "import-columns",
    "mend_row": "import-row",
    "recompute": "replay",
    "register_many": "import-confirm",
    "release_entity": "entity-release",
    "remember_spelling": "import-parties",
    "remove_search": "saved-search-remove",
    "requalify": "dossier-requalify",
    "set_access": "dossier-access",
    "require_entity": "entity-require",
    "revoke_delegation": "delegation-revoke",
    "save_acts": "treaty-edit-acts",
    "save_basics": "treaty-edit",
    "save_declarations": "treaty-edit-declarations",
    "save_numbers": "treaty-edit-numbers",
    "save_parties": "treaty-edit-parties",
    "save_relations": "treaty-edit-relations",
    "save_search": "saved-search-new",
    "stage": "import-list",
    "stop_publication": "publication-stop",
    "undo": "import-undo",
    "withdraw_publication": "publication-withdraw",
    "withdraw_request": "consent-withdraw",
}
ACTIONS = (
    bulk_actions,
    bulk_edit_actions,
    clause_actions,
    imports,
    publishing_actions,
    record,
    reporting,
    saved_actions,
    actions,
)


@pytest.fixture
def world(
    staff: User, staff2: User, reviewer: User, administrator: User, make_treaty: Any, make_dossier: Any
) -> doors.World:
    return doors.World(staff, staff2, reviewer, administrator, make_treaty, make_dossier)


def left(before: int) -> list[TrailEntry]:
    """The entries of changes since the one with that number."""
    found = TrailEntry.objects.filter(seq__gt=before, change__isnull=False)
    return list(found.select_related("change").order_by("seq"))


def last() -> int:
    return TrailEntry.objects.order_by("seq").values_list("seq", flat=True).last() or 0


def tables(entries: Iterable[TrailEntry]) -> set[str]:
    """Short names of the tables to whose rows the entries commit; `change` itself goes without saying."""
    found = {table for entry in entries for table in entry.payload_value["tables"]}
    return {short(table) for table in found} - {"change"}


def short(table: str) -> str:
    return table.split("_", 1)[1].removeprefix("historical")


def judge(entries: list[TrailEntry], actor: User, written: str, why: str = "") -> None:
    """Who and why on the entry, on its change and on each history row; the tables are those of the line."""
    assert tables(entries) == set(written.split())
    for entry in entries:
        made = entry.change
        assert made is not None
        assert (entry.actor, entry.role, entry.action) == (str(actor.pk), actor.role, made.action)
        assert (made.actor_id, made.actor_name, made.role) == (actor.pk, actor.name, actor.role)
        assert why in made.reason
        assert made.reason.strip()
        for said in stamps(made, entry.payload_value["tables"]):
            assert said == (actor.pk, actor.name, actor.role, made.action, made.reason)
    assert verify().problems == []


def stamps(made: Change, written: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What the history rows of the change say of who, as what, and why."""
    columns = "history_user_id, history_actor, history_role, history_action, history_change_reason"
    histories = [table for table in written if "_historical" in table]
    with connection.cursor() as cursor:
        found = []
        for table in histories:
            cursor.execute(f"SELECT {columns} FROM {table} WHERE history_change_id = %s", [made.pk])  # noqa: S608
            got = cursor.fetchall()
            assert len(got) == written[table]["n"]
            found += got
    return found


def through(world: doors.World, door: doors.Door) -> tuple[list[TrailEntry], User]:
    """Open the page, fill it in, send it."""
    actor: User = getattr(world, door.who)
    client = Client(headers={"accept-language": "en"})
    client.force_login(actor)
    before, sent = last(), door.sending(client)
    answer = door.send(client, sent)
    assert answer.status_code == 302, f"{door.name}: {answer.content.decode()[-2000:]}"
    return left(before), actor


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leaves_history_and_one_entry(name: str, world: doors.World) -> None:
    door = doors.page_doors(world)[name]()
    entries, actor = through(world, door)
    if PAGES[name] == "-":
        assert entries == []
        return
    assert len(entries) == 1
    asks_why = name not in {"event-record", "consent-ask", "import-list", "import-parties"}
    judge(entries, actor, PAGES[name], doors.WHY if asks_why else "")


@pytest.mark.parametrize("name", [*PAGES, *ADMIN])
def test_a_form_that_is_sent_twice_is_done_once_and_answered_the_same(name: str, world: doors.World) -> None:
    """A double click, a reload, a proxy that tries again."""
    door = (doors.page_doors(world) | doors.admin_doors(world))[name]()
    client = Client(headers={"accept-language": "en"})
    client.force_login(getattr(world, door.who))
    sent = door.sending(client)
    first, after = door.send(client, sent), last()
    second = door.send(client, sent)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert left(after) == []


@pytest.mark.parametrize("name", ADMIN)
def test_the_administration_leaves_history_and_one_entry(name: str, world: doors.World) -> None:
    entries, actor = through(world, doors.admin_doors(world)[name]())
    assert len(entries) == 1
    judge(entries, actor, ADMIN[name], doors.WHY)


def test_a_stale_form_of_the_administration_is_refused_with_who_was_first(world: doors.World) -> None:
    door = doors.admin_doors(world)["treaties_theme_change"]()
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.administrator)
    one, two = door.sending(client), door.sending(client)
    assert door.send(client, one | {"name_en": "First"}).status_code == 302
    answer = door.send(client, two | {"name_en": "Second"})
    assert answer.status_code == 409
    assert f"{world.administrator.name} changed this on" in answer.content.decode()
    assert Theme.objects.get(slug="cultuur").name_en == "First"


def _reference(_world: doors.World, _folder: Path) -> list[Any]:
    # As if the files had been edited: the load brings the rows back to what they say.
    Party.objects.filter(code="NL").update(iso3="XXX")
    Theme.objects.filter(slug="cultuur").update(name_en="x")
    return []


def _obligations(_world: doors.World, _folder: Path) -> list[Any]:
    """On the treaties they are about, which another command loads: judged on the way."""
    before = last()
    call_command("load_cases", verbosity=0)
    judge(left(before), service_account(), COMMANDS["load_cases"])
    return []


def _list(_world: doors.World, folder: Path) -> list[Any]:
    path = folder / "list.csv"
    path.write_bytes(as_csv(many(2)))
    return [str(path), "--source", "x", "--as", "staff"]


def _participation(_world: doors.World, folder: Path) -> list[Any]:
    path = folder / "part.csv"
    path.write_text("treaty id;titel;partij;ondertekend op\nV1;Een verdrag;Duitsland;2001-02-03\n", encoding="utf-8")
    return [str(path), "--source", "x", "--as", "staff", "--register-missing"]


def _derailed(world: doors.World, _folder: Path) -> list[Any]:
    dossier = world.dossier()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workflow_dossier SET stage = 'archived' WHERE id = %s", [dossier.pk])
    return ["--repair"]


def _due(world: doors.World, _folder: Path) -> list[Any]:
    """A publication and an event, both approved or recorded for a moment that then passes."""
    moment = timezone.now() + timedelta(seconds=1)
    asked = doors.publication(world, not_before=moment)
    doors.approved(world, asked)
    happening = Happening("signature", parse("2024-01-10"), embargo_until=moment)
    dossier = world.make_dossier("exclusive")
    actions.record_event(actor=world.reviewer, dossier=dossier, happening=happening, despite_reason="announced")
    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()) + 0.01)
    return []


READY: dict[str, Callable[[doors.World, Path], list[Any]]] = {
    "load_reference": _reference,
    "load_reporting": _obligations,
    "import_treaties": _list,
    "import_participation": _participation,
    "release": _due,
    "replay": _derailed,
}


@pytest.mark.parametrize("name", sorted(READY))
def test_a_command_leaves_history_and_entries(name: str, world: doors.World, tmp_path: Path) -> None:
    given = READY[name](world, tmp_path)
    before = last()
    call_command(name, *given, stdout=io.StringIO(), stderr=io.StringIO())
    # What is due is carried out in the name of who approved it.
    actor = world.reviewer if name == "release" else service_account()
    judge(left(before), world.staff if "--as" in given else actor, COMMANDS[name])


def calls(world: doors.World) -> dict[str, Callable[[], Callable[..., Any]]]:  # noqa: C901 (a table)
    """Name → what makes it ready and gives the call, which takes `actor` and `reason`."""
    treaty, who = world.make_treaty(), {"actor": world.staff, "reason": "before"}

    def on(do: Callable[..., Any], **given: Any) -> Callable[..., Any]:
        return partial(do, **{"treaty": treaty} | given)

    def act() -> Any:
        return record.record_act(**who, treaty=treaty, kind=ActKind.SIGNATURE)

    def stated() -> Any:
        party = Party.objects.get(code="NL")
        return record.DeclarationEntry(DeclarationKind.RESERVATION, party, Language.NL, "Artikel 3 geldt niet.")

    def declaration() -> Any:
        return record.record_declaration(**who, treaty=treaty, entry=stated(), version=1)

    def clause() -> Any:
        return Clause(ForceRule.AFTER_RATIFICATIONS, count=2, months=1, source="art. 3")

    def described() -> Callable[..., Any]:
        paper = factories.add_pdf(world.staff, treaty, DocumentKind.TREATY_TEXT)
        entry = record.DocumentEntry(paper.pk, "Nieuw", paper.kind, paper.language, paper.access)
        return partial(record.describe_document, document=paper, entry=entry, version=factories.version(treaty))

    def added() -> Callable[..., Any]:
        named = {"kind": DocumentKind.TREATY_TEXT, "language": Language.NL, "title": "x", "filename": "x.pdf"}
        return on(record.add_document, content=factories.pdf("y"), **named)

    def edited() -> Callable[..., Any]:
        return on(record.edit_treaty, record=factories.a_record(title="Een andere titel"), version=1)

    def clauseless() -> Callable[..., Any]:
        clause_actions.state_clause(**who, treaty=treaty, clause=clause())
        return on(clause_actions.withdraw_clause)

    def packed() -> Callable[..., Any]:
        return on(actions.open_dossier, procedure="exclusive", package=[world.make_treaty(title="Een tweede")])

    def happened() -> Callable[..., Any]:
        dossier = world.make_dossier("exclusive", treaty=treaty)
        paper = factories.add_pdf(world.staff, treaty, DocumentKind.TREATY_TEXT)
        happening = Happening("signature", parse("2024-01-10"), documents=[paper], note=doors.WHY)
        # An event has no reason of its own but that it came out of order.
        return lambda reason, **more: actions.record_event(
            dossier=dossier, happening=happening, despite_reason=reason, **more
        )

    def withdrawn() -> Callable[..., Any]:
        return partial(record.withdraw_declaration, declaration=declaration(), when=parse("2020-01-01"), version=2)

    def corrected() -> Callable[..., Any]:
        entry = record.ActEntry(ActKind.SIGNATURE, place="Gent")
        return partial(record.correct_act, act=act(), entry=entry, version=2)

    return {
        "add_document": added,
        "add_number": lambda: on(record.add_number, number=record.Number(Scheme.NUMAC, "2024203092")),
        "correct_act": corrected,
        "correct_declaration": lambda: partial(
            record.correct_declaration, declaration=declaration(), entry=replace(stated(), article="3"), version=2
        ),
        "describe_document": described,
        "edit_treaty": edited,
        "log_treaty": lambda: partial(
            actions.log_treaty, record=factories.a_record(access=Access.GOVERNMENT), procedure="exclusive"
        ),
        "open_dossier": packed,
        "qualify": lambda: on(record.qualify, qualification=Qualification.MIXED),
        "record_act": lambda: on(record.record_act, kind=ActKind.SIGNATURE),
        "record_declaration": lambda: on(record.record_declaration, entry=stated(), version=1),
        "record_event": happened,
        "register_treaty": lambda: partial(record.register_treaty, record=factories.a_record()),
        "relate": lambda: on(record.relate, kind=RelationKind.AMENDS, other=world.make_treaty(title="Een tweede")),
        "retract_act": lambda: partial(record.retract_act, act=act()),
        "retract_declaration": lambda: partial(record.retract_declaration, declaration=declaration(), version=2),
        "state_clause": lambda: on(clause_actions.state_clause, clause=clause()),
        "withdraw_clause": clauseless,
        "withdraw_declaration": withdrawn,
    }


@pytest.mark.parametrize("name", CALLS)
def test_an_action_called_by_code_leaves_history_and_one_entry(name: str, world: doors.World) -> None:
    call = calls(world)[name]()
    before = last()
    call(actor=world.staff2, reason=doors.WHY)
    entries = left(before)
    assert len(entries) == 1
    judge(entries, world.staff2, CALLS[name], doors.WHY)


def test_every_table_of_the_trail_is_written_by_some_door() -> None:
    lines = " ".join([*PAGES.values(), *ADMIN.values(), *COMMANDS.values(), *CALLS.values()])
    assert {short(one.table) for one in rows.kept()} - {"change"} == set(lines.split()) - {"-"}


def test_every_page_that_takes_a_form_has_a_line(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    assert {name for name in own_addresses() if takes_post(name)} == set(PAGES) | NO_RECORD


def own_addresses() -> dict[str, Any]:
    found = {}
    resolvers = [get_resolver()]
    while resolvers:
        for entry in resolvers.pop().url_patterns:
            if hasattr(entry, "url_patterns"):
                resolvers += [] if entry.namespace == "admin" else [entry]
            elif entry.name:
                found[entry.name] = entry.callback
    return found


def takes_post(name: str) -> bool:
    """Whether the view lets a POST come through: one that only shows answers 405 before it looks at anything."""
    view = own_addresses()[name]
    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    try:
        answer = view(request, **dict.fromkeys(("reference", "pk", "number", "code", "slug", "step", "sha256"), "1"))
    except Exception:  # noqa: BLE001 (it went in)
        return True
    return bool(answer.status_code != 405)


def test_every_page_of_the_administration_that_writes_has_a_line(rf: RequestFactory, administrator: User) -> None:
    request = rf.get("/admin/")
    request.user = administrator
    writing = set()
    for model, page in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        writing |= {f"{name}_add"} if page.has_add_permission(request) else set()
        writing |= {f"{name}_change"} if page.has_change_permission(request) else set()
        assert not page.has_delete_permission(request)
    # People and departments are no record: they have entries of their own (tests/audit/test_middleware.py).
    people = {f"accounts_{model}_{verb}" for model in ("user", "department") for verb in ("add", "change")}
    assert writing - people == set(ADMIN)


def test_every_command_has_a_line() -> None:
    own = {name for name, app in get_commands().items() if app in {*APPS}}
    assert own == set(COMMANDS) | set(ELSEWHERE) | NO_RECORD_COMMANDS
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).is_file()] == []


def test_every_action_has_a_line() -> None:
    """Whatever takes an `actor` by name, in a module that writes for pages, lists and commands."""
    found = set()
    for module in ACTIONS:
        for name, function in vars(module).items():
            if inspect.isfunction(function) and not name.startswith("_"):
                kind = inspect.signature(function).parameters.get("actor")
                found |= {name} if kind is not None and kind.kind is inspect.Parameter.KEYWORD_ONLY else set()
    assert found | {"save_basics"} == set(CALLS) | set(BY_DOOR)
    assert set(BY_DOOR.values()) <= set(PAGES) | NO_RECORD | set(COMMANDS)
