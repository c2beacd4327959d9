"""Two axes: what was so on a day, and what the register knew of it at a moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import add_evidence, read
from treaties.actions import relate
from treaties.choices import Qualification, RelationKind, Stage
from treaties.dates import UNKNOWN, parse
from treaties.models import Party, Treaty
from workflow import actions, queries
from workflow.actions import Finding
from workflow.choices import Authority, StepState
from workflow.conditions import Fact
from workflow.guards import Happening
from workflow.held import fact, held, was_asked, was_decided
from workflow.models import Approval, Dossier, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]


@contextmanager
def on(day: str, hour: int = 12) -> Iterator[None]:
    """What is done inside is recorded on that day."""
    with time_machine.travel(at(day, hour), tick=False):
        yield


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


def record(actor: User, dossier: Dossier, step: str, when: str, **kw: Any) -> Event:
    happening = Happening(step=step, when=parse(when), **kw)
    return actions.record_event(actor=actor, dossier=dossier, happening=happening, despite_reason="as it was")


def steps(dossier: Dossier, day: str, known: str = "") -> list[str]:
    """The steps of the events that are held, on a day, as known at noon of another."""
    found = held(read(dossier), date.fromisoformat(day), at(known) if known else None)
    return [event.step for event in found.events]


@pytest.fixture
def old(make_dossier: Open) -> Dossier:
    """A dossier that was opened on 10 January 2024."""
    with on("2024-01-10"):
        return make_dossier()


class TestEvents:
    def test_what_was_recorded_later_was_not_known(self, old: Dossier, staff: User) -> None:
        with on("2024-02-01"):
            record(staff, old, "initiative", "2024-01-08")
        with on("2024-03-01"):
            record(staff, old, "partner_notification", "2024-01-09")
        assert steps(old, "2024-06-01", known="2024-01-31") == []
        assert steps(old, "2024-06-01", known="2024-02-01") == ["initiative"]
        assert steps(old, "2024-06-01", known="2024-03-01") == ["initiative", "partner_notification"]
        assert steps(old, "2024-06-01") == ["initiative", "partner_notification"]

    def test_what_is_dated_later_had_not_happened(self, old: Dossier, staff: User) -> None:
        with on("2024-03-01"):
            record(staff, old, "initiative", "2024-02-01")
        row = read(old)
        before = queries.assessment(row, date(2024, 1, 31)).report("initiative")
        assert (before.state, before.facts) == (StepState.OPEN, ())
        assert queries.assessment(row, date(2024, 2, 1)).report("initiative").state == StepState.HAPPENED

    def test_both_axes_at_once(self, old: Dossier, staff: User) -> None:
        """On 1 February the register did not know yet that the initiative was of 8 January."""
        with on("2024-03-01"):
            record(staff, old, "initiative", "2024-01-08")
        row, day = read(old), date(2024, 2, 1)
        assert queries.assessment(row, day).report("initiative").state == StepState.HAPPENED
        assert queries.assessment(row, day, at("2024-02-01")).report("initiative").state == StepState.OPEN
        assert queries.assessment(row, day, at("2024-03-01")).report("initiative").state == StepState.HAPPENED

    def test_what_was_corrected_later_stood_until_then(self, old: Dossier, staff: User) -> None:
        with on("2024-02-01"):
            wrong = record(staff, old, "initiative", "2024-01-08")
        with on("2024-04-01"):
            mended = actions.correct_event(
                actor=staff, event=wrong, happening=Happening("initiative", parse("2024-01-09")), reason="misread"
            )
        row, day = read(old), date(2024, 6, 1)
        assert [event.pk for event in held(row, day, at("2024-03-31")).events] == [wrong.pk]
        assert [event.pk for event in held(row, day, at("2024-04-01")).events] == [mended.pk]
        assert [event.pk for event in held(row, day).events] == [mended.pk]

    def test_what_was_taken_back_later_stood_until_then(self, old: Dossier, staff: User) -> None:
        with on("2024-02-01"):
            wrong = record(staff, old, "initiative", "2024-01-08")
        with on("2024-04-01"):
            actions.correct_event(actor=staff, event=wrong, happening=None, reason="another dossier")
        assert steps(old, "2024-06-01", known="2024-03-31") == ["initiative"]
        assert steps(old, "2024-06-01", known="2024-04-01") == []
        assert queries.assessment(read(old), date(2024, 6, 1), at("2024-03-31")).next.step.code == "mandate"  # type: ignore[union-attr]

    def test_an_unknown_day_is_past_on_every_day(self, make_dossier: Open, administrator: User) -> None:
        with on("2024-01-10"):
            dossier = make_dossier(origin="reconstructed", actor=administrator)
        with on("2024-02-01"):
            record(administrator, dossier, "initiative", "")
        for day in (date(1999, 1, 1), date(2024, 6, 1)):
            assert queries.assessment(read(dossier), day).report("initiative").state == StepState.HAPPENED
        known = queries.assessment(read(dossier), date(2024, 6, 1), at("2024-01-31"))
        assert known.report("initiative").state == StepState.OPEN

    def test_what_was_announced_was_known_as_announced(self, old: Dossier, staff: User) -> None:
        with on("2024-02-01"):
            record(staff, old, "entry_into_force", "2024-08-01")
            now = queries.assessment(read(old), date(2024, 2, 1))
            assert now.report("entry_into_force").state == StepState.SCHEDULED
        row = read(old)
        known = queries.assessment(row, date(2024, 2, 1), at("2024-02-01"))
        assert known.report("entry_into_force").state == StepState.SCHEDULED
        unknown = queries.assessment(row, date(2024, 2, 1), at("2024-01-31"))
        assert unknown.report("entry_into_force").facts == ()
        # As known now, on a day before it: it lay ahead, and is not told.
        assert queries.assessment(row, date(2024, 7, 31)).report("entry_into_force").facts == ()
        assert queries.assessment(row, date(2024, 8, 1)).report("entry_into_force").state == StepState.HAPPENED

    def test_the_moment_is_exact(self, old: Dossier, staff: User) -> None:
        with on("2024-02-01", hour=9):
            event = record(staff, old, "initiative", "2024-01-08")
        row, day = read(old), date(2024, 6, 1)
        assert held(row, day, event.recorded_at).events == [event]
        assert held(row, day, event.recorded_at - timedelta(microseconds=1)).events == []


class TestRequests:
    @pytest.fixture
    def decided(self, old: Dossier, staff: User, reviewer: User) -> Approval:
        """Asked on 20 February, approved by the Government on 1 March, recorded on 5 March."""
        with on("2024-02-01"):
            record(staff, old, "initiative", "2024-01-08")
            add_evidence(staff, old, "mandate")
        with on("2024-02-20"):
            approval = actions.ask_consent(actor=staff, dossier=old, step="mandate")
        with on("2024-03-05"):
            actions.decide_consent(actor=reviewer, approval=approval, outcome="approved", decided_on=date(2024, 3, 1))
        return approval

    @pytest.mark.parametrize(
        ("day", "known", "is_asked", "state"),
        [
            ("2024-02-19", "", False, StepState.OPEN),
            ("2024-02-20", "", True, StepState.ASKED),
            ("2024-02-29", "", True, StepState.ASKED),
            ("2024-03-01", "", False, StepState.HAPPENED),
            # The decision of 1 March was not known before the fifth.
            ("2024-03-04", "2024-03-04", True, StepState.ASKED),
            ("2024-03-05", "2024-03-05", False, StepState.HAPPENED),
            # A request that was not made yet was not known.
            ("2024-06-01", "2024-02-19", False, StepState.OPEN),
            ("2024-06-01", "2024-02-21", True, StepState.ASKED),
        ],
    )
    def test_around_the_day(self, day: str, known: str, is_asked: bool, state: StepState, decided: Approval) -> None:
        row, moment = read(decided.dossier), at(known) if known else None
        assert held(row, date.fromisoformat(day), moment).asked == ({"mandate"} if is_asked else set())
        now = queries.assessment(row, date.fromisoformat(day), moment)
        assert now.report("mandate").state == state

    def test_asked_and_decided_are_told_apart(self, decided: Approval) -> None:
        approval = Approval.objects.get(pk=decided.pk)
        assert [was_asked(approval, date(2024, 2, day), None) for day in (19, 20)] == [False, True]
        assert [was_decided(approval, date(2024, 3, day), None) for day in (1, 5)] == [True, True]
        assert [was_decided(approval, date(2024, 3, 5), at(f"2024-03-0{day}")) for day in (4, 5)] == [False, True]
        assert was_decided(approval, date(2024, 2, 29), None) is False

    def test_today_it_is_read_from_what_is_open(self, decided: Approval, staff: User) -> None:
        dossier = Dossier.objects.get(pk=decided.dossier_id)
        assert queries.open_gates(dossier) == set()
        record(staff, dossier, "information_negotiation", "2024-04-01")


class TestDetermined:
    def test_the_list_of_entities_as_it_was_and_as_it_was_known(self, make_dossier: Open, staff: User) -> None:
        with on("2024-01-10"):
            dossier = make_dossier("mixed")
        fed, wal = (Party.objects.get(code=code) for code in ("X-BE-FED", "BE-WAL"))
        said = {"actor": staff, "dossier": dossier, "reason": "bevoegd"}
        with on("2024-02-10"):
            actions.require_entity(
                **said,
                entity=fed,
                finding=Finding(Authority.WORKING_GROUP, parse("2024-02-01")),  # type: ignore[arg-type]
            )
            actions.require_entity(**said, entity=wal)  # type: ignore[arg-type]
        with on("2024-05-10"):
            actions.release_entity(
                **said,
                entity=fed,
                finding=Finding(Authority.CONFERENCE, parse("2024-05-01")),  # type: ignore[arg-type]
            )
        row = read(dossier)

        def required(day: str, known: str = "") -> list[str]:
            return sorted(held(row, date.fromisoformat(day), at(known) if known else None).entities)

        # Of an unknown day: from the beginning.
        assert required("2024-01-31") == ["BE-WAL"]
        assert required("2024-02-01") == ["BE-WAL", "X-BE-FED"]
        assert required("2024-05-01") == ["BE-WAL"]
        assert required("2024-05-01", known="2024-05-09") == ["BE-WAL", "X-BE-FED"]
        assert required("2024-02-05", known="2024-02-09") == []
        assert required("2024-02-05", known="2024-02-10") == ["BE-WAL", "X-BE-FED"]
        names = [one.entity.name for one in held(row, date(2024, 3, 1)).requirements]
        assert names == sorted(names)

    def test_requalified_on_a_day(self, make_dossier: Open, staff: User) -> None:
        with on("2024-01-10"):
            dossier = make_dossier()
        with on("2024-03-10"):
            actions.requalify(
                actor=staff,
                dossier=dossier,
                qualification=Qualification.MIXED,
                procedure="mixed",
                reason="advies",
                finding=Finding(Authority.COUNCIL_OF_STATE, parse("2024-03-01")),
            )
        row = read(dossier)

        def follows(day: str, known: str = "") -> tuple[str, str]:
            found = held(row, date.fromisoformat(day), at(known) if known else None)
            assert found.determination
            return found.procedure.code, found.determination.qualification

        assert follows("2024-02-29") == ("exclusive", "exclusive_both")
        assert follows("2024-03-01") == ("mixed", "mixed")
        assert follows("2024-03-05", known="2024-03-09") == ("exclusive", "exclusive_both")
        assert follows("2024-03-05", known="2024-03-10") == ("mixed", "mixed")
        assert queries.assessment(row, date(2024, 2, 29)).procedure.code == "exclusive"
        assert queries.assessment(row, date(2024, 3, 1)).procedure.code == "mixed"

    def test_before_it_was_opened_nothing_was_known(self, make_dossier: Open) -> None:
        with on("2024-01-10"):
            dossier = make_dossier()
        found = held(read(dossier), date(2024, 6, 1), at("2024-01-09"))
        assert (found.determination, found.events, found.asked, found.entities) == (None, [], frozenset(), {})
        assert found.procedure == dossier.procedure


def test_stage_and_terms_of_another_day(make_dossier: Open, advance: Callable[..., Dossier]) -> None:
    dossier = advance(make_dossier(), "negotiation_opened")
    informed = next(event for event in dossier.standing_events if event.step == "information_negotiation").on
    assert informed
    then = queries.assessment(dossier, informed)
    assert [deadline.last for deadline in then.deadlines] == [informed + timedelta(days=30)]
    assert (then.stage, queries.assessment(dossier).deadlines) == (Stage.NEGOTIATION, ())


def test_a_fact_has_all_of_its_event(make_dossier: Open, make_treaty: Callable[..., Treaty], staff: User) -> None:
    other = make_treaty(title="Tweede")
    dossier = make_dossier(package=[other])
    event = record(staff, dossier, "partner_notification", "2024-01-08", treaty=other)
    assert fact(event) == Fact(
        event.pk, "partner_notification", parse("2024-01-08"), event.recorded_at, treaty=other.reference
    )
    assert UNKNOWN.on is None


def test_treaties_and_relations_are_those_of_the_dossier(
    make_dossier: Open, make_treaty: Callable[..., Treaty], staff: User
) -> None:
    other, parent = make_treaty(title="Tweede"), make_treaty(title="Moeder")
    dossier = make_dossier(package=[other])
    relate(actor=staff, treaty=dossier.treaty, kind=RelationKind.AMENDS, other=parent, reason="x")
    found = held(read(dossier))
    assert found.treaties == {dossier.treaty.reference, other.reference}
    assert found.relations == {RelationKind.AMENDS}


def test_what_was_read_beforehand_is_not_read_again(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier("mixed", entities=["X-BE-FED"])
    record(staff, dossier, "initiative", "2024-01-08")
    row = read(dossier)
    with CaptureQueriesContext(connection) as seen:
        assert held(row).entities == {"X-BE-FED": 1}
        assert held(row, date(2024, 1, 1)).events
    assert len(seen) == 0
