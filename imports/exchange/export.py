"""The whole record to a folder: all of it, or what everybody may see."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.storage import default_storage

from accounts.models import Person
from imports.exchange.reading import file_hash
from imports.exchange.shape import Header
from imports.exchange.snapshot import Snapshot, unchanging
from imports.exchange.writing import CsvWriter, JsonWriter, Writer

FILES_FOLDER = "files"
WRITERS: dict[str, tuple[Callable[[Path, Header, ExitStack], Writer], ...]] = {
    "json": (JsonWriter,),
    "csv": (CsvWriter,),
    "both": (JsonWriter, CsvWriter),
}


class NotExported(Exception):
    """Nothing was written. The message is a sentence for people."""


@dataclass
class Exported:
    """What came out: the header, how many files, and what is wrong with files of the register itself."""

    header: Header
    files: int = 0
    damaged: list[str] = field(default_factory=list)


def export(folder: Path, *, person: Person, form: str = "both") -> Exported:
    """Write what `person` may know of the record to `folder`, which must be new or empty.

    The folder appears when it is complete, never half. Raises `NotExported` when it holds something already,
    `snapshot.Lossy` for what the files cannot say.
    """
    with _complete(folder) as half, unchanging(), ExitStack() as stack:
        snapshot = Snapshot(person)
        done = Exported(snapshot.header())
        writers = [make(half, done.header, stack) for make in WRITERS[form]]
        for entry in snapshot.entries():
            for writer in writers:
                writer.write(entry)
        (half / FILES_FOLDER).mkdir()
        for sha256, name in snapshot.documents():
            _copy(sha256, name, half / FILES_FOLDER / sha256, done)
    return done


@contextmanager
def _complete(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its place at the end, and is gone after an error."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotExported(f"{folder} is there already and is not an empty folder; name another one.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise NotExported(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        yield half
        half.replace(folder)
    finally:
        if half.exists():
            shutil.rmtree(half)


def _copy(sha256: str, name: str, target: Path, done: Exported) -> None:
    """The bytes of one paper, their hash reckoned again; a lost one is told and the rest goes on."""
    try:
        with default_storage.open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except FileNotFoundError:
        done.damaged.append(f"{sha256} is lost")
        return
    if file_hash(target) == sha256:
        done.files += 1
    else:
        done.damaged.append(f"{sha256} has other bytes than were kept")
        target.unlink()
