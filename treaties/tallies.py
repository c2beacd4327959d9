"""How many of what is found have each facet, at a cost that does not grow with the register.

Three ways, the first that will do (docs/decisions/0016-search-at-scale.md):

1. without words, dates and combinations the counts are kept (`treaties.counts`): exact, whatever the size;
2. up to `SETTLE` matches are read and counted: exact;
3. of more, the newest some hundreds are read: what is counted there is the least there can be, and is said to be.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet

from treaties import counts
from treaties.facets import ANY
from treaties.models import SearchDocument

# Matches that are all read (10 ms at a million treaties), and the least and most of the newest where there are more.
SETTLE, FEWEST, MOST = 2_000, 75, 750
# Rows that are read to find the matches of a window, when those are spread evenly.
_READ = 6_500
NEWEST = ("-signed_key", "-treaty_id")
# Dimensions of which a document has one value at most: two of their counts add up.
SINGLE = frozenset({"kind", "qualification", "status", "stage", "awaited", "year"})

Groups = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Tally:
    """Facet → number of documents, `ANY` for all that is found. Not `is_exact`: each is the least it can be."""

    by: Mapping[int, int]
    is_exact: bool = True

    @property
    def total(self) -> int:
        return self.by.get(ANY, 0)


@dataclass(frozen=True)
class Asked:
    """What is looked for: facets by dimension ("or" within one), words or dates as conditions on the documents."""

    access: Sequence[str]
    groups: Groups
    rows: QuerySet[SearchDocument]
    # Whether facets are all that is asked: no words, no dates.
    is_plain: bool


def kept(asked: Asked) -> Tally | None:
    """What the counts say: nothing chosen, or one value, or some of a dimension whose values exclude each other."""
    chosen = [(name, codes) for name, codes in asked.groups.items() if codes]
    if not asked.is_plain or len(chosen) > 1:
        return None
    if not chosen:
        return Tally(counts.having(asked.access))
    ((name, codes),) = chosen
    if len(codes) > 1 and name not in SINGLE:
        return None
    return Tally(_added(counts.having(asked.access, code) for code in codes))


def _added(some: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for one in some:
        for facet, n in one.items():
            total[facet] = total.get(facet, 0) + n
    return total


def total(asked: Asked, tally: Tally) -> tuple[int, bool]:
    """How many are found, and whether that is exact: two values, of two dimensions, are counted together as well."""
    if tally.is_exact:
        return tally.total, True
    chosen = [codes for codes in asked.groups.values() if codes]
    if asked.is_plain and [len(codes) for codes in chosen] == [1, 1]:
        return counts.having(asked.access, chosen[0][0]).get(chosen[1][0], 0), True
    return tally.total, False


def window(rows: QuerySet[SearchDocument]) -> int:
    """How many of the newest matches to read; 0 where all can be read. By the estimate of the planner: only the cost
    depends on it, never whether what is said is true."""
    estimate, share = _estimate(rows)
    if estimate <= SETTLE:
        return 0
    return max(FEWEST, min(MOST, int(_READ * share)))


def _estimate(rows: QuerySet[SearchDocument]) -> tuple[int, float]:
    """About how many rows match, and which share of all that is."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    ((found,),) = fetched(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    estimate = int(plan["Plan Rows"])
    return estimate, min(1.0, estimate / _size()) if estimate > SETTLE else 1.0


def _size() -> float:
    """About how many documents there are."""
    ((size,),) = fetched(
        "SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = 'treaties_searchdocument'::regclass", None
    )
    return float(size)


@dataclass(frozen=True)
class Wanted:
    """A page of the best matches, to be read together with the counts: `rank` as an expression, the keys it goes on
    from (of rank, signature and key), whether backwards, how many rows to leave out and to give."""

    rank: Any
    keys: Sequence[Any] = ()
    is_back: bool = False
    skipped: int = 0
    limit: int = 0


@dataclass
class Best:
    """Key and rank of the best matches, in order, among the newest `window`; 0 where that is all of them."""

    rows: list[tuple[int, float]]
    window: int = 0


