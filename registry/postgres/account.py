"""Under which account the server runs: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ClusterError

# Tried in this order: the first only reads and enters folders, the second may also write and is the last resort
# for a container whose bounding set lacks the first.
CAPABILITIES = ("dac_read_search", "dac_override")


@dataclass(frozen=True)
class Account:
    """Who runs the server. `uid` None: the present user, who is not root."""

    name: str = ""
    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def command(self, *words: str) -> list[str]:
        """`words` as a command line that ends up under this account."""
        return [*self.prefix, *words]

    def popen_options(self) -> dict[str, Any]:
        """Arguments of subprocess.Popen that change the account; none where `prefix` does it."""
        if self.uid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Make `path`, and nothing above it, this account's and closed to others."""
        path.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, path: Path) -> None:
        """`own` with everything in it, for a data directory that root has copied."""
        self.own(path)
        if self.uid is not None and self.gid is not None:
            for inside in path.rglob("*"):
                os.chown(inside, self.uid, self.gid, follow_symlinks=False)


def account_for(data: Path, reach: Sequence[Path]) -> Account:
    """The account for the cluster in `data` (which may not exist yet), able to enter every folder of `reach`.

    An ordinary user runs it himself. Root runs it as the owner of the data, else as `postgres`, else as `nobody`.
    No user is made and no parent folder is opened: below a folder closed to that account the server gets the
    one capability to read and enter folders. Raises ClusterError when none of this is possible.
    """
    if os.geteuid() != 0:
        _must_own(data)
        return Account()
    account = _unprivileged(data)
    closed = _closed(account, reach)
    if closed is None:
        return account
    for capability in CAPABILITIES:
        able = _with_capability(account, capability)
        if able and _closed(able, reach) is None:
            return able
    raise ClusterError(
        f"PostgreSQL does not run as root, and the user {account.name} may not enter {closed}: "
        "run this as an ordinary user, or move the project to a folder that others may enter."
    )


def _must_own(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise ClusterError(
            f"The database in {data} belongs to another user (number {data.stat().st_uid}): "
            "run this as that user or as root, or set VAR_DIR to a folder of your own."
        )


def _unprivileged(data: Path) -> Account:
    owner = data.stat().st_uid if data.exists() else 0
    for key in (owner, "postgres", "nobody"):
        try:
            entry = pwd.getpwuid(key) if isinstance(key, int) else pwd.getpwnam(key)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ClusterError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def _closed(account: Account, folders: Sequence[Path]) -> Path | None:
    """The first of `folders` that the account cannot enter and read, found by trying it."""
    for folder in folders:
        attempt = subprocess.run(
            account.command("/bin/sh", "-c", 'cd -- "$1" && test -r .', "sh", str(folder)),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **account.popen_options(),
        )
        if attempt.returncode != 0:
            return folder
    return None


def _with_capability(account: Account, capability: str) -> Account | None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    # no_setuid_fixup: without it access(2), by which PostgreSQL looks for its own program, ignores the capability.
    prefix = (
        setpriv,
        f"--reuid={account.uid}",
        f"--regid={account.gid}",
        "--clear-groups",
        f"--inh-caps=-all,+{capability}",
        f"--ambient-caps=+{capability}",
        "--securebits=+no_setuid_fixup",
    )
    return Account(account.name, account.uid, account.gid, prefix)
