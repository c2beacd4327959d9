"""One size, in a process of its own: asks every page and tells what each cost. Driven by `bench.search` through pipes.

Times are in milliseconds. `page` is the whole page through Django's test client; `database` the sum of its statements
as Django sees them; `sql` the same statements through psycopg alone, which is the floor that page could have.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402

from bench.classes import Question, as_json, questions  # noqa: E402
from treaties.load.actions import often_changed  # noqa: E402
from treaties.load.words import planted  # noqa: E402
from treaties.models import TreatyParty, TreatyTheme  # noqa: E402


def facts() -> dict[str, Any]:
    """Which country is large and which is small, and so on, in this database."""
    foreign = TreatyParty.objects.exclude(party__code__in=("BE", "BE-VLG", "X-BE-VG")).filter(party__kind="state")
    counted = list(foreign.values_list("party__code").annotate(n=Count("*")).order_by("-n"))
    themes = TreatyTheme.objects.values_list("theme__slug").annotate(n=Count("*")).order_by("-n")
    return {
        "words": planted(),
        "large": counted[0][0],
        "small": counted[len(counted) * 3 // 4][0],
        "counts": dict(counted[:1] + counted[len(counted) * 3 // 4 :][:1]),
        "theme": themes[0][0],
        "treaty": often_changed(),
    }


class Statements:
    """Notes every statement and what it took."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []
        self.ms = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += (time.perf_counter() - began) * 1000
            self.seen.append((sql, params))


def ask(client: Client, question: Question) -> dict[str, Any]:
    """One page: its status, times and number of statements."""
    statements = Statements()
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(statements))
        began = time.perf_counter()
        answer = client.get(question.path)
        size = len(answer.content)
        took = (time.perf_counter() - began) * 1000
    told = {"status": answer.status_code, "page": took, "database": statements.ms, "n": len(statements.seen)}
    return told | {"sql": replay(statements.seen), "size": size}


def replay(seen: list[tuple[str, Any]]) -> float:
    """Milliseconds for the same statements without Django."""
    took = 0.0
    with connection.connection.cursor() as cursor:
        for sql, params in seen:
            began = time.perf_counter()
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
            took += (time.perf_counter() - began) * 1000
    return took


def main() -> None:
    """A line `round` on standard input gives a line of JSON: name → what it cost."""
    client = Client(headers={"accept-language": "nl"})
    found = questions(facts())
    print(json.dumps({"facts": facts(), "questions": as_json(found)}), flush=True)
    for turn, _line in enumerate(sys.stdin):
        # Another one first in every round, so that none always comes after the same.
        at = turn % len(found)
        connection.ensure_connection()
        print(json.dumps({one.name: ask(client, one) for one in (*found[at:], *found[:at])}), flush=True)


if __name__ == "__main__":
    main()
