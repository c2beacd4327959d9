"""Which texts of a record are searched; what is found by them is in `test_search` and `test_found_by`."""

from collections.abc import Callable

import pytest

from accounts.models import User
from treaties import actions, words
from treaties.choices import ActKind
from treaties.dates import parse
from treaties.models import SearchDocument, Treaty
from treaties.search import _whole

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def texts(treaty: Treaty, kind: str) -> list[tuple[str, str]]:
    whole = _whole().get(pk=treaty.pk)
    acts = [act for act in whole.acts.all() if not act.is_retracted]
    return [(piece.text, piece.weight) for piece in words.pieces(whole, acts) if piece.kind == kind]


@pytest.mark.parametrize(
    ("date", "said"),
    [("2007-03-15", "2007 200703 20070315"), ("2007-03", "2007 200703"), ("2007", "2007"), ("", "")],
)
def test_a_date_is_a_word_for_each_precision(date: str, said: str) -> None:
    assert words.date_words(parse(date)) == said


def test_signature_decree_and_entry_into_force_are_dated(make_treaty: Make, staff: User) -> None:
    treaty = make_treaty()
    for kind, when in (
        (ActKind.SIGNATURE, "2007-03-15"),
        (ActKind.ENTRY_INTO_FORCE, "2008-10"),
        (ActKind.DECREE, "2008-05-30"),
        (ActKind.NOTIFICATION, "2007-05-05"),
        (ActKind.SIGNATURE, ""),
    ):
        actions.record_act(actor=staff, treaty=treaty, kind=kind, when=parse(when), reason="x")
    assert texts(treaty, "date") == [
        ("2007 200703 20070315", "D"),
        ("2008 200805 20080530", "D"),
        ("2008 200810", "D"),
    ]


def test_a_region_brings_the_state_it_is_part_of(make_treaty: Make) -> None:
    found = texts(make_treaty(parties=["DE-BY"]), "parent")
    assert {("Duitsland", "D"), ("Germany", "D"), ("Allemagne", "D"), ("Duits", "D")} <= set(found)
    assert texts(make_treaty(parties=["DE-BY", "DE"]), "parent") == []


@pytest.mark.parametrize("party", ["DE", "BE-VLG", "DDDE", "X-EU"])
def test_states_and_belgian_entities_bring_none(party: str, make_treaty: Make) -> None:
    assert texts(make_treaty(parties=[party]), "parent") == []


def test_a_theme_brings_its_domain(make_treaty: Make) -> None:
    found = texts(make_treaty(themes=["algemeen-mobiliteitsbeleid"]), "theme")
    assert ("Algemeen mobiliteitsbeleid", "C") in found
    assert ("Mobiliteit en Openbare Werken", "D") in found


def test_the_words_of_a_treaty_stay_few(make_treaty: Make, staff: User) -> None:
    treaty = make_treaty(parties=["DE-BY", "NL"], themes=["algemeen-mobiliteitsbeleid"])
    actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=parse("2007-03-15"), reason="x")
    assert len(str(SearchDocument.objects.get(pk=treaty.pk).words).split()) < 200
