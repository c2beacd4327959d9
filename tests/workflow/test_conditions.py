from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.workflow.facts import FIRST, a_fact, facts
from treaties.choices import RelationKind
from workflow.conditions import Fact, Situation, holds, known, met_by, steps_of
from workflow.procedures.amendment import AMENDMENT
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.language import (
    AllEntities,
    Answered,
    Approved,
    Condition,
    Done,
    Either,
    HasParent,
    Not,
    Procedure,
    Suspended,
)
from workflow.procedures.mixed import ASSENTED, MIXED
from workflow.procedures.programme import PROGRAMME
from workflow.procedures.technical import TECHNICAL

ON = date(2024, 6, 1)


def situation(told: list[Fact], on: date = ON, entities: Mapping[str, int] | None = None, **more: Any) -> Situation:
    return Situation(more.pop("procedure", EXCLUSIVE), known(told, on), on, entities or {}, **more)


@pytest.mark.parametrize(
    ("condition", "told", "does"),
    [
        (Done("signature"), [], False),
        (Done("signature"), [("signature", "2024-05-31")], True),
        (Done("signature"), [("signature", "2024-06-01")], True),
        (Done("signature"), [("signature", "2024-06-02")], False),
        # Unknown is past: it did happen. A month counts from its first day.
        (Done("signature"), [("signature", "")], True),
        (Done("signature"), [("signature", "2024-06")], True),
        (Done("signature"), [("signature", "2024-07")], False),
        (Done("plenary_vote", ("adopted",)), [("plenary_vote", "2024-05-01", "rejected")], False),
        (Done("plenary_vote", ("adopted",)), [("plenary_vote", "2024-05-01", "adopted")], True),
        (Approved("mandate"), [], False),
        (Approved("mandate"), [("mandate", "2024-05-01", "approved")], True),
        (Approved("mandate"), [("mandate", "2024-05-01", "noted")], True),
        (Approved("mandate"), [("mandate", "2024-05-01", "postponed")], False),
        (Approved("mandate"), [("mandate", "2024-05-01", "refused")], False),
        (Approved("mandate"), [("mandate", "2024-05-01", "withdrawn")], False),
        # The last decision counts; of one day the one recorded last.
        (Approved("mandate"), [("mandate", "2024-05-01", "refused"), ("mandate", "2024-05-08", "approved")], True),
        (Approved("mandate"), [("mandate", "2024-05-08", "approved"), ("mandate", "2024-05-01", "refused")], True),
        (Approved("mandate"), [("mandate", "2024-05-01", "approved"), ("mandate", "2024-05-01", "refused")], False),
        (Approved("mandate"), [("mandate", "2024-05-01", "refused"), ("mandate", "2024-05-01", "approved")], True),
        (Either((Approved("mandate"), Done("signature"))), [], False),
        (Either((Approved("mandate"), Done("signature"))), [("signature", "2024-05-01")], True),
        (Either(()), [("signature", "2024-05-01")], False),
        (Not(Done("signature")), [], True),
        (Not(Done("signature")), [("signature", "2024-05-01")], False),
        (Not(Not(Done("signature"))), [("signature", "2024-05-01")], True),
        (Not(Answered("information_negotiation")), [], False),
        (Not(Answered("information_negotiation")), [("information_negotiation", "2024-05-25")], True),
        (Suspended(), [], False),
        (Suspended(), [("federal_objection", "2024-05-25")], True),
        (Suspended(confirmed=True), [("federal_objection", "2024-05-25")], False),
        (
            Suspended(confirmed=True),
            [("federal_objection", "2024-04-10"), ("suspension_confirmed", "2024-05-25", "no_relations")],
            True,
        ),
    ],
)
def test_a_condition_holds(condition: Condition, told: list[tuple[str, ...]], does: bool) -> None:
    assert holds(condition, situation(facts(*told))) == does


@pytest.mark.parametrize(
    ("on", "does"),
    [(date(2024, 1, 8), False), (date(2024, 2, 6), False), (date(2024, 2, 7), False), (date(2024, 2, 8), True)],
)
def test_a_term_has_run_out_the_day_after_its_last_day(on: date, does: bool) -> None:
    assert (
        holds(Answered("information_negotiation"), situation(facts(("information_negotiation", "2024-01-08")), on))
        == does
    )


def test_a_term_that_was_answered_does_not_run() -> None:
    told = facts(("information_negotiation", "2024-01-08"), ("no_objection_negotiation", "2024-01-10"))
    assert not holds(Answered("information_negotiation"), situation(told, date(2024, 1, 9)))
    assert holds(Answered("information_negotiation"), situation(told, date(2024, 1, 10)))


def test_a_step_that_never_happened_starts_no_term() -> None:
    assert holds(Answered("information_negotiation"), situation([]))


