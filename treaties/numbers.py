"""What a number of each scheme looks like, how it is kept, and where it can be read.

Pure: a scheme and a text in; a sentence, a text or an address out. Spellings that mean the same are kept as one, so
that a number is found and compared however it was typed. A form that an official record uses is widened here, never
changed there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treaties.choices import Scheme

# Demonstration records carry numbers that nobody takes for real ones.
DEMO = "DEMO"
# The first law with a NUMAC, the Official Gazette, the treaty series of the Netherlands and of the UN.
_FIRST_LAW, _GAZETTE, _TRB, _UN = 1789, 1845, 1951, 1946
# The first session of the Belgian parliament; the first Flemish Executive.
_FIRST_SESSION, _FIRST_GOVERNMENT = 1831, 1981
_SPACES = re.compile(r"\s+")

Found = re.Match[str]


@dataclass(frozen=True)
class Form:
    """How a number is written: the pattern, how it is kept, and the sentence for what does not fit."""

    pattern: re.Pattern[str]
    sentence: object
    keep: Callable[[Found], str]
    # Whether what the pattern found can be: a day that exists, two years that follow each other.
    fits: Callable[[Found], bool] = bool


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern over more lines; a raised dot stands for a space that may be left out."""
    return re.compile(text.replace("·", "[ ]?"), re.IGNORECASE | re.ASCII | re.VERBOSE)


def _until_next_year(first: int, year: str) -> bool:
    return first <= int(year) <= timezone.localdate().year + 1


def _day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


# --- Belgium and Flanders -----------------------------------------------------------------------------------

_FDFA = Form(
    _pattern(r"(?: (?:nr|no|dossier) \.? ·)? (?P<number> \d{1,6} (?:[./-] \d{1,4})? [a-z]? )"),
    _("A dossier number of the department is at most six digits, such as 817."),
    keep=lambda found: found["number"],
)
_REGISTER = Form(
    _pattern(r"[0-9a-z] (?: [0-9a-z\ ./_-]{0,48} [0-9a-z])?"),
    _("A number in an older register has at most 50 letters, digits, points, dashes and strokes, such as V-1998/12."),
    keep=lambda found: found[0],
)
_NUMAC = Form(
    _pattern(r"(?:numac :? ·)? (?P<year>\d{4}) [ /.-]? (?P<rest> [0-9a-z] \d{5})"),
    _("A NUMAC number is ten digits that begin with a year, such as 2008203092."),
    keep=lambda found: f"{found['year']}{found['rest'].upper()}",
    fits=lambda found: _until_next_year(_FIRST_LAW, found["year"]),
)


def _gazette(found: Found) -> str:
    day = f"{int(found['day']):02}-{int(found['month']):02}-{found['year']}"
    edition = f" ed. {found['edition']}" if found["edition"] else ""
    return f"BS {day}{edition} p. {int(found['page'])}"


_STAATSBLAD = Form(
    _pattern(r"""
        (?: (?: B\.?·S\.? | Belgisch[ ]Staatsblad | Staatsblad) (?:[ ]van)? ,? · )?
        (?P<day>\d{1,2}) [-./] (?P<month>\d{1,2}) [-./] (?P<year>\d{4}) ,?
        (?: · \(? (?:ed|editie) \.? · (?P<edition>\d) \)? ,? )?
        · (?:p|blz|bl) \.? · (?P<page>\d{1,6})
    """),
    _("A page of the Official Gazette is a day and a page, such as BS 18-05-2004 p. 39288."),
    keep=_gazette,
    fits=lambda found: (
        _until_next_year(_GAZETTE, found["year"])
        and _day(found["year"], found["month"], found["day"])
        and int(found["page"]) > 0
    ),
)


def _session(found: Found) -> str:
    """The years of a session, both in full; "BZ" before a special one."""
    if not found["to"]:
        return f"{'BZ ' if found['special'] else ''}{found['from']}"
    to = found["to"]
    if len(to) == 2:
        # "1999-00" is in the next century.
        to = f"{(int(found['from']) + 1) // 100:02}{to}"
    return f"{found['from']}-{to}"


def _document(found: Found) -> str:
    part = found["part"] or found["stroke"]
    letter = (found["letter"] or "").upper()
    return f"{int(found['number'])}{letter} ({_session(found)}){f' nr. {part.upper()}' if part else ''}"


