"""The terms: complete, each once, found in any language."""

import re

import pytest
from django.utils.translation import override

from treaties import glossary
from treaties.presentation import facts
from workflow import procedures
from workflow.presentation import procedure as presented


def codes(words: str) -> list[str]:
    return [term.code for term in glossary.find(words)]


def test_every_term_has_a_name_in_each_language() -> None:
    assert len(glossary.terms()) == 59
    for term in glossary.terms().values():
        assert all(name.text == name.text.strip() != "" for name in term.all_names), term.code
        assert [name.language for name in term.all_names] == ["nl", "en", "fr", "de"]


def test_an_explanation_has_both_languages_and_a_source() -> None:
    explained = [term for term in glossary.terms().values() if term.explained or term.sources]
    assert len(explained) == 22
    for term in explained:
        for texts in (term.explained, term.sources):
            assert set(texts) == {"nl", "en"}, term.code
            assert all(texts.values()), term.code


def test_anchors_are_plain_and_each_is_there_once() -> None:
    found = re.findall(r'^    "code": "(.*)"', glossary.FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) == len(set(found)) == 59
    assert [code for code in found if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []
    # Nor do the anchors of letters and headings take one of them.
    assert [code for code in found if code.startswith("letter-") or code.endswith("-name")] == []


def test_one_word_has_one_meaning() -> None:
    sanction, ratification = (glossary.terms()[code] for code in ("sanction-and-promulgation", "ratification"))
    assert sanction.names == {
        "nl": "bekrachtiging en afkondiging (van het decreet)",
        "en": "sanction and promulgation",
        "fr": "sanction et promulgation",
        "de": "Sanktion und Ausfertigung",
    }
    assert ratification.names == {
        "nl": "internationale bekrachtiging / ratificatie (van het verdrag)",
        "en": "(international) ratification",
        "fr": "ratification internationale",
        "de": "(internationale) Ratifizierung",
    }
    assert (sanction.others, ratification.others) == ([ratification], [sanction])
    with override("en"):
        assert sanction.explanation.startswith("Of the decree: ")
        assert ratification.explanation.startswith("Of the treaty: ")
    for language in ("nl", "en", "fr", "de"):
        names = [term.names[language] for term in glossary.terms().values()]
        assert len(names) == len(set(names)), language


def test_the_reader_gets_dutch_or_english() -> None:
    term = glossary.terms()["depositary"]
    for language, name, others in (
        ("nl", "depositaris", ["en", "fr", "de"]),
        ("en-gb", "depositary", ["nl", "fr", "de"]),
        ("fr", "depositaris", ["en", "fr", "de"]),
    ):
        with override(language):
            assert (term.name, [other.language for other in term.other_names]) == (name, others)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("volmacht", ["full-powers", "plenipotentiary"]),
        ("VOLLMACHT", ["full-powers", "plenipotentiary"]),
        ("pleins pouvoirs", ["full-powers"]),
        ("pouvoirs pleins", ["full-powers"]),
        ("traite mixte", ["mixed-treaty", "working-group-mixed-treaties"]),
        ("traités mixtes", ["working-group-mixed-treaties"]),
        ("ICBB", ["interministerial-conference"]),
        ("ausschliesslicher", ["exclusive-treaty"]),
        ("zzz", []),
        ("\x00%_\\", []),
    ],
)
def test_a_term_is_found_in_any_language(words: str, expected: list[str]) -> None:
    assert codes(words) == expected


def test_an_explanation_is_found_in_the_language_of_the_reader() -> None:
    with override("nl"):
        assert codes("consensus") == ["interministerial-conference"]
        assert codes("standstill") == []
    assert len(glossary.find("")) == 59


def test_letters_follow_the_alphabet_of_the_reader() -> None:
    with override("nl"):
        dutch = glossary.letters(glossary.terms().values())
    with override("en"):
        english = glossary.letters(glossary.terms().values())
        first = [term.name for term in english[0].terms]
    assert (dutch[0].letter, english[0].letter) == ("A", "A")
    assert first[:4] == ["acceptance / approval", "accession", "act / ordinance of assent", "advice / opinion"]
    # "(international) ratification" stands under its first letter, not under its bracket.
    assert [one.letter for one in english if any(term.code == "ratification" for term in one.terms)] == ["I"]
    for found in (dutch, english):
        assert sum(len(one.terms) for one in found) == 59
        assert [one.letter for one in found] == sorted({one.letter for one in found})


def test_every_word_that_a_page_explains_is_in_the_glossary() -> None:
    assert {*facts.TERMS.values(), *presented.TERMS.values()} <= set(glossary.terms())
    steps = {step.code for procedure in procedures.ALL for step in procedure.steps}
    assert set(presented.TERMS) <= steps