@pytest.mark.parametrize("when", ["2024-01", "2024", ""])
def test_a_term_from_an_unknown_day_never_runs_out_by_itself(when: str) -> None:
    told = facts(("information_negotiation", when))
    assert not holds(Answered("information_negotiation"), situation(told, date(2040, 1, 1)))
    assert [running.last for running in situation(told).running("information_negotiation")] == [None]


def test_requests_are_answered_in_order() -> None:
    told = facts(
        ("advice_requested", "2024-05-20"),
        ("advice_requested", "2024-05-10"),
        ("advice_requested", "2024-05-15"),
        ("advice_received", "2024-05-25"),
        ("advice_received", "2024-05-26"),
    )
    running = situation(told).running("advice_requested")
    assert [(one.fact.when.iso, one.last) for one in running] == [("2024-05-20", date(2024, 6, 19))]


def test_the_term_is_the_one_asked_for() -> None:
    told = facts(("council_of_state_requested", "2024-05-20", "5_working_days"))
    assert [running.last for running in situation(told).running("council_of_state_requested")] == [date(2024, 5, 27)]


def test_every_required_entity_has_to_do_it() -> None:
    needed = {"X-BE-FED": 1, "X-BE-FG": 1, "X-BE-DG": 1}
    one = facts(("signature", "2024-05-01", "", "X-BE-FED"), ("signature", "2024-05-01", "", "BE-WAL"))
    assert situation(one, entities=needed).missing_entities("signature") == ["X-BE-DG", "X-BE-FG"]
    assert not holds(AllEntities("signature"), situation(one, entities=needed))
    assert holds(AllEntities("signature"), situation(one, entities={"X-BE-FED": 1}))
    assert holds(AllEntities("signature"), situation([]))


def test_first_and_last_fact_of_a_step() -> None:
    told = facts(("signature", "2024-05-02"), ("signature", ""), ("signature", "2024-05-01"))
    there = situation(told)
    assert [fact and fact.when.iso for fact in (there.first("signature"), there.last("signature"))] == [
        "",
        "2024-05-02",
    ]
    assert there.first("mandate") is there.last("mandate") is None


def test_known_leaves_out_the_future_only() -> None:
    told = [a_fact("a", FIRST), a_fact("b", None), a_fact("c", date(2030, 1, 1))]
    assert [fact.step for fact in known(told, FIRST)] == ["a", "b"]


@pytest.mark.parametrize(
    ("condition", "steps"),
    [
        (Done("a", ("x",)), ("a",)),
        (Approved("b"), ("b",)),
        (Answered("c"), ("c",)),
        (AllEntities("d"), ("d",)),
        (Either((Done("a"), Either((Approved("b"), Answered("c"))))), ("a", "b", "c")),
        (Not(Done("a")), ("a",)),
        (Suspended(), ()),
        (HasParent(), ()),
    ],
)
def test_a_condition_names_its_steps(condition: Condition, steps: tuple[str, ...]) -> None:
    assert steps_of(condition) == steps


def test_what_would_meet_a_condition_is_not_what_it_waits_for() -> None:
    condition = Either((Not(Done("a")), Done("b"), Either((Approved("c"), Answered("d"))), AllEntities("e")))
    assert met_by(condition) == ("b", "c")


@pytest.mark.parametrize(
    ("procedure", "relation", "does"),
    [
        (AMENDMENT, None, False),
        (AMENDMENT, RelationKind.AMENDS, True),
        (AMENDMENT, RelationKind.PROTOCOL_TO, True),
        (AMENDMENT, RelationKind.UNDER, False),
        (PROGRAMME, RelationKind.UNDER, True),
        (PROGRAMME, RelationKind.AMENDS, False),
        (TECHNICAL, RelationKind.IMPLEMENTS, True),
        (EXCLUSIVE, RelationKind.AMENDS, False),
    ],
)
def test_a_parent_is_linked_by_the_relation_the_procedure_names(
    procedure: Procedure, relation: RelationKind | None, does: bool
) -> None:
    relations = frozenset({relation}) if relation else frozenset()
    assert holds(HasParent(), situation([], procedure=procedure, relations=relations)) == does


