"""The trail, for a terminal: verify it, anchor it, take it out."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.actions import service_account
from audit import anchors, export, idempotency, trail
from audit.canonical import canonical
from audit.choices import Mark
from audit.models import TrailEntry
from audit.runs import keep
from audit.verification import verify


class Command(BaseCommand):
    help = "The trail: begin, verify, export, anchor, prove, erase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        todo = parser.add_subparsers(dest="todo", required=True)
        todo.add_parser("begin", help="begin the chain, with what was written before it")
        check = todo.add_parser("verify", help="judge the chain, the rows it commits to, and its anchors")
        check.add_argument("--since", type=date.fromisoformat, help="from this day on (UTC), as 2026-11-23")
        check.add_argument("--anchors", type=Path, help="folder of anchors; that of the settings when not said")
        out = todo.add_parser("export", help="write the trail as JSON Lines, for tools/verify_trail.py")
        out.add_argument("file", type=Path)
        anchor = todo.add_parser("anchor", help="write the root of every day that is over outside the database")
        anchor.add_argument("--today", action="store_true", help="also what there is of this day")
        prove = todo.add_parser("prove", help="write the proof that one entry belongs to its day")
        prove.add_argument("seq", type=int)
        prove.add_argument("file", type=Path)
        erase = todo.add_parser("erase", help="erase what somebody is called in the trail (as the owner)")
        erase.add_argument("person", help="the key of the person, as the trail names it")

    def handle(self, *args: Any, todo: str, **options: Any) -> None:
        with connection.cursor() as cursor:
            # Reading the whole trail takes longer than a page may.
            cursor.execute("SET statement_timeout = 0")
        try:
            getattr(self, f"_{todo}")(options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")

    def _begin(self, options: dict[str, Any]) -> None:
        entry = trail.begin(service_account())
        self.stdout.write("The trail began." if entry else "The trail had begun already.")

    def _verify(self, options: dict[str, Any]) -> None:
        """Raises CommandError on the first problem; the result is kept for /readyz and /audit/ either way."""
        folder = options["anchors"] or Path(settings.AUDIT_ANCHOR_DIR)
        report = verify(since=options["since"], folder=folder)
        keep(report)
        # Every night, as this is run: answers that are kept for a day.
        idempotency.forget()
        for note in report.notes:
            self.stdout.write(f"Note: {note}.")
        for problem in sorted(report.problems, key=lambda problem: problem.seq):
            self.stderr.write(str(problem))
        if report.first:
            raise CommandError(f"The trail is not whole. First bad entry: {report.first.seq}.")
        self.stdout.write(f"The trail is whole: {report.entries} entries, {report.rows} rows, last {report.last_seq}.")

    def _export(self, options: dict[str, Any]) -> None:
        count = 0
        with options["file"].open("wb") as file:
            for line in export.lines():
                file.write(line)
                count += 1
        trail.note(actor=service_account(), action=Mark.EXPORT, about=("trail", ""), payload={"entries": count})
        self.stdout.write(f"{count} entries.")

    def _anchor(self, options: dict[str, Any]) -> None:
        try:
            made = anchors.anchor(today=options["today"])
        except (anchors.AnchorDiffers, OSError) as error:
            raise CommandError(str(error)) from error
        for one in made:
            self.stdout.write(f"{one.filename} {one.root}")

    def _prove(self, options: dict[str, Any]) -> None:
        entry = TrailEntry.objects.filter(seq=options["seq"]).first()
        if entry is None:
            raise CommandError(f"There is no entry {options['seq']}.")
        options["file"].write_bytes(canonical(anchors.proof(entry)) + b"\n")

    def _erase(self, options: dict[str, Any]) -> None:
        count = trail.erase_names(actor=service_account(), person=options["person"])
        self.stdout.write(json.dumps({"erased": count}))
