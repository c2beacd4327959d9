"""One dossier for several treaties: one file, one debate, and an act for each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import START, add_evidence, read
from tests.workflow.rows import refused
from treaties.choices import ActKind, DocumentKind, Language
from treaties.dates import PartialDate, parse
from treaties.models import Act, SearchDocument, Treaty
from workflow import actions, queries
from workflow.choices import StepState
from workflow.guards import Happening
from workflow.models import Dossier, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]


@pytest.fixture
def package(make_dossier: Open, make_treaty: Callable[..., Treaty]) -> Dossier:
    """A dossier of three treaties, of which `first` is its own."""
    others = [make_treaty(title=title) for title in ("Tweede", "Derde")]
    return make_dossier(package=others, title="Eerste")


@pytest.fixture
def submitted(package: Dossier, advance: Go) -> Dossier:
    return advance(package, "committee_report")


def after(dossier: Dossier, days: int = 1) -> PartialDate:
    last = max((event.on for event in dossier.standing_events if event.on), default=START)
    return PartialDate(last + timedelta(days=days))


def record(actor: User, dossier: Dossier, step: str, treaty: Treaty | None = None, **kw: Any) -> Event:
    kw.setdefault("when", after(read(dossier)))
    despite = kw.pop("despite_reason", "")
    happening = Happening(step, treaty=treaty, **kw)
    return actions.record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=despite)


def kinds(treaty: Treaty) -> list[str]:
    return [act.kind for act in treaty.acts.filter(is_retracted=False)]


class TestOpening:
    def test_all_treaties_are_of_the_dossier_in_their_order(self, package: Dossier) -> None:
        titles = [treaty.titles.get().text for treaty in package.treaties]
        assert titles == ["Eerste", "Tweede", "Derde"]
        assert {link.change.action for link in package.package_links.all()} == {"dossier.open"}
        for treaty in package.treaties:
            assert list(queries.dossiers_of(treaty)) == [package]

    def test_the_stage_is_that_of_each_treaty(self, package: Dossier, advance: Go) -> None:
        dossier = advance(package, "consent_to_sign")
        stages = SearchDocument.objects.filter(treaty__in=dossier.treaties).values_list("stage", flat=True)
        assert list(stages) == [dossier.stage] * 3 == ["signing"] * 3


class TestActs:
    def test_what_names_no_treaty_is_of_all_with_an_act_for_each(self, package: Dossier, advance: Go) -> None:
        dossier = advance(package, "signature")
        event = dossier.events.get(step="signature")
        assert event.treaty is None
        assert {act.treaty for act in event.acts.all()} == set(dossier.treaties)
        assert [kinds(treaty) for treaty in dossier.treaties] == [
            ["negotiation_opened", "text_agreed", "signature"]
        ] * 3

    def test_what_names_one_is_of_that_one(self, package: Dossier, staff: User) -> None:
        second = package.treaties[1]
        event = record(
            staff, package, "signature", second, when=parse("2024-05-01"), place="Kallo", despite_reason="gazette"
        )
        act = event.acts.get()
        assert (act.treaty, act.kind, act.place) == (second, ActKind.SIGNATURE, "Kallo")
        assert Act.objects.count() == 1

    def test_a_number_comes_with_each_treaty_it_is_of(self, submitted: Dossier, staff: User) -> None:
        first, second, third = submitted.treaties
        record(staff, submitted, "plenary_vote", second, outcome="adopted", number="1160 (2010-2011) nr. 4")
        numbers = [
            treaty.identifiers.filter(value="1160 (2010-2011) nr. 4").count() for treaty in (first, second, third)
        ]
        assert numbers == [0, 1, 0]

    def test_taken_back_every_act_is_retracted(self, package: Dossier, staff: User) -> None:
        event = record(staff, package, "signature", when=parse("2024-05-01"), despite_reason="gazette")
        actions.correct_event(actor=staff, event=event, happening=None, reason="another package")
        assert [act.is_retracted for act in event.acts.all()] == [True] * 3
        assert [kinds(treaty) for treaty in package.treaties] == [[]] * 3

    def test_corrected_to_one_treaty_the_others_lose_theirs(self, package: Dossier, staff: User) -> None:
        third = package.treaties[2]
        event = record(staff, package, "signature", when=parse("2024-05-01"), despite_reason="gazette")
        happening = Happening("signature", parse("2024-05-01"), treaty=third)
        actions.correct_event(
            actor=staff, event=event, happening=happening, reason="only one was signed", despite_reason="gazette"
        )
        assert [kinds(treaty) for treaty in package.treaties] == [[], [], ["signature"]]


class TestPerTreaty:
    def test_the_plenary_vote_on_all_of_them_opens_the_sanction(self, submitted: Dossier, staff: User) -> None:
        record(staff, submitted, "plenary_vote", outcome="adopted")
        now = queries.assessment(read(submitted))
        assert now.report("plenary_vote").state == StepState.HAPPENED
        assert now.report("plenary_vote").missing_treaties == ()
        assert now.report("sanction_and_promulgation").state == StepState.OPEN
        assert [kinds(treaty)[-1] for treaty in submitted.treaties] == ["assent"] * 3

    def test_voted_one_by_one_the_others_are_still_awaited(self, submitted: Dossier, staff: User) -> None:
        first, second, third = submitted.treaties
        waits = [sorted(one.reference for one in left) for left in ((second, third), (third,), ())]
        for treaty, left in zip((first, second, third), waits, strict=True):
            record(staff, submitted, "plenary_vote", treaty, outcome="adopted")
            row = read(submitted)
            now = queries.assessment(row)
            assert list(now.report("plenary_vote").missing_treaties) == left
            assert row.next_step == ("plenary_vote" if left else "sanction_and_promulgation")
            blocked = [blocker.code for blocker in now.report("sanction_and_promulgation").blockers]
            assert blocked == (["adopted"] if left else [])

    def test_one_treaty_is_voted_on_once(self, submitted: Dossier, staff: User) -> None:
        first, second, _third = submitted.treaties
        record(staff, submitted, "plenary_vote", first, outcome="adopted")
        with refused("already_recorded"):
            record(staff, submitted, "plenary_vote", first, outcome="adopted")
        with refused("already_recorded"):
            record(staff, submitted, "plenary_vote", outcome="adopted")
        record(staff, submitted, "plenary_vote", second, outcome="adopted")

    def test_a_consent_is_given_for_the_whole_package(self, submitted: Dossier, staff: User, reviewer: User) -> None:
        vote = record(staff, submitted, "plenary_vote", outcome="adopted")
        add_evidence(staff, submitted, "sanction_and_promulgation")
        approval = actions.ask_consent(actor=staff, dossier=submitted, step="sanction_and_promulgation")
        assert vote.on
        decision = actions.decide_consent(actor=reviewer, approval=approval, outcome="approved", decided_on=vote.on)
        assert {act.treaty for act in decision.event.acts.filter(kind=ActKind.DECREE)} == set(submitted.treaties)

    def test_published_for_one_the_others_are_missing(self, package: Dossier, advance: Go, staff: User) -> None:
        dossier = advance(package, "sanction_and_promulgation")
        second = dossier.treaties[1]
        record(staff, dossier, "decree_published", second, number="2008203092")
        now = queries.assessment(read(dossier)).report("decree_published")
        assert list(now.missing_treaties) == sorted(one.reference for one in dossier.treaties if one != second)

    def test_the_whole_procedure_ends_for_all(self, package: Dossier, advance: Go) -> None:
        dossier = advance(package)
        assert dossier.stage == "done"
        one, other, third = (kinds(treaty) for treaty in dossier.treaties)
        assert one == other == third
        assert one[-1] == "text_publication"
        statuses = SearchDocument.objects.values_list("status", "stage")
        assert set(statuses) == {("in_force", "done")}


class TestRefused:
    def test_a_treaty_outside_the_package(
        self, package: Dossier, make_treaty: Callable[..., Treaty], staff: User
    ) -> None:
        other = make_treaty(title="Vreemd")
        with refused("treaty", "full_powers", "informed_signature") as answer:
            record(staff, package, "signature", other, when=parse("2024-05-01"))
        assert answer.blockers[0].field == "treaty"

    def test_a_step_that_is_of_the_whole_dossier(self, package: Dossier, staff: User) -> None:
        with refused("treaty"):
            record(staff, package, "initiative", package.treaties[1], when=parse("2024-01-08"))

    def test_a_paper_of_another_treaty(self, package: Dossier, make_dossier: Open, staff: User) -> None:
        paper = actions.Paper(DocumentKind.LETTER, Language.NL, "Brief", "brief.txt", b"Geachte")
        happening = Happening("initiative", parse("2024-01-08"))
        elsewhere = actions.record_event(actor=staff, dossier=make_dossier(), happening=happening, paper=paper)
        document = elsewhere.documents.get()
        with refused("document"):
            record(staff, package, "initiative", when=parse("2024-01-08"), documents=[document])

    def test_a_paper_comes_with_the_treaty_that_the_event_names(self, package: Dossier, staff: User) -> None:
        second = package.treaties[1]
        paper = actions.Paper(DocumentKind.SIGNED_TEXT, Language.NL, "Tekst", "tekst.txt", b"Artikel 1")
        event = actions.record_event(
            actor=staff,
            dossier=package,
            happening=Happening("signature", parse("2024-05-01"), treaty=second),
            paper=paper,
            despite_reason="gazette",
        )
        assert event.documents.get().treaty == second


class TestPages:
    @pytest.fixture
    def as_staff(self, client: Client, staff: User) -> Client:
        client.force_login(staff)
        client.cookies["django_language"] = "en"
        return client

    def test_the_form_asks_which_treaty_where_it_can_be_one(self, as_staff: Client, package: Dossier) -> None:
        choices = as_staff.get(f"/dossiers/{package.reference}/record/plenary_vote/").context["form"].fields["treaty"]
        assert [code for code, _label in choices.choices] == ["", *(one.reference for one in package.treaties)]
        form = as_staff.get(f"/dossiers/{package.reference}/record/initiative/").context["form"]
        assert "treaty" not in form.fields

    def test_of_one_treaty_it_is_not_asked(self, as_staff: Client, make_dossier: Open) -> None:
        dossier = make_dossier()
        form = as_staff.get(f"/dossiers/{dossier.reference}/record/plenary_vote/").context["form"]
        assert "treaty" not in form.fields

    def test_the_dossier_names_them_all(self, as_staff: Client, package: Dossier) -> None:
        page = as_staff.get(package.get_absolute_url()).content.decode()
        for treaty in package.treaties:
            assert f'href="/treaties/{treaty.reference}/"' in page

    def test_recorded_for_one(self, as_staff: Client, package: Dossier) -> None:
        second = package.treaties[1]
        data = {
            "when": "1/5/2024",
            "treaty": second.reference,
            "document_kind": "other",
            "document_language": "nl",
            "despite_reason": "gazette",
            "submission": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        }
        response = as_staff.post(f"/dossiers/{package.reference}/record/signature/", data)
        assert response.status_code == 302
        event = Event.objects.get()
        assert (event.treaty, event.on) == (second, date(2024, 5, 1))
        form = as_staff.get(f"/dossiers/{package.reference}/events/{event.pk}/correct/").context["form"]
        assert form["treaty"].value() == second.reference
