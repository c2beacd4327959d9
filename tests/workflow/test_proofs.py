"""Proofs by many repetitions: of many decisions at once exactly one counts, and what was acknowledged is stored.

`PROOF_ROUNDS=full` runs them in the numbers that were promised (100 rounds of 16, 200 kills); else they are fewer.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.models import Change
from audit.refusals import Conflict
from tests.factories import read
from tests.workflow.rows import rows
from workflow import actions, queries
from workflow.models import Approval, Decision, Dossier, Event

pytestmark = pytest.mark.django_db(transaction=True)

FULL = os.environ.get("PROOF_ROUNDS") == "full"
ROUNDS, AT_ONCE, KILLS = (100 if FULL else 10), 16, (200 if FULL else 15)

# Where the name of each person is kept, once: by whoever decides first.
NAMES = "audit_trailname"


@pytest.fixture
def ready(
    make_dossier: Callable[..., Dossier],
    advance: Callable[..., Dossier],
    give_evidence: Callable[[Dossier, str], None],
) -> Dossier:
    """A dossier whose mandate can be asked; postponed, it can be asked again."""
    dossier = advance(make_dossier(), "initiative")
    give_evidence(dossier, "mandate")
    return read(dossier)


def test_of_sixteen_decisions_at_once_one_counts_and_fifteen_are_told_whose(ready: Dossier, staff: User) -> None:
    people = [
        add_person(username=f"r{number}", role=Role.REVIEWER, password=None, last_name=f"Persoon {number:02}")
        for number in range(AT_ONCE)
    ]
    start, winners, began = Barrier(AT_ONCE), Counter[str](), time.monotonic()

    def decide(actor: User, approval: Approval) -> Decision | Conflict:
        connection.ensure_connection()
        start.wait(20)
        try:
            return actions.decide_consent(
                actor=actor, approval=approval, outcome="postponed", decided_on=date(2024, 2, 1), reason="later"
            )
        except Conflict as conflict:
            return conflict

    def leave() -> None:
        start.wait(20)
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(1, ROUNDS + 1):
            approval = actions.ask_consent(actor=staff, dossier=ready, step="mandate")
            before = rows()
            answers = list(pool.map(decide, people, [approval] * AT_ONCE))
            assert Counter(type(answer).__name__ for answer in answers) == {"Decision": 1, "Conflict": AT_ONCE - 1}
            decision = Decision.objects.get(approval=approval)
            told = [str(answer.sentence) for answer in answers if isinstance(answer, Conflict)]
            assert [sentence for sentence in told if decision.decided_by.name not in sentence] == []
            added = {
                table: count - before[table]
                for table, count in rows().items()
                if count != before[table] and table != NAMES
            }
            assert added == {
                "audit_change": 1,
                "audit_trailentry": 1,
                "workflow_decision": 1,
                "workflow_event": 1,
                "workflow_historicaldossier": 1,
            }
            assert Event.objects.get(decision=decision).recorded_by == decision.decided_by
            assert Change.objects.filter(action="consent.decide").count() == number
            winners[decision.decided_by.name] += 1
        for done in [pool.submit(leave) for _ in range(AT_ONCE)]:
            done.result()
    took = time.monotonic() - began
    print(f"\n{ROUNDS} rounds of {AT_ONCE}: {took:.1f} s, {len(winners)} different winners")  # noqa: T201


@pytest.fixture
def decider() -> Iterator[subprocess.Popen[str]]:
    """The process of `tests.workflow.decider`, on the database of this test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workflow.decider", str(connection.settings_dict["NAME"])],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        process.wait(20)


@dataclass(frozen=True)
class Ended:
    """How a process ended: whether it acknowledged its decision, its status, and the seconds from start to answer."""

    acknowledged: bool
    status: int
    seconds: float


def one_decision(decider: subprocess.Popen[str], approval: Approval, actor: User, delay: float | None) -> Ended:
    """Have it decided by a process that is killed after `delay` seconds."""
    name = f"decider-{approval.pk}-{random.getrandbits(40)}"
    tell(decider, f"{approval.pk} {actor.pk} {name}")
    word, pid = hear(decider)
    assert word == "pid"
    began = time.monotonic()
    if delay is not None:
        time.sleep(delay)
        # Not reaped before the next line: the number is its own, also when it has ended by itself.
        os.kill(int(pid), signal.SIGKILL)
    tell(decider, "reap")
    word, value = hear(decider)
    seconds = time.monotonic() - began
    if acknowledged := word == "ack":
        word, value = hear(decider)
    assert word == "end"
    # The server ends what the dead one began: it commits what it was told to, or rolls back.
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
            if cursor.fetchone() == (0,):
                return Ended(acknowledged, int(value), seconds)
            time.sleep(0.01)
    raise AssertionError("the connection of the killed process is still there")


def tell(decider: subprocess.Popen[str], line: str) -> None:
    assert decider.stdin is not None
    decider.stdin.write(line + "\n")
    decider.stdin.flush()


def hear(decider: subprocess.Popen[str]) -> list[str]:
    assert decider.stdout is not None
    return decider.stdout.readline().split()


def test_killed_in_the_middle_a_decision_is_there_whole_or_not_at_all(
    ready: Dossier, staff: User, reviewer: User, decider: subprocess.Popen[str]
) -> None:
    def ask() -> Approval:
        return actions.ask_consent(actor=staff, dossier=ready, step="mandate")

    approval, before, began = ask(), rows(), time.monotonic()
    lasts = one_decision(decider, approval, reviewer, None).seconds
    assert Decision.objects.get().approval == approval
    whole = {
        table: count - before[table] for table, count in rows().items() if count != before[table] and table != NAMES
    }
    approval, found, chance = ask(), Counter[str](), random.Random(6)  # noqa: S311
    for _ in range(KILLS):
        before, version = rows(), read(ready).version
        ended = one_decision(decider, approval, reviewer, chance.uniform(0, lasts))
        added = {
            table: count - before[table] for table, count in rows().items() if count != before[table] and table != NAMES
        }
        stored = Decision.objects.filter(approval=approval).first()
        assert ended.acknowledged or ended.status == signal.SIGKILL
        if stored is None:
            assert (ended.acknowledged, added, read(ready).version) == (False, {}, version)
            found["absent"] += 1
            continue
        assert (added, read(ready).version) == (whole, version + 1)
        assert Event.objects.get(decision=stored).recorded_by == reviewer
        found["acknowledged" if ended.acknowledged else "complete, not acknowledged"] += 1
        approval = ask()
    dossier = read(ready)
    assert {name: getattr(dossier, name) for name in queries.copies(dossier)} == queries.copies(dossier)
    assert found.total() == KILLS
    assert found["absent"], "killed too late to prove anything"
    print(f"\n{KILLS} kills in {lasts * 1000:.0f} ms: {dict(found)}, {time.monotonic() - began:.1f} s")  # noqa: T201
