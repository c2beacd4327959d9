"""The history of the record only grows, and a register does not delete what it registered."""

from django.db import migrations

from audit.append_only import append_only, never_deleted

HISTORIES = (
    "party",
    "theme",
    "treaty",
    "title",
    "treatyparty",
    "treatytheme",
    "identifier",
    "relation",
    "act",
    "document",
)
KEPT = ("party", "theme", "treaty", "act", "document")


class Migration(migrations.Migration):
    dependencies = [("treaties", "0002_text_search"), ("audit", "0002_append_only")]

    operations = [
        *(append_only(f"treaties_historical{name}") for name in HISTORIES),
        *(never_deleted(f"treaties_{name}") for name in KEPT),
    ]
