import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaties.sorting import plain, sort_key


@pytest.mark.parametrize(
    "in_order",
    [
        ["België", "Belize", "Benin"],
        ["Eén", "Een markt", "Een Ministerie"],
        ["Protocol 2", "Protocol 10", "Protocol 100"],
        ["Overeenkomst van 9 maart", "Overeenkomst van 12 maart"],
        ["aa", "Åland", "Albanië"],
        ["ideaal", "IJsland", "Ijzer", "Ikea"],
        ["Ierland", "IJsland", "Indonesië"],
        ["Œuvre", "Oezbekistan", "Oman"],
        ["Congo", "Congo-Brazzaville", "Congo-Kinshasa"],
        ["Noord-Macedonië", "Noordrijn-Westfalen", "Noorwegen"],
        ["Cote d’Azur", "Côte d'Ivoire", "Cuba"],
        ["“Aanhaling”", "Akkoord", "(B) bijlage"],
    ],
)
def test_titles_sort_in_dutch_order(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=sort_key) == in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [("Éire", "eire"), ("VERDRAG", "verdrag"), ("l’Escaut", "l'Escaut"), ("a  b", "a b"), ("ﬁets", "fiets")],
)
def test_accents_case_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Zaïre", "zaire"), ("Łódź", "lodz"), ("Straße", "strasse"), ("Þór", "thor"), ("cœur", "coeur"), ("Æ", "ae")],
)
def test_letters_become_plain(text: str, said: str) -> None:
    assert plain(text) == said


def test_zeros_before_a_number_do_not_count() -> None:
    assert sort_key("nr. 007") == sort_key("nr 7") == "nr 000007"


def test_a_key_fits_its_column() -> None:
    assert len(sort_key("1 " * 300)) == 300


@given(st.text(max_size=400))
def test_a_key_is_never_too_long_and_can_be_made_again(text: str) -> None:
    key = sort_key(text)
    assert len(key) <= 300
    assert sort_key(text.upper().lower()) is not None
    assert "\x00" not in key
