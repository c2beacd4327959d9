"""What a crash leaves behind, and that nothing acknowledged is lost."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from registry.postgres.account import Account, account_for
from registry.postgres.binaries import find_binaries
from registry.postgres.launcher import Cluster
from registry.postgres.lease import Lease

from .clusters import ask, client, connect, kill, ordinary_place, postmaster, run_client, stopped_afterwards, wait_for
from .conftest import copy_data

# Inserts one row after the other, each committed, and says which was acknowledged; ends when the server does.
INSERTER = """
import sys
import psycopg
from registry.postgres.lease import lease
connection = psycopg.connect(**lease(sys.argv[1]).parameters, dbname="postgres", autocommit=True)
connection.execute("CREATE TABLE IF NOT EXISTS one (n int)")
n = connection.execute("SELECT coalesce(max(n), 0) FROM one").fetchone()[0]
try:
    while True:
        n += 1
        connection.execute("INSERT INTO one VALUES (%s)", [n])
        print(n, flush=True)
except psycopg.OperationalError:
    sys.exit(0)
"""
LAST = """
import sys
import psycopg
from registry.postgres.lease import lease
with psycopg.connect(**lease(sys.argv[1]).parameters, dbname="postgres") as connection:
    print(*connection.execute("SELECT max(n), count(*) FROM one").fetchone())
"""


@pytest.fixture
def cluster(copied_cluster: Cluster) -> Cluster:
    """These tests leave the data in a state no other test should begin with."""
    return copied_cluster


def crash_under_inserts(directory: Path, account: Account, after: int) -> None:
    """Kill the server after so many rows; the last acknowledged one must be found, and at most one more."""
    with client(directory, INSERTER, account, POSTGRES_DURABLE="1") as inserter:
        acknowledged = [int(inserter.stdout.readline()) for _ in range(after)]
        kill(postmaster(Cluster(directory)))
        rest, errors = inserter.communicate(timeout=30)
    assert errors == ""
    last = ([*acknowledged, *map(int, rest.split())])[-1]
    highest, count = map(int, run_client(directory, LAST, account=account, POSTGRES_DURABLE="1").split())
    assert highest in (last, last + 1)
    assert count == highest


def test_server_killed_under_inserts(cluster: Cluster) -> None:
    for after in (3, 40, 200):
        crash_under_inserts(cluster.directory, Account(), after)
    assert cluster.status() == "stopped"


def test_server_of_an_ordinary_user_killed_under_inserts() -> None:
    with ordinary_place() as (folder, account), stopped_afterwards(Cluster(folder / "postgres")) as one:
        for after in (3, 40):
            crash_under_inserts(one.directory, account, after)
        assert one.data.stat().st_uid == (os.geteuid() if account.uid is None else account.uid)
        assert one.data.stat().st_uid != 0


def test_start_waits_for_a_long_recovery(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_DURABLE", "1")
    with connect(cluster) as connection:
        connection.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE TABLE big (n int PRIMARY KEY, t text)")
        connection.execute("INSERT INTO big SELECT n, repeat('x', 100) FROM generate_series(1, 500000) n")
        row = connection.execute("SELECT pg_current_wal_lsn() - '0/0', count(*) FROM big").fetchone()
        assert row is not None
        kill(postmaster(cluster))
    assert row[0] > 100_000_000
    # Two at once: the second has to wait for a server that the first is starting.
    with client(cluster.directory) as first, client(cluster.directory) as second:
        assert first.stdout.readline() == second.stdout.readline() != ""
        assert ask(cluster, "SELECT count(*) FROM big") == row[1]
    log = cluster.log.read_text()
    assert "redo done" in log
    assert "was not properly shut down" in log


def leave_pid_file(cluster: Cluster) -> Path:
    """Kill the server and wait until nothing of it is left but its files."""
    cluster.start()
    kill(postmaster(cluster))
    assert wait_for(lambda: cluster.status() == "stopped")
    return cluster.data / "postmaster.pid"


def test_pid_file_with_the_number_of_another_living_process(cluster: Cluster) -> None:
    file = leave_pid_file(cluster)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        _, rest = file.read_text().split("\n", 1)
        for number in (other.pid, os.getpid(), os.getppid(), 1):
            file.write_text(f"{number}\n{rest}")
            assert ask(cluster, "SELECT word FROM kept") == "kept"
            kill(postmaster(cluster))
            assert wait_for(lambda: cluster.status() == "stopped")
        assert other.poll() is None
        other.communicate(b"\n")


def test_pid_file_with_the_number_of_another_clusters_server(
    cluster: Cluster, tmp_path: Path, initialised: Path
) -> None:
    file = leave_pid_file(cluster)
    with stopped_afterwards(Cluster(tmp_path / "other")) as other:
        copy_data(initialised, other)
        other.start()
        _, rest = file.read_text().split("\n", 1)
        file.write_text(f"{postmaster(other)}\n{rest}")
        cluster.stop()
        assert other.status() == "running"
        assert ask(cluster, "SELECT word FROM kept") == "kept"
        assert postmaster(cluster) != postmaster(other)


@pytest.mark.parametrize("content", ["", "12", "\n", "abc\n/nowhere\n", "999999\n"])
def test_half_written_pid_file(cluster: Cluster, content: str) -> None:
    leave_pid_file(cluster).write_text(content)
    assert ask(cluster, "SELECT word FROM kept") == "kept"


def test_a_copied_folder_is_not_taken_for_the_running_original(cluster: Cluster, tmp_path: Path) -> None:
    cluster.start()
    with stopped_afterwards(Cluster(tmp_path / "copy")) as copy:
        copy_data(cluster.data, copy)
        assert copy.status() == "stopped"
        assert ask(copy, "SELECT word FROM kept") == "kept"
        assert ask(copy, "SHOW data_directory") == str(copy.data)
        copy.stop()
        assert cluster.status() == "running"


def test_socket_lock_of_a_process_nobody_has_waited_for(cluster: Cluster) -> None:
    """The dead process still answers to its number, and PostgreSQL takes the lock for a living server's."""
    leave_pid_file(cluster)
    dead = subprocess.Popen(["/bin/true"])
    try:
        assert wait_for(lambda: os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT) is not None)
        lock = cluster.directory / "socket" / ".s.PGSQL.5432.lock"
        lock.write_text(f"{dead.pid}\n{cluster.data}\n0\n5432\n{lock.parent}\n")
        assert ask(cluster, "SELECT word FROM kept") == "kept"
    finally:
        dead.wait()


