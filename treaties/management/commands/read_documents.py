"""Reads the text of public documents for the search."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from treaties import document_reading


class Command(BaseCommand):
    help = (
        "Read the text of public documents that was not read yet, so that they are found by it. Started by itself "
        "after a document was added; run it every night for those that came otherwise."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="also try those again that could not be read")
        parser.add_argument("--begin", action="store_true", help="in the background, if READ_DOCUMENTS is on")
        parser.add_argument("--lock", type=int, help=SUPPRESS)

    def handle(self, *args: Any, again: bool, begin: bool, lock: int | None, **options: Any) -> None:
        """Raises nothing for a file, whatever is in it."""
        if begin:
            if settings.READ_DOCUMENTS:
                document_reading.start()
            return
        count = document_reading.read_waiting(lock, again=again)
        if count is None:
            self.stdout.write("another process is reading documents")
        else:
            failed = f", {count.failed} left for the next run" if count.failed else ""
            self.stdout.write(f"{count.read} documents read{failed}")
