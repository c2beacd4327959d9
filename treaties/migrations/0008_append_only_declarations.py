"""Declarations and names of parties are kept as the rest of the record: their history only grows."""

from django.db import migrations

from audit.append_only import append_only, never_deleted


class Migration(migrations.Migration):
    dependencies = [("treaties", "0007_acts_parties_declarations"), ("audit", "0002_append_only")]

    operations = [
        append_only("treaties_historicaldeclaration"),
        append_only("treaties_historicalpartyname"),
        never_deleted("treaties_declaration"),
    ]
