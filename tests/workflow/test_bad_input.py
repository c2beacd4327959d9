"""What cannot be: every reason at once, in Dutch and in English, and not one row written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from audit.refusals import Refused
from tests.factories import add_evidence, read
from tests.workflow.rows import rows
from treaties.choices import ActKind
from treaties.dates import PartialDate, parse
from treaties.models import Document, Party
from workflow import actions, queries
from workflow.guards import ANNOUNCED, Happening
from workflow.models import Approval, Decision, Dossier, Event
from workflow.procedures import ALL

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]
Do = Callable[[], object]


def blockers(do: Do) -> dict[str, tuple[str, str]]:
    """The sentences of what `do` is refused for, in Dutch and in English, by code; and nothing was written."""
    said: dict[str, list[str]] = {}
    for language in ("nl", "en"):
        before = rows()
        with translation.override(language), pytest.raises(Refused) as caught:
            do()
        assert rows() == before
        for blocker in caught.value.blockers:
            with translation.override(language):
                said.setdefault(blocker.code, []).append(str(blocker.sentence))
    for code, sentences in said.items():
        assert len(sentences) == 2, code
        dutch, english = sentences
        assert dutch.strip(), code
        assert english.strip(), code
        assert dutch != english, f"{code} is not translated: {english}"
    return {code: (dutch, english) for code, (dutch, english) in said.items()}


def record(actor: User, dossier: Dossier, step: str, on: date | str, **kw: Any) -> Event:
    despite = kw.pop("despite_reason", "")
    when = PartialDate(on) if isinstance(on, date) else parse(on)
    return actions.record_event(
        actor=actor, dossier=dossier, happening=Happening(step, when, **kw), despite_reason=despite
    )


def last_day(dossier: Dossier) -> date:
    return max(event.on for event in read(dossier).standing_events if event.on)


def entity(code: str) -> Party:
    return Party.objects.get(code=code)


@contextmanager
def without_triggers() -> Iterator[Any]:
    """As the owner of the tables could: the triggers off, in this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


class TestDates:
    def test_what_did_not_happen_yet(self, make_dossier: Open, staff: User) -> None:
        dossier, tomorrow = make_dossier(), timezone.localdate() + timedelta(days=1)
        said = blockers(lambda: record(staff, dossier, "initiative", tomorrow))
        assert list(said) == ["future"]
        assert said["future"] == (
            "Deze datum ligt in de toekomst; leg het vast als het is gebeurd.",
            "This date lies in the future; record it once it has happened.",
        )

    def test_only_what_is_announced_may_lie_ahead(self, make_dossier: Open, staff: User) -> None:
        dossier, day = make_dossier(), timezone.localdate() + timedelta(days=60)
        announced = {step.code for procedure in ALL for step in procedure.steps if step.leaves in ANNOUNCED}
        assert {"entry_into_force", "effect", "provisional_application", "ended"} <= announced
        assert {ActKind.SIGNATURE, ActKind.RATIFICATION, ActKind.DECREE}.isdisjoint(ANNOUNCED)
        event = record(staff, dossier, "provisional_application", day)
        assert (event.on, event.despite) == (day, [])

    def test_the_future_is_said_with_everything_else(self, make_dossier: Open, staff: User) -> None:
        dossier, tomorrow = make_dossier(), timezone.localdate() + timedelta(days=1)
        said = blockers(
            lambda: record(staff, dossier, "plenary_vote", tomorrow, outcome="amended", body="serv", place="x" * 201)
        )
        assert list(said) == ["body", "outcome", "future", "text", "submitted"]

    def test_before_the_dossier_began(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "initiative")
        said = blockers(lambda: record(staff, dossier, "partner_notification", "2024-01-07"))
        assert list(said) == ["before_dossier"]
        assert "2024" in said["before_dossier"][0]
        assert said["before_dossier"][1] == "This lies before the dossier began, on 8 January 2024."
        # What really came before can be told, with a reason; on the day itself nothing is wrong.
        assert record(staff, dossier, "partner_notification", "2024-01-08").despite == []
        event = record(staff, dossier, "partner_notification", "2024-01-07", despite_reason="the note came first")
        assert event.despite == ["before_dossier"]

    def test_a_dossier_of_the_past_has_no_such_beginning(self, make_dossier: Open, administrator: User) -> None:
        dossier = make_dossier(origin="reconstructed", actor=administrator)
        record(administrator, dossier, "initiative", "2007-03-09")
        assert record(administrator, dossier, "partner_notification", "2001", source="x").despite == []

    @pytest.mark.parametrize("typed", ["30/2/2026", "30 februari 2026", "2026-02-30", "29/2/2026"])
    def test_a_day_that_does_not_exist(self, typed: str, make_dossier: Open, staff: User, client: Client) -> None:
        dossier = make_dossier()
        client.force_login(staff)
        data = {"when": typed, "submission": str(uuid4()), "document_kind": "other", "document_language": "nl"}
        before, said = rows(), []
        for language in ("nl", "en"):
            response = client.post(
                f"/dossiers/{dossier.reference}/record/initiative/", data, headers={"accept-language": language}
            )
            assert response.status_code == 422
            said.append(response.content.decode())
        dutch, english = said
        assert f"“{typed}” is geen datum." in dutch
        assert f"“{typed}” is not a date." in english
        assert rows() == before


