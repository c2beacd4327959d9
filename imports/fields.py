"""What a column of a list can tell, and by which names of columns that is recognised (Dutch, English, French)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.choices import ListKind
from treaties.sorting import plain


@dataclass(frozen=True)
class Field:
    """A thing a column can tell: its stable name, its label, and the names of columns it is recognised by."""

    name: str
    label: str | Promise
    headers: tuple[str, ...]
    required: bool = False
    is_date: bool = False
    # The most characters a cell of it can hold.
    limit: int = 2_000


_SOURCE = Field("source", _("source of the row"), ("source", "bron", "source de la ligne"), limit=200)
_SOURCE_ID = Field(
    "source_id",
    _("number at the source"),
    (
        "source id",
        "treaty id",
        "id",
        "nummer",
        "number",
        "numéro",
        "no",
        "nr",
        "identifier at source",
        "nummer bij bron",
    ),
    limit=200,
)
_SIGNED = (
    "signed on", "signed", "date of signature", "signature date", "signature", "ondertekend op", "ondertekend",
    "datum ondertekening", "signé le", "date de signature",
)  # fmt: skip
_IN_FORCE = (
    "in force on", "in force", "entry into force", "date of entry into force", "force", "inwerkingtreding",
    "in werking op", "in werking", "datum inwerkingtreding", "entrée en vigueur", "en vigueur le", "vigueur",
)  # fmt: skip
_ENDED = (
    "ended on", "ended", "end", "end date", "terminated", "termination", "beëindigd op", "einde", "einddatum",
    "buiten werking", "fin", "date de fin", "terminé le",
)  # fmt: skip
_URL = ("url", "address", "link", "adres", "website", "adresse", "lien")

TREATY_FIELDS: tuple[Field, ...] = (
    _SOURCE,
    _SOURCE_ID,
    Field("title", _("title, in the language it is in"), ("title", "titel", "titre", "treaty title", "intitulé"), True),
    Field("title_nl", _("title in Dutch"), ("title nl", "titel nl", "dutch title", "nederlandse titel", "titre nl")),
    Field("title_en", _("title in English"), ("title en", "titel en", "english title", "engelse titel", "titre en")),
    Field("title_fr", _("title in French"), ("title fr", "titel fr", "french title", "franse titel", "titre fr")),
    Field("title_de", _("title in German"), ("title de", "titel de", "german title", "duitse titel", "titre de")),
    Field("kind", _("kind of instrument"), ("kind", "type", "soort", "aard", "nature"), limit=200),
    Field("signed_on", _("date of signature"), _SIGNED, is_date=True, limit=200),
    Field("in_force_on", _("date of entry into force"), _IN_FORCE, is_date=True, limit=200),
    Field("ended_on", _("date of end"), _ENDED, is_date=True, limit=200),
    Field("parties", _("parties, with ; between"), ("parties", "partijen", "landen", "pays"), limit=20_000),
    Field("subject", _("subject"), ("subject", "onderwerp", "sujet", "objet", "matière"), limit=2_000),
    Field("url", _("address of the source"), _URL, limit=1_000),
    Field("identifiers", _("numbers, as “unts I-1833; cets 5”"), ("identifiers", "nummers", "numéros"), limit=2_000),
    Field("summary_nl", _("summary in Dutch"), ("summary nl", "samenvatting", "samenvatting nl"), limit=10_000),
    Field("summary_en", _("summary in English"), ("summary", "summary en", "résumé en"), limit=10_000),
)

PARTICIPATION_FIELDS: tuple[Field, ...] = (
    _SOURCE,
    _SOURCE_ID,
    Field("title", _("title of the treaty"), ("treaty title", "title", "titel", "titre", "titel verdrag"), True),
    Field("party", _("party"), ("party", "partij", "partie", "country", "land", "pays"), True, limit=300),
    Field("party_iso3", _("alpha-3 code of the party"), ("party iso3", "iso3", "iso alpha3", "alpha-3"), limit=20),
    Field("signed_on", _("date of signature"), _SIGNED, is_date=True, limit=200),
    Field(
        "bound_on",
        _("date of consent to be bound"),
        ("bound on", "ratified on", "ratification", "gebonden op", "bekrachtigd op", "ratifié le", "lié le"),
        is_date=True,
        limit=200,
    ),
    Field("bound_by", _("act of consent"), ("bound by", "act", "gebonden door", "akte", "acte", "lié par"), limit=300),
    Field("in_force_on", _("date of entry into force"), _IN_FORCE, is_date=True, limit=200),
    Field("ended_on", _("date of end"), _ENDED, is_date=True, limit=200),
    Field("url", _("address of the source"), _URL, limit=1_000),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    ListKind.TREATIES: TREATY_FIELDS,
    ListKind.PARTICIPATION: PARTICIPATION_FIELDS,
}


def field(kind: str, name: str) -> Field:
    """The field of that name. Raises `KeyError` for none."""
    return {one.name: one for one in FIELDS[kind]}[name]


def suggest(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Column → field, as far as the names of the columns say so; each field once, the first column that fits."""
    mapping: dict[str, str] = {}
    known = {_plain(name): one.name for one in reversed(FIELDS[kind]) for name in (*one.headers, one.name)}
    for column in header:
        name = known.get(_plain(column))
        if name and name not in mapping.values():
            mapping[column] = name
    return mapping


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", plain(text)).strip()
