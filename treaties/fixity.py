"""Whether the stored files are still what was stored: each is read, and compared with what the records say of it.

Memory does not grow with the number or the size of files.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.core.files.storage import default_storage

from treaties.models import Document

_CHUNK = 1024**2
# Names that are asked of the database at a time.
_AT_ONCE = 500
# Seconds for which a file may be without a record: it is written before its transaction ends.
JUST_WRITTEN = 3_600
# Findings that are kept with the run; all of them are told as they are found.
KEPT = 20


@dataclass(frozen=True)
class Finding:
    """`what`: missing, changed, unreadable or orphaned; `name`: of the file in the store; `documents`: their keys."""

    what: str
    name: str
    documents: tuple[int, ...] = ()

    def __str__(self) -> str:
        about = f" (documents {', '.join(map(str, self.documents))})" if self.documents else ""
        return f"{self.what}: {self.name}{about}"


@dataclass
class Count:
    files: int = 0
    rows: int = 0
    findings: int = 0
    first: list[str] = field(default_factory=list)

    @property
    def problem(self) -> str:
        """Empty where all is as it was stored."""
        rest = self.findings - len(self.first)
        return "\n".join([*self.first, *([f"and {rest} more"] if rest else [])])


def findings(count: Count) -> Iterator[Finding]:
    """Everything that is not as the records say, one by one; `count` is kept up."""
    for found in _all(count):
        count.findings += 1
        if count.findings <= KEPT:
            count.first.append(str(found))
        yield found


def _all(count: Count) -> Iterator[Finding]:
    rows = Document.objects.order_by("file", "pk").values_list("file", "pk", "sha256", "size").iterator(_AT_ONCE)
    for name, same in groupby(rows, key=lambda row: row[0]):
        said = [(sha256, size, pk) for _, pk, sha256, size in same]
        count.rows += len(said)
        what, actual = _read(name)
        if not what:
            count.files += 1
        wrong = tuple(pk for sha256, size, pk in said if what or (sha256, size) != actual)
        if wrong:
            yield Finding(what or "changed", name, wrong)
    yield from _orphans()


def _read(name: str) -> tuple[str, tuple[str, int]]:
    """Why it cannot be read, or its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    try:
        with default_storage.open(name, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return "missing", ("", 0)
    except (OSError, ValueError):
        return "unreadable", ("", 0)
    return "", (digest.hexdigest(), size)


def _orphans() -> Iterator[Finding]:
    """Files that no record names: what a transaction that failed left, or somebody put there."""
    some: list[str] = []
    for name in _stored(Path(default_storage.path(""))):
        some.append(name)
        if len(some) == _AT_ONCE:
            yield from _unknown(some)
            some = []
    yield from _unknown(some)


def _unknown(names: list[str]) -> Iterator[Finding]:
    known = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
    return (Finding("orphaned", name) for name in names if name not in known)


def _stored(root: Path) -> Iterator[str]:
    before = time.time() - JUST_WRITTEN
    for folder, _, files in os.walk(root):
        for file in files:
            path = Path(folder, file)
            if path.lstat().st_mtime <= before:
                yield path.relative_to(root).as_posix()
