"""Asks ClamAV about a file: the protocol of clamd, commands `zINSTREAM` and `zPING` (manual page clamd(8)).

Off without `CLAMAV_ADDRESS`. Where it is on, it fails closed: no clear answer is no clean file.
"""

import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

# Seconds that the question whether anybody is there may take.
PING_WITHIN = 2.0
_CHUNK = 64 * 1024
# Bytes of an answer: more is no answer of clamd.
_LONGEST = 1_000
logger = logging.getLogger(__name__)


class NotChecked(Exception):
    """The scanner is not there, too slow, or says something else than a verdict."""


def is_on() -> bool:
    return bool(settings.CLAMAV_ADDRESS)


def signature(content: bytes) -> str:
    """What the scanner found in `content`; empty where nothing was found, or where there is no scanner.

    Raises `NotChecked`.
    """
    if not is_on():
        return ""
    chunks = (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))
    answer = _asked(b"zINSTREAM\0", chunks, settings.CLAMAV_SECONDS)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "?"
    logger.error("The virus scanner gave no verdict: %.200r", answer)
    raise NotChecked


def told() -> str:
    """Whether the scanner answers, for whoever watches over the service."""
    try:
        return "ok" if _asked(b"zPING\0", None, PING_WITHIN) == "PONG" else "no clear answer"
    except NotChecked:
        return "does not answer"


def _asked(command: bytes, chunks: Iterator[bytes] | None, seconds: float) -> str:
    end = time.monotonic() + seconds
    try:
        with _connected(end) as connection:
            try:
                connection.sendall(command)
                for chunk in chunks or ():
                    _hurry(connection, end)
                    connection.sendall(struct.pack("!I", len(chunk)) + chunk)
                if chunks is not None:
                    connection.sendall(struct.pack("!I", 0))
            except (BrokenPipeError, ConnectionResetError):
                # It may have answered before it closed: that a file is larger than it takes.
                logger.warning("The virus scanner closed the connection before it had the whole file")
            return _answer(connection, end)
    except (OSError, ValueError) as error:
        logger.error("The virus scanner cannot be asked: %s", error)
        raise NotChecked from error


@contextmanager
def _connected(end: float) -> Iterator[socket.socket]:
    """A connection to `/path/of/socket`, `unix:/path` or `host:port`."""
    address = settings.CLAMAV_ADDRESS.removeprefix("unix:")
    is_path = address.startswith("/")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) if is_path else _by_name(address, end) as connection:
        if is_path:
            _hurry(connection, end)
            connection.connect(address)
        yield connection


def _by_name(address: str, end: float) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=max(end - time.monotonic(), 0.01))


def _answer(connection: socket.socket, end: float) -> str:
    found = b""
    while b"\0" not in found and len(found) < _LONGEST:
        _hurry(connection, end)
        if not (more := connection.recv(_LONGEST)):
            break
        found += more
    if b"\0" not in found:
        # Cut off: "stream: OK" may be the beginning of something else.
        return ""
    with suppress(UnicodeDecodeError):
        return found.partition(b"\0")[0].decode("utf-8").strip()
    return ""


def _hurry(connection: socket.socket, end: float) -> None:
    """Wait no longer than is left of the time for all of it: an answer a byte a minute is none."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    connection.settimeout(left)
