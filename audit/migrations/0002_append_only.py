"""Recorded changes are never rewritten: the database refuses it."""

from django.db import migrations

from audit.append_only import append_only, keep_function


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [keep_function(), append_only("audit_change")]
