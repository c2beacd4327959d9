from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflow.loading import demo
from workflow.loading.reading import FixtureError


class Command(BaseCommand):
    help = "Make fictional people and dossiers, labelled DEMO; only with DEBUG on, once, and where no real people are."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is made only in a register that runs with DEBUG on.")
        try:
            made = demo.load()
        except FixtureError as error:
            raise CommandError(str(error)) from error
        if made is None:
            self.stderr.write("This register has people of its own: no demonstration data was made.")
        elif options["verbosity"]:
            self.stdout.write(f"demonstration dossiers: {f'{made} made' if made else 'already there'}")
