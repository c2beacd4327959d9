"""The page of a dossier on another day, and as the register knew it at another moment."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.factories import add_evidence, read
from treaties.choices import Qualification
from treaties.dates import parse
from treaties.models import Party
from workflow import actions
from workflow.actions import Finding
from workflow.choices import Authority
from workflow.guards import Happening
from workflow.models import Dossier, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]


@pytest.fixture
def as_staff(client: Client, staff: User) -> Client:
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def record(actor: User, dossier: Dossier, step: str, when: str, **kw: str) -> Event:
    return actions.record_event(actor=actor, dossier=dossier, happening=Happening(step, parse(when), **kw))  # type: ignore[arg-type]


@pytest.fixture
def told(make_dossier: Open, staff: User, staff2: User, reviewer: User) -> Dossier:
    """Opened on 10 January 2024; the mandate asked in February and decided in March; corrected in May."""
    with time_machine.travel(noon("2024-01-10"), tick=False):
        dossier = make_dossier("mixed")
        wrong = record(staff, dossier, "initiative", "2024-01-08", note="Eerste nota")
    with time_machine.travel(noon("2024-01-20"), tick=False):
        record(staff, dossier, "working_group", "2024-01-19", outcome="mixed")
        record(staff, dossier, "conference", "2024-01-20")
        add_evidence(staff, dossier, "mandate")
    with time_machine.travel(noon("2024-02-20"), tick=False):
        approval = actions.ask_consent(actor=staff, dossier=dossier, step="mandate")
    with time_machine.travel(noon("2024-03-05"), tick=False):
        actions.decide_consent(
            actor=reviewer,
            approval=approval,
            outcome="approved",
            decided_on=date(2024, 3, 1),
            number="VR 2024 0103 DOC.0099/1",
        )
    with time_machine.travel(noon("2024-05-01"), tick=False):
        actions.correct_event(
            actor=staff2,
            event=wrong,
            happening=Happening("initiative", parse("2024-01-09"), note="Tweede nota"),
            reason="verkeerde dag",
        )
        actions.require_entity(
            actor=staff,
            dossier=dossier,
            entity=Party.objects.get(code="BE-WAL"),
            reason="ook bevoegd",
            finding=Finding(Authority.CONFERENCE, parse("2024-04-20")),
        )
    return read(dossier)


BUTTONS = ("/record/", "/ask/", "/correct/", "/withdraw/", "/edit/", "/documents/add/", "/entities/", "/qualification/")


def test_today_is_not_looking_back(as_staff: Client, told: Dossier) -> None:
    page = as_staff.get(told.get_absolute_url())
    assert (page.context["moment"].is_now, page.context["banner"]) == (True, [])
    assert page.context["next"].sentence
    assert "Why it waits:" in text(page)
    assert {view.event.note for view in page.context["events"] if view.event.step == "initiative"} == {
        "Eerste nota",
        "Tweede nota",
    }


def test_on_a_day_what_came_later_is_not_shown(as_staff: Client, told: Dossier) -> None:
    page = as_staff.get(told.get_absolute_url() + "?as_of=15/1/2024")
    assert page.context["banner"] == [
        "You are looking back: how it stood on 15 January 2024, as the register knows it now."
    ]
    assert [(view.event.step, view.event.note) for view in page.context["events"]] == [("initiative", "Tweede nota")]
    assert page.context["next"] is None
    assert page.context["waiting"].sentence.en.startswith("Waiting for the Working Group on Mixed Treaties")
    body = text(page)
    assert "You are looking back" in body
    assert "VR 2024 0103" not in body.split('id="history"')[0]
    assert "Back to now" in body
    assert page.context["assessment"].on == date(2024, 1, 15)


def test_no_button_on_a_page_that_looks_back(as_staff: Client, told: Dossier) -> None:
    now = text(as_staff.get(told.get_absolute_url()))
    assert all(button in now for button in ("/record/", "/correct/", "/edit/"))
    for query in ("as_of=15/1/2024", "known_at=2024-02-25", "as_of=1/1/2030", "as_of=2024&known_at=1/6/2024"):
        body = text(as_staff.get(f"{told.get_absolute_url()}?{query}"))
        assert [button for button in BUTTONS if button in body] == [], query


def test_what_was_recorded_or_corrected_later_was_not_known(as_staff: Client, told: Dossier) -> None:
    page = as_staff.get(told.get_absolute_url() + "?known_at=2024-04-30")
    assert page.context["banner"] == ["You are looking back: what the register knew on 30 April 2024."]
    (initiative,) = [view for view in page.context["events"] if view.event.step == "initiative"]
    assert (initiative.event.note, initiative.when.iso, initiative.corrected_by) == ("Eerste nota", "2024-01-08", None)
    body = text(page)
    assert "verkeerde dag" not in body
    assert "Tweede nota" not in body
    assert page.context["matrix"].rows == []
    assert page.context["history"]
    assert {entry.change.at <= noon("2024-04-30") for entry in page.context["history"]} == {True}
    after = as_staff.get(told.get_absolute_url() + "?known_at=2024-05-01")
    assert [view.event.note for view in after.context["events"] if view.event.step == "initiative"] == ["Tweede nota"]


@pytest.mark.parametrize(
    ("query", "shown", "is_open"),
    [
        ("known_at=2024-02-19", False, False),
        ("known_at=2024-02-25", True, True),
        ("known_at=2024-03-04", True, True),
        ("known_at=2024-03-06", True, False),
        ("as_of=19/2/2024", False, False),
        ("as_of=29/2/2024", True, True),
        ("as_of=1/3/2024", True, False),
    ],
)
def test_a_request_and_its_decision_each_from_its_own_day(
    query: str, shown: bool, is_open: bool, as_staff: Client, told: Dossier
) -> None:
    page = as_staff.get(f"{told.get_absolute_url()}?{query}")
    steps = [view for group in page.context["groups"] for view in (*group.steps, *group.others)]
    (mandate,) = [view for view in steps if view.step.code == "mandate"]
    assert [request.is_open for request in mandate.approvals] == ([is_open] if shown else [])
    assert mandate.papers == []
    above = text(page).split('id="history"')[0]
    assert ("asked by An Beheerder" in above) is shown
    assert ("not decided yet" in above) is (shown and is_open)
    assert ("VR 2024 0103" in above) is (shown and not is_open)


def test_required_entities_from_their_day(as_staff: Client, told: Dossier) -> None:
    def required(query: str) -> list[str]:
        rows = as_staff.get(f"{told.get_absolute_url()}?{query}").context["matrix"].rows
        return [row.requirement.entity.code for row in rows if row.requirement]

    assert required("as_of=19/4/2024") == []
    assert required("as_of=20/4/2024") == ["BE-WAL"]
    assert required("as_of=20/4/2024&known_at=2024-04-30") == []


def test_the_procedure_is_the_one_it_followed_then(as_staff: Client, told: Dossier, staff: User) -> None:
    with time_machine.travel(noon("2024-06-02"), tick=False):
        actions.requalify(
            actor=staff,
            dossier=told,
            qualification=Qualification.EXCLUSIVE_REGION,
            procedure="exclusive",
            reason="toch niet gemengd",
            finding=Finding(Authority.COUNCIL_OF_STATE, parse("2024-06-01")),
        )

    def follows(query: str) -> str:
        return as_staff.get(f"{told.get_absolute_url()}?{query}").context["procedure"].code

    assert follows("") == "exclusive"
    assert follows("as_of=31/5/2024") == "mixed"
    assert follows("as_of=1/6/2024") == "exclusive"
    assert follows("as_of=1/6/2024&known_at=2024-06-01") == "mixed"
    then = as_staff.get(told.get_absolute_url() + "?as_of=31/5/2024")
    assert (then.context["determinations"], then.context["returns"]) == ([], [])


def test_a_day_ahead_says_what_will_have_run_out(as_staff: Client, told: Dossier) -> None:
    page = as_staff.get(told.get_absolute_url() + "?as_of=1/1/2030")
    assert page.context["banner"] == [
        "You are looking ahead: how it will stand on 1 January 2030, as far as the register knows now."
    ]
    assert page.context["next"] is None


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("as_of=30/2/2024", "as_of", "“30/2/2024” is not a date."),
        ("as_of=gisteren", "as_of", "“gisteren” is not a date."),
        ("known_at=2024-02-30", "known_at", "“2024-02-30” is not a date."),
        ("known_at=2024-02-20T25:00", "known_at", "is not a time of day."),
        ("known_at=1/1/2100", "known_at", "What the register will know later cannot be asked now."),
    ],
)
def test_a_bad_day_is_one_sentence_and_the_page_of_now(
    query: str, field: str, sentence: str, as_staff: Client, told: Dossier
) -> None:
    page = as_staff.get(f"{told.get_absolute_url()}?{query}")
    assert page.status_code == 200
    moment = page.context["moment"]
    assert (list(moment.problems), moment.is_now) == ([field], True)
    assert sentence in moment.problems[field]
    assert text(page).count(f'id="{field}-error"') == 1
    assert 'aria-invalid="true"' in text(page)


def test_before_it_was_opened_there_is_no_such_page(as_staff: Client, told: Dossier) -> None:
    assert as_staff.get(told.get_absolute_url() + "?known_at=2024-01-09").status_code == 404
    assert as_staff.get(told.get_absolute_url() + "?known_at=2024-01-10").status_code == 200
    # A day before it is a question that has an answer: nothing had happened.
    page = as_staff.get(told.get_absolute_url() + "?as_of=1/1/2020")
    assert (page.status_code, page.context["events"]) == (200, [])


def test_both_languages_say_why_it_waits(as_staff: Client, told: Dossier) -> None:
    english = as_staff.get(told.get_absolute_url())
    as_staff.cookies["django_language"] = "nl"
    dutch = as_staff.get(told.get_absolute_url())
    waiting = english.context["waiting"]
    assert f"{waiting.sentence.en}" in text(english)
    assert f"{waiting.sentence.nl}" in text(dutch)
