"""How many entries of the trail are written in a second by eight at once, and how long a stranger needs to check them.

`python -m bench.trail [SECONDS]` makes a database of its own and removes it. Eight processes write for SECONDS (10
without): first notes (an entry and nothing else), then changes of a theme (a change, a history row, an entry). The
trail is verified afterwards: no fork, no gap. Then the script checks an export of 1,000,000 entries made for it.
"""

import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, connections  # noqa: E402

from accounts.actions import service_account  # noqa: E402
from audit import trail  # noqa: E402
from audit.actions import change  # noqa: E402
from audit.canonical import NOTHING, canonical, digest  # noqa: E402
from audit.choices import Action, Mark  # noqa: E402
from audit.merkle import Tree  # noqa: E402
from audit.models import TrailEntry  # noqa: E402
from audit.verification import verify  # noqa: E402
from treaties import reference_data  # noqa: E402
from treaties.models import Theme  # noqa: E402

WRITERS = 8
# Goals: entries a second; seconds and megabytes for a million entries.
RATE, CHECK_SECONDS, CHECK_MEGABYTES = 300, 30, 200
MANY = 1_000_000
TOOL = Path(__file__).resolve().parent.parent / "tools" / "verify_trail.py"


def write(database: str, number: int, kind: str, seconds: float, start: float) -> None:
    """One of the writers: entries from `start` on, for so many seconds."""
    connections["default"].settings_dict["NAME"] = database
    actor, theme = service_account(), Theme.objects.order_by("pk")[number]
    time.sleep(max(0.0, start - time.time()))
    while time.time() < start + seconds:
        if kind == "notes":
            trail.note(actor=actor, action=Mark.EXPORT, about=("bench", str(number)), payload={"rows": number})
        else:
            with change(actor, action=Action.REFERENCE_EDIT, reason="bench"):
                theme.save()


def written(kind: str, seconds: float) -> float:
    """Entries a second of all writers together."""
    before = TrailEntry.objects.count()
    start = time.time() + 10
    spawn = multiprocessing.get_context("spawn")
    database = str(connection.settings_dict["NAME"])
    writers = [spawn.Process(target=write, args=(database, n, kind, seconds, start)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    return (TrailEntry.objects.count() - before) / seconds


def export_of_many(folder: Path) -> Path:
    """An export with 1,000,000 entries over ten days, each with the list of its rows, and its anchors."""
    path, before = folder / "trail.jsonl", NOTHING
    (folder / "anchors").mkdir()
    tree, first = Tree(), 1
    tables = Tree([bytes.fromhex(digest("row"))])
    held = {"treaties_historicaltreaty": {"n": 1, "root": tables.root(), "shape": "0" * 16}}
    rows = [["treaties_historicaltreaty", "1", "~", digest("row")]]
    after = digest(held)
    with path.open("wb") as file:
        for seq in range(1, MANY + 1):
            day = f"2026-01-{1 + (seq - 1) * 10 // MANY:02d}"
            entry = {"v": 1, "seq": seq, "at": f"{day}T00:00:00.000000Z", "actor": "7", "name": digest("name")}
            entry |= {"role": "staff", "request": "0" * 32, "action": "treaty.edit", "before": after, "after": after}
            entry |= {"object": {"type": "treaties.Treaty", "key": "1", "reference": "T"}, "prev": before}
            entry |= {"payload": {"change": "0" * 36, "tables": held, "rows": rows}}
            before = digest(entry)
            file.write(b'{"entry":' + canonical(entry) + b',"hash":"' + before.encode() + b'"}\n')
            tree.add(bytes.fromhex(before))
            if seq % (MANY // 10) == 0:
                anchor = {"v": 1, "day": day, "first": first, "last": seq, "root": tree.root(), "head": before}
                # Not told of in this trail, so it lies beside the folder of anchors that the script is given.
                (folder / f"{day}.json").write_text(json.dumps(anchor))
                tree, first = Tree(), seq + 1
    return path


def checked(path: Path) -> tuple[float, float]:
    """Seconds and megabytes of the script."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", str(TOOL), "check", str(path)], check=True)  # noqa: S603 (our own script)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(f"{platform.machine()}, Python {platform.python_version()}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        took, megabytes = checked(export_of_many(Path(folder)))
    print(f"script: {MANY} entries in {took:.1f} s, {megabytes:.0f} MB (goals {CHECK_SECONDS} s, {CHECK_MEGABYTES} MB)")
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        reference_data.load()
        for kind in ("notes", "changes"):
            print(f"{WRITERS} writers, {kind}: {written(kind, seconds):.0f} entries/s (goal {RATE})")
        began = time.perf_counter()
        report = verify()
        print(f"verified: {report.entries} entries, {report.rows} rows in {time.perf_counter() - began:.1f} s")
        assert report.problems == [], report.problems
        print("0 forks, 0 gaps")
    finally:
        connection.creation.destroy_test_db("register", verbosity=0)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
