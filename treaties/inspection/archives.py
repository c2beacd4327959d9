"""Archives as office programs write them (PKWARE's APPNOTE): judged by their directory before anything is unpacked."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree

from treaties.inspection.found import TEST_VIRUS, Found, is_archive

# Of an archive: what it unpacks to, how many parts, and by which factor, above a size at which a factor tells.
UNPACKED, ENTRIES, RATIO, RATIO_FROM = 100 * 1024**2, 5_000, 100, 10 * 1024**2
# Parts of an archive that are never a picture or a text.
_FOREIGN = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)
_PARTS = {
    "xml", "rels", "rdf", "vml", "txt", "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svm",
    "svg", "wdp", "webp", "ico", "ttf", "otf", "odttf", "fntdata", "sigs", "psmdcp", "",
}  # fmt: skip


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive. Judged by its directory, so that nothing is unpacked that could be too much."""
    if not content.startswith(b"PK\x03\x04"):
        raise Found("file_two_kinds" if is_archive(content) else "file_content")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # noqa: BLE001 (see `judge`)
        raise Found("file_cut_off") from None
    if archive.comment or content[-22:-18] != b"PK\x05\x06":
        raise Found("file_two_kinds")
    entries = archive.infolist()
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or (unpacked > RATIO_FROM and unpacked > RATIO * max(packed, 1)):
        raise Found("zip_bomb")
    _directory(entries)
    return archive


def _directory(entries: list[zipfile.ZipInfo]) -> None:
    end, names = 0, set[str]()
    for one in sorted(entries, key=lambda one: one.header_offset):
        # Parts that share their bytes: so a small file unpacks to a large one.
        if one.header_offset < end:
            raise Found("zip_bomb")
        end = one.header_offset + 30 + one.compress_size
        if one.flag_bits & 1:
            raise Found("file_encrypted")
        name = one.orig_filename
        if _is_unsafe(name) or name.lower() in names or stat.S_ISLNK(one.external_attr >> 16):
            raise Found("zip_names")
        names.add(name.lower())
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Found("file_content")


def _is_unsafe(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or bool(re.search(r"[\x00-\x1f\\:]", name))


def parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Each part with its bytes; none that is a file of its own, and none whose kind has no business here."""
    for one in archive.infolist():
        if one.is_dir():
            continue
        name = one.filename
        data = archive.read(one)
        if TEST_VIRUS in data[:4096]:
            raise Found("file_test_virus")
        lowered = name.lower()
        if lowered.endswith("vbaproject.bin") or "activex" in lowered or lowered.startswith(("basic/", "scripts/")):
            raise Found("file_macros")
        extension = lowered.rpartition("/")[2].rpartition(".")[2] if "." in lowered.rpartition("/")[2] else ""
        if data.startswith(_FOREIGN) or extension not in _PARTS or "/embeddings/" in lowered:
            raise Found("file_within")
        yield name, data


def xml(data: bytes) -> Any:
    """The root of an XML file; entities are refused."""
    return ElementTree.fromstring(data, forbid_dtd=True)
