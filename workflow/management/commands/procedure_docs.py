"""Writes `docs/procedures` from the procedures themselves."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflow.presentation.procedure_docs import documents


class Command(BaseCommand):
    help = "Write docs/procedures: every procedure in Dutch and English, with its steps, needs, terms and law."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 when a page is out of date.")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "docs" / "procedures")

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        """Raises CommandError with `check` when a page is missing, out of date or of a procedure that is gone."""
        wanted = documents()
        kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")} if folder.exists() else {}
        wrong = sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))
        if check:
            if wrong:
                raise CommandError(f"Not up to date: {', '.join(wrong)}. Run manage.py procedure_docs.")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in wrong:
            if name in wanted:
                (folder / name).write_text(wanted[name], encoding="utf-8")
            else:
                (folder / name).unlink()
        self.stdout.write(f"{len(wrong)} of {len(wanted)} pages written.")
