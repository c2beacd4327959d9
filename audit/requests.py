"""Which request is being answered, so that the trail can name it."""

import re
import uuid
from contextvars import ContextVar

from django.http import HttpRequest

HEADER = "X-Request-Id"
# What a proxy may send: nothing that could be mistaken for something else in a log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

current: ContextVar[tuple[str, HttpRequest] | None] = ContextVar("current_request", default=None)


def request_id() -> str:
    """Of the request being answered; empty for commands and jobs."""
    now = current.get()
    return now[0] if now else ""


def request() -> HttpRequest | None:
    now = current.get()
    return now[1] if now else None


def identify(given: str) -> str:
    """The name that was given to a request, if it is well-formed, else a new one."""
    return given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
