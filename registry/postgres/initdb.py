"""Make the data directory of a new cluster: whole, or not at all."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from .account import Account
from .binaries import Binaries, safe_for_shell
from .configuration import USER, complaint, durable, environment, quoted
from .errors import ClusterError


def is_initialised(data: Path, binaries: Binaries) -> bool:
    """Whether `data` is a cluster for these programs. Raises ClusterError when it is something else."""
    try:
        made_by = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        if data.exists():
            raise ClusterError(f"{data} is not a PostgreSQL cluster; move it away to begin anew.") from None
        return False
    if made_by != str(binaries.version):
        raise ClusterError(
            f"The database in {data} was made by PostgreSQL {made_by}, and the programs in {binaries.folder} "
            f"are version {binaries.version}: name a folder with version {made_by} in POSTGRES_BIN, "
            f"or move {data.parent} away to begin with an empty database; nothing was changed."
        )
    return True


def clear_unfinished(data: Path) -> None:
    """Remove what an interrupted initdb left beside `data`; one that still writes is cleared the next time."""
    for unfinished in data.parent.glob("new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)


def initialise(data: Path, binaries: Binaries, account: Account, socket_folder: Path) -> None:
    """Run initdb under another name beside `data`, and rename when complete. Raises ClusterError."""
    clear_unfinished(data)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=data.parent))
    account.own(new)
    with safe_for_shell(binaries) as safe:
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions", *_locale(binaries.version)]
        if not durable():
            options.append("--no-sync")
        made = subprocess.run(
            account.command(safe["initdb"], "-D", str(new), *options),
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **account.popen_options(),
        )
    if made.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise ClusterError(f"PostgreSQL's initdb failed: {complaint(made.stdout)}")
    # So that a server started by hand with pg_ctl is as private as ours, and is found.
    with (new / "postgresql.auto.conf").open("a", errors="surrogateescape") as file:
        folder = quoted(socket_folder).replace("'", "''")
        file.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\n")
    new.rename(data)


def _locale(version: int) -> list[str]:
    """Options for initdb: code point order, Unicode upper and lower case, the same from version 15 on.

    From 17 PostgreSQL carries C.UTF-8 itself; before that the C library does, where it has it.
    """
    try:
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower().split()
    except OSError:
        known = []
    libc = "C.UTF-8" if {"c.utf8", "c.utf-8"} & set(known) else "C"
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else []
    return [f"--locale={libc}", *builtin]
