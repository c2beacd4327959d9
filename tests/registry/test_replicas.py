"""Public pages from a standby: on a real primary, a real streaming standby and the register served on both."""

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from registry import replicas
from registry.postgres.launcher import Cluster
from registry.replicas import PUBLIC_READS, ReadRouter, ReplicaMiddleware, reading_from
from treaties.models import SearchDocument, Treaty

from .clusters import connect, stopped_afterwards, wait_for
from .serving import answers
from .standby import Databases, Visitor, databases, python, register, url

MAX_LAG, RETRY, STATEMENT_SECONDS = 4.0, 0.5, 3
TREATY = "/treaties/V-1/"
PUBLIC = (
    "/",
    "/treaties/",
    "/treaties/?country=NL&theme=buitenlands-beleid",
    TREATY,
    "/treaties/V-1/sheet/",
    "/treaties.csv",
    "/treaties.xlsx",
    "/treaties.json",
    "/countries/",
    "/countries/NL/",
    "/themes/",
    "/themes/buitenlands-beleid/",
)


@dataclass
class Site:
    port: int
    databases: Databases

    def visitor(self, username: str = "") -> Visitor:
        """Somebody with a browser; logged in when a name is given."""
        visitor = Visitor(self.port)
        if username:
            visitor.log_in(username)
        return visitor

    def is_split(self, requests: int = 6) -> bool:
        """Whether a reader's pages are all asked of the standby, and none of the primary."""
        self.databases.mark()
        for _ in range(requests):
            self.visitor().get(TREATY)
        return self.asked() == (False, True)

    def asked(self) -> tuple[bool, bool]:
        """Whether the primary, and whether the standby, was asked for the record since `mark`."""
        both = self.databases
        return both.reads(both.primary) > 0, both.reads(both.standby) > 0

    @contextlib.contextmanager
    def readers(self, number: int) -> Iterator[list[str]]:
        """So many people who read one treaty over and over; the pages they got. Fails where one was not answered."""
        stop, pages = threading.Event(), []

        def read() -> None:
            reader = self.visitor()
            while not stop.is_set():
                pages.append(reader.get(TREATY))

        with ThreadPoolExecutor(number) as pool:
            reading = [pool.submit(read) for _ in range(number)]
            try:
                yield pages
            finally:
                stop.set()
            for one in reading:
                one.result()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTGRES_DURABLE", "0")
        with databases(tmp_path_factory.mktemp("replicas")) as both:
            yield both


