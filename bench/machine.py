"""What it was measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg

from bench.cluster import BASE, SETTINGS


def told() -> dict[str, Any]:
    """Date, machine, versions, load, commit: what a figure means nothing without."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{int(memory) / 1_048_576:.0f} GB",
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "django": django.__version__,
        "psycopg": psycopg.__version__,
        "settings": SETTINGS,
        "commit": _commit(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _commit() -> str:
    """The commit that is measured, `-dirty` where its files differ; what an earlier bench wrote does not count."""
    git = ["git", "-C", str(BASE)]
    try:
        commit = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603
        differing = [*git, "status", "--porcelain", "--", ":/", ":!bench/results.md", ":!bench/growth.svg"]
        told = subprocess.run(differing, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
        return commit.stdout.strip() + ("-dirty" if told else "")
    except OSError:
        return ""
