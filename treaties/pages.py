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


def page(
    rows: QuerySet[SearchDocument], order: str, data: QueryDict, *, rank: Any = None, total: int | None = None
) -> ListPage:
    """The page that `data` asks for, in `order`; the first one where it asks for none that there can be.

    `total` is the number of rows where it is known: then the last page ends where pages of `SIZE` end.
    """
    return _ranked(rows, data, rank) if order == "relevance" else _walked(rows, order, data, total)


def _ranked(rows: QuerySet[SearchDocument], data: QueryDict, rank: Any) -> ListPage:
    """The best matches first: of all, or of the newest where there are too many; then the others, newest first."""
    size = tallies.window(rows)
    older = cursor(data.get("after", "") or data.get("before", ""))
    if size and older and older.order == "newest":
        return _walked(rows.filter(_older(rows, size)), "newest", data)
    every = size or tallies.SETTLE
    found = _best(rows, every, data, rank)
    if not found.next and size and found.documents:
        # The ranked ones are done: the rest goes on from the oldest of them.
        last = rows.order_by(*tallies.NEWEST).defer("words")[every - 1 : every]
        found.next = f"after={_at('newest', last[0], every)}" if last else ""
    return found


def _older(rows: QuerySet[SearchDocument], size: int) -> Beyond:
    """What is older than the newest `size` of these."""
    columns, goes_down = KEYS["newest"]
    ends = rows.order_by(*tallies.NEWEST).values_list(*columns)[size - 1 : size]
    return Beyond(columns, ends[0] if ends else (date.min, 0), goes_down=goes_down)


def _best(rows: QuerySet[SearchDocument], every: int, data: QueryDict, rank: Any) -> ListPage:
    """A page of the best among the newest `every`."""
    at = cursor(data.get("after", "") or data.get("before", ""))
    back = bool(data.get("before")) and not data.get("after")
    skipped = 0 if at else min((number(data) - 1) * SIZE, every)
    sql, parameters = _best_sql(rows, every, rank, at if at and at.order == "relevance" else None, back, skipped)
    keys = tallies.fetched(sql, parameters)
    more, keys = len(keys) > SIZE, keys[:SIZE][:: -1 if back else 1]
    by_key = SearchDocument.objects.defer("words").in_bulk([key for key, *_ in keys])
    some = []
    for key, how_good, _ in keys:
        by_key[key].rank = how_good  # type: ignore[attr-defined]
        some.append(by_key[key])
    if back and at:
        before = None if at.before is None else max(at.before - len(some), 0)
        return _ends(some, "relevance", before, more_before=more, more_after=True)
    before = at.before if at and at.order == "relevance" else skipped
    return _ends(some, "relevance", before, more_before=bool(before), more_after=more)


def _best_sql(
    rows: QuerySet[SearchDocument], every: int, rank: Any, at: Cursor | None, back: bool, skipped: int
) -> tuple[str, list[Any]]:
    columns = KEYS["relevance"][0]
    ranked = rows.annotate(rank=rank).order_by(*tallies.NEWEST).values(*columns)[:every]
    inner, parameters = ranked.query.sql_with_params()
    way = "ASC" if back else "DESC"
    beyond = f"WHERE (rank, signed_key, treaty_id) {'>' if back else '<'} (%s::float4, %s, %s)" if at else ""
    sql = (
        f"WITH found AS MATERIALIZED ({inner})"  # noqa: S608 (of the ORM)
        f" SELECT treaty_id, rank, signed_key FROM found {beyond}"
        f" ORDER BY rank {way}, signed_key {way}, treaty_id {way} LIMIT {SIZE + 1} OFFSET {int(skipped)}"
    )
    return sql, [*parameters, *(at.keys if at else ())]


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
