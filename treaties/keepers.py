"""Acts that another part of the register keeps: it left them in the record, and corrects them itself.

The record knows nothing of that part. It says here, when the register starts, how to ask it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kept:
    """Where an act was recorded (in words) and the address of the page that corrects it."""

    where: str
    address: str

    @property
    def sentence(self) -> str:
        return str(_("This act was recorded in %(where)s. Correct it there.") % {"where": self.where})


Keeper = Callable[[Collection[int]], Mapping[int, Kept]]
_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """`keeper` says, of the keys of acts, which are its own; told once, when the register starts."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def kept(acts: Collection[int]) -> dict[int, Kept]:
    """Which of these acts (by key) are corrected elsewhere, and where."""
    found: dict[int, Kept] = {}
    if acts:
        for keeper in _keepers:
            found |= keeper(acts)
    return found
