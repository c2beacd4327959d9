"""What both readers share: an export as a source of entries, and what is wrong with it, by place."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from imports.exchange.shape import ALL, FORMAT, FORMAT_DATE, LISTS, NUMBERS, Column, Entry, Form, Header, Value

# Problems that are told one by one; of the rest only their number.
TOLD = 200
CONTENTS = ("everything", "public", "part")
_COUNTED = [part.file for part in ALL]


class Unreadable(Exception):
    """What was given cannot be read on. The message is one sentence, with file and line, for people."""


class Problems:
    """Everything that is wrong, in the order of the files."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.count = 0
        # Parties, themes and treaties that could not be read: what points at them cannot be judged.
        self.unread = 0

    def add(self, where: str, sentence: str) -> None:
        self.count += 1
        if self.count <= TOLD:
            self.told.append(f"{where}: {sentence}.")

    def __iter__(self) -> Iterator[str]:
        yield from self.told
        if self.count > TOLD:
            yield f"And {self.count - TOLD} more."


class Source(Protocol):
    """An export to read: `name` and `sha256` for the trail, `files` the folder of the papers."""

    name: str
    files: Path

    @property
    def sha256(self) -> str: ...

    def header(self) -> Header: ...

    def entries(self, problems: Problems) -> Iterator[Entry]: ...


def header_of(said: Mapping[str, Any], where: str) -> Header:
    """The header of an export of this format. Raises `Unreadable` for any other."""
    if (form := said.get("format")) != FORMAT:
        told = f"the format “{str(form)[:100]}”" if form else "no format"
        raise Unreadable(f"{where}: it names {told}; this version of the register reads “{FORMAT}”.")
    if said.get("format_date") != FORMAT_DATE:
        raise Unreadable(f"{where}: “format_date” should be {FORMAT_DATE}.")
    if said.get("contents") not in CONTENTS:
        raise Unreadable(f"{where}: “contents” should be one of {', '.join(CONTENTS)}.")
    counts = said.get("counts")
    if not isinstance(counts, dict) or list(counts) != _COUNTED:
        raise Unreadable(f"{where}: the counts should be those of {', '.join(_COUNTED)}, in this order.")
    for name, count in counts.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise Unreadable(f"{where}: the count of {name} should be a whole number.")
    return Header(said["contents"], counts)


def right_keys(given: Iterable[str], wanted: Collection[str], where: str, problems: Problems) -> bool:
    """Whether there is exactly what there should be; what is not known or missing is told."""
    present = set(given)
    for name in sorted(present - set(wanted)):
        problems.add(where, f"“{name[:100]}” is not known here")
    for name in wanted:
        if name not in present:
            problems.add(where, f"“{name}” is missing")
    return present == set(wanted)


def has_form(column: Column, value: object) -> bool:
    """Whether `value` is of the kind that the column holds."""
    if column.form in LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if column.form == Form.YESNO:
        return isinstance(value, bool)
    if column.form in NUMBERS:
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    return isinstance(value, str)


def wanted_form(column: Column) -> str:
    if column.form in LISTS:
        return "a list of texts"
    if column.form == Form.YESNO:
        return "yes or no"
    return "a whole number or nothing" if column.form in NUMBERS else "a text"


def checked(columns: Iterable[Column], values: Mapping[str, Any], where: str, problems: Problems) -> dict[str, Value]:
    """The values of the columns; those of a wrong kind are told, and left out."""
    found: dict[str, Value] = {}
    for column in columns:
        value = values[column.name]
        if has_form(column, value):
            found[column.name] = value
        else:
            problems.add(where, f"“{column.name}” should be {wanted_form(column)}")
    return found


def ends_whole(path: Path) -> None:
    """Raise `Unreadable` where the last line has no end: the file was cut off."""
    with path.open("rb") as file:
        file.seek(0, 2)
        if file.tell():
            file.seek(-1, 2)
            if file.read(1) == b"\n":
                return
    raise Unreadable(f"{path.name}: the file is empty or was cut off: its last line has no end.")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read a piece at a time."""
    with path.open("rb") as file:
        return stream_hash(file)


def stream_hash(file: Any) -> str:
    """SHA-256 of what is left in an open file."""
    return hashlib.file_digest(file, "sha256").hexdigest()
