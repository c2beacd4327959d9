"""Titles: kept letter for letter, what is broken refused, what is odd told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import titles
from treaties.choices import Kind, Language
from treaties.texts import unfit


def codes(text: str) -> list[str]:
    return [problem.code for problem in titles.title_problems(text, "title")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Verdrag tussen het Koninkrijk België en de Republiek Polen", Language.NL),
        ("Agreement between the Government of France and the Government of Chad", Language.EN),
        ("Accord entre le Gouvernement de la République française et le Tchad", Language.FR),
        ("Acordo entre o Governo da República Federativa do Brasil e o Governo da Angola", Language.PT),
        ("Abkommen zwischen der Bundesrepublik Deutschland und dem Königreich", Language.DE),
        ("Lithuania - Sweden BIT (1992)", Language.OTHER),
        ("Соглашение между правительствами", Language.OTHER),
    ],
)
def test_the_language_is_set_where_the_words_leave_no_doubt(text: str, language: Language) -> None:
    assert titles.language(text) == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Memorandum of Understanding on the Treaty of Rome", Kind.MOU),
        ("Memorando de Entendimento entre o Brasil e Angola", Kind.MOU),
        ("Memorandum van overeenstemming", Kind.MOU),
        ("Exchange of Notes constituting an Agreement", Kind.EXCHANGE_OF_LETTERS),
        ("Additional Protocol to the Convention", Kind.PROTOCOL),
        ("Kaderovereenkomst inzake samenwerking", Kind.AGREEMENT),
        ("Scheldeverdrag", Kind.TREATY),
        ("EEA", None),
    ],
)
def test_the_first_noun_says_what_it_is(text: str, kind: Kind | None) -> None:
    assert titles.kind(text) == kind


def test_mojibake_is_told_with_what_it_should_be_and_never_put_right_in_silence() -> None:
    (problem,) = titles.title_problems("TraitÃ© de dÃ©limitation", "title")
    assert (problem.code, problem.suggestion) == ("mojibake", "Traité de délimitation")
    assert codes("CГґte d'Ivoire") == ["mojibake"]
    assert codes("The PeopleÂ’s Republic of China") == ["mojibake_lost"]
    for right in ("COOPERAÇÃO TÉCNICA", "Гёте и Россия", "São Tomé", "Türkiye Âge", "AMANHÃ (2)"):
        assert codes(right) == []


def test_what_cannot_be_a_title_is_refused() -> None:
    assert codes("x" * 2_001) == ["too_long"]
    assert codes("Treaty Series 035/1946: Cmd 6927") == ["series_only"]
    assert codes("A|SI|BOGOTA|1996|RUSIA|NO") == ["swallowed"]
    (problem,) = titles.title_problems("the People\x92s Republic", "title")
    assert (problem.code, problem.suggestion) == ("unstorable", "the People’s Republic")


def test_what_is_odd_is_told() -> None:
    told = {note.code for note in titles.title_notes("  CONVENTION  ON <sup>1</sup> ... ", "title")}
    assert told == {"cut_title", "markup", "trimmed", "spaces"}
    assert [note.code for note in titles.title_notes("EEA", "title")] == ["short_title"]
    assert [note.code for note in titles.title_notes("Agreement of Pеrsia", "title")] == ["mixed_scripts"]


@given(st.text(max_size=80))
def test_a_title_without_problems_can_be_stored(text: str) -> None:
    if not codes(text):
        assert unfit(text, limit=2_000) == ""
