"""File locks (flock) that the kernel itself drops when their last holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX


def try_lock(path: Path, kind: int) -> int | None:
    """A file descriptor that holds the lock, or None when somebody else's stands in the way.

    Close it to let go. A forked child shares the lock; a process that is exec'ed only if told to inherit it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def locked(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock exclusively. Raises TimeoutError after `timeout` seconds.

    Asks again and again instead of waiting in the kernel, so that Ctrl-C and the time limit work in any thread.
    """
    deadline = time.monotonic() + timeout
    while (descriptor := try_lock(path, EXCLUSIVE)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} was still locked after {timeout:.0f} seconds")
        time.sleep(0.01)
    try:
        yield
    finally:
        os.close(descriptor)
