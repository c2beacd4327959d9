"""What the forms read from what was typed, without a page around them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.text import capfirst
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.refusals import Blocker
from treaties.choices import Precision, Scheme
from treaties.forms import ActionForm, TreatyForm
from treaties.models import Party
from workflow import procedures
from workflow.forms import AskForm, CorrectionForm, DecideForm, EventForm, consent_options, procedure_options
from workflow.models import Dossier
from workflow.views.dossier import entities_for

Make = Callable[..., Any]


def event_form(dossier: Dossier, step: str, **data: Any) -> EventForm:
    definition = dossier.procedure.step(step)
    papers = {"document_kind": "other", "document_language": "nl"}
    given = {"submission": str(uuid4()), **papers, **data}
    entities = entities_for(dossier, definition)
    return EventForm(given, {}, person=dossier.responsible, dossier=dossier, step=definition, entities=entities)


def test_every_page_has_a_token_of_its_own() -> None:
    tokens = {str(AskForm(waivable={})["submission"].value()) for _ in range(3)}
    assert len(tokens) == 3


def test_blockers_come_beside_their_field_with_the_law_and_others_above() -> None:
    form = AskForm({"submission": str(uuid4()), "note": "x"}, waivable={})
    assert form.is_valid()
    general = Blocker("four_eyes", "Somebody else", law="BWHI <81>")
    form.take([Blocker("text", "Too <long>", field="note"), general])
    assert form.errors["note"] == ["Too <long>"]
    assert form.errors["__all__"] == ['Somebody else <span class="law">BWHI &lt;81&gt;</span>']
    assert form.blockers == [general]
    assert "Too &lt;long&gt;" in str(form["note"].errors)


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=30), max_size=3), max_size=4))
def test_no_text_breaks_a_form(data: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for name, values in {**data, "note": ["x", *data.get("note", [])], "submission": data.get("", ["y"])}.items():
        query.setlist(name, values)
    assert AskForm(query, waivable={"memorandum": "nota"}).is_valid() in (True, False)
    assert ActionForm(query).is_valid() in (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "on", "precision"),
    [
        ("9/3/2007", date(2007, 3, 9), Precision.DAY),
        ("2007-03-09", date(2007, 3, 9), Precision.DAY),
        ("9 maart 2007", date(2007, 3, 9), Precision.DAY),
        ("March 2007", date(2007, 3, 1), Precision.MONTH),
        ("2007", date(2007, 1, 1), Precision.YEAR),
        (" ", None, Precision.UNKNOWN),
    ],
)
def test_dates_as_far_as_they_are_known(make_dossier: Make, typed: str, on: date | None, precision: str) -> None:
    form = event_form(make_dossier(), "initiative", when=typed)
    assert form.is_valid(), form.errors
    assert (form.happening().when.on, form.happening().when.precision) == (on, precision)


@pytest.mark.django_db
def test_an_event_has_the_fields_of_its_step(make_dossier: Make) -> None:
    dossier = make_dossier("mixed", entities=["BE-WAL"])
    assert "outcome" not in event_form(dossier, "initiative").fields
    vote = event_form(dossier, "plenary_vote")
    assert [code for code, _label in vote.fields["outcome"].choices] == ["adopted", "rejected"]
    assert vote.fields["number"].label == capfirst(str(Scheme.PARLIAMENT.label))
    assent = event_form(dossier, "assent_of_entity", when="2024", entity="BE-WAL", outcome="adopted")
    assert assent.is_valid()
    assert assent.happening().entity == Party.objects.get(code="BE-WAL")
    assert assent.attached() is None


@pytest.mark.django_db
def test_a_correction_begins_with_what_was_recorded(make_dossier: Make, advance: Make) -> None:
    dossier = advance(make_dossier(), until="initiative")
    event = dossier.events.get()
    form = CorrectionForm(event=event, person=dossier.responsible, dossier=dossier, step=event.definition, entities=[])
    assert form["when"].value() == "2024-01-08"
    assert "file" not in form.fields


def test_a_decision_is_dated_to_the_day() -> None:
    data = {"submission": str(uuid4()), "version": "3", "approval": "1", "outcome": "approved"}
    assert DecideForm({**data, "decided_on": "12/1/2024"}).is_valid()
    assert not DecideForm({**data, "decided_on": "2024"}).is_valid()
    stale = DecideForm({**data, "decided_on": "12/1/2024"})
    stale.renew(4)
    assert stale["version"].value() == 4


@pytest.mark.parametrize("language", ["nl", "en"])
def test_outcomes_are_said_in_both_languages(language: str) -> None:
    with translation.override(language):
        labels = dict(consent_options())
    assert list(labels) == ["approved", "noted", "postponed", "withdrawn", "refused"]
    assert "pproved" in labels["approved"]


def test_each_procedure_says_what_it_is_for() -> None:
    options = dict(procedure_options())
    assert list(options) == list(dict.fromkeys(one.code for one in procedures.ALL))
    assert {"exclusive", "mixed", "mou"} <= set(options)
    assert "Geen verdrag: politieke afspraken" in options["mou"]


@pytest.mark.django_db
def test_the_form_of_a_treaty_groups_parties_and_themes(staff: User) -> None:
    form = TreatyForm(person=staff)
    groups = [label for label, _options in form.fields["parties"].choices]
    assert len(groups) == 6
    assert sum(len(options) for _label, options in form.fields["parties"].choices) == Party.objects.count()
    themes = {domain: [box.data["value"] for box in boxes] for domain, boxes, _ticked in form.theme_groups()}
    assert any({"cultuur", "jeugd", "media"} <= set(slugs) for slugs in themes.values())
    assert "bestuurszaken" not in str(themes)  # no longer used
    assert 'data-words="MM' in str(form["parties"])
