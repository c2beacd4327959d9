"""One treaty for the programs people keep their references in: BibTeX, RIS and CSL-JSON. Pure.

Only what the record says. There is no day of consulting among it: that is known to who consults it only.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from treaties.choices import ActKind, Language, Precision, TitleKind
from treaties.dates import PartialDate
from treaties.models import Title
from treaties.presentation.page import official_titles
from treaties.presentation.words import rank
from treaties.queries import TreatyPage

BIBTEX_TYPE = "application/x-bibtex"
RIS_TYPE = "application/x-research-info-systems"
CSL_TYPE = "application/vnd.citationstyles.csl+json"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Braces are written as commands: BibTeX counts them, even behind a backslash.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
# What an address is written with in BibTeX, where it is not escaped; anything else in percent signs.
_NOT_IN_ADDRESS = re.compile(r"[^A-Za-z0-9:/?#@!&'()*+,;=._~%\[\]-]")


@dataclass(frozen=True)
class Cited:
    """What a reference to one treaty or memorandum holds; every text on one line, without control characters."""

    reference: str
    is_treaty: bool
    title: str
    # The language of `title`; empty where it has none of those with a code.
    language: str
    short_title: str
    # Its official titles in other languages.
    other_titles: tuple[str, ...]
    parties: tuple[str, ...]
    # Of the first dated signature.
    signed: PartialDate
    place: str
    # Every signature with a date, “Gent, 1 May 2012”, where there are several.
    signatures: tuple[str, ...]
    register: str
    address: str


def cited(page: TreatyPage, address: str) -> Cited:
    """What `page` has to cite, in the reader's language; `address` is the permanent one."""
    treaty = page.treaty
    official = official_titles(treaty)
    head = official[0] if official else treaty.best_title
    signed = [act for act in page.acts if act.kind == ActKind.SIGNATURE and act.on]
    places = dict.fromkeys(line(", ".join(filter(None, (act.place, str(act.when))))) for act in signed)
    return Cited(
        reference=treaty.reference,
        is_treaty=treaty.is_treaty,
        title=line(head.text if head else treaty.title),
        language=head.language if head and head.language != Language.OTHER else "",
        short_title=_short(treaty.titles.all(), head),
        other_titles=tuple(line(title.text) for title in official[1:]),
        parties=tuple(line(link.party.name) for link in treaty.party_links.all()),
        signed=signed[0].when if signed else PartialDate(None, Precision.UNKNOWN),
        place=line(signed[0].place) if signed else "",
        signatures=tuple(places) if len(places) > 1 else (),
        register=_("Treaty Register of Flanders"),
        address=address,
    )


def _short(titles: Iterable[Title], head: Title | None) -> str:
    """The short name in the language of the title; none where that heads the reference itself."""
    short = [title for title in titles if title.kind == TitleKind.SHORT and title != head]
    same = [title for title in sorted(short, key=rank) if head and title.language == head.language]
    return line(same[0].text) if same else ""


def line(text: str) -> str:
    """`text` on one line: any run of white space and breaks is one space; no control characters."""
    kept = "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) not in ("Cc", "Cs"))
    return " ".join(kept.split())


# --- BibTeX -------------------------------------------------------------------------------------------


def bibtex(one: Cited) -> str:
    """One `@misc` entry, in UTF-8; titles and names in braces of their own, so that no style changes them."""
    fields = [f"  {name} = {value}" for name, value in _bibtex_fields(one) if value]
    return f"@misc{{{one.reference},\n" + ",\n".join(fields) + "\n}\n"


def _bibtex_fields(one: Cited) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{{{_tex(one.title)}}}}}"
    yield "shorttitle", _braced(one.short_title)
    yield "author", f"{{{' and '.join(f'{{{_tex(name)}}}' for name in one.parties)}}}" if one.parties else ""
    yield "date", _braced(one.signed.iso)
    on = one.signed.on
    yield "year", _braced(f"{on.year:04}") if on else ""
    yield "month", MONTHS[on.month - 1] if on and one.signed.precision != Precision.YEAR else ""
    yield "location", _braced(one.place)
    yield "howpublished", _braced(one.register)
    yield "number", _braced(one.reference)
    yield "language", _braced(one.language)
    yield "note", _braced(_note(one))
    yield "url", f"{{{_NOT_IN_ADDRESS.sub(_percent, one.address)}}}"


def _tex(text: str) -> str:
    return text.translate(_BIBTEX)


def _braced(text: str) -> str:
    return f"{{{_tex(text)}}}" if text else ""


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _note(one: Cited) -> str:
    """What the forms have no field for: the titles in other languages, and signatures on several days."""
    signed = _("Signed: %(where)s.") % {"where": "; ".join(one.signatures)} if one.signatures else ""
    return " ".join(filter(None, ("; ".join(one.other_titles), signed)))


# --- RIS ----------------------------------------------------------------------------------------------


def ris(one: Cited) -> str:
    """One record, one line per tag, ended as the form asks with CR and LF. RIS has no type for a treaty: `LEGAL`."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(one))


def _ris_lines(one: Cited) -> Iterator[tuple[str, str]]:
    yield "TY", "LEGAL" if one.is_treaty else "GEN"
    yield "ID", one.reference
    yield "TI", one.title
    if one.short_title:
        yield "ST", one.short_title
    for title in one.other_titles:
        yield "TT", title
    for name in one.parties:
        yield "AU", name
    if one.signed.on:
        yield "PY", f"{one.signed.on.year:04}"
        yield "DA", _ris_date(one.signed)
    if one.place:
        yield "CY", one.place
    if one.language:
        yield "LA", one.language
    if one.signatures:
        yield "N1", _("Signed: %(where)s.") % {"where": "; ".join(one.signatures)}
    yield "DB", one.register
    yield "AN", one.reference
    yield "UR", one.address
    yield "ER", ""


def _ris_date(when: PartialDate) -> str:
    """YYYY/MM/DD/ with nothing between the strokes for what is not known."""
    parts = when.iso.split("-")
    return "/".join([*parts, *[""] * (4 - len(parts))])


# --- CSL-JSON -----------------------------------------------------------------------------------------


def csl(one: Cited) -> str:
    """A list with one item, as programs that read CSL-JSON expect; a memorandum is not a treaty."""
    item: dict[str, Any] = {
        "id": one.reference,
        "type": "treaty" if one.is_treaty else "document",
        "title": one.title,
        "title-short": one.short_title,
        "author": [{"literal": name} for name in one.parties],
        "issued": {"date-parts": [_date_parts(one.signed.on, one.signed)]} if one.signed.on else None,
        "event-place": one.place,
        "language": one.language,
        "number": one.reference,
        "source": one.register,
        "note": _note(one),
        "URL": one.address,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def _date_parts(on: date, when: PartialDate) -> list[int]:
    return [on.year, on.month, on.day][: {Precision.YEAR: 1, Precision.MONTH: 2}.get(when.precision, 3)]
