"""Filling an empty register from an export: judged whole, then written whole, in one transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from imports.exchange.filling import Filling
from imports.exchange.judging import judge
from imports.exchange.reading import Source
from imports.exchange.shape import Header
from treaties.actions import require
from treaties.models import Treaty
from workflow.loading.reading import one_at_a_time


class NotRestored(Exception):
    """Nothing was written. `sentences` says why, for people: everything that is wrong, each with its place."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True)
class Restored:
    """What was written, or would have been: the header of the export, and where it came from."""

    header: Header
    name: str
    sha256: str


def restore(source: Source, *, actor: User, dry_run: bool = False) -> Restored:
    """Fill the register with everything in `source`, in one change; with `dry_run` all of it is undone at the end.

    Raises `Refused` for who may not, `Unreadable` for what is no export, `NotRestored` with every problem in it and
    for a register that holds treaties already.
    """
    require(actor, Deed.MANAGE)
    _stay_empty()
    header = source.header()
    problems, references = judge(source, header)
    if problems.count:
        raise NotRestored(problems)
    done = Restored(header, source.name, source.sha256)
    reason = f"{done.name}, SHA-256 {done.sha256}"
    with _explained(), _files_too() as stored, transaction.atomic():
        _alone()
        with change(actor, action=Action.REGISTER_RESTORE, reason=reason):
            Filling(source, references, reason).run(None if dry_run else stored)
        _settled()
        if source.sha256 != done.sha256:
            raise NotRestored(["The export was changed while it was read; nothing was written."])
        if dry_run:
            transaction.set_rollback(True)
    return done


def _stay_empty() -> None:
    if Treaty.objects.exists():
        raise NotRestored(["This register holds treaties already: an export only fills an empty register."])


def _alone() -> None:
    """No other load, and nobody who registers a treaty meanwhile; no limit on how long it takes."""
    one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("LOCK TABLE treaties_treaty IN SHARE ROW EXCLUSIVE MODE")
    _stay_empty()


def _settled() -> None:
    """Let the database check now what it would check at the end: a trial must tell it too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _explained() -> Iterator[None]:
    """What only the database sees, as a sentence."""
    try:
        yield
    except DatabaseError as error:
        first = str(error).partition("\n")[0]
        raise NotRestored([f"The database refuses what is in the export: {first}."]) from error


@contextmanager
def _files_too() -> Iterator[list[str]]:
    """Files stored meanwhile go away again when the rows do."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise
