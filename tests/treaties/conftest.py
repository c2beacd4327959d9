"""Who looks at the pages, and what hangs on a treaty."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests import factories
from tests.treaties.pages import MakeAct, MakePaper
from treaties.actions import add_document, record_act
from treaties.choices import Access, ActKind, DocumentKind, Language
from treaties.dates import parse
from treaties.models import Act, Document, Party, Treaty


@pytest.fixture
def public(db: None) -> Client:
    """Somebody who is not logged in and reads English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def inside(public: Client, staff: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def act(staff: User) -> MakeAct:
    def make(treaty: Treaty, kind: ActKind, when: str = "", party: str = "", **kw: Any) -> Act:
        by = Party.objects.get(code=party) if party else None
        return record_act(actor=staff, treaty=treaty, kind=kind, when=parse(when), party=by, reason="test", **kw)

    return make


@pytest.fixture
def paper(staff: User) -> MakePaper:
    def make(
        treaty: Treaty, *, access: Access = Access.PUBLIC, filename: str = "tekst.pdf", words: str = ""
    ) -> Document:
        return add_document(
            actor=staff,
            treaty=treaty,
            kind=DocumentKind.SIGNED_TEXT,
            language=Language.NL,
            title=f"Tekst {words}",
            filename=filename,
            content=factories.pdf(words),
            access=access,
            reason="test",
        )

    return make
