"""Start, find and stop the PostgreSQL server of one folder.

In the folder: `data/` (the cluster), `socket/`, and three lock files. `lock` is held by who starts or stops,
`users` by everybody who uses the server (see `lease`), `server` by the server and all its children: they inherit the
open file, so the kernel itself knows whether one of them lives. A number in postmaster.pid proves nothing: after a
restart of the machine it may be anybody's, and a dead process nobody has waited for still answers to it.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .account import Account, account_for
from .address import listens, make_private, name_elsewhere, socket_folder
from .binaries import Binaries, find_binaries
from .configuration import PORT, USER, complaint, environment, server_options
from .errors import ClusterError
from .initdb import clear_unfinished, initialise, is_initialised
from .locks import EXCLUSIVE, SHARED, locked, try_lock

# Recovery after a crash reads the whole write-ahead log: minutes, not seconds.
START_SECONDS = 300.0
STOP_SECONDS = 60.0
UNDERWAY = ("starting", "stopping")
LOG_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Postmaster:
    """What a server says of itself in postmaster.pid: process id, socket folder, and `ready` or another word."""

    pid: int
    socket_folder: Path
    status: str


class Cluster:
    """The PostgreSQL cluster in one folder, shared by every process that names the same folder."""

    def __init__(self, directory: Path | str) -> None:
        self.directory = Path(directory).resolve()
        self.data = self.directory / "data"
        self.log = self.directory.with_name(f"{self.directory.name}.log")
        self.mutex, self.users, self.server = (self.directory / name for name in ("lock", "users", "server"))

    def start(self) -> dict[str, str]:
        """Make the server run, whoever started it, and return the connection parameters (libpq names).

        Waits for another process that is starting it, and up to 300 s for recovery. The caller must stop it:
        `lease.lease()` does so by itself. Raises ClusterError.
        """
        with self.exclusive():
            return self.ensure_running()

    def stop(self) -> None:
        """Stop the server, whoever uses it, and wait until its last process is gone. Raises ClusterError."""
        if self.directory.is_dir():
            with self.exclusive():
                self.stop_running()

    def status(self) -> str:
        """`absent` (no cluster yet), `stopped`, `running`, or `busy` (starting, recovering, stopping)."""
        if not (self.data / "PG_VERSION").exists():
            return "absent"
        if self._answering():
            return "running"
        return "busy" if self._busy() else "stopped"

    @contextmanager
    def exclusive(self, timeout: float = START_SECONDS) -> Iterator[None]:
        """Hold the `lock` file: nobody else starts or stops the server meanwhile. Raises ClusterError."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with locked(self.mutex, timeout):
                yield
        except PermissionError as error:
            raise ClusterError(
                f"{error.filename or self.directory} belongs to another user: run this as that user or as root, "
                "or set VAR_DIR to a folder of your own."
            ) from error
        except OSError as error:  # TimeoutError is one
            raise ClusterError(f"The database in {self.directory} cannot be used: {error}.") from error

    def ensure_running(self, seconds: float = START_SECONDS) -> dict[str, str]:
        """As `start`, for a caller who holds the `lock` file already."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            folder = self._answering()
            if folder:
                return {"host": str(folder), "port": str(PORT), "user": USER}
            free = try_lock(self.server, EXCLUSIVE)
            if free is None:  # it is starting or stopping, or children of a killed server are still leaving
                time.sleep(0.02)
                continue
            try:
                self._launch(free, deadline)
            finally:
                os.close(free)
        raise ClusterError(f"PostgreSQL was not ready after {seconds:.0f} seconds and is still trying; see {self.log}.")

    def stop_running(self) -> None:
        """As `stop`, for a caller who holds the `lock` file already."""
        running = self._read_pid_file()
        # `ready` but not answering: it was killed, and its number may be somebody else's by now.
        if running is None or not (self._answering() or (self._busy() and running.status in UNDERWAY)):
            return
        for how in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.pid, how)
            if self._wait_until_gone():
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(running.pid, 0)  # leave no zombie where we are its parent
                return
        raise ClusterError(f"PostgreSQL (process {running.pid}) did not stop; see {self.log}.")

    def _answering(self) -> Path | None:
        """The socket folder of a server that is ready and listens, else None."""
        running = self._read_pid_file()
        if running is None or running.status != "ready":
            return None
        folders = [socket_folder(self.directory)]
        # The temporary folder of who started it may be another than ours. Any other name is not believed:
        # the file may have been copied, with its folder, from beside a server that runs.
        if running.socket_folder.name == name_elsewhere(self.directory):
            folders.append(running.socket_folder)
        return next((folder for folder in folders if listens(folder)), None)

    def _busy(self) -> bool:
        """Whether any process of a server lives, ready or not."""
        free = try_lock(self.server, SHARED)
        if free is not None:
            os.close(free)
        return free is None

    def _read_pid_file(self) -> Postmaster | None:
        try:
            lines = (self.data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        lines += [""] * 8
        return Postmaster(pid, Path(lines[4]), lines[7].strip())

    def _launch(self, server_lock: int, deadline: float) -> None:
        """Start a server that inherits `server_lock`, and wait until it is ready. No other server lives."""
        binaries = find_binaries()
        account = account_for(self.data, (self.directory, binaries.folder))
        folder = socket_folder(self.directory)
        make_private(folder, account)
        if not is_initialised(self.data, binaries):
            initialise(self.data, binaries, account, folder)
        clear_unfinished(self.data)
        if account.uid is not None and self.data.stat().st_uid != account.uid:
            account.own_tree(self.data)
        self.data.chmod(0o700)
        for stale in folder.glob(".s.PGSQL.*"):
            stale.unlink()
        self._disown_pid_file()
        self._await(self._spawn(binaries, account, folder, server_lock), deadline)

    def _disown_pid_file(self) -> None:
        """Let the new server see that the pid in a leftover postmaster.pid is not a server.

        It takes its parent's pid, which is ours, for stale. The file is not deleted where it can be read: it also
        names the shared memory by which PostgreSQL refuses to run beside survivors of another server.
        """
        file = self.data / "postmaster.pid"
        if self._read_pid_file() is None:
            file.unlink(missing_ok=True)  # half-written: a crash before there was any shared memory
            return
        # Without the last line, the status: nobody shall take us for a server that is starting.
        described = file.read_bytes().split(b"\n")[1:7]
        file.write_bytes(b"\n".join([b"%d" % os.getpid(), *described, b""]))

    def _spawn(self, binaries: Binaries, account: Account, folder: Path, server_lock: int) -> subprocess.Popen[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(
                account.command(binaries["postgres"], "-D", str(self.data), *server_options(folder)),
                cwd="/",
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(server_lock,),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
                **account.popen_options(),
            )

    def _await(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while time.monotonic() < deadline and not self._answering():
            if process.poll() is not None:
                tail = self.log.read_bytes()[-4000:].decode(errors="replace")
                raise ClusterError(f"PostgreSQL did not start: {complaint(tail)} (see {self.log})")
            time.sleep(0.01)
        # The server outlives us on purpose; without this Popen warns of it when it is forgotten.
        process.returncode = 0

    def _wait_until_gone(self) -> bool:
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if not (self.data / "postmaster.pid").exists() and not self._busy():
                return True
            time.sleep(0.01)
        return False
