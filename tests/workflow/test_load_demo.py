"""The demonstration shows every stage and every gate, is labelled, and is made only where it may be."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.actions import add_person
from accounts.choices import Role
from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from accounts.models import User
from audit.models import Change
from treaties.choices import Access, Stage, Status
from treaties.models import Document, Treaty
from workflow import procedures
from workflow.choices import Consent, StepState
from workflow.loading import demo
from workflow.loading.papers import demonstration_pdf
from workflow.loading.reading import FixtureError, read_file
from workflow.models import Approval, Decision, Dossier, Event
from workflow.queries import assessment, with_procedure

# The mark makes pytest-django prepare the test database.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int | None]:
    """The demonstration, made once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.load()
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper() -> None:
    """Not a transaction per test, as pytest-django's: the one of the module holds."""


@pytest.fixture
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def dossier(title: str) -> Dossier:
    return with_procedure(Dossier.objects.filter(treaty__titles__text__contains=title)).get()


def title_of(name: str) -> str:
    """The Dutch title in the file whose name begins so."""
    (path,) = demo.FOLDER.glob(f"{name}*.toml")
    return next(one["text"] for one in tomllib.loads(path.read_text())["titles"] if one["language"] == "nl")


def test_eighteen_dossiers_all_labelled(made: int | None) -> None:
    assert made == Dossier.objects.count() == Treaty.objects.count() == 18
    assert set(Treaty.objects.values_list("is_demo", flat=True)) == {True}
    assert set(Dossier.objects.values_list("is_demo", flat=True)) == {True}
    assert set(Document.objects.values_list("is_demo", flat=True)) == {True}
    for treaty in Treaty.objects.all():
        titles = {title.language: title.text for title in treaty.titles.all()}
        assert set(titles) == {"nl", "en"}
        assert all(text.startswith("DEMO – ") for text in titles.values())


def test_demo_people_can_log_in() -> None:
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    assert {name: user.role for name, user in people.items()} == {one.username: one.role for one in DEMO_PEOPLE}
    assert all(user.check_password(DEMO_PASSWORD) for user in people.values())


def test_everything_is_done_by_the_demo_people_themselves() -> None:
    assert set(Event.objects.values_list("recorded_by__username", flat=True)) == {"staff", "staff2", "reviewer"}
    assert set(Decision.objects.values_list("decided_by__username", flat=True)) == {"reviewer"}
    assert {one.responsible.username for one in Dossier.objects.all()} == {"staff", "staff2"}
    assert not Event.objects.exclude(despite=[]).exists()


def test_every_stage_is_shown() -> None:
    assert set(Dossier.objects.values_list("stage", flat=True)) == set(Stage.values)


def test_every_gate_waits_in_the_review_queue() -> None:
    waiting = {(one.dossier.procedure_code, one.step) for one in Approval.objects.filter(decision__isnull=True)}
    assert waiting == {
        ("exclusive", "mandate"),
        ("exclusive", "consent_to_sign"),
        ("exclusive", "approval_in_principle"),
        ("exclusive", "final_approval"),
        ("exclusive", "sanction_and_promulgation"),
        ("exclusive", "international_ratification"),
        ("mou", "consent_to_sign"),
    }
    required = {(one.code, gate.code) for one in procedures.ALL for gate in one.gates if not gate.optional}
    assert {gate for gate in required if gate[0] == "exclusive"} <= waiting


def test_a_refusal_and_one_postponed_then_granted() -> None:
    refused = Decision.objects.get(outcome=Consent.REFUSED)
    assert refused.reason
    assert refused.approval.dossier.stage == Stage.SIGNING
    postponed = Decision.objects.get(outcome=Consent.POSTPONED)
    later = Approval.objects.get(dossier=postponed.approval.dossier, step=postponed.approval.step, attempt=2)
    assert later.decision.outcome == Consent.APPROVED


def test_terms_run_and_one_has_run_out() -> None:
    def last_days(title: str, step: str) -> list[int]:
        days = [one.days_left for one in assessment(dossier(title)).report(step).deadlines]
        return [day for day in days if day is not None]

    assert last_days("muziekarchief", "information_negotiation") == [20]
    # In summer the Council of State has 15 days more.
    assert last_days("literaire prijs", "council_of_state_requested") in ([18], [33])
    assert last_days("windmolenschool", "advice_requested") == [-18]
    assert dossier("muziekarchief").next_deadline is not None


def test_mixed_treaty_waits_for_another_entity() -> None:
    report = assessment(dossier("uitwisseling van leerkrachten")).report("ratification")
    assert report.state == StepState.BLOCKED
    assert [one.code for one in report.blockers] == ["assents"]
    assents = assessment(dossier("uitwisseling van leerkrachten")).report("assent_of_entity")
    assert assents.missing_entities == ("X-BE-FG",)


