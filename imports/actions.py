"""Bringing in a list: stage → judge → mend → confirm, and taking it back. The only writes of `imports`.

Only `confirm` and `undo` write to the record; until then everything stays in `ImportRun` and `ImportRow`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import AlreadyDone, Blocker, Conflict, Refused
from imports import dates, fields, guards, judging, reading, staging, undoing
from imports.choices import DateOrder, ListKind, Outcome, RunState, UnknownParties
from imports.matching import normal
from imports.models import ImportRow, ImportRun, PartySpelling
from imports.tables import RawRow, Table, Unreadable
from imports.writing import Writer
from treaties.actions import require, stated
from treaties.models import Party
from treaties.search_bulk import parties_read_once
from treaties.texts import clean

# Told how many rows are done and how many there are.
Progress = Callable[[int, int], None]
# One import is confirmed or taken back at a time: two lists can name the same treaty.
_LOCK = 5_207_117


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
    require(actor, Deed.EDIT_RECORD)
    if kind not in fields.FIELDS:
        raise Refused([Blocker("no_such_list", _("Lists of this kind cannot be brought in yet."), field="kind")])
    name = clean(filename, field="file", limit=200, required=True)
    source = clean(source, field="source", limit=200)
    with _readable():
        table = reading.read(file, encoding=encoding, delimiter=delimiter, sheet=sheet)
    why = f"{name} (SHA-256 {table.shape.sha256}). {reason}".strip()
    with change(actor, action=Action.IMPORT_STAGE, reason=stated(why), submission=submission) as opened:
        run = _new_run(actor, kind, name, source, table)
        run.staged_change = opened
        run.save(force_insert=True)
        with _readable():
            run.row_count = staging.copy_rows(run, _counted(table, progress))
        if not run.row_count:
            raise Refused([Blocker("unreadable", _("The file has a header and no rows."), field="file")])
        _find_order(run)
        run.save()
    return run


def map_columns(
    *,
    actor: User,
    run: ImportRun,
    mapping: Mapping[str, str] | None = None,
    source: str | None = None,
    date_order: DateOrder | None = None,
    unknown_parties: UnknownParties | None = None,
    register_missing: bool | None = None,
    version: int | None = None,
) -> ImportRun:
    """Say which column is which field (column → field, `imports.fields`), and how to read the list; None leaves it.

    The run is to be judged again afterwards. Raises `Refused` for an unknown column or field, a field given twice,
    and a run that is confirmed (field `mapping`); `Conflict`, with who and when, when somebody else said so since
    `version`; `AlreadyDone` when that was the same person with the same choices: the form was sent twice.
    """
    require(actor, Deed.EDIT_RECORD)
    with transaction.atomic():
        row = _lock(run)
        _refuse(guards.not_open(row), guards.wrong_columns(row, mapping or {}))
        before = _read_as(row)
        if mapping is not None:
            row.mapping = {column: name for column, name in mapping.items() if name}
        if source is not None:
            row.source = clean(source, field="source", limit=200)
        if unknown_parties is not None:
            row.unknown_parties = UnknownParties(unknown_parties)
        if register_missing is not None:
            row.register_missing = register_missing
        if date_order is not None:
            row.date_order, row.date_order_given = DateOrder(date_order), True
        elif not row.date_order_given:
            _find_order(row)
        if version is not None and version != row.version:
            if row.version == version + 1 and row.mapped_by_id == actor.pk and _read_as(row) == before:
                raise AlreadyDone
            _unmapped_since(row)
        row.version += 1
        row.mapped_by, row.mapped_at = actor, timezone.now()
        row.state, row.counts, row.judged_at = RunState.STAGED, {}, None
        row.save()
    return row


def judge(*, actor: User, run: ImportRun, progress: Progress | None = None) -> ImportRun:
    """Judge every row again: new, changed, the same, repeated or refused, with problems, notes and differences.

    A dry run: reads the record, writes only the rows of the run. Safe to repeat and to interrupt. Raises `Refused`
    when the columns needed are not known (no title; no source), field `mapping`.
    """
    require(actor, Deed.EDIT_RECORD)
    with transaction.atomic():
        row = _lock(run)
        _refuse(guards.not_open(row), guards.missing_columns(row))
        how, seen, counts, done = judging.context(row), judging.Seen(), Counter[str](), 0
        for rows in judging.in_pieces(row):
            verdicts = judging.judged(row, rows, how, seen)
            staging.keep_verdicts(verdicts)
            counts.update(str(verdict.outcome) for verdict in verdicts)
            done += len(rows)
            if progress:
                progress(done, row.row_count)
        row.state, row.counts, row.judged_at = RunState.JUDGED, dict(counts), timezone.now()
        row.save()
    return row


def mend_row(
    *, actor: User, run: ImportRun, number: int, cells: Mapping[str, str], version: int | None = None
) -> ImportRow:
    """Change cells (name of column → text) of row `number`, and judge that row again.

    The cells of the file stay beside the mended ones. Raises `Refused` for a column that is not there, and for a
    run that is confirmed; `Conflict`, with who and when, when somebody mended the row since `version`; `AlreadyDone`
    when that was the same person with the same texts: the form was sent twice.
    """
    require(actor, Deed.EDIT_RECORD)
    with transaction.atomic():
        held = _lock(run)
        row = held.rows.filter(number=number).first()
        unknown = [column for column in cells if column not in held.header]
        _refuse(
            guards.not_open(held),
            [Blocker("no_such_row", _("There is no row %(number)d.") % {"number": number})] if row is None else [],
            [guards.no_column(column) for column in unknown],
        )
        assert row is not None  # noqa: S101 (refused just above)
        texts = _mended(held, row, cells)
        if row.version == (version or 0) + 1 and (row.mended_by_id, row.mended) == (actor.pk, texts):
            raise AlreadyDone
        _unmended_since(row, version)
        row.version += 1
        row.mended, row.flaws = texts, []
        row.mended_by, row.mended_at = actor, timezone.now()
        row.save()
        if held.state == RunState.JUDGED:
            _judge_one(held, row)
            row.refresh_from_db()
    return row


def remember_spelling(
    *,
    actor: User,
    text: str,
    party: Party,
    reason: str = "",
    version: int | None = None,
    submission: UUID | None = None,
) -> PartySpelling:
    """From now on `text` in a list names `party`, whatever its accents and case. Judge the run again afterwards.

    `version`: how often it was told of this text, as the page showed it; 0 where it was not known. Raises `Refused`
    for an empty text or one that is longer than 300 characters, `AlreadyDone` for the same form; `Conflict`, with who
    and what, when somebody said that it names another party.
    """
    require(actor, Deed.EDIT_RECORD)
    text = clean(text, field="text", limit=300, required=True)
    key = normal(text)
    if not key:
        raise Refused([Blocker("text", _("Enter a name: this text holds no letters."), field="text")])
    why = stated(reason or f"“{text}”: {party.name}")
    with change(actor, action=Action.REFERENCE_EDIT, reason=why, submission=submission):
        row = PartySpelling.objects.select_for_update().filter(plain=key).first() or PartySpelling(plain=key)
        if row.pk is None or row.party_id != party.pk:
            _untold_since(row, version)
            row.text, row.party, row.decided_by = text, party, actor
            row.save()
    return row


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
    require(actor, Deed.EDIT_RECORD)
    why = stated(f"{run.filename} (SHA-256 {run.sha256}). {reason}".strip())
    opening = change(actor, action=Action.IMPORT_CONFIRM, reason=why, submission=submission)
    with opening as opened, parties_read_once():
        _one_at_a_time()
        row = _lock(run)
        _refuse(guards.not_ready(row, without_refused=without_refused))
        how, seen, done = judging.context(row), judging.Seen(), 0
        writer = Writer(actor, row, why)
        for rows in judging.in_pieces(row):
            verdicts = judging.judged(row, rows, how, seen)
            if any(verdict.outcome != verdict.row.outcome for verdict in verdicts):
                raise Conflict(_("The register changed since this list was judged. Judge it again, then confirm."))
            writer.write(verdicts)
            done += len(rows)
            if progress:
                progress(done, row.row_count)
        row.state, row.confirmed_change = RunState.CONFIRMED, opened
        row.save()
    return row


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
    require(actor, Deed.EDIT_RECORD)
    why = stated(reason)
    with change(actor, action=Action.IMPORT_UNDO, reason=why, submission=submission) as opened:
        _one_at_a_time()
        row = _lock(run)
        if row.state != RunState.CONFIRMED:
            raise Refused([Blocker("not_confirmed", _("Only an import that was confirmed can be taken back."))])
        done = undoing.take_back(actor, row, why, progress)
        row.state, row.undone_change, row.left = RunState.UNDONE, opened, done.left
        row.save()
    return Undone(row, done.put_back, done.left)


def _new_run(actor: User, kind: ListKind, name: str, source: str, table: Table) -> ImportRun:
    shape = table.shape
    return ImportRun(
        kind=kind,
        filename=name,
        source=source,
        sha256=shape.sha256,
        size=shape.size,
        format=shape.format,
        sheet=shape.sheet,
        encoding=shape.encoding,
        encoding_found=shape.encoding_found,
        confidence=shape.confidence,
        delimiter=shape.delimiter,
        header=table.header,
        mapping=fields.suggest(kind, table.header),
        brought_by=actor,
    )


@contextmanager
def _readable() -> Iterator[None]:
    """A file that cannot be read is refused, with its sentence beside the field of the file."""
    try:
        yield
    except Unreadable as error:
        raise Refused([Blocker("unreadable", error.sentence, field="file")]) from error


def _counted(table: Table, progress: Progress | None) -> Iterator[RawRow]:
    for count, row in enumerate(table.rows, start=1):
        if progress and count % 10_000 == 0:
            progress(count, 0)
        yield row


def _lock(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict(_("Another import is being written just now. Try again when it is done."))


def _refuse(*reasons: list[Blocker]) -> None:
    if blockers := [blocker for some in reasons for blocker in some]:
        raise Refused(blockers)


def _find_order(run: ImportRun) -> None:
    """Which comes first in dates as 03/04/1995, as the cells of the whole file show it."""
    kinds = {one.name for one in fields.FIELDS[run.kind] if one.is_date}
    places = [place for place, column in enumerate(run.header) if run.mapping.get(column) in kinds]
    cells = run.rows.order_by("number").values_list("cells", flat=True).iterator(chunk_size=1_000)
    run.date_order = dates.order_of(row[place] for row in cells for place in places if place < len(row))


def _untold_since(row: PartySpelling, version: int | None) -> None:
    """Raise `Conflict` when somebody told of this spelling since the page that said `version`."""
    if version is None or row.pk is None or row.history.count() == version:
        return
    sentence = _("%(who)s said meanwhile that “%(text)s” is %(party)s. Nothing was changed; talk to each other.")
    raise Conflict(sentence % {"who": row.decided_by.name, "text": row.text, "party": row.party.name})


def _read_as(run: ImportRun) -> tuple[object, ...]:
    """All that the page of the columns says."""
    return run.mapping, run.source, run.unknown_parties, run.register_missing, run.date_order


def _unmapped_since(run: ImportRun) -> None:
    """Raise `Conflict`: the columns are no longer read as the page showed."""
    who, when = run.mapped_by, run.mapped_at
    sentence = _("%(who)s said at %(when)s how this list is read. Your choices are still here; look at what changed.")
    said = {"who": who.name if who else "", "when": f"{timezone.localtime(when):%d-%m-%Y %H:%M}" if when else ""}
    raise Conflict(sentence % said)


def _unmended_since(row: ImportRow, version: int | None) -> None:
    """Raise `Conflict` when the row is no longer as the page showed it."""
    if version is None or row.version == version or row.mended_by is None or row.mended_at is None:
        return
    sentence = _("%(who)s mended this row at %(when)s. Your text is still here; look at what changed first.")
    when = f"{timezone.localtime(row.mended_at):%d-%m-%Y %H:%M}"
    raise Conflict(sentence % {"who": row.mended_by.name, "when": when})


def _mended(run: ImportRun, row: ImportRow, cells: Mapping[str, str]) -> list[str]:
    texts = (row.current + [""] * len(run.header))[: len(run.header)]
    for place, column in enumerate(run.header):
        if column in cells:
            texts[place] = cells[column].replace("\x00", "\ufffd").encode(errors="replace").decode()
    return texts


def _judge_one(run: ImportRun, row: ImportRow) -> None:
    """Judge a mended row again, among the rows that tell of the same thing."""
    how, seen = judging.context(run), judging.Seen()
    (first,) = judging.judged(run, [row], how, judging.Seen())
    others = run.rows.filter(identity=first.identity, number__lt=row.number).exclude(outcome=Outcome.REFUSED)
    judging.judged(run, list(others.order_by("number")), how, seen)
    staging.keep_verdicts(judging.judged(run, [row], how, seen))
    counted = run.rows.values_list("outcome").annotate(n=Count("id")).order_by()
    run.counts = dict(counted)
    run.save()
