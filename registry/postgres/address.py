"""Where the socket of a cluster is, and whether a server listens there."""

import contextlib
import hashlib
import os
import socket
import tempfile
from pathlib import Path

from .account import Account
from .configuration import PORT
from .errors import ClusterError

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing NUL.
SOCKET_PATH_BYTES = 103


def socket_folder(cluster: Path) -> Path:
    """`socket/` in the cluster's folder, or a place below the temporary folder where that name cannot be an address.

    libpq splits a host at commas and wants UTF-8; the kernel limits the length.
    """
    folder = cluster / "socket"
    address = os.fsencode(folder / f".s.PGSQL.{PORT}")
    if len(address) <= SOCKET_PATH_BYTES and b"," not in address and _is_utf8(address):
        return folder
    return Path(tempfile.gettempdir()) / name_elsewhere(cluster)


def name_elsewhere(cluster: Path) -> str:
    """The name of the folder below the temporary folder; another for every path."""
    return f"register-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]}"


def listens(folder: Path) -> bool:
    """Whether a living server has its socket in `folder`."""
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.connect(str(folder / f".s.PGSQL.{PORT}"))
        return True
    return False


def make_private(folder: Path, account: Account) -> None:
    """Make `folder` with access for one account only. Raises ClusterError if somebody else's is there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    trusted = {os.geteuid(), os.geteuid() if account.uid is None else account.uid}
    if not folder.is_dir() or folder.is_symlink() or found.st_uid not in trusted:
        raise ClusterError(f"{folder}, where the database's socket should be, belongs to somebody else; remove it.")
    account.own(folder)


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True
