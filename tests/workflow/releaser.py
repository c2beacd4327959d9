"""A process of its own that makes public what is due, when it is told to. Run by `test_embargo`.

    python -m tests.workflow.releaser DATABASE

Says `ready` once it is connected; after a line on its input it runs `manage.py release`, and says what that says.
"""

import os
import sys

import django


def main(database: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    call_command("release")


if __name__ == "__main__":
    main(sys.argv[1])
