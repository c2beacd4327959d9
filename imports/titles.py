"""Texts as lists have them: kept letter for letter; what is broken is refused, what is odd is told. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from imports.problems import Problem
from treaties.choices import Kind, Language

LIMIT = 2_000
# Words that only one of these languages has, among those that titles of treaties are full of.
_WORDS: dict[Language, frozenset[str]] = {
    tongue: frozenset(words.split())
    for tongue, words in {
        Language.NL: "het van een inzake tussen verdrag overeenkomst wijziging regering koninkrijk der voor aangenomen"
        " betreffende houdende ondertekend opgemaakt gedaan met",
        Language.EN: "the of and between agreement concerning treaty to for on government with relating",
        Language.FR: "le la les du des et entre traité accord relatif relative république au aux sur à",
        Language.DE: "der die das und zwischen über abkommen vertrag zur zum dem den regierung von",
        Language.ES: "el la los las y entre acuerdo gobierno república convenio tratado sobre del por",
        Language.PT: "o a os as e entre acordo governo república do da dos das sobre em no na ao para",
        Language.IT: "il la gli e tra accordo governo repubblica della del delle dei sulla nel per",
    }.items()
}
# First nouns of titles, in the languages of the lists; the earliest one in the title says what it is.
_NOUNS: tuple[tuple[Kind, str], ...] = (
    (Kind.MOU, r"memorand(?:um|a|o) (?:of|de|van) (?:understanding|ent\w+|overeenstemming)|m[ée]morandum d.entente"),
    (Kind.MOU, r"memor[aá]ndum de entendimiento|memorandum van verstandhouding|gemeinsame absichtserkl\w+"),
    (Kind.PROGRAMME, r"work(?:ing)? programme|werkprogramma|programme de travail|arbeitsprogramm|programa de trabalho"),
    (Kind.EXCHANGE_OF_LETTERS, r"exchanges? of (?:notes|letters)|briefwisseling|notawisseling|notenwechsel"),
    (Kind.EXCHANGE_OF_LETTERS, r"[ée]change de (?:lettres|notes)|canje de notas|troca de notas|briefwechsel"),
    (Kind.AMENDMENT, r"amendments?|wijzigingen|amendement|emenda|enmiendas?"),
    (Kind.PROTOCOL, r"(?:additional |optional )?proto[ck]ol(?:l|e|o)?"),
    (Kind.CONVENTION, r"convention|conventie|convenci[oó]n|conven[cç][aã]o|[uü]bereinkommen|convenzione"),
    (
        Kind.AGREEMENT,
        r"agreements?|\w*overeenkomst|akkoord|accord|acuerdo|acordo|abkommen|vereinbarung|accordo|convenio",
    ),
    (Kind.TREATY, r"treaty|\w*verdrag|trait[ée]|tratado|vertrag|trattato"),
)
_KINDS = re.compile(
    "|".join(f"(?P<k{place}>\\b(?:{words})\\b)" for place, (_kind, words) in enumerate(_NOUNS)), re.IGNORECASE
)
# What UTF-8 becomes when it is read as Latin-1 or Windows-1252, where it cannot be put right as a whole.
_LOST = re.compile("Ã[¡-¿]|Â[\u00a0-¿’“”]|â€|Ð[\u0080-¿]|Ñ[\u0080-\u009f]")
# As which encoding UTF-8 is read by mistake: Western, Cyrillic, Mac.
_CODINGS = ("cp1252", "latin-1", "cp1251", "mac_roman")
# Control characters but tab and line ends, and halves of surrogate pairs: `treaties.texts` refuses them.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MEMO = re.compile("m[eé]mor|absichts", re.IGNORECASE)
_SERIES = re.compile(r"(?:treaty|miscellaneous|country|european communities) series\s+\w+/\d{4}", re.IGNORECASE)
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def language(text: str) -> Language:
    """The language of a title, where its words leave no doubt; `und` where they do."""
    if _has_script(text, "CYRILLIC"):
        return Language.OTHER
    words = re.findall(r"[^\W\d_]+", text.casefold())
    scores = sorted(
        ((sum(word in known for word in words), tongue) for tongue, known in _WORDS.items()),
        key=lambda pair: pair[0],
        reverse=True,
    )
    (most, tongue), (second, _other) = scores[:2]
    return tongue if most >= 2 and most >= second + 2 else Language.OTHER


def kind(title: str) -> Kind | None:
    """What the first noun of the title says the instrument is; None when no noun of it is known."""
    found = _KINDS.search(title)
    if not found or not found.lastgroup:
        return None
    return _NOUNS[int(found.lastgroup[1:])][0]


def mentions_mou(title: str) -> bool:
    """Whether the title speaks of a memorandum of understanding, wherever in it."""
    return any(found.lastgroup and _NOUNS[int(found.lastgroup[1:])][0] == Kind.MOU for found in _KINDS.finditer(title))


def problems(text: str, column: str, limit: int = LIMIT) -> Iterable[Problem]:
    """Why a text cannot be taken as it stands."""
    if len(kept(text)) > limit:
        yield Problem("too_long", column, text[:300], params={"found": str(len(kept(text))), "limit": str(limit)})
    if odd := sorted(set(_UNSTORABLE.findall(text))):
        codes = ", ".join(f"U+{ord(char):04X}" for char in odd)
        yield Problem("unstorable", column, _shown(text)[:300], _without_controls(text), {"found": codes})
    elif not text.isascii() and ((mended := unbroken(text)) or _LOST.search(text)):
        yield Problem("mojibake" if mended else "mojibake_lost", column, text[:limit], mended)


def unbroken(text: str) -> str:
    """What `text` says if it was UTF-8 that was read in another encoding; empty when it was not, or is damaged."""
    for coding in _CODINGS:
        try:
            mended = text.encode(coding).decode("utf-8")
        except UnicodeError:
            continue
        if mended != text and not _UNSTORABLE.search(mended):
            return mended
    return ""


def title_problems(text: str, column: str) -> Iterable[Problem]:
    yield from problems(text, column)
    if text.count("|") >= 5 or text.count("\t") >= 5:
        yield Problem("swallowed", column, text[:300])
    if _SERIES.match(text) and len(text) < 60:
        yield Problem("series_only", column, text)


def title_notes(text: str, column: str) -> Iterable[Problem]:
    """What is odd about a title that is taken as it stands."""
    if len(kept(text)) < 5:
        yield Problem("short_title", column, text)
    if text.rstrip().endswith(("...", "…")):
        yield Problem("cut_title", column)
    if re.search(r"</?[a-z]+[^<>]*>|<\w+", text):
        yield Problem("markup", column)
    if re.search(r"(?:\(\d{1,2}\)|\(vertaling\)|\(traduction\))\s*$", text, re.IGNORECASE):
        yield Problem("footnote", column)
    if mixed := next((word for word in re.findall(r"[^\W\d_]+", text) if _is_mixed(word)), ""):
        yield Problem("mixed_scripts", column, params={"found": mixed})
    if text != text.strip():
        yield Problem("trimmed", column)
    if "  " in text.strip():
        yield Problem("spaces", column)
    if len(text) > 20 and text.upper() == text and text.lower() != text:
        yield Problem("capitals", column)


def kept(text: str) -> str:
    """As the register keeps it: NFC, without outer white space, else letter for letter."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    return sum(_has_script(word, script) for script in _SCRIPTS) > 1


def _has_script(text: str, script: str) -> bool:
    return not text.isascii() and any(unicodedata.name(char, "").startswith(script) for char in text)


def _without_controls(text: str) -> str:
    """The same with the characters that Windows has in the place of C1 controls, and no others."""
    chars = []
    for char in text:
        if 0x80 <= ord(char) <= 0x9F:
            char = bytes([ord(char)]).decode("cp1252", errors="ignore")  # noqa: PLW2901
        elif _UNSTORABLE.match(char):
            char = ""  # noqa: PLW2901
        chars.append(char)
    return "".join(chars)


def _shown(text: str) -> str:
    return _UNSTORABLE.sub("�", text)
