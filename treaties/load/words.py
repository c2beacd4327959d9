"""The words of load data: real ones, from the register's own reference data, cases and translations.

Never from a list of somebody else's that is kept in the project. Where `SAMPLE_DATA` names a folder with
`treaties-large.csv`, its titles give the vocabulary and its parties their frequency, at the moment of loading only.
"""

import csv
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
# Words a title has anyway say nothing; four letters and more leave most of them out.
_WORD = re.compile(r"[^\W\d_]{4,}")
_MESSAGE = re.compile(r'^(msgid|msgstr)(?:\[\d\])? "(.*)"$')
# Most different words of one language: the tail after these would be single rows.
MOST = 6_000


@dataclass(frozen=True)
class Planted:
    """A word that stands in a known share of the titles, and nowhere else."""

    word: str
    share: float


# Natural Dutch words that neither the vocabulary nor a name has (they are taken out of the vocabulary).
PLANTED = (
    Planted("barnsteen", 0.0001),
    Planted("vuurtoren", 0.01),
    Planted("zeekraal", 0.05),
    Planted("veerdienst", 0.30),
    Planted("kaartverkoop", 0.30),
)


def planted() -> dict[str, str]:
    """What benches ask for, by share of the rows: `{"0.01": word, "1": …, "5": …, "30": …, "30b": …}` (per cent)."""
    rare, one, five, broad, second = (one.word for one in PLANTED)
    return {"0.01": rare, "1": one, "5": five, "30": broad, "30b": second}


def vocabulary() -> dict[str, list[str]]:
    """Words by language (nl, en, fr), most frequent first, at most `MOST` of each."""
    counted = {language: Counter[str]() for language in ("nl", "en", "fr")}
    for language, text in [*_names(), *_cases(), *_messages(), *_sample()]:
        if language in counted:
            counted[language].update(word.lower() for word in _WORD.findall(text))
    own = {one.word for one in PLANTED}
    return {
        language: [word for word, _n in sorted(words.items(), key=lambda one: (-one[1], one[0])) if word not in own][
            :MOST
        ]
        for language, words in counted.items()
    }


def party_counts() -> dict[str, int]:
    """Alpha-3 code → in how many treaties of the sample; empty without a sample."""
    counts: Counter[str] = Counter()
    for row in _sample_rows():
        counts.update({code for code in row["parties"].split(";") if len(code) == 3})
    return dict(counts)


def _names() -> Iterator[tuple[str, str]]:
    folder = BASE / "fixtures" / "reference"
    for name in ("parties.csv", "themes.csv", "document_types.csv"):
        for row in _rows(folder / name):
            for language in ("nl", "en", "fr"):
                yield language, row.get(f"name_{language}") or ""
    for row in _rows(folder / "party_names.csv"):
        yield row["language"], row["text"]


def _cases() -> Iterator[tuple[str, str]]:
    for file in sorted((BASE / "fixtures").glob("*/*.toml")):
        yield from _titles(tomllib.loads(file.read_text(encoding="utf-8")))


def _titles(held: object) -> Iterator[tuple[str, str]]:
    """Every text with its language in what a case holds; texts without one are Dutch."""
    if isinstance(held, dict):
        language = str(held.get("language", "nl"))
        for name, value in held.items():
            if isinstance(value, str) and name in {"text", "note", "summary_nl", "title", "reason"}:
                yield language, value
            elif not isinstance(value, str):
                yield from _titles(value)
    elif isinstance(held, list):
        for one in held:
            yield from _titles(one)


def _messages() -> Iterator[tuple[str, str]]:
    for file in sorted((BASE / "locale").glob("nl/LC_MESSAGES/*.po")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if found := _MESSAGE.match(line):
                yield ("en" if found[1] == "msgid" else "nl"), re.sub(r"%\(\w+\)s|&\w+;|<[^>]*>", " ", found[2])


def _sample() -> Iterable[tuple[str, str]]:
    for row in _sample_rows():
        is_dutch = row["source"].startswith(("nl-", "staatsblad"))
        yield ("nl" if is_dutch else "en"), row["title"]


def _sample_rows() -> Iterator[dict[str, str]]:
    file = Path(os.environ.get("SAMPLE_DATA") or "no-sample") / "treaties-large.csv"
    if file.exists():
        yield from _rows(file)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)
