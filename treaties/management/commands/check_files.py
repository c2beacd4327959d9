"""Reads every stored file and compares it with the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit.runs import keep_files
from treaties import fixity


class Command(BaseCommand):
    help = "Compare every stored file with its record: names those missing, changed or without one; then ends with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where something was found; the result is kept for /readyz either way."""
        with connection.cursor() as cursor:
            # Reading every file takes longer than a page may.
            cursor.execute("SET statement_timeout = 0")
        count = fixity.Count()
        try:
            for found in fixity.findings(count):
                self.stderr.write(str(found))
            keep_files(files=count.files, rows=count.rows, problem=count.problem)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
        if count.findings:
            raise CommandError(f"{count.findings} findings in {count.files} files of {count.rows} documents.")
        self.stdout.write(f"{count.files} files of {count.rows} documents are as they were stored.")
