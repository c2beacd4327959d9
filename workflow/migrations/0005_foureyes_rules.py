"""Four eyes, in the database itself: whoever writes the row, a superuser included.

A decision is refused when one of those who take it (who records it, and for whom) asked for the consent, or has
changed since what it is decided on: a paper of its kinds, a title, an event, an entity required. A consent does not
come into a dossier that is followed otherwise than by a decision. The triggers also fire where the others are
switched off (`session_replication_role`), as when rows are copied in.
"""

from django.db import migrations

from audit.append_only import append_only

# Who changed, since a request was made, what the page it is decided on shows. `workflow.four_eyes` says the same
# in sentences; an event that a decision left was four eyes already.
EDITORS = """
CREATE FUNCTION four_eyes_editors(request workflow_approval) RETURNS SETOF bigint LANGUAGE sql VOLATILE AS $$
    WITH concerned AS (
        SELECT treaty_id FROM workflow_dossier WHERE id = request.dossier_id
        UNION SELECT treaty_id FROM workflow_packagetreaty WHERE dossier_id = request.dossier_id
    ), papers AS (
        SELECT paper ->> 'kind' AS kind, (paper ->> 'document')::bigint AS document
        FROM jsonb_array_elements(request.evidence) AS paper
    )
    SELECT history_user_id FROM treaties_historicaldocument
    WHERE history_date > request.asked_at AND (
        id IN (SELECT document FROM papers)
        OR (treaty_id IN (SELECT treaty_id FROM concerned) AND kind IN (SELECT kind FROM papers)))
    UNION SELECT history_user_id FROM treaties_historicaltitle
    WHERE history_date > request.asked_at AND treaty_id IN (SELECT treaty_id FROM concerned)
    UNION SELECT recorded_by_id FROM workflow_event
    WHERE recorded_at > request.asked_at AND dossier_id = request.dossier_id AND decision_id IS NULL
    UNION SELECT recorded_by_id FROM workflow_entityrequirement
    WHERE recorded_at > request.asked_at AND dossier_id = request.dossier_id
$$;
"""

# Whether a delegation lets its delegate act in a dossier on a day. What a role may do, the actions know.
DELEGATED = """
CREATE FUNCTION delegation_covers(given workflow_delegation, dossier bigint, moment timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT given.deed = 'decide_consent'
        AND (moment AT TIME ZONE 'Europe/Brussels')::date BETWEEN given.begins AND given.ends
        AND NOT EXISTS (SELECT FROM workflow_revocation WHERE delegation_id = given.id)
        AND EXISTS (
            SELECT FROM workflow_dossier d JOIN accounts_user manager ON manager.id = d.responsible_id
            WHERE d.id = dossier
            AND (given.procedures = '[]'::jsonb OR given.procedures ? d.procedure_code)
            AND (given.department = '' OR given.department = manager.department))
$$;
"""

DECIDING = """
CREATE FUNCTION four_eyes_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    request workflow_approval;
    given workflow_delegation;
    asked_in bigint;
    hands bigint[];
BEGIN
    SELECT * INTO request FROM workflow_approval WHERE id = NEW.approval_id;
    -- In the order of the actions: the dossier, its treaties, the delegation. From here on nobody changes the evidence.
    PERFORM FROM workflow_dossier WHERE id = request.dossier_id FOR UPDATE;
    PERFORM FROM treaties_treaty WHERE id IN (
        SELECT treaty_id FROM workflow_dossier WHERE id = request.dossier_id
        UNION SELECT treaty_id FROM workflow_packagetreaty WHERE dossier_id = request.dossier_id
    ) ORDER BY id FOR UPDATE;
    SELECT actor_id INTO asked_in FROM audit_change WHERE id = request.change_id;
    hands := ARRAY[NEW.decided_by_id];
    IF NEW.decided_by_id IS DISTINCT FROM (SELECT actor_id FROM audit_change WHERE id = NEW.change_id) THEN
        RAISE EXCEPTION 'The decision names another person than its change' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.delegation_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(5207118, NEW.delegation_id::integer);
        SELECT * INTO given FROM workflow_delegation WHERE id = NEW.delegation_id;
        IF given.delegate_id IS DISTINCT FROM NEW.decided_by_id OR given.absent_id IS DISTINCT FROM NEW.decided_for_id
            OR NOT delegation_covers(given, request.dossier_id, NEW.decided_at) THEN
            RAISE EXCEPTION 'The delegation does not let this person decide this request'
                USING ERRCODE = 'check_violation';
        END IF;
        hands := hands || given.absent_id;
    END IF;
    IF NEW.outcome = 'withdrawn' THEN
        RETURN NEW;
    END IF;
    IF request.asked_by_id = ANY (hands) OR asked_in = ANY (hands) THEN
        RAISE EXCEPTION 'Four eyes: who asked for a consent does not decide it' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM four_eyes_editors(request) AS editor WHERE editor = ANY (hands)) THEN
        RAISE EXCEPTION 'Four eyes: who changed the evidence since a consent was asked does not decide it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_eyes_of_decision BEFORE INSERT ON workflow_decision
    FOR EACH ROW EXECUTE FUNCTION four_eyes_of_decision();
ALTER TABLE workflow_decision ENABLE ALWAYS TRIGGER four_eyes_of_decision;
ALTER TABLE workflow_decision ENABLE ALWAYS TRIGGER decision_names_its_asker;
"""

