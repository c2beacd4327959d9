"""Four eyes for publication, in the database itself: whoever writes the row, a superuser included.

Who asked does not decide; who changed the record since does not approve; what is decided names the person of its
change. Only what was approved is carried out. The triggers also fire where the others are switched off
(`session_replication_role`), as when rows are copied in.
"""

from django.db import migrations

from audit.append_only import append_only

PARTS = ("title", "act", "declaration", "document", "forceclause", "identifier", "relation", "treatyparty", "treatytheme")
EDITORS = "\n    UNION ".join(
    [
        "SELECT history_user_id FROM treaties_historicaltreaty WHERE id = request.treaty_id"
        " AND history_date > request.asked_at",
        *(
            f"SELECT history_user_id FROM treaties_historical{part} WHERE treaty_id = request.treaty_id"  # noqa: S608
            " AND history_date > request.asked_at"
            for part in PARTS
        ),
    ]
)

RULES = f"""
CREATE FUNCTION publication_editors(request treaties_publicationrequest) RETURNS SETOF bigint
LANGUAGE sql VOLATILE AS $$
    {EDITORS}
$$;

CREATE FUNCTION publication_names_who_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.asked_by_id IS DISTINCT FROM (SELECT actor_id FROM audit_change WHERE id = NEW.change_id) THEN
        RAISE EXCEPTION 'The request names another person than its change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_names_who_asked BEFORE INSERT ON treaties_publicationrequest
    FOR EACH ROW EXECUTE FUNCTION publication_names_who_asked();
ALTER TABLE treaties_publicationrequest ENABLE ALWAYS TRIGGER publication_names_who_asked;

CREATE FUNCTION four_eyes_of_publication() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    request treaties_publicationrequest;
BEGIN
    SELECT * INTO request FROM treaties_publicationrequest WHERE id = NEW.request_id;
    -- From here on nobody changes the record.
    PERFORM FROM treaties_treaty WHERE id = request.treaty_id FOR UPDATE;
    IF NEW.decided_by_id IS DISTINCT FROM (SELECT actor_id FROM audit_change WHERE id = NEW.change_id) THEN
        RAISE EXCEPTION 'The decision names another person than its change' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.asked_by_id IS DISTINCT FROM request.asked_by_id THEN
        RAISE EXCEPTION 'The decision names another asker than its request' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verdict = 'withdrawn' THEN
        IF NEW.decided_by_id <> request.asked_by_id THEN
            RAISE EXCEPTION 'Only who asked withdraws a request' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.decided_by_id = request.asked_by_id THEN
        RAISE EXCEPTION 'Four eyes: who asked for publication does not decide it' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verdict = 'approved'
        AND EXISTS (SELECT FROM publication_editors(request) AS editor WHERE editor = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'Four eyes: who changed the record since publication was asked does not approve it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_eyes_of_publication BEFORE INSERT ON treaties_publicationdecision
    FOR EACH ROW EXECUTE FUNCTION four_eyes_of_publication();
ALTER TABLE treaties_publicationdecision ENABLE ALWAYS TRIGGER four_eyes_of_publication;

CREATE FUNCTION outcome_of_an_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM treaties_publicationdecision WHERE id = NEW.decision_id AND verdict = 'approved') THEN
        RAISE EXCEPTION 'Only an approved publication is carried out or stopped' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.by_id IS DISTINCT FROM (SELECT actor_id FROM audit_change WHERE id = NEW.change_id) THEN
        RAISE EXCEPTION 'The outcome names another person than its change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_of_an_approval BEFORE INSERT ON treaties_publicationoutcome
    FOR EACH ROW EXECUTE FUNCTION outcome_of_an_approval();
ALTER TABLE treaties_publicationoutcome ENABLE ALWAYS TRIGGER outcome_of_an_approval;
"""  # noqa: S608 (our own names)

UNDO = """
DROP TRIGGER outcome_of_an_approval ON treaties_publicationoutcome; DROP FUNCTION outcome_of_an_approval();
DROP TRIGGER four_eyes_of_publication ON treaties_publicationdecision; DROP FUNCTION four_eyes_of_publication();
DROP TRIGGER publication_names_who_asked ON treaties_publicationrequest; DROP FUNCTION publication_names_who_asked();
DROP FUNCTION publication_editors(treaties_publicationrequest);
"""


class Migration(migrations.Migration):
    dependencies = [("treaties", "0017_publishing"), ("audit", "0010_publishing")]

    operations = [
        append_only("treaties_publicationrequest"),
        append_only("treaties_publicationdecision"),
        append_only("treaties_publicationoutcome"),
        migrations.RunSQL(RULES, UNDO),
    ]
