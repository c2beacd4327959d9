"""Dossiers that go back, aside, elsewhere or their own way: the engine by facts alone."""

from datetime import date, timedelta

import pytest

from tests.workflow.facts import ENTITIES, FIRST, LATER, codes, facts, next_of, on_day, on_the_last_day, path, state
from treaties.choices import Actor, RelationKind, Stage
from workflow.choices import StepState
from workflow.conditions import Fact
from workflow.engine import Assessment, assess
from workflow.procedures import Procedure
from workflow.procedures.accession import ACCESSION
from workflow.procedures.amendment import AMENDMENT
from workflow.procedures.association import ASSOCIATION
from workflow.procedures.denunciation import DENUNCIATION
from workflow.procedures.eu_mixed import EU_MIXED
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.mixed import MIXED
from workflow.procedures.mou import MOU
from workflow.procedures.simplified import SIMPLIFIED
from workflow.procedures.technical import TECHNICAL

BACK = date(2026, 1, 5)


class TestGoingBack:
    ADVISED = path(EXCLUSIVE, "council_of_state_advice")

    def test_to_the_second_approval_the_council_of_state_is_asked_again(self) -> None:
        told = on_day(self.ADVISED, BACK, "draft_revised", "to_second_approval")
        seen = assess(EXCLUSIVE, told, LATER)
        assert (next_of(seen), seen.awaited) == ("second_approval_in_principle", Actor.GOVERNMENT)
        assert codes(seen, "final_approval")[-1] == "to_do_again"
        assert codes(seen, "council_of_state_requested") == ["to_do_again"]
        assert {fact.step for fact in seen.overtaken} == {"council_of_state_requested", "council_of_state_advice"}
        assert state(seen, "approval_in_principle") == StepState.HAPPENED
        again = on_day(told, "2026-01-20", "second_approval_in_principle", "approved")
        assert next_of(assess(EXCLUSIVE, again, LATER)) == "council_of_state_requested"

    def test_to_the_first_approval_everything_from_there_is_done_again(self) -> None:
        told = on_day(self.ADVISED, BACK, "draft_revised", "to_first_approval")
        seen = assess(EXCLUSIVE, told, LATER)
        assert (next_of(seen), seen.stage) == ("approval_in_principle", Stage.ADVICE)
        again = on_day(told, "2026-01-20", "approval_in_principle", "approved")
        seen = assess(EXCLUSIVE, again, LATER)
        # What is optional otherwise is asked again only where the return begins with it.
        assert next_of(seen) == "council_of_state_requested"
        assert state(seen, "second_approval_in_principle") == StepState.OPEN

    def test_a_refused_approval_does_not_do_it_again(self) -> None:
        told = on_day(self.ADVISED, BACK, "draft_revised", "to_first_approval")
        told = on_day(told, "2026-01-20", "approval_in_principle", "refused")
        assert next_of(assess(EXCLUSIVE, told, LATER)) == "approval_in_principle"

    def test_as_of_a_day_before_nothing_was_taken_back(self) -> None:
        told = on_day(self.ADVISED, BACK, "draft_revised", "to_first_approval")
        seen = assess(EXCLUSIVE, told, BACK - timedelta(days=1))
        assert (next_of(seen), seen.overtaken) == ("final_approval", ())

    def test_once_submitted_the_draft_is_withdrawn_first(self) -> None:
        assert codes(on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, "submitted_to_parliament")), "draft_revised") == [
            "submitted"
        ]

    def test_talks_reopen_before_the_signature(self) -> None:
        told = path(EXCLUSIVE, "information_signature")
        assert codes(on_the_last_day(EXCLUSIVE, told), "talks_reopened") == []
        seen = assess(EXCLUSIVE, on_day(told, BACK, "talks_reopened"), LATER)
        assert (next_of(seen), seen.stage) == ("text_agreed", Stage.NEGOTIATION)
        assert set(codes(seen, "signature")) == {"full_powers", "informed_signature", "to_do_again"}
        assert seen.deadlines == ()

    def test_after_the_signature_only_a_new_instrument_changes_the_text(self) -> None:
        seen = on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, "signature"))
        assert [(blocker.code, str(blocker.law)) for blocker in seen.report("talks_reopened").blockers] == [
            ("signed", "Verdrag van Wenen inzake het verdragenrecht, art. 39-41")
        ]

    def test_letters_that_were_sent_close_the_talks_too(self) -> None:
        seen = on_the_last_day(SIMPLIFIED, path(SIMPLIFIED, "letter_sent"))
        assert codes(seen, "talks_reopened") == ["signed"]

    @pytest.mark.parametrize("why", ["withdrawn", "lapsed"])
    def test_a_bill_that_was_withdrawn_is_approved_and_submitted_again(self, why: str) -> None:
        told = on_day(path(EXCLUSIVE, "submitted_to_parliament"), BACK, "bill_withdrawn", why)
        seen = assess(EXCLUSIVE, told, LATER)
        assert (next_of(seen), codes(seen, "plenary_vote")) == ("final_approval", ["submitted", "to_do_again"])
        told = on_day(told, "2026-02-01", "final_approval", "approved")
        assert next_of(assess(EXCLUSIVE, told, LATER)) == "submitted_to_parliament"
        told = on_day(told, "2026-02-10", "submitted_to_parliament")
        assert next_of(assess(EXCLUSIVE, told, LATER)) == "plenary_vote"

    def test_after_the_vote_no_bill_is_withdrawn(self) -> None:
        assert codes(on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, "plenary_vote")), "bill_withdrawn") == ["voted"]
        seen = on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, "sanction_and_promulgation"))
        assert codes(seen, "bill_withdrawn") == ["voted", "decree_stands"]

    def test_an_exclusive_treaty_that_turns_out_mixed_goes_through_the_working_group(self) -> None:
        told = on_day(path(EXCLUSIVE, "signature"), BACK, "requalified", "council_of_state")
        seen = assess(MIXED, told, LATER, entities=ENTITIES)
        assert (next_of(seen), seen.awaited) == ("working_group", Actor.WORKING_GROUP)
        assert "to_do_again" in codes(seen, "approval_in_principle")
        assert state(seen, "signature") == StepState.HAPPENED
        assert {fact.step for fact in seen.foreign} == {"information_negotiation", "information_signature"}
        told = on_day(told, "2026-01-10", "working_group", "mixed")
        assert next_of(assess(MIXED, told, LATER, entities=ENTITIES)) == "conference"
        told = on_day(told, "2026-02-01", "conference")
        assert next_of(assess(MIXED, told, LATER, entities=ENTITIES)) == "approval_in_principle"

    def test_a_finding_of_before_the_requalification_does_not_count(self) -> None:
        told = on_day(path(MIXED, "conference", entities=ENTITIES), BACK, "requalified", "government")
        assert next_of(assess(MIXED, told, LATER, entities=ENTITIES)) == "working_group"


