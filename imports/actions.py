"""Bringing in a list: stage → judge → mend → confirm, and taking it back. The only writes of `imports`.

Only `confirm` and `undo` write to the record; until then everything stays in `ImportRun` and `ImportRow`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from accounts.models import User
from imports.choices import DateOrder, ListKind, UnknownParties
from imports.models import ImportRow, ImportRun, PartySpelling
from treaties.models import Party

# Told how many rows are done and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Undone:
    """What taking an import back did: records put back, and references of those left because somebody changed them."""

    run: ImportRun
    put_back: int
    left: list[str]


def stage(
    *,
    actor: User,
    file: BinaryIO,
    filename: str,
    kind: ListKind = ListKind.TREATIES,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    source: str = "",
    reason: str = "",
    submission: UUID | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Read a file (seekable, binary) into rows. Nothing of the record is written.

    The encoding, the separator and the mapping of columns are found and kept with the run; `encoding` (a name
    Python knows), `delimiter` (one of `, ; | tab`) and `sheet` overrule what is found. `source` names the source
    of rows without a column for it. Raises `Refused` with one sentence for a file that cannot be read (field
    `file`), `AlreadyDone` when this form was sent before.
    """
    raise NotImplementedError


def map_columns(
    *,
    actor: User,
    run: ImportRun,
    mapping: Mapping[str, str] | None = None,
    source: str | None = None,
    date_order: DateOrder | None = None,
    unknown_parties: UnknownParties | None = None,
    register_missing: bool | None = None,
) -> ImportRun:
    """Say which column is which field (column → field, `imports.fields`), and how to read the list; None leaves it.

    The run is to be judged again afterwards. Raises `Refused` for an unknown column or field, a field given twice,
    and a run that is confirmed (field `mapping`).
    """
    raise NotImplementedError


def judge(*, actor: User, run: ImportRun, progress: Progress | None = None) -> ImportRun:
    """Judge every row again: new, changed, the same, repeated or refused, with problems, notes and differences.

    A dry run: reads the record, writes only the rows of the run. Safe to repeat and to interrupt. Raises `Refused`
    when the columns needed are not known (no title; no source), field `mapping`.
    """
    raise NotImplementedError


def mend_row(*, actor: User, run: ImportRun, number: int, cells: Mapping[str, str]) -> ImportRow:
    """Change cells (name of column → text) of row `number`, and judge that row again.

    The cells of the file stay beside the mended ones. Raises `Refused` for a column that is not there, and for a
    run that is confirmed.
    """
    raise NotImplementedError


def remember_spelling(*, actor: User, text: str, party: Party, reason: str = "") -> PartySpelling:
    """From now on `text` in a list names `party`, whatever its accents and case. Judge the run again afterwards.

    Raises `Refused` for an empty text or one that is longer than 300 characters.
    """
    raise NotImplementedError


def confirm(
    *,
    actor: User,
    run: ImportRun,
    reason: str = "",
    without_refused: bool = False,
    submission: UUID | None = None,
    progress: Progress | None = None,
) -> ImportRun:
    """Write what was judged to the record: all of it in one change, or nothing.

    Raises `Refused` when rows are refused and `without_refused` does not say to leave them out, and when the run
    was not judged; `Conflict` when the register changed since the judgement so that rows come out otherwise;
    `AlreadyDone` when this form was sent before.
    """
    raise NotImplementedError


def undo(
    *,
    actor: User,
    run: ImportRun,
    reason: str,
    submission: UUID | None = None,
    progress: Progress | None = None,
) -> Undone:
    """Take a confirmed import back, as a correction that can be seen: nothing is deleted from history.

    Treaties it registered become internal, with a note that says so, lose their links to parties and have their
    acts retracted; what it changed becomes as it was. A record that somebody changed since, or that a dossier is
    about, is left as it is and listed. Raises `Refused` without a reason, and for a run that is not confirmed.
    """
    raise NotImplementedError
