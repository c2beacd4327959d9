"""The parts of a treaty's page: positions of parties, signatures, statements, publications, versions, relations."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.treaties.pages import FillIn, MakeAct, MakePaper, MakeTreaty, State, page
from treaties.choices import Access, ActKind, DeclarationKind, Kind, RelationKind, TextStanding
from treaties.models import Declaration, Document, Party, Relation
from treaties.presentation.declarations import statements
from treaties.presentation.papers import shelves


def section(html: str, name: str) -> str:
    return html.split(f'id="{name}"')[1].split("</section>", maxsplit=1)[0]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def row(html: str, party: str) -> str:
    return words(html.split(f">{party}</a>")[1].split("</tr>", maxsplit=1)[0])


def test_each_party_has_its_own_standing(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn
) -> None:
    treaty = make_treaty(parties={"NL": "het Koninkrijk", "FR": "", "CA": "", "JP": ""})
    act(treaty, ActKind.SIGNATURE, "2008", "JP")
    act(treaty, ActKind.RATIFICATION, "2009-02-01", "FR")
    act(treaty, ActKind.DEPOSIT, "2009-03-01", "FR")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2010", "NL")
    fill_in(act(treaty, ActKind.ENTRY_INTO_FORCE, "2014", "NL"), territory=Party.objects.get(code="AW"))
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2010", "CA")
    fill_in(act(treaty, ActKind.DENUNCIATION, "2019", "CA"), effect_on="2020-12-05")
    html = page(public, f"/treaties/{treaty.reference}/")
    table = section(html, "parties")
    assert "Denounced" in row(table, "Canada")
    assert "with effect from 5 December 2020" in row(table, "Canada")
    assert "Ratified no entry into force on record" in row(table, "France")
    assert ("1 February 2009 (ratification)" in row(table, "France"), "1 March 2009" in row(table, "France")) == (
        True,
        True,
    )
    assert "Signed no entry into force on record" in row(table, "Japan")
    assert "In force Aruba: In force" in row(table, "Netherlands")
    assert "Named in the text as “het Koninkrijk”" in row(table, "Netherlands")
    assert "No longer in force for Canada." in html


def test_signatures_are_told_where_more_than_the_date_is_known(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn
) -> None:
    treaty = make_treaty()
    one = act(treaty, ActKind.SIGNATURE, "2008-05-05", "NL", place="Straatsburg")
    assert 'id="signatures"' not in page(public, f"/treaties/{treaty.reference}/")
    fill_in(one, signatory="J. Jansen", capacity="minister", manner="ad_referendum", full_powers="produced")
    said = words(section(page(public, f"/treaties/{treaty.reference}/"), "signatures"))
    for text in ("J. Jansen", "minister", "Signature ad referendum", "Full powers were produced", "Straatsburg"):
        assert text in said


def test_a_withdrawn_reservation_is_folded_away_and_says_so(
    public: Client, make_treaty: MakeTreaty, state: State
) -> None:
    treaty = make_treaty(parties={"NL": "", "FR": "", "CA": ""})
    standing = state(treaty, DeclarationKind.RESERVATION, "FR", "2009", text="Not article 7.")
    state(treaty, DeclarationKind.OBJECTION, "NL", "2010", text="Incompatible.", objects_to=standing)
    state(treaty, DeclarationKind.RESERVATION, "CA", "2009", text="Not article 12.", withdrawn_on="2016-03-01")
    state(treaty, DeclarationKind.RESERVATION, "CA", "2009", text="Never made.", is_retracted=True)
    html = section(page(public, f"/treaties/{treaty.reference}/"), "statements")
    open_part, closed = html.split("<details")
    assert ("Not article 7." in open_part, "Incompatible." in open_part) == (True, True)
    assert "Not article 12." not in open_part
    assert "1 that was withdrawn" in closed
    assert "Withdrawn" in closed
    assert "withdrawn on 1 March 2016" in words(closed)
    assert "Never made." not in html


def test_an_objection_stands_beneath_its_reservation_and_alone_without_it() -> None:
    reservation = Declaration(pk=1, kind=DeclarationKind.RESERVATION, on=date(2010, 1, 1))
    objection = Declaration(pk=2, kind=DeclarationKind.OBJECTION, objects_to_id=1)
    ahead = Declaration(pk=3, kind=DeclarationKind.DECLARATION, withdrawn_on=date(2030, 1, 1))
    found = statements([objection, ahead, reservation], date(2026, 1, 1))
    assert [one.declaration.pk for one in found.standing] == [1, 3]
    assert [one.declaration.pk for one in found.standing[0].objections] == [2]
    assert [one.declaration.pk for one in statements([objection], date(2026, 1, 1)).standing] == [2]
    assert [one.declaration.pk for one in statements([ahead], date(2030, 1, 1)).withdrawn] == [3]


def test_publications_are_a_table_of_their_own(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn, paper: MakePaper
) -> None:
    treaty = make_treaty()
    open_paper, closed_paper = paper(treaty, words="open"), paper(treaty, words="closed", access=Access.GOVERNMENT)
    address = "https://www.ejustice.just.fgov.be/eli/decreet/2010"
    decree = act(treaty, ActKind.DECREE_PUBLICATION, "2010-08-18", number="2010035567")
    fill_in(decree, page="53421", address=address, document=open_paper)
    fill_in(act(treaty, ActKind.NOTICE_PUBLICATION, "2011"), document=closed_paper)
    html = page(public, f"/treaties/{treaty.reference}/")
    table = section(html, "publications")
    assert f'href="{address}"' in table
    assert [text for text in ("18 August 2010", "2010035567", "53421", "Tekst open") if text not in words(table)] == []
    assert "Tekst closed" not in html


def test_texts_are_grouped_by_what_they_are_worth_and_versions_stay_together(
    public: Client, make_treaty: MakeTreaty, paper: MakePaper, fill_in: FillIn
) -> None:
    treaty = make_treaty()
    first, second, third = (paper(treaty, words=str(number)) for number in (1, 2, 3))
    fill_in(first, standing=TextStanding.COURTESY_TRANSLATION)
    fill_in(second, standing=TextStanding.COURTESY_TRANSLATION, replaces=first, access=Access.GOVERNMENT)
    fill_in(third, standing=TextStanding.COURTESY_TRANSLATION, replaces=second)
    fill_in(paper(treaty, words="4"), standing=TextStanding.AUTHENTIC)
    html = section(page(public, f"/treaties/{treaty.reference}/"), "documents")
    assert re.findall(r'class="shelf">([^<]+)<', html) == ["Authentic text", "Courtesy translation"]
    # The version between them is not public: what came before it is old all the same.
    assert "1 older version" in html
    assert re.findall(r"papers__name.*?>(Tekst \d)<", html) == ["Tekst 4", "Tekst 3"]
    assert "Tekst 2" not in html
    facts = page(public, f"/treaties/{treaty.reference}/").split('<dl class="facts">')[1].split("</dl>")[0]
    assert ("Tekst 3" in facts, "Tekst 1" in facts) == (True, False)


def test_a_version_that_comes_after_itself_is_still_shown() -> None:
    documents = [Document(pk=1, kind="other", treaty_id=1), Document(pk=2, kind="other", treaty_id=1)]
    for document in documents:
        document.added_at = date(2020, 1, document.pk)  # type: ignore[assignment]
    assert [paper.document.pk for paper in shelves(documents[:1], {1: 1})[0].papers] == [1]
    assert [paper.document.pk for paper in shelves(documents, {1: 2, 2: 1})[0].papers] == [1, 2]
    (newest,) = shelves(documents, {2: 1})[0].papers
    assert (newest.document, newest.older) == (documents[1], [documents[0]])


def test_relations_to_what_is_outside_the_register_have_its_address(
    public: Client, make_treaty: MakeTreaty, fill_in: FillIn
) -> None:
    treaty = make_treaty()
    address = "https://eur-lex.europa.eu/eli/dec/2012/345"
    outside = Relation(
        treaty=treaty,
        kind=RelationKind.EU_CONCLUSION,
        outside="Decision 2012/345/EU",
        address=address,
        article="art. 1",
    )
    fill_in(outside, on="2012-06-01")
    html = section(page(public, f"/treaties/{treaty.reference}/"), "related")
    assert f'<a href="{address}" rel="external">Decision 2012/345/EU</a>' in html
    assert "art. 1, since 1 June 2012" in words(html)


@pytest.mark.parametrize(
    ("kind", "what", "columns", "sentence"),
    [
        (Kind.TREATY, "denunciation", {}, "Denounced by Netherlands: notice of 2020."),
        (Kind.TREATY, "denunciation", {}, "The date on which the denunciation takes effect is not known"),
        (Kind.TREATY, "denunciation", {"effect_on": "2190"}, "notice of 2020, with effect from 2190."),
        (Kind.TREATY, "denunciation", {"effect_on": "2021"}, "No longer in force since 2021: it was denounced"),
        (Kind.TREATY, "suspension", {}, "Suspended since 2020"),
        (Kind.TREATY, "expiry", {"party": None}, "No longer in force since 2020: it expired"),
        (Kind.MOU, "expiry", {"party": None}, "No longer in effect since 2020: it expired"),
        (Kind.TREATY, "replacement", {"party": None}, "No longer in force since 2020: it was replaced"),
        (Kind.TREATY, "expiry", {"party": None, "on": "2190"}, "It expires on 2190, unless it is renewed."),
        (Kind.TREATY, "expiry", {"party": None, "on": ""}, "An end is recorded, but its date is not known."),
    ],
)
def test_the_verdict_on_how_it_ends(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn, kind: Kind, what: str,
    columns: dict[str, object], sentence: str,
) -> None:  # fmt: skip
    treaty = make_treaty(kind=kind)
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2010")
    fill_in(act(treaty, ActKind(what), "2020", "NL"), **columns)
    assert sentence in page(public, f"/treaties/{treaty.reference}/")


def test_what_replaced_it_is_named(public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn) -> None:
    old, new, hidden = (
        make_treaty(),
        make_treaty(title="Nieuw verdrag"),
        make_treaty(title="G", access=Access.GOVERNMENT),
    )
    act(old, ActKind.ENTRY_INTO_FORCE, "2010")
    fill_in(Relation(treaty=new, kind=RelationKind.REPLACES, other=old), on="")
    fill_in(Relation(treaty=hidden, kind=RelationKind.REPLACES, other=old), on="")
    html = page(public, f"/treaties/{old.reference}/")
    assert "In force since 2010" in html
    assert "“Nieuw verdrag” replaces or ends it, but the register holds no date of its end." in html
    act(old, ActKind.REPLACEMENT, "2020")
    html = page(public, f"/treaties/{old.reference}/")
    assert "No longer in force since 2020: it was replaced by “Nieuw verdrag”</p>" in html


def test_a_denunciation_before_its_notice_is_flagged_and_both_dates_stay(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2000")
    fill_in(act(treaty, ActKind.DENUNCIATION, "2010-05-01", "NL", source="S1"), effect_on="2009-05-01")
    html = page(public, f"/treaties/{treaty.reference}/")
    assert "The denunciation would take effect on 1 May 2009 (Netherlands), before its notice of 1 May 2010." in html
    assert ("1 May 2009" in words(section(html, "facts")), "1 May 2010" in words(section(html, "facts"))) == (
        True,
        True,
    )


def test_the_history_tells_the_new_columns(
    inside: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn, state: State, paper: MakePaper
) -> None:
    treaty = make_treaty()
    document = paper(treaty, words="bijlage")
    one = act(treaty, ActKind.DENUNCIATION, "2010", "NL")
    fill_in(one, effect_on="2011-05", territory=Party.objects.get(code="AW"), document=document)
    stated = state(treaty, DeclarationKind.RESERVATION, "NL", "2010", text="Not article 5.")
    state(treaty, DeclarationKind.OBJECTION, "FR", "2011", text="No.", objects_to=stated)
    fill_in(stated, withdrawn_on="2015-02-03")
    fill_in(treaty, depositary=Party.objects.get(code="FR"), authentic_languages=["nl", "fr"])
    said = words(page(inside, f"/treaties/{treaty.reference}/history/"))
    for text in (
        "Act (notice of denunciation, Netherlands, Aruba): date of effect became “May 2011”.",
        "Act (notice of denunciation, Netherlands, Aruba): document became “Tekst bijlage”.",
        "Reservation (Netherlands): withdrawn on became “3 February 2015”.",
        "Objection (France) was added: “2011; English; No.; reservation, Netherlands, 2010”.",
        "Depositary became “France”.",
        "Authentic languages became “Dutch, French”.",
    ):
        assert text in said, text
