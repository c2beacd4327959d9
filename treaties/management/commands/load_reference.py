from typing import Any

from django.core.management.base import BaseCommand

from treaties import reference_data


class Command(BaseCommand):
    help = "Load parties and themes from fixtures/reference; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        written = reference_data.load()
        if options["verbosity"]:
            self.stdout.write(f"parties: {written['parties']} written, themes: {written['themes']} written")