class TestOnHold:
    TOLD = on_day(path(EXCLUSIVE, "approval_in_principle"), BACK, "put_on_hold")

    def test_a_dossier_put_aside_is_on_hold_and_keeps_its_place(self) -> None:
        seen = assess(EXCLUSIVE, self.TOLD, LATER)
        assert (seen.is_on_hold, next_of(seen)) == (True, "council_of_state_requested")
        assert seen.paused_by
        assert seen.paused_by.when.on == BACK
        assert not assess(EXCLUSIVE, self.TOLD, BACK - timedelta(days=1)).is_on_hold

    def test_it_is_taken_up_again_and_put_aside_again(self) -> None:
        told = on_day(self.TOLD, "2026-02-01", "resumed")
        assert not assess(EXCLUSIVE, told, LATER).is_on_hold
        assert assess(EXCLUSIVE, told, date(2026, 1, 31)).is_on_hold
        assert assess(EXCLUSIVE, on_day(told, "2026-03-01", "put_on_hold"), LATER).is_on_hold

    def test_what_was_not_put_aside_cannot_be_resumed(self) -> None:
        assert codes(assess(MOU, [], FIRST), "resumed") == ["on_hold"]

    def test_an_entity_that_will_not_assent_holds_it_without_an_alarm(self) -> None:
        told = path(MIXED, "assent_of_entity", entities=ENTITIES)
        told = on_day(told, BACK, "assent_of_entity", "declined", entity="X-BE-FG")
        seen = assess(MIXED, told, LATER, entities=ENTITIES)
        assert (seen.declined, seen.is_on_hold, seen.paused_by) == (("X-BE-FG",), True, None)
        assert codes(seen, "ratification") == ["assents"]
        told = on_day(told, "2026-02-01", "assent_of_entity", "adopted", entity="X-BE-FG")
        seen = assess(MIXED, told, LATER, entities=ENTITIES)
        assert (seen.declined, seen.is_on_hold, codes(seen, "ratification")) == ((), False, [])

    def test_an_entity_that_is_not_required_holds_nothing(self) -> None:
        told = on_day([], BACK, "assent_of_entity", "declined", entity="X-BE-GGC")
        assert not assess(MIXED, told, LATER, entities=ENTITIES).is_on_hold

    def test_a_definitive_refusal_ends_an_agreement_of_the_union(self) -> None:
        told = path(EU_MIXED, "sanction_and_promulgation", entities=ENTITIES)
        assert codes(assess(EU_MIXED, told, LATER, entities=ENTITIES), "refusal_notified") == ["declined"]
        told = on_day(told, BACK, "assent_of_entity", "declined", entity="X-BE-FG")
        seen = assess(EU_MIXED, told, LATER, entities=ENTITIES)
        assert (seen.is_on_hold, codes(seen, "refusal_notified")) == (True, [])
        over = assess(EU_MIXED, on_day(told, "2026-03-01", "refusal_notified", "final"), LATER, entities=ENTITIES)
        assert (over.stage, over.next) == (Stage.DONE, None)
        still = assess(EU_MIXED, on_day(told, "2026-03-01", "refusal_notified", "negotiated"), LATER, entities=ENTITIES)
        assert next_of(still) == "ratification"


