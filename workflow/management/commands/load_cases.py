from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.loading import cases
from workflow.loading.reading import FixtureError


class Command(BaseCommand):
    help = "Load the real treaties of fixtures/cases, with their sources; what is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = cases.load()
        except FixtureError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"treaties: {count.loaded} loaded, {count.present} already there")
