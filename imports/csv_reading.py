"""Text with separated cells: its encoding and separator are found, told, and can be overruled. Streams."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _

from imports.choices import Format, Found
from imports.problems import Problem
from imports.tables import LONGEST_CELL, MOST_ROWS, RawRow, Shape, Table, Unreadable, fitted, named

DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1024 * 1024
# How much text with letters outside ASCII a guess of the encoding looks at (bytes).
_SAMPLE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What lists of European and American administrations are written in, other than UTF-8.
_LIKELY = ["cp1252", "iso8859_15", "mac_roman", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp850", "cp1257"]
# Characters that hardly stand in a title: a reading that gives fewer of them is the better one.
_UNLIKELY = frozenset("¤¦§¨¬¯¶·¸¹²³¼½¾×÷ƒ†‡‰‹›•˜™€¢£¥≈≠≤≥∞∑∏π∫Ω√∆◊ﬁﬂıˆ˘˙˚˝˛ˇ‚„…Œ�ŃŹ¿¡ĘÊŇ")


@dataclass(frozen=True)
class _Scan:
    """One look at every byte."""

    is_utf8: bool
    has_nul: bool
    # Cut off in the middle of a character at the very end.
    is_cut: bool
    sample: bytes


def read(file: BinaryIO, shape: Shape, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table in `file`, whose hash and size `shape` has. Raises `Unreadable`."""
    shape = replace(_with_encoding(file, shape, encoding), format=Format.CSV)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=shape.encoding, errors="strict", newline="")
    try:
        start = text.read(64 * 1024)
        text.seek(0)
        shape = replace(shape, delimiter=_checked(delimiter) if delimiter else _sniffed(start))
    except (UnicodeError, Unreadable) as error:
        text.detach()
        raise error if isinstance(error, Unreadable) else _undecodable(shape) from error
    rows = _records(text, shape)
    first = next(rows, None)
    if first is None:
        raise Unreadable(_("The file is empty."))
    if len(first) == 1 and any(_evenness(start, other)[0] > 0.9 for other in DELIMITERS):
        raise Unreadable(_("With this separator the whole row is one cell. Choose another separator."))
    header = named(first)
    return Table(shape, header, _rows(rows, header, shape.delimiter))


def _rows(records: Iterator[list[str]], header: list[str], delimiter: str) -> Iterator[RawRow]:
    for number, cells in enumerate(records, start=2):
        if number > MOST_ROWS:
            raise Unreadable(_("The file has more than a million rows. Divide it over several files."))
        if not any(cell.strip() for cell in cells):
            continue
        row = fitted(number, cells, len(header))
        if swallowed := [place for place, cell in enumerate(cells) if _holds_rows(cell, delimiter, len(header))]:
            column = header[swallowed[0]] if swallowed[0] < len(header) else ""
            row.flaws.append(Problem("swallowed", column, cells[swallowed[0]][:300]))
        yield row


def _holds_rows(cell: str, delimiter: str, columns: int) -> bool:
    """Whether a later line of the cell has as many separators as a whole row has."""
    if "\n" not in cell or columns < 3:
        return False
    return any(line.count(delimiter) >= columns - 1 for line in cell.splitlines()[1:])


def _records(text: io.TextIOWrapper, shape: Shape) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=shape.delimiter, strict=True)
    number = 0
    try:
        while True:
            number += 1
            line = reader.line_num + 1
            yield next(reader)
    except StopIteration:
        return
    except csv.Error as error:
        raise _broken(str(error), number, line) from error
    except UnicodeError as error:
        raise _undecodable(shape) from error
    finally:
        # The file is the caller's to close, and may be closed already.
        with suppress(ValueError):
            text.detach()


def _broken(message: str, row: int, line: int) -> Unreadable:
    place = {"row": row, "line": line}
    if "expected after" in message:
        return Unreadable(
            _("In row %(row)d (line %(line)d) there is text behind a closing quote. Double the quotes inside a cell.")
            % place
        )
    return Unreadable(
        _(
            "A quote is opened in row %(row)d (line %(line)d) and never closed: all that follows would be one cell."
            " Close it and bring the file again."
        )
        % place
    )