def test_survivors_of_a_killed_server_are_waited_for(cluster: Cluster) -> None:
    """A backend may still write: a second server beside it would destroy the data."""
    with connect(cluster) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        pid = postmaster(cluster)
        kill(pid)
        with client(cluster.directory) as next_one:
            time.sleep(0.3)
            assert cluster.status() == "busy"
            assert next_one.poll() is None
            os.kill(backend, signal.SIGCONT)
            assert next_one.stdout.readline().strip() == str(cluster.directory / "socket")
            assert postmaster(cluster) != pid


def test_interrupted_while_the_server_recovers(cluster: Cluster) -> None:
    """Whoever stops waiting also stops a server that is not ready yet."""
    cluster.start()
    pid = postmaster(cluster)
    file = cluster.data / "postmaster.pid"
    used = Lease(cluster)
    used.renew()
    # What the file says before a server is ready.
    file.write_text(file.read_text().replace("ready   ", "starting"))
    assert cluster.status() == "busy"
    used.release()
    assert cluster.status() == "stopped"
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def test_a_server_that_was_started_by_hand_is_used_and_can_be_stopped(new_cluster: Cluster) -> None:
    new_cluster.start()
    new_cluster.stop()
    programs = find_binaries()
    account = account_for(new_cluster.data, (new_cluster.directory, programs.folder))
    subprocess.run(
        account.command(programs["pg_ctl"], "-D", str(new_cluster.data), "-w", "-l", "/dev/null", "start"),
        cwd="/",
        stdout=subprocess.DEVNULL,
        check=True,
        **account.popen_options(),
    )
    assert new_cluster.status() == "running"
    assert ask(new_cluster, "SHOW listen_addresses") == ""
    new_cluster.stop()
    assert not (new_cluster.data / "postmaster.pid").exists()


def test_connections_are_cut_when_the_server_stops(cluster: Cluster) -> None:
    with connect(cluster) as connection:
        cluster.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with socket.socket(socket.AF_UNIX) as probe, pytest.raises(OSError, match=r"No such file|refused"):
        probe.connect(str(cluster.directory / "socket" / ".s.PGSQL.5432"))
