"""The suspension of a procedure by objections of the federal government (BWHI art. 81, §§ 2-4). Pure.

Nothing of this is ever written: from the facts and the day it follows whether a suspension runs, until when and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from treaties.dates import PartialDate
from workflow.clocks import spoken
from workflow.procedures.language import Suspension, Text


class Dated(Protocol):
    """What is needed of a fact here."""

    @property
    def pk(self) -> int: ...
    @property
    def when(self) -> PartialDate: ...
    @property
    def outcome(self) -> str: ...
    @property
    def moment(self) -> tuple[date, datetime, int]: ...


class State(StrEnum):
    RUNNING = "running"
    CONFIRMED = "confirmed"
    LIFTED = "lifted"
    RAN_OUT = "ran_out"
    RELEASED = "released"


@dataclass(frozen=True)
class SuspensionReport:
    """One suspension on the day asked. `conference_last` is the last day of the conference's term, `last` the last
    day of the suspension itself; both None where they cannot be known."""

    objection: Dated
    state: State
    conference_last: date | None
    last: date | None
    working: tuple[Text, ...]
    law: Text

    @property
    def is_running(self) -> bool:
        return self.state in (State.RUNNING, State.CONFIRMED)

    @property
    def is_confirmed(self) -> bool:
        return self.state == State.CONFIRMED

    @property
    def sentence(self) -> Text:
        """Why the procedure stands still, and until when."""
        since_nl, since_en = _since(self.objection)
        if self.is_confirmed:
            return Text(
                f"De Koning heeft de schorsing van de procedure (bezwaar {since_nl}) bevestigd.",
                f"The King has confirmed the suspension of the procedure (objection {since_en}).",
            )
        if self.last is None:
            return Text(
                f"Een federaal bezwaar {since_nl} schorst de procedure; wanneer dat eindigt kan nog niet bekend zijn.",
                f"A federal objection {since_en} suspends the procedure; when that ends cannot be known yet.",
            )
        last = spoken(self.last)
        return Text(
            f"Een federaal bezwaar {since_nl} schorst de procedure; zonder bevestiging tot en met {last.nl}.",
            f"A federal objection {since_en} suspends the procedure; unless confirmed up to and including {last.en}.",
        )


def suspensions(rule: Suspension, facts: Mapping[str, Sequence[Dated]], on: date) -> tuple[SuspensionReport, ...]:
    """Every suspension there was on `on`, earliest first. `facts` holds, by step, those that count, earliest first."""
    return tuple(_report(rule, objection, facts, on) for objection in facts[rule.objection])


def _report(rule: Suspension, objection: Dated, facts: Mapping[str, Sequence[Dated]], on: date) -> SuspensionReport:
    conference_last, last, working = _terms(rule, objection)
    # What came after it had ended by itself cannot lift or confirm it any more. A finding speaks of every objection.
    lifted = _within(facts[rule.finding], objection, last, rule.lifts)
    confirmed = _within(facts[rule.confirmation], objection, last)
    released = _within(facts[rule.release], confirmed, None) if confirmed else None
    law = rule.law
    if lifted and not (confirmed and confirmed.moment > lifted.moment):
        state, law = State.LIFTED, rule.law_of_conference
        working.append(
            _on(
                lifted,
                "De ICBB stelde vast dat er geen bezwaar meer is",
                "The conference found that no objection remains",
            )
        )
    elif confirmed:
        state, law = (State.RELEASED if released else State.CONFIRMED), rule.law_of_confirmation
        last = None
        working.append(_on(confirmed, "De Koning bevestigde de schorsing", "The King confirmed the suspension"))
        if released:
            working.append(
                _on(released, "De bevestigde schorsing werd opgeheven", "The confirmed suspension was lifted")
            )
    else:
        state = State.RAN_OUT if last is not None and last < on else State.RUNNING
    return SuspensionReport(objection, state, conference_last, last, tuple(working), law)


def _terms(rule: Suspension, objection: Dated) -> tuple[date | None, date | None, list[Text]]:
    start = objection.when.on
    if start is None or start != objection.when.last:
        unknown = Text(
            "De dag van het bezwaar is niet bekend: het einde kan niet worden berekend.",
            "The day of the objection is not known: its end cannot be computed.",
        )
        return None, None, [unknown]
    conference_last = start + timedelta(days=rule.conference_days)
    last = conference_last + timedelta(days=rule.ends_after_days)
    begin, middle, end = spoken(start), spoken(conference_last), spoken(last)
    return (
        conference_last,
        last,
        [
            Text(f"Bezwaar meegedeeld op {begin.nl}.", f"Objection notified on {begin.en}."),
            Text(
                f"De ICBB beslist binnen {rule.conference_days} dagen: tot en met {middle.nl}.",
                f"The conference decides within {rule.conference_days} days: up to and including {middle.en}.",
            ),
            Text(
                f"Zonder vaststelling eindigt de schorsing {rule.ends_after_days} dagen later: na {end.nl}.",
                f"Without its finding the suspension ends {rule.ends_after_days} days later: after {end.en}.",
            ),
        ],
    )


def _within(facts: Sequence[Dated], begin: Dated, last: date | None, outcome: str = "") -> Dated | None:
    """The last of `facts` after `begin`, up to and including the day `last`; with `outcome` where it is said."""
    found = [
        fact
        for fact in facts
        if fact.moment > begin.moment and (last is None or fact.moment[0] <= last) and outcome in ("", fact.outcome)
    ]
    return found[-1] if found else None


def _since(fact: Dated) -> tuple[str, str]:
    if fact.when.on is None:
        return "van onbekende datum", "of unknown date"
    day = spoken(fact.when.on)
    return f"van {day.nl}", f"of {day.en}"


def _on(fact: Dated, nl: str, en: str) -> Text:
    if fact.when.on is None:
        return Text(f"{nl}.", f"{en}.")
    day = spoken(fact.when.on)
    return Text(f"{nl} op {day.nl}.", f"{en} on {day.en}.")
