"""The search documents of load data."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from treaties import search_bulk
from treaties.load.shape import NewTreaty
from treaties.load.tables import Writer
from treaties.models import SearchDocument, Treaty


@contextmanager
def index_at_the_end() -> Iterator[None]:
    yield


def write(keys: Sequence[int], block: Sequence[NewTreaty], writer: Writer) -> int:
    return 0


def finish() -> None:
    keys = list(Treaty.objects.order_by("pk").values_list("pk", flat=True))
    with search_bulk.parties_read_once():
        search_bulk.refresh_many(keys)
    assert connection and SearchDocument
