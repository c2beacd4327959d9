"""All, exactly, any, none: the same meaning as a query, for people, for the reader here and for PostgreSQL."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from treaties.boolean import Unreadable, Words, phrase, read, terms, written

LETTERS = ("a", "b", "c", "d")
QUOTES = ('"a b"', '"b c"', '"or"')
TERM = st.sampled_from([*LETTERS, *QUOTES])
ROW = st.lists(TERM, max_size=4, unique=True).map(tuple)
ASKED = st.builds(Words, every=ROW, phrase=st.sampled_from(["", '"a b"', '"c d"']), some=ROW, none=ROW)
ALL = st.sets(st.sampled_from([*LETTERS, *QUOTES, '"c d"']))


def meets(words: Words, found: set[str]) -> bool:
    """Whether what is found in a text is what the rows ask."""
    return (
        all(term in found for term in words.sure)
        and (not words.some or any(term in found for term in words.some))
        and not any(term in found for term in words.none)
    )


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (Words(), ""),
        (Words(every=("schelde", "haven")), "schelde haven"),
        (Words(every=("verdrag",), phrase='"lower scheldt"'), '"lower scheldt" verdrag'),
        (Words(some=("schelde", "maas")), "schelde or maas"),
        (Words(every=("water",), some=("schelde", "maas"), none=("zee",)), "water schelde -zee or water maas -zee"),
        (Words(none=("zee", '"de noordzee"')), '-zee -"de noordzee"'),
        # One of them is found anyway.
        (Words(every=("a",), some=("a", "b")), "a"),
        (Words(every=("a", "a")), "a"),
    ],
)
def test_rows_as_a_query(words: Words, query: str) -> None:
    assert written(words) == query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", Words()),
        ("  schelde   haven ", Words(every=("schelde", "haven"))),
        ("schelde OR maas Or rijn", Words(some=("schelde", "maas", "rijn"))),
        ('“lower  scheldt” -zee "a"', Words(every=('"a"',), phrase='"lower scheldt"', none=("zee",))),
        ("water maas -zee or -zee water schelde", Words(every=("water",), some=("maas", "schelde"), none=("zee",))),
        ('a "" b', Words(every=("a", "b"))),
    ],
)
def test_a_query_as_rows(query: str, words: Words) -> None:
    assert read(query) == words


@pytest.mark.parametrize(
    "query",
    ["a b or c d", "a or a b", "a or b -c", "or a", "a or", "a or or b", '"open', "- a", "--a", "a|b", "or, a", "(a)"],
)
def test_what_the_rows_cannot_say_is_not_taken_apart(query: str) -> None:
    assert read(query) is None


@given(ASKED, ALL)
def test_rows_made_a_query_and_back_mean_the_same(words: Words, found: set[str]) -> None:
    back = read(written(words))
    assert back is not None
    assert meets(back, found) == meets(words, found)
    # From then on nothing changes any more.
    assert read(written(back)) == back


@given(st.text(alphabet='abor "-|&(),\u201c\u00a0', max_size=12))
def test_a_query_that_is_read_is_written_with_the_same_meaning(query: str) -> None:
    words = read(query)
    if words is not None:
        assert read(written(words)) == words


@pytest.mark.django_db
@given(ASKED, st.lists(st.sampled_from([*LETTERS, "or", "x"]), max_size=6))
def test_the_database_reads_a_query_as_the_rows_say(words: Words, text: list[str]) -> None:
    terms_here = {term for term in (*LETTERS, *QUOTES, '"c d"') if f" {term.strip(chr(34))} " in f" {' '.join(text)} "}
    query = written(words)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('simple', %s) @@ websearch_to_tsquery('simple', %s)", [" ".join(text), query]
        )
        (matches,) = cursor.fetchone()
    # A query without words finds nothing in the database, and does not come there.
    assert matches == (bool(query) and meets(words, terms_here))


@pytest.mark.django_db
@given(st.text(alphabet="abor \"-|&!(),:*\\'", max_size=12))
def test_the_database_reads_what_is_typed_in_a_row_as_the_row_says(typed: str) -> None:
    """Whatever signs stand in a row of words to find: never one left out, never "or"."""
    try:
        row = terms(typed)
    except Unreadable:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT websearch_to_tsquery('simple', %s)::text", [written(Words(every=row))])
        (read_as,) = cursor.fetchone()
    assert "|" not in read_as
    assert "!" not in read_as


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        (" schelde  haven schelde ", ("schelde", "haven")),
        ("“lower  scheldt” zee", ('"lower scheldt"', "zee")),
        ('"or" AT&T', ('"or"', "AT", "T")),
        ("or-else or, ", ("or-else", '"or,"')),
        ('"" x', ("x",)),
        ("2007-03 VR-2026", ("2007-03", "VR-2026")),
    ],
)
def test_a_row_as_terms(typed: str, found: tuple[str, ...]) -> None:
    assert terms(typed) == found


@pytest.mark.parametrize("typed", ['"open', "a -b", "-", '-"a b"', "a or b", "a|-b"])
def test_a_row_that_says_something_else_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        terms(typed)


def test_or_between_words_of_which_one_is_enough_says_nothing_more() -> None:
    assert terms("schelde or maas OR rijn", may_join=True) == ("schelde", "maas", "rijn")


def test_a_phrase_has_its_quotes_once() -> None:
    assert (phrase('  “lower   "scheldt'), phrase(' " ')) == ('"lower scheldt"', "")
