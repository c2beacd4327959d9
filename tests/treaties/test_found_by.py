from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from accounts.models import User
from treaties import asking, found_by, queries, rows, verdict
from treaties.actions import Number, TitleText, record_act
from treaties.choices import ActKind, Language, Scheme, TitleKind
from treaties.dates import parse
from treaties.models import SearchDocument, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]
TITLE = "Akkoord over scholen"


def why(words: str = "", *countries: str) -> list[list[str]]:
    """For each row found, why: in English."""
    asked = QueryDict(urlencode([("q", words), *(("country", code) for code in countries)]))
    with translation.override("en"):
        filterset = queries.found(AnonymousUser(), asked)
        rows = queries.rows(queries.in_order(filterset), words, countries)
        return [[": ".join(filter(None, (one.label, one.text))) for one in row.reasons] for row in rows]


@pytest.mark.parametrize(
    ("words", "party", "reason"),
    [
        ("Zaïre", "CD", "former name: Zaïre"),
        ("zaire", "CD", "former name: Zaire"),
        ("DDR", "DDDE", "abbreviation: DDR"),
        ("Bondsrepubliek", "DE", "official name: Bondsrepubliek Duitsland"),
        ("Duits", "DE", "adjective of Germany: Duits"),
        ("Duitse", "DE", "adjective of Germany: Duits"),
        ("Allemagne", "DE", "name in French: Allemagne"),
        ("Opper-Volta", "BF", "former name: Opper-Volta"),
        ("Ceylon", "LK", "former name: Ceylon"),
        ("Swaziland", "SZ", "former name: Swaziland"),
        ("Turkey", "TR", "former name: Turkey"),
        ("FYROM", "MK", "former name: FYROM"),
        ("Belgisch-Congo", "X-BELGIAN-CONGO", "name in Dutch: Belgisch-Congo"),
    ],
)
def test_a_name_that_the_row_does_not_show_is_said(words: str, party: str, reason: str, make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties=[party])
    assert why(words) == [[reason]]


@pytest.mark.parametrize("words", ["Duitsland", "Germany", "Duits", "Allemagne"])
def test_a_region_is_found_by_its_state(words: str, make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties=["DE-BY"])
    assert why(words) == [["part of Germany: Bavaria"]]


def test_who_is_party_itself_comes_before_a_region_of_it(make_treaty: Make) -> None:
    region, state = make_treaty(title=TITLE, parties=["DE-BY"]), make_treaty(title=TITLE, parties=["DE"])
    filterset = queries.found(AnonymousUser(), QueryDict(urlencode({"q": "Duits"})))
    assert [row.treaty for row in queries.in_order(filterset)] == [state, region]


@pytest.mark.parametrize(
    "words", ["maart 2007", "15 maart 2007", "March 2007", "15 mars 2007", "2007-03-15", "15/03/2007", "2007"]
)
def test_a_date_is_said(words: str, make_treaty: Make, staff: User) -> None:
    treaty = make_treaty(title=TITLE)
    record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=parse("2007-03-15"), reason="x")
    assert why(words) == [["signature: 15 March 2007"]]


def test_the_domain_of_a_theme_is_said(make_treaty: Make) -> None:
    make_treaty(title=TITLE, themes=["algemeen-mobiliteitsbeleid"])
    assert why("openbare werken") == [["theme: Mobiliteit en Openbare Werken"]]


def test_one_query_where_the_reading_is_given(make_treaty: Make, django_assert_num_queries: Any) -> None:
    make_treaty(title=TITLE, parties=["CD"])
    (row,) = queries.rows([SearchDocument.objects.get()], "Zaïre")
    reading = asking.read("Zaïre")
    (whole,) = rows.all_of([row.treaty.pk], names=True)
    with django_assert_num_queries(1):
        assert found_by.by_words([whole], "Zaïre", reading)[row.treaty.pk] == row.reasons
    with django_assert_num_queries(0):
        assert found_by.by_words([], "Zaïre", reading) == {}


@pytest.mark.parametrize("words", ["scholen", "Germany", "akkoord -frankrijk"])
def test_what_the_row_shows_needs_no_reason(words: str, make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties=["DE"])
    assert why(words) == [[]]


def test_numbers_themes_and_other_titles(make_treaty: Make) -> None:
    make_treaty(
        titles=[
            TitleText(Language.NL, TITLE),
            TitleText(Language.EN, "Agreement on schools", TitleKind.TRANSLATION),
            TitleText(Language.FR, "Accord sur les écoles", TitleKind.TRANSLATION),
        ],
        numbers=[Number(Scheme.NUMAC, "2008203092")],
        themes=["toerisme"],
        summary_nl="Over musea.",
    )
    assert why("2008203092") == [["NUMAC number: 2008203092"]]
    assert why("toerisme") == [["theme: Toerisme"]]
    assert why("écoles") == [["title in French: Accord sur les écoles"]]
    assert why("musea") == [["in the summary"]]
    assert why("scholen musea 2008203092") == [["NUMAC number: 2008203092", "in the summary"]]


@pytest.mark.parametrize(
    ("country", "party", "reasons"),
    [
        ("DE", "DDDE", ["former state: German Democratic Republic"]),
        ("CD", "ZRCD", ["former state: Zaire"]),
        ("CD", "X-BELGIAN-CONGO", ["former territory: Belgian Congo"]),
        ("CA", "CA-QC", ["region: Quebec"]),
        ("X-EU", "X-EEC", ["former organisation: European Economic Community"]),
        ("DE", "DE", []),
        ("DDDE", "DDDE", []),
    ],
)
def test_why_a_treaty_is_found_under_a_country(country: str, party: str, reasons: list[str], make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties=[party])
    assert why("", country) == [reasons]


def test_a_party_behind_the_first_ones_is_said(make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties=["AL", "BG", "CY", "DK", "EE", "FI"])
    assert why("Finland") == [["party: Finland"]]
    assert why("", "FI") == [["party: Finland"]]
    assert why("Albania") == [[]]


def test_as_many_parties_count_as_shown_as_the_row_names() -> None:
    assert found_by.NAMED == verdict.NAMED


def test_names_of_today_weigh_more_than_former_ones(make_treaty: Make) -> None:
    former = make_treaty(title=TITLE, parties=["IR"])
    today = make_treaty(title=TITLE, parties=["X-UAR"])
    other = make_treaty(title=TITLE, parties=["EG"])
    filterset = queries.found(AnonymousUser(), QueryDict(urlencode({"q": "Verenigde Arabische Republiek"})))
    assert [row.treaty for row in queries.in_order(filterset)] == [today, other]
    assert former not in [row.treaty for row in queries.in_order(filterset)]


def test_a_reason_is_text_and_no_markup(client: Client, make_treaty: Make) -> None:
    make_treaty(title=TITLE, parties={"CD": "Republiek <b>Zaïre</b> & co"})
    body = client.get("/treaties/?q=co").content.decode()
    assert "<b>" not in body.split('id="results"')[1].split("</ol>")[0]
    body = client.get("/treaties/?q=Zaïre").content.decode()
    assert '<mark lang="nl">Zaïre</mark>' in body


@pytest.mark.parametrize("words", ["", " ", "-Zaïre", "or", '"', "a\x00b", "\ud800", "%s", "((" * 50])
def test_odd_words_have_no_reasons_and_never_raise(words: str, make_treaty: Make) -> None:
    treaty = make_treaty(title=TITLE, parties=["CD"])
    (row,) = queries.rows([treaty.search], words)
    assert row.reasons == []
