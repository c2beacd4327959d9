"""The engine by facts alone: no database."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tests.workflow.facts import (
    ENTITIES,
    FIRST,
    LATER,
    a_fact,
    codes,
    facts,
    on_the_last_day,
    path,
    state,
)
from treaties.choices import Actor, Stage
from workflow.choices import Consent, StepState
from workflow.conditions import Fact
from workflow.engine import Assessment, assess
from workflow.procedures import ALL, Procedure
from workflow.procedures.denunciation import DENUNCIATION
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.mixed import MIXED
from workflow.procedures.mou import MOU
from workflow.procedures.programme import PROGRAMME

# What nothing has to come before: beside every procedure, and beside that of a treaty.
ALWAYS = {"put_on_hold", "ended"}
OF_TREATIES = {"requalified", "provisional_application", "declaration", "notice_published"}


class TestBeginning:
    @pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
    def test_a_new_dossier_waits_for_the_initiative_of_the_department(self, procedure: Procedure) -> None:
        seen = assess(procedure, [], FIRST)
        assert seen.next
        assert (seen.stage, seen.next.step.code, seen.awaited) == (Stage.NEGOTIATION, "initiative", Actor.DEPARTMENT)
        assert (seen.deviations, seen.deadlines) == ((), ())

    @pytest.mark.parametrize(
        ("procedure", "can_be_done"),
        [
            (EXCLUSIVE, {"initiative", "partner_notification", *ALWAYS, *OF_TREATIES}),
            (MIXED, {"initiative", "full_powers_of_entity", "assent_of_entity", *ALWAYS, *OF_TREATIES}),
            (MOU, {"initiative", *ALWAYS}),
            (DENUNCIATION, {"initiative", "put_on_hold", "notice_published"}),
            (PROGRAMME, {"initiative", *ALWAYS}),
        ],
    )
    def test_at_first_only_what_needs_nothing_can_be_done(self, procedure: Procedure, can_be_done: set[str]) -> None:
        seen = assess(procedure, [], FIRST)
        assert {report.step.code for report in seen.steps if report.is_open} == can_be_done
        assert all(report.blockers for report in seen.steps if report.state == StepState.BLOCKED)

    def test_every_step_is_reported_in_order(self) -> None:
        assert [report.step for report in assess(MIXED, [], FIRST).steps] == list(MIXED.steps)

    def test_a_step_that_does_not_exist_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            assess(MOU, [], FIRST).report("ratification")


class TestStages:
    @pytest.mark.parametrize(
        ("until", "stage", "following", "awaited"),
        [
            ("initiative", Stage.NEGOTIATION, "mandate", Actor.GOVERNMENT),
            ("mandate", Stage.NEGOTIATION, "information_negotiation", Actor.MINISTER),
            ("information_negotiation", Stage.NEGOTIATION, "negotiation_opened", Actor.NEGOTIATORS),
            ("negotiation_opened", Stage.NEGOTIATION, "text_agreed", Actor.NEGOTIATORS),
            ("text_agreed", Stage.SIGNING, "consent_to_sign", Actor.GOVERNMENT),
            ("consent_to_sign", Stage.SIGNING, "information_signature", Actor.MINISTER),
            ("information_signature", Stage.SIGNING, "signature", Actor.GOVERNMENT),
            ("signature", Stage.ADVICE, "approval_in_principle", Actor.GOVERNMENT),
            ("approval_in_principle", Stage.COUNCIL_OF_STATE, "council_of_state_requested", Actor.MINISTER),
            ("council_of_state_requested", Stage.COUNCIL_OF_STATE, "council_of_state_advice", Actor.COUNCIL_OF_STATE),
            ("council_of_state_advice", Stage.ASSENT, "final_approval", Actor.GOVERNMENT),
            ("final_approval", Stage.ASSENT, "submitted_to_parliament", Actor.GOVERNMENT),
            ("submitted_to_parliament", Stage.ASSENT, "plenary_vote", Actor.PARLIAMENT),
            ("plenary_vote", Stage.PROMULGATION, "sanction_and_promulgation", Actor.GOVERNMENT),
            ("sanction_and_promulgation", Stage.ENTRY_INTO_FORCE, "international_ratification", Actor.GOVERNMENT),
            ("international_ratification", Stage.ENTRY_INTO_FORCE, "information_ratification", Actor.MINISTER),
            ("information_ratification", Stage.ENTRY_INTO_FORCE, "notification", Actor.DEPARTMENT),
            ("partner_notification", Stage.ENTRY_INTO_FORCE, "entry_into_force", Actor.PARTNER),
            ("text_published", Stage.DONE, None, None),
        ],
    )
    def test_an_exclusive_treaty(self, until: str, stage: Stage, following: str | None, awaited: Actor | None) -> None:
        seen = on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, until))
        assert (seen.stage, seen.next and seen.next.step.code, seen.awaited) == (stage, following, awaited)
        assert seen.deviations == ()

    @pytest.mark.parametrize(
        ("until", "stage", "following"),
        [
            ("initiative", Stage.NEGOTIATION, "working_group"),
            ("working_group", Stage.NEGOTIATION, "conference"),
            ("conference", Stage.NEGOTIATION, "mandate"),
            ("text_agreed", Stage.SIGNING, "consent_to_sign"),
            ("signature", Stage.ADVICE, "approval_in_principle"),
            ("approval_in_principle", Stage.COUNCIL_OF_STATE, "council_of_state_requested"),
            ("council_of_state_advice", Stage.ASSENT, "final_approval"),
            ("plenary_vote", Stage.PROMULGATION, "sanction_and_promulgation"),
            ("assent_of_entity", Stage.ENTRY_INTO_FORCE, "ratification"),
            ("ratification", Stage.ENTRY_INTO_FORCE, "deposit"),
            ("deposit", Stage.ENTRY_INTO_FORCE, "entry_into_force"),
            ("entry_into_force", Stage.DONE, None),
        ],
    )
    def test_a_mixed_treaty(self, until: str, stage: Stage, following: str | None) -> None:
        seen = on_the_last_day(MIXED, path(MIXED, until, entities=ENTITIES), ENTITIES)
        assert (seen.stage, seen.next and seen.next.step.code, seen.deviations) == (stage, following, ())

    @pytest.mark.parametrize(
        ("until", "stage", "following"),
        [
            ("initiative", Stage.NEGOTIATION, "draft"),
            ("draft", Stage.NEGOTIATION, "wording_check"),
            ("signature", Stage.ENTRY_INTO_FORCE, "effect"),
            ("effect", Stage.DONE, None),
        ],
    )
    def test_an_mou(self, until: str, stage: Stage, following: str | None) -> None:
        seen = on_the_last_day(MOU, path(MOU, until))
        assert (seen.stage, seen.next and seen.next.step.code) == (stage, following)

    def test_an_ended_treaty_is_done_whatever_did_not_happen(self) -> None:
        seen = assess(EXCLUSIVE, facts(("signature", "2020-01-01"), ("ended", "2024-01-01", "denounced")), LATER)
        assert (seen.stage, seen.next, seen.awaited) == (Stage.DONE, None, None)

    def test_as_of_an_earlier_day_the_stage_is_that_of_the_day(self) -> None:
        told = path(EXCLUSIVE, "text_published")
        stages = [assess(EXCLUSIVE, told, fact.when.on).stage for fact in told if fact.when.on]
        order = list(EXCLUSIVE.stages)
        assert [order.index(stage) for stage in stages] == sorted(order.index(stage) for stage in stages)
        assert set(stages) == set(order)
        assert assess(EXCLUSIVE, told, FIRST - timedelta(days=1)).stage == Stage.NEGOTIATION

    def test_stages_behind_are_done_with_their_last_day(self) -> None:
        told = path(EXCLUSIVE, "signature")
        seen = on_the_last_day(EXCLUSIVE, told)
        assert [(report.stage, report.state) for report in seen.stages[:4]] == [
            (Stage.NEGOTIATION, "done"),
            (Stage.SIGNING, "done"),
            (Stage.ADVICE, "current"),
            (Stage.COUNCIL_OF_STATE, "todo"),
        ]
        assert seen.stages[1].since == told[-1].when
        assert seen.stages[2].since is None
        assert Stage.DONE not in [report.stage for report in seen.stages]


class TestGates:
    def test_a_gate_that_was_asked_says_so_and_awaits_the_government(self) -> None:
        seen = assess(EXCLUSIVE, path(EXCLUSIVE, "initiative"), FIRST, asked=frozenset({"mandate"}))
        assert (state(seen, "mandate"), seen.awaited) == (StepState.ASKED, Actor.GOVERNMENT)
        assert seen.report("mandate").is_open

    @pytest.mark.parametrize(
        ("outcome", "lets_go_on"),
        [
            (Consent.APPROVED, True),
            (Consent.NOTED, True),
            (Consent.POSTPONED, False),
            (Consent.WITHDRAWN, False),
            (Consent.REFUSED, False),
        ],
    )
    def test_only_approved_and_noted_let_a_dossier_go_on(self, outcome: Consent, lets_go_on: bool) -> None:
        told = facts(("initiative", "2024-01-08"), ("mandate", "2024-01-20", outcome))
        seen = assess(EXCLUSIVE, told, LATER)
        assert state(seen, "mandate") == (StepState.HAPPENED if lets_go_on else StepState.OPEN)
        assert codes(seen, "information_negotiation") == ([] if lets_go_on else ["mandate"])
        assert seen.next
        assert seen.next.step.code == ("information_negotiation" if lets_go_on else "mandate")

    def test_refused_then_approved(self) -> None:
        told = facts(
            ("initiative", "2024-01-08"), ("mandate", "2024-01-20", "refused"), ("mandate", "2024-02-20", "approved")
        )
        assert state(assess(EXCLUSIVE, told, LATER), "mandate") == StepState.HAPPENED
        before = assess(EXCLUSIVE, told, date(2024, 2, 19))
        assert state(before, "mandate") == StepState.SCHEDULED
        assert codes(before, "information_negotiation") == ["mandate"]
        assert [fact.outcome for fact in assess(EXCLUSIVE, told, LATER).report("mandate").facts] == [
            "refused",
            "approved",
        ]

    def test_approved_then_withdrawn_closes_the_way_again(self) -> None:
        told = [*path(EXCLUSIVE, "consent_to_sign"), a_fact("consent_to_sign", LATER, "withdrawn", pk=99)]
        seen = assess(EXCLUSIVE, told, LATER)
        assert (seen.stage, codes(seen, "signature")[0]) == (Stage.SIGNING, "full_powers")

    def test_without_full_powers_nobody_signs_and_both_reasons_are_told_with_the_law(self) -> None:
        seen = assess(EXCLUSIVE, path(EXCLUSIVE, "text_agreed"), LATER)
        assert [(blocker.code, str(blocker.law)) for blocker in seen.report("signature").blockers] == [
            ("full_powers", "Verdrag van Wenen inzake het verdragenrecht, art. 7"),
            ("informed_signature", "BWHI art. 81, § 1"),
        ]

    def test_a_rejected_decree_cannot_be_sanctioned(self) -> None:
        told = [*path(EXCLUSIVE, "submitted_to_parliament"), a_fact("plenary_vote", LATER, "rejected", pk=99)]
        assert codes(assess(EXCLUSIVE, told, LATER), "sanction_and_promulgation") == ["adopted"]


class TestTerms:
    def test_the_federal_term_holds_up_the_negotiations_until_it_has_run_out(self) -> None:
        told = facts(
            ("initiative", "2024-01-01"),
            ("mandate", "2024-01-02", "approved"),
            ("information_negotiation", "2024-01-08"),
        )
        during, after = (assess(EXCLUSIVE, told, date(2024, 2, day)) for day in (7, 8))
        assert codes(during, "negotiation_opened") == ["objection_term"]
        assert [(deadline.last, deadline.days_left, deadline.is_over) for deadline in during.deadlines] == [
            (date(2024, 2, 7), 0, False)
        ]
        assert state(after, "negotiation_opened") == StepState.OPEN
        assert [(deadline.days_left, deadline.is_over) for deadline in after.deadlines] == [(-1, True)]

    def test_an_answer_ends_the_term(self) -> None:
        told = facts(
            ("initiative", "2024-01-01"),
            ("mandate", "2024-01-02", "approved"),
            ("information_negotiation", "2024-01-08"),
            ("no_objection_negotiation", "2024-01-10"),
        )
        seen = assess(EXCLUSIVE, told, date(2024, 1, 10))
        assert (seen.deadlines, state(seen, "negotiation_opened")) == ((), StepState.OPEN)

    def test_the_soonest_deadline_comes_first_and_an_unknown_one_last(self) -> None:
        told = [
            *path(EXCLUSIVE, "approval_in_principle"),
            *facts(
                ("advice_requested", "2026-05"),
                ("advice_requested", "2026-05-20"),
                ("advice_requested", "2026-05-10"),
            ),
        ]
        seen = assess(EXCLUSIVE, told, LATER)
        assert [deadline.last for deadline in seen.deadlines] == [date(2026, 6, 9), date(2026, 6, 19), None]
        assert [deadline.days_left for deadline in seen.deadlines] == [8, 18, None]

    def test_a_term_nobody_answered_is_over_when_what_waited_for_it_has_happened(self) -> None:
        told = path(EXCLUSIVE, "negotiation_opened")
        assert on_the_last_day(EXCLUSIVE, told).deadlines == ()
        assert len(on_the_last_day(EXCLUSIVE, told[:-1]).deadlines) == 1

    def test_an_open_advice_holds_up_the_council_of_state(self) -> None:
        told = [*path(EXCLUSIVE, "approval_in_principle"), a_fact("advice_requested", "2026-05-20", pk=90)]
        assert codes(assess(EXCLUSIVE, told, LATER), "council_of_state_requested") == ["advice_open"]
        told.append(a_fact("advice_received", "2026-05-30", pk=91))
        assert codes(assess(EXCLUSIVE, told, LATER), "council_of_state_requested") == []

    def test_no_advice_need_be_asked_at_all(self) -> None:
        seen = assess(EXCLUSIVE, path(EXCLUSIVE, "approval_in_principle"), LATER)
        assert state(seen, "council_of_state_requested") == StepState.OPEN

    def test_once_the_term_of_the_council_of_state_has_run_out_the_government_may_go_on(self) -> None:
        told = path(EXCLUSIVE, "council_of_state_requested")
        asked = told[-1].when.on
        assert asked
        assert codes(assess(EXCLUSIVE, told, asked + timedelta(days=20)), "final_approval") == ["council_of_state_open"]
        assert codes(assess(EXCLUSIVE, told, asked + timedelta(days=60)), "final_approval") == []

    def test_the_conference_may_be_silent_for_thirty_days(self) -> None:
        told = facts(
            ("initiative", "2024-01-01"),
            ("working_group", "2024-01-08", "mixed"),
            ("mandate", "2024-01-20", "approved"),
        )
        assert codes(assess(MIXED, told, date(2024, 2, 7)), "negotiation_opened") == ["conference_term"]
        assert codes(assess(MIXED, told, date(2024, 2, 8)), "negotiation_opened") == []


class TestEntities:
    def test_nobody_signs_before_every_government_gave_full_powers(self) -> None:
        told = path(MIXED, "consent_to_sign")
        seen = assess(MIXED, told, LATER, entities=ENTITIES)
        assert codes(seen, "signature") == ["full_powers_of_entities"]
        assert seen.report("full_powers_of_entity").missing_entities == ("X-BE-FED", "X-BE-FG")
        told.append(a_fact("full_powers_of_entity", LATER, entity="X-BE-FED", pk=98))
        assert assess(MIXED, told, LATER, entities=ENTITIES).report("full_powers_of_entity").missing_entities == (
            "X-BE-FG",
        )
        told.append(a_fact("full_powers_of_entity", LATER, entity="X-BE-FG", pk=99))
        assert codes(assess(MIXED, told, LATER, entities=ENTITIES), "signature") == []

    def test_one_refusing_parliament_holds_up_the_king(self) -> None:
        told = [
            fact
            for fact in path(MIXED, "assent_of_entity", entities=ENTITIES)
            if (fact.step, fact.entity) != ("assent_of_entity", "X-BE-FG")
        ]
        seen = assess(MIXED, told, LATER, entities=ENTITIES)
        assert [(blocker.code, str(blocker.law)[-7:]) for blocker in seen.report("ratification").blockers] == [
            ("assents", "art. 12")
        ]

    def test_an_entity_that_joins_later_is_asked_for_again(self) -> None:
        told = path(MIXED, "assent_of_entity", entities=ENTITIES)
        assert codes(assess(MIXED, told, LATER, entities=ENTITIES), "ratification") == []
        assert codes(assess(MIXED, told, LATER, entities=ENTITIES | {"X-BE-GGC"}), "ratification") == ["assents"]


class TestMou:
    @pytest.mark.parametrize(
        ("found", "signature", "consent"),
        [
            ("consent_needed", ["consent"], []),
            ("within_delegation", [], ["consent_needed"]),
            ("binding", ["not_binding", "consent"], ["consent_needed"]),
        ],
    )
    def test_the_wording_decides_who_must_consent(self, found: str, signature: list[str], consent: list[str]) -> None:
        told = facts(("initiative", "2024-01-01"), ("draft", "2024-01-02"), ("wording_check", "2024-01-03", found))
        seen = assess(MOU, told, LATER)
        assert (codes(seen, "signature"), codes(seen, "consent_to_sign")) == (signature, consent)

    def test_a_consent_that_is_needed_is_what_comes_next(self) -> None:
        told = facts(
            ("initiative", "2024-01-01"), ("draft", "2024-01-02"), ("wording_check", "2024-01-03", "consent_needed")
        )
        seen = assess(MOU, told, LATER)
        assert seen.next
        assert (seen.next.step.code, seen.awaited, seen.stage) == ("consent_to_sign", Actor.GOVERNMENT, Stage.SIGNING)

    def test_a_consent_that_is_not_needed_is_not_awaited(self) -> None:
        told = facts(
            ("initiative", "2024-01-01"),
            ("draft", "2024-01-02"),
            ("wording_check", "2024-01-03", "within_delegation"),
            ("signature", "2024-01-04"),
        )
        seen = assess(MOU, told, LATER)
        assert state(seen, "consent_to_sign") == StepState.NOT_NEEDED
        assert seen.deviations == ()


class TestTime:
    def test_an_entry_into_force_in_the_future_is_announced_not_done(self) -> None:
        told = [*path(EXCLUSIVE, "partner_notification"), a_fact("entry_into_force", "2030-01-01", pk=99)]
        before, after = assess(EXCLUSIVE, told, LATER), assess(EXCLUSIVE, told, date(2030, 1, 1))
        assert (state(before, "entry_into_force"), before.stage) == (StepState.SCHEDULED, Stage.ENTRY_INTO_FORCE)
        assert (state(after, "entry_into_force"), after.stage) == (StepState.HAPPENED, Stage.DONE)

    def test_what_has_an_unknown_date_did_happen(self) -> None:
        seen = assess(EXCLUSIVE, [a_fact("initiative", None)], FIRST)
        assert (state(seen, "initiative"), state(seen, "mandate")) == (StepState.HAPPENED, StepState.OPEN)

    def test_steps_the_register_does_not_hold_are_passed_by_later_ones(self) -> None:
        seen = assess(EXCLUSIVE, facts(("signature", "1995-05-08")), LATER)
        assert state(seen, "mandate") == StepState.PASSED
        assert state(seen, "text_agreed") == StepState.PASSED
        assert state(seen, "approval_in_principle") == StepState.OPEN
        assert seen.stage == Stage.ADVICE

    def test_optional_steps_behind_are_not_needed(self) -> None:
        seen = on_the_last_day(EXCLUSIVE, path(EXCLUSIVE, "plenary_vote"))
        assert state(seen, "committee_report") in (StepState.NOT_NEEDED, StepState.OPEN)
        assert state(seen, "second_approval_in_principle") == StepState.NOT_NEEDED


class TestDeviations:
    def named(self, seen: Assessment) -> list[tuple[str, str, str]]:
        return [(found.step.code, found.need.code, found.before.when.iso) for found in seen.deviations]

    def test_in_force_before_the_notification_of_the_other_party(self) -> None:
        """As the sources of one treaty give it: in force 1 July 1996, notification 27 January 1997."""
        told = facts(
            ("notification", "1996-05-14"), ("entry_into_force", "1996-07-01"), ("partner_notification", "1997-01-27")
        )
        assert self.named(assess(EXCLUSIVE, told, LATER)) == [("entry_into_force", "partner_notified", "1997-01-27")]

    def test_signed_before_full_powers(self) -> None:
        told = facts(("signature", "2007-03-09"), ("consent_to_sign", "2007-03-30", "approved"))
        assert self.named(assess(EXCLUSIVE, told, LATER)) == [("signature", "full_powers", "2007-03-30")]

    @pytest.mark.parametrize("powers", ["2007", "2007-03", "2007-03-09", ""])
    def test_what_may_be_in_order_is_no_deviation(self, powers: str) -> None:
        told = facts(("signature", "2007-03-09"), ("consent_to_sign", powers, "approved"))
        assert assess(EXCLUSIVE, told, LATER).deviations == ()

    def test_what_is_not_in_the_register_is_no_deviation(self) -> None:
        assert assess(EXCLUSIVE, facts(("signature", "2007-03-09")), LATER).deviations == ()

    def test_one_late_assent_is_a_deviation_of_the_ratification(self) -> None:
        told = facts(
            ("assent_of_entity", "2010-01-01", "", "X-BE-FED"),
            ("ratification", "2011-01-01"),
            ("assent_of_entity", "2012-01-01", "", "X-BE-FG"),
        )
        assert self.named(assess(MIXED, told, LATER, entities=ENTITIES)) == [("ratification", "assents", "2012-01-01")]

    def test_a_rule_that_waits_for_a_term_is_told_by_dates_only(self) -> None:
        told = facts(
            ("mandate", "2024-01-01", "approved"),
            ("information_negotiation", "2024-01-08"),
            ("negotiation_opened", "2024-01-09"),
        )
        assert assess(EXCLUSIVE, told, LATER).deviations == ()


def test_assessing_takes_any_iterable() -> None:
    def stream() -> Iterable[Fact]:
        yield a_fact("initiative")

    assert state(assess(MOU, stream(), LATER), "initiative") == StepState.HAPPENED
