"""The command and the stranger's script, on a trail of three days that is whole, and on what people do to it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from audit import anchors, export, trail
from audit.canonical import entry_hash
from audit.choices import Mark
from audit.models import TrailEntry, VerificationRun
from audit.verification import verify
from treaties.models import Treaty

pytestmark = pytest.mark.django_db
TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_trail.py"


@dataclass
class Bench:
    """Three changes (`first + 1` …), an anchor, its entry (`point`), three changes, an anchor, its entry (`last`)."""

    folder: Path
    first: int

    @property
    def point(self) -> int:
        return self.first + 4

    @property
    def last(self) -> int:
        return self.first + 8

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors"

    def script(self, *arguments: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(TOOL), *map(str, arguments)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    def exported(self) -> subprocess.CompletedProcess[str]:
        call_command("audit", "export", str(self.folder / "trail.jsonl"), verbosity=0)
        return self.script("check", self.folder / "trail.jsonl", "--anchors", self.anchors)


@pytest.fixture
def bench(make_treaty: Callable[..., Treaty], staff: User, tmp_path: Path, settings: Any) -> Bench:
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")
    trail.note(actor=staff, action=Mark.LOGIN)
    first = TrailEntry.objects.latest("seq").seq
    for number in range(6):
        make_treaty(title=f"Verdrag {number}")
        if number in (2, 5):
            anchors.anchor(today=True)
    return Bench(tmp_path, first)


def test_a_whole_trail_is_found_whole_by_both(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit", "verify")
    assert "The trail is whole" in capsys.readouterr().out
    run = VerificationRun.objects.get()
    assert (run.ok, run.entries, run.first_bad) == (True, bench.last, None)
    done = bench.exported()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The export is whole: {bench.last} entries, 2 anchors.\n"


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def copied(of: int, **other: Any) -> None:
    """A forged entry: entry `of` with other values and a hash that fits."""
    entry = TrailEntry.objects.get(seq=of)
    entry.change_id = None
    entry.payload = '{"forged":true}'
    entry.after = ""
    for name, value in other.items():
        setattr(entry, name, value)
    entry.hash = entry_hash(trail.said(entry))
    TrailEntry.objects.bulk_create([entry])


def rehash(first: int) -> None:
    before = TrailEntry.objects.get(seq=first - 1).hash
    for entry in TrailEntry.objects.filter(seq__gte=first).order_by("seq"):
        entry.prev = before
        before = entry_hash(trail.said(entry))
        sql("UPDATE audit_trailentry SET prev = %s, hash = %s WHERE seq = %s", entry.prev, before, entry.seq)


def change_one(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET role = 'reviewer' WHERE seq = %s", bench.point)
    return bench.point


def delete_first(bench: Bench) -> int:
    sql("DELETE FROM audit_trailentry WHERE seq = 1")
    return 1


def delete_middle(bench: Bench) -> int:
    sql("DELETE FROM audit_trailentry WHERE seq = %s", bench.point + 1)
    return bench.point + 1


def delete_last(bench: Bench) -> int:
    sql("DELETE FROM audit_trailentry WHERE seq = %s", bench.last)
    return bench.last


def insert(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET seq = seq + 1000 WHERE seq >= %s", bench.point)
    sql("UPDATE audit_trailentry SET seq = seq - 999 WHERE seq > 1000")
    sql("ALTER TABLE audit_trailentry DROP CONSTRAINT audit_trailentry_prev_key")
    copied(bench.point - 1, seq=bench.point, prev=TrailEntry.objects.get(seq=bench.point - 1).hash)
    return bench.point + 1


def reorder(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET seq = 1000 WHERE seq = %s", bench.point)
    sql("UPDATE audit_trailentry SET seq = %s WHERE seq = %s", bench.point, bench.point + 1)
    sql("UPDATE audit_trailentry SET seq = %s WHERE seq = 1000", bench.point + 1)
    return bench.point


def fork(bench: Bench) -> int:
    sql("ALTER TABLE audit_trailentry DROP CONSTRAINT audit_trailentry_prev_key")
    copied(bench.last, seq=bench.last + 1)
    return bench.last + 1


def cut_the_tail(bench: Bench) -> int:
    sql("DELETE FROM audit_trailentry WHERE seq >= %s", bench.point + 1)
    return bench.point + 1


def replace_a_payload(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET payload = '{}' WHERE seq = %s", bench.point + 1)
    return bench.point + 1


def swap_an_actor(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET actor = '999' WHERE seq = %s", bench.point + 2)
    return bench.point + 2


def make_anew_from_a_point(bench: Bench) -> int:
    sql("UPDATE audit_trailentry SET role = 'auditor' WHERE seq = %s", bench.point)
    rehash(bench.point)
    return bench.point


def drop_an_anchor(bench: Bench) -> int:
    min(bench.anchors.glob("*.json")).unlink()
    return bench.point


MANIPULATIONS = [
    change_one,
    delete_first,
    delete_middle,
    delete_last,
    insert,
    reorder,
    fork,
    cut_the_tail,
    replace_a_payload,
    swap_an_actor,
    make_anew_from_a_point,
    drop_an_anchor,
]


@pytest.mark.parametrize("manipulate", MANIPULATIONS)
def test_twelve_manipulations_by_the_owner_are_found_by_both(
    bench: Bench, manipulate: Callable[[Bench], int], capsys: pytest.CaptureFixture[str]
) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET LOCAL session_replication_role = replica")
    bad = manipulate(bench)
    sql("SET LOCAL session_replication_role = origin")
    (bench.folder / "trail.jsonl").write_bytes(b"".join(export.lines()))
    done = bench.script("check", bench.folder / "trail.jsonl", "--anchors", bench.anchors)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"First bad entry: {bad}." in done.stderr
    with pytest.raises(CommandError, match=rf"First bad entry: {bad}\."):
        call_command("audit", "verify")
    assert VerificationRun.objects.get().first_bad == bad


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE treaties_historicaltreaty SET note = 'x' WHERE history_change_id = %s",
        "UPDATE treaties_historicaltitle SET history_actor = 'Iemand Anders' WHERE history_change_id = %s",
        "DELETE FROM treaties_historicaltitle WHERE history_change_id = %s",
        "UPDATE audit_change SET reason = 'other' WHERE id = %s",
    ],
)
def test_a_row_that_was_rewritten_is_found_by_the_command(bench: Bench, statement: str) -> None:
    sql("SET LOCAL session_replication_role = replica")
    sql(statement, TrailEntry.objects.get(seq=bench.point + 1).change_id)
    sql("SET LOCAL session_replication_role = origin")
    report = verify(folder=bench.anchors)
    assert {problem.seq for problem in report.problems} == {bench.point + 1}
    assert report.first


def test_what_was_written_before_the_trail_began_is_compared_too(bench: Bench) -> None:
    sql("SET LOCAL session_replication_role = replica")
    sql("DELETE FROM audit_trailentry")
    for path in bench.anchors.glob("*.json"):
        path.unlink()
    sql("SET LOCAL session_replication_role = origin")
    call_command("audit", "begin")
    assert verify(folder=bench.anchors).problems == []
    sql("SET LOCAL session_replication_role = replica")
    sql("UPDATE treaties_historicaltreaty SET note = 'x'")
    report = verify(folder=bench.anchors)
    assert [(problem.seq, problem.code) for problem in report.problems] == [(1, "rows")]


def test_since_a_day_judges_from_there(bench: Bench) -> None:
    tomorrow = TrailEntry.objects.latest("seq").at.date() + timedelta(days=1)
    assert verify(since=tomorrow).entries == 0
    assert verify(since=tomorrow - timedelta(days=1)).problems == []


def test_one_entry_is_proven_by_its_day_and_no_other(bench: Bench) -> None:
    (bench.folder / "trail.jsonl").write_bytes(b"".join(export.lines()))
    anchors.anchor(today=True)
    anchor = max(bench.anchors.glob("*.json"))
    proof = bench.folder / "proof.json"
    call_command("audit", "prove", str(bench.point), str(proof))
    assert bench.script("prove", bench.folder / "trail.jsonl", bench.point, bench.folder / "own.json").returncode == 0
    assert bench.script("proof", bench.folder / "own.json", anchor).returncode == 0
    # The command knows one entry more: that of the last anchor, which this anchor does not cover.
    assert bench.script("proof", proof, anchor).returncode == 1
    said = json.loads((bench.folder / "own.json").read_bytes())
    said["entry"]["actor"] = "999"
    (bench.folder / "own.json").write_text(json.dumps(said))
    done = bench.script("proof", bench.folder / "own.json", anchor)
    assert (done.returncode, f"First bad entry: {bench.point}." in done.stderr) == (1, True)


def test_a_name_is_erased_and_the_chain_stays_whole(bench: Bench, staff: User) -> None:
    call_command("audit", "erase", str(staff.pk))
    assert verify(folder=bench.anchors).problems == []
    done = bench.exported()
    assert done.returncode == 0
    assert "An Beheerder" not in (bench.folder / "trail.jsonl").read_text()
