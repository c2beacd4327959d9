"""References for programs, read back by strict readers: what goes in comes out, whatever the title is."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from treaties.citations import Cited, bibtex, csl, line, ris
from treaties.dates import UNKNOWN, parse

PLAIN = Cited(
    reference="TABC1234",
    is_treaty=True,
    title="Verdrag over de Nieuwe Sluis Terneuzen",
    language="nl",
    short_title="Nieuwe Sluis",
    other_titles=("Treaty on the New Lock",),
    parties=("Netherlands", "Flanders"),
    signed=parse("2015-02-05"),
    place="Terneuzen",
    signatures=(),
    register="Treaty Register of Flanders",
    address="https://example.org/treaties/TABC1234/",
)
HOSTILE = (
    "}} @comment{x}, author = {Nobody",
    'A "quoted" title with {braces} and \\input{/etc/passwd} $x^2_1$ 100 % & #1 ~',
    "Twee regels\r\nER  - \r\n\r\nTY  - JOUR\u2028nog een\x00\x07",
    "\\",
    "{",
    "}",
    "%",
    "</script><script>alert(1)</script>",
    "a and b and others",
)
COMMANDS = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "&%$#_"},
}


def unescaped(text: str) -> str:
    """What TeX prints; fails on a sign that TeX would take for something else."""
    rest = re.sub("|".join(map(re.escape, COMMANDS)), "", text)
    assert not re.search(r"[\\{}&%$#_~^]", rest), text
    return re.sub("|".join(map(re.escape, COMMANDS)), lambda found: COMMANDS[found[0]], text)


def balanced(text: str) -> bool:
    """As BibTeX counts: every brace, also one behind a backslash."""
    depth = 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


def read_bibtex(text: str) -> dict[str, str]:
    """The fields of the one entry; fails on anything but the form that is written here."""
    lines = text.splitlines()
    head = re.fullmatch(r"@misc\{([A-Z0-9]+),", lines[0])
    assert head
    assert lines[-1] == "}"
    assert balanced(text)
    fields = {"key": head[1]}
    for number, said in enumerate(lines[1:-1], start=2):
        found = re.fullmatch(r"  ([a-z]+) = (\{.*\}|[a-z]{3})(,?)", said)
        assert found, said
        assert bool(found[3]) == (number < len(lines) - 1)
        assert balanced(found[2])
        assert found[1] not in fields
        fields[found[1]] = found[2].removeprefix("{").removesuffix("}")
    return fields


def read_ris(text: str) -> list[tuple[str, str]]:
    """Tag and value of each line; fails on a line that is none, and on a record within a record."""
    assert text.endswith("ER  - \r\n")
    assert text.splitlines() == text.removesuffix("\r\n").split("\r\n")
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", said) for said in text.splitlines()]
    assert all(found)
    pairs = [(one[1], one[2]) for one in found if one]
    assert [tag for tag, _value in pairs].count("TY") == [tag for tag, _value in pairs].count("ER") == 1
    assert (pairs[0][0], pairs[-1]) == ("TY", ("ER", ""))
    return pairs


def read_csl(text: str) -> dict[str, Any]:
    (item,) = json.loads(text)
    assert isinstance(item, dict)
    return item


def test_bibtex_says_what_the_record_says() -> None:
    assert read_bibtex(bibtex(PLAIN)) == {
        "key": "TABC1234",
        "title": "{Verdrag over de Nieuwe Sluis Terneuzen}",
        "shorttitle": "Nieuwe Sluis",
        "author": "{Netherlands} and {Flanders}",
        "date": "2015-02-05",
        "year": "2015",
        "month": "feb",
        "location": "Terneuzen",
        "howpublished": "Treaty Register of Flanders",
        "number": "TABC1234",
        "language": "nl",
        "note": "Treaty on the New Lock",
        "url": "https://example.org/treaties/TABC1234/",
    }


def test_ris_says_what_the_record_says() -> None:
    assert read_ris(ris(PLAIN)) == [
        ("TY", "LEGAL"), ("ID", "TABC1234"), ("TI", "Verdrag over de Nieuwe Sluis Terneuzen"), ("ST", "Nieuwe Sluis"),
        ("TT", "Treaty on the New Lock"), ("AU", "Netherlands"), ("AU", "Flanders"), ("PY", "2015"),
        ("DA", "2015/02/05/"), ("CY", "Terneuzen"), ("LA", "nl"), ("DB", "Treaty Register of Flanders"),
        ("AN", "TABC1234"), ("UR", "https://example.org/treaties/TABC1234/"), ("ER", ""),
    ]  # fmt: skip


def test_csl_says_what_the_record_says() -> None:
    assert read_csl(csl(PLAIN)) == {
        "id": "TABC1234",
        "type": "treaty",
        "title": "Verdrag over de Nieuwe Sluis Terneuzen",
        "title-short": "Nieuwe Sluis",
        "author": [{"literal": "Netherlands"}, {"literal": "Flanders"}],
        "issued": {"date-parts": [[2015, 2, 5]]},
        "event-place": "Terneuzen",
        "language": "nl",
        "number": "TABC1234",
        "source": "Treaty Register of Flanders",
        "note": "Treaty on the New Lock",
        "URL": "https://example.org/treaties/TABC1234/",
    }


def test_what_is_not_known_is_not_said() -> None:
    bare = replace(
        PLAIN, language="", short_title="", other_titles=(), parties=(), signed=UNKNOWN, place="", is_treaty=False
    )
    assert set(read_bibtex(bibtex(bare))) == {"key", "title", "howpublished", "number", "url"}
    assert [tag for tag, _value in read_ris(ris(bare))] == ["TY", "ID", "TI", "DB", "AN", "UR", "ER"]
    assert read_ris(ris(bare))[0] == ("TY", "GEN")
    assert set(read_csl(csl(bare))) == {"id", "type", "title", "number", "source", "URL"}
    assert read_csl(csl(bare))["type"] == "document"


@pytest.mark.parametrize(
    ("signed", "date", "month", "stroked", "parts"),
    [
        ("2015", "2015", None, "2015///", [2015]),
        ("2015-11", "2015-11", "nov", "2015/11//", [2015, 11]),
        ("2015-11-03", "2015-11-03", "nov", "2015/11/03/", [2015, 11, 3]),
    ],
)
def test_a_partial_date_stays_partial(
    signed: str, date: str, month: str | None, stroked: str, parts: list[int]
) -> None:
    one = replace(PLAIN, signed=parse(signed))
    fields = read_bibtex(bibtex(one))
    assert (fields["date"], fields.get("month"), fields["year"]) == (date, month, "2015")
    assert dict(read_ris(ris(one)))["DA"] == stroked
    assert read_csl(csl(one))["issued"] == {"date-parts": [parts]}


def test_several_signatures_are_all_told() -> None:
    one = replace(PLAIN, signatures=("Gent, 12 December 2012", "Parijs, 16 January 2013"))
    told = "Signed: Gent, 12 December 2012; Parijs, 16 January 2013."
    with translation.override("en"):
        assert read_bibtex(bibtex(one))["note"] == f"Treaty on the New Lock {told}"
        assert ("N1", told) in read_ris(ris(one))
        assert read_csl(csl(one))["note"] == f"Treaty on the New Lock {told}"


def assert_comes_back(text: str) -> None:
    said = line(text) or "x"
    one = replace(PLAIN, title=said, short_title=said, other_titles=(said,), parties=(said, said), place=said)
    fields = read_bibtex(bibtex(one))
    assert unescaped(fields["title"].removeprefix("{").removesuffix("}")) == said
    assert unescaped(fields["note"]) == said
    assert [unescaped(name) for name in re.fullmatch(r"\{(.*)\} and \{(.*)\}", fields["author"]).groups()] == [  # type: ignore[union-attr]
        said,
        said,
    ]
    assert [value for tag, value in read_ris(ris(one)) if tag in ("TI", "ST", "TT", "AU", "CY")] == [said] * 6
    item = read_csl(csl(one))
    assert (item["title"], item["author"][1]["literal"], item["event-place"]) == (said, said, said)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_stays_a_title(text: str) -> None:
    assert_comes_back(text)


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert_comes_back(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\r\nb", "a b"), (" a\t b\u2028c\x85d ", "a b c d"), ("a\x00b\x1bc", "abc"), ("\ud800x", "x"), ("é ﬁ", "é ﬁ")],
)
def test_a_text_is_one_line(text: str, expected: str) -> None:
    assert line(text) == expected


def test_an_address_in_bibtex_closes_no_brace() -> None:
    one = replace(PLAIN, address="http://host/treaties/T1/?as_of=2015&x={}\\é")
    assert read_bibtex(bibtex(one))["url"] == "http://host/treaties/T1/?as_of=2015&x=%7B%7D%5C%C3%A9"
