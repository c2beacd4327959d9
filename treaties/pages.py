"""Pages of a list that cost the same wherever they stand: each goes on from the keys of the row before it.

An address of a page holds those keys (`after=…`, `before=…`), so a link stays right when treaties are added; `page=N`
is understood too, for links that people write, as far as `FURTHEST`.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Expression, F, QuerySet
from django.http import QueryDict

from treaties import tallies
from treaties.models import SearchDocument

SIZE = 25
# The last page that `page=N` can ask for: rows before it are read and thrown away.
FURTHEST = 400
# Columns of each order, and whether it goes down. The last one makes it total.
KEYS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "newest": (("signed_key", "treaty_id"), True),
    "changed": (("changed_at", "treaty_id"), True),
    "title": (("title_key", "treaty_id"), False),
    "reference": (("reference",), False),
    "relevance": (("rank", "signed_key", "treaty_id"), True),
}
# How a key in an address begins.
_LETTERS = {"newest": "n", "changed": "c", "title": "t", "reference": "f", "relevance": "b"}


@dataclass(frozen=True)
class Cursor:
    """The keys of a row, in an order; `before` counts the rows before the page, None where nobody counted."""

    order: str
    keys: tuple[Any, ...]
    before: int | None = None

    def __str__(self) -> str:
        said = [_LETTERS[self.order], self.before, *(_said(key) for key in self.keys)]
        packed = json.dumps(said, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _said(key: Any) -> Any:
    return key.isoformat() if isinstance(key, date) else key


_TYPES: Mapping[str, Any] = {
    "signed_key": date.fromisoformat,
    "changed_at": datetime.fromisoformat,
    "treaty_id": int,
    "rank": float,
    "title_key": str,
    "reference": str,
}


def cursor(typed: str) -> Cursor | None:
    """What stands in an address; None for what was never given out."""
    try:
        padded = typed.encode("ascii") + b"=" * (-len(typed) % 4)
        first, before, *keys = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        order = next(name for name, letter in _LETTERS.items() if letter == first)
        columns = KEYS[order][0]
        if len(keys) != len(columns) or not (before is None or (isinstance(before, int) and 0 <= before < 10**9)):
            return None
        return Cursor(order, tuple(_TYPES[name](key) for name, key in zip(columns, keys, strict=True)), before)
    except (ValueError, TypeError, StopIteration, binascii.Error, RecursionError, OverflowError):
        return None


class Beyond(Expression):
    """`(a, b) < (x, y)`: rows after these keys. One comparison of rows, which an index of the same columns answers."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[str], keys: Sequence[Any], *, goes_down: bool) -> None:
        super().__init__(output_field=BooleanField())
        self.sides = [F(name) for name in columns]
        self.keys = tuple(keys)
        self.sign = "<" if goes_down else ">"

    def get_source_expressions(self) -> list[Any]:
        return list(self.sides)

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sides = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(side) for side in self.sides]
        columns = ", ".join(sql for sql, _ in parts)
        marks = ", ".join("%s::float4" if isinstance(key, float) else "%s" for key in self.keys)
        return f"({columns}) {self.sign} ({marks})", (*(p for _, ps in parts for p in ps), *self.keys)


@dataclass
class ListPage:
    """Documents of one page. `previous`, `next` and `last` are what an address ends with, empty where there is none.

    `start` is the place of the first document in the list, from 1; None where it is not known.
    """

    documents: list[SearchDocument] = field(default_factory=list)
    start: int | None = None
    previous: str = ""
    next: str = ""
    total: int = 0
    is_exact: bool = True

    @property
    def end(self) -> int | None:
        return None if self.start is None else self.start + len(self.documents) - 1

    @property
    def has_other_pages(self) -> bool:
        return bool(self.previous or self.next)

    @property
    def is_first(self) -> bool:
        return not self.previous

    @property
    def has_last(self) -> bool:
        """Whether the end is far: one page further it needs no link of its own."""
        return bool(self.next) and self.is_exact and self.end is not None and self.total > self.end + SIZE


def wanted(order: str, data: QueryDict, rank: Any) -> tallies.Wanted | None:
    """The page of best matches that `data` asks for; None where it asks for another order, or for what comes after."""
    at = _asked_at(data)
    if order != "relevance" or (at and at.order != "relevance"):
        return None
    skipped = 0 if at else (number(data) - 1) * SIZE
    return tallies.Wanted(rank, at.keys if at else (), _is_back(data), skipped, SIZE + 1)


def _asked_at(data: QueryDict) -> Cursor | None:
    return cursor(data.get("after", "") or data.get("before", ""))


def _is_back(data: QueryDict) -> bool:
    return bool(data.get("before")) and not data.get("after")


