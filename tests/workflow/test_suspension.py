"""The federal objection and what follows from it (BWHI art. 81, §§ 2-4), day by day; no database.

The letter was received on 8 January 2024: objections may come until 7 February. The objection came on 20 January: the
conference has until 19 February, the suspension runs until 20 March (2024 is a leap year).
"""

from datetime import date

import pytest

from tests.workflow.facts import a_fact, facts
from workflow.choices import StepState, Track
from workflow.conditions import Fact, Situation, known
from workflow.engine import Assessment, assess
from workflow.procedures import ALL
from workflow.procedures.accession import ACCESSION
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.information import SUSPENSION
from workflow.procedures.mixed import MIXED
from workflow.suspension import State, SuspensionReport, suspensions

BEFORE = (
    ("initiative", "2024-01-02"),
    ("mandate", "2024-01-05", "approved"),
    ("information_negotiation", "2024-01-08"),
)
OBJECTION = ("federal_objection", "2024-01-20")


def seen(on: date, *told: tuple[str, ...]) -> Assessment:
    return assess(EXCLUSIVE, facts(*BEFORE, *told), on)


def codes(assessment: Assessment, step: str) -> list[str]:
    return [blocker.code for blocker in assessment.report(step).blockers]


def the_only(assessment: Assessment) -> SuspensionReport:
    assert len(assessment.suspensions) == 1
    return assessment.suspensions[0]


class TestObjecting:
    @pytest.mark.parametrize(
        ("on", "blockers"),
        [
            (date(2024, 1, 8), []),
            (date(2024, 2, 6), []),
            (date(2024, 2, 7), []),
            (date(2024, 2, 8), ["objection_term"]),
        ],
    )
    def test_it_counts_on_days_29_and_30_and_not_on_day_31(self, on: date, blockers: list[str]) -> None:
        assert codes(seen(on), "federal_objection") == blockers

    def test_without_a_letter_there_is_nothing_to_object_to(self) -> None:
        assert codes(assess(EXCLUSIVE, facts(*BEFORE[:2]), date(2024, 1, 9)), "federal_objection") == ["objection_term"]

    def test_each_letter_opens_its_own_term(self) -> None:
        told = [*BEFORE, ("information_signature", "2024-06-01")]
        assert codes(assess(EXCLUSIVE, facts(*told), date(2024, 5, 31)), "federal_objection") == ["objection_term"]
        assert codes(assess(EXCLUSIVE, facts(*told), date(2024, 7, 1)), "federal_objection") == []
        assert codes(assess(EXCLUSIVE, facts(*told), date(2024, 7, 2)), "federal_objection") == ["objection_term"]

    def test_an_answer_without_objection_ends_the_term(self) -> None:
        told = seen(date(2024, 1, 15), ("no_objection_negotiation", "2024-01-15"))
        assert codes(told, "federal_objection") == ["objection_term"]
        assert codes(told, "negotiation_opened") == []


class TestRunning:
    @pytest.mark.parametrize(
        ("on", "state", "holds_up"),
        [
            (date(2024, 1, 20), State.RUNNING, True),
            (date(2024, 2, 19), State.RUNNING, True),
            (date(2024, 3, 19), State.RUNNING, True),
            (date(2024, 3, 20), State.RUNNING, True),
            (date(2024, 3, 21), State.RAN_OUT, False),
        ],
    )
    def test_it_ends_by_itself_after_sixty_days(self, on: date, state: State, holds_up: bool) -> None:
        told = seen(on, OBJECTION)
        report = the_only(told)
        assert (report.state, report.is_running) == (state, holds_up)
        assert (report.conference_last, report.last) == (date(2024, 2, 19), date(2024, 3, 20))
        assert codes(told, "negotiation_opened") == (["suspended"] if holds_up else [])
        assert (told.suspended_by is not None) == holds_up

    def test_before_the_objection_nothing_is_suspended(self) -> None:
        told = seen(date(2024, 1, 19), OBJECTION)
        assert (told.suspensions, told.suspended_by) == ((), None)

    def test_only_acts_towards_the_conclusion_are_held_up(self) -> None:
        told = seen(date(2024, 2, 1), OBJECTION)
        # The steps of the information itself need a suspension; they are not stopped by one.
        apart = [report.step for report in told.steps if report.step.track != Track.INFORMATION]
        held = [step.code for step in apart if "suspended" in codes(told, step.code)]
        named = [step.code for step in EXCLUSIVE.steps if step.held_up]
        assert held == named
        assert {"negotiation_opened", "signature", "final_approval", "international_ratification"} <= set(held)
        assert not {"mandate", "conference_finding", "put_on_hold"} & set(held)

    def test_the_sentence_gives_the_day_and_the_law(self) -> None:
        blocker = seen(date(2024, 2, 1), OBJECTION).report("negotiation_opened").blockers[-1]
        assert str(blocker.sentence) == (
            "Een federaal bezwaar van 20 januari 2024 schorst de procedure; "
            "zonder bevestiging tot en met 20 maart 2024."
        )
        assert str(blocker.law) == "BWHI art. 81, § 2"

    @pytest.mark.parametrize(("on", "days_left"), [(date(2024, 2, 1), 18), (date(2024, 2, 19), 0)])
    def test_the_term_of_the_conference_runs(self, on: date, days_left: int) -> None:
        deadline = next(one for one in seen(on, OBJECTION).deadlines if one.step.code == "federal_objection")
        assert (deadline.last, deadline.days_left) == (date(2024, 2, 19), days_left)

    def test_the_term_of_the_conference_runs_also_after_the_talks_began(self) -> None:
        told = seen(
            date(2024, 6, 10),
            ("negotiation_opened", "2024-03-01"),
            ("text_agreed", "2024-04-01"),
            ("consent_to_sign", "2024-05-01", "approved"),
            ("information_signature", "2024-05-15"),
            ("federal_objection", "2024-06-01"),
        )
        assert [(one.step.code, one.last) for one in told.deadlines] == [("federal_objection", date(2024, 7, 1))]
        assert "suspended" in codes(told, "signature")