def _session_fits(found: Found) -> bool:
    years = [int(year) for year in re.findall(r"\d{4}", _session(found))]
    follow = len(years) == 1 or years[1] == years[0] + 1
    return follow and _until_next_year(_FIRST_SESSION, str(years[0])) and int(found["number"]) > 0


_PARLIAMENT = Form(
    _pattern(r"""
        (?: (?: stuk | doc\.? | parl\.?·st\.? | nr\.?) · )*
        (?P<number>\d{1,5}) (?P<letter>-[a-z])? (?: / (?P<stroke>\d{1,3}) )?
        · \( (?P<special> B\.?·Z\.? · )? (?P<from>\d{4}) (?: · [-/–] · (?P<to> \d{4} | \d{2}) )? \)
        (?: ,? · (?:[-–]·)? (?:nr|no|n°)? \.? · (?P<part> \d{1,3} (?: [-/]? [a-z])? ) )?
    """),
    _(
        "A parliamentary document has a number and the years of its session, "
        "such as 1160 (2010-2011) or 1160 (2010-2011) nr. 1."
    ),
    keep=_document,
    fits=_session_fits,
)


def _meeting(found: Found) -> str:
    if found["minutes"]:
        item = f" punt {found['item']}" if found["item"] else ""
        return f"VR PV {found['minutes']}/{found['meeting']}{item}"
    if found["old_year"]:
        day = f"{found['old_day']}{found['old_month']}"
        return f"VR/{found['old_year']}/{day}/{found['old_paper']}".upper()
    return f"VR {found['year']} {found['day']}{found['month']} {found['paper']}".upper()


def _meeting_fits(found: Found) -> bool:
    if found["minutes"]:
        return _until_next_year(_FIRST_GOVERNMENT, found["minutes"])
    year, month, day = (found[f"old_{part}"] or found[part] for part in ("year", "month", "day"))
    return _until_next_year(_FIRST_GOVERNMENT, year) and _day(year, month, day)


_PAPER = r"(?:DOC|MED|DEC) \. \d{4} (?: /\d{1,3} )? (?: BIS | TER | QUATER | QUINQUIES | SEXIES | SEPTIES )?"
_VR_DOC = Form(
    _pattern(rf"""
          VR[ ] (?P<year>\d{{4}}) [ ] (?P<day>\d\d) (?P<month>\d\d) [ ] (?P<paper> {_PAPER} )
        | VR·/· (?P<old_year>\d{{4}}) / (?P<old_day>\d\d) \.? (?P<old_month>\d\d) / (?P<old_paper> {_PAPER} )
        | VR[ /]PV[ /] (?P<minutes>\d{{4}}) / (?P<meeting>\d{{1,3}}) (?: ,? · [-–]? · punt · (?P<item>\d{{1,4}}) )?
    """),
    _(
        "A document of the Government of Flanders has the day of its meeting, such as VR 2026 1210 DOC.0099/1, "
        "or VR/2006/1305/DOC.0551 for the older ones."
    ),
    keep=_meeting,
    fits=_meeting_fits,
)
_COUNCIL_OF_STATE = Form(
    _pattern(r"""
        (?: (?: advies | avis | nr\.? | RvS | L\.) · )*
        (?P<thousands>\d{1,3}) \.? (?P<rest>\d{3}) (?P<chamber> (?: / (?: \d | AV | AG | VR | V) ){1,3} )
    """),
    _(
        "An advice of the Council of State has the chamber after its number, "
        "such as 62.109/1, 62.109/1/V, 62.109/VR or 62.109/AV."
    ),
    keep=lambda found: f"{found['thousands']}.{found['rest']}{found['chamber'].upper()}",
)

# --- Treaty series ---------------------------------------------------------------------------------------

_TREATY_SERIES_NL = Form(
    _pattern(r"""
        (?: (?:Trb|Tractatenblad) \.? :? · )?
        (?P<year>\d{4}) (?: ,?·nr\.?· | ,· | / | - | [ ] ) (?P<number>\d{1,4})
    """),
    _("A number of the Tractatenblad is a year and a number, such as 2013, 35."),
    keep=lambda found: f"{found['year']}, {int(found['number'])}",
    fits=lambda found: _until_next_year(_TRB, found["year"]) and int(found["number"]) > 0,
)
_CETS = Form(
    _pattern(r"""
        (?: (?:C?ETS|STCE|STE|SEV) (?: ·(?:No|n°|nr)\.? )? :? · | No\.?· )?
        (?P<number>\d{1,3}) (?P<letter>[a-z])?
    """),
    _("A number of the Council of Europe Treaty Series is at most three digits, such as 159 or CETS 210."),
    keep=lambda found: f"{int(found['number']):03}{(found['letter'] or '').upper()}",
    fits=lambda found: int(found["number"]) > 0,
)


