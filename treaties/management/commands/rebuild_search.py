from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from treaties import asking, counts, search, search_bulk
from treaties.models import Treaty

_AT_ONCE = 1000


class Command(BaseCommand):
    help = (
        "Make every search document again from the record, and the counts of lists from the documents (also needed "
        "when a date takes effect by time alone). With --missing: only those that are not there. With --check: write "
        "nothing, say what differs, and end with 1 where anything does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; exit status 1 where a document differs")
        parser.add_argument("--missing", action="store_true", help="make only what is not there, as after an upgrade")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(told=options["verbosity"] > 1)
            return
        treaties = Treaty.objects.order_by("pk")
        if options["missing"]:
            treaties = treaties.filter(search__isnull=True) | treaties.filter(card__isnull=True)
        known = 0
        keys = list(treaties.values_list("pk", flat=True))
        with search_bulk.parties_read_once():
            for start in range(0, len(keys), _AT_ONCE):
                with transaction.atomic():
                    search_bulk.refresh_many(keys[start : start + _AT_ONCE])
        if keys or not options["missing"]:
            counts.rebuild()
            known = asking.rebuild_words()
        if options["verbosity"]:
            self.stdout.write(f"{len(keys)} search documents made again; {known} words can be offered")

    def _check(self, *, told: bool) -> None:
        differing = count = 0
        for treaty in Treaty.objects.iterator(chunk_size=500):
            count += 1
            if columns := search.differences(treaty):
                differing += 1
                what = "has no search document" if columns == ["treaty"] else f"differs in {', '.join(columns)}"
                self.stdout.write(f"{treaty.reference} {what}")
        if differing:
            raise CommandError(f"{differing} of {count} search documents differ from the record: run rebuild_search")
        if counts.differ():
            raise CommandError("The counts of lists are not those of the search documents: run rebuild_search")
        if told:
            self.stdout.write(f"{count} search documents are what the record gives, and the counts are theirs")
