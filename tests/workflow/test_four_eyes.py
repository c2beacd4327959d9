"""Four eyes, by the actions and by the database itself: who asked, and who changed the evidence, does not decide."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from tests.factories import add_pdf, read, version
from tests.workflow.rows import refused
from treaties import actions as record
from treaties.actions import DocumentEntry, TitleEntry
from treaties.choices import DocumentKind
from treaties.dates import parse
from treaties.models import Party
from workflow import actions, four_eyes
from workflow.guards import Happening
from workflow.models import Approval, Decision, Dossier, Event

pytestmark = pytest.mark.django_db

Edit = Callable[[User, Approval], Any]
DECIDE = """
    INSERT INTO workflow_decision (approval_id, outcome, decided_on, number, reason, asked_by_id, decided_by_id,
                                   decided_at, seen, seen_sha256, change_id)
    SELECT id, %s, '2024-02-01', '', '', asked_by_id, %s, now(), '{}', '', %s FROM workflow_approval WHERE id = %s
"""
EVENT = """
    INSERT INTO workflow_event (dossier_id, step, outcome, "on", precision, body, place, number, note, source,
                                despite, despite_reason, is_void, decision_id, recorded_by_id, recorded_at, change_id)
    VALUES (%s, %s, %s, '2024-02-01', 'day', '', '', '', '', '', '[]', '', false, %s, %s, now(), %s)
