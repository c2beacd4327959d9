from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from audit.models import Change
from audit.refusals import AlreadyDone
from tests.factories import a_record, read
from tests.workflow.rows import conflict, refused
from treaties.choices import Access, ActKind, DocumentKind, Kind, Stage
from treaties.dates import UNKNOWN, PartialDate, parse
from treaties.models import Act, Party, SearchDocument, Treaty
from workflow import actions, queries
from workflow.choices import Origin
from workflow.guards import Happening
from workflow.held import held
from workflow.models import Approval, Decision, Dossier, EntityRequirement, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]
Papers = Callable[[Dossier, str], None]


def record(actor: User, dossier: Dossier, step: str, on: str = "2024-01-08", **kw: Any) -> Event:
    despite = kw.pop("despite_reason", "")
    happening = Happening(step=step, when=parse(on), **kw)
    return actions.record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=despite)


def decide(actor: User, approval: Approval, outcome: str = "approved", on: str = "2024-02-01", **kw: Any) -> Decision:
    return actions.decide_consent(
        actor=actor, approval=approval, outcome=outcome, decided_on=date.fromisoformat(on), **kw
    )


@pytest.fixture
def asked(make_dossier: Open, advance: Go, give_evidence: Papers, staff: User) -> Approval:
    """The mandate, asked by a dossier manager on the evidence there is."""
    dossier = advance(make_dossier(), "initiative")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate", note="Graag vóór de zomer.")


def last_day(dossier: Dossier) -> date:
    on = dossier.standing_events[-1].when.on
    assert on
    return on


class TestWholePaths:
    def test_an_exclusive_treaty_from_initiative_to_publication(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier())
        seen = queries.assessment(dossier)
        assert (dossier.stage, dossier.awaited, dossier.next_step, dossier.next_deadline) == (Stage.DONE, "", "", None)
        assert seen.deviations == ()
        assert list(dossier.treaty.acts.values_list("kind", flat=True)) == [
            ActKind.NEGOTIATION_OPENED,
            ActKind.TEXT_AGREED,
            ActKind.SIGNATURE,
            ActKind.ASSENT,
            ActKind.DECREE,
            ActKind.DECREE_PUBLICATION,
            ActKind.RATIFICATION,
            ActKind.NOTIFICATION,
            ActKind.NOTIFICATION,
            ActKind.ENTRY_INTO_FORCE,
            ActKind.TEXT_PUBLICATION,
        ]
        document = SearchDocument.objects.get(treaty=dossier.treaty)
        assert (document.status, document.stage) == ("in_force", "done")
        assert Decision.objects.count() == 6
        assert not Decision.objects.exclude(decided_by__username="reviewer", asked_by__username="staff").exists()

    def test_a_mixed_treaty_with_every_entity(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "X-BE-FG"]))
        assert dossier.stage == Stage.DONE
        assents = dossier.treaty.acts.filter(kind=ActKind.ASSENT).values_list("party__code", flat=True)
        assert list(assents) == [None, "X-BE-FED", "X-BE-FG"]

    def test_an_mou_within_a_delegation_needs_no_consent(self, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier("mou"), outcomes={"wording_check": "within_delegation"})
        assert (dossier.stage, Approval.objects.count()) == (Stage.DONE, 0)
        assert SearchDocument.objects.get(treaty=dossier.treaty).status == "in_effect"


