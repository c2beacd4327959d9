"""SQLite with FTS5 behind the smallest view: 25 rows and the total as HTML, no facets, no highlights.

`PEER_FILE` names the database. Words are ranked by bm25; without words the newest signature comes first.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

_own = threading.local()


def connection() -> sqlite3.Connection:
    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(f"file:{os.environ['PEER_FILE']}?mode=ro", uri=True)
        _own.connection.execute("PRAGMA cache_size = -262144")
        _own.connection.execute("PRAGMA mmap_size = 1073741824")
    return _own.connection


def found(asked: dict[str, str]) -> tuple[list[tuple[Any, ...]], int]:
    """The rows of one page, and how many are found in all."""
    tables, where, values = ["treaties t"], ["1"], []
    order = "t.signed_on DESC, t.id DESC"
    if asked.get("q"):
        tables.append("treaties_fts f")
        where.append("f.rowid = t.id AND treaties_fts MATCH ?")
        values.append(" ".join('"{}"'.format(word.replace('"', "")) for word in asked["q"].split()))
        order = "f.rank"
    for name in ("country", "theme"):
        if asked.get(name):
            tables.append(f"treaty_{name} {name}_")
            where.append(f"{name}_.treaty = t.id AND {name}_.{name} = ?")
            values.append(asked[name])
    source = f"FROM {', '.join(tables)} WHERE {' AND '.join(where)}"
    skipped = 25 * (int(asked.get("page", 1)) - 1)
    columns = "t.reference, t.title_nl, t.kind, t.status, t.signed_on"
    sql = f"SELECT {columns} {source} ORDER BY {order} LIMIT 25 OFFSET {skipped}"
    rows = connection().execute(sql, values).fetchall()
    (total,) = connection().execute(f"SELECT count(*) {source}", values).fetchone()
    return rows, total


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    rows, total = found(asked)
    cells = ("".join(f"<td>{escape(str(cell or ''))}</td>" for cell in row) for row in rows)
    body = f"<p>{total}</p><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>".encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
