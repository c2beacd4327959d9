"""References at their addresses: to whom, in which form, with what of the record."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.treaties.pages import MakeAct, MakeTreaty, page
from tests.treaties.test_citations import HOSTILE, read_bibtex, read_csl, read_ris, unescaped
from treaties.choices import Access, ActKind
from treaties.citations import line

FORMS = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


@pytest.mark.parametrize(("suffix", "media_type"), FORMS.items())
def test_a_reference_is_a_file_of_its_type(
    public: Client, make_treaty: MakeTreaty, suffix: str, media_type: str
) -> None:
    make_treaty(reference="TABC1234")
    response = public.get(f"/treaties/TABC1234.{suffix}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="TABC1234.{suffix}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    moved = public.get(f"/treaties/tabc1234.{suffix}?as_of=2010")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/treaties/TABC1234.{suffix}?as_of=2010")
    assert public.post(f"/treaties/TABC1234.{suffix}").status_code == 405


@pytest.mark.parametrize("suffix", FORMS)
def test_what_is_not_public_does_not_exist(
    public: Client, inside: Client, make_treaty: MakeTreaty, suffix: str
) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    assert public.get(f"/treaties/{treaty.reference}.{suffix}").status_code == 404
    assert inside.get(f"/treaties/{treaty.reference}.{suffix}").status_code == 200
    assert public.get(f"/treaties/T0000000.{suffix}").status_code == 404


def test_the_forms_say_the_same(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty(parties={"NL": "het Koninkrijk", "FR": ""})
    act(treaty, ActKind.SIGNATURE, "2012-12-12", "NL", place="Gent")
    act(treaty, ActKind.SIGNATURE, "2013-01", "FR", place="Parijs")
    address = f"http://testserver/treaties/{treaty.reference}/"
    item = read_csl(public.get(f"/treaties/{treaty.reference}.csl.json").content.decode())
    assert item["author"] == [{"literal": "France"}, {"literal": "Netherlands"}]
    assert item["issued"] == {"date-parts": [[2012, 12, 12]]}
    assert (item["event-place"], item["URL"], item["title"]) == ("Gent", address, treaty.title)
    assert item["note"].endswith("Signed: Gent, 12 December 2012; Parijs, January 2013.")
    fields = read_bibtex(public.get(f"/treaties/{treaty.reference}.bib").content.decode())
    assert (fields["author"], fields["date"], fields["url"]) == ("{France} and {Netherlands}", "2012-12-12", address)
    tags = read_ris(public.get(f"/treaties/{treaty.reference}.ris").content.decode())
    assert [value for tag, value in tags if tag in ("AU", "DA", "UR")] == [
        "France", "Netherlands", "2012/12/12/", address,
    ]  # fmt: skip


def test_the_day_of_consulting_is_nowhere(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty()
    assert "accessed" not in read_csl(public.get(f"/treaties/{treaty.reference}.csl.json").content.decode())
    assert "urldate" not in read_bibtex(public.get(f"/treaties/{treaty.reference}.bib").content.decode())
    assert "Y2" not in dict(read_ris(public.get(f"/treaties/{treaty.reference}.ris").content.decode()))


def test_a_reference_to_another_day_says_what_was_done_by_then(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2012-12-12")
    item = read_csl(public.get(f"/treaties/{treaty.reference}.csl.json?as_of=2011-05-01").content.decode())
    assert "issued" not in item
    assert item["URL"] == f"http://testserver/treaties/{treaty.reference}/?as_of=2011-05-01"


@pytest.mark.parametrize("title", [re.sub(r"[\x00\x07]", "", one) for one in HOSTILE])
def test_a_hostile_title_breaks_no_form(public: Client, make_treaty: MakeTreaty, title: str) -> None:
    treaty = make_treaty(title=title)
    said = line(title)
    fields = read_bibtex(public.get(f"/treaties/{treaty.reference}.bib").content.decode())
    assert unescaped(fields["title"][1:-1]) == said
    assert dict(read_ris(public.get(f"/treaties/{treaty.reference}.ris").content.decode()))["TI"] == said
    assert read_csl(public.get(f"/treaties/{treaty.reference}.csl.json").content.decode())["title"] == said


@pytest.mark.parametrize("suffix", FORMS)
def test_a_reference_costs_no_more_with_many_parties(
    public: Client,
    make_treaty: MakeTreaty,
    act: MakeAct,
    suffix: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    small, large = make_treaty(), make_treaty(parties=dict.fromkeys(("NL", "FR", "DE", "CA", "JP", "AW"), ""))
    for party in ("NL", "FR", "DE", "CA"):
        act(large, ActKind.SIGNATURE, "2012-12-12", party)
    for treaty in (small, large):
        with django_assert_num_queries(QUERIES):
            public.get(f"/treaties/{treaty.reference}.{suffix}")


# Of the page of a treaty, whose read it is.
QUERIES = 12


def test_the_page_has_the_box(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty()
    box = page(public, f"/treaties/{treaty.reference}/").split('id="citing"')[1].split("</section>")[0]
    assert '<p class="citation" id="citation">' in box
    assert 'data-copy-from="#citation"' in box
    for suffix in FORMS:
        assert f'href="/treaties/{treaty.reference}.{suffix}"' in box
    back = page(public, f"/treaties/{treaty.reference}/?as_of=2011-05-01")
    assert f'href="/treaties/{treaty.reference}.bib?as_of=2011-05-01"' in back
