"""What confirming would do with each row: compared with its file, with what its source said before, with the record.

Reads only. Rows are judged some hundreds at a time, with a fixed number of queries for each time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from imports import participation_rows, treaty_rows
from imports.choices import ListKind, Outcome, UnknownParties
from imports.matching import Matcher
from imports.models import ImportRow, ImportRun, SourceKey
from imports.problems import Difference, Problem
from imports.rows import Context, Reading
from treaties.access import readable
from treaties.choices import UNIQUE_SCHEMES, ActKind
from treaties.models import Act, Identifier, SearchDocument, Treaty
from treaties.sorting import sort_key

AT_ONCE = 500
_READERS = {ListKind.TREATIES: treaty_rows.read, ListKind.PARTICIPATION: participation_rows.read}
# How like each other two titles of one number and one date are, to be one treaty whose title was mended.
_ONE_TITLE = 0.8
_ACTS = {"signed_on": ActKind.SIGNATURE, "in_force_on": ActKind.ENTRY_INTO_FORCE, "ended_on": ActKind.END}


@dataclass
class Verdict:
    """What a row was judged to be. `known` is what the source said of the same thing before, None when never."""

    row: ImportRow
    reading: Reading
    outcome: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    known: SourceKey | None = None
    treaty: int | None = None

    @property
    def identity(self) -> str:
        return self.reading.identity

    def refuse(self, *problems: Problem) -> None:
        self.problems += problems
        self.outcome = Outcome.REFUSED


@dataclass
class Seen:
    """Rows of the same run that were judged before: identity → number and what it said; and numbers of instruments."""

    rows: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    numbers: set[tuple[str, str]] = field(default_factory=set)


def context(run: ImportRun) -> Context:
    """How the rows of the run are read; a snapshot of the parties as they are now.

    By the eyes of who brought the list, whoever has it judged: the judgement is kept with the rows.
    """
    return Context(
        kind=run.kind,
        columns={name: column for column, name in run.mapping.items()},
        matcher=Matcher(),
        today=timezone.localdate(),
        order=run.date_order,  # type: ignore[arg-type]
        source=run.source,
        note_unknown=run.unknown_parties == UnknownParties.NOTE,
        register_missing=run.register_missing,
        person=run.brought_by,
    )


def in_pieces(run: ImportRun, at_once: int = AT_ONCE) -> Iterator[list[ImportRow]]:
    """All rows in the order of the file, some at a time; never all of them in memory."""
    last = 0
    while rows := list(run.rows.filter(number__gt=last).order_by("number")[:at_once]):
        yield rows
        last = rows[-1].number


def judged(run: ImportRun, rows: Sequence[ImportRow], how: Context, seen: Seen) -> list[Verdict]:
    """The verdicts on these rows; `seen` is kept up to date for those that follow."""
    places = _places(run)
    verdicts = [Verdict(row, _READERS[run.kind](_cells(row, places), how)) for row in rows]  # type: ignore[index]
    for verdict in verdicts:
        verdict.problems += [Problem.of(flaw) for flaw in verdict.row.flaws]
        verdict.problems += verdict.reading.problems
        verdict.notes += verdict.reading.notes
        if verdict.problems:
            verdict.outcome = Outcome.REFUSED
        else:
            _among_rows(verdict, seen, run.kind)
    open_ones = [verdict for verdict in verdicts if not verdict.outcome]
    _against_source(open_ones, how)
    open_ones = [verdict for verdict in open_ones if verdict.outcome != Outcome.REFUSED]
    if run.kind == ListKind.PARTICIPATION:
        _find_treaties(open_ones, how)
    else:
        _against_numbers(open_ones, seen, how)
        _against_register([verdict for verdict in open_ones if verdict.outcome == Outcome.NEW], run, how)
    return verdicts


def _places(run: ImportRun) -> list[tuple[str, int]]:
    place = {column: index for index, column in enumerate(run.header)}
    return [(name, place[column]) for column, name in run.mapping.items() if column in place]


def _cells(row: ImportRow, places: Iterable[tuple[str, int]]) -> dict[str, str]:
    cells = row.current
    return {name: cells[place] for name, place in places if place < len(cells)}


def _among_rows(verdict: Verdict, seen: Seen, kind: str) -> None:
    """Whether an earlier row of the file says the same, or says otherwise of the same thing."""
    reading, row = verdict.reading, verdict.row
    before = seen.rows.get(verdict.identity)
    if before is None:
        seen.rows[verdict.identity] = (row.number, reading.said)
        return
    number, said = before
    other = sorted(name for name in reading.said.keys() & said.keys() if reading.said[name] != said[name])
    if reading.said == said:
        verdict.outcome = Outcome.REPEATED
        verdict.notes.append(Problem("repeats", params={"row": str(number)}))
    elif kind == ListKind.PARTICIPATION and not other and not reading.mark:
        # Two rows that tell of one party and do not contradict each other: both are taken.
        reading.mark = "#2"
        _among_rows(verdict, seen, kind)
    else:
        fields = other or sorted(reading.said.keys() ^ said.keys())
        verdict.refuse(Problem("contradicts", params={"row": str(number), "fields": ", ".join(fields)}))


def _against_source(verdicts: Sequence[Verdict], how: Context) -> None:
    """New, the same or changed, by what the source said last time.

    A treaty that this source told of before, and that may not be known, cannot be told of a second time: its number
    and title are its key. Such a row is refused, and not said why.
    """
    hashes = {verdict.reading.title_hash for verdict in verdicts}
    found = SourceKey.objects.filter(title_hash__in=hashes)
    known_ones = set(_known(found, how).values_list("pk", flat=True))
    keys = {(key.source, key.key, key.title_hash, key.party_id): key for key in found}
    for verdict in verdicts:
        reading = verdict.reading
        known = keys.get((reading.source, reading.full_key, reading.title_hash, reading.party))
        verdict.outcome = Outcome.NEW
        if known and known.pk in known_ones:
            _compare(verdict, known)
        elif known and reading.party is None:
            verdict.refuse(Problem("kept_apart", how.column("source_id"), reading.key))


def _known(rows: QuerySet[Any], how: Context) -> QuerySet[Any]:
    """Of rows that belong to treaties: those of a treaty that may be known."""
    return rows if how.person is None else rows.filter(readable(how.person, "treaty__access", "treaty__department"))


def _compare(verdict: Verdict, known: SourceKey) -> None:
    verdict.known, verdict.treaty = known, known.treaty_id
    changed = {name: value for name, value in verdict.reading.said.items() if known.said.get(name) != value}
    verdict.outcome = Outcome.CHANGED if changed else Outcome.SAME
    if not changed:
        return
    verdict.differences = [
        Difference(name, shown(known.said.get(name)), shown(value)) for name, value in changed.items()
    ]
    if verdict.reading.party is None and "titles" in known.said:
        held = _held(known.treaty)
        for name, value in changed.items():
            if name in held and shown(held[name]) not in (shown(known.said.get(name)), shown(value)):
                params = {"register": shown(held[name])}
                verdict.refuse(Problem("changed_here", name, shown(value), params=params))


def shown(value: Any) -> str:
    """What is said of a field, as people read it in a difference."""
    if isinstance(value, Mapping):
        return "; ".join(f"{language}: {text}" for language, text in sorted(value.items()))
    if isinstance(value, list):
        return "; ".join(value)
    return str(value or "")


def _held(treaty: Treaty) -> dict[str, Any]:
    """What the register holds now of the fields that people change, in the form of `said`."""
    held: dict[str, Any] = {
        "titles": dict(treaty.titles.exclude(kind="short").values_list("language", "text")),
        "parties": sorted(treaty.party_links.values_list("party__code", flat=True)),
        "kind": treaty.kind,
        "summary_nl": treaty.summary_nl,
        "summary_en": treaty.summary_en,
    }
    for name, kind in _ACTS.items():
        kinds = {kind, ActKind.EFFECT} if name == "in_force_on" else {kind}
        acts = treaty.acts.filter(kind__in=kinds, party=None, is_retracted=False).order_by("-id")
        held[name] = acts[0].when.iso if acts else ""
    return held


def _against_numbers(verdicts: Sequence[Verdict], seen: Seen, how: Context) -> None:
    """A number that its scheme gives to one instrument only, and another one has; which one is said to who may know."""
    wanted: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        for piece in verdict.reading.said.get("identifiers", ()):
            scheme, _gap, value = piece.partition(" ")
            if scheme in UNIQUE_SCHEMES and verdict.outcome in (Outcome.NEW, Outcome.CHANGED):
                wanted.setdefault((scheme, value), []).append(verdict)
    if not wanted:
        return
    values = {value for _scheme, value in wanted}
    taken = {
        (number.scheme, number.value): number.treaty
        for number in Identifier.objects.filter(scheme__in=UNIQUE_SCHEMES, value__in=values).select_related("treaty")
    }
    for number, having in wanted.items():
        for verdict in having:
            owner = taken.get(number)
            if (owner and owner.pk != verdict.treaty) or (not owner and number in seen.numbers):
                verdict.refuse(_taken(number, owner, verdict, how))
            seen.numbers.add(number)


def _taken(number: tuple[str, str], owner: Treaty | None, verdict: Verdict, how: Context) -> Problem:
    if owner and how.person and not how.person.reads(owner.access, owner.department_id):
        return Problem("number_kept", "identifiers", " ".join(number))
    params = {"reference": owner.reference if owner else str(verdict.row.number)}
    return Problem("number_taken", "identifiers", " ".join(number), params=params)


def _against_register(verdicts: Sequence[Verdict], run: ImportRun, how: Context) -> None:
    """New rows that may be of a treaty that is there: by number under another title, by title and date.

    What the run itself wrote a moment ago does not count: a row is judged the same before and while it is written.
    """
    if not verdicts:
        return
    by_number: dict[tuple[str, str], list[SourceKey]] = {}
    found = SourceKey.objects.filter(key__in={verdict.reading.key for verdict in verdicts}, party=None)
    found = _known(found.exclude(run=run), how)
    for key in found.select_related("treaty"):
        by_number.setdefault((key.source, key.key), []).append(key)
    twins = _by_title(verdicts, how)
    for verdict in verdicts:
        reading = verdict.reading
        others = by_number.get((reading.source, reading.key), []) if not reading.key.startswith("signed") else []
        if len(others) == 1 and _is_one(reading, others[0]):
            _compare(verdict, others[0])
        elif others:
            params = {"reference": others[0].treaty.reference, "title": shown(others[0].said.get("titles"))}
            verdict.notes.append(Problem("same_number", params=params))
        elif reference := twins.get((_key(reading.title), reading.said.get("signed_on", ""))):
            verdict.notes.append(Problem("like_another", params={"reference": reference}))


def _is_one(reading: Reading, key: SourceKey) -> bool:
    """The same number, the same date and nearly the same title: a title that was mended at the source."""
    before = " ".join(key.said.get("titles", {}).values())
    if not before or key.said.get("signed_on") != reading.said.get("signed_on"):
        return False
    return SequenceMatcher(None, before, reading.title, autojunk=False).ratio() >= _ONE_TITLE


@lru_cache(maxsize=4 * AT_ONCE)
def _key(title: str) -> str:
    return sort_key(title)


def _by_title(verdicts: Sequence[Verdict], how: Context) -> dict[tuple[str, str], str]:
    """Sort key of the title and date of signature → reference, of treaties in the register."""
    keys = {_key(verdict.reading.title) for verdict in verdicts if len(verdict.reading.title) > 30}
    found = _known(SearchDocument.objects.filter(title_key__in=keys), how).select_related("treaty")
    return {(one.title_key, one.signed_on.isoformat() if one.signed_on else ""): one.treaty.reference for one in found}


def _find_treaties(verdicts: Sequence[Verdict], how: Context) -> None:
    """The treaty of each row of participation, by its number and title at the source."""
    hashes = {verdict.reading.title_hash for verdict in verdicts}
    keys = SourceKey.objects.filter(title_hash__in=hashes, party=None)
    known = set(_known(keys, how).values_list("pk", flat=True))
    treaties = {(key.source, key.key, key.title_hash): key for key in keys}
    for verdict in verdicts:
        reading = verdict.reading
        found = treaties.get((reading.source, reading.key, reading.title_hash))
        if found and found.pk in known:
            verdict.treaty = found.treaty_id
        elif found and how.register_missing:
            verdict.refuse(Problem("kept_apart", how.column("source_id"), reading.key))
        elif how.register_missing:
            verdict.notes.append(Problem("registers_treaty"))
        else:
            params = {"number": reading.key, "source": reading.source}
            verdict.refuse(Problem("unknown_treaty", how.column("source_id"), reading.key, params=params))


def acts_present(treaties: Iterable[int]) -> set[tuple[int, int | None, str, Any]]:
    """Acts that these treaties have: (treaty, party, kind, day); what is there is not written again."""
    acts = Act.objects.filter(treaty__in=set(treaties), is_retracted=False)
    return set(acts.values_list("treaty", "party", "kind", "on"))
