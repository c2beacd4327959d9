from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from tests.treaties.test_search import ODD
from treaties import asking, search
from treaties.actions import TitleText
from treaties.choices import Access, Language, TitleKind
from treaties.models import KnownWord, SearchDocument, Treaty
from treaties.spelling import distance, learn, rebuild_words, spelling

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    made = make_treaty(
        titles=[
            TitleText(Language.NL, "Verdrag inzake clustermunitie en Scheldeverdragen"),
            TitleText(Language.EN, "Convention on cluster munitions", TitleKind.TRANSLATION),
        ]
    )
    rebuild_words()
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("klustermunitie", "clustermunitie"),
        ("clustermunite", "clustermunitie"),
        ("Scheldeverdargen", "Scheldeverdragen"),
        ("verdrag klustermunitie", "verdrag clustermunitie"),
        ('"klustermunitie" -nederland', '"clustermunitie" -nederland'),
        ("Duitslnd", "Duitsland"),
        ("Nederlant", "Nederland"),
        ("Zairre", "Zaïre"),
        ("memorandumm", "memorandum"),
        ("convension", "convention"),
    ],
)
def test_the_nearest_word_that_occurs(typed: str, meant: str, treaty: Treaty) -> None:
    assert spelling(typed) == meant


@pytest.mark.parametrize(
    "typed", ["clustermunitie", "clustermunities", "verdragen", "belgie", "xyzzyq", "62.109/1", "", "de", "ab"]
)
def test_what_is_known_or_like_nothing_is_left(typed: str, treaty: Treaty) -> None:
    assert spelling(typed) is None


def test_only_what_everybody_may_read_is_offered(make_treaty: Make) -> None:
    make_treaty(title="Verdrag over wonderwoorden", access=Access.GOVERNMENT)
    rebuild_words()
    assert not KnownWord.objects.filter(word="wonderwoorden").exists()
    assert spelling("wonderworden") is None


def test_a_word_of_a_record_that_became_internal_is_not_offered(make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag over wonderwoorden")
    rebuild_words()
    assert spelling("wonderworden") == "wonderwoorden"
    SearchDocument.objects.filter(pk=treaty.pk).update(access=Access.GOVERNMENT)
    assert spelling("wonderworden") is None


def test_words_that_are_new_are_learned_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    learn(["Wonderwoorden en Zaïre"])
    with django_assert_num_queries(1):
        learn(["WONDERWOORDEN", "nieuwewoorden", "x1 ab 62.109/1"])
    words = dict(KnownWord.objects.filter(word__in=["wonderwoorden", "nieuwewoorden"]).values_list("word", "shown"))
    assert words == {"wonderwoorden": "Wonderwoorden", "nieuwewoorden": "nieuwewoorden"}
    with django_assert_num_queries(0):
        learn(["", "1 2"])


def test_a_rebuild_counts_and_forgets(make_treaty: Make) -> None:
    for _ in range(3):
        make_treaty(title="Verdrag over Wonderwoorden, wonderwoorden")
    learn(["vergetenwoord"])
    count = asking.rebuild_words()
    assert count == KnownWord.objects.count()
    word = KnownWord.objects.get(word="wonderwoorden")
    assert (word.shown, word.documents, word.is_reference) == ("wonderwoorden", 3, False)
    assert KnownWord.objects.get(word="zaire").is_reference
    assert not KnownWord.objects.filter(word="vergetenwoord").exists()


def test_few_queries(treaty: Treaty, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    search.refresh(treaty)
    with django_assert_max_num_queries(2):
        spelling("klustermunitie")
    with django_assert_max_num_queries(0):
        assert spelling("1 2 & %") is None


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xabc", 1), ("abc", "xyz", 3)],
)
def test_how_far_words_are_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_what_it_should_be(one: str, other: str) -> None:
    apart = distance(one, other)
    assert apart == distance(other, one)
    assert abs(len(one) - len(other)) <= apart <= max(len(one), len(other))
    assert (apart == 0) == (one == other)


@pytest.mark.parametrize("typed", [*ODD, "\ud800", "a\udfffb", "y" * 10_000])
def test_nothing_typed_raises(typed: str) -> None:
    assert isinstance(spelling(typed), str | None)


class TestAnyText(TestCase):
    @given(st.text(max_size=60))
    def test_is_looked_up(self, typed: str) -> None:
        assert isinstance(spelling(typed), str | None)
