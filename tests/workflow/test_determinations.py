"""What is determined about a dossier in the course of time: its qualification, and the entities it concerns."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Change
from audit.refusals import AlreadyDone, Refused
from tests.factories import read
from tests.workflow.rows import refused, rows
from treaties.choices import Qualification
from treaties.dates import UNKNOWN, parse
from treaties.models import Party, SearchDocument, Treaty
from workflow import actions, queries
from workflow.actions import Finding
from workflow.choices import Authority, Origin, StepState
from workflow.guards import Happening
from workflow.held import held
from workflow.models import Determination, Dossier, EntityRequirement, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]
MARCH = Finding(Authority.CONFERENCE, parse("2025-03-01"), "ICBB")


def found(
    by: Authority = Authority.COUNCIL_OF_STATE, on: str = "2025-03-01", source: str = "advies 77.001/VR"
) -> Finding:
    return Finding(by, parse(on), source)


def requalify(actor: User, dossier: Dossier, to: str = "mixed", **kw: Any) -> Dossier:
    is_mixed = to == "mixed"
    kw.setdefault("qualification", Qualification.MIXED if is_mixed else Qualification.EXCLUSIVE_BOTH)
    kw.setdefault("finding", found())
    kw.setdefault("reason", "volgens het advies")
    return actions.requalify(actor=actor, dossier=dossier, procedure=to, **kw)


def entity(code: str) -> Party:
    return Party.objects.get(code=code)


def require(actor: User, dossier: Dossier, code: str, **kw: Any) -> EntityRequirement:
    return actions.require_entity(actor=actor, dossier=dossier, entity=entity(code), **{"reason": "bevoegd", **kw})


def release(actor: User, dossier: Dossier, code: str, **kw: Any) -> EntityRequirement:
    return actions.release_entity(actor=actor, dossier=dossier, entity=entity(code), **{"reason": "toch niet", **kw})


class TestRequalifying:
    def test_exclusive_turns_out_to_be_mixed(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "signature")
        requalify(staff, dossier, finding=found(on="2025-03-01"))
        row = read(dossier)
        assert (row.procedure_code, row.procedure_version, row.treaty.qualification) == ("mixed", 1, "mixed")
        event = Event.objects.get(step="requalified")
        assert (event.outcome, event.when.iso, event.note, event.source, event.acts.count()) == (
            "council_of_state",
            "2025-03-01",
            "volgens het advies",
            "advies 77.001/VR",
            0,
        )
        now = queries.assessment(row)
        assert now.report("signature").state == StepState.HAPPENED
        assert now.report("mandate").state == StepState.HAPPENED
        assert (now.next and now.next.step.code, row.next_step, row.awaited) == (
            "working_group",
            "working_group",
            "working_group",
        )
        assert {fact.step for fact in now.foreign} == {"information_negotiation", "information_signature"}
        assert [one.kind for one in row.treaty.acts.all()] == ["negotiation_opened", "text_agreed", "signature"]
        assert Change.objects.get(pk=event.change_id).action == "dossier.requalify"

    def test_mixed_turns_out_to_be_exclusive(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]), "signature")
        requalify(staff, dossier, "exclusive", finding=found(Authority.WORKING_GROUP))
        row = read(dossier)
        now = queries.assessment(row)
        assert (row.procedure_code, row.treaty.qualification) == ("exclusive", "exclusive_both")
        assert now.next
        assert now.next.step.code == row.next_step == "information_negotiation"
        assert now.report("signature").state == StepState.HAPPENED
        # What was required of others stays readable, and nobody waits for it in this procedure.
        assert {fact.step for fact in now.foreign} == {"working_group", "conference", "full_powers_of_entity"}
        assert EntityRequirement.objects.count() == 1
        assert not row.procedure.has("assent_of_entity")

    def test_back_again_the_whole_history_stays(self, make_dossier: Open, staff: User, staff2: User) -> None:
        dossier = make_dossier()
        requalify(staff, dossier, finding=found(on="2025-03-01"))
        requalify(staff2, dossier, "exclusive", reason="beroep", finding=found(Authority.CONFERENCE, "2025-06-01", ""))
        said = [
            (row.procedure_code, row.qualification, row.when, row.determined_by, row.reason, row.recorded_by)
            for row in Determination.objects.all()
        ]
        assert said == [
            ("exclusive", "exclusive_both", UNKNOWN, "register", "from the file", staff),
            ("mixed", "mixed", parse("2025-03-01"), "council_of_state", "volgens het advies", staff),
            ("exclusive", "exclusive_both", parse("2025-06-01"), "conference", "beroep", staff2),
        ]
        row = read(dossier)
        seen = [held(row, on).procedure.code for on in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 1))]
        assert seen == ["exclusive", "mixed", "exclusive"]
        assert held(row).procedure == row.procedure

    def test_a_memorandum_that_binds_becomes_a_treaty(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": "binding"})
        requalify(staff, dossier, "exclusive", finding=found(Authority.GOVERNMENT))
        row = read(dossier)
        assert (row.procedure_code, row.next_step) == ("exclusive", "mandate")
        assert {fact.step for fact in queries.assessment(row).foreign} == {"draft", "wording_check"}

    def test_the_search_follows(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        requalify(staff, dossier)
        assert SearchDocument.objects.get(treaty=dossier.treaty).stage == read(dossier).stage

    def test_all_treaties_of_a_package(
        self, make_dossier: Open, make_treaty: Callable[..., Treaty], staff: User
    ) -> None:
        other = make_treaty(title="Tweede", qualification=Qualification.EXCLUSIVE_BOTH)
        dossier = make_dossier(package=[other])
        requalify(staff, dossier)
        assert {one.qualification for one in Treaty.objects.all()} == {"mixed"}

    def test_everything_wrong_is_said_at_once_and_nothing_written(self, make_dossier: Open, auditor: User) -> None:
        dossier, soon = make_dossier(), (timezone.localdate() + timedelta(days=1)).isoformat()
        with refused("not_allowed", "procedure", "qualification", "future"):
            actions.requalify(
                actor=auditor,
                dossier=dossier,
                qualification="else",  # type: ignore[arg-type]
                procedure="mou",
                reason="x",
                finding=found(on=soon),
            )

    @pytest.mark.parametrize(
        ("kw", "codes"),
        [
            ({"to": "exclusive"}, ["same"]),
            ({"to": "none"}, ["procedure"]),
            ({"finding": found(Authority.REGISTER)}, ["determined_by"]),
            ({"finding": found(on="")}, ["date_missing"]),
            ({"finding": found(on="2024-01-07")}, ["before_dossier"]),
            ({"to": "exclusive", "finding": found(Authority.REGISTER, "")}, ["determined_by", "same", "date_missing"]),
        ],
    )
    def test_what_is_refused(
        self, kw: dict[str, Any], codes: list[str], make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier(), "initiative")
        with refused(*codes):
            requalify(staff, dossier, **kw)

    @pytest.mark.parametrize("on", ["2025-02-28", "2025"])
    def test_it_cannot_lie_before_the_last_time(self, on: str, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        requalify(staff, dossier, finding=found(on="2025-03-01"))
        with refused("determined_later") as answer:
            requalify(staff, dossier, "exclusive", finding=found(on=on))
        assert "1 maart 2025" in str(answer.blockers[0].sentence)
        requalify(staff, dossier, "exclusive", finding=found(on="2025-03-01"))
        row = read(dossier)
        assert (held(row).procedure.code, row.procedure_code) == ("exclusive", "exclusive")

    def test_a_dossier_of_the_past_may_not_know_the_day(self, make_dossier: Open, administrator: User) -> None:
        dossier = make_dossier(origin=Origin.RECONSTRUCTED, actor=administrator)
        requalify(administrator, dossier, finding=found(on=""))
        row = read(dossier)
        assert (row.procedure_code, held(row).procedure.code, held(row, date(1999, 1, 1)).procedure.code) == (
            "mixed",
            "mixed",
            "mixed",
        )

    def test_an_open_request_the_other_procedure_does_not_know_comes_first(
        self,
        make_dossier: Open,
        advance: Go,
        give_evidence: Callable[[Dossier, str], None],
        staff: User,
        reviewer: User,
    ) -> None:
        dossier = advance(make_dossier(), "decree_published")
        give_evidence(dossier, "international_ratification")
        approval = actions.ask_consent(actor=staff, dossier=dossier, step="international_ratification")
        today = timezone.localdate().isoformat()
        with refused("open_request"):
            requalify(staff, dossier, finding=found(on=today))
        actions.withdraw_request(actor=staff, approval=approval, reason="gemengd")
        requalify(staff, dossier, finding=found(on=today))
        assert read(dossier).procedure_code == "mixed"

    def test_an_open_request_that_both_know_is_decided_after_it(
        self,
        make_dossier: Open,
        advance: Go,
        give_evidence: Callable[[Dossier, str], None],
        staff: User,
        reviewer: User,
    ) -> None:
        dossier = advance(make_dossier(), "text_agreed")
        give_evidence(dossier, "consent_to_sign")
        approval = actions.ask_consent(actor=staff, dossier=dossier, step="consent_to_sign")
        requalify(staff, dossier)
        on = timezone.localdate()
        with refused("to_do_again"):
            actions.decide_consent(actor=reviewer, approval=approval, outcome="approved", decided_on=on)
        decision = actions.decide_consent(
            actor=reviewer, approval=approval, outcome="postponed", decided_on=on, reason="eerst de werkgroep"
        )
        assert decision.event.step == "consent_to_sign"

    def test_it_is_not_recorded_as_any_other_step(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        happening = Happening(step="requalified", when=parse("2025-03-01"), outcome="conference")
        with refused("requalify"):
            actions.record_event(actor=staff, dossier=dossier, happening=happening)

    def test_nor_taken_back(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        requalify(staff, dossier)
        with refused("requalify"):
            actions.correct_event(actor=staff, event=Event.objects.get(), happening=None, reason="x")

    def test_what_happened_under_the_other_procedure_can_be_taken_back(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        requalify(staff, dossier)
        event = Event.objects.get(step="information_negotiation")
        with refused("unknown_step"):
            actions.correct_event(
                actor=staff,
                event=event,
                happening=Happening("information_negotiation", parse("2024-02-01")),
                reason="x",
            )
        actions.correct_event(actor=staff, event=event, happening=None, reason="never sent")
        assert queries.assessment(read(dossier)).foreign == ()

    def test_the_same_form_twice_is_one_determination(self, make_dossier: Open, staff: User) -> None:
        dossier, form = make_dossier(), uuid4()
        requalify(staff, dossier, submission=form)
        before = rows()
        with pytest.raises(AlreadyDone):
            requalify(staff, dossier, "exclusive", submission=form)
        assert rows() == before

    def test_its_reason_is_a_text_that_can_be_kept(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        for reason in (" ", "a\x00b", "x" * 501):
            before = rows()
            with pytest.raises(Refused) as caught:
                requalify(staff, dossier, reason=reason)
            assert [blocker.field for blocker in caught.value.blockers] == ["reason"]
            assert rows() == before


class TestRequiringEntities:
    def test_who_determined_it_when_and_why_is_kept(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        row = require(staff, dossier, "X-BE-FED", acts=2, reason="twee kamers", finding=MARCH)
        kept = EntityRequirement.objects.get(pk=row.pk)
        assert (kept.entity.code, kept.acts, kept.is_required, kept.reason, kept.source, kept.when) == (
            "X-BE-FED",
            2,
            True,
            "twee kamers",
            "ICBB",
            parse("2025-03-01"),
        )
        assert (kept.determined_by, kept.recorded_by, kept.change.action) == ("conference", staff, "dossier.edit")

    def test_the_list_grows_shrinks_and_stays_readable(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        require(staff, dossier, "X-BE-FED", finding=MARCH)
        require(staff, dossier, "X-BE-FG", finding=MARCH)
        require(staff, dossier, "X-BE-FED", acts=2, finding=found(Authority.WORKING_GROUP, "2025-04-01"))
        release(staff, dossier, "X-BE-FG", finding=found(Authority.CONFERENCE, "2025-05-01"))
        row = read(dossier)
        days = (date(2025, 2, 28), date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1))
        assert [held(row, on).entities for on in days] == [
            {},
            {"X-BE-FED": 1, "X-BE-FG": 1},
            {"X-BE-FED": 2, "X-BE-FG": 1},
            {"X-BE-FED": 2},
        ]
        said = [(one.entity.code, one.is_required, one.acts, one.determined_by) for one in row.entity_links.all()]
        assert said == [
            ("X-BE-FED", True, 1, "conference"),
            ("X-BE-FG", True, 1, "conference"),
            ("X-BE-FED", True, 2, "working_group"),
            ("X-BE-FG", False, 1, "conference"),
        ]
        assert queries.assessment(row).report("assent_of_entity").missing_entities == ("X-BE-FED",)

    def test_twice_says_nothing_new(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        first = require(staff, dossier, "X-BE-FG", acts=2, finding=MARCH)
        again = require(staff, dossier, "X-BE-FG", acts=2, reason="nog eens", finding=found(on="2025-04-01"))
        assert (again, EntityRequirement.objects.count(), again.reason) == (first, 1, "bevoegd")

    def test_released_and_required_again(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed", entities=["X-BE-FG"])
        release(staff, dossier, "X-BE-FG")
        assert held(read(dossier)).entities == {}
        with refused("entity") as answer:
            release(staff, dossier, "X-BE-FG")
        assert answer.blockers[0].field == "entity"
        require(staff, dossier, "X-BE-FG", acts=3)
        assert held(read(dossier)).entities == {"X-BE-FG": 3}

    def test_who_was_never_required_is_not_released(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed", entities=["X-BE-FG"])
        with refused("entity"):
            release(staff, dossier, "BE-WAL")

    @pytest.mark.parametrize("on", ["", "2025-02-28"])
    def test_a_release_that_would_never_count_is_refused(self, on: str, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        require(staff, dossier, "X-BE-FG", finding=MARCH)
        with refused("determined_later"):
            release(staff, dossier, "X-BE-FG", finding=found(on=on))
        release(staff, dossier, "X-BE-FG", finding=MARCH)
        assert held(read(dossier)).entities == {}

    def test_everything_wrong_is_said_at_once_and_nothing_written(self, make_dossier: Open, auditor: User) -> None:
        dossier, soon = make_dossier(), (timezone.localdate() + timedelta(days=1)).isoformat()
        for do in (actions.require_entity, actions.release_entity):
            expected = ["not_allowed", "not_mixed", "entity", "future"]
            more: dict[str, Any] = {}
            if do is actions.require_entity:
                expected.insert(3, "acts")
                more["acts"] = 4
            with refused(*expected):
                do(actor=auditor, dossier=dossier, entity=entity("FR"), reason="x", finding=found(on=soon), **more)

    @pytest.mark.parametrize("acts", [0, -1, 4])
    def test_the_number_of_acts_is_one_that_exists(self, acts: int, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mixed")
        with refused("acts"):
            require(staff, dossier, "X-BE-FED", acts=acts)

    def test_as_many_acts_as_are_needed(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mixed", entities={"X-BE-FED": 2}), "decree_published")
        day = dossier.standing_events[-1].when.on
        assert day
        for number, missing in ((1, ("X-BE-FED",)), (2, ())):
            happening = Happening(
                "assent_of_entity",
                parse((day + timedelta(days=number)).isoformat()),
                outcome="adopted",
                entity=entity("X-BE-FED"),
            )
            actions.record_event(actor=staff, dossier=dossier, happening=happening)
            report = queries.assessment(read(dossier)).report("assent_of_entity")
            assert report.missing_entities == missing
        assert read(dossier).next_step == "ratification"

    def test_full_powers_are_given_once_whatever_the_number_of_acts(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier("mixed", entities={"X-BE-FED": 2}), "full_powers_of_entity")
        now = queries.assessment(dossier)
        assert now.report("full_powers_of_entity").missing_entities == ()
        assert now.report("signature").blockers == ()
        assert now.report("assent_of_entity").missing_entities == ("X-BE-FED",)

    def test_an_entity_that_declined_puts_the_dossier_on_hold_until_it_is_released(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"]), "signature")
        happening = Happening("assent_of_entity", parse("2025-06-01"), outcome="declined", entity=entity("BE-WAL"))
        event = actions.record_event(actor=staff, dossier=dossier, happening=happening)
        row = read(dossier)
        assert (row.is_on_hold, row.next_deadline, event.acts.count()) == (True, None, 0)
        assert queries.assessment(row).declined == ("BE-WAL",)
        release(staff, dossier, "BE-WAL")
        assert read(dossier).is_on_hold is False