def _registration(found: Found) -> str:
    if not found["part"]:
        return f"{found['of'] or found['in']} UNTS {found['page'] or found['on']}"
    volume = f"{found['volume']}, " if found["volume"] else ""
    return f"{volume}{found['part'].upper()}-{int(found['number'])}"


_UNTS = Form(
    _pattern(r"""
          (?:UNTS,?·)? (?: (?:vol(?:ume)?\.?·)? (?P<volume>\d{1,4}) (?:·UNTS)? [, ] ·)?
          (?:No\.?·)? (?P<part>II|I|A) - (?P<number>\d{1,6})
        | (?:vol(?:ume)?\.?·)? (?P<of>\d{1,4}) (?: ·UNTS,?· | ,· ) (?:p\.?·)? (?P<page>\d{1,4})
        | UNTS,?· (?:vol(?:ume)?\.?·)? (?P<in>\d{1,4}) ,?· p\.?· (?P<on>\d{1,4})
    """),
    _(
        "A number of the United Nations Treaty Series is a registration, such as I-12345, "
        "or a volume and page, such as 1155 UNTS 331."
    ),
    keep=_registration,
)
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})", re.IGNORECASE)


def _chapter(found: Found) -> str:
    text = f"{found['chapter'].upper()}{(found['section'] or '').upper()}-{found['number']}{found['rest'].lower()}"
    return re.sub(r"[. ]", "-", text)


_MTDSG = Form(
    _pattern(r"""
        (?: chapter· | hoofdstuk· )?
        (?P<chapter>[IVX]{1,6}) (?P<section> [-.\ ][A-H])? [-.\ ] (?P<number>\d{1,3})
        (?P<rest> (?: [-.\ ] (?: [a-z] | \d{1,3}) ){0,2} )
    """),
    _("A chapter of the depositary list of the UN is a Roman number and a number, such as XXVI-8 or XI-B-16."),
    keep=_chapter,
    fits=lambda found: bool(_ROMAN.fullmatch(found["chapter"])),
)
_CN = Form(
    _pattern(r"""
        C\.?·N\.?· (?P<number>\d{1,4}) \. (?P<year>\d{4}) \. (?P<rest> [A-Z][0-9A-Z./-]*[0-9A-Z] )
        (?: ·\( [^()]{1,80} \) )?
    """),
    _("A depositary notification has its number, year and treaty, such as C.N.123.2014.TREATIES-IV.2."),
    keep=lambda found: f"C.N.{int(found['number'])}.{found['year']}.{found['rest']}",
    fits=lambda found: _until_next_year(_UN, found["year"]),
)

# --- European Union ---------------------------------------------------------------------------------------

_CELEX = Form(
    _pattern(r"""
        (?:celex:?·)? (?P<number> [0-9CE] (?P<year>\d{4}) [A-Z]{1,2}
            (?: \d{1,4} (?:\(\d\d\))? (?:R\(\d\d\))? (?:-\d{8})? | /[A-Z0-9/]{2,20} ) )
    """),
    _("A CELEX number is a sector, a year, a type and a number, such as 32017D0037 or 22017A0114(01)."),
    keep=lambda found: found["number"].upper(),
    fits=lambda found: _until_next_year(_TRB, found["year"]),
)


def _journal(found: Found) -> str:
    if found["new_year"]:
        return f"OJ {found['new_series'].upper()}, {found['new_year']}/{int(found['new_number'])}"
    letter = f" {found['letter'].upper()}" if found["letter"] else ""
    day = f"{int(found['day'])}.{int(found['month'])}.{found['year']}"
    last = f"-{found['last']}" if found["last"] else ""
    return f"OJ {found['series'].upper()} {found['number']}{letter}, {day}, p. {found['page']}{last}"


