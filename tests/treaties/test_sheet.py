"""One treaty on paper: what the PDF says, to whom, and what it can never bring along."""

import io
import re

import pytest
from django.test import Client, override_settings
from pypdf import PdfReader

from tests.treaties.pages import FillIn, MakeAct, MakePaper, MakeTreaty, State, page
from treaties import sheet
from treaties.choices import Access, ActKind, DeclarationKind

PASSWD = '<link rel=attachment href="file:///etc/passwd"><img src="file:///etc/passwd">'


def pdf(client: Client, address: str) -> PdfReader:
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(response.content))


def text(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(one.extract_text() for one in reader.pages))


def test_the_pdf_says_what_the_page_says(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, state: State, fill_in: FillIn
) -> None:
    treaty = make_treaty(title="Cultureel verdrag", summary_nl="Over cultuur.", reference="TABC1234")
    fill_in(act(treaty, ActKind.SIGNATURE, "2015-02-05", "NL"), signatory="J. Jansen", capacity="minister")
    act(treaty, ActKind.DECREE, "2015-11-13")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2016-03-01", note="only for colleagues")
    state(treaty, DeclarationKind.RESERVATION, "NL", "2016", text="Not article 5.", withdrawn_on="2018")
    reader = pdf(public, "/treaties/TABC1234.pdf")
    said = text(reader)
    wanted = (
        "Cultureel verdrag", "TABC1234", "In force since 1 March 2016", "Over cultuur.", "J. Jansen", "minister",
        "Not article 5.", "Withdrawn", "http://testserver/treaties/TABC1234/", "Printed on",
    )  # fmt: skip
    assert [words for words in wanted if words not in said] == []
    places = [said.index(label) for label in ("Summary", "Signed", "Sanctioned and promulgated", "Entry into force")]
    assert places == sorted(places)
    assert "only for colleagues" not in said


def test_the_pdf_is_tagged_and_names_its_title_and_language(public: Client, make_treaty: MakeTreaty) -> None:
    reader = pdf(public, f"/treaties/{make_treaty(title='Cultureel verdrag').reference}.pdf")
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"]) is True
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Cultureel verdrag – T")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_sheet_of_another_day_says_so(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2015-02-05")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2016-03-01")
    said = text(pdf(public, f"/treaties/{treaty.reference}.pdf?as_of=2015"))
    assert "Signed on 5 February 2015; no entry into force on record" in said
    assert "You are looking back: how it stood on 31 December 2015" in said
    assert f"/treaties/{treaty.reference}/?as_of=2015-12-31" in said.replace("- ", "-")
    assert "2016" not in said


@pytest.mark.parametrize("ending", [".pdf", "/sheet/"])
def test_who_may_not_see_the_treaty_gets_no_sheet(
    public: Client, inside: Client, make_treaty: MakeTreaty, ending: str
) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    page(public, f"/treaties/{treaty.reference}{ending}", 404)
    page(public, f"/treaties/T0000000{ending}", 404)
    assert inside.get(f"/treaties/{treaty.reference}{ending}").status_code == 200


@pytest.mark.parametrize("ending", [".pdf", "/sheet/"])
def test_a_reference_in_lower_case_leads_to_the_one_address(
    public: Client, make_treaty: MakeTreaty, ending: str
) -> None:
    make_treaty(reference="TABC1234")
    response = public.get(f"/treaties/tabc1234{ending}?as_of=2010")
    assert (response.status_code, response.headers["Location"]) == (301, f"/treaties/TABC1234{ending}?as_of=2010")


def test_internal_papers_are_not_named(public: Client, make_treaty: MakeTreaty, paper: MakePaper) -> None:
    treaty = make_treaty()
    paper(treaty, words="openbaar")
    paper(treaty, words="geheim", access=Access.GOVERNMENT)
    said = text(pdf(public, f"/treaties/{treaty.reference}.pdf"))
    assert ("Tekst openbaar" in said, "Tekst geheim" in said) == (True, False)


def test_no_file_of_the_server_comes_along(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(title=f"Verdrag {PASSWD}", summary_nl=f"Over {PASSWD}", note=PASSWD)
    reader = pdf(public, f"/treaties/{treaty.reference}.pdf")
    assert list(reader.attachments) == []
    assert "root:" not in text(reader)
    assert "<link rel=attachment" in text(reader)  # as text


def test_no_file_comes_along_even_as_markup() -> None:
    """Not by the escaping alone: what fetches reads nothing but data addresses."""
    markup = f"<html lang=nl><head><title>x</title>{PASSWD}</head><body><p>hello</p></body></html>"
    made = sheet.pdf(markup, "https://register.example/")
    reader = PdfReader(io.BytesIO(made))
    assert list(reader.attachments) == []
    assert b"root:" not in made
    assert "hello" in text(reader)


def test_without_pdf_the_page_says_how_to_go_on(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty()
    with override_settings(PDF_SHEETS=False):
        html = page(public, f"/treaties/{treaty.reference}.pdf?as_of=2010", 503)
        assert "This server cannot make PDF files." in html
        assert f'href="/treaties/{treaty.reference}/sheet/?as_of=2010-12-31"' in html
        assert f"/treaties/{treaty.reference}.pdf" not in page(public, f"/treaties/{treaty.reference}/")
        assert ".pdf" not in page(public, f"/treaties/{treaty.reference}/sheet/")
        make_treaty(access=Access.GOVERNMENT, reference="TABC1234")
        page(public, "/treaties/TABC1234.pdf", 404)


def test_the_page_to_print_has_no_inline_style_or_script(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(title=f"Verdrag {PASSWD}")
    html = page(public, f"/treaties/{treaty.reference}/sheet/")
    assert PASSWD not in html
    assert re.findall(r"<style|style=|<script(?! src)|\son\w+=", html) == []
    assert html.count("<h1") == 1


def test_every_character_can_be_written(public: Client, make_treaty: MakeTreaty) -> None:
    treaty = make_treaty(title="Verdrag – 条約 العربية 😀 ﷽", summary_nl="x" * 9_000)
    assert len(pdf(public, f"/treaties/{treaty.reference}.pdf").pages) >= 2