class TestOrder:
    def test_a_sanction_before_the_vote(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "committee_report")
        add_evidence(staff, dossier, "sanction_and_promulgation")
        said = blockers(lambda: actions.ask_consent(actor=staff, dossier=dossier, step="sanction_and_promulgation"))
        assert said == {
            "adopted": (
                "Het Vlaams Parlement heeft het decreet nog niet aangenomen.",
                "The Flemish Parliament has not adopted the decree yet.",
            )
        }

    def test_a_sanction_dated_before_the_vote(
        self, make_dossier: Open, advance: Go, staff: User, reviewer: User
    ) -> None:
        dossier = advance(make_dossier(), "plenary_vote")
        add_evidence(staff, dossier, "sanction_and_promulgation")
        approval = actions.ask_consent(actor=staff, dossier=dossier, step="sanction_and_promulgation")
        voted = last_day(dossier)

        def decide(on: date) -> Decision:
            return actions.decide_consent(actor=reviewer, approval=approval, outcome="approved", decided_on=on)

        said = blockers(lambda: decide(voted - timedelta(days=1)))
        assert list(said) == ["adopted"]
        assert decide(voted).outcome == "approved"

    def test_a_sanction_of_what_was_rejected(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "plenary_vote", outcomes={"plenary_vote": "rejected"})
        add_evidence(staff, dossier, "sanction_and_promulgation")
        said = blockers(lambda: actions.ask_consent(actor=staff, dossier=dossier, step="sanction_and_promulgation"))
        assert list(said) == ["adopted"]

    def test_a_ratification_while_an_entity_is_missing(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"]), "decree_published")
        day = last_day(dossier) + timedelta(days=1)
        expected = (
            "Nog niet elk bevoegd parlement heeft ingestemd.",
            "Not every competent parliament has assented yet.",
        )
        said = blockers(lambda: record(staff, dossier, "ratification", day))
        assert said == {"assents": expected}
        # Introduced is no assent; one of two is not all.
        record(staff, dossier, "assent_of_entity", day, outcome="introduced", entity=entity("BE-WAL"))
        record(staff, dossier, "assent_of_entity", day, outcome="adopted", entity=entity("X-BE-FED"))
        assert blockers(lambda: record(staff, dossier, "ratification", day)) == {"assents": expected}
        record(staff, dossier, "assent_of_entity", day, outcome="adopted", entity=entity("BE-WAL"))
        assert record(staff, dossier, "ratification", day).despite == []

    def test_a_ratification_with_nothing_done(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed", entities=["X-BE-FED"])
        said = blockers(lambda: record(staff, dossier, "ratification", "2024-01-08"))
        assert list(said) == ["decree", "assents"]

    def test_a_suspension_is_lifted_once(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=10)
        record(staff, dossier, "federal_objection", day)
        lifted = {"outcome": "no_objection_remains"}
        record(staff, dossier, "conference_finding", day + timedelta(days=5), **lifted)
        said = blockers(lambda: record(staff, dossier, "conference_finding", day + timedelta(days=6), **lifted))
        assert said == {"suspended": ("Er loopt geen schorsing.", "No suspension runs.")}

    def test_nor_is_one_that_ended_by_itself(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=10)
        record(staff, dossier, "federal_objection", day)
        for step, outcome in (("conference_finding", "no_objection_remains"), ("suspension_confirmed", "no_relations")):
            said = blockers(
                lambda step=step, outcome=outcome: record(  # type: ignore[misc]
                    staff, dossier, step, day + timedelta(days=61), outcome=outcome
                )
            )
            assert list(said) == ["suspended"]

    def test_a_confirmed_suspension_is_released_once(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=10)
        record(staff, dossier, "federal_objection", day)
        assert list(blockers(lambda: record(staff, dossier, "suspension_released", day))) == ["suspended"]
        record(staff, dossier, "suspension_confirmed", day + timedelta(days=40), outcome="no_relations")
        record(staff, dossier, "suspension_released", day + timedelta(days=50))
        said = blockers(lambda: record(staff, dossier, "suspension_released", day + timedelta(days=51)))
        assert said["suspended"][1] == "No confirmed suspension runs."

    def test_what_a_suspension_forbids(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=10)
        record(staff, dossier, "federal_objection", day)
        said = blockers(lambda: record(staff, dossier, "negotiation_opened", day + timedelta(days=40)))
        assert list(said) == ["suspended"]
        assert "schorst de procedure" in said["suspended"][0]
        assert "suspends the procedure" in said["suspended"][1]

    def test_what_is_not_on_hold_is_not_resumed(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        said = blockers(lambda: record(staff, dossier, "resumed", "2024-05-01"))
        assert said["on_hold"] == ("Het dossier is niet aangehouden.", "The dossier has not been put on hold.")

    def test_a_text_that_was_signed_is_not_reopened(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "signature")
        day = last_day(dossier) + timedelta(days=1)
        assert list(blockers(lambda: record(staff, dossier, "talks_reopened", day))) == ["signed"]


class TestRequests:
    @pytest.fixture
    def asked(self, make_dossier: Open, advance: Go, staff: User) -> Approval:
        dossier = advance(make_dossier(), "initiative")
        add_evidence(staff, dossier, "mandate")
        return actions.ask_consent(actor=staff, dossier=dossier, step="mandate")

    def test_a_second_open_request(self, asked: Approval, staff2: User) -> None:
        said = blockers(lambda: actions.ask_consent(actor=staff2, dossier=asked.dossier, step="mandate"))
        assert said["already_asked"][1] == "This consent was already asked and awaits a decision."
        assert list(said) == ["already_asked"]

    def test_a_second_open_request_without_its_papers(self, asked: Approval, staff2: User) -> None:
        with transaction.atomic(), without_triggers() as cursor:
            cursor.execute(f"DELETE FROM {Document._meta.db_table}")  # noqa: S608 (our own table)
        said = blockers(lambda: actions.ask_consent(actor=staff2, dossier=asked.dossier, step="mandate"))
        assert list(said) == ["already_asked", "evidence_missing_memorandum"]

    @pytest.mark.parametrize("how", ["delete", "truncate"])
    def test_the_evidence_cannot_be_deleted(self, how: str, asked: Approval) -> None:
        before, table = rows(), Document._meta.db_table
        statements = {
            "delete": f"DELETE FROM {table}",  # noqa: S608 (our own table)
            "truncate": f"TRUNCATE {table} CASCADE",
        }
        with connection.cursor() as cursor:
            # As at the end of a transaction: what waits to be checked is checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(Error, match="refused"), transaction.atomic():
                cursor.execute(statements[how])
        assert rows() == before

    @pytest.mark.parametrize("outcome", ["approved", "noted"])
    @pytest.mark.parametrize("how", ["deleted", "changed"])
    def test_no_decision_on_papers_that_are_not_as_they_were(
        self, how: str, outcome: str, asked: Approval, reviewer: User
    ) -> None:
        document, table = Document.objects.get(), Document._meta.db_table
        with transaction.atomic(), without_triggers() as cursor:
            if how == "deleted":
                cursor.execute(f"DELETE FROM {table} WHERE id = %s", [document.pk])  # noqa: S608
            else:
                cursor.execute(f"UPDATE {table} SET sha256 = repeat('0', 64) WHERE id = %s", [document.pk])  # noqa: S608
        said = blockers(
            lambda: actions.decide_consent(actor=reviewer, approval=asked, outcome=outcome, decided_on=date(2024, 2, 1))
        )
        assert list(said) == ["evidence_gone"]
        dutch, english = said["evidence_gone"]
        assert dutch.endswith(": nota aan de Vlaamse Regering.")
        assert english.endswith(": memorandum to the Government of Flanders.")
        # A refusal opens nothing: it can still be recorded.
        decision = actions.decide_consent(
            actor=reviewer, approval=asked, outcome="refused", decided_on=date(2024, 2, 1), reason="stuk weg"
        )
        assert decision.outcome == "refused"

    def test_everything_that_lacks_is_said_at_once(self, asked: Approval, reviewer: User) -> None:
        with transaction.atomic(), without_triggers() as cursor:
            cursor.execute(f"DELETE FROM {Document._meta.db_table}")  # noqa: S608 (our own table)
        said = blockers(
            lambda: actions.decide_consent(
                actor=reviewer, approval=asked, outcome="approved", decided_on=date(2024, 1, 7)
            )
        )
        assert list(said) == ["initiative", "evidence_gone"]

    def test_what_was_asked_with_stays_as_it_was_frozen(self, asked: Approval) -> None:
        with pytest.raises(Error, match="never rewritten"), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(evidence=[])
        kept = Approval.objects.get(pk=asked.pk)
        assert kept.evidence_sha256 == queries.digest(kept.evidence)


class TestEntities:
    def test_no_entity_or_one_that_is_none(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        for party in (None, entity("FR")):
            said = blockers(
                lambda party=party: record(  # type: ignore[misc]
                    staff, dossier, "assent_of_entity", "2024-02-01", outcome="adopted", entity=party
                )
            )
            assert list(said) == ["entity"]
            assert said["entity"][1] == "Choose the Belgian entity this concerns."

    def test_an_unknown_one_is_no_choice_of_the_form(self, make_dossier: Open, staff: User, client: Client) -> None:
        dossier = make_dossier("mixed")
        client.force_login(staff)
        before = rows()
        for address in (f"record/{'assent_of_entity'}/", "entities/"):
            data = {"entity": "ATLANTIS", "when": "1/2/2024", "outcome": "adopted", "acts": "1", "reason": "x"}
            data |= {"submission": str(uuid4()), "determined_by": "conference"}
            data |= {"document_kind": "other", "document_language": "nl"}
            response = client.post(f"/dossiers/{dossier.reference}/{address}", data)
            assert response.status_code == 422
            assert list(response.context["form"].errors) == ["entity"]
        assert client.get(f"/dossiers/{dossier.reference}/entities/ATLANTIS/release/").status_code == 404
        assert rows() == before

    def test_a_country_is_not_required(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        said = blockers(
            lambda: actions.require_entity(actor=staff, dossier=dossier, entity=entity("FR"), reason="x", acts=9)
        )
        assert list(said) == ["entity", "acts"]

    def test_who_is_not_required_is_not_released(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        said = blockers(
            lambda: actions.release_entity(actor=staff, dossier=dossier, entity=entity("BE-WAL"), reason="x")
        )
        assert said["entity"][1] == "This entity is not required."
