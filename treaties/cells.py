"""Cells of spreadsheets and CSV files: no text of the register ever runs in one as a formula.

Two ways, for two readers. `guarded` is for lists that people open: an apostrophe in front, for good. `kept` is for
the export that is read back: an apostrophe in front, taken away again by `original`, so that any text survives.
"""

import re
import unicodedata

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection), full-width forms included.
_STARTS = frozenset("=+-@＝＋－＠")
# A tab or line end at the beginning is left out by some of them before they look.
_SKIPPED = frozenset("\t\r\n")
# Control characters that XML, and with it XLSX, cannot hold.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Microsoft's limit of one cell, in characters.
CELL_LIMIT = 32_767


def is_live(text: str) -> bool:
    """Whether some spreadsheet may take a cell with `text` for a formula."""
    if text[:1] in _SKIPPED and text:
        return True
    first = text.lstrip()[:1]
    return first in _STARTS if first else False


def guarded(text: str) -> str:
    """`text` as a cell for people: one that is live gets an apostrophe in front."""
    return f"'{text}" if is_live(text) else text


def kept(text: str) -> str:
    """`text` as a cell that is read back: live or beginning with an apostrophe, it gets one more in front."""
    return f"'{text}" if text.startswith("'") or is_live(text) else text


def original(cell: str) -> str:
    """The text of a cell made by `kept`."""
    return cell.removeprefix("'")


def printable(text: str) -> str:
    """`text` as XLSX can hold it: control characters as their pictures (␀ to ␟), what is too long ends in `…`."""
    shown = _NOT_IN_XML.sub(_picture, text)
    return shown if len(shown) <= CELL_LIMIT else f"{shown[: CELL_LIMIT - 1]}…"


def _picture(found: re.Match[str]) -> str:
    char = found[0]
    return chr(0x2400 + ord(char)) if unicodedata.category(char) == "Cc" else "\ufffd"
