"""Is this export whole, and can the register hold it? Everything that is wrong, each with its place; writes nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from imports.exchange.reading import Problems, Source, file_hash
from imports.exchange.shape import DOCUMENTS, TREATIES, Entry, Form, Header, Part
from imports.exchange.values import Unfit, taken
from treaties.choices import UNIQUE_SCHEMES, DeclarationKind, ForceRule

_REFERENCE = re.compile(r"[A-Z0-9-]{1,12}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9-]{1,20}", re.ASCII)
_DEPARTMENT = re.compile(r"[A-Z0-9][A-Z0-9-]{0,23}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.ASCII)
# What a value of these points at.
POINTED = {Form.PARTY: "parties", Form.DEPARTMENT: "departments", Form.THEME: "themes", Form.TREATY: "treaties"}
_ONE = {"departments": "department", "parties": "party", "themes": "theme", "treaties": "treaty"}
Taken = Mapping[str, Any]


def judge(source: Source, header: Header) -> tuple[Problems, list[str]]:
    """All problems of the export, and the references of its treaties. Raises `Unreadable` where it cannot go on."""
    judged = Judgement()
    for entry in source.entries(judged.problems):
        judged.take(entry)
    judged.close(source, header)
    return judged.problems, list(judged.names["treaties"])


class Judgement:
    def __init__(self) -> None:
        self.problems = Problems()
        self.counts: Counter[str] = Counter()
        # What stands by itself, by name, in order; what was pointed at before it came, with the first place.
        self.names: dict[str, dict[str, None]] = {name: {} for name in _ONE}
        self.awaited: dict[tuple[str, str], str] = {}
        # Values that occur once in the whole register, with their place.
        self.once: dict[tuple[str, ...], str] = {}
        # Per file its size and the first place that names it.
        self.files: dict[str, tuple[int, str]] = {}

    def take(self, entry: Entry) -> None:
        names = self.names[entry.part.file]
        if entry.name in names:
            self.problems.add(entry.where, f"“{entry.name[:60]}” stands twice")
        names[entry.name] = None
        self._row(entry, {})
        for part in entry.part.parts:
            rows = entry.rows[part.key]
            self._uniqueness(part, rows)
            for row in rows:
                self._row(row, entry.rows, above=entry.name)

    def close(self, source: Source, header: Header) -> None:
        """What can be told only at the end: pointers to nothing, numbers of rows, files."""
        for (kind, name), where in self.awaited.items():
            if name not in self.names[kind] and not self.problems.unread:
                self.problems.add(where, f"there is no {_ONE[kind]} “{name[:60]}” in this export")
        for name, count in header.counts.items():
            if self.counts[name] != count and not self.problems.count:
                sentence = f"there are {self.counts[name]} {name} and the header says {count}: something is missing"
                self.problems.add(source.name, sentence)
        for sha256, (size, where) in self.files.items():
            if problem := _file_problem(source, sha256, size):
                self.problems.add(where, problem)

    def _row(self, row: Entry, beside: Mapping[str, list[Entry]], above: str = "") -> None:
        self.counts[row.part.file] += 1
        values: dict[str, Any] = {}
        for column in row.part.columns:
            try:
                values[column.name] = taken(row.part, column, row.values[column.name])
            except Unfit as problem:
                self.problems.add(row.where, f"“{column.name}” {problem}")
        if len(values) < len(row.part.columns):
            return
        for sentence in RULES.get(row.part.file, _no_rule)(values, above):
            self.problems.add(row.where, sentence)
        self._pointers(row, values, beside)
        self._in_the_register(row, values)

    def _pointers(self, row: Entry, values: Taken, beside: Mapping[str, list[Entry]]) -> None:
        for column in row.part.columns:
            value = values[column.name]
            if (kind := POINTED.get(column.form)) and value and value not in self.names[kind]:
                self.awaited.setdefault((kind, value), row.where)
            if column.form == Form.ROW and value is not None:
                if value not in [one.values["id"] for one in beside[column.of]]:
                    self.problems.add(row.where, f"“{column.name}” is {value}, and no such row is there")
                elif column.of == row.part.key and value == values["id"]:
                    self.problems.add(row.where, f"“{column.name}” points at itself")

    def _in_the_register(self, row: Entry, values: Taken) -> None:
        """What occurs once in the whole register; which files there should be."""
        key: tuple[str, ...] = ()
        if row.part.file == "identifiers" and values["scheme"] in UNIQUE_SCHEMES:
            key = (values["scheme"], values["value"])
        elif row.part.file == "departments":
            key = ("name_nl", values["name_nl"])
        elif row.part.file == "themes":
            key = ("uri", values["uri"])
        if key and (first := self.once.setdefault(key, row.where)) != row.where:
            self.problems.add(row.where, f"“{key[1][:60]}” is given to one only, and stands at {first} already")
        if row.part == DOCUMENTS and _SHA256.fullmatch(values["sha256"]):
            size, first = self.files.setdefault(values["sha256"], (values["size"], row.where))
            if size != values["size"]:
                self.problems.add(row.where, f"“size” is not the one of the same file at {first}")

    def _uniqueness(self, part: Part, rows: list[Entry]) -> None:
        for names in (*part.unique, *([("id",)] if part.column(Form.ID) else [])):
            seen: set[tuple[str, ...]] = set()
            for row in rows:
                key = tuple(str(row.values[name]) for name in names)
                if key in seen:
                    self.problems.add(row.where, f"{' and '.join(names) or 'this part'} can stand here once only")
                seen.add(key)


def _file_problem(source: Source, sha256: str, size: int) -> str:
    path = source.files / sha256
    try:
        if path.stat().st_size != size:
            return f"the file {sha256} is {path.stat().st_size} bytes and should be {size}"
        if file_hash(path) != sha256:
            return f"the file {sha256} has another SHA-256 than its name: it was changed"
    except FileNotFoundError:
        return f"the file {sha256} is missing in the folder {source.files.name}"
    except OSError as error:
        return f"the file {sha256} cannot be read ({error.strerror})"
    return ""


# --- Rules of one part -----------------------------------------------------------------------------------


def _no_rule(values: Taken, above: str) -> Iterator[str]:
    yield from ()


def _named(name: str, form: re.Pattern[str]) -> Callable[[Taken, str], Iterator[str]]:
    def rule(values: Taken, above: str) -> Iterator[str]:
        if not form.fullmatch(values[name]):
            yield f"“{name}” is “{values[name][:60]}”, which is not of the right form"

    return rule


def _identifier(values: Taken, above: str) -> Iterator[str]:
    if values["value"] != values["value"].strip(" "):
        yield "“value” has a space at its beginning or end"


def _party_name(values: Taken, above: str) -> Iterator[str]:
    if values["valid_from"] and values["valid_to"] and values["valid_from"] > values["valid_to"]:
        yield "“valid_from” is after “valid_to”"


def _relation(values: Taken, above: str) -> Iterator[str]:
    if bool(values["other"]) == bool(values["outside"]):
        yield "a relation has either “other” or “outside”"
    if values["other"] == above:
        yield "a treaty cannot be related to itself"


def _declaration(values: Taken, above: str) -> Iterator[str]:
    if values["objects_to"] is not None and values["kind"] != DeclarationKind.OBJECTION:
        yield "only an objection has “objects_to”"


def _clause(values: Taken, above: str) -> Iterator[str]:
    if (values["rule"] == ForceRule.FIXED_DATE) != (values["day"] is not None):
        yield "“day” belongs to the rule fixed_date, and to that one only"


def _document(values: Taken, above: str) -> Iterator[str]:
    if not _SHA256.fullmatch(values["sha256"]):
        yield "“sha256” should be 64 characters 0-9 and a-f"
    if not _MEDIA_TYPE.fullmatch(values["media_type"]):
        yield "“media_type” is not of the right form"


RULES: Mapping[str, Callable[[Taken, str], Iterator[str]]] = {
    "parties": _named("code", _CODE),
    "departments": _named("code", _DEPARTMENT),
    "themes": _named("slug", _SLUG),
    TREATIES.file: _named("reference", _REFERENCE),
    "identifiers": _identifier,
    "party_names": _party_name,
    "relations": _relation,
    "declarations": _declaration,
    "force_clauses": _clause,
    "documents": _document,
}
