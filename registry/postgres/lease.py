"""Keep the server of a folder alive while a process uses it; the last one out stops it."""

import atexit
import contextlib
import os
import signal
import threading
from pathlib import Path

from .errors import ClusterError
from .launcher import START_SECONDS, Cluster
from .locks import EXCLUSIVE, SHARED, try_lock

# Longer than another process needs to find out that it is not the last; shorter than anybody's patience.
LEAVE_SECONDS = 10.0

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP}

_leases: dict[Path, "Lease"] = {}
_guard = threading.RLock()


class Lease:
    """This process's use of a cluster: a shared lock on `users`, dropped by the kernel even after kill -9."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.held: int | None = None
        self.parameters: dict[str, str] = {}

    def renew(self, seconds: float = START_SECONDS) -> dict[str, str]:
        """Make sure that the server runs (again), and return its connection parameters.

        Raises ClusterError, also when it is not ready after `seconds`.
        """
        with self.cluster.exclusive(seconds):
            if self.held is None:
                # Nobody holds `users` exclusively outside `lock`, so this cannot fail.
                self.held = try_lock(self.cluster.users, SHARED)
            self.parameters = self.cluster.ensure_running(seconds)
        return self.parameters

    def release(self) -> None:
        """Stop using the cluster, and stop the server if nobody else uses it."""
        held, self.held = self.held, None
        if held is None:
            return
        # First let go, then look: of two who leave together at least the later one finds the house empty.
        os.close(held)
        if not self.cluster.directory.is_dir():
            return
        # Timeout: somebody is starting the server, who will also be there to stop it.
        with contextlib.suppress(ClusterError, OSError), self.cluster.exclusive(LEAVE_SECONDS):
            alone = try_lock(self.cluster.users, EXCLUSIVE)
            if alone is not None:
                try:
                    self.cluster.stop_running()
                finally:
                    os.close(alone)

    def after_fork(self) -> None:
        """In a forked child: a lock of its own, since parent and child may leave in either order."""
        if self.held is not None:
            with contextlib.suppress(OSError):
                own = try_lock(self.cluster.users, SHARED)
                os.close(self.held)
                self.held = own


def lease(directory: Path | str) -> Lease:
    """Use the cluster in `directory` until this process ends: started if need be, stopped by the last user.

    One lease for each folder and process; later calls return it at once. Raises ClusterError.
    """
    cluster = Cluster(directory)
    with _guard:
        known = _leases.get(cluster.directory)
        if known is None or known.held is None:
            known = Lease(cluster)
            _leases[cluster.directory] = known
            try:
                known.renew()
            except BaseException:
                known.release()
                raise
        return known


def release_all() -> None:
    """Leave every cluster this process uses; also done at the end of the process."""
    with _guard:
        for known in list(_leases.values()):
            known.release()
        _leases.clear()


def _after_fork() -> None:
    for known in _leases.values():
        known.after_fork()
    _guard.release()


# The last registered runs first. A second Ctrl-C, or a handler that raises, would leave a server behind, so signals are
# blocked before; by the interpreter's own function, since one of ours can be interrupted at its first line. Each call
# lets at most one signal that had arrived before be handled, and raise.
atexit.register(release_all)
for _ in SIGNALS:
    atexit.register(signal.pthread_sigmask, signal.SIG_BLOCK, SIGNALS)
# A fork waits for another thread that is taking or leaving a lease: the child would never see it finish.
os.register_at_fork(before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_after_fork)
