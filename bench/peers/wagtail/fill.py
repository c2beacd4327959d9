"""`python fill.py FOLDER`: tables, records, search index, and somebody who is logged in (`FOLDER/wagtail.cookie`)."""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import django  # noqa: E402

django.setup()

from copying import fill  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

folder = Path(sys.argv[1])
call_command("migrate", run_syncdb=True, verbosity=0)
with transaction.atomic(), connection.cursor() as cursor:
    fill(cursor.cursor, folder)
person = get_user_model().objects.create_superuser("bench", "bench@example.org", "bench")
client = Client()
client.force_login(person)
(folder / f"{Path(__file__).parent.name}.cookie").write_text(client.cookies["sessionid"].value)
call_command("update_index", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
