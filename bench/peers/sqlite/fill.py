"""`python fill.py FOLDER`: `FOLDER/register.db` for SQLite alone and for Datasette, with FTS5 over the titles."""

import json
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from copying import COLUMNS, records

SCHEMA = """
CREATE TABLE treaties (id INTEGER PRIMARY KEY, reference TEXT, title_nl TEXT, title_en TEXT, title_fr TEXT,
  kind TEXT, status TEXT, signed_on TEXT, countries TEXT, themes TEXT);
CREATE TABLE treaty_country (country TEXT, treaty INTEGER, PRIMARY KEY (country, treaty)) WITHOUT ROWID;
CREATE TABLE treaty_theme (theme TEXT, treaty INTEGER, PRIMARY KEY (theme, treaty)) WITHOUT ROWID;
"""
AFTER = """
CREATE VIRTUAL TABLE treaties_fts USING fts5(reference, title_nl, title_en, title_fr,
  content='treaties', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
INSERT INTO treaties_fts(treaties_fts) VALUES ('rebuild');
INSERT INTO treaties_fts(treaties_fts) VALUES ('optimize');
CREATE INDEX treaties_signed ON treaties (signed_on DESC, id DESC);
CREATE INDEX treaties_kind ON treaties (kind);
CREATE INDEX treaties_status ON treaties (status);
ANALYZE;
"""


def main(folder: Path) -> None:
    file = folder / "register.db"
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + SCHEMA)
        for record in records(folder):
            lists = (json.dumps(record["countries"]), json.dumps(record["themes"]))
            values = [*(record[name] for name in COLUMNS), *lists]
            connection.execute("INSERT INTO treaties VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            for table, what in (("country", "countries"), ("theme", "themes")):
                rows = [(code, record["id"]) for code in record[what]]
                connection.executemany(f"INSERT INTO treaty_{table} VALUES (?, ?)", rows)  # noqa: S608
        connection.commit()
        connection.executescript(AFTER)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
