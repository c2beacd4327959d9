import pytest

from imports.decrees.wording import conflict, folded, lexicon_of, likeness, same_name
from tests.imports.decrees.rows import acts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kirgizstan", "kirgizistan", True),
        ("azerbeidzjan", "azerbajdzjan", True),
        ("tunesie", "tunisie", True),
        ("estland", "letland", False),
        ("zambia", "gambia", False),
        ("iran", "irak", False),
        ("niger", "nigeria", False),
        ("turkije", "turkmenistan", False),
        ("mauritius", "mauritanie", False),
    ],
)
def test_a_name_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_words_are_compared_without_accents_hyphens_and_dates() -> None:
    assert folded("Lid-Staten van de Caraïben, 5 juni 1992") == "lidstaten van de caraiben,  "


def test_partners_are_told_apart_and_annexes_left_aside() -> None:
    title = "Decreet houdende instemming met de Overeenkomst tussen de Unie en {}, enerzijds{}"
    estonia = acts(title.format("Estland", ""), counterparty_text="Estland")
    latvia = acts(title.format("Letland", ""), "2009035678", counterparty_text="Letland")
    annexed = acts(title.format("Estland", ", de Bijlagen I tot IV en de Slotakte"), "2009035679")
    lexicon = lexicon_of([*estonia, *latvia, *annexed])
    one, other, third = (lexicon.wording(act) for (act,) in (estonia, latvia, annexed))
    assert conflict(one, other)
    assert not conflict(one, third)
    assert likeness(one, third, lexicon) == 1.0
