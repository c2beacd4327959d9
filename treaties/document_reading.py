"""Reads the text of public documents that was not read yet, in the background, and brings it into the search.

The file is read by a process with limits (`document_reader`): whatever is in it, the outcome is a status. A text is
derived from the bytes of its document, so writing it is no change of the record.
"""

import hashlib
import json
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from treaties import document_text, processes, search, words
from treaties.choices import Access, TextStatus
from treaties.models import Document, DocumentText, Treaty

# Raise it when documents are to be read again: the next run does.
READER = "1"
# Characters and words that are kept and indexed of one document.
LIMIT, INDEXED, WORDS = 200_000, 150_000, 20_000
# Seconds on the clock after which reading is stopped, whatever it waits for.
WALL = 60
# Outcomes that another run, or a mended file, may change.
FAILED = (TextStatus.TIMED_OUT, TextStatus.DAMAGED, TextStatus.TOO_LARGE, TextStatus.MISSING)
_PROGRAM = Path(__file__).with_name("document_reader.py")
# Control characters, soft hyphens, half characters, and what marks a hit in a fragment.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\ud800-\udfff\ue000\ue001\ufeff]")
# A word broken at the end of a line.
_BROKEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")


@dataclass(frozen=True)
class Reading:
    """What came of one file."""

    status: TextStatus
    text: str = ""


@dataclass
class Count:
    """How many documents were read, and for how many the outcome could not be written."""

    read: int = 0
    failed: int = 0


def ask() -> None:
    """Once the open change is committed, have the new documents read in the background; not while a load runs."""
    if settings.READ_DOCUMENTS and not search.is_put_off():
        transaction.on_commit(start, robust=True)


def start() -> bool:
    """Begin a process that reads what waits. False where nothing does, or where one is at work and will see it."""
    processes.bury()
    if not waiting().exists():
        return False
    with processes.locked(_lock()) as lock:
        if lock is None:
            return False
        processes.begin(lock, "read_documents", "--lock", str(lock))
        return True


def waiting(*, again: bool = False) -> QuerySet[Document]:
    """Public documents that were not read, not by this reader, or in another language; `again`: and where it failed."""
    named = [When(language=code, then=Value(name)) for code, name in words.CONFIGS.items()]
    documents = Document.objects.filter(access=Access.PUBLIC).alias(wanted=Case(*named, default=Value(words.OTHER)))
    reasons = Q(extracted=None) | ~Q(extracted__reader=READER) | ~Q(extracted__config=F("wanted"))
    if again:
        reasons |= Q(extracted__status__in=FAILED)
    return documents.filter(reasons).order_by("pk")


def read_waiting(lock: int | None = None, *, again: bool = False) -> Count | None:
    """Read all that waits, also what comes meanwhile; None where another process is at it.

    `lock` is the one this process was given. After it is let go, it is asked once more whether something waits: who
    brought that may have found the lock taken, and counts on us.
    """
    count, tried = Count(), set[int]()
    while True:
        with processes.locked(_lock()) if lock is None else processes.inherited(lock) as mine:
            if mine is None:
                return count if tried else None
            for document in _each(tried, again=again):
                try:
                    read_one(document)
                    count.read += 1
                except DatabaseError:
                    # Held by somebody for too long, or gone: the next run tries again.
                    count.failed += 1
        lock, again = None, False
        if not waiting().exclude(pk__in=tried).exists():
            return count


def _each(tried: set[int], *, again: bool) -> Iterator[Document]:
    """One after the other, each once."""
    while (document := waiting(again=again).exclude(pk__in=tried).first()) is not None:
        tried.add(document.pk)
        yield document


def read_one(document: Document) -> DocumentText:
    """Read one document, keep its text, and make the search document of its treaty again. Raises `DatabaseError`."""
    reading = extract(document)
    text = tidy(reading.text)[:LIMIT]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '120s'")
        treaty = Treaty.objects.select_for_update().get(pk=document.treaty_id)
        # As it is now, under the lock: its language may have been corrected while it was read.
        name = words.config(Document.objects.get(pk=document.pk).language)
        indexed, size = _fitting(text, name)
        kept, _made = DocumentText.objects.update_or_create(
            document=document,
            defaults={
                "status": reading.status,
                "text": text,
                "words": SearchVector(Value(text[:indexed]), config=name),
                "config": name,
                "indexed": indexed,
                "size": size,
                "reader": READER,
                "read_at": timezone.now(),
            },
        )
        search.refresh(treaty)
    return kept


def extract(document: Document) -> Reading:
    """The text of the file, read by a process of its own. Raises nothing."""
    try:
        with document.file.open("rb") as file:
            content = file.read(settings.DOCUMENT_MAX_BYTES + 1)
    except (OSError, ValueError):
        return Reading(TextStatus.MISSING)
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        return Reading(TextStatus.TOO_LARGE)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        return Reading(TextStatus.DAMAGED)
    return read_bytes(document.media_type, content)


def read_bytes(media_type: str, content: bytes) -> Reading:
    """The text of `content`; the process that reads it knows no settings, and its answer goes to a file."""
    command = [sys.executable, "-I", str(_PROGRAM), media_type]
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                command, input=content, stdout=answer, stderr=subprocess.DEVNULL, timeout=WALL, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            return Reading(TextStatus.TIMED_OUT)
        except (OSError, ValueError):
            return Reading(TextStatus.UNKNOWN_KIND)
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return Reading(TextStatus.TIMED_OUT)
        answer.seek(0)
        return _understood(answer.read())


def _understood(answer: bytes) -> Reading:
    """A process that broke down, or was broken into, gives no answer that is one."""
    try:
        told = json.loads(answer)
        return Reading(TextStatus(told["status"]), str(told["text"])[:LIMIT])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Reading(TextStatus.DAMAGED)


def tidy(text: str) -> str:
    """Text as it can be kept and searched: ligatures undone, broken words joined, no controls, spaces once."""
    text = unicodedata.normalize("NFKC", _UNFIT.sub("", text.replace("\r", "\n")))
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r" ?\n[ \n]*", "\n", _BROKEN.sub("", text)).strip()


def _fitting(text: str, config: str) -> tuple[int, int]:
    """How many characters of `text` are indexed, and the bytes that their words take: fewer where there are too many
    different words."""
    indexed = _first_words(text[:INDEXED])
    while indexed:
        size = _size(text[:indexed], config)
        if size is not None and size <= document_text.WORDS_LIMIT:
            return indexed, size
        indexed //= 2
    return 0, 0


def _first_words(text: str) -> int:
    """Where the last word ends that is indexed."""
    for number, word in enumerate(re.finditer(r"\S+", text), start=1):
        if number == WORDS:
            return word.end()
    return len(text)


def _size(text: str, config: str) -> int | None:
    """Bytes of the words, or None where they are more than the database can hold."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_column_size(to_tsvector(%s::regconfig, %s))", [config, text])
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return None


def _lock() -> Path:
    return Path(settings.VAR_DIR) / "documents" / "reading.lock"
