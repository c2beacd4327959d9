from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import service_account
from audit import trail
from audit.choices import Mark
from imports.exchange.export import WRITERS, NotExported, export
from imports.exchange.snapshot import Lossy


class Command(BaseCommand):
    help = "Write everything in the record to a folder, as JSON Lines and as CSV, with all papers (docs/exchange.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is new or empty")
        parser.add_argument("--format", choices=sorted(WRITERS), default="both", help="both when not said")
        parser.add_argument("--public-only", action="store_true", help="only what everybody may see")

    def handle(self, *args: Any, **options: Any) -> None:
        person = AnonymousUser() if options["public_only"] else service_account()
        try:
            done = export(options["folder"], person=person, form=options["format"])
        except (NotExported, Lossy) as error:
            raise CommandError(str(error)) from error
        trail.note(
            actor=service_account(),
            action=Mark.EXPORT,
            about=("register", ""),
            payload={"form": options["format"], "public_only": options["public_only"]},
        )
        if options["verbosity"]:
            counts = ", ".join(f"{name}: {count}" for name, count in done.header.counts.items())
            self.stdout.write(f"{counts}, files: {done.files}")
        if done.damaged:
            raise CommandError(
                f"{options['folder']} is written, but for {len(done.damaged)} of the files: "
                + "; ".join(done.damaged)
                + ". Put them back from a backup and export again."
            )
