"""The measures, pure: no database, no files.

A grade says how well a treaty answers a query: 3 what was meant, 2 belongs to it, 1 of some use, 0 anything else. The
order of a list is worth more at its top: the gain of a grade is 2^grade - 1, halved on its way down by log2 of the
place (Järvelin and Kekäläinen, 2002; the exponential gain is of Burges and others, 2005).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from statistics import fmean

NDCG_AT, RECALL_AT = 10, 25


def once(names: Iterable[str]) -> list[str]:
    """Each name at its first place; what comes again is passed over, as a reader would."""
    return list(dict.fromkeys(names))


def dcg(grades: Sequence[int], at: int = NDCG_AT) -> float:
    """Discounted cumulative gain of the first `at` grades, in their order."""
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades[:at], start=1))


def ndcg(found: Iterable[str], grades: Mapping[str, int], at: int = NDCG_AT) -> float:
    """How near the order of `found` comes to the best one: 1 is the best order, 0 nothing of use among the first `at`.

    Raises ValueError where nothing is judged of use: such a query measures nothing.
    """
    best = dcg(sorted(grades.values(), reverse=True), at)
    if not best:
        raise ValueError("no treaty is judged of use")
    return min(1.0, dcg([grades.get(name, 0) for name in once(found)], at) / best)


def recall(found: Iterable[str], grades: Mapping[str, int], at: int = RECALL_AT) -> float:
    """The share of the treaties of use that stand among the first `at`; of no more of them than fit there."""
    wanted = {name for name, grade in grades.items() if grade > 0}
    if not wanted:
        raise ValueError("no treaty is judged of use")
    return len(wanted & set(once(found)[:at])) / min(len(wanted), at)


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    return fmean(held) if (held := list(values)) else 0.0
