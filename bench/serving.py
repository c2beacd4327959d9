"""The register over HTTP: suggestions with four clients, list pages a second of one worker, and its memory.

`python -m bench.serving [--large 1000000] [--size 100000] [--pages 10000]` serves it with gunicorn on loopback and
keeps the figures in `var/bench/serving.json`; `python -m bench.report` writes them down.
"""

import argparse
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import cluster, http, loaded
from bench.classes import Question, summary
from bench.machine import told
from bench.peers.run import questions

CLIENTS = 4
SECONDS = 15.0
# What somebody types, letter by letter; each beginning is a question.
TYPED = ("veerdienst", "nederland", "luxemb", "vuurtoren", "2012", "onderwijs")


@contextmanager
def register(size: int, folder: Path, *, core: int | None = None, threads: int = 1) -> Iterator[tuple[int, int]]:
    """Port and process id of one worker; on one core where there is `taskset` and one is named."""
    port = http.free_port()
    command = http.gunicorn(sys.executable, "registry.wsgi:application", port, "--threads", str(threads))
    if core is not None and (taskset := shutil.which("taskset")):
        command = [taskset, "--cpu-list", str(core), *command]
    env, log = loaded.environment(size), folder / "serving.log"
    with http.served(command, port, env=env, cwd=cluster.BASE, log=log) as process:
        http.Client(port).get("/healthz")
        yield port, _worker(process.pid)


def _worker(pid: int) -> int:
    """The worker of this gunicorn: its only child."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def resident(pid: int) -> float:
    """Megabytes of memory that are its own."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(numbers[11]) + int(numbers[12])) / 100


def suggestions(size: int, folder: Path) -> dict[str, Any]:
    """Times of suggestions with `CLIENTS` clients at once; empty where there are no suggestions yet."""
    asked = [f"/treaties/suggest/?q={quote(word[:end])}" for word in TYPED for end in range(2, len(word) + 1)]
    times: list[float] = []
    with register(size, folder, threads=CLIENTS) as (port, _pid):
        if http.Client(port).get(asked[0]).status != 200:
            return {}
        for path in asked:
            http.Client(port).get(path)
        until = time.monotonic() + SECONDS

        def client(place: int) -> None:
            own = http.Client(port)
            for path in cycle(asked[place:] + asked[:place]):
                if time.monotonic() > until:
                    return own.close()
                times.append(own.get(path).ms)
            return None

        _together([threading.Thread(target=client, args=(place * 7,)) for place in range(CLIENTS)])
    return summary(times) | {"a_second": len(times) / SECONDS, "size": size}


def _together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def throughput(size: int, folder: Path, asked: list[Question]) -> dict[str, Any]:
    """List pages a second of one worker on one core, and what part of its time it worked itself."""
    found = {}
    with register(size, folder, core=0) as (port, pid):
        client = http.Client(port)
        for question in asked:
            if question.name not in {"none", "country, large", "country + theme", "word in 1 %", "bare view"}:
                continue
            for _ in range(20):
                client.get(question.path)
            count, began, busy = 0, time.monotonic(), processor(pid)
            while time.monotonic() - began < SECONDS:
                count += client.get(question.path).status == 200
            took = time.monotonic() - began
            found[question.name] = {"a_second": count / took, "worked": (processor(pid) - busy) / took}
    return found


def memory(size: int, folder: Path, asked: list[Question], pages: int) -> dict[str, Any]:
    """Memory of a worker after a first thousand pages, and after `pages` more."""
    paths = cycle([question.path for question in asked if question.name != "bare view"])
    with register(size, folder) as (port, pid):
        client = http.Client(port)
        for _ in range(min(1_000, pages)):
            client.get(next(paths))
        before = resident(pid)
        for _ in range(pages):
            client.get(next(paths))
        after = resident(pid)
    return {"pages": pages, "before": before, "after": after, "growth": after / before - 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=10_000)
    given = parser.parse_args()
    folder = cluster.prepare(loaded.NAME)
    server = cluster.start(folder)
    for size in {given.size, given.large}:
        loaded.ready(size, folder, server)
    asked = questions(given.size, every=True)
    found = {
        "machine": told(),
        "suggestions": suggestions(given.large, folder),
        "throughput": throughput(given.size, folder, asked),
        "memory": memory(given.size, folder, asked, given.pages),
    }
    (folder.parent / "serving.json").write_text(json.dumps(found, indent=1))
    print(json.dumps({name: value for name, value in found.items() if name != "machine"}, indent=1))


if __name__ == "__main__":
    main()