class TestOpening:
    def test_a_dossier_begins_with_the_newest_version_at_its_first_stage(
        self, make_treaty: Callable[..., Treaty], staff: User
    ) -> None:
        treaty = make_treaty()
        dossier = actions.open_dossier(actor=staff, treaty=treaty, procedure="exclusive", reason="x")
        kept = Dossier.objects.get(pk=dossier.pk)
        assert (kept.procedure_code, kept.procedure_version, kept.origin) == ("exclusive", 1, Origin.LIVE)
        assert (kept.stage, kept.awaited, kept.next_step, kept.responsible) == (
            "negotiation",
            "department",
            "initiative",
            staff,
        )
        assert SearchDocument.objects.get(treaty=treaty).stage == "negotiation"

    def test_an_unknown_procedure_is_refused(self, make_treaty: Callable[..., Treaty], staff: User) -> None:
        treaty = make_treaty()
        with refused("unknown_procedure"):
            actions.open_dossier(actor=staff, treaty=treaty, procedure="eu", reason="x")

    @pytest.mark.parametrize("name", ["reader", "auditor"])
    def test_who_may_not_record_is_refused(
        self, name: str, make_treaty: Callable[..., Treaty], request: pytest.FixtureRequest
    ) -> None:
        treaty, actor = make_treaty(), request.getfixturevalue(name)
        with refused("not_allowed"):
            actions.open_dossier(actor=actor, treaty=treaty, procedure="mou", reason="x")

    def test_only_who_may_transcribe_opens_a_dossier_of_the_past(
        self, make_treaty: Callable[..., Treaty], staff: User, administrator: User
    ) -> None:
        treaty = make_treaty()
        past = {"treaty": treaty, "procedure": "exclusive", "reason": "x", "origin": Origin.RECONSTRUCTED}
        with refused("not_allowed"):
            actions.open_dossier(actor=staff, **past)  # type: ignore[arg-type]
        assert actions.open_dossier(actor=administrator, **past).origin == Origin.RECONSTRUCTED  # type: ignore[arg-type]

    def test_registering_and_opening_is_one_change(self, staff: User) -> None:
        form = uuid4()
        dossier = actions.log_treaty(
            actor=staff,
            record=a_record(kind=Kind.MOU, access=Access.GOVERNMENT),
            procedure="mou",
            reason="new",
            submission=form,
        )
        change = Change.objects.get(submission=form)
        assert change.action == "treaty.register"
        assert dossier.history.latest().history_change_id == change.pk
        assert dossier.treaty.history.get().history_change_id == change.pk

    def test_registering_with_an_unknown_procedure_leaves_no_treaty(self, staff: User) -> None:
        with refused("unknown_procedure"):
            actions.log_treaty(actor=staff, record=a_record(access=Access.GOVERNMENT), procedure="none", reason="x")


class TestEntities:
    def test_an_entity_is_required_once(self, make_dossier: Open, staff: User) -> None:
        dossier, entity = make_dossier("mixed"), Party.objects.get(code="X-BE-FG")
        first = actions.require_entity(actor=staff, dossier=dossier, entity=entity, reason="ICBB")
        again = actions.require_entity(actor=staff, dossier=dossier, entity=entity, reason="ICBB")
        assert (first, EntityRequirement.objects.count()) == (again, 1)
        assert held(read(dossier)).entities == {"X-BE-FG": 1}

    def test_only_a_belgian_entity_can_be_required(self, make_dossier: Open, staff: User) -> None:
        dossier, france = make_dossier("mixed"), Party.objects.get(code="FR")
        with refused("entity"):
            actions.require_entity(actor=staff, dossier=dossier, entity=france, reason="x")


