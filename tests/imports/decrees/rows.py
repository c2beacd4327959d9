"""Rows of a file of decrees, as the tests need them."""

import csv
from collections.abc import Iterable
from pathlib import Path

from imports.decrees import reading, titles
from imports.decrees.reading import COLUMNS, Decree
from imports.decrees.titles import Act

ELI = "http://www.ejustice.just.fgov.be/eli/decreet/"
CLUSTER = "Decreet houdende instemming met het Verdrag inzake clustermunitie, opgemaakt in Dublin op 30 mei 2008 (1)"
KOREA = (
    "Decreet houdende instemming met de Kaderovereenkomst tussen de Europese Unie en haar lidstaten, enerzijds, en de "
    "Republiek Korea, anderzijds, ondertekend te Brussel op 10 mei 2010 (1)"
)
INTRA = (
    "Decreet houdende instemming met het samenwerkingsakkoord van 5 juni 2009 tussen de Vlaamse Gemeenschap en het "
    "Waalse Gewest betreffende de integratie van personen met een handicap (1)"
)


def row(numac: str, title: str, **changed: str) -> dict[str, str]:
    """A Flemish decree of 8 May 2009 unless `changed`."""
    values = dict.fromkeys(COLUMNS, "") | {
        "numac": numac,
        "decree_date": "2009-05-08",
        "published_on": "2009-08-03",
        "entity": "flemish",
        "title_nl": title,
        "kind": "convention",
        "intra_belgian": "no",
        "laterality": "multilateral",
        "n_acts": "1",
        "title_truncated": "no",
        "art138": "no",
    }
    values["decree_date"] = changed.get("decree_date", values["decree_date"])
    values["eli"] = f"{ELI}{values['decree_date'].replace('-', '/')}/{numac}"
    return values | changed


def write(path: Path, rows: Iterable[dict[str, str]], columns: Iterable[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def decree(title: str, numac: str = "2009035677", **changed: str) -> Decree:
    return reading._decree(1, row(numac, title, **changed))


def acts(title: str, numac: str = "2009035677", **changed: str) -> tuple[Act, ...]:
    return titles.read(decree(title, numac, **changed)).acts
