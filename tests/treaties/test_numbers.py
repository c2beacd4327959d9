from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from treaties.choices import Scheme
from treaties.numbers import FORMS, address, is_demo, kept, problem

# Scheme, as typed, as kept.
GOOD = [
    ("fdfa", "817", "817"),
    ("fdfa", "nr. 1211", "1211"),
    ("fdfa", "979-2", "979-2"),
    ("register", "V-1998/12", "V-1998/12"),
    ("register", "12 bis", "12 bis"),
    ("numac", "2008203092", "2008203092"),
    ("numac", "NUMAC 2008203092", "2008203092"),
    ("numac", "2008/203092", "2008203092"),
    ("numac", "2021a40115", "2021A40115"),
    ("numac", "1870B30450", "1870B30450"),
    ("staatsblad", "BS 18-05-2004 p. 39288", "BS 18-05-2004 p. 39288"),
    ("staatsblad", "B.S. 18.5.2004, p. 39288", "BS 18-05-2004 p. 39288"),
    ("staatsblad", "18/05/2004 blz. 39288", "BS 18-05-2004 p. 39288"),
    ("staatsblad", "Belgisch Staatsblad van 18-05-2004, p. 39288", "BS 18-05-2004 p. 39288"),
    ("staatsblad", "BS 30-12-2002, ed. 2, p. 58698", "BS 30-12-2002 ed. 2 p. 58698"),
    ("parliament", "1160 (2010-2011)", "1160 (2010-2011)"),
    ("parliament", "1160 (2010-2011) nr. 1", "1160 (2010-2011) nr. 1"),
    ("parliament", "Stuk 1160 (2010-2011) – Nr. 1", "1160 (2010-2011) nr. 1"),
    ("parliament", "stuk 1384 (2007-2008) - Nr.3", "1384 (2007-2008) nr. 3"),
    ("parliament", "1160/2 (2010-11)", "1160 (2010-2011) nr. 2"),
    ("parliament", "13-A (2004-2005) nr. 1", "13-A (2004-2005) nr. 1"),
    ("parliament", "7 (1999-00) nr. 1-B", "7 (1999-2000) nr. 1-B"),
    ("parliament", "15 (2009) nr. 1", "15 (2009) nr. 1"),
    ("parliament", "15 (B.Z. 1995) nr. 1", "15 (BZ 1995) nr. 1"),
    ("vr_doc", "VR 2026 1210 DOC.0099/1", "VR 2026 1210 DOC.0099/1"),
    ("vr_doc", "vr 2019 0503 doc.0255/1bis", "VR 2019 0503 DOC.0255/1BIS"),
    ("vr_doc", "VR 2020 1307 MED.0256", "VR 2020 1307 MED.0256"),
    ("vr_doc", "VR/2006/1305/DOC.0551", "VR/2006/1305/DOC.0551"),
    ("vr_doc", "VR/2005/28.01/DOC.0052", "VR/2005/2801/DOC.0052"),
    ("vr_doc", "VR PV 2004/41 - punt 46", "VR PV 2004/41 punt 46"),
    ("council_of_state", "62.109/1", "62.109/1"),
    ("council_of_state", "62109/1/V", "62.109/1/V"),
    ("council_of_state", "advies 57.128/vr", "57.128/VR"),
    ("council_of_state", "68.936/AV", "68.936/AV"),
    ("council_of_state", "L. 27.123/8", "27.123/8"),
    ("trb", "2013, 35", "2013, 35"),
    ("trb", "Trb. 2013, 35", "2013, 35"),
    ("trb", "2003 nr. 167", "2003, 167"),
    ("trb", "2003/167", "2003, 167"),
    ("cets", "5", "005"),
    ("cets", "ETS No. 005", "005"),
    ("cets", "CETS 210", "210"),
    ("cets", "STE n° 159", "159"),
    ("unts", "I-12345", "I-12345"),
    ("unts", "i-012345", "I-12345"),
    ("unts", "vol. 1155, I-18232", "1155, I-18232"),
    ("unts", "UNTS vol. 1155, p. 331", "1155 UNTS 331"),
    ("unts", "1155 UNTS 331", "1155 UNTS 331"),
    ("mtdsg", "XXVI-8", "XXVI-8"),
    ("mtdsg", "Chapter xxvi.8", "XXVI-8"),
    ("mtdsg", "XI-B-16", "XI-B-16"),
    ("mtdsg", "IV-9-B", "IV-9-b"),
    ("cn", "C.N.123.2014.TREATIES-IV.2", "C.N.123.2014.TREATIES-IV.2"),
    ("cn", "CN 123.2014.TREATIES-XXVI.8 (Depositary Notification)", "C.N.123.2014.TREATIES-XXVI.8"),
    ("celex", "32017D0037", "32017D0037"),
    ("celex", "CELEX:22017A0114(01)", "22017A0114(01)"),
    ("celex", "12016M/TXT", "12016M/TXT"),
    ("celex", "02016R0679-20160504", "02016R0679-20160504"),
    ("oj", "L 11, 14.1.2017, p. 23", "OJ L 11, 14.1.2017, p. 23"),
    ("oj", "PB L 11 van 14.01.2017, blz. 23-45", "OJ L 11, 14.1.2017, p. 23-45"),
    ("oj", "OJ C 326, 26.10.2012, p. 1", "OJ C 326, 26.10.2012, p. 1"),
    ("oj", "OJ L, 2024/123", "OJ L, 2024/123"),
    ("oj", "OJ L, 2024/123, 12.1.2024", "OJ L, 2024/123"),
    (
        "eli",
        "http://www.ejustice.just.fgov.be/eli/decreet/2008/02/22/2008203092",
        "http://www.ejustice.just.fgov.be/eli/decreet/2008/02/22/2008203092",
    ),
    ("eli", "HTTPS://Data.Europa.eu/eli/dec/2017/37/oj", "https://data.europa.eu/eli/dec/2017/37/oj"),
    ("eli", "/eli/wet/1994/02/22/1994021048", "eli/wet/1994/02/22/1994021048"),
    ("other", "  anything, even – this  ", "anything, even – this"),
]
BAD = [
    ("fdfa", "1234567"),
    ("fdfa", "eight"),
    ("register", "§ 12"),
    ("register", "x" * 51),
    ("numac", "817"),
    ("numac", "20082030921"),
    ("numac", "0999203092"),
    ("numac", "2099203092"),
    ("numac", "DEMO000010"),
    ("staatsblad", "BS 18-05-2004"),
    ("staatsblad", "BS 31-02-2004 p. 1"),
    ("staatsblad", "BS 18-05-2004 p. 0"),
    ("staatsblad", "BS 18-05-1804 p. 1"),
    ("parliament", "1160"),
    ("parliament", "1160 nr. 1"),
    ("parliament", "1160 (2010-2012)"),
    ("parliament", "1160 (2011-2010) nr. 1"),
    ("parliament", "0 (2010-2011)"),
    ("parliament", "1160 (1799-1800)"),
    ("vr_doc", "VR 1"),
    ("vr_doc", "VR 2026 3213 DOC.0099/1"),
    ("vr_doc", "VR 1950 1210 DOC.0099/1"),
    ("vr_doc", "VR DEMO DOC.0601"),
    ("council_of_state", "62.109"),
    ("council_of_state", "62.109/X"),
    ("council_of_state", "109/1"),
    ("trb", "35"),
    ("trb", "2013, 0"),
    ("trb", "1899, 35"),
    ("cets", "0"),
    ("cets", "1234"),
    ("cets", "two"),
    ("unts", "12345"),
    ("unts", "III-12345"),
    ("mtdsg", "8"),
    ("mtdsg", "IIX-8"),
    ("mtdsg", "XXVI"),
    ("cn", "123.2014"),
    ("cn", "C.N.123.1899.TREATIES-IV.2"),
    ("celex", "2017/37"),
    ("celex", "39999D0037"),
    ("oj", "L 11"),
    ("oj", "L 11, 31.2.2017, p. 23"),
    ("oj", "L, 2017/37"),
    ("eli", "https://example.org/decree/1"),
    ("eli", "javascript:alert(1)//eli/x/y"),
    ("eli", "ftp://www.ejustice.just.fgov.be/eli/wet/1994/02/22/1"),
    ("eli", "https://user@host.be/eli/wet/1994"),
    ("eli", "eli"),
]


