"""The history of reporting only grows, and what was reported is not deleted."""

from django.db import migrations

from audit.append_only import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        *(append_only(f"reporting_historical{name}") for name in ("obligation", "report")),
        *(never_deleted(f"reporting_{name}") for name in ("obligation", "report")),
    ]
