from argparse import ArgumentParser

from imports.choices import ListKind
from imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Bring in which parties take part in which treaties (CSV or XLSX): see docs/imports.md. Safe to repeat."
    kind = ListKind.PARTICIPATION

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--register-missing", action="store_true", help="register treaties that the register does not have"
        )
