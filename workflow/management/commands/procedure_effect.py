"""What a version of a procedure would change for the dossiers that run, before it is published."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from workflow import procedures
from workflow.models import Dossier
from workflow.presentation.effect import effects
from workflow.procedures import Procedure


class Command(BaseCommand):
    help = "Say for each open dossier what another version of its procedure would change. Nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="The code of the procedure.")
        parser.add_argument("version", nargs="?", type=int, help="Default: the newest there is, drafts included.")

    def handle(self, *args: Any, code: str, version: int | None, **options: Any) -> None:
        """Raises CommandError for a procedure or version that is not there."""
        procedure = _find(code, version)
        changed = total = 0
        with override("en"):
            for view in effects(procedure, Dossier.objects.all(), timezone.localdate()):
                total += 1
                changed += bool(view.sentences)
                self.stdout.write(f"{view.dossier.reference} (version {view.version})")
                for sentence in view.sentences or ["nothing"]:
                    self.stdout.write(f"  {sentence}")
        self.stdout.write(f"{code} version {procedure.version}: {changed} of {total} open dossiers would change.")


def _find(code: str, version: int | None) -> Procedure:
    found = [one for one in procedures.versions(code) if version in (None, one.version)]
    if not found:
        raise CommandError(f"There is no procedure {code}{'' if version is None else f' version {version}'}.")
    return found[0]