class TestPackage:
    BOTH = frozenset({"TR-A", "TR-B"})

    def test_a_package_waits_for_the_last_of_its_treaties(self) -> None:
        told = on_day(path(EXCLUSIVE, "information_signature"), BACK, "signature", treaty="TR-A")
        one = assess(EXCLUSIVE, told, LATER, treaties=self.BOTH)
        assert (next_of(one), one.report("signature").missing_treaties) == ("signature", ("TR-B",))
        assert codes(one, "approval_in_principle") == ["signature"]
        told = on_day(told, BACK, "signature", treaty="TR-B")
        both = assess(EXCLUSIVE, told, LATER, treaties=self.BOTH)
        assert (next_of(both), both.report("signature").missing_treaties) == ("approval_in_principle", ())

    def test_one_decision_for_all_names_no_treaty(self) -> None:
        seen = assess(EXCLUSIVE, path(EXCLUSIVE, "signature"), LATER, treaties=self.BOTH)
        assert next_of(seen) == "approval_in_principle"


class TestCouncils:
    def test_one_advice_of_two_leaves_the_other_to_wait_for(self) -> None:
        told = path(EXCLUSIVE, "approval_in_principle")
        told = on_day(told, "2026-05-18", "advice_requested", "30_days", body="serv")
        told = on_day(told, "2026-05-18", "advice_requested", "urgent", body="mora")
        seen = assess(EXCLUSIVE, told, date(2026, 5, 20))
        assert {one.fact.body: one.last for one in seen.deadlines} == {
            # Ten working days over Whit Monday, 25 May 2026.
            "mora": date(2026, 6, 2),
            "serv": date(2026, 6, 17),
        }
        told = on_day(told, "2026-05-29", "advice_received", "given", body="mora")
        seen = assess(EXCLUSIVE, told, LATER)
        assert [one.fact.body for one in seen.deadlines] == ["serv"]
        assert codes(seen, "council_of_state_requested") == ["advice_open"]
        # 17 June is the last day; on the next the dossier goes on without that advice.
        assert codes(assess(EXCLUSIVE, told, date(2026, 6, 17)), "council_of_state_requested") == ["advice_open"]
        assert codes(assess(EXCLUSIVE, told, date(2026, 6, 18)), "council_of_state_requested") == []


class TestTermsNobodyWaitsFor:
    def test_a_letter_before_the_signature_draws_no_alarm_once_its_term_is_over(self) -> None:
        told = path(EXCLUSIVE, "information_signature")
        sent = told[-1].when.on
        assert sent
        days = [sent + timedelta(days=number) for number in (0, 30, 31)]
        assert [len(assess(EXCLUSIVE, told, on).deadlines) for on in days] == [1, 1, 0]

    def test_nor_one_of_an_unknown_day_once_the_treaty_is_signed(self) -> None:
        told = on_day(path(EXCLUSIVE, "consent_to_sign"), "", "information_signature")
        assert [one.last for one in assess(EXCLUSIVE, told, LATER).deadlines] == [None]
        assert assess(EXCLUSIVE, on_day(told, BACK, "signature"), LATER).deadlines == ()


