import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaties import terms
from treaties.terms import Term, Typed, dates, key, keys, parse, phrases, safe


def said(typed: str) -> list[list[str]]:
    return [[term.text for term in way] for way in parse(typed).ways]


@pytest.mark.parametrize(
    ("typed", "ways", "left_out"),
    [
        ("verdrag scholen", [["verdrag", "scholen"]], []),
        ('"vlaamse gemeenschap" school', [["vlaamse gemeenschap", "school"]], []),
        ("verdrag -walvis", [["verdrag"]], ["walvis"]),
        ("verdrag --walvis", [["verdrag"]], ["walvis"]),
        ('-"belgië koninkrijk" verdrag', [["verdrag"]], ["belgië koninkrijk"]),
        ("walvis or verdrag", [["walvis"], ["verdrag"]], []),
        ("walvis Or verdrag school", [["walvis"], ["verdrag", "school"]], []),
        ("walvis OF verdrag", [["walvis"], ["verdrag"]], []),
        ("memorandum of understanding", [["memorandum", "of", "understanding"]], []),
        ("MEMORANDUM OF UNDERSTANDING", [["MEMORANDUM", "OF", "UNDERSTANDING"]], []),
        ("CETA OF ATT", [["CETA"], ["ATT"]], []),
        ("or verdrag or", [["verdrag"]], []),
        ("or or", [], []),
        ('"or"', [["or"]], []),
        ("verdrag verdrag", [["verdrag"]], []),
        ("- -- & | ! % _ \\ ' () :* 🇧🇪", [], []),
        ('"" """', [], []),
        ('"niet gesloten', [["niet", "gesloten"]], []),
        ('a"b c"d', [["a", "b c", "d"]], []),
        ("62.109/1 zee-vaart", [["62.109/1", "zee-vaart"]], []),
    ],
)
def test_words_quotes_minus_and_or(typed: str, ways: list[list[str]], left_out: list[str]) -> None:
    assert said(typed) == ways
    assert [term.text for term in parse(typed).left_out] == left_out


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("verdrag over scho", "scho"),
        ("verdrag scho ", None),
        ('"verdrag scho"', None),
        ('"verdrag scho', "scho"),
        ("verdrag -scho", None),
        ("verdrag or", None),
        ("verdrag or sch", "sch"),
        ("scho verdrag scho", "scho"),
        ("", None),
        ("verdrag %", None),
    ],
)
def test_the_last_word_may_go_on_unless_something_closed_it(typed: str, last: str | None) -> None:
    found = parse(typed).last
    assert (found.text if found else None) == last


def test_what_is_too_long_is_cut_off() -> None:
    assert len(safe("x" * 10_000)) == terms.QUERY_LIMIT
    assert len(parse(" ".join(f"w{n}" for n in range(500))).wanted) == terms.TERMS_LIMIT
    assert len(parse(" ".join(f"-w{n}" for n in range(60))).left_out) == terms.LEFT_OUT_LIMIT


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("15 maart 2007", "20070315"),
        ("15 March 2007", "20070315"),
        ("15 mars 2007", "20070315"),
        ("15. März 2007", "20070315"),
        ("1er août 2007", "20070801"),
        ("March 15, 2007", "20070315"),
        ("March 15th 2007", "20070315"),
        ("15de maart 2007", "20070315"),
        ("maart 2007", "200703"),
        ("Décembre 2007", "200712"),
    ],
)
def test_dates_in_words(typed: str, date: str) -> None:
    found = dates(parse(typed).ways)
    longest = max(found, key=lambda place: place[2] - place[1])
    assert (longest, found[longest]) == ((0, 0, len(typed.split())), date)
    # Between quotes too.
    assert Term(typed, is_quote=True).date == date


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2007-03-15", "20070315"),
        ("15/3/2007", "20070315"),
        ("15-03-2007", "20070315"),
        ("15.03.2007", "20070315"),
        ("2007-03", "200703"),
        ("3/2007", "200703"),
        ("2007", ""),
        ("31/02/2007", ""),
        ("0-0-2007", ""),
        ("2010-2011", ""),
        ("62.109/1", ""),
        ("2003,167", ""),
    ],
)
def test_dates_in_figures(typed: str, date: str) -> None:
    assert Term(typed).date == date


@pytest.mark.parametrize(
    "typed", ["32 maart 2007", "30 februari 2007", "verdrag 2007", "15 maart 207", "maart van 2007"]
)
def test_what_is_no_date(typed: str) -> None:
    assert (0, 0, 3) not in dates(parse(typed).ways)
    assert Term(typed, is_quote=True).date == ""


def test_synonyms_are_compared_without_accents_case_and_punctuation() -> None:
    assert key("Mémorandum d’entente") == key("memorandum D'ENTENTE") == "memorandum d entente"
    assert keys(["MoU", "mou", "--", "Escaut"]) == ["mou", "escaut"]


def test_phrases_of_words_next_to_each_other() -> None:
    found = phrases(parse("het MoU's verdrag of ATT").ways)
    assert found["mou s"] == found["mou"] == [(0, 1, 2)]
    assert found["het mou s verdrag"] == [(0, 0, 3)]
    assert (0, 2, 4) in found["verdrag of"]
    assert phrases(parse("dubbelbelastingverdragen").ways)["dubbelbelastingverdrag"] == [(0, 0, 1)]


def test_quotes_are_taken_as_they_are() -> None:
    assert phrases(parse('"memorandum of understanding"').ways) == {}
    assert set(phrases(parse('een "b c" twee').ways)) == {"een", "twee"}


@given(st.text(max_size=200))
def test_any_text_is_read(typed: str) -> None:
    read: Typed = parse(typed)
    for term in (*read.wanted, *read.left_out):
        assert any(letter.isalnum() for letter in term.text)
        assert "\x00" not in term.text
        assert isinstance(term.date, str)
    assert all(way for way in read.ways)
    assert read.last is None or read.last in read.ways[-1]
    phrases(read.ways), dates(read.ways), key(typed)


@given(st.lists(st.sampled_from(['"', "-", "or", "OF", "verdrag", "(", "of", " ", "15", "maart", "2007"]), max_size=12))
def test_any_operators_are_read(parts: list[str]) -> None:
    typed = " ".join(parts)
    assert {word for way in said(typed) for text in way for word in text.split()} <= set(typed.split())
