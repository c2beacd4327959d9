"""Events, requests and decisions only grow; the decider is not the asker, whoever writes the row."""

from django.db import migrations

from audit.append_only import append_only, never_deleted

# The check constraint compares the two columns of the decision; this holds the first to the truth.
ASKER_IS_THE_ASKER = """
CREATE FUNCTION decision_names_its_asker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.asked_by_id IS DISTINCT FROM (SELECT asked_by_id FROM workflow_approval WHERE id = NEW.approval_id) THEN
        RAISE EXCEPTION 'The decision names another asker than the request it decides'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_names_its_asker BEFORE INSERT ON workflow_decision
    FOR EACH ROW EXECUTE FUNCTION decision_names_its_asker();
"""
UNDO = """
DROP TRIGGER decision_names_its_asker ON workflow_decision;
DROP FUNCTION decision_names_its_asker();
"""

GROWS = (
    "approval",
    "decision",
    "determination",
    "entityrequirement",
    "event",
    "eventact",
    "eventdocument",
    "historicaldossier",
    "packagetreaty",
)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        *(append_only(f"workflow_{name}") for name in GROWS),
        never_deleted("workflow_dossier"),
        migrations.RunSQL(ASKER_IS_THE_ASKER, UNDO),
    ]