class TestEnding:
    @pytest.mark.parametrize(
        ("procedure", "until", "step", "outcome"),
        [
            (EXCLUSIVE, "submitted_to_parliament", "plenary_vote", "rejected"),
            (MIXED, "initiative", "working_group", "without_flanders"),
            (DENUNCIATION, "consent_to_denounce", "assent_to_denounce", "rejected"),
            (DENUNCIATION, "denunciation_notice", "ended", "denounced"),
        ],
    )
    def test_some_ways_a_step_ends_end_the_dossier(
        self, procedure: Procedure, until: str, step: str, outcome: str
    ) -> None:
        seen = assess(procedure, on_day(path(procedure, until), BACK, step, outcome), LATER)
        assert (seen.stage, seen.next, seen.awaited) == (Stage.DONE, None, None)

    def test_others_do_not(self) -> None:
        seen = assess(MIXED, on_day(path(MIXED, "initiative"), BACK, "working_group", "not_mixed"), LATER)
        assert next_of(seen) == "conference"
        assert codes(seen, "conference") == ["working_group"]

    def test_a_denunciation_is_not_completed_before_it_takes_effect(self) -> None:
        told = path(DENUNCIATION, "denunciation_notice")
        announced = on_day(told, "2027-01-01", "ended", "denounced")
        seen = assess(DENUNCIATION, announced, LATER)
        assert (next_of(seen), seen.stage, state(seen, "ended")) == (
            "ended",
            Stage.ENTRY_INTO_FORCE,
            StepState.SCHEDULED,
        )
        assert assess(DENUNCIATION, announced, date(2027, 1, 1)).stage == Stage.DONE


class TestAmendment:
    def test_the_mandate_waits_for_the_link_to_the_parent(self) -> None:
        told = path(AMENDMENT, "initiative")
        assert codes(assess(AMENDMENT, told, LATER), "mandate") == ["parent"]
        linked = assess(AMENDMENT, told, LATER, relations=frozenset({RelationKind.AMENDS}))
        assert codes(linked, "mandate") == []
        assert codes(assess(EXCLUSIVE, told, LATER), "mandate") == []


class TestAccession:
    def test_after_the_text_comes_the_approval_in_principle_and_nobody_signs(self) -> None:
        seen = on_the_last_day(ACCESSION, path(ACCESSION, "text_agreed"))
        assert (next_of(seen), codes(seen, "approval_in_principle")) == ("approval_in_principle", [])

    def test_the_instrument_is_deposited_after_the_decision_and_the_letter(self) -> None:
        seen = on_the_last_day(ACCESSION, path(ACCESSION, "sanction_and_promulgation"))
        assert codes(seen, "deposit") == ["ratified", "informed_ratification"]
        seen = on_the_last_day(ACCESSION, path(ACCESSION, "information_ratification"))
        assert (next_of(seen), codes(seen, "deposit")) == ("deposit", [])


