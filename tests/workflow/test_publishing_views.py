"""The pages of publication: asking, deciding, stopping, taking out, and the preview."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests import factories
from treaties.actions import record_act
from treaties.choices import Access, ActKind, DocumentKind, PublicationVerdict
from treaties.models import PublicationOutcome, PublicationRequest, Treaty
from treaties.publishing_actions import ask_publication, decide_publication
from workflow.presentation.publishing import PAGE_SIZE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body(client: Client, address: str) -> str:
    text = client.get(address).content.decode()
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


def send(client: Client, address: str, treaty: Treaty, **said: object) -> HttpResponse:
    """A form of these pages, on the version as it is now."""
    return client.post(address, {"version": factories.version(treaty), "submission": uuid4(), **said})


def planned(asker: User, decider: User, treaty: Treaty) -> PublicationRequest:
    """Approved for tomorrow."""
    moment = timezone.now() + timedelta(days=1)
    request = ask_publication(actor=asker, treaty=treaty, reason="why", not_before=moment)
    version = factories.version(treaty)
    decide_publication(actor=decider, request=request, verdict=PublicationVerdict.APPROVED, version=version)
    return request


def main(text: str) -> str:
    """What a page says, without the frame and without the notice that it is a preview."""
    notice = r'<div class="callout callout--info" role="note">(?:(?!</div>).)*</div>\s*</div>'
    text = re.sub(notice, "", text, count=1, flags=re.DOTALL)
    return re.sub(r"\s+", "", text[text.index("<main") : text.index("</main>")])


def test_the_preview_is_what_the_public_sees_once_it_is_public(
    staff: User, reviewer: User, make_dossier: Callable[..., object], make_treaty: Callable[..., Treaty]
) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    make_dossier(treaty=treaty)
    factories.add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, access=Access.PUBLIC)
    factories.add_pdf(staff, treaty, DocumentKind.LETTER)
    inside, address = logged_in(staff), treaty.get_absolute_url()
    shown = body(inside, f"{address}preview/")
    assert "Schriftelijke" not in main(shown)
    asked = inside.post(
        f"{address}publication/",
        {"reason": "signed", "version": factories.version(treaty), "submission": uuid4()},
    )
    request = PublicationRequest.objects.get()
    assert asked.headers["Location"] == request.get_absolute_url()
    decided = {"verdict": "approved", "version": factories.version(treaty), "submission": uuid4()}
    assert logged_in(reviewer).post(request.get_absolute_url(), decided).status_code == 302
    public = main(body(Client(), address))
    assert public == main(shown)
    assert main(body(logged_in(staff), f"{address}preview/")) == main(shown)


@pytest.mark.parametrize("moment", ["31/12/9999 99:99", "a\0", "x" * 100_000, "2001-01-01T10:00", "0001-01-01T00:00"])
def test_moments_that_cannot_be(moment: str, staff: User, make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    sent = {"reason": "why", "not_before": moment, "version": treaty.version, "submission": uuid4()}
    response = logged_in(staff).post(f"{treaty.get_absolute_url()}publication/", sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["not_before"]
    assert "why" in response.content.decode()


def test_the_form_cannot_make_it_public(staff: User, make_treaty: Callable[..., Treaty]) -> None:
    for access, offered in (
        (Access.GOVERNMENT, [Access.GOVERNMENT, Access.GOVERNMENT_WIDE]),
        (Access.PUBLIC, [Access.PUBLIC]),
    ):
        treaty = make_treaty(access=access)
        form = logged_in(staff).get(f"{treaty.get_absolute_url()}edit/").context["form"]
        assert [value for value, _label in form.fields["access"].choices] == offered


def test_the_queue_asks_as_much_for_many_as_for_one(
    staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
) -> None:
    client, counts = logged_in(reviewer), []
    for number in (1, 29):
        for _ in range(number):
            ask_publication(actor=staff, treaty=make_treaty(access=Access.GOVERNMENT), reason="x")
            planned(staff, reviewer, make_treaty(access=Access.GOVERNMENT))
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/publications/").context
        counts.append(len(queries))
    assert (len(page["asked"]), len(page["planned"])) == (PAGE_SIZE, PAGE_SIZE)
    assert counts[0] == counts[1]


def test_taken_out_on_its_page(reviewer: User, make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty()
    sent = {"reason": "a mistake", "version": treaty.version, "submission": uuid4()}
    response = logged_in(reviewer).post(f"{treaty.get_absolute_url()}publication/withdraw/", sent)
    assert response.status_code == 302
    assert Client().get(treaty.get_absolute_url()).status_code == 404


class TestStopping:
    def test_stopped_with_a_reason_and_once(
        self, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        request, client = planned(staff, reviewer, treaty), logged_in(reviewer)
        address = f"{request.get_absolute_url()}stop/"
        assert f'href="{address}"' in body(client, request.get_absolute_url())
        empty = send(client, address, treaty, reason=" ")
        assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
        assert send(client, address, treaty, reason="put off").headers["Location"] == "/publications/"
        outcome = PublicationOutcome.objects.get()
        assert (outcome.is_public, outcome.by, outcome.change.reason) == (False, reviewer, "put off")
        again = send(client, address, treaty, reason="once more")
        assert again.status_code == 409
        assert "once more" in again.content.decode()
        assert [one.code for one in client.get(address).context["against"]] == ["not_planned"]
        assert PublicationOutcome.objects.count() == 1
        assert Treaty.objects.get().access == Access.GOVERNMENT

    def test_there_is_nothing_to_stop_of_what_is_not_approved(
        self, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        request = ask_publication(actor=staff, treaty=treaty, reason="why")
        assert logged_in(reviewer).get(f"{request.get_absolute_url()}stop/").status_code == 404
        approved = planned(staff, reviewer, make_treaty(access=Access.GOVERNMENT))
        assert logged_in(staff).get(f"{approved.get_absolute_url()}stop/").status_code == 403


class TestLists:
    def test_they_go_on_on_other_pages_beside_each_other(
        self, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        waiting = [make_treaty(access=Access.GOVERNMENT) for _ in range(PAGE_SIZE + 1)]
        for treaty in waiting:
            ask_publication(actor=staff, treaty=treaty, reason="x")
        later = [planned(staff, reviewer, make_treaty(access=Access.GOVERNMENT)) for _ in range(PAGE_SIZE + 1)]
        client = logged_in(staff)
        first, second = client.get("/publications/"), client.get("/publications/?page=2&later=2")
        found = [one.treaty for answer in (first, second) for one in answer.context["asked"]]
        assert found == waiting
        assert [one.request for answer in (first, second) for one in answer.context["planned"]] == later
        assert 'href="?page=2"' in first.content.decode()
        for other in ("?page=2&amp;later=1", "?later=2&amp;page=1"):
            assert f'href="{other}"' in second.content.decode()
        for odd in ("?page=x&later=-1", "?page=99999999999999999999", "?later=%00"):
            assert client.get(f"/publications/{odd}").status_code == 200


class TestWhatIsShown:
    def test_beside_the_decision_stands_what_the_public_would_read_and_nothing_else(
        self, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT, note="A remark for readers")
        record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, place="Brugge", note="inside only", reason="x")
        shown = factories.add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, "open", access=Access.PUBLIC)
        hidden = factories.add_pdf(staff, treaty, DocumentKind.LETTER, "closed")
        request = ask_publication(actor=staff, treaty=treaty, reason="why")
        page = body(logged_in(reviewer), request.get_absolute_url())
        for words in ("Brugge", shown.sha256, "A remark for readers"):
            assert words in page
        assert [words for words in (hidden.sha256, "inside only") if words in page] == []

    def test_the_sheet_is_that_of_the_public(
        self, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        factories.add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, access=Access.PUBLIC)
        hidden = factories.add_pdf(staff, treaty, DocumentKind.LETTER)
        address = treaty.get_absolute_url()
        assert Client().get(f"{address}preview/sheet/").status_code == 302
        preview = body(logged_in(staff), f"{address}preview/sheet/")
        assert hidden.sha256 not in preview
        assert f'href="{address}preview/"' in preview
        request = ask_publication(actor=staff, treaty=treaty, reason="why")
        send(logged_in(reviewer), request.get_absolute_url(), treaty, verdict="approved")
        public = main(body(Client(), f"{address}sheet/"))
        assert public == re.sub(r'<pclass="banner">.*?</p>', "", main(preview))

    def test_what_waits_to_be_told_is_told_after_the_preview(
        self, staff: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty, client = make_treaty(access=Access.GOVERNMENT), logged_in(staff)
        send(client, f"{treaty.get_absolute_url()}publication/", treaty, reason="why")
        asked = "Gevraagd: iemand anders"
        sentence = "somebody else decides whether this record becomes public"
        english = {"headers": {"accept-language": "en"}}
        assert sentence not in client.get(f"{treaty.get_absolute_url()}preview/", **english).content.decode()
        page = client.get(PublicationRequest.objects.get().get_absolute_url(), **english).content.decode()
        assert sentence in page or asked in page