class TestEnding:
    def test_the_conference_lifts_it_the_same_day(self) -> None:
        found = ("conference_finding", "2024-02-10", "no_objection_remains")
        assert the_only(seen(date(2024, 2, 9), OBJECTION, found)).state == State.RUNNING
        told = seen(date(2024, 2, 10), OBJECTION, found)
        assert (the_only(told).state, str(the_only(told).law)) == (State.LIFTED, "BWHI art. 81, § 3")
        assert codes(told, "negotiation_opened") == []

    def test_without_consensus_it_goes_on(self) -> None:
        told = seen(date(2024, 2, 11), OBJECTION, ("conference_finding", "2024-02-10", "no_consensus"))
        assert the_only(told).state == State.RUNNING
        assert codes(told, "suspension_confirmed") == []

    @pytest.mark.parametrize(
        ("on", "blockers"),
        [
            (date(2024, 2, 19), ["conference_term"]),
            (date(2024, 2, 20), []),
            (date(2024, 3, 20), []),
            (date(2024, 3, 21), ["suspended"]),
        ],
    )
    def test_the_king_confirms_within_thirty_days_after_the_conference(self, on: date, blockers: list[str]) -> None:
        assert codes(seen(on, OBJECTION), "suspension_confirmed") == blockers

    @pytest.mark.parametrize("confirmed", ["2024-02-25", "2024-03-20"])
    def test_what_the_king_confirmed_does_not_end_by_itself(self, confirmed: str) -> None:
        told = seen(date(2030, 1, 1), OBJECTION, ("suspension_confirmed", confirmed, "no_relations"))
        report = the_only(told)
        assert (report.state, report.last, report.is_confirmed) == (State.CONFIRMED, None, True)
        assert codes(told, "negotiation_opened") == ["suspended"]
        assert "De Koning heeft de schorsing" in str(report.sentence)
        assert codes(told, "suspension_released") == []

    def test_what_the_king_confirms_too_late_had_ended_already(self) -> None:
        told = seen(date(2024, 4, 1), OBJECTION, ("suspension_confirmed", "2024-03-21", "no_relations"))
        assert the_only(told).state == State.RAN_OUT
        assert codes(told, "negotiation_opened") == []

    def test_a_finding_after_the_end_changes_nothing(self) -> None:
        told = seen(date(2024, 4, 1), OBJECTION, ("conference_finding", "2024-03-25", "no_objection_remains"))
        assert the_only(told).state == State.RAN_OUT

    def test_a_confirmed_suspension_ends_when_it_is_released(self) -> None:
        story = (
            OBJECTION,
            ("suspension_confirmed", "2024-03-01", "not_recognised"),
            ("suspension_released", "2025-05-05"),
        )
        assert the_only(seen(date(2025, 5, 4), *story)).state == State.CONFIRMED
        told = seen(date(2025, 5, 5), *story)
        assert the_only(told).state == State.RELEASED
        assert codes(told, "negotiation_opened") == []

    def test_only_a_confirmed_one_can_be_released(self) -> None:
        assert codes(seen(date(2024, 2, 1), OBJECTION), "suspension_released") == ["suspended"]


