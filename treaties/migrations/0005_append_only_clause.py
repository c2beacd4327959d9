"""The history of the entry-into-force clauses only grows, as that of the rest of the record."""

from django.db import migrations

from audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("treaties", "0004_document_about_force_clause"), ("audit", "0002_append_only")]

    operations = [append_only("treaties_historicalforceclause")]
