"""Years of signature as bars, each the way to its years."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict

from treaties.queries import FacetValue

# Most bars; more years are put together by five, ten, twenty …
MOST = 24
_SPANS = (1, 5, 10, 20, 50, 100)
# Of the drawing, in its own units.
HEIGHT, WIDTH, GAP = 48, 240, 1


@dataclass(frozen=True)
class Bar:
    """From `first` to `last`, both included; `query` is the address that narrows to them."""

    first: int
    last: int
    count: int
    at_least: bool
    query: str
    x: float
    width: float
    height: float

    @property
    def y(self) -> float:
        return HEIGHT - self.height

    @property
    def label(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Histogram:
    bars: list[Bar]

    @property
    def first(self) -> int:
        return self.bars[0].first

    @property
    def last(self) -> int:
        return self.bars[-1].last


def histogram(values: Iterable[FacetValue], asked: QueryDict) -> Histogram | None:
    """The bars of these years; None where there are not two years to compare. `asked` is the address without years."""
    counts = {int(value.value): value for value in values if value.count}
    if len(counts) < 2:
        return None
    start, end = min(counts), max(counts)
    span = next((span for span in _SPANS if end // span - start // span < MOST), _SPANS[-1])
    groups = range(start // span, end // span + 1)
    sums = [sum(counts[year].count for year in _years(group, span) if year in counts) for group in groups]
    least = any(value.at_least for value in counts.values())
    width = WIDTH / len(groups)
    most, narrowed = max(sums), _narrowed(asked)
    return Histogram(
        [
            Bar(
                first=max(group * span, start),
                last=min(group * span + span - 1, end),
                count=n,
                at_least=least,
                query=narrowed(max(group * span, start), min(group * span + span - 1, end)),
                x=round(place * width, 2),
                width=round(width - GAP, 2),
                # What is there is seen, however little of all it is.
                height=round(max(HEIGHT * n / most, 1.5 if n else 0), 2),
            )
            for place, (group, n) in enumerate(zip(groups, sums, strict=True))
        ]
    )


def _years(group: int, span: int) -> range:
    return range(group * span, group * span + span)


def _narrowed(asked: QueryDict) -> Callable[[int, int], str]:
    """The address that narrows to the years it is given: made once up to the years, for each bar has one."""
    rest = asked.copy()
    for name in ("signed_after", "signed_before"):
        rest.pop(name, None)
    before = f"{rest.urlencode()}&" if rest else ""
    return lambda first, last: f"{before}signed_after={first}&signed_before={last}"
