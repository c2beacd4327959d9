"""The whole register in one command: database, data, web server."""

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection, connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE

# Each fills what is missing and changes nothing the second time.
LOADERS = ["load_reference", "load_cases", "load_reporting"]
DEMO_LOADERS = ["load_demo"]
WORKERS, THREADS = 2, 4
# A process that was sent SIGKILL may still have to leave a call to the kernel.
KILLED_SECONDS = 10.0
# How often each worker looks for what is to become public.
RELEASE_SECONDS = float(os.environ.get("RELEASE_SECONDS", "30"))

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Starts the database, brings it up to date, and serves the register until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"), help="Default: PORT, or 8000.")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Raises CommandError for a used port (before anything is done) and for a database that does not start."""
        signal.signal(signal.SIGTERM, _leave)  # by default it would skip what stops the database
        with _listening_place(host, port) as place:
            with _interruptible():
                self.prepare()
            _listen(place, host, port)
            try:
                Server(place, lambda: self.announce(host, port)).run()
            finally:
                _wait_for_workers()

    def prepare(self) -> None:
        """Everything a user needs to find when the first page opens."""
        call_command("compilemessages", verbosity=0)
        self.say("Starting the database …")
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database cannot be used. {error}") from error
        with connection.cursor() as cursor:
            # The limits in the settings are for pages, where somebody waits; loading all treaties takes longer.
            cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            # What is loaded can be loaded again: no waiting for the disk after each of its changes.
            cursor.execute("SET synchronous_commit = off")
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        for name in LOADERS + (DEMO_LOADERS if settings.DEMO else []):
            if name in get_commands():
                self.say(f"Looking after the data: {name} …")
                call_command(name, verbosity=0)
        if "rebuild_search" in get_commands():
            call_command("rebuild_search", missing=True, verbosity=0)  # what an upgrade emptied
        if "read_documents" in get_commands():
            call_command("read_documents", begin=True, verbosity=0)
        connections.close_all()  # a connection does not survive the fork of the workers

    def announce(self, host: str, port: int) -> None:
        """Say where the register is; called when it listens."""
        shown = f"[{host}]" if ":" in host else host
        self.say(f"\nTreaty Register of Flanders: http://{shown}:{port}/")
        if settings.DEMO:
            names = ", ".join(person.username for person in DEMO_PEOPLE)
            self.say(f"Log in as one of {names}; the password is: {DEMO_PASSWORD}")
        self.say("Stop it with Ctrl-C.\n")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # also when it goes to a file or a pipe


class Server(BaseApplication):
    """gunicorn in this process, on a socket that is open already."""

    def __init__(self, place: socket.socket, announce: Any) -> None:
        self.place = place
        self.announce = announce
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self.place.detach()}",  # from here on gunicorn closes it
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "error",
            "control_socket_disable": True,
            "when_ready": self.ready,
            "post_worker_init": _begin_work,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()

    def ready(self, arbiter: Arbiter) -> None:
        # gunicorn would take the closing of the terminal for a wish to reload, and stay on the port for ever.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        self.announce()


def _begin_work(worker: Any) -> None:
    _listen_to_gunicorn_only(worker)
    if "release" in get_commands():
        threading.Thread(target=_release_what_is_due, daemon=True, name="release").start()


def _release_what_is_due() -> None:
    """As long as the worker lives: make public what is due. Each worker does this; what one did the other leaves."""
    while True:
        time.sleep(RELEASE_SECONDS)
        try:
            call_command("release", verbosity=0)
        except Exception:
            logger.exception("What is due could not be released; it is tried again")
        finally:
            connections.close_all()


@contextlib.contextmanager
def _listening_place(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to the address, not listening yet: until the data is there browsers are refused, not kept."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(_refusal(error, host, port)) from error
        yield place


def _listen(place: socket.socket, host: str, port: int) -> None:
    """Two that were bound at the same moment learn only here which of them was first."""
    try:
        place.listen()
    except OSError as error:
        raise CommandError(_refusal(error, host, port)) from error


def _refusal(error: Exception, host: str, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: stop that one, or choose another port, as in PORT=8080."
    return f"The address {host}:{port} cannot be used: {error}."


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Leave after Ctrl-C, also when it came where Python drops exceptions, as in a finaliser."""
    told = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        told.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        signal.signal(signal.SIGINT, before)
    if told:
        raise SystemExit(130)


def _wait_for_workers() -> None:
    """Until the last worker is gone.

    gunicorn kills those that do not leave in time, and does not look whether they did: one that still lives would seem
    to use the database, which then nobody stops.
    """
    deadline = time.monotonic() + KILLED_SECONDS
    with contextlib.suppress(ChildProcessError):  # there are no children any more
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)


def _listen_to_gunicorn_only(worker: Any) -> None:
    """In a worker: leave what the terminal sends to the whole group to gunicorn, which then tells the workers.

    A worker that is told to stop a second time while it stops can wait for itself for ever.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