@pytest.fixture(autouse=True)
def _in_2026() -> Iterator[None]:
    with time_machine.travel("2026-11-24", tick=False):
        yield


@pytest.mark.parametrize(("scheme", "typed", "as_kept"), GOOD)
def test_a_number_is_kept_in_one_spelling(scheme: str, typed: str, as_kept: str) -> None:
    assert (problem(scheme, typed), kept(scheme, typed)) == ("", as_kept)


@pytest.mark.parametrize(("scheme", "typed", "as_kept"), GOOD)
def test_what_is_kept_is_kept_as_it_is(scheme: str, typed: str, as_kept: str) -> None:
    assert (problem(scheme, as_kept), kept(scheme, as_kept)) == ("", as_kept)


@pytest.mark.parametrize(("scheme", "typed"), BAD)
def test_what_is_no_number_of_its_scheme_is_said_in_a_sentence(scheme: str, typed: str) -> None:
    sentence = problem(scheme, typed)
    assert sentence == str(FORMS[Scheme(scheme)].sentence)
    assert sentence.endswith(".")
    assert address(scheme, typed) == ""


def test_every_scheme_but_the_free_one_has_a_form_and_examples() -> None:
    assert set(FORMS) == set(Scheme) - {Scheme.OTHER}
    assert {scheme for scheme, *_ in GOOD} == set(Scheme.values)
    assert {scheme for scheme, _ in BAD} == set(Scheme.values) - {"other"}


