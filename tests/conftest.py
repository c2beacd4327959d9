"""What every test stands on: reference data, people, and dossiers made by the actions."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from tests import factories
from treaties import known_names
from treaties import reference_data as reference
from treaties.choices import Kind, Qualification
from treaties.models import Treaty
from workflow import actions
from workflow.models import Dossier
from workflow.procedures.language import Step

# One machine is slower than another; a property that fails is told by its example, not by its time.
settings.register_profile(
    "register", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("register")

# Everybody's, for tests that log in.
PASSWORD = "a-password-for-tests"
KINDS = {"mou": Kind.MOU}
QUALIFICATIONS = {"exclusive": Qualification.EXCLUSIVE_BOTH, "mixed": Qualification.MIXED}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, with parties and themes loaded once."""
    with django_db_blocker.unblock():
        reference.load()
        _keep_aside()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _put_back)
        yield


def _keep_aside() -> None:
    """Copy every table that is not empty now to the schema `aside`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS aside CASCADE; CREATE SCHEMA aside")
        for table in _tables(cursor):
            cursor.execute(f"SELECT EXISTS (SELECT FROM public.{table})")  # noqa: S608 (our own tables)
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE aside.{table} AS TABLE public.{table}")


def _put_back(test_case: TransactionTestCase) -> None:
    """After a test that committed: empty what it wrote and put back what was there before it.

    Django's own flush would fail, for the triggers refuse TRUNCATE, and would lose the reference data.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        kept = set(_tables(cursor, "aside"))
        for table in _tables(cursor):
            cursor.execute(f"DELETE FROM public.{table}")  # noqa: S608 (our own tables)
            if table in kept:
                cursor.execute(f"INSERT INTO public.{table} TABLE aside.{table}")


def _tables(cursor: Any, schema: str = "public") -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'django_migrations'", [schema]
    )
    return [name for (name,) in cursor.fetchall()]


@pytest.fixture(scope="session", autouse=True)
def _files_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files of tests never come where the register keeps its own."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True)
def _in_dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture(autouse=True)
def _names_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test called a party is forgotten; and no test is long enough to see a minute pass."""
    monkeypatch.setattr(known_names, "KEPT", 86_400)
    known_names.forget()


@pytest.fixture
def reference_data(db: None) -> None:
    """Parties and themes: every test with a database has them; the name says that a test needs them."""


def _person(username: str, role: Role, last_name: str) -> User:
    return add_person(username=username, role=role, password=PASSWORD, last_name=last_name)


@pytest.fixture
def staff(db: None) -> User:
    return _person("staff", Role.STAFF, "An Beheerder")


@pytest.fixture
def staff2(db: None) -> User:
    return _person("staff2", Role.STAFF, "Bart Beheerder")


@pytest.fixture
def reviewer(db: None) -> User:
    return _person("reviewer", Role.REVIEWER, "Rita Beoordelaar")


@pytest.fixture
def administrator(db: None) -> User:
    return _person("administrator", Role.ADMINISTRATOR, "Ad Min")


@pytest.fixture
def auditor(db: None) -> User:
    return _person("auditor", Role.AUDITOR, "Otto Auditor")


@pytest.fixture
def records_manager(db: None) -> User:
    return _person("records", Role.RECORDS_MANAGER, "Dora Documenten")


@pytest.fixture
def program(db: None) -> User:
    return _person("program", Role.PROGRAM, "Programma")


@pytest.fixture
def reader(db: None) -> User:
    return _person("reader", Role.READER, "Lies Lezer")


@pytest.fixture
def make_treaty(staff: User) -> Callable[..., Treaty]:
    """`make_treaty(title=…, parties=["NL"], kind=…, actor=…, …)`: any field of `Record`, and sensible others."""

    def make(*, actor: User | None = None, **kw: Any) -> Treaty:
        return factories.a_treaty(actor or staff, **kw)

    return make


@pytest.fixture
def make_dossier(make_treaty: Callable[..., Treaty], staff: User) -> Callable[..., Dossier]:
    """`make_dossier("mixed", entities=["X-BE-FED"], origin=…, package=[…], title=…)`: the rest goes to the treaty.

    `entities` may say how many acts of assent each takes: `{"X-BE-FED": 2}`.
    """

    def make(
        procedure: str = "exclusive",
        *,
        treaty: Treaty | None = None,
        actor: User | None = None,
        entities: Mapping[str, int] | tuple[str, ...] | list[str] = (),
        **kw: Any,
    ) -> Dossier:
        names = ("responsible", "origin", "reference", "is_demo", "package")
        own = {name: kw.pop(name) for name in names if name in kw}
        kw.setdefault("kind", KINDS.get(procedure, Kind.TREATY))
        kw.setdefault("qualification", QUALIFICATIONS.get(procedure, Qualification.UNDETERMINED))
        dossier = actions.open_dossier(
            actor=actor or staff,
            treaty=treaty or make_treaty(**kw),
            procedure=procedure,
            reason=factories.REASON,
            **own,
        )
        needed = entities if isinstance(entities, Mapping) else dict.fromkeys(entities, 1)
        for code, acts in needed.items():
            party = reference.Party.objects.get(code=code)
            actions.require_entity(actor=staff, dossier=dossier, entity=party, acts=acts, reason="competent")
        return factories.read(dossier)

    return make


@pytest.fixture
def give_evidence(staff: User) -> Callable[[Dossier, str | Step], None]:
    """`give_evidence(dossier, "mandate")`: one small PDF for each kind of paper the gate asks for."""
    return lambda dossier, step: factories.add_evidence(staff, dossier, step)


@pytest.fixture
def advance(staff: User, reviewer: User) -> Callable[..., Dossier]:
    """`advance(dossier, until="signature")`: take it on, up to and including that step; to the end without one.

    `outcomes={"wording_check": "within_delegation"}` says how steps end. The first day is 8 January 2024, or the
    day after the last event. Gives the dossier as it stands afterwards.
    """

    def go(
        dossier: Dossier, until: str | None = None, *, start: date | None = None, outcomes: dict[str, str] | None = None
    ) -> Dossier:
        last = dossier.events.filter(on__isnull=False).order_by("-on").values_list("on", flat=True).first()
        first = start or (last + timedelta(days=76) if last else factories.START)
        walk = factories.Walk(staff, reviewer, factories.OUTCOMES | (outcomes or {}), first)
        return walk.on(dossier, until)

    return go
