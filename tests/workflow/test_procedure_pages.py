"""The public pages of the procedures, and the documents made from the same data."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from workflow import procedures
from workflow.choices import Track
from workflow.presentation.needs import condition_in_words, term_in_words
from workflow.presentation.procedure import rows
from workflow.procedures import Procedure
from workflow.procedures.language import Done, Either, Not

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
TODAY = date(2026, 6, 1)
EXCLUSIVE, MIXED = procedures.latest("exclusive"), procedures.latest("mixed")


def page(client: Client, address: str, language: str = "en") -> str:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_every_published_procedure_is_listed_without_a_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/procedures/")
    assert len(captured) == 0
    listed = [view.procedure for view in response.context["procedures"]]
    assert listed == list(procedures.published(date.today()))  # noqa: DTZ011


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("procedure", procedures.published(TODAY), ids=lambda one: one.code)
def test_a_procedure_shows_all_of_its_steps(client: Client, procedure: Procedure, language: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        html = page(client, f"/procedures/{procedure.code}/", language)
    assert len(captured) == 0
    for step in procedure.steps:
        assert f'<tr id="{step.code}">' in html
        if step.track != Track.COURSE:
            assert f'href="#{step.code}"' in html


@pytest.mark.parametrize(
    "address", ["/procedures/nothing/", "/procedures/mou/?version=99", "/procedures/mou/?version=x"]
)
def test_what_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_step_in_words() -> None:
    with override("en"):
        row = next(one for one in rows(EXCLUSIVE) if one.code == "negotiation_opened")
        asked = next(one for one in rows(EXCLUSIVE) if one.code == "information_negotiation")
        gate = next(one for one in rows(EXCLUSIVE) if one.code == "mandate")
    assert (row.stage, row.track, row.actor) == ("Negotiation", "Procedure", "The negotiators")
    assert [need.sentence for need in row.needs][1:] == [
        "“Federal government informed: negotiations” has happened.",
        "The term after “Federal government informed: negotiations” was answered or has run out.",
    ]
    assert row.needs[1].law == "Special Act on Institutional Reform, art. 81, § 1"
    assert row.leaves == ["Negotiations opened"]
    assert asked.terms[0].sentence.startswith(
        "Possible objections of the federal government: 30 calendar days; ends early"
    )
    assert asked.terms[0].law == "Special Act on Institutional Reform, art. 81, § 2"
    assert gate.is_gate
    assert gate.kinds[0] == "consent of the Government of Flanders"
    assert gate.papers


def test_conditions_in_words() -> None:
    with override("en"):
        either = condition_in_words(Either((Done("initiative"), Not(Done("signature")))), EXCLUSIVE)
    assert either == "“Initiative” has happened; or “Signature” has not happened"


@pytest.mark.parametrize("procedure", procedures.ALL, ids=lambda one: f"{one.code}-{one.version}")
def test_every_need_and_term_can_be_said(procedure: Procedure) -> None:
    for language in ("nl", "en"):
        with override(language):
            for step in procedure.steps:
                assert [need.code for need in step.needs if not condition_in_words(need.condition, procedure)] == []
                assert all(str(term.days) in term_in_words(term, procedure) for term in step.terms)


def test_the_documents_are_current() -> None:
    call_command("procedure_docs", "--check")


def test_documents_that_are_not_are_named_and_written_again(tmp_path: Path) -> None:
    call_command("procedure_docs", "--folder", str(tmp_path), verbosity=0)
    call_command("procedure_docs", "--check", "--folder", str(tmp_path))
    (tmp_path / "mou.md").write_text("else")
    (tmp_path / "gone.md").write_text("of a procedure that is gone")
    with pytest.raises(CommandError, match=r"^Not up to date: gone\.md, mou\.md\."):
        call_command("procedure_docs", "--check", "--folder", str(tmp_path))
    call_command("procedure_docs", "--folder", str(tmp_path))
    call_command("procedure_docs", "--check", "--folder", str(tmp_path))
    text = (tmp_path / "mixed.md").read_text()
    assert [step.code for step in MIXED.steps if step.label.nl not in text or step.label.en not in text] == []