def test_the_year_of_a_number_may_be_next_year_and_no_later() -> None:
    assert problem("numac", "2027203092") == ""
    assert problem("numac", "2028203092") != ""


@pytest.mark.parametrize(
    ("scheme", "value", "expected"),
    [
        ("celex", "22017A0114(01)", "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:22017A0114(01)"),
        ("cets", "5", "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=005"),
        ("trb", "Trb. 2013, 35", "https://zoek.officielebekendmakingen.nl/trb-2013-35.html"),
        (
            "numac",
            "2008203092",
            "https://www.ejustice.just.fgov.be/cgi_loi/article.pl?language=nl&numac_search=2008203092&caller=eli",
        ),
        ("eli", "https://data.europa.eu/eli/dec/2017/37/oj", "https://data.europa.eu/eli/dec/2017/37/oj"),
        ("eli", "eli/dec/2017/37/oj", "http://data.europa.eu/eli/dec/2017/37/oj"),
        (
            "eli",
            "/eli/wet/1994/02/22/1994021048",
            "https://www.ejustice.just.fgov.be/eli/wet/1994/02/22/1994021048",
        ),
        ("fdfa", "817", ""),
        ("parliament", "1160 (2010-2011)", ""),
        ("other", "x", ""),
        ("nothing", "x", ""),
    ],
)
def test_where_a_number_can_be_read(scheme: str, value: str, expected: str) -> None:
    assert address(scheme, value) == expected


@pytest.mark.parametrize(("value", "demo"), [("VR DEMO DOC.0601", True), ("demo-16/1", True), ("62.109/1", False)])
def test_a_number_of_a_demonstration_says_so(value: str, demo: bool) -> None:
    assert is_demo(value) is demo


@given(st.sampled_from(Scheme.values), st.text(max_size=60) | st.from_regex(r"[A-Z0-9 ./()-]{0,30}", fullmatch=True))
def test_any_text_is_judged_and_what_is_kept_has_no_problem(scheme: str, text: str) -> None:
    with time_machine.travel("2026-11-24", tick=False):
        if not problem(scheme, text):
            once = kept(scheme, text)
            assert (problem(scheme, once), kept(scheme, once)) == ("", once)
        address(scheme, text)
