"""Reservations, declarations and objections: those that stand, and apart those that were withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from treaties.choices import DeclarationKind
from treaties.models import Declaration


@dataclass(frozen=True)
class Stated:
    """What a party stated, with the objections to it; `is_withdrawn` on the day of the page."""

    declaration: Declaration
    is_withdrawn: bool
    objections: list["Stated"] = field(default_factory=list)


@dataclass(frozen=True)
class Statements:
    standing: list[Stated]
    withdrawn: list[Stated]

    def __bool__(self) -> bool:
        return bool(self.standing or self.withdrawn)


def statements(declarations: Iterable[Declaration], on: date) -> Statements:
    """What was stated, reservations first; an objection stands beneath the reservation it is made to.

    A withdrawal that is still to come, or of which no day is known, leaves the statement standing.
    """
    listed = sorted(declarations, key=lambda one: one.kind != DeclarationKind.RESERVATION)
    keys = {one.pk for one in listed}
    beneath: dict[int, list[Stated]] = {}
    for one in listed:
        if one.objects_to_id in keys and one.objects_to_id is not None:
            beneath.setdefault(one.objects_to_id, []).append(Stated(one, _withdrawn(one, on)))
    top = [Stated(one, _withdrawn(one, on), beneath.get(one.pk, [])) for one in listed if one.objects_to_id not in keys]
    return Statements([one for one in top if not one.is_withdrawn], [one for one in top if one.is_withdrawn])


def _withdrawn(one: Declaration, on: date) -> bool:
    return one.withdrawn_on is not None and one.withdrawn_on <= on
