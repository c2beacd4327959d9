"""A served project and a browser's bare questions, for the tests of what runs the register."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .clusters import ROOT, wait_for

SMALL = "tests.registry.small_project"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request on the loopback. Raises OSError when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read().decode())
    finally:
        connection.close()


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether somebody serves on the port."""
    with contextlib.suppress(OSError):
        return ask(port, path).status == 200
    return False


class Served:
    """`manage.py serve` in a process group of its own, as a terminal would start it."""

    def __init__(self, port: int, var: Path, settings: str = SMALL, **environment: str) -> None:
        variables = {"DJANGO_SETTINGS_MODULE": settings, "VAR_DIR": str(var), "POSTGRES_DURABLE": "0", "DEBUG": "1"}
        self.port = port
        # Files and no pipes: a full pipe that nobody reads would stop the server at a log line.
        self.output, self.log = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")  # noqa: SIM115 (see ended)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | variables | environment,
            stdout=self.output,
            stderr=self.log,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def ended(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, what it printed, what it complained."""
        code = self.process.wait(30)
        if self.output.closed:
            return code, "", ""
        texts = []
        for file in (self.output, self.log):
            file.seek(0)
            texts.append(file.read())
            file.close()
        return code, texts[0], texts[1]

    def interrupt(self) -> tuple[int, str, str]:
        """Ctrl-C: the signal goes to the whole group."""
        os.killpg(self.pid, signal.SIGINT)
        return self.ended()


@contextlib.contextmanager
def served(var: Path, settings: str = SMALL, **environment: str) -> Iterator[Served]:
    """A project that answers; stopped at the end."""
    site = Served(free_port(), var, settings, **environment)
    try:
        assert wait_for(lambda: answers(site.port) or site.process.poll() is not None, 60)
        assert site.process.poll() is None, site.ended()
        yield site
    finally:
        if site.process.poll() is None:
            os.killpg(site.pid, signal.SIGINT)
        site.ended()
