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
from treaties import asking, known_names, search, terms
from treaties.models import Party, PartyName, SynonymGroup, Theme
from treaties.sorting import sort_key
from treaties.spelling import reference_texts

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "reference"


def load() -> dict[str, int]:
    """Bring parties, their names, themes and synonyms to what the files say; how many rows were written, per file.

    What was added by hand stays. The search documents of the treaties that a written row is about are made again.
    """
    with change(service_account(), action=Action.REFERENCE_LOAD, reason="fixtures/reference"):
        parties, names, themes = _load_parties(), _load_names(), _load_themes()
        known_names.forget()
        search.touch_named(
            {*(party.pk for party in parties), *(name.party_id for name in names)}, {theme.pk for theme in themes}
        )
        synonyms = _load_synonyms()
    counts = {"parties": len(parties), "names": len(names), "themes": len(themes), "synonyms": len(synonyms)}
    if any(counts.values()):
        # Derived, not part of the change: what "did you mean" can offer.
        asking.learn(reference_texts(), is_reference=True)
    return counts


def _load_parties() -> list[Party]:
    present = {party.code: party for party in Party.objects.all()}
    written = []
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
        if _write(party, values):
            written.append(party)
    return written


def _load_names() -> list[PartyName]:
    codes = dict(Party.objects.values_list("code", "pk"))
    present = {
        (name.party_id, name.language, name.kind, name.text, name.valid_from): name for name in PartyName.objects.all()
    }
    written = []
    for row in _rows("party_names.csv"):
        key = (codes[row["party"]], row["language"], row["kind"], row["text"], _date(row["valid_from"]))
        columns = dict(zip(("party_id", "language", "kind", "text", "valid_from"), key, strict=True))
        name = present.setdefault(key, PartyName(**columns))
        if _write(name, {"valid_to": _date(row["valid_to"]), "source": row["source"]}):
            written.append(name)
    return written


def _load_themes() -> list[Theme]:
    present = {theme.slug: theme for theme in Theme.objects.all()}
    written = []
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
        if _write(theme, values):
            written.append(theme)
    return written


def _load_synonyms() -> list[SynonymGroup]:
    present = {group.code: group for group in SynonymGroup.objects.all()}
    written = []
    for row in _rows("synonyms.csv"):
        group = present.setdefault(row["code"], SynonymGroup(code=row["code"]))
        words = _split(row["words"])
        if _write(group, {"words": words, "keys": terms.keys(words), "note": row["note"]}):
            written.append(group)
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
