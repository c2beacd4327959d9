"""From verdicts to the record, some hundred rows at a time, inside the change that confirms the import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from imports import participation_rows, staging, treaty_rows
from imports.choices import ListKind, Outcome
from imports.judging import Verdict, acts_present
from imports.models import ImportRun
from imports.rows import Reading
from treaties import bulk_actions
from treaties.actions import Number
from treaties.bulk_actions import Amendment, Joining, NewAct
from treaties.choices import ActKind, Kind
from treaties.dates import parse
from treaties.models import Treaty


@dataclass
class Writer:
    """Writes the verdicts of one run, in the order of the file."""

    actor: User
    run: ImportRun
    reason: str
    # Treaties that this run registered from rows of participation: (source, key, title) → primary key.
    registered: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def write(self, verdicts: Sequence[Verdict]) -> None:
        new = [verdict for verdict in verdicts if verdict.outcome == Outcome.NEW]
        changed = [verdict for verdict in verdicts if verdict.outcome == Outcome.CHANGED]
        if self.run.kind == ListKind.PARTICIPATION:
            self._join(new, changed)
        else:
            self._register(new)
            for verdict in changed:
                bulk_actions.amend(actor=self.actor, amendment=_amendment(verdict), reason=self.reason)
        staging.keep_said(changed, self.run)

    def _register(self, new: Sequence[Verdict]) -> None:
        wanted = [treaty_rows.new_treaty(verdict.reading) for verdict in new]
        rows = bulk_actions.register_many(actor=self.actor, treaties=wanted, reason=self.reason)
        staging.keep_treaties([(verdict.row.pk, row.pk) for verdict, row in zip(new, rows, strict=True)])
        staging.add_said([(verdict.reading, row.pk, None) for verdict, row in zip(new, rows, strict=True)], self.run)

    def _join(self, new: Sequence[Verdict], changed: Sequence[Verdict]) -> None:
        self._register_missing([verdict for verdict in new if verdict.treaty is None])
        for verdict in new:
            if verdict.treaty is None:
                verdict.treaty = self.registered[_treaty_key(verdict.reading)]
        present = acts_present(verdict.treaty for verdict in (*new, *changed) if verdict.treaty)
        joinings = [_joining(verdict, present) for verdict in (*new, *changed)]
        bulk_actions.join_many(actor=self.actor, joinings=joinings, reason=self.reason)
        for verdict in changed:
            self._retract(verdict)
        staging.keep_treaties([(verdict.row.pk, verdict.treaty) for verdict in new if verdict.treaty])
        staging.add_said(
            [(verdict.reading, verdict.treaty, verdict.reading.party) for verdict in new if verdict.treaty], self.run
        )

    def _register_missing(self, verdicts: Sequence[Verdict]) -> None:
        wanted = {_treaty_key(verdict.reading): verdict.reading for verdict in verdicts}
        wanted = {key: reading for key, reading in wanted.items() if key not in self.registered}
        rows = bulk_actions.register_many(
            actor=self.actor,
            treaties=[participation_rows.new_treaty(reading) for reading in wanted.values()],
            reason=self.reason,
        )
        self.registered |= {key: row.pk for key, row in zip(wanted, rows, strict=True)}
        own = [Reading(reading.source, reading.key, reading.title) for reading in wanted.values()]
        staging.add_said([(one, row.pk, None) for one, row in zip(own, rows, strict=True)], self.run)

    def _retract(self, verdict: Verdict) -> None:
        """The acts that the source no longer tells of so."""
        known = verdict.known
        if known is None or verdict.treaty is None:
            return
        before = Reading(known.source, verdict.reading.key, verdict.reading.title, known.party_id, said=known.said)
        now = {_told(act) for act in participation_rows.acts(_merged(verdict))}
        gone = [_told(act) for act in participation_rows.acts(before) if _told(act) not in now]
        if gone:
            amendment = Amendment(verdict.treaty, retracted=gone)
            bulk_actions.amend(actor=self.actor, amendment=amendment, reason=self.reason)


def _treaty_key(reading: Reading) -> tuple[str, str, str]:
    return reading.source, reading.key, reading.title_hash


def _merged(verdict: Verdict) -> Reading:
    """What the source says with this row: an empty cell takes nothing away of what it said before."""
    reading, known = verdict.reading, verdict.known
    said = (known.said if known else {}) | reading.said
    return Reading(reading.source, reading.key, reading.title, reading.party, said=said)


def _joining(verdict: Verdict, present: set[tuple[int, int | None, str, object]]) -> Joining:
    """Party and acts of a row, but for the acts that the treaty has already."""
    reading, treaty = _merged(verdict), verdict.treaty or 0
    if reading.party is None:
        return Joining(treaty, note=participation_rows.note(reading))
    acts = []
    for act in participation_rows.acts(reading):
        told = (treaty, act.party, str(act.kind), act.when.on)
        if told not in present:
            acts.append(act)
            present.add(told)
    return Joining(treaty, {reading.party: ""}, acts)


def _told(act: NewAct) -> tuple[ActKind, int | None, date | None]:
    return act.kind, act.party, act.when.on


def _amendment(verdict: Verdict) -> Amendment:
    """What is to be changed in the treaty of a changed row; only what the row says otherwise than before."""
    known, reading = verdict.known, verdict.reading
    assert known is not None  # noqa: S101 (a changed row is one of which something was said before)
    old, new = known.said, known.said | reading.said
    changed = {difference.field for difference in verdict.differences}
    treaty = Treaty.objects.get(pk=known.treaty_id)
    columns: dict[str, str] = {name: str(new[name]) for name in ("kind", "summary_nl", "summary_en") if name in changed}
    if changed & {"subject", "unknown_parties", "kind"}:
        before = treaty_rows.note(old)
        rest = treaty.note.removeprefix(before).strip() if before else treaty.note
        columns["note"] = "\n".join(filter(None, (treaty_rows.note(new), rest)))
    if "url" in changed and new["url"] not in treaty.source_lines:
        columns["sources"] = "\n".join(filter(None, (treaty.sources, new["url"])))
    kind = Kind(new.get("kind", treaty.kind))
    was = Kind(treaty.kind)
    dates = [name for name in ("signed_on", "in_force_on", "ended_on") if name in changed]
    return Amendment(
        treaty.pk,
        columns=columns,
        titles=_titles(old, new) if "titles" in changed else {},
        with_parties=new.get("parties", ()) if "parties" in changed else (),
        without_parties=set(old.get("parties", ())) - set(new.get("parties", ())),
        numbers=_new_numbers(verdict) if "identifiers" in changed else (),
        acts=[
            NewAct(treaty_rows.act_kind(name, kind), parse(new[name]), source=treaty_rows.cited(reading))
            for name in dates
        ],
        retracted=[(treaty_rows.act_kind(name, was), None, parse(old[name]).on) for name in dates if old.get(name)],
    )


def _titles(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """The titles of the row by language; empty for one in a language that it gives no longer."""
    before: dict[str, str] = dict(old.get("titles", {}))
    now: dict[str, str] = dict(new["titles"])
    return dict.fromkeys(before.keys() - now.keys(), "") | now


def _new_numbers(verdict: Verdict) -> list[Number]:
    before = set(verdict.known.said.get("identifiers", ())) if verdict.known else set()
    given = set(verdict.reading.said.get("identifiers", ()))
    return [
        number for number in treaty_rows.numbers(verdict.reading) if f"{number.scheme} {number.value}" in given - before
    ]
