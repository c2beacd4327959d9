"""The pages of the staff: what they show, what they keep when they refuse, and what comes twice or too late."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.refusals import Refused
from tests import factories
from treaties.choices import Access, DocumentKind
from treaties.dates import PartialDate
from treaties.models import Document, Treaty
from workflow import actions
from workflow.choices import Origin
from workflow.guards import Happening
from workflow.models import Approval, Decision, Dossier, EntityRequirement, Event

# The desk reads the same number of times for 5 dossiers and for 50.
DESK_QUERIES = 15
REVIEW_QUERIES = 4
DOSSIER_QUERIES = 23

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
Make = Callable[..., Any]


@pytest.fixture
def as_staff(client: Client, staff: User) -> Client:
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def as_reviewer(reviewer: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(reviewer)
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def record_url(dossier: Dossier, step: str) -> str:
    return reverse("event-record", args=[dossier.reference, step])


def token() -> str:
    return str(uuid4())


def treaty_data(**kw: Any) -> dict[str, Any]:
    given = {"title_nl": "Verdrag over de Schelde", "kind": "treaty", "qualification": "exclusive_region"}
    return {**given, "procedure": "exclusive", "access": "government", "submission": token(), **kw}


def event_data(**kw: Any) -> dict[str, Any]:
    papers = {"document_kind": "other", "document_language": "nl"}
    return {"when": "4/3/2024", "submission": token(), **papers, **kw}


def ask(dossier: Dossier, actor: User, step: str = "mandate") -> Approval:
    """A request on the first gate, with its papers."""
    if not dossier.events.filter(step="initiative").exists():
        actions.record_event(
            actor=actor, dossier=dossier, happening=Happening("initiative", PartialDate(date(2024, 1, 8)))
        )
    factories.add_evidence(actor, dossier, step)
    return actions.ask_consent(actor=actor, dossier=factories.read(dossier), step=step, note="Met begroting.")


def decision_data(approval: Approval, **kw: Any) -> dict[str, Any]:
    version = Dossier.objects.get(pk=approval.dossier_id).version
    given = {"outcome": "approved", "decided_on": "12/1/2024", "number": "VR 2024 1201 DOC.0099/1", "reason": ""}
    return {**given, "submission": token(), "version": version, "approval": approval.pk, **kw}


# --- New and changed treaties -------------------------------------------------------------------------


def test_a_new_treaty_opens_its_dossier(as_staff: Client, staff: User) -> None:
    data = treaty_data(
        title_en="Treaty on the Scheldt", short_name="Schelde", parties=["NL", "BE-VLG"], themes=["cultuur"]
    )
    response = as_staff.post(reverse("treaty-new"), data)
    dossier = Dossier.objects.get()
    assert response.status_code == 302
    assert response["Location"] == dossier.get_absolute_url()
    treaty = dossier.treaty
    assert {(title.language, title.kind, title.text) for title in treaty.titles.all()} == {
        ("nl", "official", "Verdrag over de Schelde"),
        ("en", "official", "Treaty on the Scheldt"),
        ("nl", "short", "Schelde"),
    }
    assert {link.party.code for link in treaty.party_links.all()} == {"NL", "BE-VLG"}
    assert [link.theme.slug for link in treaty.theme_links.all()] == ["cultuur"]
    assert (dossier.responsible, dossier.procedure_code, treaty.access) == (staff, "exclusive", Access.GOVERNMENT)
    assert "The treaty is registered and its dossier is open." in text(as_staff.get(response["Location"]))


def test_the_same_new_treaty_sent_twice_is_there_once(as_staff: Client) -> None:
    data = treaty_data()
    first = as_staff.post(reverse("treaty-new"), data)
    second = as_staff.post(reverse("treaty-new"), data, follow=True)
    assert Treaty.objects.count() == 1
    assert second.redirect_chain[-1][0] == first["Location"]
    assert "This form was already sent; it was recorded once." in text(second)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title_nl", "   ", "Enter a text, not only spaces."),
        ("title_nl", "a\x00b", "Null characters are not allowed."),
        ("title_nl", "x" * 100_000, "This text is longer than 2000 characters."),
        ("title_en", "\u200b \u200b", "Enter a text, not only spaces."),
        ("summary_nl", "x" * 100_000, "This text is longer than 10000 characters."),
        ("note", "bell\x07", "This text contains a character that cannot be stored."),
        ("parties", "ATLANTIS", "There is no country or party “ATLANTIS”."),
        ("parties", "N\x00L", "Null characters are not allowed."),
        ("themes", "nothing", "There is no theme “nothing”."),
        ("procedure", "", "This field is required."),
        ("procedure", "else", "Select a valid choice. else is not one of the available choices."),
        ("kind", "else", "Select a valid choice. else is not one of the available choices."),
        ("reason", "x" * 100_000, "This text is longer than 4000 characters."),
        ("submission", "not-a-token", "load it again."),
    ],
)
def test_a_refused_treaty_says_why_beside_the_field_and_keeps_everything(
    as_staff: Client, field: str, value: str, sentence: str
) -> None:
    response = as_staff.post(reverse("treaty-new"), treaty_data(title_fr="Traité sur l’Escaut", **{field: value}))
    assert response.status_code == 422
    form = response.context["form"]
    assert sentence in "".join(form.errors[field])
    assert "Traité sur l’Escaut" in text(response)
    assert form[field].value() == ([value] if field in ("parties", "themes") else value)
    assert "<title>Error:" in text(response)
    assert not Treaty.objects.exists()


def test_bytes_that_are_no_text_are_kept_as_replacement_characters(as_staff: Client) -> None:
    """A lone surrogate cannot come through a form: its bytes are no UTF-8 and are read as U+FFFD."""
    data = "&".join(f"{name}={quote(str(value))}" for name, value in treaty_data(title_nl="").items())
    body = data.replace("title_nl=", "title_nl=half%ED%A0%80")
    response = as_staff.post(reverse("treaty-new"), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert Treaty.objects.get().titles.get().text == "half\ufffd\ufffd\ufffd"


def test_a_treaty_has_a_title_in_some_language(as_staff: Client) -> None:
    response = as_staff.post(reverse("treaty-new"), treaty_data(title_nl=""))
    assert response.context["form"].errors["title_nl"] == ["Give at least one title."]
    assert as_staff.post(reverse("treaty-new"), treaty_data(title_nl="", title_de="Vertrag")).status_code == 302


def test_everything_wrong_with_a_treaty_is_said_at_once(as_staff: Client) -> None:
    data = treaty_data(title_nl=" ", title_en="x" * 3_000, note="x" * 11_000, parties=["ATLANTIS"], themes=["nothing"])
    form = as_staff.post(reverse("treaty-new"), data).context["form"]
    assert set(form.errors) == {"title_nl", "title_en", "note", "parties", "themes"}


def test_an_empty_form_is_refused_not_forgotten(as_staff: Client) -> None:
    response = as_staff.post(reverse("treaty-new"), {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) >= {"submission", "kind", "procedure"}


def test_a_dossier_is_opened_for_a_treaty_without_one(as_staff: Client, make_treaty: Make) -> None:
    treaty = make_treaty()
    url = reverse("dossier-open", args=[treaty.reference])
    assert as_staff.get(url).status_code == 200
    data = {"procedure": "mou", "origin": "live", "submission": token()}
    response = as_staff.post(url, data)
    dossier = Dossier.objects.get()
    assert (dossier.procedure_code, response["Location"]) == ("mou", dossier.get_absolute_url())
    as_staff.post(url, data)
    assert Dossier.objects.count() == 1
    assert as_staff.get(url)["Location"] == dossier.get_absolute_url()


def test_only_an_administrator_opens_a_dossier_of_the_past(as_staff: Client, make_treaty: Make) -> None:
    data = {"procedure": "mou", "origin": "reconstructed", "submission": token()}
    response = as_staff.post(reverse("dossier-open", args=[make_treaty().reference]), data)
    assert response.status_code == 403
    assert "You may not record decisions of the past from their sources." in text(response)


# --- Documents -----------------------------------------------------------------------------------------


def document_data(**kw: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("nota.pdf", factories.pdf(), "application/pdf")
    given = {"file": file, "document_kind": "memorandum", "document_language": "nl", "document_title": "Nota"}
    return {**given, "access": "government", "submission": token(), **kw}


def test_a_document_is_added_and_leads_back_to_the_dossier(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    url = reverse("document-add", args=[dossier.treaty.reference])
    page = as_staff.get(f"{url}?kind=memorandum&dossier={dossier.reference}")
    assert page.context["form"]["document_kind"].value() == "memorandum"
    response = as_staff.post(f"{url}?dossier={dossier.reference}", document_data())
    assert response["Location"] == dossier.get_absolute_url()
    document = Document.objects.get()
    assert (document.kind, document.title, document.access) == ("memorandum", "Nota", Access.GOVERNMENT)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"file": SimpleUploadedFile("run.exe", b"MZ")}, "file", "This kind of file is not taken"),
        ({"file": SimpleUploadedFile("a.pdf", b"no pdf")}, "file", "What is in this file is not what its name says."),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "file", "The submitted file is empty."),
        ({"document_title": "x" * 100_000}, "document_title", "This text is longer than 300 characters."),
        ({"source": "x\x00"}, "source", "Null characters are not allowed."),
    ],
)
def test_a_refused_document(as_staff: Client, make_treaty: Make, given: dict, field: str, sentence: str) -> None:
    url = reverse("document-add", args=[make_treaty().reference])
    response = as_staff.post(url, document_data(**given))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert sentence in errors[field][0]
    if field != "file":
        assert errors["file"] == ["Browsers do not keep a chosen file: choose it again."]
    assert not Document.objects.exists()


def test_a_file_that_is_too_large_is_never_read(as_staff: Client, make_treaty: Make, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 10
    response = as_staff.post(reverse("document-add", args=[make_treaty().reference]), document_data())
    assert response.context["form"].errors["file"] == ["This file is larger than 0 MB."]


# --- Recording what happened ----------------------------------------------------------------------------


def test_an_event_is_recorded_with_a_paper(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    file = SimpleUploadedFile("brief.pdf", factories.pdf(), "application/pdf")
    data = event_data(note="Brief van de ambassade", file=file, document_kind="letter")
    response = as_staff.post(record_url(dossier, "initiative"), data)
    assert response["Location"] == dossier.get_absolute_url()
    event = Event.objects.get()
    assert (event.on, event.note, event.despite) == (date(2024, 3, 4), "Brief van de ambassade", [])
    assert [(paper.kind, paper.title) for paper in event.documents.all()] == [("letter", "brief.pdf")]


def test_the_same_event_sent_twice_is_recorded_once(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    data = event_data()
    as_staff.post(record_url(dossier, "initiative"), data)
    again = as_staff.post(record_url(dossier, "initiative"), data, follow=True)
    assert Event.objects.count() == 1
    assert again.redirect_chain == [(dossier.get_absolute_url(), 302)]
    assert "This form was already sent; it was recorded once." in text(again)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("when", "31/2/2026", "“31/2/2026” is not a date."),
        ("when", "29-02-2023", "is not a date."),
        ("when", "gisteren", "is not a date."),
        ("when", "9/3/0207", "The year of a date lies between 1500 and 2200."),
        ("when", "1/1/2100", "This date lies in the future; record it once it has happened."),
        ("when", "", "Enter the date on which it happened."),
        ("note", "x" * 100_000, "This text is longer than 4000 characters."),
        ("place", "x\x00", "Null characters are not allowed."),
        ("number", "x\x07", "This text contains a character that cannot be stored."),
        ("entity", "ATLANTIS", "Select a valid choice."),
        ("document_kind", "else", "Select a valid choice."),
    ],
)
def test_a_refused_event_says_why_beside_the_field_and_keeps_everything(
    as_staff: Client, make_dossier: Make, field: str, value: str, sentence: str
) -> None:
    data = event_data(source="https://example.org/bron")
    response = as_staff.post(record_url(make_dossier(), "initiative"), {**data, field: value})
    assert response.status_code == 422
    form = response.context["form"]
    assert sentence in form.errors[field][0]
    assert (form[field].value(), form["source"].value()) == (value, "https://example.org/bron")
    assert not Event.objects.exists()


def test_a_number_of_another_form_is_refused_beside_its_field(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    data = event_data(when="1/6/2020", number="62.109", despite_reason="from the file", source="https://example.org")
    response = as_staff.post(record_url(dossier, "council_of_state_advice"), data)
    assert response.status_code == 422
    assert "has the chamber after its number" in response.context["form"].errors["number"][0]
    assert response.context["form"]["number"].value() == "62.109"
    assert not dossier.events.filter(step="council_of_state_advice").exists()


def test_everything_wrong_is_said_at_once(as_staff: Client, make_dossier: Make) -> None:
    data = event_data(when="", note="x" * 5_000)
    response = as_staff.post(record_url(make_dossier(), "plenary_vote"), data)
    form = response.context["form"]
    assert set(form.errors) == {"when", "outcome", "note", "__all__"}
    assert [blocker.code for blocker in form.blockers] == ["submitted"]


def test_out_of_order_all_blockers_are_shown_with_the_law_and_the_fields_kept(
    as_staff: Client, make_dossier: Make
) -> None:
    dossier = make_dossier()
    url = record_url(dossier, "negotiation_opened")
    before = text(as_staff.get(url))
    sentences = (
        "The Government of Flanders has not given a mandate to negotiate yet.",
        "The federal government must be informed of the negotiations beforehand.",
    )
    law = "Special Act on Institutional Reform, art. 81, § 1"
    assert all(sentence in before for sentence in (*sentences, law))
    response = as_staff.post(url, event_data(note="Eerste ronde", place="Den Haag"))
    assert response.status_code == 422
    assert all(sentence in text(response) for sentence in (*sentences, law, "Eerste ronde", "Den Haag"))
    assert not Event.objects.exists()


def test_with_a_reason_it_is_recorded_and_flagged(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    reason = "Het mandaat kwam later."
    as_staff.post(record_url(dossier, "negotiation_opened"), event_data(despite_reason=reason))
    event = Event.objects.get()
    assert event.despite == ["mandate", "informed"]
    page = text(as_staff.get(dossier.get_absolute_url()))
    assert "Not in the order of the procedure" in page
    assert reason in page
    assert "“Negotiations opened” was recorded although: The Government of Flanders has not given a mandate" in page


def test_it_cannot_end_before_it_began(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier("mou")
    as_staff.post(record_url(dossier, "effect"), event_data(when="1/6/2020", despite_reason="from the gazette"))
    data = event_data(when="31/5/2020", outcome="expired", despite_reason="all the same")
    response = as_staff.post(record_url(dossier, "ended"), data)
    assert response.status_code == 422
    assert response.context["form"].errors["when"] == ["It cannot end before it began on 1 June 2020."]


def test_a_consent_is_asked_and_not_recorded(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    url = record_url(dossier, "mandate")
    assert as_staff.get(url)["Location"] == reverse("consent-ask", args=[dossier.reference, "mandate"])
    response = as_staff.post(url, event_data(outcome="approved"))
    assert response.status_code == 422
    assert "This is a consent of the Government of Flanders: ask for it, so that somebody else decides." in text(
        response
    )
    assert not Event.objects.exists()


def test_a_decision_of_the_past_is_recorded_with_its_source(administrator: User, make_dossier: Make) -> None:
    dossier = make_dossier(actor=administrator, origin=Origin.RECONSTRUCTED)
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    url = record_url(dossier, "mandate")
    data = event_data(outcome="approved", despite_reason="The initiative is not known.")
    response = client.post(url, data)
    assert response.context["form"].errors["source"] == ["A decision of the past is recorded with its source."]
    client.post(url, {**data, "source": "https://example.org"})
    assert Event.objects.get().outcome == "approved"


def test_what_a_step_starts_is_said_beforehand(as_staff: Client, make_dossier: Make) -> None:
    page = text(as_staff.get(record_url(make_dossier(), "council_of_state_requested")))
    assert "30 days: This starts a term of 30 days: Advice of the Council of State." in page
    assert "5 working days: This starts a term of 5 working days: Advice of the Council of State." in page


def test_required_entities_stand_first(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier("mixed", entities=["X-BE-FED"])
    page = as_staff.get(record_url(dossier, "assent_of_entity") + "?entity=X-BE-FED")
    form = page.context["form"]
    assert [code for code, _name in form.fields["entity"].choices][:2] == ["", "X-BE-FED"]
    assert form["entity"].value() == "X-BE-FED"
    as_staff.post(record_url(dossier, "assent_of_entity"), event_data(entity="X-BE-FED", outcome="assented"))
    assert Event.objects.get().entity.code == "X-BE-FED"


# --- Correcting -----------------------------------------------------------------------------------------


def initiative(dossier: Dossier, staff: User) -> Event:
    happening = Happening("initiative", PartialDate(date(2024, 3, 4)), note="Brief")
    return actions.record_event(actor=staff, dossier=dossier, happening=happening)


def test_a_correction_supersedes_and_stays_readable(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    event = initiative(dossier, staff)
    url = reverse("event-correct", args=[dossier.reference, event.pk])
    assert as_staff.get(url).context["form"]["when"].value() == "2024-03-04"
    data = {"when": "14 maart 2024", "how": "supersede", "reason": "Verkeerde dag", "submission": token()}
    assert as_staff.post(url, {**data, "reason": ""}).context["form"].errors["reason"] == ["Say what was wrong."]
    assert as_staff.post(url, data)["Location"] == dossier.get_absolute_url()
    assert event.superseded_by.on == date(2024, 3, 14)
    page = text(as_staff.get(dossier.get_absolute_url()))
    assert 'class="is-corrected"' in page
    assert "Corrected by An Beheerder" in page
    assert "Verkeerde dag" in page
    late = as_staff.post(url, {**data, "submission": token()})
    assert late.status_code == 409
    assert "Somebody else has already corrected this." in text(late)


def test_an_event_is_taken_back(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    event = initiative(dossier, staff)
    data = {"when": "", "how": "take_back", "reason": "Andere dossier", "submission": token()}
    as_staff.post(reverse("event-correct", args=[dossier.reference, event.pk]), data)
    assert event.superseded_by.is_void
    assert "Taken back by An Beheerder" in text(as_staff.get(dossier.get_absolute_url()))


def test_a_decision_is_not_corrected(as_staff: Client, staff: User, reviewer: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    actions.decide_consent(
        actor=reviewer, approval=ask(dossier, staff), outcome="approved", decided_on=date(2024, 1, 12)
    )
    event = Event.objects.get(step="mandate")
    url = reverse("event-correct", args=[dossier.reference, event.pk])
    assert as_staff.get(url).status_code == 403
    data = {"how": "take_back", "outcome": "approved", "reason": "Neen", "submission": token()}
    assert "cannot be corrected here; ask for the consent again" in text(as_staff.post(url, data))
    assert not hasattr(event, "superseded_by")


# --- Required entities ----------------------------------------------------------------------------------


def test_an_entity_is_required_and_shown_as_missing(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier("mixed")
    url = reverse("entity-require", args=[dossier.reference])
    data = {"entity": "X-BE-FG", "acts": "2", "determined_by": "conference", "when": "5/3/2024"}
    data |= {"reason": "Onderwijs", "source": "ICBB", "submission": token()}
    assert as_staff.post(url, {**data, "entity": "NL"}).status_code == 422
    assert as_staff.post(url, {**data, "reason": ""}).status_code == 422
    many = as_staff.post(url, {**data, "acts": "4", "when": "1/1/2100"})
    assert many.context["form"].errors["acts"] == ["The number of acts of assent lies between 1 and 3."]
    assert many.context["form"].errors["when"] == ["This date lies in the future; record it once it has happened."]
    as_staff.post(url, data)
    as_staff.post(url, data)
    row = EntityRequirement.objects.get()
    assert (row.entity.code, row.acts, row.determined_by, row.on) == ("X-BE-FG", 2, "conference", date(2024, 3, 5))
    page = as_staff.get(dossier.get_absolute_url())
    assert page.context["matrix"].missing == [
        ("Full powers of another Belgian entity", 1),
        ("Assent of another Belgian entity", 1),
    ]
    assert "1 missing" in text(page)


def test_no_entities_where_no_step_is_taken_by_entity(as_staff: Client, make_dossier: Make) -> None:
    assert as_staff.get(reverse("entity-require", args=[make_dossier().reference])).status_code == 404


# --- Asking ---------------------------------------------------------------------------------------------


def test_what_keeps_a_consent_from_being_asked(as_staff: Client, make_dossier: Make) -> None:
    dossier = make_dossier()
    url = reverse("consent-ask", args=[dossier.reference, "mandate"])
    page = text(as_staff.get(url))
    assert "The initiative has not been recorded yet." in page
    assert f"{reverse('document-add', args=[dossier.treaty.reference])}?kind=memorandum" in page
    response = as_staff.post(url, {"note": "Graag voor de zomer", "submission": token()})
    assert response.status_code == 422
    assert [blocker.code for blocker in response.context["form"].blockers] == [
        "initiative",
        "evidence_missing_memorandum",
    ]
    assert "Graag voor de zomer" in text(response)


def test_a_consent_is_asked_once(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    initiative(dossier, staff)
    factories.add_evidence(staff, dossier, "mandate")
    url = reverse("consent-ask", args=[dossier.reference, "mandate"])
    data = {"note": " ", "submission": token()}
    assert as_staff.post(url, data)["Location"] == dossier.get_absolute_url()
    assert "it was recorded once" in text(as_staff.post(url, data, follow=True))
    again = as_staff.post(url, {**data, "submission": token()})
    assert again.status_code == 422
    assert "This consent was already asked and awaits a decision." in text(again)
    assert Approval.objects.count() == 1
    page = text(as_staff.get(dossier.get_absolute_url()))
    assert "Awaiting the decision on “Mandate to negotiate”, asked by An Beheerder on" in page


def test_a_request_is_withdrawn_with_a_reason(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    approval = ask(dossier, staff)
    url = reverse("consent-withdraw", args=[dossier.reference, approval.pk])
    assert as_staff.post(url, {"reason": "", "submission": token()}).status_code == 422
    data = {"reason": "Nieuwe nota komt", "submission": token()}
    as_staff.post(url, data)
    assert Decision.objects.get().outcome == "withdrawn"
    assert "it was recorded once" in text(as_staff.post(url, data, follow=True))
    late = as_staff.post(url, {**data, "submission": token()})
    assert late.status_code == 409
    assert "There is nothing left to withdraw." in text(as_staff.get(url))


# --- Deciding -------------------------------------------------------------------------------------------


def test_the_queue_is_oldest_first_and_flags_own_requests(
    as_reviewer: Client, staff: User, reviewer: User, make_dossier: Make
) -> None:
    first, own = ask(make_dossier(title="Eerste"), staff), ask(make_dossier(title="Tweede"), reviewer)
    response = as_reviewer.get(reverse("review"))
    lines = response.context["queue"]
    assert [(line.approval, line.question, line.days, line.is_own) for line in lines] == [
        (first, "Mandate to negotiate", 0, False),
        (own, "Mandate to negotiate", 0, True),
    ]
    assert "asked by you: somebody else decides" in text(response)


def test_a_decision_is_recorded_and_the_next_request_shown(
    as_reviewer: Client, staff: User, reviewer: User, make_dossier: Make
) -> None:
    first, second = ask(make_dossier(), staff), ask(make_dossier(), staff)
    url = reverse("review-detail", args=[first.pk])
    page = as_reviewer.get(url)
    assert page.context["form"]["version"].value() == first.dossier.version
    assert "goedgekeurd" in text(page)
    assert 'placeholder="VR 2026 1210 DOC.0099/1"' in text(page)
    response = as_reviewer.post(url, decision_data(first), follow=True)
    assert response.redirect_chain == [(reverse("review-detail", args=[second.pk]), 302)]
    assert "Recorded: “Mandate to negotiate” – approved. This is the next request." in text(response)
    decision = first.decision
    assert (decision.outcome, decision.decided_on, decision.number) == (
        "approved",
        date(2024, 1, 12),
        "VR 2024 1201 DOC.0099/1",
    )
    last = as_reviewer.post(reverse("review-detail", args=[second.pk]), decision_data(second), follow=True)
    assert "The queue is empty." in text(last)
    seen = as_reviewer.get(reverse("decision-detail", args=[decision.pk]))
    assert decision.seen_sha256 in text(seen)
    assert seen.context["is_intact"]


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"outcome": ""}, "outcome", "Choose what was decided."),
        ({"outcome": "perhaps"}, "outcome", "Select a valid choice."),
        ({"decided_on": ""}, "decided_on", "Enter the date of the decision."),
        ({"decided_on": "31/2/2026"}, "decided_on", "is not a date."),
        ({"decided_on": "maart 2024"}, "decided_on", "Give the day too: a decision is dated to the day."),
        ({"decided_on": "1/1/2100"}, "decided_on", "A decision cannot be dated in the future."),
        ({"outcome": "postponed"}, "reason", "Say why: this is what the dossier manager goes by."),
        ({"number": "x" * 100_000}, "number", "This text is longer than 200 characters."),
        ({"number": "VR 1"}, "number", "A document of the Government of Flanders has the day of its meeting"),
        ({"reason": "x\x00"}, "reason", "Null characters are not allowed."),
    ],
)
def test_a_refused_decision(
    as_reviewer: Client, staff: User, make_dossier: Make, given: dict[str, str], field: str, sentence: str
) -> None:
    approval = ask(make_dossier(), staff)
    response = as_reviewer.post(reverse("review-detail", args=[approval.pk]), decision_data(approval, **given))
    assert response.status_code == 422
    assert sentence in response.context["form"].errors[field][0]
    assert not Decision.objects.exists()


def test_decided_twice(as_reviewer: Client, staff: User, administrator: User, make_dossier: Make) -> None:
    approval = ask(make_dossier(), staff)
    data = decision_data(approval)
    actions.decide_consent(
        actor=administrator, approval=approval, outcome="postponed", decided_on=date(2024, 1, 12), reason="Later"
    )
    response = as_reviewer.post(reverse("review-detail", args=[approval.pk]), data)
    assert response.status_code == 409
    assert "Ad Min already decided this on" in text(response)
    assert approval.dossier.get_absolute_url() in text(response)
    assert Decision.objects.get().outcome == "postponed"


def test_the_same_decision_sent_twice(as_reviewer: Client, staff: User, make_dossier: Make) -> None:
    approval = ask(make_dossier(), staff)
    data = decision_data(approval)
    url = reverse("review-detail", args=[approval.pk])
    first = as_reviewer.post(url, data)
    again = as_reviewer.post(url, data, follow=True)
    assert again.redirect_chain == [(first["Location"], 302)]
    assert Decision.objects.count() == 1


def test_a_page_that_grew_old_decides_nothing(as_reviewer: Client, staff: User, make_dossier: Make) -> None:
    approval = ask(make_dossier(), staff)
    data = decision_data(approval, reason="Goed zo")
    event = Event.objects.get(step="initiative")
    actions.correct_event(
        actor=staff, event=event, happening=Happening("initiative", PartialDate(date(2024, 1, 5))), reason="dag"
    )
    url = reverse("review-detail", args=[approval.pk])
    response = as_reviewer.post(url, data)
    assert response.status_code == 409
    assert "An Beheerder changed this dossier at" in text(response)
    assert "Goed zo" in text(response)
    assert not Decision.objects.exists()
    version = response.context["form"]["version"].value()
    assert as_reviewer.post(url, {**data, "version": version}).status_code == 302


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_decides_what_they_asked(administrator: User, make_dossier: Make, superuser: bool) -> None:
    administrator.is_superuser = superuser
    administrator.save()
    approval = ask(make_dossier(actor=administrator), administrator)
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    url = reverse("review-detail", args=[approval.pk])
    sentence = "You asked for this consent yourself; somebody else has to record the decision."
    assert sentence in text(client.get(url))
    response = client.post(url, decision_data(approval))
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Decision.objects.exists()


def test_what_changed_since_the_previous_time(
    as_reviewer: Client, staff: User, reviewer: User, make_dossier: Make
) -> None:
    dossier = make_dossier()
    actions.decide_consent(
        actor=reviewer,
        approval=ask(dossier, staff),
        outcome="postponed",
        decided_on=date(2024, 1, 12),
        reason="De begroting ontbreekt.",
    )
    factories.add_pdf(staff, dossier.treaty, DocumentKind.MEMORANDUM, "another text")
    approval = actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate")
    page = as_reviewer.get(reverse("review-detail", args=[approval.pk]))
    assert [(paper.change, paper.is_changed) for paper in page.context["evidence"]] == [("changed", True)]
    assert "De begroting ontbreekt." in text(page)
    assert "request 2" in text(page)


# --- Desk and dossier -------------------------------------------------------------------------------------


def test_the_empty_desk_teaches(as_staff: Client) -> None:
    page = text(as_staff.get(reverse("desk")))
    assert "No dossiers yet" in page
    assert reverse("treaty-new") in page


def test_the_desk_says_what_to_do_and_who_is_awaited(
    as_staff: Client, staff: User, staff2: User, make_dossier: Make
) -> None:
    fresh = make_dossier(title="Vers")
    asked = make_dossier(title="Gevraagd")
    ask(asked, staff)
    others = make_dossier(title="Van Bart", actor=staff2)
    page = as_staff.get(reverse("desk"))
    assert [row.dossier for row in page.context["todo"]] == [fresh]
    assert page.context["todo"][0].next.sentence == "It is for us: “Initiative”."
    (waiting,) = page.context["waiting"]
    assert (waiting.dossier, waiting.awaited) == (asked, "the Government of Flanders")
    assert [approval.dossier for approval in page.context["asked"]] == [asked]
    everybody = as_staff.get(reverse("desk") + "?all=1")
    assert {row.dossier for row in everybody.context["todo"]} == {fresh, others}
    assert not as_staff.get(reverse("desk") + "?stage=signing").context["todo"]
    assert as_staff.get(reverse("desk") + "?stage=%00&page=x").status_code == 200


def test_what_a_blocked_step_waits_for_is_offered(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    initiative(dossier, staff)
    happening = Happening("information_negotiation", PartialDate(date(2024, 3, 5)))
    actions.record_event(actor=staff, dossier=dossier, happening=happening, despite_reason="eerst")
    view = as_staff.get(dossier.get_absolute_url()).context["next"]
    assert view.sentence == "Next is “Negotiations opened”, which waits."
    assert (view.detail, view.label) == ("First: “Mandate to negotiate”.", "Ask consent")
    assert view.url == reverse("consent-ask", args=[dossier.reference, "mandate"])
    assert [str(blocker.law) for blocker in view.blockers if not blocker.law] == []


def test_terms_by_week(as_staff: Client, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    today = timezone.localdate()
    for days, title in ((40, "Over"), (1, "Later")):
        other = make_dossier(title=title)
        happening = Happening("information_negotiation", PartialDate(today - timedelta(days=days)))
        actions.record_event(actor=staff, dossier=other, happening=happening, despite_reason="eerst")
    weeks = dict(as_staff.get(reverse("desk")).context["weeks"])
    assert [term.deadline.tone for term in weeks["Later"]] == [""]
    assert dossier not in [term.dossier for terms in weeks.values() for term in terms]
    page = text(as_staff.get(Dossier.objects.get(treaty__titles__text="Over").get_absolute_url()))
    assert "the term ran out on" in page
    assert "you may go on" in page
    assert "Special Act on Institutional Reform, art. 81, § 2" in page


@pytest.mark.parametrize("count", [5, 50])
def test_the_desk_asks_the_same_number_of_queries(
    as_staff: Client, staff: User, make_dossier: Make, count: int
) -> None:
    for number in range(count):
        dossier = make_dossier(title=f"Verdrag {number}")
        happening = Happening("information_negotiation", PartialDate(timezone.localdate()))
        actions.record_event(actor=staff, dossier=dossier, happening=happening, despite_reason="eerst")
        ask(dossier, staff)
    with CaptureQueriesContext(connection) as captured:
        assert as_staff.get(reverse("desk")).status_code == 200
    assert len(captured) == DESK_QUERIES


@pytest.mark.parametrize("count", [1, 30])
def test_the_review_queue_asks_the_same_number_of_queries(
    as_reviewer: Client, staff: User, make_dossier: Make, count: int
) -> None:
    for number in range(count):
        ask(make_dossier(title=f"Verdrag {number}"), staff)
    with CaptureQueriesContext(connection) as captured:
        page = as_reviewer.get(reverse("review"))
    assert len(page.context["queue"]) == count
    assert len(captured) == REVIEW_QUERIES


def test_a_dossier_page_reads_a_fixed_number_of_times(as_staff: Client, make_dossier: Make, advance: Make) -> None:
    dossier = make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"])
    advance(dossier, until="signature")
    with CaptureQueriesContext(connection) as captured:
        page = as_staff.get(dossier.get_absolute_url())
    assert page.status_code == 200
    assert len(captured) == DOSSIER_QUERIES


def test_a_dossier_through_its_whole_procedure(as_staff: Client, make_dossier: Make, advance: Make) -> None:
    dossier = make_dossier()
    advance(dossier)
    page = as_staff.get(dossier.get_absolute_url())
    assert page.context["next"].sentence == "The procedure is completed."
    assert [stage.state for stage in page.context["stages"]] == ["done"] * 7
    assert "Rita Beoordelaar recorded the decision of the Government of Flanders" in text(page)


def test_the_stages_of_a_mixed_treaty_stand_in_their_order(as_staff: Client, make_dossier: Make) -> None:
    page = as_staff.get(make_dossier("mixed").get_absolute_url())
    assert [stage.label for stage in page.context["stages"]] == [
        "Negotiation",
        "Signing",
        "Advisory bodies",
        "Council of State",
        "Parliamentary assent",
        "Promulgation",
        "Ratification and entry into force",
    ]


def test_an_auditor_sees_a_dossier_without_buttons(auditor: User, staff: User, make_dossier: Make) -> None:
    dossier = make_dossier()
    ask(dossier, staff)
    client = Client(headers={"accept-language": "en"})
    client.force_login(auditor)
    page = text(client.get(dossier.get_absolute_url()))
    for form in ("/record/", "/ask/", "/edit/", "/documents/add/", "/withdraw/", "/correct/", "/entities/"):
        assert form not in page, form


def test_the_action_itself_refuses_an_auditor(auditor: User, make_dossier: Make) -> None:
    """The page says so beforehand, and does not have to."""
    with pytest.raises(Refused) as refused:
        actions.record_event(
            actor=auditor, dossier=make_dossier(), happening=Happening("initiative", PartialDate(date(2024, 1, 8)))
        )
    assert [blocker.code for blocker in refused.value.blockers] == ["not_allowed"]


@pytest.mark.parametrize(
    "address",
    [
        "/dossiers/%00/",
        "/dossiers/NOTHING1/",
        "/treaties/NOTHING1/edit/",
        "/review/99999999999999999999/",
        "/decisions/0/",
    ],
)
def test_addresses_of_nothing(administrator: User, address: str) -> None:
    client = Client()
    client.force_login(administrator)
    assert client.get(address).status_code == 404
