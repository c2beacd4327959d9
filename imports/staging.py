"""Writing the rows of a run: COPY in, and what they were judged to be. Nothing of the record."""

from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg.types.json import Jsonb

from imports.judging import Verdict
from imports.models import ImportRun, SourceKey
from imports.rows import Reading
from imports.tables import RawRow

_COLUMNS = "run_id, number, cells, flaws, outcome, source, identity, problems, notes, differences"


def copy_rows(run: ImportRun, rows: Iterable[RawRow]) -> int:
    """Put the rows of the file in the table as they are read; how many there are."""
    count = 0
    connection.ensure_connection()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY imports_importrow ({_COLUMNS}) FROM STDIN") as copy,
    ):
        empty = Jsonb([])
        for row in rows:
            flaws = Jsonb([flaw.as_json() for flaw in row.flaws])
            cells = Jsonb([_storable(cell) for cell in row.cells])
            copy.write_row((run.pk, row.number, cells, flaws, "", "", "", empty, empty, empty))
            count += 1
    return count


def _storable(cell: str) -> str:
    """JSON of the database takes no NUL, and UTF-8 no half of a pair; the row is refused for it when it is judged."""
    return cell.replace("\x00", "\ufffd").encode(errors="replace").decode()


def keep_verdicts(verdicts: Sequence[Verdict]) -> None:
    """What the rows were judged to be."""
    _update(
        "outcome = new.outcome, source = new.source, identity = new.identity, treaty_id = new.treaty,"
        " problems = new.problems, notes = new.notes, differences = new.differences",
        "id bigint, outcome text, source text, identity text, treaty bigint, problems jsonb, notes jsonb,"
        " differences jsonb",
        [
            (
                verdict.row.pk,
                str(verdict.outcome),
                verdict.reading.source[:200],
                verdict.identity,
                verdict.treaty,
                Jsonb([problem.as_json() for problem in verdict.problems]),
                Jsonb([note.as_json() for note in verdict.notes]),
                Jsonb([difference.as_json() for difference in verdict.differences]),
            )
            for verdict in verdicts
        ],
    )


def keep_treaties(pairs: Sequence[tuple[int, int]]) -> None:
    """Which treaty each row became: (row, treaty), primary keys."""
    _update("treaty_id = new.treaty", "id bigint, treaty bigint", pairs)


def keep_said(verdicts: Sequence[Verdict], run: ImportRun) -> None:
    """What the source says now of what it said something else of before; what it said stays with the row."""
    keys: list[SourceKey] = []
    before: list[tuple[object, ...]] = []
    for verdict in verdicts:
        if (key := verdict.known) is not None:
            told = {"key": key.pk, "said": key.said, "title_hash": key.title_hash, "run": key.run_id}
            before.append((verdict.row.pk, Jsonb(told)))
            key.said, key.title_hash, key.run = key.said | verdict.reading.said, verdict.reading.title_hash, run
            keys.append(key)
    SourceKey.objects.bulk_update(keys, ["said", "title_hash", "run"], batch_size=500)
    _update("before = new.before", "id bigint, before jsonb", before)


def add_said(readings: Sequence[tuple[Reading, int, int | None]], run: ImportRun) -> None:
    """What the source says of treaties (and their parties) it said nothing of before: reading, treaty, party."""
    columns = "source, key, title_hash, said, party_id, run_id, treaty_id"
    with connection.cursor() as cursor, cursor.copy(f"COPY imports_sourcekey ({columns}) FROM STDIN") as copy:
        for reading, treaty, party in readings:
            row = (reading.source, reading.full_key, reading.title_hash, Jsonb(reading.said), party, run.pk, treaty)
            copy.write_row(row)


def _update(assignments: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    """One UPDATE for all rows, joined to them as a table of arrays; the names of columns are our own."""
    if not rows:
        return
    types = [one.strip().split(" ") for one in columns.split(",")]
    arrays = ", ".join(f"%s::{kind}[]" for _name, kind in types)
    names = ", ".join(name for name, _kind in types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE imports_importrow AS old SET {assignments} FROM unnest({arrays}) AS new ({names})"  # noqa: S608
            " WHERE old.id = new.id",
            [list(column) for column in zip(*rows, strict=True)],
        )
