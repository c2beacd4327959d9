"""A document never differs from its record, whatever was done to it."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actions import service_account
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from tests.conftest import PASSWORD
from tests.doors import token
from tests.factories import a_record, add_pdf
from treaties import actions, clause_actions, reference_data
from treaties.actions import Number
from treaties.choices import ActKind, DocumentKind, ForceRule, Qualification, RelationKind, Scheme
from treaties.clause_actions import Clause
from treaties.dates import parse
from treaties.models import Party, PartyName, SearchDocument, Theme, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def check() -> str:
    out = StringIO()
    call_command("rebuild_search", "--check", stdout=out)
    return out.getvalue()


DONE: dict[str, Callable[[User, Treaty, Treaty], object]] = {
    "edit": lambda by, one, _: actions.edit_treaty(
        actor=by, treaty=one, record=a_record(title="Anders", parties=["DDDE", "CA-QC"]), version=1, reason="x"
    ),
    "qualify": lambda by, one, _: actions.qualify(actor=by, treaty=one, qualification=Qualification.MIXED, reason="x"),
    "number": lambda by, one, _: actions.add_number(
        actor=by, treaty=one, number=Number(Scheme.CETS, "210"), reason="x"
    ),
    "act": lambda by, one, _: actions.record_act(
        actor=by, treaty=one, kind=ActKind.SIGNATURE, when=parse("2012-03"), place="Gent", number="7", reason="x"
    ),
    "retracted act": lambda by, one, _: actions.retract_act(
        actor=by,
        act=actions.record_act(actor=by, treaty=one, kind=ActKind.ENTRY_INTO_FORCE, when=parse("2012"), reason="x"),
        reason="x",
    ),
    "document": lambda by, one, _: add_pdf(by, one, DocumentKind.TREATY_TEXT),
    "relation": lambda by, one, other: actions.relate(
        actor=by, treaty=one, kind=RelationKind.AMENDS, other=other, reason="x"
    ),
    "clause": lambda by, one, _: clause_actions.state_clause(
        actor=by, treaty=one, clause=Clause(ForceRule.ON_SIGNATURE, source="S"), reason="x"
    ),
}


@pytest.mark.parametrize("deed", DONE)
def test_nothing_differs_after(deed: str, make_treaty: Make, staff: User) -> None:
    one, other = make_treaty(parties=["NL", "CD"]), make_treaty()
    assert check() == ""
    DONE[deed](staff, one, other)
    assert check() == ""


def test_nothing_differs_after_reference_data_were_loaded(make_treaty: Make) -> None:
    make_treaty(parties=["CD"])
    with change(service_account(), action=Action.REFERENCE_EDIT, reason="x"):
        party = Party.objects.get(code="CD")
        party.name_nl = "Elders"
        party.save()
        name = PartyName.objects.get(party=party, language="nl", text="Zaïre")
        name.valid_to = None
        name.save()
    with pytest.raises(CommandError):
        check()
    reference_data.load()
    # The load brought the record back, and the document to the record.
    assert check() == ""


@pytest.mark.parametrize("page", ["party", "partyname"])
def test_nothing_differs_after_a_name_was_changed_by_hand(
    page: str, make_treaty: Make, client: Client, administrator: User
) -> None:
    make_treaty(parties=["CD"])
    client.login(username=administrator.username, password=PASSWORD)
    party = Party.objects.get(code="CD")
    if page == "party":
        data = {"kind": "state", "name_nl": "Congo", "name_en": "Congo", "iso3": "COD", "aliases": "", "reason": "x"}
        response = client.post(f"/admin/treaties/party/{party.pk}/change/", data | token(party))
    else:
        data = {"party": party.pk, "language": "nl", "kind": "common", "text": "Kongoland", "reason": "x"}
        response = client.post("/admin/treaties/partyname/add/", data | token())
    assert response.status_code == 302
    assert check() == ""


@pytest.mark.parametrize(
    ("page", "key", "data"),
    [
        ("party", "DE", {"kind": "state", "name_nl": "Elders", "name_en": "Elsewhere", "iso3": "DEU", "aliases": ""}),
        ("theme", "mobiliteit-en-openbare-werken", {"name_nl": "Wegen", "name_en": "Roads"}),
    ],
)
def test_nothing_differs_after_what_stands_above_was_changed(
    page: str, key: str, data: dict[str, str], make_treaty: Make, client: Client, administrator: User
) -> None:
    """A region is found by the state it is part of, a former state by its successor, a field by its domain."""
    make_treaty(parties=["DE-BY"], themes=["algemeen-mobiliteitsbeleid"])
    make_treaty(parties=["DDDE"], themes=[])
    client.login(username=administrator.username, password=PASSWORD)
    row = Party.objects.get(code=key) if page == "party" else Theme.objects.get(slug=key)
    kept = {name: getattr(row, name) for name in ("code", "continent", "slug", "uri") if hasattr(row, name)}
    response = client.post(f"/admin/treaties/{page}/{row.pk}/change/", kept | data | token(row) | {"reason": "x"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert row.name_nl == data["name_nl"]
    assert check() == ""


def test_what_differs_is_said_and_nothing_is_written(make_treaty: Make) -> None:
    treaty, lost = make_treaty(), make_treaty()
    SearchDocument.objects.filter(pk=treaty.pk).update(title_key="x", words="x", facets=[1])
    SearchDocument.objects.filter(pk=lost.pk).delete()
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("rebuild_search", "--check", stdout=out)
    assert sorted(out.getvalue().splitlines()) == sorted(
        [f"{treaty.reference} differs in words, facets, title_key", f"{lost.reference} has no search document"]
    )
    assert (failed.value.returncode, str(failed.value)[:6]) == (1, "2 of 2")
    assert SearchDocument.objects.filter(title_key="x").exists()
    call_command("rebuild_search", stdout=StringIO())
    assert check() == ""
