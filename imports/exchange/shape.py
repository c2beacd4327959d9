"""What stands in an export: parts (kinds of rows) and their columns, the same for JSON and CSV.

Every reader and writer walks through these tables; docs/exchange.md tells them to people. A change of them is a new
`FORMAT`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from django.db import models

from accounts.models import Department
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    Party,
    PartyName,
    Relation,
    Theme,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)

FORMAT = "treaty-register/2"
# The day this format was laid down. An export holds no time of its own: the same record gives the same bytes.
FORMAT_DATE = "2026-11-24"


class Form(Enum):
    """What a value is in the files."""

    TEXT = auto()
    ADDRESS = auto()  # empty, or a web address
    CODE = auto()  # one of the choices of the column, or empty where that may be
    CODES = auto()  # a list of them
    TEXTS = auto()
    DAY = auto()  # 2007-03-09, or empty
    DATE = auto()  # EDTF level 0: 2007-03-09, 2007-03, 2007, or empty for unknown
    NUMBER = auto()
    YESNO = auto()
    PARTY = auto()  # code of a party, or empty
    DEPARTMENT = auto()  # code of a department, or empty
    THEME = auto()  # slug of a theme, or empty
    TREATY = auto()  # reference of a treaty, or empty
    ID = auto()  # number of the row within its treaty, from 1
    ROW = auto()  # such a number of a row of part `of`, or none


# Values of these are whole numbers or nothing; of YESNO true or false; of the lists, lists of texts.
NUMBERS = frozenset({Form.NUMBER, Form.ID, Form.ROW})
LISTS = frozenset({Form.CODES, Form.TEXTS})
# A value as it stands in a file of JSON, and in memory between file and database.
Value = str | int | bool | list[str] | None


@dataclass(frozen=True)
class Column:
    """`field` is the column of the model where it has another name; `precision` the one beside a `DATE`."""

    name: str
    form: Form = Form.TEXT
    field: str = ""
    precision: str = ""
    required: bool = False
    of: str = ""

    @property
    def source(self) -> str:
        return self.field or self.name


@dataclass(frozen=True)
class Part:
    """One kind of rows. `file` is its CSV, `key` its name in JSON, `order` the columns it is sorted by.

    Without `order` the rows stand as the register shows them (`entered`): their order is information.
    `unique` are the columns that together occur once within the row above.
    """

    file: str
    key: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    entered: tuple[str, ...] = ("id",)
    unique: tuple[tuple[str, ...], ...] = ()
    # The column of a CSV row that names the row above, and of the model that points at it.
    above: str = ""
    parts: "tuple[Part, ...]" = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def csv_names(self) -> list[str]:
        return [self.above, *self.names] if self.above else self.names

    def column(self, form: Form) -> Column | None:
        """The one column of that form, where there is one."""
        return next((column for column in self.columns if column.form == form), None)


@dataclass(frozen=True)
class Entry:
    """One row with the rows that hang on it. `where` says to people where it stands."""

    part: Part
    values: Mapping[str, Value]
    where: str = ""
    rows: "Mapping[str, list[Entry]]" = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its code, slug or reference: the first column of a part that stands by itself."""
        return str(self.values[self.part.columns[0].name])


def _text(name: str, **kw: bool) -> Column:
    return Column(name, required=kw.get("required", False))


_DAYS = (Column("valid_from", Form.DAY), Column("valid_to", Form.DAY))
_DATE = Column("date", Form.DATE, "on", "precision")
_SOURCE = _text("source")
_RETRACTED = Column("is_retracted", Form.YESNO)
_DEMO = Column("is_demo", Form.YESNO)
_KIND = Column("kind", Form.CODE, required=True)
_LANGUAGE = Column("language", Form.CODE, required=True)