def page(
    rows: QuerySet[SearchDocument],
    order: str,
    data: QueryDict,
    *,
    best: tallies.Best | None = None,
    total: int | None = None,
) -> ListPage:
    """The page that `data` asks for, in `order`; the first one where it asks for none that there can be.

    `best` are the best matches of that page, where it is `wanted`. `total` is the number of rows where it is known:
    then the last page ends where pages of `SIZE` end.
    """
    if order != "relevance":
        return _walked(rows, order, data, total)
    return _of_best(rows, best, data) if best else _older(rows, data)


def _older(rows: QuerySet[SearchDocument], data: QueryDict) -> ListPage:
    """What comes after the best of the newest: the others, by date."""
    columns, goes_down = KEYS["newest"]
    size = tallies.window(rows)
    ends = list(rows.order_by(*tallies.NEWEST).values_list(*columns)[size - 1 : size]) if size else []
    if not ends:
        return _walked(rows, "newest", data)
    return _walked(rows.filter(Beyond(columns, ends[0], goes_down=goes_down)), "newest", data)


def _of_best(rows: QuerySet[SearchDocument], best: tallies.Best, data: QueryDict) -> ListPage:
    """A page of the best matches; after the last of them it goes on with the older ones."""
    at, is_back = _asked_at(data), _is_back(data)
    more, keys = len(best.rows) > SIZE, best.rows[:SIZE][:: -1 if is_back else 1]
    by_key = SearchDocument.objects.defer("words").in_bulk([key for key, _rank in keys])
    some = []
    for key, rank in keys:
        by_key[key].rank = rank  # type: ignore[attr-defined]
        some.append(by_key[key])
    if at and is_back:
        before = None if at.before is None else max(at.before - len(some), 0)
        return _ends(some, "relevance", before, more_before=more, more_after=True)
    before = at.before if at else (number(data) - 1) * SIZE
    found = _ends(some, "relevance", before, more_before=bool(before), more_after=more)
    if best.window and some and not more:
        last = rows.order_by(*tallies.NEWEST).defer("words")[best.window - 1 : best.window]
        found.next = f"after={_at('newest', last[0], best.window)}" if last else ""
    return found


def _walked(rows: QuerySet[SearchDocument], order: str, data: QueryDict, total: int | None = None) -> ListPage:
    columns, goes_down = KEYS[order]
    rows = rows.defer("words")
    if data.get("last"):
        left = (total or 0) % SIZE or SIZE
        some, more = _cut(rows.order_by(*_order(columns, not goes_down)), left)
        return _ends(some[::-1], order, None, more_before=more, more_after=False)
    if (at := cursor(data.get("before", ""))) and at.order == order:
        backwards = rows.filter(Beyond(columns, at.keys, goes_down=not goes_down))
        some, more = _cut(backwards.order_by(*_order(columns, not goes_down)), SIZE)
        before = None if at.before is None else max(at.before - len(some), 0)
        return _ends(some[::-1], order, before, more_before=more, more_after=True)
    if (at := cursor(data.get("after", ""))) and at.order == order:
        further = rows.filter(Beyond(columns, at.keys, goes_down=goes_down))
        some, more = _cut(further.order_by(*_order(columns, goes_down)), SIZE)
        return _ends(some, order, at.before, more_before=True, more_after=more)
    skipped = (number(data) - 1) * SIZE
    some, more = _cut(rows.order_by(*_order(columns, goes_down))[skipped:], SIZE)
    return _ends(some, order, skipped, more_before=skipped > 0, more_after=more)


def place(data: QueryDict) -> dict[str, str]:
    """What of an address says which page it is, as far as it says anything."""
    asked = {name: data.get(name, "") for name in ("after", "before")}
    found = {name: typed for name, typed in asked.items() if typed and cursor(typed)}
    if not found and (page := number(data)) > 1:
        found["page"] = str(page)
    return found


def number(data: QueryDict) -> int:
    """The number of the page in the address: 1 where it says none, at most `FURTHEST`."""
    typed = data.get("page", "")
    return max(1, min(int(typed), FURTHEST)) if typed.isdecimal() and len(typed) < 12 else 1


def _order(columns: Sequence[str], goes_down: bool) -> list[str]:
    return [f"-{name}" if goes_down else name for name in columns]


def _cut(rows: QuerySet[SearchDocument], size: int) -> tuple[list[SearchDocument], bool]:
    """The first rows, and whether there are more."""
    some = list(rows[: size + 1])
    return some[:size], len(some) > size


def _ends(
    some: list[SearchDocument], order: str, before: int | None, *, more_before: bool, more_after: bool
) -> ListPage:
    """A page with its links: the one before starts at its first row, the one after goes on from its last."""
    found = ListPage(some, None if before is None else before + 1)
    if some:
        after = None if before is None else before + len(some)
        found.previous = f"before={_at(order, some[0], before)}" if more_before else ""
        found.next = f"after={_at(order, some[-1], after)}" if more_after else ""
    return found


def _at(order: str, row: SearchDocument, before: int | None) -> Cursor:
    return Cursor(order, tuple(getattr(row, name) for name in KEYS[order][0]), before)
