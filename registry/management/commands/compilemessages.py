"""Stands in for Django's command of the same name, which needs the gettext programs."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = "Compiles locale/*/LC_MESSAGES/*.po to .mo where the .mo is missing or older."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="Compile every file.")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if options["force"] or not _is_newer(target, source):
                    compile_catalog(source, target)
                    # Catalogues already read by this process are stale now.
                    translation_file_changed(sender=None, file_path=target)
                    if options["verbosity"] > 0:
                        self.stdout.write(f"Compiled {source}")


def compile_catalog(source: Path, target: Path) -> None:
    """Write `target`, whole or not at all: another process may be reading it. Fuzzy entries are left out."""
    with source.open("rb") as file:
        catalog = read_po(file)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, catalog)
    unfinished.replace(target)


def _is_newer(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime
