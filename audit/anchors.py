"""The root of each day, kept where whoever can change the database cannot change it.

The tree of a day (UTC) has the hashes of its entries as leaves, in order. An anchor says which entries, their root and
the hash of the last one; it is a file, can be sent by mail, and is an entry of the trail itself, so that a file that
disappears is missed. A chain that was made anew from some point, or cut at its end, no longer leads to its anchors.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from accounts.actions import service_account
from audit import trail
from audit.canonical import canonical
from audit.choices import Mark
from audit.merkle import Tree, inclusion
from audit.models import TrailEntry

NAME = "trail-{day}-{last:012d}.json"


class AnchorDiffers(Exception):
    """There is another anchor of that name already: one of the two is not right."""


@dataclass(frozen=True)
class Anchor:
    # UTC, as 2026-11-23.
    day: str
    # The first and the last entry of that day that it covers.
    first: int
    last: int
    root: str
    # The hash of the last.
    head: str
    # Whether that is the whole day.
    closed: bool
    v: int = 1

    @property
    def filename(self) -> str:
        return NAME.format(day=self.day, last=self.last)


def anchor(*, today: bool = False, folder: Path | None = None) -> list[Anchor]:
    """Anchor every day that is over and has no anchor yet; with `today` also what there is of this day.

    Raises `AnchorDiffers`, `OSError`. The file is written just before its entry is committed: no entry without a file.
    """
    where = folder or Path(settings.AUDIT_ANCHOR_DIR)
    now = datetime.now(UTC).date()
    done = {one.day for _, one in told() if one.closed}
    made = [of_day(day, closed=day < now) for day in _days() if day.isoformat() not in done and (today or day < now)]
    for one in made:
        with transaction.atomic():
            trail.note(actor=service_account(), action=Mark.ANCHOR, about=("day", one.day), payload=asdict(one))
            _write(where, one)
    if made and settings.AUDIT_ANCHOR_MAIL:
        text = "\n".join(canonical(asdict(one)).decode() for one in made)
        send_mail(f"Trail {made[-1].day} {made[-1].root[:16]}", text, None, settings.AUDIT_ANCHOR_MAIL)
    return made


def told() -> Iterator[tuple[int, Anchor]]:
    """The anchors that the trail tells of, each with the entry that tells of it; what is no anchor is passed over."""
    for seq, payload in TrailEntry.objects.filter(action=Mark.ANCHOR).order_by("seq").values_list("seq", "payload"):
        with suppress(TypeError, ValueError):
            yield seq, Anchor(**json.loads(payload))


def of_day(day: date, *, closed: bool) -> Anchor:
    """The anchor of a day that has entries."""
    entries = list(_of(day))
    root = Tree(bytes.fromhex(hashed) for _, hashed in entries).root()
    return Anchor(day.isoformat(), entries[0][0], entries[-1][0], root, entries[-1][1], closed)


def proof(entry: TrailEntry) -> dict[str, object]:
    """That one entry belongs to its day: the entry, its place among how many, the path to the root, the root."""
    day = entry.at.astimezone(UTC).date()
    entries = list(_of(day))
    place = [seq for seq, _ in entries].index(entry.seq)
    leaves = [bytes.fromhex(hashed) for _, hashed in entries]
    return {
        "day": day.isoformat(),
        "entry": trail.said(entry),
        "index": place,
        "last": entries[-1][0],
        "path": inclusion(leaves, place),
        "root": Tree(leaves).root(),
        "size": len(leaves),
    }


def root(first: int, last: int) -> str:
    """The root of the entries `first` to `last` as the table has them."""
    rows = TrailEntry.objects.filter(seq__range=(first, last)).order_by("seq").values_list("hash", flat=True)
    return Tree(bytes.fromhex(hashed) for hashed in rows.iterator()).root()


def files(folder: Path) -> Iterator[tuple[Path, Anchor]]:
    """Every anchor in a folder, in the order of days. Raises `ValueError` for a file that is none."""
    for path in sorted(folder.glob("trail-*.json")):
        try:
            yield path, Anchor(**json.loads(path.read_bytes()))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{path} is not an anchor.") from error


def _write(folder: Path, one: Anchor) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path, text = folder / one.filename, canonical(asdict(one)) + b"\n"
    try:
        with path.open("xb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        if path.read_bytes() != text:
            raise AnchorDiffers(f"{path} is there already and says something else.") from None


def _days() -> list[date]:
    return [found.date() for found in TrailEntry.objects.datetimes("at", "day", tzinfo=UTC)]


def _of(day: date) -> Iterator[tuple[int, str]]:
    start = datetime.combine(day, time(), UTC)
    rows = TrailEntry.objects.filter(at__gte=start, at__lt=start + timedelta(days=1)).order_by("seq")
    return iter(rows.values_list("seq", "hash").iterator())
