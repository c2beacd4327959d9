from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from tests.factories import a_record
from treaties import actions, asking, queries, search
from treaties.actions import Number, TitleText
from treaties.choices import ActKind, Language, Scheme, TitleKind
from treaties.dates import parse
from treaties.models import SearchDocument, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def hits(words: str) -> list[Treaty]:
    """What somebody who is not logged in finds, best first."""
    filterset = queries.found(AnonymousUser(), QueryDict(urlencode({"q": words})))
    return [document.treaty for document in queries.in_order(filterset)]


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    return make_treaty(
        titles=[
            TitleText(Language.NL, "Verdrag tussen de Vlaamse Gemeenschap en het Koninkrijk België over scholen"),
            TitleText(Language.EN, "Treaty on the recognition of diplomas", TitleKind.TRANSLATION),
            TitleText(Language.FR, "Traité relatif aux écoles européennes", TitleKind.TRANSLATION),
            TitleText(Language.DE, "Abkommen über die Häuser der Geschichte", TitleKind.TRANSLATION),
            TitleText(Language.OTHER, "Umowa o współpracy", TitleKind.TRANSLATION),
        ],
        numbers=[
            Number(Scheme.COUNCIL_OF_STATE, "62.109/1"),
            Number(Scheme.NUMAC, "2008203092"),
            Number(Scheme.PARLIAMENT, "1160 (2010-2011) nr. 1"),
            Number(Scheme.VR_DOC, "VR 2026 1210 DOC.0099/1"),
        ],
        parties=["DE", "ZRCD", "X-VNSC"],
        themes=["toerisme"],
        summary_nl="Afspraken over erfgoed.",
        summary_en="Arrangements on heritage.",
    )


@pytest.mark.parametrize(
    "words",
    [
        # Stems, in the language of each text.
        "verdrag",
        "verdragen",
        "VERDRAGEN",
        "school",
        "treaties",
        "diploma",
        "diplomas recognition",
        "européen",
        "Häuser",
        "Haus",
        # Accents typed or not.
        "belgië",
        "belgie",
        "BELGIË",
        "ecole",
        "wspolpracy",
        # Quotes, minus and or.
        '"vlaamse gemeenschap"',
        "verdrag -walvis",
        "verdrag -de",
        '"koninkrijk belgië" -"belgië koninkrijk"',
        "walvis or verdrag",
        "walvis OR scholen",
        "verdrag scholen",
        # Small words do not count.
        "verdrag over de scholen",
        # Numbers whole and in parts.
        "62.109/1",
        "62.109",
        "2008203092",
        "stuk 1160 (2010-2011)",
        "advies 62.109/1",
        "numac 2008203092",
        "1160 (2010-2011)",
        "VR 2026 1210 DOC.0099/1",
        # Parties in four languages, by other names, by the state they came from.
        "Duitsland",
        "Germany",
        "Allemagne",
        "Deutschland",
        "Duits",
        "Zaïre",
        "zaire",
        "Scheldecommissie",
        # Themes and summaries.
        "toerisme",
        "tourism",
        "erfgoed",
        "heritage",
    ],
)
def test_a_treaty_is_found_by(words: str, treaty: Treaty) -> None:
    assert hits(words) == [treaty]


@pytest.mark.parametrize(
    "words",
    [
        "walvis",
        '"gemeenschap vlaamse"',
        "verdrag -scholen",
        "verdrag --scholen",
        "-scholen verdrag",
        "verdrag -belgie",
        "verdrag or diploma -scholen",
        "verdrag -school",
        "Duitsland -verdragen",
        'verdrag -"vlaamse gemeenschap"',
        "verdrag walvis",
        "62.110/1",
        "2008203093",
    ],
)
def test_a_treaty_is_not_found_by(words: str, treaty: Treaty) -> None:
    assert hits(words) == []


def test_its_own_reference_finds_it(treaty: Treaty) -> None:
    assert hits(treaty.reference) == hits(treaty.reference.lower()) == [treaty]


@pytest.mark.parametrize("party", ["CD", "ZRCD"])
def test_zaire_finds_congo_too(party: str, make_treaty: Make) -> None:
    treaty = make_treaty(parties=[party])
    assert hits("Zaïre") == [treaty]


def test_what_stands_in_the_title_comes_before_what_stands_in_the_summary(make_treaty: Make) -> None:
    low = make_treaty(title="Akkoord", summary_nl="Over muziek.")
    high = make_treaty(title="Akkoord over muziek")
    assert hits("muziek") == [high, low]


def test_an_act_is_found_by_place_and_number(treaty: Treaty, staff: User) -> None:
    act = actions.record_act(
        actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, place="Middelburg", number="B.S. 12345", reason="x"
    )
    assert hits("middelburg") == hits("12345") == [treaty]
    actions.retract_act(actor=staff, act=act, reason="x")
    assert hits("middelburg") == []


def test_what_was_edited_is_found_by_its_new_words_only(treaty: Treaty, staff: User) -> None:
    actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(title="Walvisvaart"), version=1, reason="x")
    assert hits("walvisvaart") == [treaty]
    assert hits("diploma") == []


