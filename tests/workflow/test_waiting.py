"""One sentence, in Dutch and in English, that says why a dossier waits: for whom, until when, by which article."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from tests.factories import add_evidence, read
from treaties.dates import PartialDate, parse
from treaties.models import Party
from workflow import actions, queries, waiting
from workflow.guards import Happening
from workflow.held import held
from workflow.models import Dossier
from workflow.presentation import entities
from workflow.procedures import law
from workflow.procedures.language import NO_TEXT, Text

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]


def said(dossier: Dossier, on: date | None = None) -> waiting.Waiting:
    what = held(read(dossier), on)
    return waiting.why(queries.assess_held(what, on or timezone.localdate()), entities.names(what))


def record(actor: User, dossier: Dossier, step: str, on: date | str, **kw: Any) -> None:
    despite = kw.pop("despite_reason", "")
    when = PartialDate(on) if isinstance(on, date) else parse(on)
    happening = Happening(step, when, **kw)
    actions.record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=despite)


def last_day(dossier: Dossier) -> date:
    return max(event.on for event in read(dossier).standing_events if event.on)


def entity(code: str) -> Party:
    return Party.objects.get(code=code)


class TestSteps:
    def test_for_whoever_has_to_act(self, make_dossier: Open) -> None:
        found = said(make_dossier())
        assert found.sentence == Text(
            "Wacht op het departement: “Initiatief”.", "Waiting for the department: “Initiative”."
        )
        assert (found.law, found.whole) == (NO_TEXT, found.sentence)

    def test_for_a_consent_that_can_be_asked_with_its_law(self, make_dossier: Open, advance: Go) -> None:
        found = said(advance(make_dossier(), "initiative"))
        assert found.sentence == Text(
            "Wacht op de Vlaamse Regering: “Mandaat om te onderhandelen”.",
            "Waiting for the Government of Flanders: “Mandate to negotiate”.",
        )
        assert found.law == law.EVERY_STEP
        assert found.whole.nl == f"{found.sentence.nl} ({law.EVERY_STEP.nl})"
        assert found.whole.en == f"{found.sentence.en} ({law.EVERY_STEP.en})"

    def test_for_a_decision_that_was_asked(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "initiative")
        add_evidence(staff, dossier, "mandate")
        actions.ask_consent(actor=staff, dossier=dossier, step="mandate")
        found = said(dossier)
        assert found.sentence == Text(
            "Wacht op de beslissing van de Vlaamse Regering over “Mandaat om te onderhandelen”.",
            "Waiting for the Government of Flanders to decide on “Mandate to negotiate”.",
        )
        assert found.law == law.EVERY_STEP

    def test_for_another_body(self, make_dossier: Open, advance: Go) -> None:
        found = said(advance(make_dossier("mixed"), "initiative"))
        assert found.sentence == Text(
            "Wacht op de Werkgroep Gemengde Verdragen: “Advies van de Werkgroep Gemengde Verdragen”.",
            "Waiting for the Working Group on Mixed Treaties: “Finding of the Working Group on Mixed Treaties”.",
        )
        assert found.law == law.MIXED_1

    def test_for_what_is_announced(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "partner_notification")
        with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
            record(staff, dossier, "entry_into_force", "2026-08-01")
            found = said(dossier, date(2026, 6, 1))
        assert found.sentence == Text(
            "“Inwerkingtreding” is aangekondigd voor 1 augustus 2026.",
            "“Entry into force” is announced for 1 August 2026.",
        )
        assert found.law == law.VCLT_24


class TestTerms:
    def test_for_objections_until_the_last_day(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        on = last_day(dossier)
        found = said(dossier, on)
        assert on == date(2024, 1, 18)
        assert found.sentence == Text(
            "Wacht op: Mogelijke bezwaren van de federale regering, tot en met 17 februari 2024.",
            "Waiting for: Possible objections of the federal government, up to and including 17 February 2024.",
        )
        assert found.law == law.BWHI_81_2
        # The day after it nobody waits for that any more.
        assert (
            said(dossier, on + timedelta(days=31)).sentence.en == "Waiting for the negotiators: “Negotiations opened”."
        )

    def test_for_an_advisory_council(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "approval_in_principle")
        on = last_day(dossier) + timedelta(days=1)
        record(staff, dossier, "advice_requested", on, outcome="30_days", body="serv")
        found = said(dossier, on)
        assert found.sentence.nl.startswith("Wacht op: Advies van de adviesraad, tot en met ")
        assert found.sentence.en.startswith("Waiting for: Advice of the advisory council, up to and including ")
        assert found.law == law.COUNCILS_III_103

    def test_for_the_council_of_state(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier(), "council_of_state_requested")
        found = said(dossier, last_day(dossier))
        # The next step is the advice itself: for whom is said, the law with it.
        assert found.sentence == Text(
            "Wacht op de Raad van State: “Advies van de Raad van State”.",
            "Waiting for the Council of State: “Advice of the Council of State”.",
        )
        assert found.law == law.COUNCIL_OF_STATE_3

    def test_a_term_of_unknown_beginning_has_no_known_end(self, make_dossier: Open, administrator: User) -> None:
        dossier = make_dossier(origin="reconstructed", actor=administrator)
        for step, outcome in (("initiative", ""), ("mandate", "approved")):
            record(administrator, dossier, step, "2024-01-08", outcome=outcome, source="VR")
        record(administrator, dossier, "information_negotiation", "2024", despite_reason="x")
        found = said(dossier, date(2024, 1, 20))
        assert found.sentence == Text(
            "Wacht op: Mogelijke bezwaren van de federale regering; het einde van de termijn kan nog niet bekend zijn.",
            "Waiting for: Possible objections of the federal government; the end of the term cannot be known yet.",
        )
        assert found.law == law.BWHI_81_2


class TestBlocked:
    def test_by_entities_that_are_named(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"]), "decree_published")
        found = said(dossier)
        names = [(one.name_nl, one.name_en) for one in map(entity, ("BE-WAL", "X-BE-FED"))]
        assert found.sentence == Text(
            "“Ratificatie door de Koning” wacht: Nog niet elk bevoegd parlement heeft ingestemd. "
            f"Nog: {names[0][0]}, {names[1][0]}.",
            "“Ratification by the King” waits: Not every competent parliament has assented yet. "
            f"Still: {names[0][1]}, {names[1][1]}.",
        )
        assert found.law == law.MIXED_12
        record(staff, dossier, "assent_of_entity", last_day(dossier), outcome="adopted", entity=entity("BE-WAL"))
        assert said(dossier).sentence.en.endswith(f"Still: {names[1][1]}.")

    def test_by_what_must_be_done_again(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "council_of_state_advice")
        record(staff, dossier, "draft_revised", last_day(dossier) + timedelta(days=1), outcome="to_second_approval")
        found = said(dossier)
        assert found.sentence == Text(
            "Wacht op de Vlaamse Regering: “Tweede principiële goedkeuring”.",
            "Waiting for the Government of Flanders: “Second approval in principle”.",
        )


class TestStandingStill:
    def test_an_objection_until_the_suspension_ends_by_itself(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=10)
        record(staff, dossier, "federal_objection", day)
        found = said(dossier, day)
        assert day == date(2024, 1, 28)
        assert found.sentence == Text(
            "Een federaal bezwaar van 28 januari 2024 schorst de procedure; "
            "zonder bevestiging tot en met 28 maart 2024.",
            "A federal objection of 28 January 2024 suspends the procedure; "
            "unless confirmed up to and including 28 March 2024.",
        )
        assert found.law == law.BWHI_81_2
        assert "suspends" not in said(dossier, date(2024, 3, 29)).sentence.en

    def test_a_confirmed_suspension(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        record(staff, dossier, "federal_objection", "2024-01-28")
        record(staff, dossier, "suspension_confirmed", "2024-03-10", outcome="no_relations")
        found = said(dossier, date(2025, 1, 1))
        assert found.sentence == Text(
            "De Koning heeft de schorsing van de procedure (bezwaar van 28 januari 2024) bevestigd.",
            "The King has confirmed the suspension of the procedure (objection of 28 January 2024).",
        )
        assert found.law.nl.startswith("BWHI art. 81")

    def test_on_hold_since_a_day(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        record(staff, dossier, "put_on_hold", "2024-05-01")
        assert said(dossier).sentence == Text(
            "Aangehouden sinds 1 mei 2024: niets is te laat.", "On hold since 1 May 2024: nothing is late."
        )
        record(staff, dossier, "resumed", "2024-06-01")
        assert said(dossier).sentence.en == "Waiting for the department: “Initiative”."

    def test_on_hold_since_an_unknown_day(self, make_dossier: Open, administrator: User) -> None:
        dossier = make_dossier(origin="reconstructed", actor=administrator)
        record(administrator, dossier, "put_on_hold", "")
        assert said(dossier).sentence == Text("Aangehouden: niets is te laat.", "On hold: nothing is late.")

    def test_an_entity_that_will_not_assent(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"]), "signature")
        record(staff, dossier, "assent_of_entity", last_day(dossier), outcome="declined", entity=entity("BE-WAL"))
        wal = entity("BE-WAL")
        found = said(dossier)
        assert found.sentence == Text(
            f"Aangehouden: {wal.name_nl} zal niet instemmen.", f"On hold: {wal.name_en} will not assent."
        )
        assert found.law == law.MIXED_12


class TestEnded:
    def test_completed(self, make_dossier: Open, advance: Go) -> None:
        assert said(advance(make_dossier())).sentence == Text(
            "Niets meer: de procedure is voltooid.", "Nothing any more: the procedure is completed."
        )

    def test_rejected(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier(), "plenary_vote", outcomes={"plenary_vote": "rejected"})
        assert said(dossier).sentence == Text(
            "Niets meer: “Stemming in de plenaire vergadering” eindigde met “verworpen”.",
            "Nothing any more: “Vote in the plenary sitting” ended with “rejected”.",
        )


def test_on_every_day_of_a_whole_procedure_it_says_something(make_dossier: Open, advance: Go) -> None:
    dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]))
    days = sorted({event.on for event in dossier.standing_events if event.on})
    for day in (one + timedelta(days=more) for one in days for more in (-1, 0, 1)):
        sentence = said(dossier, day).sentence
        assert sentence.nl.endswith("."), day
        assert sentence.en.endswith("."), day
        assert sentence.nl != sentence.en
        # It never stands against what the gates are judged by.
        now = queries.assessment(dossier, day)
        assert (now.next is None) == sentence.en.startswith("Nothing any more")
