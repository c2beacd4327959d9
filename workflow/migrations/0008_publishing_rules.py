"""While an event is under an embargo nothing of it stands in the record: the database refuses its acts until then."""

from django.db import migrations

from audit.append_only import append_only

RULES = """
CREATE FUNCTION act_after_embargo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflow_event WHERE id = NEW.event_id AND embargo_until IS NOT NULL)
        AND NOT EXISTS (SELECT FROM workflow_eventrelease WHERE event_id = NEW.event_id) THEN
        RAISE EXCEPTION 'An event under embargo leaves no act before it is released' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER act_after_embargo BEFORE INSERT ON workflow_eventact
    FOR EACH ROW EXECUTE FUNCTION act_after_embargo();
ALTER TABLE workflow_eventact ENABLE ALWAYS TRIGGER act_after_embargo;
"""
UNDO = "DROP TRIGGER act_after_embargo ON workflow_eventact; DROP FUNCTION act_after_embargo();"


class Migration(migrations.Migration):
    dependencies = [("workflow", "0007_publishing")]

    operations = [append_only("workflow_eventrelease"), migrations.RunSQL(RULES, UNDO)]
