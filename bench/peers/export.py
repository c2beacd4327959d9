"""The records of a size as lines of JSON, for peers: what a list, a search and its filters need.

`id reference title_nl title_en title_fr kind status signed_on countries themes`; names of countries and themes apart.
"""

import json
from pathlib import Path
from typing import Any

import psycopg

RECORDS = """
SELECT json_build_object(
  'id', t.id, 'reference', t.reference, 'kind', t.kind, 'status', coalesce(d.status, ''),
  'title_nl', coalesce(w.nl, ''), 'title_en', coalesce(w.en, ''), 'title_fr', coalesce(w.fr, ''),
  'signed_on', a.on_, 'countries', coalesce(p.codes, '[]'), 'themes', coalesce(h.slugs, '[]'))
FROM treaties_treaty t
LEFT JOIN treaties_searchdocument d ON d.treaty_id = t.id
LEFT JOIN (SELECT treaty_id, max(text) FILTER (WHERE language = 'nl') nl, max(text) FILTER (WHERE language = 'en') en,
  max(text) FILTER (WHERE language = 'fr') fr FROM treaties_title GROUP BY 1) w ON w.treaty_id = t.id
LEFT JOIN (SELECT treaty_id, min("on") on_ FROM treaties_act WHERE kind = 'signature' GROUP BY 1) a
  ON a.treaty_id = t.id
LEFT JOIN (SELECT treaty_id, json_agg(code ORDER BY code) codes FROM treaties_treatyparty l
  JOIN treaties_party ON treaties_party.id = l.party_id GROUP BY 1) p ON p.treaty_id = t.id
LEFT JOIN (SELECT treaty_id, json_agg(slug ORDER BY slug) slugs FROM treaties_treatytheme l
  JOIN treaties_theme ON treaties_theme.id = l.theme_id GROUP BY 1) h ON h.treaty_id = t.id
WHERE t.access = 'public' ORDER BY t.id
"""


def export(parameters: dict[str, Any], database: str, folder: Path) -> int:
    """Write `records.jsonl`, `countries.json` and `themes.json` in `folder`; how many records there are."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with psycopg.connect(**parameters, dbname=database) as connection:
        with (folder / "records.jsonl").open("w", encoding="utf-8") as file, connection.cursor("rows") as cursor:
            cursor.itersize = 5_000
            cursor.execute(RECORDS)
            for (record,) in cursor:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
        for name, table, key in (("countries", "party", "code"), ("themes", "theme", "slug")):
            rows = connection.execute(f"SELECT {key}, name_en FROM treaties_{table} ORDER BY {key}").fetchall()  # noqa: S608
            (folder / f"{name}.json").write_text(json.dumps(dict(rows), ensure_ascii=False), encoding="utf-8")
    return count