@pytest.fixture(scope="module")
def served(pair: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    variables = {
        "DATABASE_URL": url(pair.primary),
        "DATABASE_REPLICA_URLS": url(pair.standby),
        "REPLICA_MAX_LAG": str(MAX_LAG),
        "REPLICA_CHECK_SECONDS": "0.1",
        "REPLICA_RETRY_SECONDS": str(RETRY),
        "STATEMENT_TIMEOUT_MS": str(1000 * STATEMENT_SECONDS),
    }
    with register(tmp_path_factory.mktemp("served"), **variables) as port:
        yield Site(port, pair)


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """Both run and the standby follows and is used; so also after the test."""
    assert wait_for(served.is_split)
    yield served
    served.databases.primary.start()
    served.databases.standby.start()
    served.databases.resume()


def summary(page: str) -> str:
    """What the tests wrote in the summary on a treaty's page."""
    found = re.search(r"round \d+ [a-z]+", page)
    return found[0] if found else ""


def test_public_pages_are_asked_of_the_standby_alone(site: Site) -> None:
    for path in PUBLIC:
        site.databases.mark()
        site.visitor().get(path)
        assert (path, site.asked()) == (path, (False, True))


def test_a_reader_gets_no_cookie(site: Site) -> None:
    reader = site.visitor()
    for path in PUBLIC:
        reader.get(path)
    assert not {replicas.COOKIE, "sessionid"} & set(reader.cookies)


def test_pages_of_the_staff_are_asked_of_the_primary(site: Site) -> None:
    staff = site.visitor("staff")
    site.databases.mark()
    for path in ("/desk/", f"{TREATY}edit/", f"{TREATY}history/"):
        staff.get(path)
    assert site.asked() == (True, False)


def test_fifty_times_written_and_read_at_once(site: Site) -> None:
    staff = site.visitor("staff")
    with site.readers(1) as pages:
        for number in range(50):
            staff.edit("V-1", f"round {number} fifty")
            assert summary(staff.get(TREATY)) == f"round {number} fifty"
    assert len({summary(page) for page in pages}) > 10
    assert wait_for(lambda: summary(site.visitor().get(TREATY)) == "round 49 fifty")


def test_the_writer_reads_the_standby_again_once_it_has_the_write(site: Site) -> None:
    staff = site.visitor("staff")
    staff.edit("V-1", "round 1 again")

    def is_from_standby() -> bool:
        site.databases.mark()
        assert summary(staff.get(TREATY)) == "round 1 again"
        return site.asked() == (False, True)

    assert wait_for(is_from_standby)


def test_while_the_standby_stands_still(site: Site) -> None:
    """The writer sees what he wrote, a reader the state before; beyond the limit everybody gets the primary."""
    staff, reader = site.visitor("staff"), site.visitor()
    staff.edit("V-1", "round 1 before")
    assert wait_for(lambda: site.is_split() and summary(reader.get(TREATY)) == "round 1 before")
    site.databases.pause()
    started = time.monotonic()
    staff.edit("V-1", "round 2 after")
    assert summary(staff.get(TREATY)) == "round 2 after"
    site.databases.mark()
    page = reader.get(TREATY)
    assert time.monotonic() - started < MAX_LAG, "too slow to say anything"
    assert (summary(page), site.asked()) == ("round 1 before", (False, True))

    assert wait_for(lambda: summary(reader.get(TREATY)) == "round 2 after", MAX_LAG + 5)
    assert time.monotonic() - started > MAX_LAG - 1
    assert wait_for(lambda: "0 of 1 in use" in reader.get("/readyz"))
    time.sleep(0.5)  # the other worker counts for itself
    site.databases.mark()
    for path in PUBLIC:
        reader.get(path)
    assert site.asked() == (True, False)

    site.databases.resume()
    assert wait_for(site.is_split)
    assert summary(reader.get(TREATY)) == "round 2 after"


def test_a_colleague_sees_on_public_pages_what_a_page_of_the_staff_showed(site: Site) -> None:
    staff, colleague = site.visitor("staff"), site.visitor("staff")
    staff.edit("V-1", "round 1 shown")
    assert wait_for(site.is_split)
    site.databases.pause()
    staff.edit("V-1", "round 2 shown")
    assert "round 2 shown" in colleague.get(f"{TREATY}edit/")
    assert summary(colleague.get(TREATY)) == "round 2 shown"


def test_a_killed_standby_is_not_missed_and_used_again(site: Site) -> None:
    staff = site.visitor("staff")
    with site.readers(3) as pages:
        assert wait_for(lambda: len(pages) > 20)
        site.databases.kill_standby()
        before = len(pages)
        staff.edit("V-1", "round 1 killed")
        assert summary(staff.get(TREATY)) == "round 1 killed"
        assert wait_for(lambda: len(pages) > before + 50)
        assert summary(site.visitor().get(TREATY)) == "round 1 killed"
        ready = json.loads(site.visitor().get("/readyz"))
        assert (ready["status"], ready["checks"]["replicas"]) == ("ok", "0 of 1 in use")
        site.databases.standby.start()
        assert wait_for(lambda: "1 of 1 in use" in site.visitor().get("/readyz"))
    assert wait_for(site.is_split)
    assert summary(site.visitor().get(TREATY)) == "round 1 killed"


def test_a_standby_that_hangs_is_left_alone(site: Site) -> None:
    """Nobody waits longer than a statement may take, and after that nobody waits."""
    with site.readers(3) as pages:
        assert wait_for(lambda: len(pages) > 10)
        with site.databases.hanging_standby():
            before, started = len(pages), time.monotonic()
            assert wait_for(lambda: len(pages) > before + 30, STATEMENT_SECONDS + 10)
            assert time.monotonic() - started < STATEMENT_SECONDS + 8
    assert wait_for(site.is_split)


def test_connections_that_are_cut_while_a_page_is_made(site: Site) -> None:
    """The page is made again, from the primary: readers never notice."""
    others = "FROM pg_stat_activity WHERE datname = 'register' AND pid <> pg_backend_pid()"
    cut = f"SELECT count(pg_terminate_backend(pid)) {others}"
    ended = 0
    with site.readers(3) as pages:
        for _ in range(20):
            ended += site.databases.on(site.databases.standby, cut)
            time.sleep(0.1)
    assert ended > 5
    assert len(pages) > 20
    assert wait_for(site.is_split)


def test_a_forged_position_is_not_believed(site: Site) -> None:
    visitor = site.visitor()
    for value in ("9223372036854775807", "9223372036854775807:1xVvJy:AAAA", "x"):
        visitor.cookies[replicas.COOKIE] = value
        site.databases.mark()
        visitor.get(TREATY)
        assert site.asked() == (False, True)


def test_readers_are_answered_while_the_primary_restarts(site: Site) -> None:
    staff = site.visitor("staff")
    site.databases.primary.stop()
    site.databases.mark()
    for path in PUBLIC[:4]:
        site.visitor().get(path)
    assert site.asked() == (False, True)
    staff.get(TREATY, status=503)  # who it is cannot be asked
    # How far behind the standby is cannot be known any more.
    time.sleep(MAX_LAG)
    site.visitor().get(TREATY, status=503)
    site.databases.primary.start()
    assert wait_for(lambda: answers(site.port, TREATY))
    assert wait_for(site.is_split, 20)


def test_a_view_that_fails_on_the_standby(pair: Databases, tmp_path: Path) -> None:
    variables = {
        "DATABASE_REPLICA_URLS": url(pair.standby),
        "DATABASE_URL": url(pair.primary),
        "VAR_DIR": str(tmp_path),
    }
    variables |= {"REPLICA_CHECK_SECONDS": "0", "REPLICA_RETRY_SECONDS": "0.3", "STATEMENT_TIMEOUT_MS": "500"}
    printed = python("from tests.registry.failing_views import main; main()", **variables)
    assert printed.splitlines() == [
        # Rendered and streamed after the view, and still from the standby.
        "/late 200 standby - 1 of 1 in use",
        "/stream 200 standby,standby - 1 of 1 in use",
        "/page?POST 200 primary - 1 of 1 in use",
        # One statement failed: asked again of the primary, and the standby stays in use.
        "/odd 200 primary - 1 of 1 in use",
        # Too slow: not done a second time.
        "/slow 503 - 1 of 1 in use",
        # The server is away: asked again of the primary, and the standby is left alone.
        "/cut 200 primary - 0 of 1 in use",
        # Begun already: cut off, so that nobody takes a part for the whole.
        "/broken 200 standby,OperationalError - 0 of 1 in use",
    ]


SHOW = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from registry.replicas import WATCH, reading_from
from treaties.models import Treaty
print(list(settings.DATABASES), settings.DATABASES["replica1"]["TEST"]["MIRROR"])
for deed in ("CREATE TABLE x ()", "UPDATE treaties_treaty SET version = 0"):
    try:
        connections["replica1"].cursor().execute(deed)
    except DatabaseError as error:
        print(error.__cause__.sqlstate)
with reading_from("replica1"):
    row = Treaty.objects.get()
    print(row._state.db, Treaty.objects.select_for_update().db)
    with transaction.atomic():
        print(Treaty.objects.get()._state.db)
call_command("migrate", database="replica1", verbosity=0)
print(WATCH.choose(), WATCH.report())
"""


def test_what_is_no_standby_is_not_used_and_takes_no_writes(pair: Databases, tmp_path: Path) -> None:
    """Named by mistake: the primary itself."""
    same = {"DATABASE_URL": url(pair.primary), "DATABASE_REPLICA_URLS": url(pair.primary)}
    assert python(SHOW, VAR_DIR=str(tmp_path), **same).splitlines() == [
        "['default', 'replica1'] default",
        "25006",
        "25006",
        "replica1 default",
        "default",
        "None 0 of 1 in use",
    ]


def test_a_standby_of_another_database_is_not_used(pair: Databases, tmp_path: Path) -> None:
    show = "import django; django.setup(); from registry.replicas import WATCH; print(WATCH.choose(), WATCH.report())"
    other = Cluster(tmp_path / "other")
    with stopped_afterwards(other):
        with connect(other) as connection:
            connection.execute("CREATE DATABASE register")
        urls = {"DATABASE_URL": url(other), "DATABASE_REPLICA_URLS": url(pair.standby), "VAR_DIR": str(tmp_path)}
        assert python(show, **urls) == "None 0 of 1 in use\n"


def test_the_router_by_itself() -> None:
    router = ReadRouter()
    assert router.db_for_read(Treaty) == "default"
    with reading_from("replica1"):
        assert router.db_for_read(Treaty) == router.db_for_read(SearchDocument) == "replica1"
        assert router.db_for_read(User) == router.db_for_read(Session) == "default"
        assert router.db_for_write(Treaty) == "default"
    assert router.db_for_read(Treaty) == "default"
    assert router.allow_relation(Treaty(), Treaty())
    assert (router.allow_migrate("default", "treaties"), router.allow_migrate("replica1", "treaties")) == (True, False)


@pytest.mark.django_db
def test_inside_a_transaction_everything_is_read_from_the_primary() -> None:
    with reading_from("replica1"):
        assert ReadRouter().db_for_read(Treaty) == "default"


def test_every_public_read_is_an_address_for_everybody() -> None:
    addresses = {name: reverse(name, kwargs=given) for name in PUBLIC_READS for given in ARGUMENTS if can(name, given)}
    assert set(addresses) == PUBLIC_READS
    assert {name for name, path in addresses.items() if resolve(path).func.login_required} == set()


ARGUMENTS: tuple[dict[str, str], ...] = ({}, {"reference": "V-1"}, {"code": "NL"}, {"slug": "cultuur"})


def can(name: str, arguments: dict[str, str]) -> bool:
    with contextlib.suppress(NoReverseMatch):
        return bool(reverse(name, kwargs=arguments))
    return False


def test_without_replicas_nothing_is_added(
    client: Client, db: None, settings: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda request: HttpResponse())
    assert settings.DATABASE_ROUTERS == []
    with django_assert_max_num_queries(100) as captured:
        assert client.get("/themes/").status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    assert asked
    assert not [sql for sql in asked if "pg_" in sql or "treaties_" not in sql]
    assert replicas.COOKIE not in client.cookies
