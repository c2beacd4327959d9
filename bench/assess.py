"""How long one judgement of a dossier takes: the longest procedure, 200 facts.

`python -m bench.assess` prints the median, and its ratio to a JSON round trip of the same facts, taken turn by turn in
the same run: a ratio can be compared between machines, a time cannot. Exit code 1 above the limit.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from treaties.choices import Stage  # noqa: E402
from treaties.dates import PartialDate  # noqa: E402
from workflow import procedures  # noqa: E402
from workflow.choices import Track  # noqa: E402
from workflow.conditions import Fact  # noqa: E402
from workflow.engine import assess  # noqa: E402
from workflow.procedures import Procedure  # noqa: E402

FACTS = 200
ROUNDS = 400
LIMIT_MS = 2.0
FIRST = date(2015, 1, 5)
ENTITIES = {"X-BE-FED": 1, "BE-WAL": 1, "BE-BRU": 1, "X-BE-FR": 2, "X-BE-DE": 1}


def longest() -> Procedure:
    """The procedure with the most steps."""
    return max(procedures.ALL, key=lambda procedure: len(procedure.steps))


def many(procedure: Procedure) -> list[Fact]:
    """Facts round after round through the steps in reading order, five days apart; they end as steps can end.

    Without the steps that end a dossier or take it back: every fact counts, which is the most work.
    """
    steps = [step for step in procedure.steps if step.track != Track.COURSE and step.stage != Stage.DONE]
    found: list[Fact] = []
    while len(found) < FACTS:
        step = steps[len(found) % len(steps)]
        outcomes = [one.code for one in step.outcomes if not one.ends]
        found.append(
            Fact(
                pk=len(found) + 1,
                step=step.code,
                when=PartialDate(FIRST + timedelta(days=len(found) * 5)),
                recorded_at=datetime(2024, 1, 8, 12, tzinfo=UTC) + timedelta(minutes=len(found)),
                outcome="approved" if step.gate else outcomes[0] if outcomes else "",
                entity=sorted(ENTITIES)[len(found) % len(ENTITIES)] if step.per_entity else "",
            )
        )
    return found


def as_json(facts: list[Fact]) -> Callable[[], object]:
    """The operation it is compared with: the same facts to JSON and back."""
    rows = [
        {"pk": fact.pk, "step": fact.step, "on": str(fact.when.on), "outcome": fact.outcome, "entity": fact.entity}
        for fact in facts
    ]
    return lambda: json.loads(json.dumps(rows))


def medians(*operations: Callable[[], object]) -> list[float]:
    """The median time of each in milliseconds, taken turn by turn."""
    times: list[list[float]] = [[] for _operation in operations]
    for round_number in range(ROUNDS + 20):
        for place, operation in enumerate(operations):
            begin = time.perf_counter()
            operation()
            # The first rounds warm up.
            if round_number >= 20:
                times[place].append((time.perf_counter() - begin) * 1000)
    return [statistics.median(taken) for taken in times]


def main() -> int:
    """Print what was measured; 1 when it is above the limit."""
    procedure = longest()
    facts = many(procedure)
    on = max(fact.when.on for fact in facts if fact.when.on) + timedelta(days=1)
    judged, baseline = medians(lambda: assess(procedure, facts, on, entities=ENTITIES), as_json(facts))
    print(f"procedure   {procedure.code}, {len(procedure.steps)} steps, {len(facts)} facts, {ROUNDS} rounds")
    print(f"machine     Python {platform.python_version()}, {platform.machine()}, one core used")
    print(f"assess      {judged:.2f} ms (median; limit {LIMIT_MS:.1f} ms)")
    print(f"baseline    {baseline:.2f} ms (JSON round trip of the same facts)")
    print(f"ratio       {judged / baseline:.1f}")
    return 0 if judged < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
