"""Fixture files (TOML), read strictly: what is not understood is refused, with the file and the key."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from django.db import connection
from django.db.models import TextChoices
from django.utils import translation

from audit.refusals import Refused
from treaties.dates import UNKNOWN, PartialDate, parse

# Any number, the same for every loader: two of them never load at the same time.
LOAD_LOCK = 8_147_201
Choice = TypeVar("Choice", bound=TextChoices)


class FixtureError(Exception):
    """A fixture file says something that cannot be loaded. The message is one sentence, for people."""


@dataclass(frozen=True)
class Table:
    """One table of a file. `where` names it for people, `keys` are the only ones it may hold.

    `sources` are the addresses of the file by their code: facts name the code. Every reading method
    raises `FixtureError` for a value of the wrong form.
    """

    values: Mapping[str, Any]
    where: str
    keys: Collection[str]
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.values, Mapping):
            self.fail("this should be a table")
        if unknown := sorted(set(self.values) - set(self.keys)):
            self.fail(f"the key “{unknown[0]}” is not known here")

    def fail(self, problem: str) -> NoReturn:
        raise FixtureError(f"{self.where}: {problem}.")

    def text(self, key: str, default: str | None = None) -> str:
        """The text under `key`; without a default it must be there and not be empty."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fail(f"“{key}” should be a text")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.fail(f"“{key}” should be a list of texts")
        return value

    def pairs(self, key: str) -> dict[str, str]:
        """A table of texts with keys of its own."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(entry, str) for entry in value.values()):
            self.fail(f"“{key}” should be a table of texts")
        return value

    def number(self, key: str) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(f"“{key}” should be a whole number")
        return value

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        value = self.text(key)
        if value not in choices.values:
            self.fail(f"“{key}” is “{value}”, which is none of {', '.join(choices.values)}")
        return choices(value)

    def when(self, key: str) -> PartialDate:
        """A day as TOML writes it, or a text such as "2018-05" or "2019"; unknown when it is not there."""
        value = self.values.get(key)
        if value is None:
            return UNKNOWN
        if isinstance(value, date) and not isinstance(value, datetime):
            return PartialDate(value)
        try:
            return parse(self.text(key))
        except ValueError:
            self.fail(f"“{key}” is “{value}”, which is not a date")

    def source(self) -> str:
        """The addresses behind the code, or the list of codes, under `source`; at least one."""
        value = self.values.get("source")
        codes = [value] if isinstance(value, str) else self.texts("source")
        if not codes:
            self.fail("“source” is missing: every fact says where it stands")
        return " ".join(self.address(code) for code in codes)

    def address(self, code: str) -> str:
        if code not in self.sources:
            self.fail(f"the source “{code}” is not among the sources of this file")
        return self.sources[code]

    def table(self, key: str, keys: Collection[str]) -> "Table":
        return Table(self.values.get(key, {}), f"{self.where}, {key}", keys, self.sources)

    def rows(self, key: str, keys: Collection[str]) -> list["Table"]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.fail(f"“{key}” should be a list of tables")
        return [
            Table(entry, f"{self.where}, {key} {place}", keys, self.sources)
            for place, entry in enumerate(value, start=1)
        ]


def read_file(path: Path, keys: Collection[str]) -> Table:
    """The whole file. Raises `FixtureError` when it is not TOML or holds an unknown key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FixtureError(f"{path.name}: this is not a TOML file ({error}).") from error
    file = Table(values, path.name, keys)
    return Table(values, path.name, keys, file.pairs("sources"))


@contextmanager
def explained(table: Table) -> Iterator[None]:
    """A refusal of the register, said with the place in the file that caused it."""
    try:
        yield
    except Refused as refused:
        with translation.override("en"):
            table.fail("; ".join(str(blocker.sentence).rstrip(".") for blocker in refused.blockers))


def one_at_a_time() -> None:
    """Hold back other loads until the end of the transaction: two starts at once load everything once."""
    with connection.cursor() as cursor:
        # The limits in the settings are for pages, where somebody waits; another load may take longer.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
