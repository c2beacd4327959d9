"""Asks the process that judges files (`treaties.inspection`): started at the first file, and again when it is gone.

Starting a Python with a PDF library for each file would take longer than judging it; so one process waits, and makes a
copy of itself, with limits, for each file. It ends when the process that started it does.
"""

import atexit
import os
import select
import subprocess
import sys
import threading
from dataclasses import dataclass

from django.conf import settings

# Seconds, above those of `inspection.server.WALL`, after which nothing is expected any more.
WALL = 60
# The folder of the register is an argument: `-I` knows of no other than those of Python itself.
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from treaties.inspection.server import main; main()"
UNKNOWN = "file_unchecked"


@dataclass
class _Inspector:
    """The process, and who started it: after a fork the child needs one of its own."""

    process: subprocess.Popen[bytes]
    owner: int


_lock = threading.Lock()
_running: list[_Inspector] = []


def judged(suffix: str, content: bytes) -> str:
    """`ok`, a code of `treaties.files.SENTENCES`, or `UNKNOWN` where no judgement could be had. Raises nothing."""
    with _lock:
        # The second time with a new process: the first may have been ended by the system.
        return _asked(suffix, content) or _asked(suffix, content) or UNKNOWN


def _asked(suffix: str, content: bytes) -> str:
    try:
        process = _process()
        assert process.stdin is not None  # noqa: S101 (both are pipes)
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(b"%b %d\n" % (suffix.encode("ascii"), len(content)))
        process.stdin.write(content)
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], WALL)
        answer = process.stdout.readline().decode("ascii").strip() if ready else ""
    except (OSError, ValueError):
        answer = ""
    if not answer:
        stop()
    return answer


def _process() -> subprocess.Popen[bytes]:
    if _running and (_running[0].owner != os.getpid() or _running[0].process.poll() is not None):
        stop()
    if not _running:
        line = [sys.executable, "-I", "-c", _PROGRAM, str(settings.BASE_DIR)]
        process = subprocess.Popen(  # noqa: S603 (our own program)
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
        _running.append(_Inspector(process, os.getpid()))
    return _running[0].process


def stop() -> None:
    """End the process; the next file starts another."""
    while _running:
        one = _running.pop()
        for pipe in (one.process.stdin, one.process.stdout):
            if pipe:
                # What was not sent any more has nobody to go to.
                try:
                    pipe.close()
                except OSError:
                    continue
        if one.owner == os.getpid():
            one.process.kill()
            one.process.wait()
        else:
            # Of the process this one was forked from: not to be waited for here.
            one.process.returncode = 0


atexit.register(stop)
