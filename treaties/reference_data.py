"""Loading `fixtures/reference/`: safe to repeat, changes only what differs."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from accounts.actions import service_account
from audit.actions import change
from audit.choices import Action
from treaties.models import Party, Theme
from treaties.sorting import sort_key

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"


def load() -> dict[str, int]:
    """Bring parties and themes to what the files say; how many rows were written, per file."""
    with change(service_account(), action=Action.REFERENCE_LOAD, reason="fixtures/reference"):
        return {"parties": _load_parties(), "themes": _load_themes()}


def _load_parties() -> int:
    present = {party.code: party for party in Party.objects.all()}
    written = 0
    # Wholes before their parts, so that the parent is there.
    for row in sorted(_rows("parties.csv"), key=lambda row: bool(row["parent"])):
        values: dict[str, Any] = {name: row[name] for name in ("kind", "name_nl", "name_en", "name_fr", "name_de")}
        values["name_nl"] = values["name_nl"] or values["name_en"]
        values |= {
            "iso3": row["iso3"],
            "valid_from": _date(row["valid_from"]),
            "valid_to": _date(row["valid_to"]),
            "continent": row["continent"],
            "successors": _split(row["successors"]),
            "aliases": _split(row["aliases"]),
            "parent_id": present[row["parent"]].pk if row["parent"] else None,
            "sort_key": sort_key(values["name_nl"]),
        }
        party = present.setdefault(row["code"], Party(code=row["code"]))
        written += _write(party, values)
    return written


def _load_themes() -> int:
    present = {theme.slug: theme for theme in Theme.objects.all()}
    written = 0
    for row in sorted(_rows("themes.csv"), key=lambda row: bool(row["parent"])):
        values = {
            "uri": row["uri"],
            "name_nl": row["name_nl"],
            "name_en": row["name_en"],
            "parent_id": present[row["parent"]].pk if row["parent"] else None,
            "valid_from": _date(row["valid_from"]),
            "valid_to": _date(row["valid_to"]),
            "is_deprecated": row["deprecated"] == "yes",
            "sort_key": sort_key(row["name_nl"]),
        }
        theme = present.setdefault(row["slug"], Theme(slug=row["slug"]))
        written += _write(theme, values)
    return written


def _write(row: models.Model, values: dict[str, Any]) -> bool:
    """Save only what differs: a repeat leaves no history row."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _date(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