DEPARTMENTS = Part(
    "departments",
    "department",
    Department,
    (_text("code", required=True), _text("name_nl", required=True), _text("name_en"), _DEMO),
)
PARTY_NAMES = Part(
    "party_names",
    "names",
    PartyName,
    (_LANGUAGE, _KIND, _text("text", required=True), *_DAYS, _SOURCE),
    order=("language", "kind", "text", "valid_from"),
    unique=(("language", "kind", "text", "valid_from"),),
    above="party",
)
PARTIES = Part(
    "parties",
    "party",
    Party,
    (
        _text("code", required=True),
        _text("iso3"),
        _KIND,
        Column("parent", Form.PARTY),
        Column("successors", Form.TEXTS),
        _text("name_nl", required=True),
        *(_text(f"name_{language}") for language in ("en", "fr", "de")),
        _text("continent"),
        *_DAYS,
        Column("aliases", Form.TEXTS),
    ),
    parts=(PARTY_NAMES,),
)
THEMES = Part(
    "themes",
    "theme",
    Theme,
    (
        _text("slug", required=True),
        Column("uri", Form.ADDRESS, required=True),
        Column("parent", Form.THEME),
        _text("name_nl", required=True),
        _text("name_en"),
        *_DAYS,
        Column("is_deprecated", Form.YESNO),
    ),
)
TITLES = Part(
    "titles",
    "titles",
    Title,
    (_LANGUAGE, _KIND, _text("text", required=True)),
    unique=(("language", "kind"),),
    above="treaty",
)
TREATY_PARTIES = Part(
    "treaty_parties",
    "parties",
    TreatyParty,
    (Column("party", Form.PARTY, required=True), _text("named_as"), Column("territory", Form.PARTY)),
    order=("party",),
    unique=(("party",),),
    above="treaty",
)
TREATY_THEMES = Part(
    "treaty_themes",
    "themes",
    TreatyTheme,
    (Column("theme", Form.THEME, required=True),),
    order=("theme",),
    unique=(("theme",),),
    above="treaty",
)
IDENTIFIERS = Part(
    "identifiers",
    "identifiers",
    Identifier,
    (
        Column("scheme", Form.CODE, required=True),
        _text("value", required=True),
        Column("url", Form.ADDRESS),
        _text("note"),
        Column("since", Form.DAY),
        _SOURCE,
    ),
    order=("scheme", "value"),
    unique=(("scheme", "value"),),
    above="treaty",
)
DOCUMENTS = Part(
    "documents",
    "documents",
    Document,
    (
        Column("id", Form.ID, required=True),
        _KIND,
        _LANGUAGE,
        _text("title", required=True),
        Column("access", Form.CODE, required=True),
        Column("standing", Form.CODE),
        _text("filename", required=True),
        _text("media_type", required=True),
        Column("size", Form.NUMBER, required=True),
        _text("sha256", required=True),
        Column("about", Form.ROW, of="documents"),
        Column("replaces", Form.ROW, of="documents"),
        _SOURCE,
        _DEMO,
    ),
    above="treaty",
)
ACTS = Part(
    "acts",
    "acts",
    Act,
    (
        _KIND,
        _DATE,
        Column("party", Form.PARTY),
        Column("territory", Form.PARTY),
        _text("scope"),
        _text("place"),
        Column("effect", Form.DATE, "effect_on", "effect_precision"),
        Column("manner", Form.CODE),
        _text("signatory"),
        _text("capacity"),
        Column("full_powers", Form.CODE),
        _text("number"),
        _text("page"),
        Column("address", Form.ADDRESS),
        Column("document", Form.ROW, of="documents"),
        _text("note"),
        _SOURCE,
        _RETRACTED,
    ),
    entered=("on", "id"),
    above="treaty",
)
DECLARATIONS = Part(
    "declarations",
    "declarations",
    Declaration,
    (
        Column("id", Form.ID, required=True),
        _KIND,
        Column("party", Form.PARTY, required=True),
        _DATE,
        _LANGUAGE,
        _text("text", required=True),
        _text("article"),
        Column("withdrawn", Form.DATE, "withdrawn_on", "withdrawn_precision"),
        Column("objects_to", Form.ROW, of="declarations"),
        _SOURCE,
        _RETRACTED,
    ),
    entered=("on", "id"),
    above="treaty",
)
RELATIONS = Part(
    "relations",
    "relations",
    Relation,
    (
        _KIND,
        Column("other", Form.TREATY),
        _text("outside"),
        Column("address", Form.ADDRESS),
        _DATE,
        _text("article"),
        _text("note"),
        _SOURCE,
    ),
    unique=(("kind", "other", "outside"),),
    above="treaty",
)
FORCE_CLAUSES = Part(
    "force_clauses",
    "force_clauses",
    ForceClause,
    (
        Column("rule", Form.CODE, required=True),
        Column("months", Form.NUMBER),
        Column("days", Form.NUMBER),
        Column("count", Form.NUMBER),
        Column("day", Form.DAY, "on"),
        _text("article"),
        _text("text"),
        _SOURCE,
    ),
    unique=((),),
    above="treaty",
)
TREATIES = Part(
    "treaties",
    "treaty",
    Treaty,
    (
        _text("reference", required=True),
        _KIND,
        Column("qualification", Form.CODE, required=True),
        Column("access", Form.CODE, required=True),
        Column("department", Form.DEPARTMENT),
        _text("summary_nl"),
        _text("summary_en"),
        _text("territory"),
        Column("depositary", Form.PARTY),
        Column("authentic_languages", Form.CODES),
        _text("note"),
        _text("sources"),
        _DEMO,
    ),
    parts=(
        TITLES,
        TREATY_PARTIES,
        TREATY_THEMES,
        ACTS,
        DECLARATIONS,
        IDENTIFIERS,
        RELATIONS,
        FORCE_CLAUSES,
        DOCUMENTS,
    ),
)
# Parts that stand by themselves, in the order of the files.
ROOTS = (DEPARTMENTS, PARTIES, THEMES, TREATIES)
ALL = tuple(part for root in ROOTS for part in (root, *root.parts))
# Columns of the models that stand in no file, and why.
LEFT_OUT = {
    "id": "number of this database only",
    "version": "counts changes; a filled register begins at 1",
    "created_at": "when this register was told",
    "changed_at": "when this register was told",
    "added_at": "when this register was told",
    "sort_key": "computed from the name",
    "file": "the bytes stand under their SHA-256 in files/",
}


@dataclass(frozen=True)
class Header:
    """What an export says of itself: `contents` is "everything", "public" or "part" (what somebody may know of who
    sees more than the public and not everything), `counts` the rows of each part."""

    contents: str
    counts: Mapping[str, int]
    format: str = FORMAT
    format_date: str = FORMAT_DATE
