"""What a typed query means: how it is read is tested here, what it finds in a register also in `test_search`."""

from collections.abc import Callable

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from tests.treaties.test_search import ODD
from treaties import asking
from treaties.actions import TitleText
from treaties.choices import Language, TitleKind
from treaties.models import KnownWord, SearchDocument, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def found(typed: str, *, typing: bool = False) -> list[Treaty]:
    documents = SearchDocument.objects.filter(words=asking.query(typed, typing=typing)).order_by("pk")
    return [document.treaty for document in documents.select_related("treaty")]


@pytest.mark.parametrize(
    ("typed", "tsquery"),
    [
        ("Germany", "'germany' | 'germani'"),
        ("verdrag", "'verdrag'"),
        ("België", "'belgie' | 'belgi' | 'belg'"),
        ("verdrag -walvis", "'verdrag' & !( 'walvis' | 'walvi' | 'walv' )"),
        ("walvis or verdrag", "'walvis' | 'walvi' | 'walv' | 'verdrag'"),
        ("62.109/1", "'62.109' <-> '/1'"),
        # Small words do not count, unless there is nothing else.
        ("verdrag over de zee", "'verdrag' & ( 'zee' | 'ze' )"),
        ("de het", "'de' & 'het'"),
        ("-de", "!'de'"),
        ("december 2007", "( 'december' | 'decemb' ) & '2007' | '200712'"),
        ("", ""),
        ("🇧🇪 % ! :* ' \\", ""),
    ],
)
def test_a_query_is_read_word_by_word(typed: str, tsquery: str) -> None:
    # Compared as the database writes it: brackets that say nothing make no difference.
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsquery = %s::tsquery", [asking.query(typed).text, tsquery])
        assert cursor.fetchone() == (True,), asking.query(typed).text


