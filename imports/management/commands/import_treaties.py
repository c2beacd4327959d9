from imports.choices import ListKind
from imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Bring in a list of treaties (CSV or XLSX): see docs/imports.md. Safe to repeat."
    kind = ListKind.TREATIES
