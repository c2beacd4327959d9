"""The pages on which is recorded what was determined, and the reasons to go without a paper."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import add_pdf, read
from treaties.choices import DocumentKind
from treaties.models import Party
from workflow import actions
from workflow.models import Approval, Determination, Dossier, EntityRequirement, Event

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]


@pytest.fixture
def as_staff(client: Client, staff: User) -> Client:
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    return client


def text(response: HttpResponse) -> str:
    return response.content.decode()


def token() -> str:
    return str(uuid4())


def finding(**kw: Any) -> dict[str, Any]:
    given = {"determined_by": "council_of_state", "when": "1/3/2025", "reason": "Ook federaal bevoegd"}
    return {**given, "source": "advies 77.001/VR", "submission": token(), **kw}


class TestRequalifying:
    @pytest.fixture
    def signed(self, make_dossier: Open, advance: Go) -> Dossier:
        return advance(make_dossier(), "signature")

    def url(self, dossier: Dossier) -> str:
        return reverse("dossier-requalify", args=[dossier.reference])

    def test_the_page_says_what_it_was_held_to_be(self, as_staff: Client, signed: Dossier) -> None:
        page = as_staff.get(self.url(signed))
        assert page.status_code == 200
        form = page.context["form"]
        assert form["qualification"].value() == "exclusive_both"
        assert {"exclusive", "mixed"} <= {code for code, _label in form.fields["procedure"].choices}
        assert "mou" not in {code for code, _label in form.fields["procedure"].choices}
        assert "register" not in {code for code, _label in form.fields["determined_by"].choices}
        assert "Exclusive treaty" in text(page)

    def test_sent_the_dossier_follows_the_other_procedure(self, as_staff: Client, signed: Dossier) -> None:
        data = finding(qualification="mixed", procedure="mixed")
        response = as_staff.post(self.url(signed), data)
        assert response["Location"] == signed.get_absolute_url()
        row = Determination.objects.get(procedure_code="mixed")
        assert (row.on, row.determined_by, row.reason, row.source) == (
            date(2025, 3, 1),
            "council_of_state",
            "Ook federaal bevoegd",
            "advies 77.001/VR",
        )
        again = as_staff.post(self.url(signed), data, follow=True)
        assert "it was recorded once" in text(again)
        assert Determination.objects.count() == 2
        page = as_staff.get(signed.get_absolute_url())
        assert [one.qualification for one in page.context["determinations"]] == ["exclusive_both", "mixed"]
        (went_back,) = page.context["returns"]
        assert went_back.what == "Qualified otherwise: on the advice of the Council of State"
        assert went_back.again == "Finding of the Working Group on Mixed Treaties"
        body = text(page)
        assert "Qualification in the course of time" in body
        assert "Ook federaal bevoegd" in body
        # What was done under the other procedure stays readable, and no button leads nowhere.
        overtaken = [view for view in page.context["events"] if view.is_overtaken]
        assert {view.event.step for view in overtaken} == {"information_negotiation", "information_signature"}
        for view in page.context["events"]:
            if view.correct_url:
                assert as_staff.get(view.correct_url).status_code == 200, view.event.step
        (told,) = [view for view in page.context["events"] if view.event.step == "requalified"]
        assert told.correct_url == ""

    def test_everything_wrong_is_said_at_once_and_kept(self, as_staff: Client, signed: Dossier) -> None:
        data = finding(qualification="exclusive_both", procedure="exclusive", when="1/1/2100", source="https://x.be")
        response = as_staff.post(self.url(signed), data)
        assert response.status_code == 422
        errors = response.context["form"].errors
        assert errors["qualification"] == ["That is what the treaty is held to be already."]
        assert errors["when"] == ["This date lies in the future; record it once it has happened."]
        assert response.context["form"]["source"].value() == "https://x.be"
        assert Determination.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"reason": " "}, "reason"),
            ({"determined_by": "register"}, "determined_by"),
            ({"determined_by": ""}, "determined_by"),
            ({"procedure": "mou"}, "procedure"),
            ({"qualification": "else"}, "qualification"),
            ({"when": ""}, "when"),
            ({"when": "30/2/2026"}, "when"),
            ({"when": "7/1/2024"}, "when"),
            ({"reason": "x" * 501}, "reason"),
            ({"source": "a\x00"}, "source"),
        ],
    )
    def test_a_refused_form(self, given: dict[str, str], field: str, as_staff: Client, signed: Dossier) -> None:
        data = finding(qualification="mixed", procedure="mixed") | given
        response = as_staff.post(self.url(signed), data)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert Determination.objects.count() == 1
        assert not Event.objects.filter(step="requalified").exists()

    def test_the_dossier_leads_there(self, as_staff: Client, signed: Dossier, make_dossier: Open) -> None:
        assert self.url(signed) in text(as_staff.get(signed.get_absolute_url()))
        mou = make_dossier("mou")
        assert self.url(mou) in text(as_staff.get(mou.get_absolute_url()))

    def test_an_auditor_does_not_come_there(self, auditor: User, signed: Dossier) -> None:
        client = Client()
        client.force_login(auditor)
        assert client.get(self.url(signed)).status_code == 403
        assert self.url(signed) not in text(client.get(signed.get_absolute_url()))


class TestEntities:
    @pytest.fixture
    def mixed(self, make_dossier: Open) -> Dossier:
        return make_dossier("mixed", entities=["X-BE-FG"])

    def url(self, dossier: Dossier, code: str = "X-BE-FG") -> str:
        return reverse("entity-release", args=[dossier.reference, code])

    def test_released_it_is_no_longer_awaited(self, as_staff: Client, mixed: Dossier) -> None:
        assert self.url(mixed) in text(as_staff.get(mixed.get_absolute_url()))
        assert as_staff.get(self.url(mixed)).status_code == 200
        data = finding(determined_by="conference", reason="Toch niet bevoegd")
        assert as_staff.post(self.url(mixed), data)["Location"] == mixed.get_absolute_url()
        row = EntityRequirement.objects.get(is_required=False)
        assert (row.entity.code, row.determined_by, row.on, row.reason) == (
            "X-BE-FG",
            "conference",
            date(2025, 3, 1),
            "Toch niet bevoegd",
        )
        page = as_staff.get(mixed.get_absolute_url())
        assert page.context["matrix"].rows == []
        told = [detail for entry in page.context["history"] for detail in entry.details]
        assert any(detail.endswith("is no longer required") for detail in told)
        assert any(detail.endswith("is required") for detail in told)

    def test_one_that_is_not_required(self, as_staff: Client, mixed: Dossier) -> None:
        response = as_staff.post(self.url(mixed, "BE-WAL"), finding())
        assert response.status_code == 422
        assert "This entity is not required." in text(response)
        assert EntityRequirement.objects.count() == 1

    @pytest.mark.parametrize("code", ["ATLANTIS", "FR"])
    def test_one_that_is_no_belgian_entity(self, code: str, as_staff: Client, mixed: Dossier) -> None:
        assert as_staff.get(self.url(mixed, code)).status_code == 404

    def test_no_such_page_where_no_entity_has_a_part(self, as_staff: Client, make_dossier: Open) -> None:
        assert as_staff.get(self.url(make_dossier())).status_code == 404

    def test_a_release_says_why(self, as_staff: Client, mixed: Dossier) -> None:
        for given in ({"reason": " "}, {"when": "32/1/2025"}, {"when": "1/1/2100"}):
            response = as_staff.post(self.url(mixed), finding(**given))
            assert response.status_code == 422
            assert list(response.context["form"].errors) == list(given)
        assert EntityRequirement.objects.count() == 1

    def test_who_determined_it_is_shown_in_the_matrix(self, as_staff: Client, make_dossier: Open) -> None:
        dossier = make_dossier("mixed")
        data = finding(entity="X-BE-FED", acts="2", determined_by="conference")
        as_staff.post(reverse("entity-require", args=[dossier.reference]), data)
        body = text(as_staff.get(dossier.get_absolute_url()))
        assert "2 acts of assent" in body
        assert "Ook federaal bevoegd" in body
        assert "1 March 2025" in body


class TestMatrix:
    def test_every_entity_by_its_steps_and_flanders_beside_them(
        self, as_staff: Client, staff: User, make_dossier: Open, advance: Go
    ) -> None:
        dossier = advance(make_dossier("mixed", entities=["X-BE-FED", "BE-WAL"]), "decree_published")
        day = max(event.on for event in dossier.standing_events if event.on) + timedelta(days=1)
        wal = Party.objects.get(code="BE-WAL")
        for outcome, more in (("introduced", 0), ("adopted", 9)):
            when = {"when": (day + timedelta(days=more)).isoformat(), "entity": "BE-WAL", "outcome": outcome}
            paper = {"document_kind": "other", "document_language": "nl", "number": f"ELI {outcome}"}
            url = reverse("event-record", args=[dossier.reference, "assent_of_entity"])
            assert as_staff.post(url, {**when, **paper, "submission": token()}).status_code == 302
        page = as_staff.get(dossier.get_absolute_url())
        matrix = page.context["matrix"]
        assert list(matrix.columns) == [
            "Full powers of another Belgian entity",
            "Assent of another Belgian entity",
        ]
        rows = {row.name: row for row in matrix.rows}
        assert next(iter(rows)) == "Flanders"
        assert set(rows) == {"Flanders", wal.name_en, Party.objects.get(code="X-BE-FED").name_en}
        flanders = [[view.event.step for view in cell.events] for cell in rows["Flanders"].cells]
        assert flanders == [
            ["consent_to_sign"],
            ["submitted_to_parliament", "plenary_vote", "sanction_and_promulgation", "decree_published"],
        ]
        assents = rows[wal.name_en].cells[1]
        assert ([view.event.outcome for view in assents.events], assents.is_missing) == (
            ["introduced", "adopted"],
            False,
        )
        federal = rows[Party.objects.get(code="X-BE-FED").name_en].cells
        assert [(cell.is_missing, cell.is_unknown) for cell in federal] == [(False, False), (True, False)]
        assert federal[1].record_url.endswith("/record/assent_of_entity/?entity=X-BE-FED")
        assert list(matrix.missing) == [("Assent of another Belgian entity", 1)]
        body = text(page)
        assert "Assents of the Belgian entities" in body
        assert "ELI adopted" in body
        assert "1 missing" in body

    def test_one_that_declined_is_said_so(self, as_staff: Client, make_dossier: Open, advance: Go) -> None:
        dossier = advance(make_dossier("mixed", entities=["BE-WAL"]), "signature")
        url = reverse("event-record", args=[dossier.reference, "assent_of_entity"])
        data = {"when": "1/6/2025", "entity": "BE-WAL", "outcome": "declined", "submission": token()}
        as_staff.post(url, {**data, "document_kind": "other", "document_language": "nl"})
        page = as_staff.get(dossier.get_absolute_url())
        assert page.context["matrix"].rows[1].cells[1].declined
        assert "will not assent" in text(page)
        assert page.context["assessment"].is_on_hold

    def test_none_where_flanders_acts_alone(self, as_staff: Client, make_dossier: Open) -> None:
        assert as_staff.get(make_dossier().get_absolute_url()).context["matrix"] is None


class TestWaiving:
    @pytest.fixture
    def open_gate(self, make_dossier: Open, advance: Go, staff: User) -> Dossier:
        """The approval in principle can be asked; only the preliminary draft is on file."""
        dossier = advance(make_dossier(), "signature")
        add_pdf(staff, dossier.treaty, DocumentKind.PRELIMINARY_DRAFT)
        return read(dossier)

    def url(self, dossier: Dossier, step: str = "approval_in_principle") -> str:
        return reverse("consent-ask", args=[dossier.reference, step])

    def test_a_field_for_each_paper_that_lacks_and_can_be_done_without(
        self, as_staff: Client, open_gate: Dossier, staff: User
    ) -> None:
        page = as_staff.get(self.url(open_gate))
        names = {field.name for field in page.context["form"].waivers}
        gate = open_gate.procedure.step("approval_in_principle")
        on_file = set(open_gate.treaty.documents.values_list("kind", flat=True))
        expected = {f"waive_{one.kind}" for one in gate.evidence if one.waivable and one.kind not in on_file}
        assert {"waive_explanatory_memorandum", "waive_finance_advice"} <= names == expected
        assert "Go on without “Advice of the Inspectorate of Finance”, because …" in text(page)

    def test_with_reasons_the_consent_is_asked_and_they_are_kept(
        self, as_staff: Client, open_gate: Dossier, reviewer: User
    ) -> None:
        names = [field.name for field in as_staff.get(self.url(open_gate)).context["form"].waivers]
        reasons = {name: f"niet nodig: {name}" for name in names}
        response = as_staff.post(self.url(open_gate), {**reasons, "note": "", "submission": token()})
        assert response["Location"] == open_gate.get_absolute_url()
        approval = Approval.objects.get(step="approval_in_principle")
        waived = {entry["kind"]: entry["reason"] for entry in approval.evidence if entry["state"] == "waived"}
        assert waived == {name.removeprefix("waive_"): reason for name, reason in reasons.items()}
        client = Client(headers={"accept-language": "en"})
        client.force_login(reviewer)
        body = text(client.get(reverse("review-detail", args=[approval.pk])))
        assert [reason for reason in reasons.values() if reason not in body] == []
        assert body.count("<strong>Waived</strong>") == len(reasons)

    def test_one_reason_short_the_others_are_kept(self, as_staff: Client, open_gate: Dossier) -> None:
        names = [field.name for field in as_staff.get(self.url(open_gate)).context["form"].waivers]
        reasons = {name: "niet nodig" for name in names if name != "waive_finance_advice"}
        response = as_staff.post(self.url(open_gate), {**reasons, "submission": token()})
        assert response.status_code == 422
        assert "A paper is missing: advice of the Inspectorate of Finance." in text(response)
        form = response.context["form"]
        assert [form[name].value() for name in reasons] == ["niet nodig"] * len(reasons)
        assert not Approval.objects.filter(step="approval_in_principle").exists()

    def test_what_is_not_asked_cannot_be_slipped_in(self, as_staff: Client, open_gate: Dossier) -> None:
        """A field of a paper that cannot be waived does not exist, whatever is sent."""
        dossier = read(open_gate)
        data = {"waive_preliminary_draft": "volgt", "waive_treaty_text": "volgt", "submission": token()}
        response = as_staff.post(self.url(dossier), data)
        assert response.status_code == 422
        assert "waive_preliminary_draft" not in response.context["form"].fields

    def test_the_reviewer_decides_with_the_reasons_frozen(
        self, as_staff: Client, open_gate: Dossier, reviewer: User
    ) -> None:
        names = [field.name for field in as_staff.get(self.url(open_gate)).context["form"].waivers]
        as_staff.post(self.url(open_gate), {**dict.fromkeys(names, "niet nodig"), "submission": token()})
        approval = Approval.objects.get(step="approval_in_principle")
        decision = actions.decide_consent(
            actor=reviewer, approval=approval, outcome="approved", decided_on=date(2026, 1, 5)
        )
        assert decision.seen["evidence"] == approval.evidence
        assert {entry["state"] for entry in decision.seen["evidence"]} == {"present", "waived"}