# Decisions of the past are transcribed as events of a dossier that says it was put together from sources.
CONSENT = """
CREATE FUNCTION consent_by_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision_id IS NULL THEN
        IF NEW.outcome IN ('approved', 'noted', 'postponed') AND NOT EXISTS (
            SELECT FROM workflow_dossier WHERE id = NEW.dossier_id AND origin = 'reconstructed') THEN
            RAISE EXCEPTION 'In a dossier that is followed a consent comes by a decision only'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM workflow_decision d JOIN workflow_approval a ON a.id = d.approval_id
        WHERE d.id = NEW.decision_id AND d.outcome = NEW.outcome
        AND a.dossier_id = NEW.dossier_id AND a.step = NEW.step) THEN
        RAISE EXCEPTION 'The event says otherwise than the decision it comes from' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_by_decision BEFORE INSERT ON workflow_event
    FOR EACH ROW EXECUTE FUNCTION consent_by_decision();
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER consent_by_decision;

CREATE FUNCTION origin_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin IS DISTINCT FROM OLD.origin THEN
        RAISE EXCEPTION 'Whether a dossier was followed or put together from sources is never changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER origin_is_kept BEFORE UPDATE OF origin ON workflow_dossier
    FOR EACH ROW EXECUTE FUNCTION origin_is_kept();
ALTER TABLE workflow_dossier ENABLE ALWAYS TRIGGER origin_is_kept;

CREATE FUNCTION request_names_who_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.asked_by_id IS DISTINCT FROM (SELECT actor_id FROM audit_change WHERE id = NEW.change_id) THEN
        RAISE EXCEPTION 'The request names another person than its change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_names_who_asked BEFORE INSERT ON workflow_approval
    FOR EACH ROW EXECUTE FUNCTION request_names_who_asked();
ALTER TABLE workflow_approval ENABLE ALWAYS TRIGGER request_names_who_asked;
"""

# At most half a year (184 days, first and last included), and no chains: who stands in for somebody in a period does
# not hand over in it, and who handed over in it does not stand in.
DELEGATING = """
ALTER TABLE workflow_delegation ADD CONSTRAINT delegation_half_a_year CHECK (ends - begins < 184);
CREATE FUNCTION delegation_no_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5207118, 0);
    IF EXISTS (
        SELECT FROM workflow_delegation d
        WHERE d.begins <= NEW.ends AND d.ends >= NEW.begins
        AND (d.delegate_id = NEW.absent_id OR d.absent_id = NEW.delegate_id)
        AND NOT EXISTS (SELECT FROM workflow_revocation r WHERE r.delegation_id = d.id)) THEN
        RAISE EXCEPTION 'What was delegated is not delegated on' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delegation_no_chain BEFORE INSERT ON workflow_delegation
    FOR EACH ROW EXECUTE FUNCTION delegation_no_chain();
ALTER TABLE workflow_delegation ENABLE ALWAYS TRIGGER delegation_no_chain;

CREATE FUNCTION revocation_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5207118, NEW.delegation_id::integer);
    RETURN NEW;
END $$;
CREATE TRIGGER revocation_waits BEFORE INSERT ON workflow_revocation
    FOR EACH ROW EXECUTE FUNCTION revocation_waits();
"""

UNDO = """
DROP TRIGGER revocation_waits ON workflow_revocation; DROP FUNCTION revocation_waits();
DROP TRIGGER delegation_no_chain ON workflow_delegation; DROP FUNCTION delegation_no_chain();
ALTER TABLE workflow_delegation DROP CONSTRAINT delegation_half_a_year;
DROP TRIGGER request_names_who_asked ON workflow_approval; DROP FUNCTION request_names_who_asked();
DROP TRIGGER origin_is_kept ON workflow_dossier; DROP FUNCTION origin_is_kept();
DROP TRIGGER consent_by_decision ON workflow_event; DROP FUNCTION consent_by_decision();
ALTER TABLE workflow_decision ENABLE TRIGGER decision_names_its_asker;
DROP TRIGGER four_eyes_of_decision ON workflow_decision; DROP FUNCTION four_eyes_of_decision();
DROP FUNCTION delegation_covers(workflow_delegation, bigint, timestamptz);
DROP FUNCTION four_eyes_editors(workflow_approval);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0004_foureyes"), ("treaties", "0015_foureyes"), ("audit", "0007_delegation")]
    # Its function reads the department as a text, and is made anew after that.
    run_before = [("accounts", "0003_levels")]

    operations = [
        append_only("workflow_delegation"),
        append_only("workflow_revocation"),
        migrations.RunSQL(EDITORS + DELEGATED + DECIDING + CONSENT + DELEGATING, UNDO),
    ]
