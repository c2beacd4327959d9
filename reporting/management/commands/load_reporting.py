from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting import loading
from workflow.loading.reading import FixtureError


class Command(BaseCommand):
    help = "Load the reporting obligations of fixtures/reporting; what is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = loading.load()
        except FixtureError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"reporting obligations: {count.loaded} loaded, {count.present} already there")
