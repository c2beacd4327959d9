"""The register beside other systems: the same records, the same questions, over HTTP, turn by turn.

`bench/peers/run [--size 100000] [--rounds 7] [--only admin,datasette]` makes the environments (pinned versions),
exports the records of the register, fills the peers, serves all on loopback, one worker each, and asks them in turn.
Keeps the times in `var/bench/peers.json`; `python -m bench.report` writes them down.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from typing import Any

from bench import cluster, http, loaded
from bench.classes import Question, summary
from bench.machine import told
from bench.peers import systems
from bench.peers.export import export

# Questions of the issue that peers have no answer to.
OURS_ALONE = ("suggestion", "treaty, 200 rows of history", "bare view")
# A question that took this long (ms) is asked once more and not in every round.
SLOW = 5_000.0


def questions(size: int, *, every: bool = False) -> list[Question]:
    """The questions, with what they ask in the data of this size: told by a process that has the register loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.page"],
        env=loaded.environment(size),
        cwd=cluster.BASE,
        input="",
        capture_output=True,
        text=True,
        check=True,
    )
    found = [Question(**one) for one in json.loads(done.stdout.splitlines()[0])["questions"]]
    return [one for one in found if every or one.name not in OURS_ALONE]


def measure(clients: dict[str, http.Client], asked: list[Question], rounds: int) -> dict[str, Any]:
    """Question → system → times; each round asks every system each question, another system first every time."""
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    statuses: dict[str, dict[str, int]] = defaultdict(dict)
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    names = list(clients)
    for turn in range(rounds + 1):
        at = turn % len(names)
        for question in asked:
            for name in (*names[at:], *names[:at]):
                path = question.path if name == "ours" else systems.path(name, question.asked)
                known = times[question.name][name]
                if path is None or (len(known) > 1 and min(known) > SLOW):
                    continue
                answer = clients[name].get(path)
                statuses[question.name][name], sizes[question.name][name] = answer.status, answer.size
                if turn or answer.ms > SLOW:  # the first round warms up
                    known.append(answer.ms)
    return {
        name: {
            system: summary(taken) | {"status": statuses[name][system], "size": sizes[name][system]}
            for system, taken in found.items()
            if taken
        }
        for name, found in times.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default=",".join(systems.NAMES))
    parser.add_argument("--out", default="peers.json")
    given = parser.parse_args()
    folder = cluster.prepare(loaded.NAME)
    server = cluster.start(folder)
    loaded.ready(given.size, folder, server)
    place = systems.Place(given.size, folder.parent / f"peers_{given.size}", server)
    names = tuple(given.only.split(","))
    note = place.folder / "exported"
    made = str((folder / f"{loaded.database(given.size)}.json").stat().st_mtime)
    if not note.exists() or note.read_text() != made:
        export(dict(server), loaded.database(given.size), place.folder)
        note.write_text(made)
    for name in names:
        systems.install(place, name)
        systems.fill(place, name)
    asked = questions(given.size)
    with systems.running(place, names) as clients:
        results = measure(clients, asked, given.rounds)
    found = {"machine": told(), "size": given.size, "rounds": given.rounds, "results": results}
    (folder.parent / given.out).write_text(json.dumps(found, indent=1))
    for name, systems_ in results.items():
        shown = "  ".join(f"{system} {cost['p50']:.1f} ({cost['status']})" for system, cost in systems_.items())
        print(f"{name:24} {shown}")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