def _with_encoding(file: BinaryIO, shape: Shape, given: str) -> Shape:
    file.seek(0)
    start = file.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if given:
        return replace(shape, encoding=_known(given), encoding_found=Found.GIVEN)
    if marked == "utf-16":
        return replace(shape, encoding=marked, encoding_found=Found.MARK)
    scan = _scan(file)
    if scan.has_nul:
        raise Unreadable(
            _("The file holds NUL bytes: it is not text, or it is UTF-16 without its mark. Save it as CSV in UTF-8.")
        )
    if scan.is_cut:
        raise Unreadable(_("The file stops in the middle of a character: it was not copied whole."))
    if scan.is_utf8:
        return replace(shape, encoding=marked or "utf-8", encoding_found=Found.MARK if marked else Found.VALID)
    name, confidence = _guess(scan.sample)
    return replace(shape, encoding=name, encoding_found=Found.GUESSED, confidence=confidence)


def _scan(file: BinaryIO) -> _Scan:
    """Go through the file once, a megabyte at a time."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    valid, nul, fault, sample = True, False, b"", bytearray()
    while chunk := file.read(_CHUNK):
        nul = nul or b"\0" in chunk
        if len(sample) < _SAMPLE and not chunk.isascii():
            sample += b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:_SAMPLE]
        if valid:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                valid, fault = False, chunk[error.start : error.start + 1]
    if valid and not fault:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _Scan(is_utf8=False, has_nul=nul, is_cut=not _only_at_the_end(sample), sample=bytes(sample))
    return _Scan(is_utf8=valid, has_nul=nul, is_cut=False, sample=bytes(sample))


def _only_at_the_end(sample: bytearray) -> bool:
    """Whether no other character outside ASCII is in the file: then it was hardly UTF-8 that was cut."""
    return sum(byte > 0x7F for byte in sample) <= 2


def _guess(sample: bytes) -> tuple[str, float]:
    """The likeliest encoding of `sample`, and how sure that is: how clean and coherent the text becomes, 0 to 1."""
    matches = list(from_bytes(sample, cp_isolation=_LIKELY))
    if not matches:
        raise Unreadable(_("The encoding of the file cannot be found. Choose it, or save the file as CSV in UTF-8."))
    lowest = min(match.chaos for match in matches)
    near = [match for match in matches if match.chaos <= lowest + 0.05]
    best = min(near, key=lambda match: (sum(char in _UNLIKELY for char in str(match)), _LIKELY.index(match.encoding)))
    return best.encoding, round((1 - best.chaos) * (best.coherence or 0.5), 2)


def _known(encoding: str) -> str:
    try:
        # The reading itself decodes; a name of something that is no encoding of text fails here.
        return codecs.lookup(encoding).name if "".encode(encoding) is not None else encoding
    except (LookupError, UnicodeError) as error:
        raise Unreadable(_("There is no encoding “%(name)s”.") % {"name": encoding[:40]}) from error


def _undecodable(shape: Shape) -> Unreadable:
    return Unreadable(
        _("The file is not in the encoding %(name)s. Choose another one, or save the file as CSV in UTF-8.")
        % {"name": shape.encoding}
    )


def _checked(delimiter: str) -> str:
    if delimiter not in DELIMITERS:
        raise Unreadable(_("Cells can be separated by a comma, a semicolon, a tab or a vertical bar."))
    return delimiter


def _sniffed(start: str) -> str:
    """The separator by which most rows get the same number of cells; the comma where none does."""
    return max(DELIMITERS, key=lambda delimiter: (_evenness(start, delimiter), -DELIMITERS.index(delimiter)))


def _evenness(start: str, delimiter: str) -> tuple[float, int]:
    lines = iter(start.splitlines(keepends=True))
    try:
        widths = [len(cells) for cells in islice(csv.reader(lines, delimiter=delimiter), 50) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    # The last record can be cut off by the end of the sample.
    counted = Counter(widths[:-1] if len(widths) > 2 else widths)
    return counted[widths[0]] / counted.total(), widths[0]
