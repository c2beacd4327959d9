"""How many treaties have which facets: kept as counts, so that no list is read to count it.

`FacetCount` has the documents with any one facet and with any two, as of the last fold; `FacetChange` has the documents
that came and went since, written by a trigger in the transaction that wrote the document. Together they are exact at
every moment. Rows are per level of access: what a reader may not know of is never counted for him.
"""

from collections.abc import Sequence

from django.db import connection, connections, router, transaction

from treaties.facets import ANY
from treaties.models import FacetChange, SearchDocument

# Changes that wait before they are folded in: each costs every count a little, each fold costs a writer some 0.1 s.
FOLD_AT = 500
# Any number that no other lock of the register uses.
_FOLDING = 7_236_001

_WITH = """
SELECT b, sum(n)::bigint FROM (
  SELECT b, n FROM treaties_facetcount WHERE a = %(given)s AND access = ANY(%(access)s)
  UNION ALL
  SELECT unnest(facets || 0), n FROM treaties_facetchange
  WHERE access = ANY(%(access)s) AND (%(given)s = 0 OR facets @> ARRAY[%(given)s]::int[])
) AS both_ GROUP BY b HAVING sum(n) <> 0
"""
_PAIRS = """
SELECT access, a, b, sum(n) AS n FROM {source}, unnest(facets || 0) AS a, unnest(facets || 0) AS b GROUP BY 1, 2, 3
"""
_EVERY = "(SELECT access, facets, 1 AS n FROM treaties_searchdocument) AS every_"
_FOLD = f"""
WITH treaties_folded AS (DELETE FROM treaties_facetchange RETURNING access, facets, n)
INSERT INTO treaties_facetcount AS kept (access, a, b, n) {_PAIRS.format(source="treaties_folded")}
ON CONFLICT (access, a, b) DO UPDATE SET n = kept.n + EXCLUDED.n
"""  # noqa: S608 (our own names)
_REBUILD = f"""
INSERT INTO treaties_facetcount (access, a, b, n)
{_PAIRS.format(source=_EVERY)}
"""

_DIFFER = f"""
SELECT EXISTS (
  SELECT FROM (
    SELECT access, a, b, n FROM treaties_facetcount
    UNION ALL ({_PAIRS.format(source="treaties_facetchange")})
    UNION ALL (SELECT access, a, b, -n FROM ({_PAIRS.format(source=_EVERY)}) AS now_)
  ) AS all_ GROUP BY access, a, b HAVING sum(n) <> 0
)
"""  # noqa: S608 (our own names)


def having(access: Sequence[str], given: int = ANY) -> dict[int, int]:
    """Facet → how many documents have it and `given` too; under `ANY` how many have `given`. One query, exact."""
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(_WITH, {"given": given, "access": list(access)})
        return dict(cursor.fetchall())


def fold_when_many() -> None:
    """Fold the changes into the counts where enough wait; whoever comes while somebody else folds goes on."""
    waiting = FacetChange.objects.values("pk")[: FOLD_AT + 1].count()
    if waiting > FOLD_AT:
        fold()


def fold() -> None:
    """Fold all waiting changes that are committed into the counts. What is read does not change by it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING])
        if cursor.fetchone()[0]:
            cursor.execute(_FOLD)


def rebuild() -> None:
    """Count everything again from the documents; writers of documents wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        cursor.execute("LOCK TABLE treaties_searchdocument IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM treaties_facetchange; DELETE FROM treaties_facetcount")
        cursor.execute(_REBUILD)


def differ() -> bool:
    """Whether the counts, with the changes that wait, are not those of the documents; nothing is written."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER)
        return bool(cursor.fetchone()[0])