def test_words_of_two_languages_find_together(make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag over scholen", parties=["DE"])
    assert found("scholen Germany") == found("school Allemagne") == found("Duits scholen") == [treaty]
    assert found("scholen France") == []


def test_each_way_stands_alone(make_treaty: Make) -> None:
    one, other = make_treaty(title="Akkoord over walvissen"), make_treaty(title="Akkoord over haringen")
    assert found("walvissen OF haringen") == found("walvissen or haring") == [one, other]
    assert found("walvissen haringen") == []
    assert found("akkoord -walvissen") == [other]
    assert found("walvissen or haringen -akkoord") == []


def test_quotes_ask_for_words_in_that_order(make_treaty: Make) -> None:
    treaty = make_treaty(
        titles=[
            TitleText(Language.NL, "Verdrag tussen de Vlaamse Gemeenschap en Nederland"),
            TitleText(Language.EN, "Treaty on the rights of the child", TitleKind.TRANSLATION),
        ]
    )
    assert found('"vlaamse gemeenschap"') == found('"rights of the child"') == [treaty]
    assert found('"gemeenschap vlaamse"') == found('"child of the rights"') == []


class TestTyping:
    @pytest.mark.parametrize("typed", ["clu", "clusterm", "verdrag clusterm", "CLUSTERMUNI", "verdrag c", "verdrag cl"])
    def test_the_last_word_may_be_a_beginning(self, typed: str, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag inzake clustermunitie")
        assert found(typed, typing=True) == [treaty]

    @pytest.mark.parametrize("typed", ["clusterm ", "clusterm verdrag", '"clusterm"', "verdrag clusterx"])
    def test_only_the_last_word(self, typed: str, make_treaty: Make) -> None:
        make_treaty(title="Verdrag inzake clustermunitie")
        assert found(typed, typing=True) == []

    def test_not_when_it_was_sent(self, make_treaty: Make) -> None:
        make_treaty(title="Verdrag inzake clustermunitie")
        assert found("clusterm") == []

    def test_a_beginning_longer_than_the_stem_is_known_by_the_words_that_occur(self, make_treaty: Make) -> None:
        treaty = make_treaty(titles=[TitleText(Language.EN, "Treaty on organisational matters")])
        assert "organis" in asking.query("organisational").text
        KnownWord.objects.all().delete()
        assert found("organisationa", typing=True) == []
        asking.learn(["organisational"])
        assert found("organisationa", typing=True) == [treaty]

    def test_numbers_may_be_beginnings_too(self) -> None:
        assert asking.query("2008203", typing=True).text == "'2008203':*"

    def test_each_beginning_once(self) -> None:
        assert asking.query("scholen", typing=True).text == "'schol':*"


def test_one_query_and_none_without_words(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        asking.query('MoU "van overeenstemming" scholen 15 maart 2007 -walvis or DBV', typing=True)
    with django_assert_num_queries(0):
        asking.query(' - "" or %')


def test_the_expression_is_a_constant_and_combines(make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag over scholen")
    wanted = asking.query("scholen")
    with CaptureQueriesContext(connection) as captured:
        assert SearchDocument.objects.filter(words=wanted & asking.query("verdrag")).get().treaty == treaty
        assert SearchDocument.objects.filter(words=wanted | SearchQuery("walvis")).exists()
        assert not SearchDocument.objects.filter(words=~wanted).exists()
    assert 'words" @@ (' in captured[-1]["sql"]
    assert "::tsquery" in captured[-1]["sql"]
    assert "to_tsquery" not in captured[-1]["sql"]


def test_a_long_title_pasted_gives_a_small_query() -> None:
    title = "Overeenkomst tussen de Vlaamse Regering en de Regering van de Republiek Polen over samenwerking " * 5
    assert len(asking.query(title).text) < 1_000


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize(
    "typed", [*ODD, "\ud800", "a\udfffb", "x" * 10_000, "'''' ''", "a\\", "'\\'", "عربي نص", "漢字"]
)
def test_nothing_typed_raises(typed: str, typing: bool, make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag inzake scholen")
    assert found(typed, typing=typing) in ([], [treaty])


@pytest.mark.parametrize("typed", ["", " ", "%", "🇧🇪", "or", "- -", '""', "de het een", "the of", "\x00"])
def test_what_says_nothing_finds_nothing(typed: str, make_treaty: Make) -> None:
    make_treaty(title="Verdrag inzake scholen")
    assert found(typed) == []


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("verdrag EU", True),
        ("verdrag eu", True),
        ("VERDRAG EU", True),
        ("accord avec UE", True),
        ("verdrag UN", False),
        ("traité sur la Schelde", False),
        ("VERDRAG OVER DE UNIE", True),
    ],
)
def test_an_abbreviation_is_a_word_though_small_in_another_language(
    typed: str, is_found: bool, make_treaty: Make
) -> None:
    treaty = make_treaty(title="Akkoord (accord) of verdrag over de Europese Unie")
    assert found(typed) == ([treaty] if is_found else [])


def test_what_is_worth_marking() -> None:
    marks = "( ( 'schol' | 'school' ) | ( 'mas' | 'maa' | 'ma' | 'maas' ) | ( 'meus' | 'meuse' ) )"
    assert asking.read("school -zee or Maas").marks == marks
    assert asking.read("").marks == ""


def test_small_words_alone_find_themselves(make_treaty: Make) -> None:
    treaty = make_treaty(titles=[TitleText(Language.OTHER, "De rerum natura")])
    assert found("de") == [treaty]


class TestAnyText(TestCase):
    @given(st.text(max_size=60), st.booleans())
    @settings(max_examples=80)
    def test_is_a_tsquery(self, typed: str, typing: bool) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsquery::text", [asking.query(typed, typing=typing).text])
            assert cursor.fetchone()

    @given(
        st.lists(
            st.sampled_from(['"', "-", "or", "OF", "de", "MoU", "(", "'", "\\", "!", "&", "62.109/1", "maart", "2007"]),
            max_size=12,
        )
    )
    @settings(max_examples=80)
    def test_any_operators_are_one_too(self, parts: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsquery::text", [asking.query(" ".join(parts), typing=True).text])
            assert cursor.fetchone()
