"""Keeps the catalogues of translated texts up to date; see `registry.messages`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import messages


class Command(BaseCommand):
    help = "Brings locale/*/LC_MESSAGES/django.po up to date with the code and the templates; translations are kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; exit 1 when a catalogue is not up to date, not complete, or fills in other things.",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Raises CommandError with `check` when anything is wrong."""
        if not check:
            for language in messages.languages():
                messages.write(language)
        found = [
            f"{language}: {problem}" for language in messages.languages() for problem in messages.problems(language)
        ]
        for line in found:
            self.stdout.write(line)
        if check and found:
            raise CommandError(f"{len(found)} problem(s) with the translations.")
