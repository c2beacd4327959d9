"""The process of its own in which a large list is judged, written or taken back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from imports import background


class Command(BaseCommand):
    help = "Does the work that a page asked for on a large import. Started by the page itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="Number of the import, as in its address.")

    def handle(self, *args: Any, run: int, **options: Any) -> None:
        """Raises nothing for a refusal: the page shows it."""
        background.run_task(run)
