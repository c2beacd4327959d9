"""A primary database with a streaming standby, and the register served on both, for the tests of replicas."""

import contextlib
import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg

from registry.postgres.account import account_for
from registry.postgres.address import make_private, socket_folder
from registry.postgres.binaries import find_binaries
from registry.postgres.configuration import PORT, USER, environment
from registry.postgres.launcher import Cluster

from .clusters import ROOT, connect, kill, postmaster, wait_for
from .serving import answers, free_port

SETTINGS = "tests.settings"
PASSWORD = "a-password-for-tests"
FILL = """
import django
django.setup()
from django.core.management import call_command
from accounts.actions import add_person
from accounts.choices import Role
from tests.factories import a_treaty
call_command("migrate", verbosity=0)
call_command("load_reference", verbosity=0)
staff = add_person(username="staff", role=Role.STAFF, password="a-password-for-tests", last_name="An Beheerder")
a_treaty(staff, reference="V-1")
"""


def standby_of(primary: Cluster, folder: Path) -> Cluster:
    """A standby that streams from the running `primary`: copied by pg_basebackup, not started yet."""
    binaries, standby = find_binaries(), Cluster(folder)
    standby.directory.mkdir(parents=True)
    account = account_for(primary.data, (primary.directory, standby.directory, binaries.folder))
    make_private(socket_folder(standby.directory), account)
    standby.data.mkdir()
    account.own(standby.data)
    source = f"host={socket_folder(primary.directory)} port={PORT} user={USER} application_name=standby"
    options = ["-D", str(standby.data), "-d", source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    subprocess.run(
        account.command(str(binaries.folder / "pg_basebackup"), *options),
        cwd="/",
        env=environment(),
        check=True,
        capture_output=True,
        **account.popen_options(),
    )
    return standby


def url(cluster: Cluster) -> str:
    """The database `register` of a cluster as DATABASE_URL has it."""
    return f"postgres://{USER}@/register?host={quote(str(socket_folder(cluster.directory)))}&port={PORT}"


@dataclass
class Databases:
    """Primary and standby; each logs every statement, so that its log says what it was asked."""

    primary: Cluster
    standby: Cluster
    marks: dict[Path, int] = field(default_factory=dict)

    def on(self, cluster: Cluster, question: str) -> Any:
        """The first value of the answer of one of the two."""
        with self.connection(cluster) as connection:
            row = connection.execute(question).fetchone()
            return row and row[0]

    def connection(self, cluster: Cluster) -> psycopg.Connection[Any]:
        host = str(socket_folder(cluster.directory))
        return psycopg.connect(host=host, port=PORT, user=USER, dbname="register", autocommit=True)

    def pause(self) -> None:
        """Let the standby receive, and replay nothing."""
        self.on(self.standby, "SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state()"
        assert wait_for(lambda: self.on(self.standby, state) == "paused")

    def resume(self) -> None:
        self.on(self.standby, "SELECT pg_wal_replay_resume()")

    def mark(self) -> None:
        """From here on `reads` counts."""
        self.marks = {one.log: one.log.stat().st_size for one in (self.primary, self.standby)}

    def reads(self, cluster: Cluster) -> int:
        """How many statements since `mark` read the record on this server."""
        with cluster.log.open("rb") as log:
            log.seek(self.marks[cluster.log])
            text = log.read().decode(errors="replace")
        return len(re.findall(r'LOG:  (?:statement|execute [^:]*): [^\n]*SELECT[^\n]*"?treaties_', text))

    @contextlib.contextmanager
    def hanging_standby(self) -> Iterator[None]:
        """All its processes stand still: it keeps its connections, accepts new ones and answers nothing."""
        with self.connection(self.standby) as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
        all_of_it = [postmaster(self.standby), *(pid for (pid,) in rows)]
        stopped = [pid for pid in all_of_it if _signalled(pid, signal.SIGSTOP)]
        try:
            yield
        finally:
            for pid in stopped:
                _signalled(pid, signal.SIGCONT)

    def kill_standby(self) -> None:
        """kill -9 of its first process, and wait until the last of its children is gone."""
        kill(postmaster(self.standby))
        assert wait_for(lambda: self.standby.status() == "stopped", 20)


def _signalled(pid: int, number: signal.Signals) -> bool:
    """Whether that process of the standby was still there to be told."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Both running, with the tables and one public treaty; both stopped at the end, also of a failed test."""
    primary, standby = Cluster(folder / "primary"), Cluster(folder / "standby")
    try:
        with connect(primary) as connection:
            connection.execute("CREATE DATABASE register")
            connection.execute("ALTER SYSTEM SET wal_keep_size = '256MB'")
            # A standby that lost its primary tries again soon.
            connection.execute("ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'")
            connection.execute("SELECT pg_reload_conf()")
        python(FILL, DATABASE_URL=url(primary), VAR_DIR=str(folder / "var"))
        with connect(primary) as connection:
            connection.execute("ALTER DATABASE register SET log_statement = 'all'")
        standby_of(primary, standby.directory).start()
        yield Databases(primary, standby)
    finally:
        try:
            standby.stop()
        finally:
            primary.stop()


def python(code: str, **variables: str) -> str:
    """Run code on the settings of the tests; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS} | variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def register(folder: Path, workers: int = 2, **variables: str) -> Iterator[int]:
    """The register itself under gunicorn, its port; ended at the end."""
    port, log = free_port(), folder / "gunicorn.log"
    options = ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4", "--no-control-socket"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "registry.wsgi", *options, "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "VAR_DIR": str(folder / "var")} | variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        assert wait_for(lambda: answers(port) or process.poll() is not None, 60)
        assert process.poll() is None, log.read_text()
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Visitor:
    """A browser without pictures: one person, with the cookies given to them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        return self._ask("GET", path, {}, status)

    def post(self, path: str, data: Mapping[str, Any], status: int = 302) -> str:
        return self._ask("POST", path, data, status)

    def log_in(self, username: str) -> None:
        form = fields(self.get("/login/"))
        self.post("/login/", form | {"username": username, "password": PASSWORD})

    def edit(self, reference: str, summary: str) -> None:
        """Give a treaty another summary, by the form of the staff."""
        path = f"/treaties/{reference}/edit/"
        self.post(path, fields(self.get(path)) | {"summary_nl": summary, "reason": "a test"})

    def _ask(self, method: str, path: str, data: Mapping[str, Any], status: int) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if data:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(data, doseq=True) if data else None, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            for header in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: morsel.coded_value for name, morsel in SimpleCookie(header).items()}
        finally:
            connection.close()
        assert response.status == status, f"{method} {path}: {response.status} {text[:3000]}"
        return html.unescape(text)


class _Form(HTMLParser):
    """What a browser would send of the forms of a page that post, nothing being touched."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.is_post = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        had = dict(attributes)
        name, value = had.get("name") or "", had.get("value") or ""
        if tag == "form":
            # Every page has small forms above its own: for the language, and to log out.
            self.is_post = had.get("method", "").lower() == "post" and "action" not in had  # type: ignore[union-attr]
        elif not self.is_post:
            return
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in had:
            self._add(self.select, value)
        elif tag == "textarea":
            self.area = name
        elif tag == "input" and (had.get("type") not in ("checkbox", "radio") or "checked" in had):
            self._add(name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._add(self.area, self.data.pop(self.area, [""])[0].removeprefix("\n"))
            self.area = ""
        elif tag == "form":
            self.is_post = False

    def handle_data(self, data: str) -> None:
        if self.area:
            self.data[self.area] = [self.data.get(self.area, [""])[0] + data]

    def _add(self, name: str, value: str) -> None:
        if name:
            self.data.setdefault(name, []).append(value)


def fields(page: str) -> dict[str, Any]:
    """The fields of the form on a page, as they stand."""
    form = _Form()
    form.feed(page)
    return dict(form.data)
