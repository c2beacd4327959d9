"""The questions that are measured, and how: the same list for pages in process, over HTTP and beside peers."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Question:
    """`name` stands in the results; `asked` are its facts, for peers that ask otherwise."""

    name: str
    path: str
    asked: dict[str, str]


def listed(name: str, **asked: str) -> Question:
    """A page of the list of treaties."""
    return Question(name, f"/treaties/?{urlencode(asked)}" if asked else "/treaties/", asked)


def questions(facts: dict[str, Any]) -> list[Question]:
    """The classes of the issue; `facts` are what `facts()` found in the data."""
    words, large, small, theme = facts["words"], facts["large"], facts["small"], facts["theme"]
    found = [
        listed("none"),
        listed("country, large", country=large),
        listed("country, small", country=small),
        listed("country + theme", country=large, theme=theme),
        listed("word in 0.01 %", q=words["0.01"]),
        listed("word in 1 %", q=words["1"]),
        listed("word in 5 %", q=words["5"]),
        listed("word in 30 %", q=words["30"]),
        listed("word in 30 % + country", q=words["30"], country=large),
        listed("two words in 30 %", q=f"{words['30']} {words['30b']}"),
        listed("page 400", page="400"),
        Question("suggestion", f"/treaties/suggest/?{urlencode({'q': words['30'][:5]})}", {"q": words["30"][:5]}),
        Question("treaty, 200 rows of history", f"/treaties/{facts['treaty']}/", {"treaty": facts["treaty"]}),
    ]
    return [*found, Question("bare view", "/healthz", {})]


def as_json(found: Sequence[Question]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def summary(times: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile, and the spread: the middle half. All in the unit of `times`."""
    ordered = sorted(times)
    last = len(ordered) - 1
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[math.ceil(last * 0.95)],
        "low": ordered[last // 4],
        "high": ordered[math.ceil(last * 0.75)],
        "n": len(ordered),
    }


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float | None:
    """By which power of the size the time grows, by least squares over the logarithms; None of one size."""
    if len(sizes) < 2:
        return None
    xs, ys = [math.log(size) for size in sizes], [math.log(max(taken, 1e-3)) for taken in times]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    over = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - mean_x) ** 2 for x in xs)
