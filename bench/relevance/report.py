"""What was measured, as a page to read (`results.md`) and as lines to compare with (`results.tsv`)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.relevance.asking import Measured
from bench.relevance.metrics import NDCG_AT, RECALL_AT, mean

WORST = 10
# Differences of nDCG that are told query by query.
TOLD = 0.005
COLUMNS = ("run", "type", "language", "query", "ndcg", "recall", "empty", "ndcg_followed", "recall_followed")
_HEAD = f"nDCG@{NDCG_AT} | recall@{RECALL_AT} | nothing found"
_WIDE = f"| queries | {_HEAD} | nDCG, suggestion followed | recall, suggestion followed | nothing even so |"


@dataclass(frozen=True)
class Line:
    """What is kept of one query: enough to compare two states of the register."""

    run: str
    type: str
    language: str
    query: str
    ndcg: float
    recall: float
    is_empty: bool
    ndcg_followed: float
    recall_followed: float


@dataclass(frozen=True)
class Run:
    """One list of queries asked of one register; `title` says of which."""

    name: str
    title: str
    measured: Sequence[Measured]


# --- Lines -------------------------------------------------------------------------------------------


def lines(runs: Iterable[Run]) -> list[Line]:
    return [_line(run.name, one) for run in runs for one in run.measured]


def _line(run: str, one: Measured) -> Line:
    query = one.query
    return Line(
        run,
        query.type,
        query.language,
        query.text,
        round(one.ndcg, 4),
        round(one.recall, 4),
        one.is_empty,
        round(one.ndcg_followed, 4),
        round(one.recall_followed, 4),
    )


def write_lines(path: Path, held: Iterable[Line]) -> None:
    rows = ["\t".join(COLUMNS)]
    for one in held:
        figures = (one.ndcg, one.recall, int(one.is_empty), one.ndcg_followed, one.recall_followed)
        rows.append("\t".join([one.run, one.type, one.language, one.query, *(f"{figure:.4g}" for figure in figures)]))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def read_lines(path: Path) -> list[Line]:
    """The lines that `write_lines` wrote. Raises ValueError for any other file."""
    first, *rows = path.read_text(encoding="utf-8").splitlines()
    if first != "\t".join(COLUMNS):
        raise ValueError(f"{path} holds no results of this bench")
    found = []
    for row in rows:
        run, kind, language, query, *figures = row.split("\t")
        ndcg, recall, empty, ndcg_followed, recall_followed = map(float, figures)
        found.append(Line(run, kind, language, query, ndcg, recall, bool(empty), ndcg_followed, recall_followed))
    return found


# --- The page ----------------------------------------------------------------------------------------


def page(runs: Sequence[Run], machine: str) -> str:
    """The whole of `results.md`."""
    parts = ["# Relevance, as measured", "Made by `python -m bench.relevance` (see [README.md](README.md)).", machine]
    parts += [_table(f"| register and queries {_WIDE}", {run.title: run.measured for run in runs})]
    for run in runs:
        parts += [f"## {run.title}"]
        parts += [_table(f"| type {_WIDE}", _grouped(run.measured, lambda one: one.query.type))]
        parts += [_table(f"| language {_WIDE}", _grouped(run.measured, lambda one: one.query.language))]
        nothing = sum(not one.ndcg_followed for one in run.measured)
        parts += [f"{nothing} of {len(run.measured)} have nothing of use among the first {NDCG_AT}. The {WORST} worst:"]
        parts += [_worst(run.measured)]
    return "\n\n".join(parts) + "\n"


def _grouped(measured: Iterable[Measured], by: Callable[[Measured], str]) -> dict[str, list[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        groups[by(one)].append(one)
    return dict(sorted(groups.items()))


def _table(head: str, groups: Mapping[str, Sequence[Measured]]) -> str:
    rows = [head, "|---" * (head.count("|") - 1) + "|"]
    return "\n".join(rows + [f"| {name} | {' | '.join(_figures(some))} |" for name, some in groups.items()])


def _figures(measured: Sequence[Measured]) -> Iterator[str]:
    yield str(len(measured))
    yield f"{mean(one.ndcg for one in measured):.3f}"
    yield f"{mean(one.recall for one in measured):.3f}"
    yield f"{mean(one.is_empty for one in measured):.1%}"
    yield f"{mean(one.ndcg_followed for one in measured):.3f}"
    yield f"{mean(one.recall_followed for one in measured):.3f}"
    yield f"{mean(one.is_empty_followed for one in measured):.1%}"


def _worst(measured: Iterable[Measured]) -> str:
    rows = ["| query | type | meant | found first | nDCG | suggestion |", "|---|---|---|---|---|---|"]
    for one in sorted(measured, key=lambda one: (one.ndcg_followed, one.ndcg, one.recall))[:WORST]:
        query = one.query
        meant = ", ".join(name for name, grade in query.grades.items() if grade == max(query.grades.values()))
        # A record that is not judged is told by no title: the lists are not ours to publish.
        first = ", ".join(name if name in query.grades else "another" for name in one.found[:3]) or "nothing"
        text = query.text.replace("|", r"\|")
        rows.append(f"| `{text}` | {query.type} | {meant} | {first} | {one.ndcg:.2f} | {one.suggestion} |")
    return "\n".join(rows)


# --- Before and after --------------------------------------------------------------------------------


def comparison(before: Iterable[Line], now: Iterable[Line]) -> str:
    """The means of the queries that both asked, and each query that moved, the most first."""
    earlier = {(one.run, one.query): one for one in before}
    pairs = [(earlier[key], one) for one in now if (key := (one.run, one.query)) in earlier]
    rows = [f"| run | queries | {_HEAD} | nDCG, suggestion followed |", "|---|---|---|---|---|---|"]
    asked = dict.fromkeys(one.run for _was, one in pairs)
    rows += [_moved(run, [pair for pair in pairs if pair[1].run == run]) for run in asked]
    moved = [pair for pair in pairs if abs(_difference(pair)) > TOLD]
    rows += ["", f"{len(moved)} of {len(pairs)} queries moved:", ""]
    rows += [_told(pair) for pair in sorted(moved, key=lambda pair: (-abs(_difference(pair)), pair[1].query))]
    return "\n".join(rows) + "\n"


def _told(pair: tuple[Line, Line]) -> str:
    was, one = pair
    figures = f"{_difference(pair):+.2f} ({was.ndcg_followed:.2f} → {one.ndcg_followed:.2f})"
    return f"- {figures} `{one.query}` ({one.run}, {one.type})"


def _difference(pair: tuple[Line, Line]) -> float:
    was, one = pair
    return one.ndcg_followed - was.ndcg_followed


def _moved(run: str, pairs: Sequence[tuple[Line, Line]]) -> str:
    def both(value: Callable[[Line], float], form: str) -> str:
        return " → ".join(format(mean(value(pair[place]) for pair in pairs), form) for place in (0, 1))

    cells = [
        both(lambda one: one.ndcg, ".3f"),
        both(lambda one: one.recall, ".3f"),
        both(lambda one: one.is_empty, ".1%"),
        both(lambda one: one.ndcg_followed, ".3f"),
    ]
    return f"| {run} | {len(pairs)} | {' | '.join(cells)} |"
