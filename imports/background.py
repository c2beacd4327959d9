"""Long work on a list, in a process of its own: a page asks how far it is, and it goes on when nobody looks.

A small list is done at once. Of a large one a file says how far the work is, and after it ended what was refused;
that somebody works at it is a lock on another file, which the kernel drops when the process ends, however it ends.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.refusals import AlreadyDone, Blocker, Conflict, Refused
from imports import actions
from imports.models import ImportRun
from treaties import processes

BUSY = _("This list is being worked at already. Wait until that is done.")
JUDGE, CONFIRM, UNDO = "judge", "confirm", "undo"
# The most rows that are worked at while the person waits for the page.
AT_ONCE = 1_500
# How often the file is written while the work is on (seconds).
_EVERY = 0.5


@dataclass
class Work:
    """Work on one run: what was asked, how far it is (rows), and why it did not succeed."""

    task: str
    actor: int
    language: str
    data: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    is_ended: bool = False
    # Of a refusal: code, sentence and field of each reason.
    refused: list[list[str]] = field(default_factory=list)
    conflict: str = ""
    # Not in the file: whether the lock is held.
    is_running: bool = False

    @property
    def blockers(self) -> list[Blocker]:
        return [Blocker(code, sentence, field=name) for code, sentence, name in self.refused]

    @property
    def was_interrupted(self) -> bool:
        return not self.is_running and not self.is_ended


def do(task: str, *, actor: User, run: ImportRun, data: Mapping[str, Any] | None = None) -> Any:
    """Do it now where the list is small, and give what the action gives; else begin it, and give None.

    `data` holds `reason`, `without_refused` and `submission` as far as the task takes them. Raises what the action
    raises, and `Conflict` when other work on the same list goes on.
    """
    work = Work(task, actor.pk, get_language() or "", dict(data or {}), total=run.row_count)
    with _locked(run.pk) as lock:
        if lock is None:
            raise Conflict(BUSY)
        if run.row_count <= AT_ONCE:
            _path(run.pk).unlink(missing_ok=True)
            return _perform(work, actor, run, None)
        _write(run.pk, work)
        processes.begin(lock, "import_work", str(run.pk))
    return None


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """Reading a large file is one statement, as long as the file: the limit of pages does not count for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        # What was refused left its transaction already; a connection that broke is not used again.
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")


def look(pk: int) -> Work | None:
    """The work on the run that goes on, or that did not succeed; None where there is none.

    Look first, and read the run afterwards: of work that is over the run tells the outcome.
    """
    processes.bury()
    with _locked(pk) as lock:
        work = _read(pk)
        if work is not None:
            work.is_running = lock is None
    return work


def hold_off(run: ImportRun) -> None:
    """Raise `Conflict` where work on the run goes on: its rows are held until that is done."""
    work = look(run.pk)
    if work is not None and work.is_running:
        raise Conflict(BUSY)


def run_task(pk: int) -> None:
    """What the process of its own does: the task that is asked in the file, to its end.

    The lock is held by whoever started this, through an open file that this process was given.
    """
    work = _read(pk)
    if work is None or work.is_ended:
        return
    with connection.cursor() as cursor:
        # The limits in the settings are for pages, where somebody waits.
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    with override(work.language):
        try:
            _perform(work, User.objects.get(pk=work.actor), ImportRun.objects.get(pk=pk), _teller(pk, work))
        except Refused as refused:
            work.refused = [[one.code, str(one.sentence), one.field] for one in refused.blockers]
        except Conflict as conflict:
            work.conflict = str(conflict.sentence)
        except AlreadyDone:
            pass
    if work.refused or work.conflict:
        work.is_ended = True
        _write(pk, work)
    else:
        _path(pk).unlink(missing_ok=True)


def _perform(work: Work, actor: User, run: ImportRun, tell: actions.Progress | None) -> Any:
    data = dict(work.data)
    if "submission" in data:
        data["submission"] = UUID(str(data["submission"]))
    verbs: Mapping[str, Callable[..., Any]] = {JUDGE: actions.judge, CONFIRM: actions.confirm, UNDO: actions.undo}
    return verbs[work.task](actor=actor, run=run, progress=tell, **data)


def _teller(pk: int, work: Work) -> actions.Progress:
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            # Taking back does not know how much there is: the rows are the most it can be.
            work.done, work.total, last = done, total or work.total, time.monotonic()
            _write(pk, work)

    return tell


def _locked(pk: int) -> contextlib.AbstractContextManager[int | None]:
    """The lock on the work at one run, or None where another process holds it."""
    return processes.locked(_path(pk, "lock"))


def _path(pk: int, ending: str = "json") -> Path:
    return Path(settings.VAR_DIR) / "imports" / f"{pk}.{ending}"


def _read(pk: int) -> Work | None:
    try:
        return Work(**json.loads(_path(pk).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(pk: int, work: Work) -> None:
    """All at once: who reads it sees the old or the new."""
    beside = _path(pk, "new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(work) | {"is_running": False}, file)
    beside.replace(_path(pk))
