"""Several processes and one server: who starts it, who keeps it alive, who stops it."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from registry.postgres.errors import ClusterError
from registry.postgres.launcher import Cluster
from registry.postgres.lease import Lease

from .clusters import CLIENT, ask, client, kill, postmaster, run_client, wait_for

SHORT = """
import sys
import psycopg
from registry.postgres.lease import lease
with psycopg.connect(**lease(sys.argv[1]).parameters, dbname="postgres") as connection:
    print(*connection.execute("SELECT pg_postmaster_start_time()").fetchone())
"""


@pytest.mark.parametrize("number", [2, 8])
def test_cold_at_once(new_cluster: Cluster, number: int) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(client(new_cluster.directory)) for _ in range(number)]
        folders = {one.stdout.readline().strip() for one in clients}
        assert folders == {str(new_cluster.directory / "socket")}
        assert new_cluster.log.read_text().count("ready to accept connections") == 1
        for one in clients:
            one.communicate()
            assert one.returncode == 0
    assert new_cluster.status() == "stopped"
    assert new_cluster.log.read_text().count("database system is shut down") == 1


def test_churn_of_short_processes(cluster: Cluster) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: run_client(cluster.directory, SHORT), range(24)))
    assert all(answers)
    assert cluster.status() == "stopped"


def test_the_last_one_out_stops_it_and_only_the_last(cluster: Cluster) -> None:
    with client(cluster.directory) as first, client(cluster.directory) as second:
        first.stdout.readline()
        second.stdout.readline()
        pid = postmaster(cluster)
        first.communicate()
        assert cluster.status() == "running"
        assert postmaster(cluster) == pid
        second.communicate()
        assert cluster.status() == "stopped"


def test_a_killed_client_leaves_a_server_that_the_next_one_uses_and_stops(cluster: Cluster) -> None:
    with client(cluster.directory) as victim:
        victim.stdout.readline()
        pid = postmaster(cluster)
        kill(victim.pid)
        victim.wait()
    assert cluster.status() == "running"
    with client(cluster.directory) as heir:
        heir.stdout.readline()
        assert postmaster(cluster) == pid
        heir.communicate()
    assert cluster.status() == "stopped"


def test_a_client_that_was_killed_does_not_count_any_more(cluster: Cluster) -> None:
    with client(cluster.directory) as victim, client(cluster.directory) as other:
        victim.stdout.readline()
        other.stdout.readline()
        kill(victim.pid)
        victim.wait()
        other.communicate()
    assert cluster.status() == "stopped"


FORKED = """
import os, sys
from registry.postgres.lease import lease
used = lease(sys.argv[1])
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
print(used.cluster.status())
"""

OUTLIVED = """
import os, sys
from registry.postgres.lease import lease
used = lease(sys.argv[1])
if os.fork() != 0:
    os._exit(0)
print("the parent is gone", flush=True)
sys.stdin.read()
"""


def test_a_forked_child_that_ends_stops_nothing(cluster: Cluster) -> None:
    assert run_client(cluster.directory, FORKED).strip() == "running"
    assert cluster.status() == "stopped"


def test_a_forked_child_that_outlives_its_parent_stops_it_in_the_end(cluster: Cluster) -> None:
    with client(cluster.directory, OUTLIVED) as parent:
        parent.stdout.readline()
        parent.wait()
        assert cluster.status() == "running"
        parent.communicate()  # the child ends when its input does
    assert wait_for(lambda: cluster.status() == "stopped")


def test_a_program_that_was_started_by_a_client_holds_nothing(cluster: Cluster) -> None:
    used = Lease(cluster)
    used.renew()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        used.release()
        assert cluster.status() == "stopped"
        other.communicate(b"\n")


def test_a_server_stopped_under_a_client_is_started_by_renew(cluster: Cluster) -> None:
    used = Lease(cluster)
    used.renew()
    cluster.stop()
    assert cluster.status() == "stopped"
    used.renew()
    assert ask(cluster, "SELECT word FROM kept") == "kept"
    used.release()
    assert cluster.status() == "stopped"


def test_ctrl_c_does_not_reach_the_server(cluster: Cluster) -> None:
    with client(cluster.directory) as one:
        one.stdout.readline()
        assert os.getsid(postmaster(cluster)) == postmaster(cluster)
        assert os.getpgid(postmaster(cluster)) != os.getpgid(one.pid)


IMPATIENT = """
import atexit, signal, subprocess, sys, time
from registry.postgres.lease import lease
lease(sys.argv[1])
told = []
def end(*_):
    told.append(1)
    if len(told) > 3:
        sys.exit(1)
def hammer():
    signal.signal(signal.SIGTERM, end)
    nothing = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    subprocess.Popen(["/bin/sh", "-c", "for n in $(seq 20000); do kill -TERM $PPID || exit; done"], **nothing)
    while not told:
        time.sleep(0.001)
atexit.register(hammer)
"""


def test_a_process_that_is_told_again_and_again_to_end_still_stops_the_server(cluster: Cluster) -> None:
    with client(cluster.directory, IMPATIENT) as one:
        _, errors = one.communicate()
    assert "lease.py" not in errors
    assert cluster.status() == "stopped"


def test_waiting_for_somebody_who_never_ends_has_an_end(cluster: Cluster) -> None:
    with cluster.exclusive():
        started = time.monotonic()
        with pytest.raises(ClusterError, match="still locked after 0 seconds"):
            Lease(cluster).renew(0.2)
        assert time.monotonic() - started < 2


def test_the_processes_of_the_test_itself_print_nothing(cluster: Cluster) -> None:
    assert run_client(cluster.directory, CLIENT, PYTHONWARNINGS="error").count("\n") == 1
