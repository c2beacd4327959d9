"""Reading `register.jsonl`: strictly, one line at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imports.exchange.reading import Problems, Unreadable, checked, ends_whole, file_hash, header_of, right_keys
from imports.exchange.shape import ROOTS, Entry, Header, Part

# The longest line that is read, in bytes: a treaty with thousands of acts is a few millions.
LINE_LIMIT = 64 * 1024 * 1024
_HEADER_KEYS = ("record", "format", "format_date", "contents", "counts")
_BY_KEY = {part.key: part for part in ROOTS}


class JsonSource:
    """One file; the papers stand in `files/` beside it."""

    def __init__(self, path: Path, files: Path) -> None:
        self.path, self.files, self.name = path, files, path.name
        ends_whole(path)

    @property
    def sha256(self) -> str:
        return file_hash(self.path)

    def header(self) -> Header:
        """Raises `Unreadable` when the first line is not the header of this format."""
        where, text = next(self._lines())
        try:
            said = _parsed(text)
        except ValueError as error:
            raise Unreadable(f"{where}: this is not an export of the register.") from error
        if not isinstance(said, dict) or said.get("record") != "header":
            raise Unreadable(f"{where}: this is not an export of the register.")
        header = header_of(said, where)
        if unknown := sorted(set(said) - set(_HEADER_KEYS)):
            raise Unreadable(f"{where}: “{unknown[0][:100]}” is not known here.")
        return header

    def entries(self, problems: Problems) -> Iterator[Entry]:
        """Every party, theme and treaty; a line that cannot be read is told and left out."""
        lines, reached = self._lines(), 0
        next(lines)
        for where, text in lines:
            try:
                said = _parsed(text)
            except ValueError as error:
                problems.add(where, f"this line is not JSON ({error})")
                problems.unread += 1
                continue
            part = _BY_KEY.get(str(said.get("record"))) if isinstance(said, dict) else None
            if part is None:
                problems.add(where, f"“record” should be one of {', '.join(_BY_KEY)}")
                problems.unread += 1
                continue
            if ROOTS.index(part) < reached:
                problems.add(
                    where,
                    f"a {part.key} stands after {ROOTS[reached].file}; departments and parties come first, then themes",
                )
            reached = max(reached, ROOTS.index(part))
            if entry := _entry(part, said, where, problems):
                yield entry
            else:
                problems.unread += 1

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        with self.path.open("rb") as file:
            number = 0
            while text := file.readline(LINE_LIMIT):
                number += 1
                where = f"{self.name}, line {number}"
                if len(text) == LINE_LIMIT:
                    raise Unreadable(f"{where}: this line is longer than {LINE_LIMIT // 1024**2} MB.")
                yield where, text


def _parsed(text: bytes) -> Any:
    """Raises `ValueError`, with a few words, for what is not JSON or says a key twice."""
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except RecursionError as error:
        raise ValueError("too deep") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no value")


def _entry(part: Part, said: dict[str, Any], where: str, problems: Problems) -> Entry | None:
    """The entry with its rows; None where a key or value is missing or wrong, which is told."""
    before = problems.count
    below = [one.key for one in part.parts]
    if not right_keys(said, ("record", *part.names, *below), where, problems):
        return None
    values = checked(part.columns, said, where, problems)
    rows = {one.key: _rows(one, said[one.key], where, problems) for one in part.parts}
    return Entry(part, values, where, rows) if problems.count == before else None


def _rows(part: Part, said: Any, where: str, problems: Problems) -> list[Entry]:
    if not isinstance(said, list):
        problems.add(where, f"“{part.key}” should be a list")
        return []
    found = []
    for place, row in enumerate(said, 1):
        here = f"{where}, {part.key} {place}"
        if not isinstance(row, dict):
            problems.add(here, "this should be an object")
        elif right_keys(row, part.names, here, problems):
            found.append(Entry(part, checked(part.columns, row, here, problems), here))
    return found