ODD = [
    "",
    "   ",
    "-",
    "--",
    "- -",
    "or",
    "OR or oR",
    '"',
    '"""',
    '"a',
    'a"b"c',
    '-""',
    "\x00",
    "a\x00b",
    "🇧🇪",
    "%",
    "_",
    "\\",
    "%_\\",
    "'",
    "''); DROP TABLE treaties_treaty; --",
    "a & | ! <-> b",
    "!",
    ":*",
    "a:*",
    "(((",
    "de het een",
    "the of",
    "\ue000x\ue001",
    "\u200b",
    "\u202e",
    "-de -het",
    "x " * 260,
    "a" * 3_000,
    "or " * 200,
    "-x " * 160,
]


@pytest.mark.parametrize("words", ODD)
def test_odd_words_never_raise(words: str, treaty: Treaty) -> None:
    filterset = queries.found(AnonymousUser(), QueryDict(urlencode({"q": words})))
    rows = queries.rows(queries.in_order(filterset), words)
    assert len(rows) in (0, 1)
    assert list(queries.facets(filterset)) == filterset.facets


@pytest.mark.parametrize("words", ["\ud800", "a\udfffb"])
def test_half_a_character_finds_nothing_and_does_not_raise(words: str, treaty: Treaty) -> None:
    assert list(SearchDocument.objects.filter(words=search.query(words))) in ([], [treaty.search])


class TestAnyWords(TestCase):
    @given(st.text(max_size=40))
    @settings(max_examples=60)
    def test_any_text_can_be_searched_for_and_highlighted(self, words: str) -> None:
        assert not SearchDocument.objects.filter(words=search.query(words)).exists()

    @given(
        st.lists(st.sampled_from(['"', "-", "or", "OR", "de", "verdrag", "(", ")", "!", "&", "62.109/1"]), max_size=9)
    )
    @settings(max_examples=60)
    def test_any_operators_can_be_typed(self, words: list[str]) -> None:
        assert not SearchDocument.objects.filter(words=search.query(" ".join(words))).exists()


class TestHighlights:
    def one(self, treaty: Treaty, words: str) -> str:
        title = treaty.best_title
        assert title
        return str(search.highlights([title], asking.read(words).marks).get(title.pk, ""))

    def test_the_words_found_are_marked_in_their_language(self, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag inzake België")
        assert self.one(treaty, "verdragen belgie") == "<mark>Verdrag</mark> inzake <mark>België</mark>"

    def test_a_title_that_holds_html_stays_text(self, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag <script>alert('x')</script> & <b>meer</b>")
        assert self.one(treaty, "verdrag") == (
            "<mark>Verdrag</mark> &lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &lt;b&gt;meer&lt;/b&gt;"
        )

    def test_words_that_hold_html_mark_nothing(self, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag <b>meer</b>")
        assert "<b>" not in self.one(treaty, "<b>meer</b>")

    def test_the_whole_title_is_kept_however_long(self, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag " + "woord " * 300 + "slot")
        assert self.one(treaty, "verdrag").endswith("woord slot")

    def test_without_words_or_titles_there_is_nothing_to_mark(self, make_treaty: Make) -> None:
        title = make_treaty().best_title
        assert title
        assert search.highlights([title], "") == search.highlights([], "'verdrag'") == {}


class TestRefresh:
    def test_a_status_that_changes_by_time_alone_follows_at_the_next_rebuild(self, treaty: Treaty, staff: User) -> None:
        actions.record_act(
            actor=staff, treaty=treaty, kind=ActKind.ENTRY_INTO_FORCE, when=parse("2031-01-01"), reason="x"
        )
        assert SearchDocument.objects.get(treaty=treaty).status == "in_preparation"
        search.refresh(treaty, today=date(2031, 1, 1))
        assert SearchDocument.objects.get(treaty=treaty).status == "in_force"

    def test_a_rebuild_makes_the_same_document(self, treaty: Treaty, staff: User) -> None:
        actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=parse("2007-03"), reason="x")
        before = SearchDocument.objects.filter(treaty=treaty).values().get()
        with time_machine.travel("2031-01-01"):
            search.refresh(treaty, today=date(2026, 1, 1))
        assert SearchDocument.objects.filter(treaty=treaty).values().get() == before

    def test_a_rebuild_keeps_the_stage_the_procedure_told(self, treaty: Treaty) -> None:
        SearchDocument.objects.filter(treaty=treaty).update(stage="signing")
        search.refresh(treaty)
        assert SearchDocument.objects.get(treaty=treaty).stage == "signing"

    def test_sorted_by_the_dutch_official_title(self, make_treaty: Make) -> None:
        treaty = make_treaty(
            titles=[
                TitleText(Language.EN, "An English title"),
                TitleText(Language.NL, "Kort", TitleKind.SHORT),
                TitleText(Language.NL, "Een Vlaams verdrag"),
            ]
        )
        assert SearchDocument.objects.get(treaty=treaty).title_key == "een vlaams verdrag"
