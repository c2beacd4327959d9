"""Search at three sizes: what each page costs, whole and in the database, and how that grows.

`python -m bench.search [--sizes 10000,100000,1000000] [--rounds 15]` makes what is missing (`bench.loaded`), asks every
page in every size in turn, and keeps the times in `var/bench/search.json`; `python -m bench.report` writes them down.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import cluster, loaded
from bench.classes import summary
from bench.machine import told

MEASURED = ("page", "database", "sql")


class Size:
    """The process that asks the pages of one size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.page"],
            env=loaded.environment(size),
            cwd=cluster.BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.known = self._read()
        self.times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.last: dict[str, Any] = {}

    def _read(self) -> dict[str, Any]:
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError(f"The process for {self.size} treaties ended: {self.process.wait()}")
        return dict(json.loads(line))

    def round(self, *, kept: bool) -> None:
        self.process.stdin.write("round\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        self.last = self._read()
        for name, cost in self.last.items():
            for what in MEASURED:
                if kept:
                    self.times[name][what].append(cost[what])

    def results(self) -> dict[str, Any]:
        return {
            name: {what: summary(times) for what, times in found.items()}
            | {key: self.last[name][key] for key in ("status", "n", "size")}
            for name, found in self.times.items()
        }

    def stop(self) -> None:
        self.process.stdin.close()  # type: ignore[union-attr]
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def measure(sizes: list[int], rounds: int, folder: Path) -> dict[str, Any]:
    server = cluster.start(folder)
    made = {size: loaded.ready(size, folder, server) for size in sizes}
    asked: list[Size] = []
    try:
        asked.extend(Size(size) for size in sizes)
        for turn in range(rounds + 2):
            for one in asked:
                one.round(kept=turn >= 2)  # the first rounds warm up
        results = {str(one.size): one.results() for one in asked}
        facts = {str(one.size): one.known["facts"] for one in asked}
    finally:
        for one in asked:
            one.stop()
    return {"machine": told(), "rounds": rounds, "made": made, "facts": facts, "results": results}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", default="search.json")
    given = parser.parse_args()
    folder = cluster.prepare(loaded.NAME)
    found = measure([int(size) for size in given.sizes.split(",")], given.rounds, folder)
    (folder.parent / given.out).write_text(json.dumps(found, indent=1))
    for size, results in found["results"].items():
        for name, cost in results.items():
            shown = "  ".join(f"{what} {cost[what]['p50']:7.1f}" for what in MEASURED)
            print(f"{size:>8} {name:28} {shown}  {cost['n']:>3} statements, status {cost['status']}")


if __name__ == "__main__":
    main()