"""


@pytest.fixture
def asked(
    make_dossier: Callable[..., Dossier],
    advance: Callable[..., Dossier],
    give_evidence: Callable[[Dossier, str], None],
    staff: User,
) -> Approval:
    dossier = advance(make_dossier("mixed"), "initiative")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate")


def by_hand(approval: Approval, decider: User, outcome: str = "approved", *, actor: User | None = None) -> None:
    """A decision written into the table, past every action and guard."""
    opened = change(actor or decider, action=Action.CONSENT_DECIDE, reason="by hand")
    with opened as row, connection.cursor() as cursor:
        cursor.execute(DECIDE, [outcome, decider.pk, row.pk, approval.pk])


def decide(actor: User, approval: Approval, outcome: str = "approved") -> Decision:
    return actions.decide_consent(
        actor=actor, approval=approval, outcome=outcome, decided_on=date(2024, 2, 1), reason="x"
    )


def a_paper(actor: User, approval: Approval) -> None:
    add_pdf(actor, approval.dossier.treaty, DocumentKind.MEMORANDUM, "a newer one")


def what_is_said_of_a_paper(actor: User, approval: Approval) -> None:
    paper = approval.dossier.treaty.documents.get()
    row = DocumentEntry(paper.pk, "Another title", paper.kind, paper.language, paper.access)
    record.describe_document(
        actor=actor, document=paper, entry=row, version=version(paper.treaty), reason="it reads better"
    )


def a_title(actor: User, approval: Approval) -> None:
    treaty = approval.dossier.treaty
    basics = record.Basics(treaty.kind, treaty.qualification, treaty.access)  # type: ignore[arg-type]
    rows = [TitleEntry("en", "short", "A short name")]
    record.save_basics(actor=actor, treaty=treaty, rows=rows, basics=basics, version=version(treaty), reason="x")


def an_event(actor: User, approval: Approval) -> None:
    happening = Happening(step="text_agreed", when=parse("2024-01-20"))
    actions.record_event(actor=actor, dossier=approval.dossier, happening=happening, despite_reason="they told us")


def an_entity(actor: User, approval: Approval) -> None:
    entity = Party.objects.get(code="X-BE-FED")
    actions.require_entity(actor=actor, dossier=approval.dossier, entity=entity, reason="competent")


EDITS: list[Edit] = [a_paper, what_is_said_of_a_paper, a_title, an_event, an_entity]


class TestWhoEditedTheEvidence:
    @pytest.mark.parametrize("edit", EDITS)
    def test_does_not_decide(self, edit: Edit, asked: Approval, reviewer: User) -> None:
        edit(reviewer, asked)
        with refused("edited_since") as answer:
            decide(reviewer, asked)
        assert four_eyes.edited(asked, reviewer.pk)
        assert four_eyes.edited(asked, reviewer.pk)[0] in str(answer.blockers[0].sentence)

    @pytest.mark.parametrize("edit", EDITS)
    def test_is_refused_by_the_database_too(self, edit: Edit, asked: Approval, reviewer: User) -> None:
        edit(reviewer, asked)
        with pytest.raises(IntegrityError, match="who changed the evidence"), transaction.atomic():
            by_hand(asked, reviewer)
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("edit", EDITS)
    def test_somebody_else_decides(self, edit: Edit, asked: Approval, reviewer: User, administrator: User) -> None:
        edit(reviewer, asked)
        assert decide(administrator, asked).decided_by == administrator

    def test_what_was_done_before_the_request_does_not_count(
        self, make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier], staff: User, reviewer: User
    ) -> None:
        dossier = advance(make_dossier(), "initiative")
        add_pdf(reviewer, dossier.treaty, DocumentKind.MEMORANDUM)
        approval = actions.ask_consent(actor=staff, dossier=read(dossier), step="mandate")
        assert decide(reviewer, approval).decided_by == reviewer

    def test_another_paper_of_the_file_does_not_count(self, asked: Approval, reviewer: User) -> None:
        add_pdf(reviewer, asked.dossier.treaty, DocumentKind.LETTER)
        assert decide(reviewer, asked).decided_by == reviewer

    def test_a_decision_on_another_gate_does_not_count(self, asked: Approval, reviewer: User, staff: User) -> None:
        decide(reviewer, asked, "postponed")
        again = actions.ask_consent(actor=staff, dossier=read(asked.dossier), step="mandate")
        assert decide(reviewer, again).decided_by == reviewer

    def test_the_page_says_so(self, asked: Approval, reviewer: User) -> None:
        a_title(reviewer, asked)
        client = Client(headers={"accept-language": "en"})
        client.force_login(reviewer)
        page = client.get(f"/review/{asked.pk}/").content.decode()
        assert "Since it was asked you changed what is decided on" in page
        assert "A short name" in page


class TestTheDatabase:
    """From a connection of a superuser, by SQL."""

    def test_these_tests_connect_as_a_superuser(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (True,)

    @pytest.mark.parametrize("outcome", ["approved", "noted", "postponed", "refused"])
    def test_the_asker_is_no_decider(self, outcome: str, asked: Approval, staff: User) -> None:
        with pytest.raises(IntegrityError, match="who asked for a consent does not decide it"), transaction.atomic():
            by_hand(asked, staff, outcome)

    def test_nor_with_the_triggers_switched_off_for_copies(self, asked: Approval, staff: User) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(IntegrityError, match="who asked for a consent does not decide it"), transaction.atomic():
            by_hand(asked, staff)

    def test_nor_in_the_name_of_somebody_else(self, asked: Approval, staff: User, reviewer: User) -> None:
        with pytest.raises(IntegrityError, match="another person than its change"), transaction.atomic():
            by_hand(asked, reviewer, actor=staff)

    def test_a_request_is_not_asked_in_the_name_of_somebody_else(
        self, make_dossier: Callable[..., Dossier], staff: User, reviewer: User
    ) -> None:
        with change(reviewer, action=Action.CONSENT_ASK, reason="by hand") as row:
            request = Approval(
                dossier=make_dossier(actor=reviewer), step="mandate", attempt=1, asked_by=staff, evidence=[], change=row
            )
            with pytest.raises(IntegrityError, match="another person than its change"), transaction.atomic():
                request.save(force_insert=True)

    def test_somebody_else_is(self, asked: Approval, reviewer: User) -> None:
        by_hand(asked, reviewer)
        assert Decision.objects.get().decided_by == reviewer

    def test_a_decision_is_never_rewritten(self, asked: Approval, reviewer: User, staff: User) -> None:
        decide(reviewer, asked)
        for statement in ("UPDATE workflow_decision SET decided_by_id = asked_by_id", "DELETE FROM workflow_decision"):
            with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
                connection.cursor().execute(statement)


class TestConsentWithoutADecision:
    def event(self, dossier: Dossier, actor: User, outcome: str, decision: int | None = None) -> None:
        opened = change(actor, action=Action.EVENT_RECORD, reason="by hand")
        with opened as row, connection.cursor() as cursor:
            cursor.execute(EVENT, [dossier.pk, "mandate", outcome, decision, actor.pk, row.pk])

    @pytest.mark.parametrize("outcome", ["approved", "noted", "postponed"])
    def test_is_refused_in_a_dossier_that_is_followed(self, outcome: str, asked: Approval, reviewer: User) -> None:
        with pytest.raises(IntegrityError, match="comes by a decision only"), transaction.atomic():
            self.event(asked.dossier, reviewer, outcome)

    def test_is_transcribed_in_one_that_was_put_together(
        self, make_dossier: Callable[..., Dossier], administrator: User
    ) -> None:
        past = make_dossier(origin="reconstructed", actor=administrator)
        happening = Happening("mandate", parse("2004-05-01"), outcome="approved", source="VR 2004 3004 DOC.0001")
        actions.record_event(
            actor=administrator, dossier=past, happening=happening, despite_reason="the source tells no more"
        )
        event = Event.objects.get(step="mandate")
        assert (event.decision, event.source, event.dossier.origin) == (None, "VR 2004 3004 DOC.0001", "reconstructed")

    def test_a_dossier_does_not_become_one_of_the_past(self, asked: Approval) -> None:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            connection.cursor().execute("UPDATE workflow_dossier SET origin = 'reconstructed'")

    def test_an_event_says_what_its_decision_says(self, asked: Approval, reviewer: User) -> None:
        by_hand(asked, reviewer, "refused")
        decision = Decision.objects.get()
        with pytest.raises(IntegrityError, match="otherwise than the decision"), transaction.atomic():
            self.event(asked.dossier, reviewer, "approved", decision.pk)
        self.event(asked.dossier, reviewer, "refused", decision.pk)
        assert Event.objects.get(decision=decision).outcome == "refused"
