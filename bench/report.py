"""What was measured, written down: `bench/results.md` and `bench/growth.svg`, from the files in `var/bench/`.

`python -m bench.report`. Says of each goal whether it is met; what was not measured is not in it.
"""

import json
from pathlib import Path
from typing import Any

from bench import cluster, plot
from bench.classes import exponent

HERE = Path(__file__).resolve().parent
DATABASE_MS, PAGE_MS, GROWTH, RATIO = 20.0, 25.0, 0.2, 4.0
TIMES = {"admin": 20.0, "wagtail": 10.0, "datasette": 3.0, "datasette_whole": 3.0}
CALLED = {
    "ours": "the register",
    "admin": "Django admin",
    "wagtail": "Wagtail",
    "datasette": "Datasette",
    "datasette_whole": "Datasette, every facet counted",
    "sqlite": "SQLite FTS5",
}
NOT_PAGES = ("bare view",)


def read(name: str) -> dict[str, Any]:
    file = cluster.place() / name
    return dict(json.loads(file.read_text())) if file.exists() else {}


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def spread(cost: dict[str, float]) -> str:
    """Median, and the middle half between brackets."""
    return f"{cost['p50']:.1f} ({cost['low']:.1f}–{cost['high']:.1f})"


def met(*, is_met: bool) -> str:
    return "met" if is_met else "**not met**"


def machine(told: dict[str, Any]) -> str:
    settings = ", ".join(f"`{name}` {value}" for name, value in told["settings"].items())
    return (
        f"{told['date']}; {told['processor']}, {told['cores']} cores, {told['memory']}; load {told['load']:.1f} at the"
        f" end; Python {told['python']}, Django {told['django']}, psycopg {told['psycopg']}; commit `{told['commit']}`."
        f"\n\nPostgreSQL, embedded, on a socket: {settings}; `fsync`, `synchronous_commit` and `full_page_writes` off."
    )


def answered(results: dict[str, Any]) -> list[str]:
    """Names of the questions that every size answers with a page."""
    first, *others = results.values()
    return [name for name in first if all(size[name]["status"] == 200 for size in (first, *others))]


def of_search(found: dict[str, Any]) -> str:
    results, sizes = found["results"], [int(size) for size in found["results"]]
    largest = results[str(sizes[-1])]
    parts = ["## Pages of search", machine(found["machine"]), made(found)]
    for what, title in (("database", "Time in the database"), ("page", "Whole page, in process")):
        rows = []
        for name in answered(results):
            medians = [results[str(size)][name][what]["p50"] for size in sizes]
            if what == "database" and name in NOT_PAGES:
                continue
            grown = exponent(sizes, medians)
            last = largest[name]
            rows.append(
                [name, *(spread(results[str(size)][name][what]) for size in sizes), f"{last[what]['p95']:.1f}"]
                + ["–" if grown is None else f"{grown:+.2f}"]
                + ([f"{last['sql']['p50']:.1f}", str(last["n"])] if what == "database" else [ratio(last)])
            )
        head = ["ms", *(f"{size:,}" for size in sizes), f"p95 at {sizes[-1]:,}", "exponent"]
        head += ["same SQL, psycopg alone", "statements"] if what == "database" else ["page / database"]
        parts += [f"### {title}", table(head, rows)]
    missing = [name for name in largest if name not in answered(results)]
    if missing:
        parts.append(f"Not measured, for there is no such page yet: {', '.join(missing)}.")
    return "\n\n".join([*parts, "### Goals", goals(results, sizes)])


def ratio(cost: dict[str, Any]) -> str:
    base = cost["database"]["p50"]
    return f"{cost['page']['p50'] / base:.1f}" if base else "–"


def made(found: dict[str, Any]) -> str:
    rows = [
        [
            f"{int(size):,}",
            f"{one['seconds']:.0f} s",
            f"{int(size) / one['seconds']:,.0f}",
            f"{one['bytes'] / 2**20:,.0f} MB",
        ]
        for size, one in found["made"].items()
    ]
    return table(["treaties (`make_load`)", "made in", "a second", "database"], rows)