class TestAssentOfEntities:
    ALL_ASSENT = AllEntities("assent_of_entity", ASSENTED, no="declined")

    def missing(self, needed: dict[str, int], *told: tuple[str, str, str, str]) -> list[str]:
        there = situation(facts(*told), date(2030, 1, 1), needed, procedure=MIXED)
        assert holds(self.ALL_ASSENT, there) == (not there.missing_entities("assent_of_entity", ASSENTED, "declined"))
        return there.missing_entities("assent_of_entity", ASSENTED, "declined")

    @pytest.mark.parametrize("outcome", ASSENTED)
    def test_each_of_these_says_there_is_an_assent(self, outcome: str) -> None:
        assert self.missing({"FG": 1}, ("assent_of_entity", "2024-01-01", outcome, "FG")) == []

    @pytest.mark.parametrize("outcome", ["introduced", "declined", ""])
    def test_these_do_not(self, outcome: str) -> None:
        assert self.missing({"FG": 1}, ("assent_of_entity", "2024-01-01", outcome, "FG")) == ["FG"]

    def test_one_act_that_was_adopted_promulgated_and_published_is_one(self) -> None:
        told = [("assent_of_entity", f"2024-01-0{day}", outcome, "WAL") for day, outcome in enumerate(ASSENTED, 1)]
        assert self.missing({"WAL": 2}, *told) == ["WAL"]
        assert self.missing({"WAL": 2}, *told, ("assent_of_entity", "2024-02-01", "adopted", "WAL")) == []

    def test_who_declined_after_assenting_has_not_assented(self) -> None:
        told = [
            ("assent_of_entity", "2024-01-01", "adopted", "FG"),
            ("assent_of_entity", "2024-02-01", "declined", "FG"),
        ]
        assert self.missing({"FG": 1}, *told) == ["FG"]
        assert self.missing({"FG": 1}, *told, ("assent_of_entity", "2024-03-01", "adopted", "FG")) == []


class TestTermsOfCouncils:
    def last_days(self, *told: Fact, on: date = date(2024, 6, 1)) -> dict[str, date | None]:
        return {one.fact.body: one.last for one in situation(list(told), on).running("advice_requested")}

    def test_an_advice_answers_the_request_to_its_own_council(self) -> None:
        serv = a_fact("advice_requested", "2024-05-10", body="serv", pk=1)
        vlor = a_fact("advice_requested", "2024-05-15", body="vlor", pk=2)
        assert self.last_days(serv, vlor) == {"serv": date(2024, 6, 9), "vlor": date(2024, 6, 14)}
        advice = a_fact("advice_received", "2024-05-20", "given", body="vlor", pk=3)
        assert self.last_days(serv, vlor, advice) == {"serv": date(2024, 6, 9)}

    def test_an_advice_of_another_council_answers_nothing(self) -> None:
        serv = a_fact("advice_requested", "2024-05-10", body="serv", pk=1)
        assert list(self.last_days(serv, a_fact("advice_received", "2024-05-20", body="mora", pk=2))) == ["serv"]

    def test_an_advice_that_came_before_the_request_does_not_answer_it(self) -> None:
        serv = a_fact("advice_requested", "2024-05-10", body="serv", pk=1)
        assert list(self.last_days(serv, a_fact("advice_received", "2024-05-09", body="serv", pk=2))) == ["serv"]
        assert list(self.last_days(serv, a_fact("advice_received", "2024-05-10", body="serv", pk=2))) == []

    def test_that_a_council_gives_none_ends_its_term(self) -> None:
        serv = a_fact("advice_requested", "2024-05-10", body="serv", pk=1)
        assert self.last_days(serv, a_fact("advice_received", "2024-05-12", "renounced", body="serv", pk=2)) == {}

    def test_where_no_council_is_named_the_earliest_request_is_answered(self) -> None:
        told = [a_fact("advice_requested", f"2024-05-{day}", pk=day) for day in (10, 15)]
        there = situation([*told, a_fact("advice_received", "2024-05-20", pk=3)])
        assert [one.fact.when.iso for one in there.running("advice_requested")] == ["2024-05-15"]

    def test_an_extension_moves_the_term_of_its_own_council(self) -> None:
        serv = a_fact("advice_requested", "2024-05-10", body="serv", pk=1)
        vlor = a_fact("advice_requested", "2024-05-15", body="vlor", pk=2)
        more = a_fact("advice_term_extended", "2024-05-20", body="serv", pk=3, until=date(2024, 8, 1))
        assert self.last_days(serv, vlor, more) == {"serv": date(2024, 8, 1), "vlor": date(2024, 6, 14)}

    def test_a_council_asked_with_urgency_has_ten_working_days(self) -> None:
        """Over Whit Monday, 20 May 2024."""
        assert self.last_days(a_fact("advice_requested", "2024-05-10", "urgent")) == {"": date(2024, 5, 27)}


