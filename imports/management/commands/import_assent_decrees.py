"""Decrees of assent of the gazette, as treaties with their dossiers."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import service_account
from accounts.models import User
from audit.refusals import Refused
from imports.decrees import outcome, reading
from imports.decrees.running import Result, run

AT_ONCE = 50


class Command(BaseCommand):
    help = "Make treaties, dossiers and assents of a CSV file of decrees of assent; a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file of decrees; see docs/assent-decrees.md for its columns.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done; write nothing.")
        parser.add_argument("--report", type=Path, help="Write what became of each row to this CSV file.")
        parser.add_argument("--answers", type=Path, help="CSV file with eli_a, eli_b, same: answers to the questions.")
        parser.add_argument("--as", dest="username", help="User name of who imports; default: the register itself.")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        """Raises CommandError for an unreadable file, and when the register refuses; then nothing is written."""
        try:
            sheet = reading.read(file)
            answers = reading.read_answers(options["answers"]) if options["answers"] else {}
            result = run(sheet, answers, actor=_actor(options["username"]), dry=dry_run, told=self._told)
        except reading.UnreadableFile as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError("; ".join(str(blocker.sentence) for blocker in refusal.blockers)) from refusal
        if report := options["report"]:
            try:
                outcome.write(report, result.lines)
            except OSError as error:
                raise CommandError(f"The report cannot be written: {error.strerror}.") from error
        self._summary(result, dry=dry_run)

    def _told(self, stage: str, done: int, total: int) -> None:
        if done % AT_ONCE == 0 or done == total:
            ending = "\r" if sys.stderr.isatty() and done < total else "\n"
            self.stderr.write(f"{stage}: {done} of {total} treaties", ending=ending)

    def _summary(self, result: Result, *, dry: bool) -> None:
        if dry:
            self.stdout.write("Nothing was written: this is what would be done.")
        said = {
            "treaties registered": result.count(lambda plan: plan.record is not None),
            "treaties that were there": result.count(lambda plan: plan.record is None and not plan.asks),
            "dossiers opened": result.count(lambda plan: bool(plan.opens)),
            "events recorded": result.count(lambda plan: len(plan.events)),
            "acts recorded": result.count(lambda plan: len(plan.acts)),
            "entities required": result.count(lambda plan: len(plan.entities)),
            "numbers added to treaties that were there": result.count(lambda plan: len(plan.numbers)),
        }
        for what, count in (said | dict(sorted(outcome.counts(result.lines).items()))).items():
            self.stdout.write(f"{what}: {count}")
        if not result.count(lambda plan: plan.writes):
            self.stdout.write("0 changes.")


def _actor(username: str | None) -> User:
    if not username:
        return service_account()
    actor = User.objects.filter(username=username, is_active=True).first()
    if actor is None:
        raise CommandError(f"There is no user “{username}”.")
    return actor
