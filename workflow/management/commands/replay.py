"""Proves that what lists show of a dossier is what its events say."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import service_account
from workflow import queries
from workflow.actions import recompute
from workflow.models import Dossier

AT_ONCE = 100


class Command(BaseCommand):
    help = "Judge every dossier again from its events, and compare what its row keeps for lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true", help="Only report, exit 1 on a difference; the default.")
        choice.add_argument("--repair", action="store_true", help="Write what the events say where a row differs.")
        parser.add_argument("--progress", action="store_true", help="Say how far it is, also where nobody looks on.")

    def handle(self, *args: Any, repair: bool, progress: bool, **options: Any) -> None:
        """Raises CommandError on a difference that was not repaired."""
        shown = progress or sys.stderr.isatty()
        total = Dossier.objects.count() if shown else 0
        different = 0
        for number, dossier in enumerate(_dossiers(), start=1):
            different += self._judge(dossier, repair=repair)
            if shown and number % AT_ONCE in (0, total % AT_ONCE):
                self.stderr.write(f"{number} of {total} dossiers", ending="\r" if number < total else "\n")
        if different and not repair:
            raise CommandError(f"{different} dossier(s) differ from their events.")
        self.stdout.write(f"{different} dossier(s) repaired." if different else "All dossiers agree with their events.")

    def _judge(self, dossier: Dossier, *, repair: bool) -> bool:
        """Whether the row of a dossier differs from its events; every column that does is named."""
        differences = [
            (column, getattr(dossier, column), said)
            for column, said in queries.copies(dossier).items()
            if getattr(dossier, column) != said
        ]
        for column, kept, said in differences:
            self.stdout.write(f"{dossier.reference} {column}: kept {_shown(kept)}, events say {_shown(said)}")
        if differences and repair:
            recompute(actor=service_account(), dossier=dossier, reason="replay")
        return bool(differences)


def _dossiers() -> Iterator[Dossier]:
    """All of them, some at a time: memory does not grow with their number."""
    last = 0
    while batch := list(queries.with_procedure(Dossier.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE])):
        yield from batch
        last = batch[-1].pk


def _shown(value: object) -> str:
    return "nothing" if value in ("", None) else str(value)
