from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import service_account
from imports.exchange.opening import opened
from imports.exchange.reading import Unreadable
from imports.exchange.restoring import NotRestored, restore


class Command(BaseCommand):
    help = "Fill an empty register from an export: all of it or nothing (docs/exchange.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=Path, help="the folder of an export, or its register.jsonl")
        parser.add_argument("--format", choices=["csv", "json"], default="", help="which form, where both are there")
        parser.add_argument("--dry-run", action="store_true", help="do all of it, and undo it at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = opened(options["export"], options["format"])
            done = restore(source, actor=service_account(), dry_run=options["dry_run"])
        except Unreadable as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except NotRestored as error:
            raise CommandError("\n".join([*error.sentences, "Nothing was written."])) from error
        if options["verbosity"]:
            counts = ", ".join(f"{name}: {count}" for name, count in done.header.counts.items())
            self.stdout.write(f"{done.name}, SHA-256 {done.sha256}")
            self.stdout.write(f"{counts}{'; a trial: nothing was written' if options['dry_run'] else ''}")
