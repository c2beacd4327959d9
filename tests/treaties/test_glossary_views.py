"""The page of the glossary, and words with their languages on other pages."""

import re

import pytest
from django.template import Context, Template
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.treaties.pages import SCRIPT, MakeAct, MakeTreaty, page
from treaties import glossary
from treaties.choices import ActKind, Kind


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_every_term_has_its_anchor(public: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        html = page(public, "/glossary/")
    assert sorted(re.findall(r'class="entry" id="([^"]+)"', html)) == sorted(glossary.terms())
    assert len(ids(html)) == len(set(ids(html)))
    targets = re.findall(r'href="(?:/glossary/)?#([^"]+)"', html)
    assert len(targets) > 59
    assert set(targets) <= set(ids(html))


def test_names_say_their_language(public: Client) -> None:
    entry = page(public, "/glossary/").split('id="ratification"')[1].split("</article>")[0]
    assert '<dd lang="nl">internationale bekrachtiging / ratificatie (van het verdrag)</dd>' in entry
    assert '<dd lang="fr">ratification internationale</dd>' in entry
    assert '<dd lang="de">(internationale) Ratifizierung</dd>' in entry
    assert "(international) ratification</a></h3>" in entry
    assert "Vienna Convention on the Law of Treaties, art. 2, 11, 14" in entry
    assert 'Not the same as <a href="/glossary/#sanction-and-promulgation">' in entry


def test_a_word_is_searched_by_an_ordinary_form(public: Client) -> None:
    html = page(public, "/glossary/?q=Vollmacht")
    assert re.findall(r'class="entry" id="([^"]+)"', html) == ["full-powers", "plenipotentiary"]
    assert "2 terms with “Vollmacht”." in html
    assert 'value="Vollmacht"' in html
    nothing = page(public, "/glossary/?q=zzz")
    assert "No term with “zzz”" in nothing
    assert 'class="entry"' not in nothing


@pytest.mark.parametrize("typed", ["%00", "%ED%A0%80", "a" * 5000, f"%22%3E{SCRIPT}", "%F0%9F%98%80"])
def test_no_search_breaks_the_page(public: Client, typed: str) -> None:
    assert SCRIPT not in page(public, f"/glossary/?q={typed}")


def test_the_way_to_the_glossary_is_on_every_page_and_with_the_procedures(public: Client) -> None:
    assert '<a href="/glossary/">Glossary</a>' in page(public, "/accessibility/").split("<footer")[1]
    assert '<a href="/glossary/">' in page(public, "/procedures/").split("<main")[1].split("</main>")[0]


def test_a_word_shows_its_four_languages() -> None:
    html = Template('{% load glossary_tags %}{% term "full-powers" %}').render(Context())
    assert '<a class="term__word" href="/glossary/#full-powers" aria-describedby="term-full-powers">' in html
    assert re.findall(r'<span lang="(\w+)">([^<]+)</span>', html) == [
        ("nl", "volmacht"), ("en", "full powers"), ("fr", "pleins pouvoirs"), ("de", "Vollmacht"),
    ]  # fmt: skip
    assert 'role="tooltip" id="term-full-powers"' in html
    assert not re.search(r"style=|on\w+=|<script", html)


def test_a_word_is_written_as_the_page_says_it_and_escaped() -> None:
    html = Template('{% load glossary_tags %}{% term "signature" word %}').render(Context({"word": SCRIPT}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</a>" in html
    with pytest.raises(KeyError, match="no-such-term"):
        Template('{% load glossary_tags %}{% term "no-such-term" %}').render(Context())


def test_the_acts_of_a_treaty_lead_to_their_words(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty()
    for kind in (ActKind.SIGNATURE, ActKind.DECREE, ActKind.DEPOSIT, ActKind.ENTRY_INTO_FORCE, ActKind.RENEWAL):
        act(treaty, kind, "2015-02-05")
    html = page(public, f"/treaties/{treaty.reference}/")
    assert re.findall(r'class="term__word" href="/glossary/#([^"]+)"[^>]*>([^<]+)', html) == [
        ("signature", "Signed"),
        ("sanction-and-promulgation", "Sanctioned and promulgated"),
        ("ratification", "International ratification"),
        ("entry-into-force", "Entry into force"),
    ]
    assert len(ids(html)) == len(set(ids(html)))
    # On paper there is nothing to point at.
    assert "term__tip" not in page(public, f"/treaties/{treaty.reference}/sheet/")


def test_what_the_words_say_of_treaties_is_not_said_of_a_memorandum(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    memorandum = make_treaty(kind=Kind.MOU)
    act(memorandum, ActKind.SIGNATURE, "2015-02-05")
    assert "term__word" not in page(public, f"/treaties/{memorandum.reference}/")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("mou", ["memorandum-of-understanding"]),
        ("denunciation", ["denunciation"]),
        (
            "mixed",
            [
                "mixed-character", "negotiating-mandate", "full-powers", "provisional-application",
                "strategic-advisory-council", "council-of-state", "assent", "sanction-and-promulgation",
                "ratification", "depositary", "entry-into-force",
            ],
        ),
    ],
)  # fmt: skip
def test_a_procedure_names_its_words(public: Client, code: str, expected: list[str]) -> None:
    html = page(public, f"/procedures/{code}/")
    assert re.findall(r'class="term__word" href="/glossary/#([^"]+)"', html) == expected
    assert len(ids(html)) == len(set(ids(html)))
