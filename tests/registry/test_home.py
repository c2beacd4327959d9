"""The home page: numbers that lead to what they count, the newest changes, the ways in."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests import factories
from treaties.actions import edit_treaty, record_act
from treaties.choices import Access, ActKind, Kind
from treaties.dates import parse
from treaties.models import Treaty
from workflow.models import Dossier

MakeTreaty = Callable[..., Treaty]


@pytest.fixture
def public(db: None) -> Client:
    return Client(headers={"accept-language": "en"})


def numbers(html: str) -> dict[str, tuple[str, int]]:
    """What is counted → the address behind the number, the number."""
    found = re.findall(r'class="stat"><dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)</a>', html)
    return {label: (address.replace("&amp;", "&"), int(number)) for label, address, number in found}


def test_numbers_lead_to_exactly_what_they_count(
    public: Client, make_treaty: MakeTreaty, make_dossier: Callable[..., Dossier], staff: User
) -> None:
    in_force = make_treaty(title="In werking")
    record_act(actor=staff, treaty=in_force, kind=ActKind.ENTRY_INTO_FORCE, when=parse("2016"), reason="test")
    make_dossier(title="In procedure")
    make_treaty(title="Memorandum", kind=Kind.MOU)
    make_treaty(title="Werkprogramma", kind=Kind.PROGRAMME)
    make_treaty(title="Geheim", access=Access.GOVERNMENT)
    found = numbers(public.get("/").content.decode())
    assert {label: number for label, (_address, number) in found.items()} == {
        "in the register": 4,
        "treaties in force": 1,
        "in procedure": 1,
        "memoranda and work programmes": 2,
    }
    for address, number in found.values():
        assert public.get(address).content.decode().count('<li class="result">') == number


def test_what_changed_last_comes_first_and_nothing_internal(
    public: Client, make_treaty: MakeTreaty, staff: User
) -> None:
    treaties = [make_treaty(title=f"Verdrag {n}") for n in range(10)]
    make_treaty(title="Geheim", access=Access.GOVERNMENT)
    edit_treaty(actor=staff, treaty=treaties[0], record=factories.a_record(title="Gewijzigd"), version=1, reason="test")
    html = public.get("/").content.decode()
    titles = re.findall(r'<h3 class="result__title"><a [^>]+>([^<]+)</a>', html)
    assert titles == ["Gewijzigd", *(f"Verdrag {n}" for n in range(9, 2, -1))]
    assert "Geheim" not in html


def test_the_ways_in_name_other_countries_and_policy_domains(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["NL", "BE-VLG"], themes=["toerisme"])
    make_treaty(parties=["NL", "FR", "BE"], themes=["toerisme"])
    html = public.get("/").content.decode()
    assert re.findall(r'/countries/(\w+)/">', html) == ["NL", "FR"]
    assert re.findall(r'/themes/([\w-]+)/">', html) == ["kanselarij-bestuur-buitenlandse-zaken-en-justitie"]


def test_the_statement_on_accessibility_is_public(public: Client) -> None:
    assert public.get("/accessibility/").status_code == 200
