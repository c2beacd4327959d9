"""Lists as people bring them, and imports made of them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ("Titel", "Partijen", "Ondertekend op", "Kleur")
MESSY = (
    ("Verdrag over de zee", "Nederland; Vlaams Gewest", "1995-04-03", "blauw"),
    ("Verdrag over de lucht", "Nederland; Vlaams Gewest", "31/02/1995", "wit"),
    ("Verdrag over het land", "Vietnam, Dem. Rep.", "1996", "groen"),
    ("", "Nederland", "1997", "geel"),
    ("Verdrag over de zee", "Nederland; Vlaams Gewest", "1995-04-03", "blauw"),
)


def as_csv(rows: Sequence[Sequence[str]] = MESSY, header: Sequence[str] = HEADER) -> bytes:
    """The list as CSV with semicolons between, in UTF-8."""
    lines = [";".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
    return ("\n".join(lines) + "\n").encode()


def as_xlsx(rows: Sequence[Sequence[Any]] = MESSY, header: Sequence[str] = HEADER) -> bytes:
    """The list as a workbook with one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (header, *rows):
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def many(count: int, first: int = 0) -> list[tuple[str, ...]]:
    """`count` treaties of which nothing is wrong."""
    return [
        (f"Verdrag nummer {n}", "Nederland; Vlaams Gewest", f"19{50 + n % 50}-04-03", "")
        for n in range(first, first + count)
    ]


def columns_of(header: Sequence[str], mapping: Mapping[str, str], **others: str) -> dict[str, str]:
    """What the form of the columns sends."""
    return {f"column_{place}": mapping.get(column, "") for place, column in enumerate(header)} | others
