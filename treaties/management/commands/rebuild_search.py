from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from treaties import asking, search
from treaties.models import Treaty


class Command(BaseCommand):
    help = (
        "Make every search document again from the record (also needed when a date takes effect by time alone). "
        "With --check: write nothing, say what differs, and end with 1 where anything does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; exit status 1 where a document differs")

    def handle(self, *args: Any, **options: Any) -> None:
        treaties = Treaty.objects.iterator(chunk_size=500)
        if options["check"]:
            self._check(treaties, told=options["verbosity"] > 1)
            return
        count = 0
        for treaty in treaties:
            search.refresh(treaty)
            count += 1
        known = asking.rebuild_words()
        self.stdout.write(f"{count} search documents made again; {known} words can be offered")

    def _check(self, treaties: Any, *, told: bool) -> None:
        differing = count = 0
        for treaty in treaties:
            count += 1
            if columns := search.differences(treaty):
                differing += 1
                what = "has no search document" if columns == ["treaty"] else f"differs in {', '.join(columns)}"
                self.stdout.write(f"{treaty.reference} {what}")
        if differing:
            raise CommandError(f"{differing} of {count} search documents differ from the record: run rebuild_search")
        if told:
            self.stdout.write(f"{count} search documents are what the record gives")
