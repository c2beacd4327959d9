"""How fast lists come in: read and judged, written with history and trail, and what memory that takes.

`SAMPLE_DATA=… python -m bench.imports [STEP]` makes a database of its own, brings in `treaties-large.csv` and
`participation.csv` (every STEP-th row; all without one), each a second time, and removes it. Beside each: a bare COPY
of the very rows that were written, in the same run, into tables with the same columns and indexes. Processor time of
this process and of its database process are given too: they say more than the clock where the machine is shared.
"""

import contextlib
import io
import os
import platform
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402

from accounts.actions import service_account  # noqa: E402
from imports import actions, queries  # noqa: E402
from imports.choices import ListKind, UnknownParties  # noqa: E402
from imports.models import ImportRow, ImportRun, SourceKey  # noqa: E402
from treaties import reference_data  # noqa: E402
from treaties.models import Act, Identifier, SearchDocument, Title, Treaty, TreatyParty  # noqa: E402

# Rows a second: the goals on two cores of one's own.
GOALS = {"dry run": 1_500, "treaties": 400, "participation": 1_000}
MOST_MEGABYTES = 400
RECORD = (Treaty, Title, TreatyParty, Identifier, Act)


@dataclass
class Measured:
    name: str
    rows: int
    seconds: float = 0.0
    client: float = 0.0
    server: float = 0.0
    written: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return self.rows / self.seconds

    def tell(self) -> None:
        print(
            f"{self.name:24} {self.rows:>8} rows {self.seconds:>8.1f} s {self.rate:>8.0f} rows/s"
            f"   processor: {self.client:.1f} s here, {self.server:.1f} s database"
        )


def backend_seconds() -> float:
    """Processor time of the database process of this connection; 0 where it cannot be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def measuring(name: str, rows: int) -> Iterator[Measured]:
    measured = Measured(name, rows)
    began, here, there = time.perf_counter(), time.process_time(), backend_seconds()
    yield measured
    measured.seconds = time.perf_counter() - began
    measured.client, measured.server = time.process_time() - here, backend_seconds() - there
    measured.tell()


def sliced(name: str, step: int) -> tuple[Path, int]:
    """Every step-th row of a sample file (which has no line breaks in its cells), and how many they are."""
    source = Path(os.environ["SAMPLE_DATA"]) / name
    with tempfile.NamedTemporaryFile("w", suffix=f"-{name}", delete=False, encoding="utf-8") as kept:
        count = -1
        with source.open(encoding="utf-8") as file:
            for number, line in enumerate(file):
                if number == 0 or number % step == 0:
                    kept.write(line)
                    count += 1
    return Path(kept.name), count


def tables() -> list[str]:
    models = [*RECORD, *(model.history.model for model in RECORD), SearchDocument, SourceKey]
    return [model._meta.db_table for model in models]


def counted() -> Counter[str]:
    with connection.cursor() as cursor:
        found = Counter()
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (our own tables)
            found[table] = cursor.fetchone()[0]
    return found


def bring_in(kind: ListKind, path: Path, rows: int, name: str) -> tuple[ImportRun, Measured]:
    """Stage, judge and confirm a list; what was measured of the writing."""
    actor = service_account()
    with measuring(f"{name}: dry run", rows) as dry, path.open("rb") as file:
        run = actions.stage(actor=actor, file=file, filename=path.name, kind=kind)
        run = actions.map_columns(
            actor=actor, run=run, unknown_parties=UnknownParties.NOTE, register_missing=kind == ListKind.PARTICIPATION
        )
        run = actions.judge(actor=actor, run=run)
    assert dry.rows == run.row_count
    before = counted()
    with measuring(f"{name}: written", rows) as measured:
        run = actions.confirm(actor=actor, run=run, without_refused=True)
    measured.written = counted() - before
    print(f"  {dict(run.counts)}; {measured.written.total()} rows in {len(measured.written)} tables")
    return run, measured


def bare_copy(written: Counter[str]) -> float:
    """Seconds of a COPY of the newest rows of each table, as many as were written, in one transaction."""
    seconds = 0.0
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for table, count in written.items():
            columns = "history_id" if "historical" in table else "treaty_id" if table.endswith("document") else "id"
            content = io.BytesIO()
            newest = f"(SELECT * FROM {table} ORDER BY {columns} DESC LIMIT {count})"  # noqa: S608
            with cursor.copy(f"COPY {newest} TO STDOUT") as out:
                for piece in out:
                    content.write(piece)
            cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING ALL)")
            began = time.perf_counter()
            with cursor.copy("COPY bare FROM STDIN") as copy:
                copy.write(content.getbuffer())
            seconds += time.perf_counter() - began
            cursor.execute("DROP TABLE bare")
        cursor.execute("ROLLBACK")
    return seconds


def check_sources(run: ImportRun, path: Path) -> None:
    """What the register says of each source adds up to what the file holds of it."""
    told = {source: sum(counts.values()) for source, counts in queries.by_source(run).items()}
    with path.open(encoding="utf-8") as file:
        held = Counter(line.split(",", 1)[0] for line in list(file)[1:])
    assert told == held, (told, held)
    keys = Counter(SourceKey.objects.filter(run=run).values_list("source", flat=True))
    print(f"  counts of {len(held)} sources equal the file's; {keys.total()} numbers at sources kept")


def second_time(kind: ListKind, path: Path, rows: int, name: str) -> None:
    histories = counted()
    run, _measured = bring_in(kind, path, rows, f"{name} again")
    assert not set(run.counts) & {"new", "changed"}, run.counts
    assert counted() == histories


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"{platform.machine()}, Python {platform.python_version()}, every {step}. row; load {os.getloadavg()[0]:.1f}")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        reference_data.load()
        measured = []
        for kind, name in ((ListKind.TREATIES, "treaties-large"), (ListKind.PARTICIPATION, "participation")):
            path, rows = sliced(f"{name}.csv", step)
            run, done = bring_in(kind, path, rows, name)
            check_sources(run, path)
            second_time(kind, path, rows, name)
            measured.append(done)
            path.unlink()
        print(f"peak memory: {megabytes():.0f} MB; load {os.getloadavg()[0]:.1f}")
        for done in measured:
            bare = bare_copy(done.written)
            print(f"{done.name}: bare COPY of the same rows {bare:.1f} s, ratio {bare / done.seconds:.2f}")
        print(f"{ImportRow.objects.count()} rows of imports kept")
    finally:
        connection.creation.destroy_test_db("register", verbosity=0)


if __name__ == "__main__":
    main()
