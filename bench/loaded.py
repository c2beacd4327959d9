"""Databases with load data, one for each size, in the bench's own cluster; made when they are not there, or are old.

`python -m bench.loaded 10000 100000` makes them and ends.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from bench import cluster

NAME = "search"


def database(size: int) -> str:
    return f"bench_{size}"


def ready(size: int, folder: Path, server: dict[str, str]) -> dict[str, Any]:
    """What is known of how the database of `size` was made; it is made first where need be."""
    note = folder / f"{database(size)}.json"
    if note.exists() and _manage(size, "migrate", "--check", "--verbosity=0", check=False) == 0:
        return dict(json.loads(note.read_text()))
    note.unlink(missing_ok=True)
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database(size)} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {database(size)}")
    _manage(size, "migrate", "--verbosity=0")
    _manage(size, "load_reference", "--verbosity=0")
    began = time.monotonic()
    _manage(size, "make_load", f"--treaties={size}", "--verbosity=2")
    told = {"treaties": size, "seconds": time.monotonic() - began, "sample": bool(os.environ.get("SAMPLE_DATA"))}
    with psycopg.connect(**server, dbname=database(size)) as connection:
        told["bytes"] = connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]
        told["server"] = connection.execute("SHOW server_version").fetchone()[0]
    note.write_text(json.dumps(told))
    return told


def environment(size: int) -> dict[str, str]:
    """For a process that uses the database of `size`."""
    return os.environ | {"BENCH_DB": database(size), "PYTHONPATH": str(cluster.BASE)}


def _manage(size: int, *words: str, check: bool = True) -> int:
    command = [sys.executable, str(cluster.BASE / "manage.py"), *words]
    out = None if check else subprocess.DEVNULL
    return subprocess.run(command, env=environment(size), check=check, stdout=out, stderr=out).returncode  # noqa: S603


def main() -> None:
    folder = cluster.prepare(NAME)
    server = cluster.start(folder)
    for size in map(int, sys.argv[1:]):
        print(ready(size, folder, server))


if __name__ == "__main__":
    main()
