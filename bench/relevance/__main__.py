"""`[SAMPLE_DATA=…] python -m bench.relevance [--compare FILE] [--results FOLDER] [--step N] [--unjudged]`

makes a register of its own, loads the real cases, asks every judged query, and prints what was measured. With
SAMPLE_DATA the same queries are asked again among thousands of real treaties of the world, and those about them; as all
of it is measured then, `results.md` and `results.tsv` here are written. With --results they are written there.
"""

import argparse
import csv
import os
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

# A folder of its own for the database, unless there is one given: the server in it ends with the process.
_SCRATCH = tempfile.TemporaryDirectory(prefix="relevance-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("POSTGRES_DURABLE", "0")
os.environ.setdefault("VAR_DIR", _SCRATCH.name)
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.actions import add_person, service_account  # noqa: E402
from accounts.choices import Role  # noqa: E402
from bench.relevance import judged, report  # noqa: E402
from bench.relevance.asking import measure, names  # noqa: E402
from bench.relevance.judged import HERE, Key  # noqa: E402
from bench.relevance.metrics import NDCG_AT  # noqa: E402
from imports import actions  # noqa: E402
from imports.choices import ListKind, UnknownParties  # noqa: E402
from treaties import reference_data  # noqa: E402
from treaties.models import Treaty  # noqa: E402
from workflow.loading import cases  # noqa: E402

# Lists of which every row comes in, for they are judged; of the others every STEP-th row, to be in the way.
WHOLE = ("staatsblad:assent-decree", "un-mtdsg", "un-untc", "nl-wetten")
STEP = 6


@contextmanager
def register() -> Iterator[Client]:
    """An empty register with parties, themes and the cases, asked by somebody who may read everything."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        reference_data.load()
        cases.load()
        client = Client()
        client.force_login(add_person(username="relevance", role=Role.AUDITOR, password="", last_name="Relevance"))
        yield client
    finally:
        connection.creation.destroy_test_db("register", verbosity=0)


def bring_in(folder: Path, step: int, keys: Iterable[Key]) -> int:
    """Import the part of `treaties-large.csv` that is judged and the part that is not; how many treaties there are."""
    actor = service_account()
    named = {key.at_source for key in keys if key.kind == "source"}
    with _slice(folder / "treaties-large.csv", step, named) as path, path.open("rb") as file:
        run = actions.stage(actor=actor, file=file, filename=path.name, kind=ListKind.TREATIES)
        run = actions.map_columns(actor=actor, run=run, unknown_parties=UnknownParties.NOTE)
        run = actions.judge(actor=actor, run=run)
        actions.confirm(actor=actor, run=run, without_refused=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Treaty.objects.count()


@contextmanager
def _slice(source: Path, step: int, named: Collection[tuple[str, str]]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder, source.open(encoding="utf-8", newline="") as file:
        path = Path(folder) / source.name
        with path.open("w", encoding="utf-8", newline="") as kept:
            rows, writer = csv.reader(file), csv.writer(kept)
            writer.writerow(next(rows))
            writer.writerows(
                row
                for number, row in enumerate(rows)
                if row[0] in WHOLE or (row[0], row[1]) in named or number % step == 0
            )
        yield path


def tell_unjudged(run: report.Run) -> None:
    """Print what stands among the first and has no grade, with its title: to judge, not to keep."""
    for one in run.measured:
        others = [name for name in one.found[:NDCG_AT] if name not in one.query.grades]
        if others:
            print(f"{run.name}: {one.query.text}")
        for treaty in Treaty.objects.filter(reference__in=others).prefetch_related("titles"):
            place = one.found.index(treaty.reference) + 1
            print(f"  {place:>2} {treaty.sources.splitlines()[0]}: {treaty.best_title}")


def measured(step: int) -> Iterator[report.Run]:
    """The runs: the cases by themselves, then among treaties of the world, then those treaties."""
    queries, keys = judged.queries(), judged.records()
    of_cases = [query for query in queries if query.part in ("cases", "alone")]
    folder = os.environ.get("SAMPLE_DATA")
    with register() as client:
        held = names(keys, ("case",))
        yield report.Run("cases", "The real cases", [measure(client, query, held) for query in of_cases])
        if folder:
            count = bring_in(Path(folder), step, keys)
            held = names(keys, ("case", "source"))
            for part, title in (
                ("cases", "The real cases among {:,} treaties"),
                ("world", "Treaties of the world, {:,}"),
            ):
                some = [measure(client, query, held) for query in queries if query.part == part]
                yield report.Run("world" if part == "world" else "cases-in-world", title.format(count), some)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.relevance")
    parser.add_argument("--compare", type=Path, help="results.tsv of an earlier state")
    parser.add_argument("--results", type=Path, help="folder in which the results are written")
    parser.add_argument("--step", type=int, default=STEP, help="every how many-th row of the lists that are not judged")
    parser.add_argument("--unjudged", action="store_true", help="print what is found early and was never judged")
    options = parser.parse_args()
    before = report.read_lines(options.compare) if options.compare else []
    runs = []
    for run in measured(options.step):
        runs.append(run)
        if options.unjudged:
            tell_unjudged(run)
    machine = f"{platform.machine()}, Python {platform.python_version()}."
    held = report.lines(runs)
    told = report.page(runs, machine)
    if before:
        told += f"\n## Compared with {options.compare.name}\n\n{report.comparison(before, held)}"
    if folder := options.results or (HERE if "SAMPLE_DATA" in os.environ else None):
        (folder / "results.md").write_text(told, encoding="utf-8")
        report.write_lines(folder / "results.tsv", held)
    print(told)


if __name__ == "__main__":
    main()
