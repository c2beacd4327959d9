"""The whole import of a file of decrees: read, group, recognise, plan, write, tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accounts.models import User
from imports.decrees import matching, outcome, titles, words
from imports.decrees.grouping import Grouping, group
from imports.decrees.outcome import Line
from imports.decrees.partners import name_index
from imports.decrees.planning import Plan, plan
from imports.decrees.reading import Decree, Sheet
from imports.decrees.titles import Act
from imports.decrees.wording import lexicon_of
from imports.decrees.writing import write
from treaties.models import Party


@dataclass
class Result:
    """What was done, or with `dry` would be: a line per row, then the questions."""

    lines: list[Line] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def count(self, what: Callable[[Plan], int]) -> int:
        return sum(what(plan) for plan in self.plans)


def run(
    sheet: Sheet,
    answers: Mapping[frozenset[str], bool],
    *,
    actor: User,
    dry: bool = False,
    told: Callable[[str, int, int], None] | None = None,
) -> Result:
    """Import what a file holds; a second time changes nothing.

    `told` hears the stage (`planned`, `written`), how many treaties are done and of how many.
    Raises `Refused` when something cannot be written; then nothing was.
    """
    readings = {decree.eli: _read(decree) for decree in sheet.decrees}
    acts = [act for reading in readings.values() if isinstance(reading, tuple) for act in reading]
    grouping = group(acts, answers)
    told = told or _silent
    plans = _plans(grouping, acts, answers, told)
    todo = sum(one.writes for one in plans)
    if not dry:
        write(actor, plans, f"Instemmingsdecreten: {sheet.said}", lambda done: told("written", done, todo))
    return Result(_lines(sheet, readings, grouping, plans, dry=dry), plans)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def _read(decree: Decree) -> tuple[Act, ...] | str:
    """The acts of a decree; or why it has none, as a code; empty for a cooperation agreement."""
    if decree.is_intra_belgian:
        return ""
    if decree.entity not in words.ENTITIES:
        return "entity"
    reading = titles.read(decree)
    return reading.acts or reading.refusal


def _plans(
    grouping: Grouping,
    acts: list[Act],
    answers: Mapping[frozenset[str], bool],
    told: Callable[[str, int, int], None],
) -> list[Plan]:
    register = matching.Register(matching.candidates(), lexicon_of(acts), answers)
    names = _names()
    matched = register.matches(grouping.groups)
    plans = []
    for done, (one, match) in enumerate(matched, start=1):
        plans.append(plan(one, match, names))
        told("planned", done, len(matched))
    return plans


def _names() -> dict[str, str]:
    """Every Dutch name of a party, and what else it is called."""
    rows = [(party.code, [party.name_nl, *party.aliases]) for party in Party.objects.all()]
    rows += [
        (party.code, [name.text for name in party.names.all() if name.language == "nl"])
        for party in Party.objects.prefetch_related("names")
    ]
    return name_index(rows)


def _lines(
    sheet: Sheet,
    readings: Mapping[str, tuple[Act, ...] | str],
    grouping: Grouping,
    plans: list[Plan],
    *,
    dry: bool,
) -> list[Line]:
    of_act = {act.key: one for one in plans for act in one.group.acts}
    numbered = [(bad.row, outcome.bad_row(bad)) for bad in sheet.bad]
    for decree in sheet.decrees:
        reading = readings[decree.eli]
        if isinstance(reading, tuple):
            line = outcome.of_acts(decree, [(act, of_act[act.key]) for act in reading], dry=dry)
        else:
            line = outcome.refused(decree, reading) if reading else outcome.left_out(decree)
        numbered.append((decree.row, line))
    ordered = [line for _row, line in sorted(numbered, key=lambda pair: pair[0])]
    return [*ordered, *(outcome.question(pair) for pair in grouping.questions)]