_OJ = Form(
    _pattern(r"""
        (?: (?: OJ | PbE[UG] | PB\.? | JO | ABl\.? ) ,? · )?
        (?: (?P<series>[LC]) · (?P<number>\d{1,4}) · (?P<letter>[AEIMS])? ,? (?:·van)? ·
            (?P<day>\d{1,2}) [-./] (?P<month>\d{1,2}) [-./] (?P<year>\d{4}) ,? ·
            (?:p|blz|S) \.? · (?P<page>\d{1,5}) (?: · [-–] · (?P<last>\d{1,5}) )?
          | (?P<new_series>[LC]) (?:·series)? ,? · (?P<new_year>\d{4}) / (?P<new_number>\d{1,6})
            (?: ,· \d{1,2}[-./]\d{1,2}[-./]\d{4} )? )
    """),
    _("A place in the Official Journal is such as OJ L 11, 14.1.2017, p. 23, or OJ L, 2024/123 since October 2023."),
    keep=_journal,
    fits=lambda found: (
        _until_next_year(2023, found["new_year"])
        if found["new_year"]
        else _until_next_year(1952, found["year"]) and _day(found["year"], found["month"], found["day"])
    ),
)
_ELI = Form(
    _pattern(r"""
        (?: (?P<site> https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+ ) / | /? )
        (?P<path> (?:id/)? eli (?: /[a-z0-9_.()-]+ ){2,12} ) /?
    """),
    _(
        "An ELI is an address with “/eli/”, such as https://www.ejustice.just.fgov.be/eli/decreet/2008/02/22/2008203092."
    ),
    keep=lambda found: f"{found['site'].lower()}/{found['path']}" if found["site"] else found["path"],
)

FORMS: dict[Scheme, Form] = {
    Scheme.FDFA: _FDFA,
    Scheme.REGISTER: _REGISTER,
    Scheme.NUMAC: _NUMAC,
    Scheme.STAATSBLAD: _STAATSBLAD,
    Scheme.PARLIAMENT: _PARLIAMENT,
    Scheme.VR_DOC: _VR_DOC,
    Scheme.COUNCIL_OF_STATE: _COUNCIL_OF_STATE,
    Scheme.TREATY_SERIES_NL: _TREATY_SERIES_NL,
    Scheme.CETS: _CETS,
    Scheme.UNTS: _UNTS,
    Scheme.MTDSG: _MTDSG,
    Scheme.CN: _CN,
    Scheme.CELEX: _CELEX,
    Scheme.OJ: _OJ,
    Scheme.ELI: _ELI,
}


def _read(scheme: str, value: str) -> tuple[Form | None, Found | None]:
    form = FORMS.get(Scheme(scheme)) if scheme in Scheme.values else None
    found = form.pattern.fullmatch(_SPACES.sub(" ", value.strip())) if form else None
    return form, found if form and found and form.fits(found) else None


def problem(scheme: str, value: str) -> str:
    """Why `value` is no number of `scheme`, as one sentence; empty where it is, or where the scheme is free."""
    form, found = _read(scheme, value)
    return str(form.sentence) if form and not found else ""


def kept(scheme: str, value: str) -> str:
    """`value` as it is kept: one spelling for each number. What has a problem comes back without outer spaces."""
    form, found = _read(scheme, value)
    return form.keep(found) if form and found else value.strip()


def is_demo(value: str) -> bool:
    """Whether a number says itself that it is made up for a demonstration."""
    return DEMO in value.upper()


def address(scheme: str, value: str) -> str:
    """Where what has this number can be read, at an address that its publisher keeps; empty where there is none."""
    if problem(scheme, value):
        return ""
    number = kept(scheme, value)
    if scheme == Scheme.ELI:
        return number if number.startswith("http") else f"{_eli_site(number)}/{number}"
    if scheme == Scheme.TREATY_SERIES_NL:
        return f"https://zoek.officielebekendmakingen.nl/trb-{number.replace(', ', '-')}.html"
    prefix = _ADDRESSES.get(Scheme(scheme)) if scheme in Scheme.values else None
    return prefix.replace("NUMBER", quote(number, safe="()/")) if prefix else ""


_ADDRESSES = {
    Scheme.CELEX: "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:NUMBER",
    Scheme.CETS: "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=NUMBER",
    Scheme.NUMAC: "https://www.ejustice.just.fgov.be/cgi_loi/article.pl?language=nl&numac_search=NUMBER&caller=eli",
}
# Kinds of act in the ELI of the Union; the others are those of the Belgian Official Gazette.
_OF_THE_UNION = frozenset({"reg", "reg_impl", "reg_del", "dir", "dir_impl", "dir_del", "dec", "dec_impl", "dec_del"})
_OF_THE_UNION |= {"agree_internation", "agree_international", "treaty", "C", "proc_rules", "reco"}


def _eli_site(path: str) -> str:
    kind = path.removeprefix("id/").split("/")[1]
    return "http://data.europa.eu" if kind in _OF_THE_UNION else "https://www.ejustice.just.fgov.be"
