"""What every row has: its source and number, its cells by field, and how it is read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from imports import dates, titles
from imports.choices import DateOrder
from imports.fields import FIELDS, Field
from imports.matching import Matcher
from imports.problems import Problem
from treaties.dates import PartialDate


@dataclass(frozen=True)
class Context:
    """How the rows of one run are read. `columns` maps fields to the columns of the file that tell them."""

    kind: str
    columns: Mapping[str, str]
    matcher: Matcher
    today: date
    order: DateOrder = DateOrder.UNSURE
    source: str = ""
    note_unknown: bool = False
    register_missing: bool = False
    # By whose eyes the rows are judged: what they may not know of is not compared with. None: everything is known.
    person: User | None = None

    def column(self, name: str) -> str:
        return self.columns.get(name, "")


@dataclass
class Reading:
    """What a row says, in one form: `said` is what is compared with what its source said before, and written.

    Dates in `said` are ISO as far as known (1995-04 for a month); `parties` are codes; what the row does not say
    is not in it.
    """

    source: str = ""
    key: str = ""
    title: str = ""
    party: int | None = None
    # What tells apart rows of one treaty (and party): the name of an unknown party, the second row of a known one.
    mark: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def title_hash(self) -> str:
        return digest(self.title)

    @property
    def identity(self) -> str:
        return digest(self.source, self.full_key, self.title, str(self.party or ""))

    @property
    def full_key(self) -> str:
        """The number at the source with the mark: what a `SourceKey` keeps."""
        return f"{self.key} {self.mark}".strip()[:300]


def digest(*parts: str) -> str:
    """32 hexadecimal characters that stand for the parts."""
    return hashlib.blake2b("\x1f".join(parts).encode(errors="replace"), digest_size=16).hexdigest()


def begin(cells: Mapping[str, str], context: Context) -> Reading:
    """The source and number of the row; and what is too long or cannot be stored in any of its cells."""
    reading = Reading()
    for one in FIELDS[context.kind]:
        if text := cells.get(one.name, ""):
            # The code says which party it is, however its name is spelled.
            _check(text, one, context, reading, lenient=one.name == "party" and bool(cells.get("party_iso3")))
    reading.source = titles.kept(cells.get("source", "")) or context.source
    if not reading.source:
        reading.problems.append(Problem("no_source", context.column("source")))
    reading.key = titles.kept(cells.get("source_id", ""))
    return reading


def _check(text: str, one: Field, context: Context, reading: Reading, *, lenient: bool) -> None:
    column = context.column(one.name)
    if one.name.startswith("title"):
        reading.problems += titles.title_problems(text, column)
        if not reading.problems:
            reading.notes += titles.title_notes(text, column)
    elif not one.is_date:
        found = list(titles.problems(text, column, one.limit))
        broken = [problem for problem in found if problem.code.startswith("mojibake")]
        if lenient:
            reading.notes += [Problem("broken_name", column, problem.value) for problem in broken]
        # An address is what it is too: letters that look broken in a text can be right in it.
        reading.problems += [one_of for one_of in found if one_of not in broken or not (lenient or one.name == "url")]


def read_date(name: str, cells: Mapping[str, str], context: Context, reading: Reading) -> PartialDate | None:
    """The date in the field `name`, put into `said` when it is known."""
    text = cells.get(name, "")
    if not text:
        return None
    found = dates.read(text, context.column(name), name, context.order, context.today)
    reading.notes += found.notes
    if found.problem:
        reading.problems.append(found.problem)
        return None
    if found.act and "bound_by" not in reading.said:
        reading.said["bound_by"] = found.act.value
    if found.when.on is None:
        return None
    reading.said[name] = found.when.iso
    return found.when


def note_order(reading: Reading, context: Context, when: Mapping[str, PartialDate | None]) -> None:
    """Dates that are odd together: it happens, so they are taken, and told."""
    signed, in_force, ended = (when.get(name) for name in ("signed_on", "in_force_on", "ended_on"))
    if signed and in_force and in_force.last and signed.on and in_force.last < signed.on:
        reading.notes.append(
            Problem(
                "force_before_signature",
                context.column("in_force_on"),
                params={"first": in_force.iso, "second": signed.iso},
            )
        )
    starts = [one for one in (signed, in_force) if one and one.on]
    start = next((one for one in starts if ended and ended.last and one.on and ended.last < one.on), None)
    if start and ended:
        reading.notes.append(
            Problem("end_before_start", context.column("ended_on"), params={"first": ended.iso, "second": start.iso})
        )