class TestSeveral:
    SECOND = (("information_signature", "2024-06-01"), ("federal_objection", "2024-06-15"))

    def test_one_after_the_other(self) -> None:
        lifted = ("conference_finding", "2024-02-10", "no_objection_remains")
        told = seen(date(2024, 7, 1), OBJECTION, lifted, *self.SECOND)
        assert [report.state for report in told.suspensions] == [State.LIFTED, State.RUNNING]
        assert told.suspended_by
        # 15 June and 30 days is 15 July; 30 more is 14 August.
        assert (told.suspended_by.conference_last, told.suspended_by.last) == (date(2024, 7, 15), date(2024, 8, 14))

    def test_the_first_ran_out_and_the_second_is_confirmed(self) -> None:
        told = seen(
            date(2025, 1, 1), OBJECTION, *self.SECOND, ("suspension_confirmed", "2024-08-01", "contrary_to_obligations")
        )
        assert [report.state for report in told.suspensions] == [State.RAN_OUT, State.CONFIRMED]

    def test_the_finding_that_no_objection_remains_lifts_every_one_that_runs(self) -> None:
        told = seen(
            date(2024, 2, 20),
            OBJECTION,
            ("information_signature", "2024-01-25"),
            ("federal_objection", "2024-02-01"),
            ("conference_finding", "2024-02-15", "no_objection_remains"),
        )
        assert [report.state for report in told.suspensions] == [State.LIFTED, State.LIFTED]
        assert told.suspended_by is None

    def test_a_confirmed_one_speaks_before_one_that_only_runs(self) -> None:
        told = seen(date(2024, 7, 1), OBJECTION, ("suspension_confirmed", "2024-03-01", "no_relations"), *self.SECOND)
        assert told.suspended_by
        assert told.suspended_by.objection.when.iso == "2024-01-20"


class TestUnknownDates:
    @pytest.mark.parametrize("when", ["", "2024", "2024-01"])
    def test_of_an_unknown_day_no_end_is_computed(self, when: str) -> None:
        told = seen(date(2030, 1, 1), ("federal_objection", when))
        report = the_only(told)
        assert (report.state, report.conference_last, report.last) == (State.RUNNING, None, None)
        assert "kan nog niet bekend zijn" in str(report.sentence)
        assert codes(told, "negotiation_opened")[-1] == "suspended"

    def test_it_can_be_lifted_all_the_same(self) -> None:
        lifted = ("conference_finding", "2024-02-10", "no_objection_remains")
        assert the_only(seen(date(2030, 1, 1), ("federal_objection", ""), lifted)).state == State.LIFTED


class TestReading:
    def test_the_way_to_the_last_day_is_said(self) -> None:
        told = the_only(seen(date(2024, 4, 1), OBJECTION))
        assert [text.nl for text in told.working] == [
            "Bezwaar meegedeeld op 20 januari 2024.",
            "De ICBB beslist binnen 30 dagen: tot en met 19 februari 2024.",
            "Zonder vaststelling eindigt de schorsing 30 dagen later: na 20 maart 2024.",
        ]
        assert all(text.en for text in told.working)

    def test_what_ended_it_is_said_too(self) -> None:
        story = (
            OBJECTION,
            ("suspension_confirmed", "2024-03-01", "not_recognised"),
            ("suspension_released", "2025-05-05"),
        )
        assert [text.nl for text in the_only(seen(date(2026, 1, 1), *story)).working][-2:] == [
            "De Koning bevestigde de schorsing op 1 maart 2024.",
            "De bevestigde schorsing werd opgeheven op 5 mei 2025.",
        ]

    def test_a_mixed_treaty_knows_no_suspension(self) -> None:
        assert MIXED.suspension is None
        assert assess(MIXED, facts(OBJECTION), date(2024, 2, 1)).suspensions == ()

    def test_those_that_have_one_follow_the_same_rule(self) -> None:
        named = {procedure.code for procedure in ALL if procedure.suspension}
        assert named == {"exclusive", "accession", "simplified", "amendment"}
        assert {procedure.suspension for procedure in ALL if procedure.suspension} == {SUSPENSION}

    def test_an_accession_is_held_up_too(self) -> None:
        told = assess(ACCESSION, facts(*BEFORE, OBJECTION), date(2024, 2, 1))
        assert codes(told, "text_agreed") == ["suspended"]
        assert told.report("text_agreed").state == StepState.BLOCKED

    def test_it_can_be_asked_of_facts_alone(self) -> None:
        told: dict[str, list[Fact]] = {
            name: []
            for name in ("federal_objection", "conference_finding", "suspension_confirmed", "suspension_released")
        }
        told["federal_objection"] = [a_fact("federal_objection", "2024-01-20")]
        assert [report.state for report in suspensions(SUSPENSION, told, date(2024, 3, 20))] == [State.RUNNING]

    def test_a_situation_keeps_them_in_order(self) -> None:
        told = facts(*BEFORE, ("federal_objection", "2024-06-15"), OBJECTION)
        there = Situation(EXCLUSIVE, known(told, date(2025, 1, 1)), date(2025, 1, 1))
        assert [report.objection.when.iso for report in there.suspensions] == ["2024-01-20", "2024-06-15"]
