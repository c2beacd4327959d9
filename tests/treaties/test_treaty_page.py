"""The page of one treaty, its papers and its history: what they say, to whom, with how many queries."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests import factories
from tests.treaties.pages import SCRIPT, FillIn, MakeAct, MakePaper, MakeTreaty, State, page
from treaties.actions import (
    ActEntry,
    DeclarationEntry,
    Number,
    add_number,
    edit_treaty,
    relate,
    retract_act,
    save_acts,
    save_declarations,
    withdraw_declaration,
)
from treaties.choices import Access, ActKind, DeclarationKind, Kind, Qualification, RelationKind, Scheme
from treaties.dates import parse
from treaties.models import Party, Relation, Treaty
from workflow.models import Dossier

# --- One treaty ----------------------------------------------------------------------------------------------


def test_a_reference_in_lower_case_leads_to_the_one_address(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(reference="TABC1234")
    response = public.get("/treaties/tabc1234/?as_of=2010")
    assert (response.status_code, response.headers["Location"]) == (301, "/treaties/TABC1234/?as_of=2010")
    assert treaty.get_absolute_url() == "/treaties/TABC1234/"


def test_the_facts_come_in_the_order_of_the_department(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty(summary_nl="Over cultuur.", note="Bron onzeker.", sources="https://www.example.org/a")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "1/3/2016", source="https://www.example.org/b")
    act(treaty, ActKind.TEXT_PUBLICATION, "25/2/2016")
    act(treaty, ActKind.DECREE_PUBLICATION, "2/12/2015", number="2015036482")
    act(treaty, ActKind.DECREE, "13/11/2015")
    act(treaty, ActKind.SIGNATURE, "5/2/2015", place="Terneuzen")
    html = page(public, f"/treaties/{treaty.reference}/")
    facts = html.split('<dl class="facts">')[1].split("</dl>")[0]
    # Words of the glossary are links.
    assert re.findall(r"<dt>(?:<span[^>]*><a[^>]*>)?([^<]+)<", facts) == [
        "Summary", "Signed", "Sanctioned and promulgated", "Publication of the decree", "Publication of the text",
        "Entry into force", "Kind", "Themes",
    ]  # fmt: skip
    assert "5 February 2015</time>, Terneuzen" in facts
    assert '<a href="https://www.example.org/b" rel="external">example.org</a>' in facts
    for text in ("In force since 1 March 2016", "Bron onzeker.", "2015036482"):
        assert text in html
    assert (
        f"cultuur, Terneuzen, 5 February 2015, Treaty Register of Flanders, {treaty.reference}. http://testserver"
        in html
    )


def test_the_status_is_asked_for_another_day(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2015-02-05")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2016-03-01")
    address = f"/treaties/{treaty.reference}/"
    assert "Signed on 5 February 2015; no entry into force on record" in page(public, f"{address}?as_of=2015")
    assert "Status on 31 December 2015" in page(public, f"{address}?as_of=2015")
    assert "1 March 2016" not in page(public, f"{address}?as_of=2015")
    html = page(public, f"{address}?as_of=soon")
    assert "“soon” is not a date" in html
    assert "In force since 1 March 2016" in html


@pytest.mark.parametrize(
    ("kind", "acts", "sentence"),
    [
        (Kind.TREATY, [], "In preparation: not signed yet"),
        (Kind.TREATY, [("decree", "2015", "")], "No date of signature or entry into force in the register"),
        (Kind.TREATY, [("signature", "2007-03", "")], "Signed in March 2007; no entry into force on record"),
        (Kind.TREATY, [("provisional_application", "2017-09-21", "")], "Provisionally applied since 21 September 2017"),
        (Kind.TREATY, [("entry_into_force", "2016", "NL")], "In force for Netherlands since 2016"),
        (
            Kind.TREATY,
            [("entry_into_force", "2016", "NL"), ("entry_into_force", "2018", "FR")],
            "In force for Netherlands and France, for the first of them since 2016",
        ),
        (Kind.TREATY, [("entry_into_force", "2016", ""), ("end", "2020-05", "")], "No longer in force since May 2020"),
        (
            Kind.TREATY,
            [("entry_into_force", "2016", "NL"), ("entry_into_force", "2018", "FR"), ("end", "2020", "NL")],
            "In force for France since 2018",
        ),
        (Kind.MOU, [("effect", "2016", "")], "In effect since 2016"),
        (Kind.MOU, [("signature", "2016-05-04", "")], "Signed on 4 May 2016"),
        (Kind.MOU, [("effect", "2016", ""), ("end", "2017", "")], "No longer in effect since 2017"),
    ],
)
def test_the_verdict(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, kind: Kind, acts: list[tuple[str, str, str]], sentence: str
) -> None:
    treaty = make_treaty(kind=kind)
    for what, when, party in acts:
        act(treaty, ActKind(what), when, party)
    assert f'<p class="verdict__title">{sentence}</p>' in page(public, f"/treaties/{treaty.reference}/")


def test_parties_have_their_own_dates_and_retracted_acts_are_gone(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, staff: User
) -> None:
    treaty = make_treaty(parties={"NL": "het Koninkrijk der Nederlanden", "FR": ""})
    act(treaty, ActKind.SIGNATURE, "2010-03-25", "NL")
    retract_act(actor=staff, act=act(treaty, ActKind.SIGNATURE, "1999", "FR"), reason="mistaken")
    html = page(public, f"/treaties/{treaty.reference}/")
    table = html.split("<table")[1].split("</table>")[0]
    assert re.findall(r'<a href="/countries/(\w+)/">', table) == ["FR", "NL"]
    assert "het Koninkrijk der Nederlanden" in table
    assert "25 March 2010" in table
    assert "1999" not in html


def test_a_mixed_treaty_lists_the_assents_of_the_belgian_entities(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    treaty = make_treaty(qualification=Qualification.MIXED)
    act(treaty, ActKind.ASSENT, "14/5/2008", "BE-WAL")
    act(treaty, ActKind.ASSENT, "10/7/2008")
    html = page(public, f"/treaties/{treaty.reference}/")
    table = html.split('aria-label="Assent of the Belgian entities"')[1].split("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th>', table) == ["Walloon Region", "Flanders"]
    assert "Assent of the Flemish Parliament" in html


def test_relations_are_read_from_both_sides_and_never_lead_to_what_is_hidden(
    public: Client, make_treaty: MakeTreaty, staff: User
) -> None:
    first, second, hidden = make_treaty(), make_treaty(), make_treaty(title="Geheim", access=Access.GOVERNMENT)
    for treaty, other in ((second, first), (hidden, first), (second, hidden)):
        relate(actor=staff, treaty=treaty, kind=RelationKind.AMENDS, other=other, reason="test")
    assert "<dt>Is amended by</dt>" in page(public, f"/treaties/{first.reference}/")
    html = page(public, f"/treaties/{second.reference}/")
    assert "<dt>Amends</dt>" in html
    assert f'href="/treaties/{first.reference}/"' in html
    assert "Geheim" not in html + page(public, f"/treaties/{first.reference}/")


def test_stages_are_public_and_the_dossier_is_not(
    public: Client, inside: Client, make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier]
) -> None:
    dossier = advance(make_dossier(), until="signature")
    address = dossier.treaty.get_absolute_url()
    html = page(public, address)
    assert re.findall(r'class="stage stage--(\w+)"', html)[:3] == ["done", "done", "current"]
    assert dossier.reference not in html
    assert "/history/" not in html
    html = page(inside, address)
    assert f"/dossiers/{dossier.reference}/" in html
    assert f"{address}history/" in html


def test_notes_of_a_live_dossier_are_not_public(
    public: Client, inside: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2015", note="only for colleagues")
    assert "only for colleagues" not in page(public, f"/treaties/{treaty.reference}/")
    assert "only for colleagues" in page(inside, f"/treaties/{treaty.reference}/")


# --- Documents -----------------------------------------------------------------------------------------------


def test_a_paper_is_a_download_that_runs_nothing(public: Client, make_treaty: MakeTreaty, paper: MakePaper) -> None:
    treaty = make_treaty()
    document = paper(treaty, filename="Schelde – één.pdf")
    assert document.sha256 in page(public, f"/treaties/{treaty.reference}/")
    response = public.get(f"/treaties/{treaty.reference}/documents/{document.sha256}/")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert response.headers["Content-Type"] == "application/pdf"
    assert (
        response.headers["Content-Disposition"]
        == "attachment; filename*=utf-8''Schelde%20%E2%80%93%20%C3%A9%C3%A9n.pdf"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_paper_that_is_internal_elsewhere_or_unknown_does_not_exist(
    public: Client, inside: Client, make_treaty: MakeTreaty, paper: MakePaper
) -> None:
    treaty, other = make_treaty(), make_treaty()
    internal = paper(treaty, access=Access.GOVERNMENT, words="internal")
    assert internal.sha256 not in page(public, f"/treaties/{treaty.reference}/")
    page(public, f"/treaties/{treaty.reference}/documents/{internal.sha256}/", 404)
    page(inside, f"/treaties/{other.reference}/documents/{internal.sha256}/", 404)
    page(public, f"/treaties/{treaty.reference}/documents/{'0' * 64}/", 404)
    page(public, f"/treaties/{treaty.reference}/documents/nonsense/", 404)
    response = inside.get(f"/treaties/{treaty.reference}/documents/{internal.sha256}/")
    response.close()
    assert response.status_code == 200


# --- History ----------------------------------------------------------------------------------------------------


def test_the_history_tells_each_change_with_its_difference(
    inside: Client, make_treaty: MakeTreaty, act: MakeAct, staff: User
) -> None:
    treaty = make_treaty(title=f"Oud {SCRIPT}")
    act(treaty, ActKind.SIGNATURE, "2015-02", place="Gent")
    record = factories.a_record(title="Nieuw", parties={"NL": "", "FR": ""})
    edit_treaty(actor=staff, treaty=treaty, record=record, version=factories.version(treaty), reason="title was wrong")
    html = page(inside, f"/treaties/{treaty.reference}/history/")
    assert SCRIPT not in html
    newest, signed, registered = html.split('<div class="timeline__body"')[1:]
    assert "An Beheerder (Dossier manager) changed the record" in newest
    assert "Reason: title was wrong" in newest
    text = re.sub(r"<[^>]+>", "", newest)
    assert "Title (Dutch): title changed from “Oud &lt;script&gt;alert(1)&lt;/script&gt;” to “Nieuw" in text
    assert "Party to a treaty was added: “France”." in text
    assert "Party to a treaty was taken away: “Flemish Region”." in text
    assert "Act (signature) was added: “February 2015; Gent”." in re.sub(r"<[^>]+>", "", signed)
    assert "registered the treaty" in registered


def test_the_history_is_for_people_inside_only(
    public: Client, make_treaty: MakeTreaty, reader: User, auditor: User
) -> None:
    address = f"/treaties/{make_treaty().reference}/history/"
    assert public.get(address).headers["Location"].startswith("/login/?next=")
    public.force_login(reader)
    page(public, address, 404)
    public.force_login(auditor)
    page(public, address)


def test_the_history_is_paged_by_change(inside: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty()
    for year in range(1990, 2020):
        act(treaty, ActKind.NOTIFICATION, str(year))
    first = page(inside, f"/treaties/{treaty.reference}/history/")
    assert first.count('class="timeline__body"') == 25
    assert page(inside, f"/treaties/{treaty.reference}/history/?page=2").count('class="timeline__body"') == 6


# --- Number of queries ----------------------------------------------------------------------

# Of the page and of its sheet, which does not ask after the procedure.
QUERIES = {"": 16, "sheet/": 14}


def _fill(
    treaty: Treaty,
    n: int,
    staff: User,
    *,
    act: MakeAct,
    paper: MakePaper,
    fill_in: FillIn,
    state: State,
    make: MakeTreaty,
) -> None:
    """`n` of everything that hangs on a treaty."""
    parties = list(Party.objects.filter(kind="state")[:n])
    before, reservation = None, None
    for place, party in enumerate(parties):
        one = act(treaty, ActKind.SIGNATURE, f"{1980 + place}", party.code, source="https://example.org/")
        before = fill_in(paper(treaty, words=f"{n} {place}"), replaces=before, standing="authentic")
        fill_in(one, territory=parties[-1 - place], document=before, signatory=f"Person {place}", effect_on="2030")
        fill_in(act(treaty, ActKind.TEXT_PUBLICATION, f"{1981 + place}"), document=before, page=str(place))
        reservation = state(treaty, DeclarationKind.RESERVATION, party.code, "1990")
        state(treaty, DeclarationKind.OBJECTION, party.code, "1991", objects_to=reservation)
        add_number(actor=staff, treaty=treaty, number=Number(Scheme.OTHER, f"{n}-{place}"), reason="test")
        relate(actor=staff, treaty=treaty, kind=RelationKind.AMENDS, other=make(), reason="test")
        outside = Relation(treaty=treaty, kind=RelationKind.EU_SIGNING, outside=f"Decision {place}")
        fill_in(outside, on="2010")
    fill_in(treaty, depositary=parties[0])
    fill_in(treaty.party_links.first(), territory=parties[0])


def test_a_treaty_and_its_history_cost_the_same_for_1_and_for_30(
    public: Client,
    inside: Client,
    make_treaty: MakeTreaty,
    act: MakeAct,
    paper: MakePaper,
    fill_in: FillIn,
    state: State,
    staff: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in (1, 30):
        treaty = make_treaty()
        _fill(treaty, n, staff, act=act, paper=paper, fill_in=fill_in, state=state, make=make_treaty)
        record = factories.a_record(themes=["toerisme"])
        edit_treaty(actor=staff, treaty=treaty, record=record, version=factories.version(treaty), reason="other theme")
        for address in ("", "sheet/"):
            with django_assert_num_queries(QUERIES[address]):
                page(public, f"/treaties/{treaty.reference}/{address}")
        with django_assert_num_queries(23):
            page(inside, f"/treaties/{treaty.reference}/history/")


def test_the_history_tells_what_was_changed_on_the_pages_of_a_record(
    inside: Client, make_treaty: MakeTreaty, staff: User
) -> None:
    treaty = make_treaty()
    party, other = Party.objects.get(code="NL"), Party.objects.get(code="AW")
    signed = ActEntry(ActKind.SIGNATURE, parse("2015-02"), party, effect=parse("2016"), territory=other, signatory="An")
    said = DeclarationEntry("reservation", party, "nl", "Artikel 3 geldt niet.", parse("2015"))
    save = {"actor": staff, "treaty": treaty, "reason": "depositary"}
    save_acts(rows=[signed], version=1, **save)
    save_declarations(rows=[said], version=2, **save)
    made = treaty.declarations.get()
    withdraw_declaration(actor=staff, declaration=made, when=parse("2020"), version=3, reason="note of 2020")
    objection = replace(said, kind="objection", party=other, objects_to=made)
    save_declarations(rows=[objection], version=4, **save)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page(inside, f"/treaties/{treaty.reference}/history/")))
    for words in (
        "recorded an act",
        "Act (Signature, Netherlands, Aruba) was added: “February 2015; 2016; An”.",
        "recorded a reservation, declaration or objection",
        "Reservation (Netherlands) was added: “2015; Dutch; Artikel 3 geldt niet.”",
        "Reservation (Netherlands): withdrawn on became “2020”.",
        "Objection (Aruba) was added: “2015; Dutch;",
        "; reservation, Netherlands, 2015",
    ):
        assert words.lower() in text.lower(), text
