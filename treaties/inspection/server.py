"""The process that waits for files, and makes another for each.

    python -I -c "…" FOLDER

It is asked on standard input, file after file: a line `SUFFIX LENGTH`, then so many bytes. It answers each with a line:
`ok`, or a code of `treaties.files.SENTENCES`.
"""

import contextlib
import os
import resource
import select
import signal
import sys

from treaties.inspection.judging import OutOfTime, judge

# Of one file: seconds of work and on the clock, bytes of memory.
CPU, WALL, MEMORY = 20, 40, 1024**3


def _be_modest() -> None:
    """Limits that the kernel holds; at the first limit of time the file is too complex, the second is the end."""

    def stop(_signal: int, _frame: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGXCPU, stop)
    limits = {
        resource.RLIMIT_CPU: (CPU, CPU + 5),
        resource.RLIMIT_AS: (MEMORY, MEMORY),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, limit in limits.items():
        # Not every system knows every limit; the clock of who waits holds everywhere.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, limit)


def apart(suffix: str, content: bytes) -> str:
    """The judgement of a process made for this one file; one that breaks down, or takes long, gives none that is ok."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            _be_modest()
            os.write(write, judge(suffix, content).encode())
        finally:
            os._exit(0)
    os.close(write)
    try:
        ready, _, _ = select.select([read], [], [], WALL)
        answer = os.read(read, 100).decode("ascii", "replace") if ready else ""
    finally:
        os.close(read)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return answer or "file_too_complex"


def main() -> None:
    """Until whoever asks is gone."""
    while line := sys.stdin.buffer.readline():
        suffix, length = line.decode("ascii").split()
        content = sys.stdin.buffer.read(int(length))
        sys.stdout.write(f"{apart(suffix, content)}\n")
        sys.stdout.flush()
