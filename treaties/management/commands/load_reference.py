from typing import Any

from django.core.management.base import BaseCommand

from treaties import reference_data


class Command(BaseCommand):
    help = "Load parties, their names, themes and synonyms from fixtures/reference; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        written = reference_data.load()
        if options["verbosity"]:
            self.stdout.write(", ".join(f"{name}: {count} written" for name, count in written.items()))
