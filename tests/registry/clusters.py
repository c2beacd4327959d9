"""Real clusters and real client processes for the tests of the launcher."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from registry.postgres.account import Account, account_for
from registry.postgres.launcher import Cluster

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0

# Uses the cluster, says so, and then stays until its standard input is closed.
CLIENT = """
import sys
from registry.postgres.lease import lease
used = lease(sys.argv[1])
print(used.parameters["host"], flush=True)
sys.stdin.read()
"""


def connect(cluster: Cluster, **options: Any) -> psycopg.Connection[Any]:
    """A connection to the running server of `cluster`, in autocommit."""
    address: dict[str, Any] = {**cluster.start(), **options}
    return psycopg.connect(dbname="postgres", autocommit=True, **address)


def ask(cluster: Cluster, question: str) -> Any:
    """The first value of the first row."""
    with connect(cluster) as connection:
        row = connection.execute(question).fetchone()
        return row and row[0]


def postmaster(cluster: Cluster) -> int:
    """The process id of the running server."""
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether `condition` became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def kill(pid: int) -> None:
    """kill -9, of a process the test itself has started."""
    os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def client(directory: Path, code: str = CLIENT, account: Account | None = None, **environment: str) -> Iterator[Any]:
    """A Python process that runs `code` with the directory as its argument; ended, if need be, at the end."""
    account = account or Account()
    process = subprocess.Popen(
        account.command(sys.executable, "-c", code, str(directory)),
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **account.popen_options(),
    )
    try:
        yield process
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=30)
        if process.poll() is None:
            process.kill()
            process.communicate()


def run_client(directory: Path, code: str = CLIENT, **options: Any) -> str:
    """Run `code` to its end and return what it printed; its errors are the test's."""
    with client(directory, code, **options) as process:
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert errors == ""
    return str(printed)


@contextlib.contextmanager
def ordinary_place() -> Iterator[tuple[Path, Account]]:
    """A folder of an ordinary user, and the account to run as: our own, or when we are root an unprivileged one."""
    # Not pytest's folder: that is closed to other users.
    with tempfile.TemporaryDirectory(prefix="register-test-") as name:
        if not AS_ROOT:
            yield Path(name), Account()
            return
        interpreter = Path(sys.executable).resolve().parent
        account = account_for(Path("/nonexistent"), (ROOT, interpreter, Path(sys.prefix)))
        account.own(Path(name))
        yield Path(name), account


@contextlib.contextmanager
def stopped_afterwards(cluster: Cluster) -> Iterator[Cluster]:
    """Leave no server behind, also when the test fails."""
    try:
        yield cluster
    finally:
        cluster.stop()
        assert cluster.status() in ("stopped", "absent")
        shutil.rmtree(cluster.directory, ignore_errors=True)
