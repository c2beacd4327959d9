"""/healthz and /readyz; without a database they are tested in test_middleware, on a server that is stopped."""

import json

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries


@pytest.mark.parametrize("method", ["get", "head"])
def test_alive_without_asking_the_database(client: Client, method: str) -> None:
    answer = getattr(client, method)("/healthz")  # without the mark django_db a query would raise
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(5):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "trail": "not verified yet", "files": "not verified yet"},
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"] == {"database": "ok", "migrations": "1 not applied"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_to_be_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
