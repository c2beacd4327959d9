"""The public lists: what they show, to whom, in which order, and with how many queries."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.treaties.pages import SCRIPT, MakeAct, MakePaper, MakeTreaty, facet, page, references, rows_of_csv
from treaties.actions import TitleText
from treaties.choices import Access, ActKind, Kind, Language, Qualification, TitleKind
from treaties.models import Treaty

# --- The list ------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_known_of_a_treaty(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty(
        titles=[
            TitleText(Language.EN, "Treaty on culture", TitleKind.TRANSLATION),
            TitleText(Language.NL, "Verdrag over cultuur"),
        ],
        qualification=Qualification.EXCLUSIVE_COMMUNITY,
        is_demo=True,
    )
    act(treaty, ActKind.SIGNATURE, "2007-03")
    html = page(public, "/treaties/")
    assert references(html) == [treaty.reference]
    assert f'<a href="/treaties/{treaty.reference}/" lang="en">Treaty on culture</a>' in html
    assert '<p class="result__hit" lang="nl">Verdrag over cultuur</p>' in html
    assert '<time datetime="2007-03">March 2007</time>' in html
    assert '<span class="badge badge--warn">Signed</span>' in html
    for text in (
        "Exclusive: Flemish Community",
        "Netherlands and Flemish Region",
        '<span class="demo-flag">Demo</span>',
    ):
        assert text in html
    assert "<strong>1 treaty or memorandum</strong>" in html


def test_many_parties_are_counted_after_the_fourth(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["AT", "BG", "CY", "DK", "EE", "FI", "GR"])
    names = re.search(r"<span>([^<]*and 3 more)</span>", page(public, "/treaties/"))
    assert names is not None
    assert names[1].count(",") == 3


@pytest.mark.usefixtures("inside")
def test_what_is_internal_is_nowhere_for_the_public(public: Client, make_treaty: MakeTreaty, paper: MakePaper) -> None:
    shown = make_treaty(title="Openbaar verdrag", parties=["NL"])
    hidden = make_treaty(title="Geheim verdrag", parties=["NL", "JP"], themes=["toerisme"], access=Access.GOVERNMENT)
    document = paper(hidden)
    html = page(public, "/treaties/")
    assert references(html) == [shown.reference]
    assert facet(html, "country") == {"NL": 1}
    assert "toerisme" not in html
    for address in ("/", "/treaties/?q=geheim", "/countries/NL/", "/countries/JP/", "/themes/toerisme/"):
        assert "Geheim" not in page(public, address)
    assert "/countries/JP/" not in page(public, "/countries/")
    assert "/themes/toerisme/" not in page(public, "/themes/")
    assert [row["reference"] for row in rows_of_csv(public)] == [shown.reference]
    page(public, f"/treaties/{hidden.reference}/", 404)
    page(public, f"/treaties/{hidden.reference.lower()}/", 404)
    page(public, f"/treaties/{hidden.reference}/documents/{document.sha256}/", 404)


def test_people_inside_see_what_is_internal_and_that_it_is(inside: Client, make_treaty: MakeTreaty) -> None:
    hidden = make_treaty(title="Geheim verdrag", access=Access.GOVERNMENT)
    assert "Not public" in page(inside, "/treaties/")
    assert "Geheim verdrag" in page(inside, f"/treaties/{hidden.reference}/")


def test_words_are_marked_and_markup_in_titles_stays_text(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(title=f"Verdrag over de Schelde {SCRIPT}")
    for address in ("/treaties/?q=schelde", "/", f"/treaties/{treaty.reference}/", "/countries/NL/"):
        html = page(public, address)
        assert SCRIPT not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<mark>Schelde</mark>" in page(public, "/treaties/?q=schelde")


def test_a_hit_in_the_other_title_is_marked_too(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(
        titles=[
            TitleText(Language.EN, "Treaty on the Scheldt", TitleKind.TRANSLATION),
            TitleText(Language.NL, "Verdrag over de Schelde"),
        ]
    )
    assert '<p class="result__hit" lang="nl">Verdrag over de <mark>Schelde</mark></p>' in page(
        public, "/treaties/?q=schelde"
    )


def test_facets_count_without_their_own_filter(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["NL"], kind=Kind.TREATY)
    make_treaty(parties=["FR"], kind=Kind.MOU)
    html = page(public, "/treaties/?kind=mou")
    assert facet(html, "kind") == {"treaty": 1, "mou": 1}
    assert facet(html, "country") == {"FR": 1}
    assert 'id="f-kind-mou" name="kind" value="mou" checked' in html


def test_a_chosen_value_that_finds_nothing_keeps_its_name_and_its_chip(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["NL"])
    html = page(public, "/treaties/?country=JP&country=NL&kind=mou")
    assert facet(html, "country")["JP"] == 0
    chips = re.findall(r'class="chip" href="([^"]+)".*?chip__kind">[^<]*</span>([^<]*)<', html)
    assert [label for _href, label in chips] == ["Japan", "Netherlands", "Memorandum of understanding"]
    assert chips[0][0] == "/treaties/?country=NL&amp;kind=mou"
    assert "Nothing matches all of this" in html


def test_policy_fields_stand_under_their_domain(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(themes=["buitenlands-beleid"])
    html = page(public, "/treaties/")
    assert list(facet(html, "theme")) == ["kanselarij-bestuur-buitenlandse-zaken-en-justitie", "buitenlands-beleid"]
    assert html.count("facet__item--below") == 1


def test_values_after_the_eighth_stand_under_more(public: Client, make_treaty: MakeTreaty) -> None:
    for code in ("AT", "BG", "CY", "DK", "EE", "FI", "GR", "HU", "IE", "IT"):
        make_treaty(parties=[code])
    html = page(public, "/treaties/")
    assert 'id="more-country">' in html
    assert "2 more" in html
    assert 'id="more-country" open>' in page(public, "/treaties/?country=IT")


def test_mistakes_are_told_beside_their_field_and_otherwise_ignored(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty()
    html = page(public, "/treaties/?country=XX&signed_after=yesterday&signed_before=30-2-2007&sort=fun&page=x")
    assert references(html) == [treaty.reference]
    assert "“XX” is not known here and was left out." in html.split('id="facet-country"')[1].split("</fieldset>")[0]
    assert "“yesterday” is not a date" in html.split('id="id_signed_after_error"')[1].split("<input")[0]
    assert 'value="yesterday"' in html
    assert "“30-2-2007” is not a date" in html


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "a" * 100_000, "page=1000000000", "page=-1", "q=%22%28%7C%26!%3A*", "signed_after=%00",
     "country=%00", "sort=relevance", "theme=%27%3B--", "q=%F0%9F%98%80", "page=" + "9" * 5000],
)  # fmt: skip
def test_nothing_in_the_address_breaks_the_list(public: Client, make_treaty: MakeTreaty, query: str) -> None:
    make_treaty()
    page(public, f"/treaties/?{query}")
    assert public.get(f"/treaties.csv?{query}").status_code == 200


def test_dates_of_signature_narrow_and_partial_ones_mean_the_whole_period(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    old, new = make_treaty(), make_treaty()
    act(old, ActKind.SIGNATURE, "2005-12-21")
    act(new, ActKind.SIGNATURE, "2018-11-19")
    assert references(page(public, "/treaties/?signed_before=2005")) == [old.reference]
    assert references(page(public, "/treaties/?signed_after=November+2018")) == [new.reference]
    assert references(page(public, "/treaties/")) == [new.reference, old.reference]
    assert references(page(public, "/treaties/?sort=title")) == [old.reference, new.reference]


def test_pages_hold_25_and_keep_the_filters(public: Client, make_treaty: MakeTreaty) -> None:
    made = [make_treaty().reference for _n in range(27)]
    first, second = (page(public, f"/treaties/?country=NL&sort=&page={n}") for n in (1, 2))
    assert references(first) + references(second) == list(reversed(made))
    assert len(references(first)) == 25
    following = re.search(r'rel="next" href="\?(country=NL&amp;after=[\w-]+)"', first)
    assert following
    assert references(page(public, f"/treaties/?{following[1].replace('&amp;', '&')}")) == references(second)
    assert references(page(public, "/treaties/?page=1000000000")) == references(second)


def test_the_usual_order_has_no_name_so_that_words_bring_the_best_match(
    public: Client, make_treaty: MakeTreaty
) -> None:
    make_treaty()
    assert '<option value="" selected>Newest signature first</option>' in page(public, "/treaties/?sort=newest")
    assert '<option value="" selected>Best match</option>' in page(public, "/treaties/?q=cultuur&sort=")
    assert '<option value="newest" selected>' in page(public, "/treaties/?q=cultuur&sort=newest")


def test_htmx_gets_the_address_without_empty_fields(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty()
    response = public.get("/treaties/?q=&country=NL&signed_after=&sort=", headers={"HX-Request": "true"})
    assert response.headers["HX-Push-Url"] == "/treaties/?country=NL"
    assert public.get("/treaties/?q=", headers={"HX-Request": "true"}).headers["HX-Push-Url"] == "/treaties/"


def test_the_empty_register_says_what_will_be_here(public: Client) -> None:
    for address in ("/treaties/", "/countries/", "/themes/", "/"):
        assert "No treaties yet" in page(public, address)
    assert "Nothing here yet" in page(public, "/countries/NL/")


# --- CSV -------------------------------------------------------------------------------------------------


def test_csv_is_exactly_the_list_with_cells_no_spreadsheet_runs(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    treaty = make_treaty(title='=HYPERLINK("x")', parties=["NL"])
    make_treaty(parties=["FR"])
    act(treaty, ActKind.SIGNATURE, "2007")
    response = public.get("/treaties.csv?country=NL")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    (row,) = rows_of_csv(public, "?country=NL")
    assert row["title_nl"] == '\'=HYPERLINK("x")'
    assert (row["signed"], row["status"], row["party_codes"], row["parties"]) == ("2007", "signed", "NL", "Netherlands")
    assert row["address"] == f"http://testserver/treaties/{treaty.reference}/"


# --- Countries and themes -----------------------------------------------------------------------------------------


def test_countries_stand_by_continent_and_others_by_kind(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["NL", "CA-QC", "X-EU", "X-BE-FED"])
    make_treaty(parties=["NL"])
    html = page(public, "/countries/")
    assert re.findall(r"<h2>([^<]+)</h2>", html) == [
        "Europe", "America", "Regions", "International organisations", "Belgian entities"
    ]  # fmt: skip
    assert re.search(r"/countries/NL/\">Netherlands</a><span class=\"tile__count\">2<", html)
    assert "/countries/CA/" in html
    found = page(public, "/countries/?q=québec")
    assert re.findall(r'tile"><a href="/countries/([^/]+)/', found) == ["CA-QC"]
    assert "No treaties with “&lt;b&gt;”" in page(public, "/countries/?q=<b>")


def test_a_country_page_holds_its_regions_and_former_states(public: Client, make_treaty: MakeTreaty) -> None:
    quebec = make_treaty(parties=["CA-QC"])
    gdr = make_treaty(parties=["DDDE"])
    html = page(public, "/countries/CA/")
    assert references(html) == [quebec.reference]
    assert 'href="/countries/CA-QC/"' in html
    assert 'href="/treaties/?country=CA&amp;status=in_preparation"' in html
    assert references(page(public, "/countries/DE/")) == [gdr.reference]
    assert 'href="/countries/DE/">Germany</a>' in page(public, "/countries/DDDE/")
    for name in ("Duitsland", "Germany", "Allemagne", "Deutschland"):
        assert name in page(public, "/countries/DE/")
    page(public, "/countries/QQ/", 404)
    response = public.get("/countries/de/?page=2")
    assert (response.status_code, response.headers["Location"]) == (301, "/countries/DE/?page=2")


def test_a_former_name_finds_a_country_and_is_said(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["CD", "DE"])
    html = page(public, "/countries/?q=zaïre")
    assert re.findall(r"/countries/([^/]+)/\">", html) == ["CD"]
    assert 'former name: <span lang="nl">Zaïre</span>' in html
    # What the list shows needs no other name beside it.
    assert "former name" not in page(public, "/countries/?q=congo")


def test_a_country_page_has_its_names_with_their_period(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(parties=["ZRCD"])
    html = page(public, "/countries/CD/")
    assert "Came after" in html
    assert 'href="/countries/ZRCD/"' in html
    assert "Former names" in html
    assert "from 27 October 1971 until 17 May 1997" in html
    assert "since 30 June 1960" in html
    assert "former state: <mark>Zaire</mark>" in html
    former = page(public, "/countries/ZRCD/")
    assert "Existed from 27 October 1971 until 17 May 1997" in former
    assert "After it came" in former
    assert "Former names" not in former.replace("Names and former names", "")


def test_themes_stand_under_their_domain(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(themes=["toerisme"])
    assert 'href="/themes/toerisme/">Tourism</a><span class="tile__count">1<' in page(public, "/themes/")
    html = page(public, "/themes/toerisme/")
    assert references(html) == [treaty.reference]
    assert "http://themis.vlaanderen.be/id/beleidsveld/" in html
    domain = page(public, "/themes/kanselarij-bestuur-buitenlandse-zaken-en-justitie/")
    assert references(domain) == [treaty.reference]
    assert 'href="/themes/toerisme/"' in domain
    page(public, "/themes/nothing/", 404)


# --- Number of queries ----------------------------------------------------------------------

LISTS = {
    "/treaties/": 3,
    "/treaties/?q=cultuur&country=NL&theme=toerisme&status=signed": 6,
    "/countries/": 2,
    "/countries/NL/": 9,
    "/themes/": 2,
    "/themes/toerisme/": 7,
    "/": 7,
}


@pytest.mark.parametrize(("address", "queries"), LISTS.items())
def test_a_list_costs_the_same_for_1_and_for_30(
    public: Client,
    make_treaty: MakeTreaty,
    act: MakeAct,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
) -> None:
    # Names and codes are read once a minute.
    for warm in ("/treaties/", "/treaties/?country=NL&theme=toerisme"):
        page(public, warm)
    for total in (1, 30):
        while Treaty.objects.count() < total:
            treaty = make_treaty(themes=["toerisme"], parties=["NL", "FR", "CA-QC"])
            act(treaty, ActKind.SIGNATURE, "2015")
        with django_assert_num_queries(queries):
            page(public, address)


def test_a_csv_costs_the_same_for_1_and_for_30(
    public: Client, make_treaty: MakeTreaty, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for total in (1, 30):
        while Treaty.objects.count() < total:
            make_treaty()
        with django_assert_num_queries(5):
            assert len(rows_of_csv(public)) == total
