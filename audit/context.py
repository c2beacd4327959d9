"""Which change is being made right now, in this thread of work."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.models import Change


@dataclass
class Open:
    """A change being made, and what is still to be done before it is committed."""

    change: "Change"
    last_things: dict[tuple[str, object], Callable[[], object]] = field(default_factory=dict)


_current: ContextVar["Open | None"] = ContextVar("current_change", default=None)


class NoChange(RuntimeError):
    """A record was written outside `change(actor, reason=…, action=…)`."""


def current_change() -> "Change":
    """The open change. Raises `NoChange` outside one."""
    return _open().change


def open_change() -> "Change | None":
    now = _current.get()
    return now.change if now else None


def before_commit(key: tuple[str, object], do: Callable[[], object]) -> None:
    """Do this once, at the end of the open change and inside its transaction.

    The last call with the same key counts: what is derived from a record is made again once per
    change, however many of its rows were written.
    """
    _open().last_things[key] = do


def _open() -> Open:
    if (now := _current.get()) is None:
        raise NoChange("A record was saved outside audit.actions.change(): who did it, and why?")
    return now
