from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from tests.treaties.test_search import ODD
from treaties.actions import Number
from treaties.choices import Scheme
from treaties.exact_numbers import KEY, exact, key
from treaties.models import Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    make_treaty(numbers=[Number(Scheme.CETS, "202"), Number(Scheme.PARLIAMENT, "116 (2010-2011) nr. 1")])
    return make_treaty(
        numbers=[
            Number(Scheme.CETS, "201"),
            Number(Scheme.NUMAC, "2008203092"),
            Number(Scheme.PARLIAMENT, "1160 (2010-2011) nr. 1"),
            Number(Scheme.VR_DOC, "VR 2026 1210 DOC.0099/1"),
            Number(Scheme.COUNCIL_OF_STATE, "62.109/1"),
            Number(Scheme.UNTS, "I-12345"),
            Number(Scheme.TREATY_SERIES_NL, "2003, 167"),
            Number(Scheme.STAATSBLAD, "BS 18-05-2004 p. 39288"),
            Number(Scheme.CELEX, "32017D0037"),
            Number(Scheme.FDFA, "817"),
            Number(Scheme.REGISTER, "V-1998/12"),
            Number(Scheme.OTHER, "Nr. 7 / bis"),
        ]
    )


@pytest.mark.parametrize(
    "typed",
    [
        "CETS 201",
        "cets201",
        "CETS No. 201",
        "ETS 201",
        "STCE n° 201",
        "201",
        "2008203092",
        "2008 203092",
        "2008/203092",
        "NUMAC: 2008203092",
        "stuk 1160 (2010-2011)",
        "stuk 1160 (2010-2011) nr. 1",
        "1160 (2010-11)",
        "Stuk 1160 (2010 - 2011) – Nr. 1",
        "1160/1 (2010-2011)",
        "VR 2026 1210 DOC.0099/1",
        "vr 2026 1210 doc.0099/1",
        "VR20261210DOC0099/1",
        "62.109/1",
        "62109/1",
        "advies nr. 62.109/1",
        "avis 62.109/1",
        "UNTS I-12345",
        "UNTS No. I-12345",
        "i-12345",
        "Trb. 2003, 167",
        "2003,167",
        "Tractatenblad 2003 nr. 167",
        "B.S. 18/05/2004 blz. 39288",
        "Belgisch Staatsblad van 18-5-2004, p. 39288",
        "celex:32017D0037",
        "dossier 817",
        "817",
        "v-1998/12",
        "V 1998 12",
        "NR 7 bis",
        '"2008203092"',
        "  2008203092  ",
    ],
)
def test_any_spelling_of_a_number(typed: str, treaty: Treaty) -> None:
    assert exact(typed) == [treaty.pk]


@pytest.mark.parametrize(
    "typed",
    ["CETS 817", "CETS 203", "20", "200820309", "stuk 1160", "stuk 11 (2010-2011)", "62.109", "numac 201", "I-1234"],
)
def test_another_number_or_a_part_of_one_is_not_it(typed: str, treaty: Treaty) -> None:
    assert exact(typed) == []


def test_its_reference_however_it_is_typed(treaty: Treaty) -> None:
    reference = treaty.reference
    expected = [treaty.pk] if any(letter.isdigit() for letter in reference) else []
    for typed in (reference, reference.lower(), f" {reference[:4]} {reference[4:]} "):
        assert exact(typed) == expected


def test_all_who_carry_it(make_treaty: Make) -> None:
    both = [make_treaty(numbers=[Number(Scheme.NUMAC, "2008036057")]).pk for _ in range(2)]
    assert exact("2008036057") == sorted(both)


def test_none_without_a_digit_and_one_query_with(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert exact("verdrag over scholen") == exact("") == exact("9" * 300) == []
    with django_assert_num_queries(1):
        exact("stuk 1160 (2010-2011)")


def test_the_key_is_that_of_the_index(treaty: Treaty) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT value, {KEY} FROM treaties_identifier")  # noqa: S608
        for value, indexed in cursor.fetchall():
            assert key(value) == indexed
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM treaties_identifier WHERE {KEY} = 'X'")  # noqa: S608
        assert "identifier_key" in str(cursor.fetchall())


@pytest.mark.parametrize("typed", [*ODD, "\ud8001", "1\x00", "٣", "１２３", "²"])
def test_nothing_typed_raises(typed: str, treaty: Treaty) -> None:
    assert exact(typed) == []


class TestAnyText(TestCase):
    @given(st.text(max_size=40).map(lambda text: text + "1"))
    def test_is_looked_up(self, typed: str) -> None:
        assert exact(typed) == []
