"""Who looks at the pages, and what hangs on a treaty."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from tests import factories
from tests.treaties.pages import FillIn, MakeAct, MakePaper, State
from treaties.actions import add_document, record_act
from treaties.choices import Access, ActKind, DeclarationKind, DocumentKind, Language
from treaties.dates import parse
from treaties.models import Act, Declaration, Document, Party, Treaty

# The column that says how precise a date is.
PRECISIONS = {"on": "precision", "effect_on": "effect_precision", "withdrawn_on": "withdrawn_precision"}


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
def fill_in(staff: User) -> FillIn:
    """`fill_in(act, effect_on="2021-05", signatory="…")`: other columns of a row, inside a change; dates as typed."""

    def fill(row: Any, **columns: Any) -> Any:
        with change(staff, action=Action.ACT_CORRECT, reason="test"):
            for name, value in columns.items():
                if name in PRECISIONS:
                    when = parse(value)
                    setattr(row, name, when.on)
                    setattr(row, PRECISIONS[name], when.precision)
                else:
                    setattr(row, name, value)
            row.save()
        return row

    return fill


@pytest.fixture
def state(staff: User, fill_in: FillIn) -> State:
    """`state(treaty, DeclarationKind.RESERVATION, "NL", "2010", text="…", objects_to=…, withdrawn_on="2012")`."""

    def make(treaty: Treaty, kind: DeclarationKind, party: str, when: str = "", **kw: Any) -> Declaration:
        row = Declaration(
            treaty=treaty, kind=kind, party=Party.objects.get(code=party), language="en", text="We do not."
        )
        stated: Declaration = fill_in(row, on=when, **kw)
        return stated

    return make


@pytest.fixture
def paper(reviewer: User) -> MakePaper:
    """Papers that everybody sees at once are for who decides on publication."""

    def make(
        treaty: Treaty, *, access: Access = Access.PUBLIC, filename: str = "tekst.pdf", words: str = ""
    ) -> Document:
        return add_document(
            actor=reviewer,
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
