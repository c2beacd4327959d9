"""The application's own role: it works with it, and can rewrite nothing, tested on a connection of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from psycopg import errors

from audit import roles, rows
from audit.models import TrailEntry
from audit.verification import verify
from tests.audit.test_verification import MANIPULATIONS, Bench, bench, drop_an_anchor  # noqa: F401
from treaties.models import Treaty

ROLE = "register_app_of_tests"
GROWING = sorted({one.table for one in rows.kept()} | {"audit_trailentry", "audit_rowshape", "audit_verificationrun"})


@pytest.fixture
def granted(db: None) -> None:
    """In the transaction of the test: the role goes with it."""
    call_command("database_roles", role=ROLE, apply=True)


@pytest.fixture(scope="module")
def application(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A real connection as the role."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        parameters = connection.get_connection_params()
        statements = [
            *roles.grants(ROLE),
            f"ALTER ROLE {ROLE} PASSWORD 'of-tests'",
        ]
    known = {name: parameters[name] for name in ("host", "port", "user", "dbname", "password") if parameters.get(name)}
    with psycopg.connect(**known, autocommit=True) as owner:
        for statement in statements:
            owner.execute(statement)  # type: ignore[arg-type]
        with psycopg.connect(**known | {"user": ROLE, "password": "of-tests"}, autocommit=True) as one:
            yield one
        owner.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")


@contextmanager
def as_application() -> Iterator[None]:
    """Until the transaction ends in a refusal."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield


@pytest.mark.usefixtures("granted")
def test_the_register_works_as_that_role(make_treaty: Callable[..., Treaty]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        treaty = make_treaty()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
    assert TrailEntry.objects.latest("seq").object_reference == treaty.reference
    assert verify().problems == []


@pytest.mark.parametrize("manipulate", [one for one in MANIPULATIONS if one is not drop_an_anchor])
@pytest.mark.usefixtures("granted")
def test_every_manipulation_is_refused_to_it(bench: Bench, manipulate: Callable[[Bench], int]) -> None:  # noqa: F811
    with pytest.raises(Error, match=r"permission denied|must be owner"), transaction.atomic(), as_application():
        manipulate(bench)
    assert verify(folder=bench.anchors).problems == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table}",
        "SELECT 1 FROM {table} FOR UPDATE",
    ],
)
def test_it_can_rewrite_nothing_that_only_grows(application: psycopg.Connection, statement: str) -> None:
    for table in GROWING:
        found = application.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
        ).fetchone()
        assert found
        with pytest.raises(errors.InsufficientPrivilege):
            application.execute(statement.format(table=table, column=f'"{found[0]}"'))  # type: ignore[arg-type]


def test_it_cannot_switch_triggers_off_for_itself(application: psycopg.Connection) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute("SET session_replication_role = replica")


@pytest.mark.django_db
@pytest.mark.parametrize("table", GROWING)
def test_every_table_that_the_trail_commits_to_only_grows(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname::text FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'", [table])
        assert {name for (name,) in cursor.fetchall()} >= {"append_only_row", "append_only_table"}


@pytest.mark.django_db
def test_an_owner_is_no_role_for_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="owns tables or is a superuser"):
        call_command("database_roles", role=owner, apply=True)
