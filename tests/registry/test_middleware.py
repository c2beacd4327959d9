"""503 with Retry-After for a database that cannot do its work, on a real server that is really stopped."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError
from django.test import RequestFactory

from registry.middleware import DatabaseUnavailableMiddleware, is_temporary
from registry.postgres.launcher import Cluster

from .clusters import connect, kill, postmaster, stopped_afterwards, wait_for
from .serving import Answer, answers, ask, served


@dataclass
class Site:
    port: int
    cluster: Cluster

    def sql(self, query: str, method: str = "GET") -> Answer:
        return ask(self.port, f"/query?q={quote(query)}", method)


# With DEBUG on Django itself would show the whole traceback.
@pytest.fixture(scope="module", params=["0", "1"], ids=["production", "debug"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small project on a server of its own, by Django's plain backend: nothing starts it again."""
    folder = tmp_path_factory.mktemp("unavailable")
    cluster = Cluster(folder / "postgres")
    with pytest.MonkeyPatch.context() as patch, stopped_afterwards(cluster):
        patch.setenv("POSTGRES_DURABLE", "0")
        with connect(cluster) as connection:
            connection.execute("CREATE DATABASE register")
        host = cluster.start()["host"]
        with served(folder / "var", SMALL_HOST=host, DEBUG=request.param) as site:
            yield Site(site.port, cluster)


@pytest.fixture
def running(site: Site) -> Iterator[Site]:
    """The database runs before and after the test."""
    site.cluster.start()
    assert wait_for(lambda: answers(site.port, "/readyz"), 10)
    yield site
    site.cluster.start()


def assert_unavailable(answer: Answer, *sentences: str) -> None:
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
    for sentence in sentences:
        assert sentence in answer.text
    for secret in ("Traceback", "psycopg", "OperationalError", "SELECT", "site-packages"):
        assert secret not in answer.text


def test_view_without_database_and_back_within_five_seconds(running: Site) -> None:
    assert ask(running.port, "/groups").text == "0"
    running.cluster.stop()
    assert_unavailable(ask(running.port, "/groups"), "Het register is even niet beschikbaar", "not available")
    refused = ask(running.port, "/groups?name=lost", "POST")
    assert_unavailable(refused, "even niet beschikbaar")
    running.cluster.start()
    started = time.monotonic()
    # More than there are threads, each with a broken connection of its own: none fails once more.
    assert [ask(running.port, "/groups").text for _ in range(20)] == ["0"] * 20
    assert time.monotonic() - started < 5


def test_the_health_addresses_know_the_difference(running: Site) -> None:
    running.cluster.stop()
    assert ask(running.port, "/healthz").text == '{"status": "ok"}'
    ready = ask(running.port, "/readyz")
    assert ready.status == 503
    assert ready.text == '{"status": "unavailable", "checks": {"database": "unavailable", "migrations": "unknown"}}'


@pytest.mark.parametrize("cookie", ["", "sessionid=0123456789abcdef0123456789abcdef"])
def test_other_middleware_without_database(running: Site, cookie: str) -> None:
    """The session is read by the login middleware, outside any view."""
    running.cluster.stop()
    answer = ask(running.port, "/mine", Cookie=cookie)
    if cookie:
        assert_unavailable(answer)
    else:
        assert (answer.status, answer.headers["Location"]) == (302, "/login/?next=/mine")


def test_a_session_that_cannot_be_written_after_the_view(running: Site) -> None:
    running.cluster.stop()
    assert_unavailable(ask(running.port, "/remember", "POST"))


def test_server_stopped_in_the_middle_of_a_request(running: Site) -> None:
    answers: list[Answer] = []
    slow = "SET LOCAL statement_timeout = 0; SELECT pg_sleep(20)"
    asking = threading.Thread(target=lambda: answers.append(running.sql(slow, "POST")))
    asking.start()
    with connect(running.cluster) as connection:
        count = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(20)' AND state = 'active'"
        assert wait_for(lambda: connection.execute(count).fetchone() == (1,))
    running.cluster.stop()
    asking.join()
    assert_unavailable(answers[0])


