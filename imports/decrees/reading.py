"""The file of decrees and the file of answers, read strictly: what cannot be read is refused in one sentence."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from treaties.texts import unfit

COLUMNS = (
    "eli",
    "numac",
    "decree_date",
    "published_on",
    "entity",
    "title_nl",
    "signed_on",
    "other_dates",
    "place",
    "counterparty_text",
    "kind",
    "intra_belgian",
    "laterality",
    "n_acts",
    "signed_basis",
    "title_truncated",
    "art138",
)
ANSWER_COLUMNS = ("eli_a", "eli_b", "same")
# No file of decrees of one country comes near it.
LARGEST = 50_000_000


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text is the sentence to show."""


@dataclass(frozen=True)
class Decree:
    """One row of the file: a decree of one parliament, in the order of `row` (1 is the first after the header)."""

    row: int
    eli: str
    numac: str
    decree_date: date
    published_on: date | None
    entity: str
    title: str
    signed_on: date | None
    other_dates: tuple[date, ...]
    places: tuple[str, ...]
    counterparty: str
    kind: str
    laterality: str
    n_acts: int
    basis: str
    is_intra_belgian: bool
    is_cut: bool
    is_art138: bool


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read: which, what it was called, and every reason."""

    row: int
    eli: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What a file holds, and how it is named in the trail."""

    name: str
    sha256: str
    decrees: tuple[Decree, ...]
    bad: tuple[BadRow, ...]

    @property
    def said(self) -> str:
        return f"{self.name}, SHA-256 {self.sha256}"


def read(path: Path) -> Sheet:
    """The decrees of a CSV file. Raises `UnreadableFile` for the file as a whole; a bad row is among `bad`."""
    content, rows = _rows(path, COLUMNS)
    decrees: list[Decree] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        reasons = _problems(row, seen)
        if reasons:
            bad.append(BadRow(number, row["eli"], row["title_nl"], tuple(reasons)))
        else:
            seen[row["eli"]] = number
            decrees.append(_decree(number, row))
    return Sheet(path.name, hashlib.sha256(content).hexdigest(), tuple(decrees), tuple(bad))


def read_answers(path: Path) -> dict[frozenset[str], bool]:
    """Pairs of ELIs (or an ELI and the reference of a treaty) and whether they are the same treaty."""
    answers: dict[frozenset[str], bool] = {}
    for number, row in enumerate(_rows(path, ANSWER_COLUMNS)[1], start=1):
        pair, said = frozenset((row["eli_a"], row["eli_b"])), row["same"].lower()
        if len(pair) != 2 or "" in pair:
            raise UnreadableFile(_("Row %(row)d of the answers does not name two decrees.") % {"row": number})
        if said not in ("yes", "no"):
            raise UnreadableFile(_("Row %(row)d of the answers says neither yes nor no.") % {"row": number})
        if answers.setdefault(pair, said == "yes") != (said == "yes"):
            raise UnreadableFile(_("Row %(row)d of the answers contradicts an earlier one.") % {"row": number})
    return answers


def _rows(path: Path, columns: Iterable[str]) -> tuple[bytes, list[dict[str, str]]]:
    """The bytes of the file, and its rows with outer white space removed."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(_("“%(file)s” cannot be opened.") % {"file": path.name}) from error
    if len(content) > LARGEST:
        raise UnreadableFile(_("“%(file)s” is larger than 50 MB.") % {"file": path.name})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = {"file": path.name, "line": content[: error.start].count(b"\n") + 1}
        raise UnreadableFile(_("“%(file)s” is not UTF-8: look at line %(line)d.") % place) from error
    if "\x00" in text:
        raise UnreadableFile(_("“%(file)s” holds a NUL character: it is not a CSV file.") % {"file": path.name})
    return content, _parsed(path.name, text, tuple(columns))


def _parsed(name: str, text: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        if lacking := [column for column in columns if column not in header]:
            told = {"file": name, "columns": ", ".join(lacking)}
            raise UnreadableFile(_("“%(file)s” lacks the columns: %(columns)s.") % told)
        rows = []
        for row in reader:
            if None in row or None in row.values():
                place = {"file": name, "line": reader.line_num}
                raise UnreadableFile(_("“%(file)s” has a row of another length at line %(line)d.") % place)
            rows.append({key: value.strip() for key, value in row.items()})
    except csv.Error as error:
        said = {"file": name, "line": reader.line_num, "problem": str(error)}
        raise UnreadableFile(_("“%(file)s” is not a CSV file: line %(line)d, %(problem)s.") % said) from error
    return rows


def _problems(row: Mapping[str, str], seen: Mapping[str, int]) -> list[str]:
    problems = []
    if not row["eli"].startswith(("http://", "https://")) or len(row["eli"]) > 200:
        problems.append(_("The ELI is not an address."))
    elif row["eli"] in seen:
        problems.append(_("The same ELI stands in row %(row)d.") % {"row": seen[row["eli"]]})
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z][0-9]{5}", row["numac"]):
        problems.append(_("The NUMAC number does not have ten digits (the fifth may be a letter)."))
    if problem := unfit(row["title_nl"], limit=10_000, required=True):
        problems.append(_("The title: %(problem)s") % {"problem": problem})
    if not row["n_acts"].isascii() or not row["n_acts"].isdigit():
        problems.append(_("The number of acts is not a number."))
    dates = {name: row[name] for name in ("decree_date", "published_on", "signed_on")}
    dates |= {f"other_dates {place}": text for place, text in enumerate(_several(row["other_dates"]), start=1)}
    problems += [
        _("“%(text)s” (%(column)s) is not a day.") % {"text": text, "column": name}
        for name, text in dates.items()
        if (text or name == "decree_date") and _day(text) is None
    ]
    return problems


def _decree(number: int, row: Mapping[str, str]) -> Decree:
    """A row without problems."""
    decreed = _day(row["decree_date"])
    assert decreed is not None  # noqa: S101 (`_problems` looked)
    return Decree(
        row=number,
        eli=row["eli"],
        numac=row["numac"],
        decree_date=decreed,
        published_on=_day(row["published_on"]),
        entity=row["entity"],
        title=row["title_nl"],
        signed_on=_day(row["signed_on"]),
        other_dates=tuple(day for text in _several(row["other_dates"]) if (day := _day(text))),
        places=tuple(_several(row["place"])),
        counterparty=row["counterparty_text"],
        kind=row["kind"],
        laterality=row["laterality"],
        n_acts=int(row["n_acts"][:4]),
        basis=row["signed_basis"],
        is_intra_belgian=row["intra_belgian"] == "yes",
        is_cut=row["title_truncated"] == "yes",
        is_art138=row["art138"] == "yes",
    )


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _day(text: str) -> date | None:
    """A full ISO day; None for an empty or impossible one."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