class TestTechnical:
    PARENT = frozenset({RelationKind.AMENDS})
    NOTIFIED = facts(("initiative", "2026-01-02"), ("change_notified", "2026-01-05"))

    def seen(self, told: list[Fact], on: date = LATER) -> Assessment:
        return assess(TECHNICAL, told, on, relations=self.PARENT)

    def test_a_change_belongs_to_a_treaty(self) -> None:
        assert codes(assess(TECHNICAL, self.NOTIFIED[:1], LATER), "change_notified") == ["parent"]

    def test_silence_accepts_once_the_term_has_run_out(self) -> None:
        told = on_day(self.NOTIFIED, "2026-01-08", "route_check", "tacit_acceptance")
        assert (next_of(self.seen(told)), self.seen(told).awaited) == ("opt_out_term", Actor.DEPARTMENT)
        told = on_day(told, "2026-01-05", "opt_out_term", until=date(2026, 7, 5))
        during, after = self.seen(told, date(2026, 7, 5)), self.seen(told, date(2026, 7, 6))
        assert [(one.last, one.days_left) for one in during.deadlines] == [(date(2026, 7, 5), 0)]
        assert codes(during, "entry_into_force") == ["opt_out_over"]
        assert state(during, "consent_to_object") == StepState.OPEN
        assert state(after, "entry_into_force") == StepState.OPEN
        assert codes(after, "consent_to_object") == ["opt_out_runs"]
        done = self.seen(on_day(told, "2026-08-01", "entry_into_force"), date(2026, 8, 1))
        assert (done.stage, done.deadlines, done.deviations) == (Stage.DONE, (), ())

    def test_a_last_day_that_was_not_named_never_passes(self) -> None:
        told = on_day(self.NOTIFIED, "2026-01-08", "route_check", "tacit_acceptance")
        told = on_day(told, "2026-01-05", "opt_out_term")
        seen = self.seen(told, date(2040, 1, 1))
        assert [one.last for one in seen.deadlines] == [None]
        assert codes(seen, "entry_into_force") == ["opt_out_over"]

    def test_refusing_takes_a_decision_and_ends_the_dossier(self) -> None:
        told = on_day(self.NOTIFIED, "2026-01-08", "route_check", "tacit_acceptance")
        told = on_day(told, "2026-01-05", "opt_out_term", until=date(2026, 7, 5))
        assert codes(self.seen(told), "objection_notified") == ["consent_to_object"]
        told = on_day(told, "2026-05-05", "consent_to_object", "approved")
        assert codes(self.seen(told), "objection_notified") == []
        told = on_day(told, "2026-05-10", "objection_notified", "refused")
        assert (self.seen(told).stage, self.seen(told).next) == (Stage.DONE, None)
        assert "refused" in codes(self.seen(told), "entry_into_force")

    def test_where_the_decree_assented_beforehand_parliament_is_informed(self) -> None:
        told = on_day(self.NOTIFIED, "2026-01-08", "route_check", "assented_beforehand")
        assert next_of(self.seen(told)) == "parliament_informed"
        told = on_day(told, "2026-01-10", "parliament_informed", until=date(2026, 3, 10))
        assert codes(self.seen(told, date(2026, 3, 10)), "entry_into_force") == ["parliament_term"]
        assert codes(self.seen(told, date(2026, 3, 11)), "entry_into_force") == []
        objected = on_day(told, "2026-03-01", "parliament_objection")
        assert codes(self.seen(objected), "entry_into_force") == ["parliament_objected"]

    def test_a_change_that_needs_its_own_assent_goes_no_further_here(self) -> None:
        told = on_day(self.NOTIFIED, "2026-01-08", "route_check", "own_assent")
        assert codes(self.seen(told), "entry_into_force") == ["route"]
        # What the treaty gives to refuse it still has to be watched.
        assert codes(self.seen(told), "opt_out_term") == []


class TestAssociation:
    def test_the_federal_signature_waits_for_the_association(self) -> None:
        told = path(ASSOCIATION, "association_requested")
        assert next_of(on_the_last_day(ASSOCIATION, told)) == "flemish_position"
        seen = on_the_last_day(ASSOCIATION, path(ASSOCIATION, "flemish_position"))
        assert [(blocker.code, str(blocker.law)) for blocker in seen.report("signature").blockers] == [
            ("association_done", "BWHI art. 6, § 4, 3°")
        ]

    def test_signed_without_it_is_a_deviation(self) -> None:
        told = facts(("signature", "2024-05-01"), ("association_done", "2024-06-01"))
        assert [found.need.code for found in assess(ASSOCIATION, told, LATER).deviations] == ["association_done"]


class TestUnion:
    TOLD = path(EU_MIXED, "deposit", entities=ENTITIES)

    def test_the_agreement_enters_into_force_after_the_union_concluded_it(self) -> None:
        seen = assess(EU_MIXED, self.TOLD, LATER, entities=ENTITIES)
        assert (next_of(seen), codes(seen, "entry_into_force")) == ("entry_into_force", ["eu_concluded"])
        told = on_day(self.TOLD, BACK, "eu_conclusion_decision")
        assert codes(assess(EU_MIXED, told, LATER, entities=ENTITIES), "entry_into_force") == []

    def test_a_parliament_that_refused_holds_up_the_conclusion_until_it_consents(self) -> None:
        told = on_day(self.TOLD, "2025-12-01", "eu_parliament_consent", "refused")
        assert codes(assess(EU_MIXED, told, LATER), "eu_conclusion_decision") == ["eu_parliament_refused"]
        told = on_day(told, "2026-02-01", "eu_parliament_consent", "given")
        assert codes(assess(EU_MIXED, told, LATER), "eu_conclusion_decision") == []

    def test_provisional_application_needs_the_decision_of_the_council_and_no_assent(self) -> None:
        told = path(EU_MIXED, "text_agreed")
        assert codes(assess(EU_MIXED, told, LATER), "provisional_application") == ["eu_signature_decision"]
        told = on_day(told, BACK, "eu_signature_decision")
        assert codes(assess(EU_MIXED, told, LATER), "provisional_application") == []
