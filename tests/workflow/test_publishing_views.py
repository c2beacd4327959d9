"""The pages of publication: asking, deciding, stopping, taking out, and the preview."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests import factories
from treaties.choices import Access, DocumentKind
from treaties.models import PublicationRequest, Treaty
from treaties.publishing_actions import ask_publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def body(client: Client, address: str) -> str:
    text = client.get(address).content.decode()
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


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
    for number in (1, 5):
        for _ in range(number):
            ask_publication(actor=staff, treaty=make_treaty(access=Access.GOVERNMENT), reason="x")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/publications/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_taken_out_on_its_page(reviewer: User, make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty()
    sent = {"reason": "a mistake", "version": treaty.version, "submission": uuid4()}
    response = logged_in(reviewer).post(f"{treaty.get_absolute_url()}publication/withdraw/", sent)
    assert response.status_code == 302
    assert Client().get(treaty.get_absolute_url()).status_code == 404
