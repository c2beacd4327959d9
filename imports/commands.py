"""What the commands that bring in a list share: stage or go on, judge, tell, confirm. No rule of its own."""

import csv
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.actions import service_account
from accounts.models import User
from audit.refusals import AlreadyDone, Conflict, Refused
from imports import actions, queries
from imports.choices import ListKind, Outcome, UnknownParties
from imports.models import ImportRun
from imports.reading import hashed
from imports.tables import Unreadable

# Exit codes: 0 all of it went in; 1 nothing was written; 3 it went in, rows are refused and left out.
REFUSED_ROWS = 3
_OUTCOMES = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.REPEATED, Outcome.REFUSED)


class ImportCommand(BaseCommand):
    """A command of one kind of list."""

    kind = ListKind.TREATIES

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="judge and tell; write nothing to the record")
        parser.add_argument("--report", type=Path, help="write refused rows, with the reasons, to this CSV file")
        parser.add_argument("--source", default="", help="the source of rows that name none")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", dest="columns")
        parser.add_argument("--encoding", default="", help="of the file, when it is not found right")
        parser.add_argument("--delimiter", default="", help="between cells, when it is not found right")
        parser.add_argument("--sheet", default="", help="of a workbook, when it is not the first")
        parser.add_argument("--without-refused", action="store_true", help="leave refused rows out and write the rest")
        parser.add_argument(
            "--note-unknown-parties",
            action="store_true",
            help="take rows with parties that the register does not know, and name those in the note",
        )
        parser.add_argument(
            "--as", dest="username", default="", help="the person who does it; else the register itself"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except Refused as refusal:
            raise CommandError("\n".join(str(blocker.sentence) for blocker in refusal.blockers)) from refusal
        except (Conflict, AlreadyDone) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        actor = _person(options["username"])
        run = self._staged(actor, options)
        run = actions.judge(actor=actor, run=run, progress=self._progress("judged"))
        self._tell(run)
        if options["report"]:
            report(run, options["report"])
        if options["dry_run"]:
            self.stdout.write("Nothing was written to the record.")
            return
        run = actions.confirm(
            actor=actor,
            run=run,
            without_refused=options["without_refused"],
            progress=self._progress("written"),
        )
        if run.counts.get(Outcome.REFUSED):
            sys.exit(REFUSED_ROWS)

    def _staged(self, actor: User, options: dict[str, Any]) -> ImportRun:
        """The file, staged, with its columns mapped as the options say."""
        with options["file"].open("rb") as file:
            run = self._begun(file, options) or actions.stage(
                actor=actor,
                file=file,
                filename=options["file"].name,
                kind=self.kind,
                encoding=options["encoding"],
                delimiter={"tab": "\t", "\\t": "\t"}.get(options["delimiter"], options["delimiter"]),
                sheet=options["sheet"],
                source=options["source"],
                progress=self._progress("read"),
            )
        mapping = dict(run.mapping)
        for pair in options["columns"]:
            column, equals, name = pair.rpartition("=")
            if not equals:
                raise CommandError(f"--map {pair}: write it as COLUMN=FIELD.")
            mapping = {one: told for one, told in mapping.items() if told != name} | {column: name}
        unknown = UnknownParties.NOTE if options["note_unknown_parties"] else UnknownParties.REFUSE
        return actions.map_columns(
            actor=actor,
            run=run,
            mapping=mapping,
            unknown_parties=unknown,
            register_missing=options.get("register_missing", False),
        )

    def _begun(self, file: BinaryIO, options: dict[str, Any]) -> ImportRun | None:
        """An import of this very file that was judged and never confirmed goes on, with what was mended in it."""
        if options["encoding"] or options["delimiter"] or options["sheet"]:
            return None
        with suppress(Unreadable):
            return queries.open_run(self.kind, hashed(file).sha256, options["source"])
        return None

    def _progress(self, verb: str) -> actions.Progress:
        def tell(done: int, total: int) -> None:
            of = f" of {total}" if total else ""
            self.stderr.write(f"\r{done}{of} rows {verb}", ending="" if done != total else "\n")

        return tell

    @override("en")
    def _tell(self, run: ImportRun) -> None:
        """In English, as all that commands say; the reasons in a report are in the language of the register."""
        sure = f", {run.get_encoding_found_display()}" if run.encoding else ""
        sure += f" ({run.confidence:.0%})" if run.confidence is not None else ""
        named = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "": "none"}[run.delimiter]
        self.stdout.write(
            f"{run.filename}: {run.row_count} rows; encoding {run.encoding or '-'}{sure}; cells by {named}"
        )
        self.stdout.write(f"dates as 03/04/1995: {run.get_date_order_display()}")
        if left := queries.unmapped(run):
            self.stdout.write(f"columns not read: {', '.join(left)}")
        width = max([6, *(len(source) for source in queries.by_source(run))])
        self.stdout.write(" ".join([f"{'source':{width}}", *(f"{outcome.value:>9}" for outcome in _OUTCOMES)]))
        for source, counts in (*queries.by_source(run).items(), ("all", run.counts)):
            cells = (f"{counts.get(outcome.value, 0):>9}" for outcome in _OUTCOMES)
            self.stdout.write(" ".join([f"{source:{width}}", *cells]))


def _person(username: str) -> User:
    if not username:
        return service_account()
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no person {username}.")
    return person


def report(run: ImportRun, path: Path) -> None:
    """Refused rows as they count now, with their number and why: to be mended and brought in again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*run.header, "row", "reason"])
        for row in queries.refused(run, run.brought_by):
            told = " ".join(
                f"[{problem.column}] {problem.sentence} {problem.remedy}".strip() for problem in queries.problems(row)
            )
            cells = (row.current + [""] * len(run.header))[: len(run.header)]
            writer.writerow([*cells, row.number, told])
