"""The rights of the application's own role in the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit import roles


class Command(BaseCommand):
    help = "Print what the application's own role may do in the database, or grant it (as the owner, after migrate)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", default="register_app", help="register_app when not said")
        parser.add_argument("--apply", action="store_true", help="grant it; else it is only printed")

    def handle(self, *args: Any, role: str, apply: bool, **options: Any) -> None:
        """Raises CommandError for a role that could go around it: a superuser, an owner."""
        if roles.has_too_much(role):
            raise CommandError(f"{role} owns tables or is a superuser: it could switch every trigger off.")
        statements = list(roles.grants(role))
        for statement in statements:
            self.stdout.write(f"{statement};")
        if not apply:
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"-- Granted. Give {role} a password (ALTER ROLE … PASSWORD …), and name it in DATABASE_URL.")
