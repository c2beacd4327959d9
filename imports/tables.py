"""A table out of a file: what a reader gives, whatever the format."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.problems import Problem

MEGABYTE = 1024 * 1024
LARGEST_FILE = 200 * MEGABYTE
MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
# The longest cell that is read at all (characters); what a field may hold is less.
LONGEST_CELL = 131_072


class Unreadable(Exception):
    """The file cannot be read; `sentence` says why and what to do, in the reader's language."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Shape:
    """How the file was read: everything here is told to the person, and can be overruled."""

    format: str
    sha256: str
    size: int
    encoding: str = ""
    # `imports.choices.Found`; `confidence` only of a guess, from 0 to 1.
    encoding_found: str = ""
    confidence: float | None = None
    delimiter: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file. `number` is the one a spreadsheet shows: the header is 1."""

    number: int
    cells: list[str]
    flaws: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """`rows` reads on while it is gone through, once; it can raise `Unreadable` on the way."""

    shape: Shape
    header: list[str]
    rows: Iterator[RawRow]


def named(cells: Sequence[str]) -> list[str]:
    """The names of the columns, made unique; one without a name is called by its place."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        count = 1
        unique = name
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names.append(unique)
    if not any(cell.strip() for cell in cells):
        raise Unreadable(_("The first row is empty. It should hold the names of the columns."))
    if len(names) > MOST_COLUMNS:
        raise Unreadable(_("The first row has more than 200 cells: this is not a list of treaties."))
    return names


def fitted(number: int, cells: list[str], columns: int) -> RawRow:
    """The row with as many cells as there are columns, or with the flaw that it has others."""
    while len(cells) > columns and not cells[-1].strip():
        cells.pop()
    if len(cells) == columns:
        return RawRow(number, cells)
    code = "too_many_cells" if len(cells) > columns else "too_few_cells"
    return RawRow(number, cells, [Problem(code, params={"found": str(len(cells)), "expected": str(columns)})])
