"""No record becomes public but by a publication that was carried out: whoever writes the row, a superuser included.

Judged when the transaction ends, for the history of the row is written after the row: the change that made it public is
the one that carried out an approved publication of this record. What an import or a restore brings is inserted, and no
page or import changes the level of a record into public; so nothing else is let through.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION public_by_publication() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told treaties_historicaltreaty;
BEGIN
    -- It may have been taken out again in the same transaction.
    IF NOT EXISTS (SELECT FROM treaties_treaty WHERE id = NEW.id AND access = 'public') THEN
        RETURN NULL;
    END IF;
    -- The history begins anew where the record was hidden last: that one is before the change that is looked for.
    SELECT * INTO told FROM treaties_historicaltreaty
     WHERE id = NEW.id AND access = 'public' AND history_id > COALESCE(
        (SELECT max(history_id) FROM treaties_historicaltreaty WHERE id = NEW.id AND access <> 'public'), 0)
     ORDER BY history_id LIMIT 1;
    IF told.history_id IS NULL OR NOT EXISTS (
        SELECT FROM treaties_publicationoutcome AS outcome
          JOIN treaties_publicationdecision AS decision ON decision.id = outcome.decision_id
          JOIN treaties_publicationrequest AS request ON request.id = decision.request_id
         WHERE request.treaty_id = NEW.id AND outcome.is_public AND outcome.change_id = told.history_change_id
    ) THEN
        RAISE EXCEPTION 'A record becomes public by an approved publication alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER public_by_publication AFTER UPDATE OF access ON treaties_treaty
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.access <> 'public' AND NEW.access = 'public') EXECUTE FUNCTION public_by_publication();
ALTER TABLE treaties_treaty ENABLE ALWAYS TRIGGER public_by_publication;
"""
UNDO = "DROP TRIGGER public_by_publication ON treaties_treaty; DROP FUNCTION public_by_publication();"


class Migration(migrations.Migration):
    dependencies = [("treaties", "0018_publishing_rules")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
