"""The trail and what is known of its verifications only grow."""

from django.db import migrations

from audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_chain_trail")]

    operations = [
        append_only("audit_trailentry"),
        append_only("audit_rowshape"),
        append_only("audit_verificationrun"),
    ]
