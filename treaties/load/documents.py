"""The search documents of load data."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from treaties import search_bulk, words
from treaties.load.shape import NewTreaty
from treaties.load.tables import Writer
from treaties.models import Treaty


@contextmanager
def index_at_the_end() -> Iterator[None]:
    yield


def write(keys: Sequence[int], block: Sequence[NewTreaty], writer: Writer) -> int:
    return 0


def finish() -> None:
    keys = list(Treaty.objects.order_by("pk").values_list("pk", flat=True))
    with search_bulk.parties_read_once():
        search_bulk.refresh_many(keys)


def with_meaning(language: str, some: Sequence[str]) -> list[str]:
    """Those of `some` that search keeps of a text in `language`: without stop words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, place)"
            " WHERE to_tsvector(%s::regconfig, word) <> '' ORDER BY place",
            [list(some), words.config(language)],
        )
        return [word for (word,) in cursor.fetchall()]
