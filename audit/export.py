"""The trail as lines that a stranger can check with `tools/verify_trail.py` and nothing else.

One line an entry, in order: `{"entry": …, "hash": …, "opened": …}`. `entry` stands there byte for byte as it was
hashed; `opened` gives the name that `entry.name` stands for and its salt, unless it was erased.
"""

from collections.abc import Iterator

from django.db.models import Max, QuerySet

from audit import trail
from audit.canonical import canonical
from audit.models import TrailEntry, TrailName

AT_ONCE = 2_000


def lines(first: int = 1) -> Iterator[bytes]:
    """Every entry from `first` on, streamed; each ends with a line feed."""
    names = {row.digest: {"name": row.name, "salt": row.salt} for row in TrailName.objects.iterator()}
    for entry in TrailEntry.objects.filter(seq__gte=first).order_by("seq").iterator(chunk_size=AT_ONCE):
        yield line(entry, names.get(entry.name))


def chosen(entries: QuerySet[TrailEntry]) -> Iterator[bytes]:
    """These entries, oldest first, in pieces. Each line can be checked by itself, the chain only where none lacks."""
    last, end = 0, TrailEntry.objects.aggregate(end=Max("seq"))["end"] or 0
    while batch := list(entries.filter(seq__gt=last, seq__lte=end).order_by("seq")[:AT_ONCE]):
        asked = {entry.name for entry in batch} - {""}
        names = {row.digest: {"name": row.name, "salt": row.salt} for row in TrailName.objects.filter(pk__in=asked)}
        for entry in batch:
            yield line(entry, names.get(entry.name))
        last = batch[-1].seq


def line(entry: TrailEntry, opened: dict[str, str] | None) -> bytes:
    end = canonical({"hash": entry.hash} | ({"opened": opened} if opened else {}))
    return b'{"entry":' + canonical(trail.said(entry)) + b"," + end[1:] + b"\n"
