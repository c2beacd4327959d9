"""How every server of ours is set up; given on its command line, so that nothing has to be migrated."""

import os
from pathlib import Path

USER = "register"
PORT = 5432  # part of the socket's name; nothing listens on TCP

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: a power cut may destroy the cluster, and a killed server forgets the last commits.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def durable() -> bool:
    """Whether a commit must survive a crash; not with POSTGRES_DURABLE=0."""
    return os.environ.get("POSTGRES_DURABLE", "1") != "0"


def server_options(socket_folder: Path) -> list[str]:
    """The settings as words for the command line of `postgres`."""
    settings = SETTINGS | ({} if durable() else NOT_DURABLE) | {"unix_socket_directories": quoted(socket_folder)}
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def quoted(folder: Path) -> str:
    """One folder as PostgreSQL's list of folders wants it: between double quotes, those inside doubled."""
    return '"{}"'.format(str(folder).replace('"', '""'))


def environment() -> dict[str, str]:
    """Our variables without PG* (PGDATA, PGPORT … would steer the server) and with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def complaint(output: str) -> str:
    """The line of a program's output that says what is wrong."""
    lines = [line for line in output.splitlines() if line.strip()] or ["no reason given"]
    marked = [line for line in lines if "FATAL" in line or "error:" in line]
    return (marked or lines)[-1].strip()