def test_a_federal_objection_suspends_one() -> None:
    one = dossier(title_of("15-"))
    now = assessment(one)
    assert now.suspended_by
    assert (now.suspended_by.is_confirmed, now.next and now.next.step.code) == (False, one.next_step)
    assert "suspended" in {blocker.code for report in now.steps for blocker in report.blockers}


def test_the_council_of_state_found_one_mixed() -> None:
    one = dossier(title_of("16-"))
    assert (one.procedure_code, one.treaty.qualification) == ("mixed", "mixed")
    said = [(row.procedure_code, row.qualification, row.determined_by) for row in one.determinations.all()]
    assert said == [("exclusive", "exclusive_community", "register"), ("mixed", "mixed", "council_of_state")]
    now = assessment(one)
    assert now.report("signature").state == StepState.HAPPENED
    assert {fact.step for fact in now.foreign} == {"information_negotiation", "information_signature"}


def test_one_is_on_hold_and_late_for_nothing() -> None:
    one = dossier(title_of("17-"))
    assert (one.is_on_hold, one.next_deadline) == (True, None)
    assert assessment(one).is_on_hold
    assert [other.is_on_hold for other in Dossier.objects.exclude(pk=one.pk)] == [False] * 17


def test_one_preliminary_draft_is_revised() -> None:
    now = assessment(dossier(title_of("18-")))
    assert now.next
    assert now.next.step.code == "second_approval_in_principle"
    assert [fact.step for fact in now.overtaken] == ["council_of_state_requested", "council_of_state_advice"]
    assert now.report("approval_in_principle").state == StepState.HAPPENED


def test_memorandum_within_delegation_has_an_announced_day() -> None:
    one = dossier("imkers")
    assert not one.approvals.exists()
    assert assessment(one).report("effect").state == StepState.SCHEDULED
    assert one.treaty.search.status == Status.SIGNED


def test_some_are_public_and_some_internal() -> None:
    assert set(Treaty.objects.values_list("access", flat=True)) == {Access.PUBLIC, Access.GOVERNMENT}
    public = Document.objects.filter(access=Access.PUBLIC)
    assert set(public.values_list("kind", "treaty__access")) == {("signed_text", Access.PUBLIC)}


def test_papers_are_valid_pdf_files() -> None:
    """The table of a PDF gives the byte at which each object begins."""
    pdf = demonstration_pdf("DEMO – (Deûlémont)")
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf[start:].startswith(b"xref\n0 7\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf)]
    for number, place in enumerate(places, start=1):
        assert pdf[place:].startswith(b"%d 0 obj\n" % number)
    length = int(re.search(rb"/Length (\d+)", pdf)[1])  # type: ignore[index]
    stream = pdf.split(b"stream\n", 1)[1][: length + 10]
    assert stream.endswith(b"\nendstream")
    assert b"(Demonstration document)" in stream
    assert "\\(Deûlémont\\)".encode("latin-1") in stream
    assert Document.objects.filter(media_type="application/pdf").count() == Document.objects.count() > 30


def test_a_second_time_makes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = Change.objects.count()
    with override_settings(DEMO=True):
        call_command("load_demo")
    assert capsys.readouterr().out == "demonstration dossiers: already there\n"
    assert Change.objects.count() == before


def test_without_debug_it_refuses() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="only in a register that runs with DEBUG on"):
        call_command("load_demo")


def test_a_register_with_people_of_its_own_stays_as_it_is(
    undone: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nothing of the demonstration were there: rows are never deleted, so its mark is taken away."""
    User.objects.update(is_demo=False)
    add_person(username="somebody", role=Role.STAFF, password=None)
    monkeypatch.setattr(demo.Treaty.objects, "filter", lambda **_: Treaty.objects.none())
    with override_settings(DEMO=True):
        call_command("load_demo")
    assert "people of its own" in capsys.readouterr().err
    assert User.objects.filter(is_demo=True).count() == 0


def test_a_title_without_the_label_is_refused(tmp_path: Path, undone: None) -> None:
    path = next(iter(sorted(demo.FOLDER.glob("*.toml"))))
    (tmp_path / path.name).write_text(path.read_text().replace("DEMO – Verdrag", "Verdrag"), encoding="utf-8")
    file = read_file(tmp_path / path.name, demo.FILE_KEYS)
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    with pytest.raises(FixtureError, match="every title of the demonstration begins"):
        demo._play(file, people, timezone.localdate())