def test_server_killed_in_the_middle_of_a_request(running: Site) -> None:
    assert ask(running.port, "/groups").status == 200
    kill(postmaster(running.cluster))
    told: list[Answer] = []
    # A connection whose own process has not noticed yet may still answer, before and after one that has.
    assert wait_for(lambda: told.append(ask(running.port, "/groups")) or told[-1].status != 200)
    assert_unavailable(told[-1])
    running.cluster.start()
    assert wait_for(lambda: ask(running.port, "/groups").status == 200, 5)


def test_a_statement_that_takes_too_long(running: Site) -> None:
    assert_unavailable(running.sql("SELECT pg_sleep(20)"))


def test_a_row_that_somebody_else_holds_too_long(running: Site) -> None:
    address = running.cluster.start()
    with psycopg.connect(dbname="register", **address) as holder:  # type: ignore[arg-type]
        holder.execute("LOCK TABLE auth_group")
        started = time.monotonic()
        assert_unavailable(ask(running.port, "/groups?name=late", "POST"))
        assert time.monotonic() - started < 5
    assert ask(running.port, "/groups").text == "0"


def test_a_read_only_server(running: Site) -> None:
    assert_unavailable(running.sql("SET TRANSACTION READ ONLY; INSERT INTO auth_group (name) VALUES ('x')", "POST"))


def test_an_error_of_the_program_stays_a_500(running: Site) -> None:
    assert running.sql("SELECT no_such_column").status == 500
    assert running.sql("INSERT INTO auth_group (name) VALUES (NULL)", "POST").status == 500


def test_who_asks_for_text_or_a_fragment_gets_that(running: Site) -> None:
    running.cluster.stop()
    text = ask(running.port, "/groups?name=x", "POST", Accept="application/json")
    assert_unavailable(text, "Er is niets bewaard", "Nothing was saved")
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    fragment = ask(running.port, "/groups", HX_Request="true")
    assert_unavailable(fragment)
    assert fragment.text.startswith('<p role="alert">')
    assert "<html" not in fragment.text


def test_the_outcome_of_a_lost_commit_is_not_promised(rf: RequestFactory) -> None:
    def _commit() -> None:
        raise OperationalError("the connection is lost")

    middleware = DatabaseUnavailableMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    request = rf.post("/", headers={"Accept": "text/plain"})
    with pytest.raises(OperationalError) as caught:
        _commit()
    answer = middleware.process_exception(request, caught.value)
    assert answer is not None
    assert "Look whether your change was saved" in answer.content.decode()


def test_what_is_temporary() -> None:
    def caused(error: Exception, cause: Exception) -> Exception:
        error.__cause__ = cause
        return error

    assert is_temporary(OperationalError("connection refused"))
    assert is_temporary(psycopg.OperationalError("connection refused"))
    assert is_temporary(caused(InternalError(), psycopg.errors.ReadOnlySqlTransaction()))
    assert is_temporary(caused(OperationalError(), psycopg.errors.DeadlockDetected()))
    assert is_temporary(caused(OperationalError(), psycopg.errors.DiskFull()))
    assert not is_temporary(caused(OperationalError(), psycopg.errors.ProgramLimitExceeded()))
    assert not is_temporary(caused(InternalError(), psycopg.errors.InFailedSqlTransaction()))
    assert not is_temporary(IntegrityError())
    assert not is_temporary(ProgrammingError())
    assert not is_temporary(ValueError())


def test_an_error_nobody_made_into_an_answer(rf: RequestFactory) -> None:
    """As with DEBUG_PROPAGATE_EXCEPTIONS."""

    def raising(error: Exception) -> Any:
        def view(request: Any) -> Any:
            raise error

        return DatabaseUnavailableMiddleware(view)

    assert raising(OperationalError())(rf.get("/")).status_code == 503
    with pytest.raises(ValueError, match="mine"):
        raising(ValueError("mine"))(rf.get("/"))


def test_the_page_is_shown_even_when_its_template_fails(
    rf: RequestFactory, settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "503.html").write_text("{% no_such_tag %}")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]
    answer = DatabaseUnavailableMiddleware(lambda request: None).process_exception(  # type: ignore[arg-type, return-value]
        rf.get("/"), OperationalError("secret")
    )
    assert answer is not None
    assert "The register is not available for a moment." in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert "Database unavailable for GET /" in caplog.text
