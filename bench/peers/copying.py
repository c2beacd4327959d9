"""The records into the tables of a Django peer: Treaty, Country and Theme of its app `register`; psycopg is enough."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COLUMNS = ("id", "reference", "title_nl", "title_en", "title_fr", "kind", "status", "signed_on")


def records(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / "records.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def names(folder: Path, what: str) -> dict[str, str]:
    return dict(json.loads((folder / f"{what}.json").read_text(encoding="utf-8")))


def fill(cursor: Any, folder: Path) -> None:
    """`cursor` is one of psycopg; the tables are empty."""
    for what, table, key in (("countries", "country", "code"), ("themes", "theme", "slug")):
        with cursor.copy(f"COPY register_{table} ({key}, name) FROM STDIN") as copy:
            for row in names(folder, what).items():
                copy.write_row(row)
    with cursor.copy(f"COPY register_treaty ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for record in records(folder):
            copy.write_row([record[name] for name in COLUMNS])
    for what, key in (("countries", "country"), ("themes", "theme")):
        with cursor.copy(f"COPY register_treaty_{what} (treaty_id, {key}_id) FROM STDIN") as copy:
            for record in records(folder):
                for code in record[what]:
                    copy.write_row((record["id"], code))
    cursor.execute("ANALYZE")
