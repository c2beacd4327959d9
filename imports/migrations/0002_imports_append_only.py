"""What was brought in stays known, and the history of spellings only grows."""

from django.db import migrations

from audit.append_only import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_imports_runs_and_rows"), ("audit", "0002_append_only")]

    operations = [
        append_only("imports_historicalpartyspelling"),
        never_deleted("imports_importrun"),
        never_deleted("imports_importrow"),
    ]