def goals(results: dict[str, Any], sizes: list[int]) -> str:
    largest, names = results[str(sizes[-1])], [name for name in answered(results) if name not in NOT_PAGES]
    checks: list[tuple[str, dict[str, bool]]] = [
        (
            f"database p50 under {DATABASE_MS:.0f} ms at {sizes[-1]:,}",
            {name: largest[name]["database"]["p50"] < DATABASE_MS for name in names},
        ),
        (
            f"whole page p50 under {PAGE_MS:.0f} ms at {sizes[-1]:,}",
            {name: largest[name]["page"]["p50"] < PAGE_MS for name in names},
        ),
        (f"page at most {RATIO:.0f} × its database time", {name: within(largest[name]) for name in names}),
    ]
    if len(sizes) > 1:
        grown = {
            what: {name: exponent(sizes, [results[str(size)][name][what]["p50"] for size in sizes]) for name in names}
            for what in ("database", "page")
        }
        checks += [
            (
                f"growth exponent of the {what} at most {GROWTH}",
                {name: (one or 0) <= GROWTH for name, one in by.items()},
            )
            for what, by in grown.items()
        ]
    rows = []
    for goal, by in checks:
        failed = [name for name, is_met in by.items() if not is_met]
        rows.append([goal, met(is_met=not failed), f"{len(by) - len(failed)} of {len(by)}", ", ".join(failed) or "–"])
    return table(["goal", "", "questions", "not met for"], rows)


def within(cost: dict[str, Any]) -> bool:
    return bool(cost["page"]["p50"] <= RATIO * cost["database"]["p50"])


def of_peers(found: dict[str, Any]) -> str:
    results = found["results"]
    systems = [name for name in CALLED if any(name in one for one in results.values())]
    rows = []
    for name, one in results.items():
        cells = [shown(one.get(system)) for system in systems]
        rows.append([name, *cells, fastest(one)])
    head = [f"ms over HTTP, {found['size']:,} treaties", *(CALLED[name] for name in systems), "fastest"]
    return "\n\n".join(
        [
            "## Beside other systems",
            machine(found["machine"]),
            table(head, rows),
            "### Goals",
            table(["goal", "", "measured"], beaten(results)),
        ]
    )


def shown(cost: dict[str, Any] | None) -> str:
    if cost is None:
        return "–"
    return spread(cost) if cost["status"] == 200 else f"status {cost['status']}"


def fastest(one: dict[str, Any]) -> str:
    right = {name: cost["p50"] for name, cost in one.items() if cost["status"] == 200}
    return CALLED[min(right, key=lambda name: right[name])] if right else "–"


def beaten(results: dict[str, Any]) -> list[list[str]]:
    rows = []
    for name in ("country + theme", "word in 30 %"):
        for peer, times in TIMES.items():
            one = results.get(name, {})
            if peer in one and "ours" in one:
                measured = one[peer]["p50"] / one["ours"]["p50"]
                goal = f"{name}: at least {times:.0f} × as fast as {CALLED[peer]}"
                rows.append([goal, met(is_met=measured >= times), f"{measured:.1f} ×"])
    return rows


def of_serving(found: dict[str, Any]) -> str:
    rows = []
    if one := found["suggestions"]:
        goal = f"suggestions at {one['size']:,}, 4 clients, p95 under 30 ms"
        rows.append([goal, met(is_met=one["p95"] < 30), f"p50 {one['p50']:.1f}, p95 {one['p95']:.1f} ms"])
    for name, one in found["throughput"].items():
        told = f"{one['a_second']:.0f} a second; the worker itself used {one['worked']:.0%} of its core"
        verdict = "–" if name == "bare view" else met(is_met=one["a_second"] >= 100)
        rows.append([f"one worker on one core, “{name}”: 100 pages a second", verdict, told])
    one = found["memory"]
    told = f"{one['before']:.0f} → {one['after']:.0f} MB ({one['growth']:+.1%}) over {one['pages']:,} pages"
    rows.append(["memory of a worker grows under 5 %", met(is_met=one["growth"] < 0.05), told])
    return "\n\n".join(["## Served", machine(found["machine"]), table(["goal", "", "measured"], rows)])


def growth(found: dict[str, Any]) -> str:
    results, sizes = found["results"], [int(size) for size in found["results"]]
    lines = {
        name: [(float(size), results[str(size)][name]["page"]["p50"]) for size in sizes] for name in answered(results)
    }
    title = "Whole page against the number of treaties (median, ms; both axes logarithmic)"
    return plot.log_log(title, lines, x="treaties", y="ms", goal=PAGE_MS)


HOW = """# Results of the benches

Made by `make bench`; how, in [README.md](README.md). Times are medians, between brackets the middle half of the times.
All questions were asked in turn, in another order every round; first rounds do not count. Differences under some 30 %
mean nothing on a machine that others use too."""


def main() -> None:
    parts = [HOW]
    for name, write in (("search.json", of_search), ("serving.json", of_serving), ("peers.json", of_peers)):
        if found := read(name):
            parts.append(write(found))
    if (found := read("search.json")) and len(found["results"]) > 1:
        parts.append("![Growth](growth.svg)")
        (HERE / "growth.svg").write_text(growth(found), encoding="utf-8")
    (HERE / "results.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print((HERE / "results.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
