"""Servers on loopback that a bench starts, asks and stops again, also after an error."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass
class Answer:
    status: int
    ms: float
    size: int


@dataclass
class Client:
    """One connection that stays open; `headers` go with every question."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 120.0
    _open: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """A page, and what it took from asking to its last byte; opens the connection again where it was closed."""
        began = time.perf_counter()
        try:
            response, body = self._ask(path)
        except (http.client.HTTPException, ConnectionError):
            self.close()
            began = time.perf_counter()
            response, body = self._ask(path)
        return Answer(response.status, (time.perf_counter() - began) * 1000, len(body))

    def _ask(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        if self._open is None:
            self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        self._open.request("GET", path, headers=dict(self.headers))
        response = self._open.getresponse()
        return response, response.read()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    command: Sequence[str], port: int, *, env: Mapping[str, str] | None = None, cwd: Path | None = None, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process group of its own, ready to answer; stopped with all its children at the end."""
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603
            list(command), env=dict(env or os.environ), cwd=cwd, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _await(process, port, log)
        yield process
    finally:
        _stop(process)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended at once; see {log}:\n{log.read_text()[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"No server on port {port} after {START_SECONDS:.0f} s; see {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """This process and the group it leads, and nobody else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            try:
                os.killpg(process.pid, number)
                process.wait(STOP_SECONDS)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def gunicorn(python: str | Path, application: str, port: int, *extra: str) -> list[str]:
    """One worker on loopback, as every Python peer and the register are served here."""
    bind = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "1"]
    return [str(python), "-m", "gunicorn", application, *bind, "--timeout", "300", "--log-level", "error", *extra]