class TestRecording:
    def test_an_event_keeps_what_was_said_and_who_said_it(self, make_dossier: Open, advance: Go, staff2: User) -> None:
        dossier = advance(make_dossier(), "information_signature")
        on = last_day(dossier) + timedelta(days=1)
        event = record(staff2, dossier, "signature", on.isoformat(), place="Den Haag", note="twee talen", source="BS")
        kept = Event.objects.get(pk=event.pk)
        assert (kept.when, kept.place, kept.note, kept.source) == (PartialDate(on), "Den Haag", "twee talen", "BS")
        assert (kept.recorded_by, kept.change.action, kept.change.reason) == (staff2, "event.record", "twee talen")
        act = kept.acts.get()
        assert (act.kind, act.when, act.place) == (ActKind.SIGNATURE, PartialDate(on), "Den Haag")
        assert (kept.despite, kept.despite_reason) == ([], "")

    def test_a_number_comes_into_the_record_once(self, make_dossier: Open, administrator: User) -> None:
        dossier = make_dossier(origin=Origin.RECONSTRUCTED, actor=administrator)
        for step in ("council_of_state_advice", "council_of_state_requested"):
            outcome = "30_days" if step.endswith("requested") else ""
            record(
                administrator, dossier, step, number="62.109/1", outcome=outcome, source="x", despite_reason="as it was"
            )
        number = dossier.treaty.identifiers.get()
        assert (number.scheme, number.value, number.note) == (
            "council_of_state",
            "62.109/1",
            "Advies van de Raad van State",
        )

    def test_a_paper_comes_with_its_event(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        paper = actions.Paper(DocumentKind.LETTER, "nl", "Brief", "brief.txt", b"Geachte")  # type: ignore[arg-type]
        happening = Happening(step="initiative", when=parse("2024-01-08"))
        event = actions.record_event(actor=staff, dossier=dossier, happening=happening, paper=paper)
        assert [(document.title, document.treaty_id) for document in event.documents.all()] == [
            ("Brief", dossier.treaty_id)
        ]

    def test_with_a_paper_of_another_type_nothing_is_recorded(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        paper = actions.Paper(DocumentKind.LETTER, "nl", "Brief", "brief.pdf", b"MZ")  # type: ignore[arg-type]
        happening = Happening(step="initiative", when=parse("2024-01-08"))
        with refused("file_program"):
            actions.record_event(actor=staff, dossier=dossier, happening=happening, paper=paper)

    def test_a_gate_cannot_be_recorded_in_a_live_dossier(
        self, make_dossier: Open, advance: Go, administrator: User
    ) -> None:
        dossier = advance(make_dossier(), "initiative")
        with refused("gate_must_be_asked"):
            record(administrator, dossier, "mandate", outcome="approved", source="VR", despite_reason="known")

    def test_a_second_time_is_refused_unless_the_step_repeats(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        record(staff, dossier, "initiative")
        with refused("already_recorded") as answer:
            record(staff, dossier, "initiative", "2024-01-09")
        assert "8 januari 2024" in str(answer.blockers[0].sentence)
        for on in ("2012-12-12", "2013-01-16"):
            record(staff, dossier, "signature", on, despite_reason="x")
        assert dossier.treaty.acts.filter(kind=ActKind.SIGNATURE).count() == 2

    def test_the_same_form_twice_is_one_event(self, make_dossier: Open, staff: User) -> None:
        dossier, form = make_dossier(), uuid4()
        happening = Happening(step="initiative", when=parse("2024-01-08"))
        actions.record_event(actor=staff, dossier=dossier, happening=happening, submission=form)
        with pytest.raises(AlreadyDone):
            actions.record_event(actor=staff, dossier=dossier, happening=happening, submission=form)
        assert dossier.events.count() == 1


class TestOutOfOrder:
    def test_all_reasons_are_given_at_once_each_with_its_law(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        dossier = advance(make_dossier(), "initiative")
        with refused("mandate", "informed") as answer:
            record(staff, dossier, "negotiation_opened", "2024-01-20")
        assert [str(blocker.law)[:43] for blocker in answer.blockers] == [
            "Toestemming van de Vlaamse Regering is vere",
            "BWHI art. 81, § 1",
        ]

    def test_while_the_term_runs_it_is_one_of_them(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "information_negotiation")
        day = last_day(dossier) + timedelta(days=30)
        with refused("objection_term"):
            record(staff, dossier, "negotiation_opened", day.isoformat())
        assert record(staff, dossier, "negotiation_opened", (day + timedelta(days=1)).isoformat()).despite == []

    @pytest.mark.parametrize("reason", ["", "  ", "\n"])
    def test_a_blank_reason_is_none(self, reason: str, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier("mou")
        with refused("initiative"):
            record(staff, dossier, "draft", "2024-01-20", despite_reason=reason)

    def test_with_a_reason_it_is_kept_visibly_with_what_was_missing(self, make_dossier: Open, staff: User) -> None:
        event = record(staff, make_dossier(), "signature", "2012-12-12", despite_reason=" op de top getekend ")
        assert (event.despite, event.despite_reason) == (["full_powers", "informed_signature"], "op de top getekend")

    def test_no_reason_is_kept_where_nothing_was_missing(self, make_dossier: Open, staff: User) -> None:
        event = record(staff, make_dossier(), "initiative", despite_reason="for nothing")
        assert (event.despite, event.despite_reason) == ([], "")

    def test_what_is_invalid_is_refused_whatever_the_reason_together_with_the_rest(
        self, make_dossier: Open, staff: User
    ) -> None:
        dossier, soon = make_dossier(), (timezone.localdate() + timedelta(days=9)).isoformat()
        with refused("future", "full_powers", "informed_signature"):
            record(staff, dossier, "signature", soon, despite_reason="x")


class TestCorrecting:
    @pytest.fixture
    def in_force(self, make_dossier: Open, staff: User) -> Event:
        dossier = make_dossier()
        return record(staff, dossier, "entry_into_force", "2014-08-01", despite_reason="from the gazette")

    def test_the_mended_event_supersedes_and_the_record_follows(self, in_force: Event, staff: User) -> None:
        mended = actions.correct_event(
            actor=staff,
            event=in_force,
            happening=Happening(step="entry_into_force", when=parse("2014-09-01")),
            reason="misread",
            despite_reason="from the gazette",
        )
        assert (mended.supersedes, list(in_force.dossier.events.standing())) == (in_force, [mended])
        assert Act.objects.get(events=in_force).is_retracted
        standing = in_force.dossier.treaty.acts.filter(is_retracted=False)
        assert [(act.kind, act.when.iso) for act in standing] == [("entry_into_force", "2014-09-01")]
        assert (mended.change.action, mended.change.reason) == ("event.correct", "misread")

    def test_taken_back_the_search_status_is_as_before(self, in_force: Event, staff: User) -> None:
        document = SearchDocument.objects.get(treaty=in_force.dossier.treaty)
        assert document.status == "in_force"
        void = actions.correct_event(actor=staff, event=in_force, happening=None, reason="other treaty")
        document.refresh_from_db()
        dossier = read(in_force.dossier)
        assert (document.status, document.stage, dossier.stage) == ("in_preparation", "negotiation", "negotiation")
        assert (void.is_void, list(dossier.standing_events), dossier.next_step) == (True, [], "initiative")

    def test_the_mistaken_event_stays_readable(self, in_force: Event, staff: User) -> None:
        actions.correct_event(actor=staff, event=in_force, happening=None, reason="x")
        assert Event.objects.get(pk=in_force.pk).when.iso == "2014-08-01"

    def test_a_step_that_was_taken_back_can_be_recorded_again(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        event = record(staff, dossier, "initiative")
        actions.correct_event(actor=staff, event=event, happening=None, reason="x")
        assert record(staff, dossier, "initiative", "2024-02-01").despite == []

    def test_correcting_twice_is_a_conflict(self, in_force: Event, staff: User, staff2: User) -> None:
        actions.correct_event(actor=staff2, event=in_force, happening=None, reason="x")
        with conflict("Iemand anders", "verbeterd"):
            actions.correct_event(actor=staff, event=in_force, happening=None, reason="x")

    def test_a_decision_cannot_be_corrected(self, asked: Approval, staff: User, reviewer: User) -> None:
        event = decide(reviewer, asked).event
        with refused("decision_stands"):
            actions.correct_event(actor=staff, event=event, happening=None, reason="x")

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_a_correction_says_why(self, reason: str, in_force: Event, staff: User) -> None:
        with refused("reason_missing"):
            actions.correct_event(actor=staff, event=in_force, happening=None, reason=reason)

    def test_a_correction_out_of_order_needs_its_own_reason(self, in_force: Event, staff: User) -> None:
        happening = Happening(step="entry_into_force", when=parse("2014-09-01"))
        with refused("notified", "partner_notified"):
            actions.correct_event(actor=staff, event=in_force, happening=happening, reason="x")
        assert not Act.objects.get(events=in_force).is_retracted

    def test_an_auditor_corrects_nothing(self, in_force: Event, auditor: User) -> None:
        with refused("not_allowed"):
            actions.correct_event(actor=auditor, event=in_force, happening=None, reason="x")


class TestDates:
    @time_machine.travel("2026-06-01T12:00:00Z", tick=False)
    def test_only_what_is_announced_may_lie_in_the_future(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        with refused("future"):
            record(staff, dossier, "initiative", "2026-06-02")
        record(staff, dossier, "initiative", "2026-06-01")
        event = record(staff, dossier, "entry_into_force", "2030-01-01", despite_reason="announced")
        assert (event.when.iso, read(dossier).stage) == ("2030-01-01", "negotiation")
        assert SearchDocument.objects.get(treaty=dossier.treaty).status == "in_preparation"

    @time_machine.travel("2026-06-01T22:30:00Z", tick=False)
    def test_today_is_today_in_brussels(self, make_dossier: Open, staff: User) -> None:
        assert record(staff, make_dossier(), "initiative", "2026-06-02").when.iso == "2026-06-02"

    def test_a_live_dossier_wants_a_date(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        with refused("date_missing"):
            record(staff, dossier, "initiative", "")

    @pytest.mark.parametrize(
        ("end", "is_refused"), [("2014-07-31", True), ("2014-07", True), ("2014-08-01", False), ("2014", False)]
    )
    def test_nothing_ends_before_it_began(self, end: str, is_refused: bool, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        record(staff, dossier, "entry_into_force", "2014-08-01", despite_reason="x")
        if not is_refused:
            assert record(staff, dossier, "ended", end, outcome="expired").outcome == "expired"
            return
        with refused("end_before_start") as answer:
            record(staff, dossier, "ended", end, outcome="expired")
        assert "1 augustus 2014" in str(answer.blockers[0].sentence)


class TestReconstructed:
    @pytest.fixture
    def past(self, make_dossier: Open, administrator: User) -> Dossier:
        return make_dossier(origin=Origin.RECONSTRUCTED, actor=administrator)

    def test_a_decision_of_the_past_is_recorded_with_its_source(self, past: Dossier, administrator: User) -> None:
        with refused("source_missing", "initiative"):
            record(administrator, past, "mandate", "2007", outcome="approved", source=" ")
        event = record(
            administrator,
            past,
            "mandate",
            "2007",
            outcome="approved",
            source="VR 2007",
            despite_reason="not in the file",
        )
        assert (event.decision, event.when.iso, event.despite) == (None, "2007", ["initiative"])

    def test_only_who_may_transcribe_records_one(self, past: Dossier, reviewer: User) -> None:
        with refused("not_allowed", "initiative"):
            record(reviewer, past, "mandate", "2007", outcome="approved", source="VR 2007")

    def test_a_date_may_be_unknown(self, past: Dossier, administrator: User) -> None:
        assert record(administrator, past, "initiative", "").when == UNKNOWN

    def test_a_transcribed_decision_can_be_corrected(self, past: Dossier, administrator: User) -> None:
        event = record(administrator, past, "mandate", "2007", outcome="approved", source="VR 2007", despite_reason="x")
        mended = actions.correct_event(
            actor=administrator,
            event=event,
            happening=Happening(step="mandate", when=parse("2008"), outcome="approved", source="VR 2008"),
            reason="misread",
            despite_reason="x",
        )
        assert list(past.events.standing()) == [mended]


class TestCopies:
    def test_the_row_tells_the_next_deadline(self, make_dossier: Open, advance: Go) -> None:
        with time_machine.travel("2024-01-29T12:00:00Z", tick=False):
            dossier = advance(make_dossier(), "information_negotiation")
            assert dossier.next_deadline == date(2024, 2, 17)

    def test_recomputing_finds_nothing_to_change(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mou"), "signature")
        assert actions.recompute(actor=staff, dossier=dossier, reason="check") is False

    def test_recomputing_mends_a_copy_that_went_wrong(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mou"), "signature")
        Dossier.objects.filter(pk=dossier.pk).update(stage="assent", awaited="king")
        assert actions.recompute(actor=staff, dossier=dossier, reason="check") is True
        assert (read(dossier).stage, read(dossier).awaited) == (dossier.stage, dossier.awaited)

    def test_a_deadline_that_passes_by_time_alone_is_found_by_recomputing(
        self, make_dossier: Open, advance: Go, staff: User
    ) -> None:
        with time_machine.travel("2024-01-29T12:00:00Z", tick=False):
            dossier = advance(make_dossier(), "information_negotiation")
        assert actions.recompute(actor=staff, dossier=dossier, reason="a night later") is True
        assert read(dossier).next_deadline is None

    def test_each_write_raises_the_version(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        before = dossier.version
        record(staff, dossier, "initiative")
        assert read(dossier).version == before + 1


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 4_001])
def test_text_that_cannot_be_kept_is_refused(text: str, make_dossier: Open, staff: User) -> None:
    dossier = make_dossier()
    with refused("text"):
        record(staff, dossier, "initiative", note=text)
    with refused("text"):
        record(staff, dossier, "signature", despite_reason=text)
