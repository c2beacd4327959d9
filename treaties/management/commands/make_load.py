from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.refusals import Refused
from treaties.load.actions import MOST, make_load


class Command(BaseCommand):
    help = (
        "Fill an EMPTY register with load data: treaties of real shape that do not exist, to measure with. Refused "
        "where there is anything but reference data. With SAMPLE_DATA set, words and parties are drawn as there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--treaties", type=int, required=True, help=f"how many: 1 to {MOST}")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same treaties (default: 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = make_load(
                treaties=options["treaties"],
                seed=options["seed"],
                tell=self.stdout.write if options["verbosity"] > 1 else lambda _line: None,
            )
        except Refused as refused:
            raise CommandError(" ".join(str(blocker.sentence) for blocker in refused.blockers)) from refused
        if options["verbosity"]:
            self.stdout.write(f"{options['treaties']} treaties of load data, {count} rows")
