"""A process of its own for work that nobody waits for, and a lock that says it is on.

The lock is on a file: the kernel drops it when the process ends, however it ends.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# Processes that were started here: asked after, so that none stays behind as a zombie.
_started: list[subprocess.Popen[bytes]] = []


def begin(lock: int, command: str, *arguments: str) -> None:
    """Start `manage.py command`. It inherits the open file, and with it the lock: there is no moment at which nobody
    holds it."""
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments]
    _started.append(
        # Only our own commands, and numbers.
        subprocess.Popen(line, cwd=settings.BASE_DIR, pass_fds=(lock,), start_new_session=True)  # noqa: S603
    )


def bury() -> None:
    """Ask after those that ended."""
    for process in list(_started):
        if process.poll() is not None:
            _started.remove(process)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int | None]:
    """The lock on `path` as an open file, or None where another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor if _taken(descriptor) else None
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def inherited(lock: int) -> Iterator[int]:
    """The lock that `begin` gave to this process."""
    try:
        yield lock
    finally:
        os.close(lock)


def _taken(descriptor: int) -> bool:
    """Try for a moment: who only looks holds the lock for less than that."""
    for _attempt in range(5):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.02)
    return False