def test_the_term_of_the_council_of_state_stands_still_and_runs_again() -> None:
    asked = ("council_of_state_requested", "2024-04-02", "30_days")
    stopped = ("council_of_state_stop", "2024-04-10", "stopped")
    resumed = ("council_of_state_stop", "2024-04-20", "resumed")

    def last(*told: tuple[str, ...]) -> date | None:
        return situation(facts(*told)).running("council_of_state_requested")[0].last

    assert last(asked) == date(2024, 5, 2)
    assert last(asked, stopped) is None
    assert last(asked, stopped, resumed) == date(2024, 5, 12)
    # Without a stop there is nothing to resume.
    assert last(asked, resumed) == date(2024, 5, 2)


class TestNamedTerms:
    def running(self, until: date | None, on: date) -> list[date | None]:
        told = [a_fact("opt_out_term", "2024-05-10", until=until)]
        return [one.last for one in situation(told, on, procedure=TECHNICAL).running("opt_out_term")]

    def test_it_ends_on_the_day_its_own_event_names(self) -> None:
        assert self.running(date(2024, 11, 30), ON) == [date(2024, 11, 30)]

    def test_without_it_the_end_cannot_be_known(self) -> None:
        assert self.running(None, date(2040, 1, 1)) == [None]
        told = [a_fact("opt_out_term", "2024-05-10")]
        assert not holds(Answered("opt_out_term"), situation(told, date(2040, 1, 1), procedure=TECHNICAL))

    @pytest.mark.parametrize(("on", "over"), [(date(2024, 11, 30), False), (date(2024, 12, 1), True)])
    def test_it_is_over_the_day_after(self, on: date, over: bool) -> None:
        told = [a_fact("opt_out_term", "2024-05-10", until=date(2024, 11, 30))]
        assert holds(Answered("opt_out_term"), situation(told, on, procedure=TECHNICAL)) == over


class TestGoingBack:
    TOLD = (
        ("text_agreed", "2024-03-01"),
        ("consent_to_sign", "2024-03-10", "approved"),
        ("talks_reopened", "2024-04-01"),
        ("text_agreed", "2024-05-01"),
    )

    def test_what_was_reopened_no_longer_counts(self) -> None:
        there = situation(facts(*self.TOLD))
        assert [fact.when.iso for fact in there.of("text_agreed")] == ["2024-05-01"]
        assert there.of("consent_to_sign") == []
        assert [fact.when.iso for fact in there.overtaken] == ["2024-03-01", "2024-03-10"]

    def test_before_the_return_it_did_count(self) -> None:
        there = situation(facts(*self.TOLD), date(2024, 3, 31))
        assert there.last("consent_to_sign")
        assert there.overtaken == there.to_do_again == ()

    def test_what_was_not_done_since_is_to_be_done_again(self) -> None:
        there = situation(facts(*self.TOLD))
        assert [code for code, _fact in there.to_do_again] == ["consent_to_sign", "information_signature"]
        assert {fact.step for _code, fact in there.to_do_again} == {"talks_reopened"}

    def test_facts_of_steps_the_procedure_does_not_have_are_kept_apart(self) -> None:
        there = situation(facts(("working_group", "2024-01-01", "mixed")))
        assert [fact.step for fact in there.of("working_group")] == ["working_group"]
        assert there.overtaken == ()


class TestPackage:
    BOTH = frozenset({"TR-A", "TR-B"})

    def there(self, *told: Fact, treaties: frozenset[str] = BOTH) -> Situation:
        return situation(list(told), treaties=treaties)

    def test_each_treaty_of_a_package_is_signed(self) -> None:
        one = self.there(a_fact("signature", "2024-05-01", treaty="TR-A"))
        assert not holds(Done("signature"), one)
        assert one.missing_treaties(EXCLUSIVE.step("signature")) == ["TR-B"]
        two = self.there(
            a_fact("signature", "2024-05-01", treaty="TR-A"), a_fact("signature", "2024-05-02", treaty="TR-B", pk=2)
        )
        assert holds(Done("signature"), two)
        assert two.missing_treaties(EXCLUSIVE.step("signature")) == []

    def test_a_fact_that_names_none_speaks_of_all(self) -> None:
        assert holds(Done("signature"), self.there(a_fact("signature", "2024-05-01")))

    def test_a_gate_is_passed_for_each(self) -> None:
        told = [
            a_fact("international_ratification", "2024-05-01", "approved", treaty="TR-A", pk=1),
            a_fact("international_ratification", "2024-05-02", "refused", treaty="TR-B", pk=2),
        ]
        assert not holds(Approved("international_ratification"), self.there(*told))
        told.append(a_fact("international_ratification", "2024-05-09", "approved", treaty="TR-B", pk=3))
        assert holds(Approved("international_ratification"), self.there(*told))

    def test_of_a_single_treaty_nothing_is_asked_apart(self) -> None:
        alone = self.there(a_fact("signature", "2024-05-01"), treaties=frozenset({"TR-A"}))
        assert alone.missing_treaties(EXCLUSIVE.step("signature")) == []