def read(
    questions: Mapping[str, QuerySet[SearchDocument]], whole: QuerySet[SearchDocument], wanted: Wanted | None = None
) -> tuple[dict[str, Tally], Best | None]:
    """The facets of what matches each question, read and counted: of all, or of the newest where there are too many.

    `whole` is the question without any facet: where that can be read whole, so can all others, and none is estimated.
    `wanted` is a page of the first question, taken from the same rows.
    """
    small = window(whole) == 0
    sizes = {name: 0 if small else window(rows) for name, rows in questions.items()}
    found, best = _counted({name: _some(rows, sizes[name]) for name, rows in questions.items()}, wanted)
    # Where the estimate was far too low: the newest of them, as of others there are too many of.
    missed = [name for name in questions if not sizes[name] and found[name].get(ANY, 0) > SETTLE]
    if missed:
        sizes |= dict.fromkeys(missed, MOST)
        first = next(iter(questions))
        again, better = _counted(
            {name: _some(questions[name], MOST) for name in missed}, wanted if first in missed else None
        )
        found, best = found | again, better if first in missed else best
    tallied = {name: Tally(by, not sizes[name] or by.get(ANY, 0) < sizes[name]) for name, by in found.items()}
    first_size = next(iter(sizes.values()), 0)
    return tallied, Best(best, first_size) if wanted else None


def _some(rows: QuerySet[SearchDocument], size: int) -> QuerySet[SearchDocument]:
    return rows.order_by(*NEWEST)[:size] if size else rows.order_by()[: SETTLE + 1]


def _counted(
    questions: Mapping[str, QuerySet[SearchDocument]], wanted: Wanted | None
) -> tuple[dict[str, dict[int, int]], list[tuple[int, float]]]:
    """Question → facet → number of rows, and the page that is wanted of the first; one query for all of it."""
    parts: list[str] = []
    parameters: list[Any] = []
    for place, rows in enumerate(questions.values()):
        sql, values = _part(rows, place, wanted if place == 0 else None)
        parts.append(sql)
        parameters += values
    found: dict[str, dict[int, int]] = {name: {} for name in questions}
    names, best = list(questions), []
    for place, facet, n, rank in fetched(" UNION ALL ".join(parts), parameters) if parts else ():
        if place == _PAGE:
            best.append((facet, rank))
        else:
            found[names[place]][facet] = n
    return found, best


# Marks the rows of a page among the counts.
_PAGE = -1


def _part(rows: QuerySet[SearchDocument], place: int, wanted: Wanted | None) -> tuple[str, list[Any]]:
    """The counts of one question, and the page that is wanted of it, from rows that are read once."""
    if wanted is None:
        sql, values = rows.values("facets").query.sql_with_params()
        return _COUNTS.format(found=sql, place=place, page=""), list(values)
    columns = ("facets", "rank", "signed_key", "treaty_id")
    sql, values = rows.annotate(rank=wanted.rank).values(*columns).query.sql_with_params()
    way, sign = ("ASC", ">") if wanted.is_back else ("DESC", "<")
    beyond = f"WHERE (rank, signed_key, treaty_id) {sign} (%s::float4, %s, %s)" if wanted.keys else ""
    order = ", ".join(f"{name} {way}" for name in columns[1:])
    page = (
        f" UNION ALL (SELECT {_PAGE}, treaty_id, 0, rank FROM found {beyond}"  # noqa: S608 (our own names)
        f" ORDER BY {order} LIMIT {int(wanted.limit)} OFFSET {int(wanted.skipped)})"
    )
    return _COUNTS.format(found=sql, place=place, page=page), [*values, *wanted.keys]


_COUNTS = (
    "(WITH found AS MATERIALIZED ({found})"
    " SELECT {place} AS place, facet::bigint, count(*), NULL::float4 FROM found, unnest(found.facets || 0) AS facet"
    " GROUP BY facet{page})"
)


def fetched(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tallies(
    questions: Mapping[str, Asked], whole: QuerySet[SearchDocument], wanted: Wanted | None = None
) -> tuple[dict[str, Tally], Best | None]:
    """The counts of each question, the first way that will do; and a page of the first, where that is `wanted`."""
    found = {} if wanted else {name: tally for name, asked in questions.items() if (tally := kept(asked))}
    rest = {name: asked.rows for name, asked in questions.items() if name not in found}
    read_, best = read(rest, whole, wanted) if rest else ({}, None)
    return found | read_, best
