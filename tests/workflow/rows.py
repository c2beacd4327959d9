"""How many rows each table holds: what was refused must have written nothing at all."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection

from audit.refusals import Conflict, Refused

TABLES = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES))  # noqa: S608 (our own tables)
        return dict(cursor.fetchall())


@contextmanager
def refused(*codes: str) -> Iterator[Refused]:
    """What is done inside is refused with exactly these reasons, and writes nothing."""
    before = rows()
    answer = Refused([])
    with pytest.raises(Refused) as caught:
        yield answer
    answer.blockers = caught.value.blockers
    assert [blocker.code for blocker in caught.value.blockers] == list(codes)
    assert rows() == before


@contextmanager
def conflict(*words: str) -> Iterator[None]:
    """Somebody was first; the sentence holds these words, and nothing is written."""
    before = rows()
    with pytest.raises(Conflict) as caught:
        yield
    assert [word for word in words if word not in str(caught.value.sentence)] == []
    assert rows() == before
