"""A PostgreSQL of the bench's own, with room to keep all in memory; it stops with the process, also on error.

Import this before Django: it says where the register keeps its data. `SETTINGS` are written in the results.
"""

import os
import signal
import sys
from pathlib import Path

from registry.postgres import configuration
from registry.postgres.lease import lease

BASE = Path(__file__).resolve().parent.parent
SETTINGS = {
    "shared_buffers": "2GB",
    "work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "effective_cache_size": "6GB",
}


def place() -> Path:
    """Where everything that is measured with is kept."""
    return Path(os.environ.get("BENCH_DIR", BASE / "var" / "bench"))


def prepare(name: str) -> Path:
    """The folder of this bench, `var/bench/<name>`; its server gets `SETTINGS` when it starts."""
    folder = place() / name
    os.environ["VAR_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    os.environ["POSTGRES_DURABLE"] = "0"
    configuration.SETTINGS.update(SETTINGS)
    # By default it would skip what stops servers and the database.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    return folder


def start(folder: Path) -> dict[str, str]:
    """Start the server; libpq names of how to reach it."""
    return lease(folder / "postgres").parameters
