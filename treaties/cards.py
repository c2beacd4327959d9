"""What a row of a list shows of a treaty, kept beside its search document: no list reads every party and act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from treaties.access import level_of
from treaties.choices import NOT_TREATIES, ActKind
from treaties.facets import number
from treaties.known_names import names
from treaties.models import Act, ListCard, SearchDocument, Treaty

# Parties that a row names before it counts the others (`treaties.verdict.people`).
NAMED = 4


def made(treaty: Treaty, acts: Iterable[Act]) -> dict[str, Any]:
    """The card of a treaty whose titles and parties have been read; `acts` are those not retracted, oldest first."""
    parties = [link.party_id for link in treaty.party_links.all()]
    named = parties if len(parties) <= NAMED + 1 else parties[:NAMED]
    signed = next((act.when for act in acts if act.kind == ActKind.SIGNATURE and act.on), None)
    return {
        "titles": [[title.pk, title.language, title.kind, title.text] for title in treaty.titles.all()],
        "parties": named,
        "others": len(parties) - len(named),
        "signed": [signed.on.isoformat(), str(signed.precision)] if signed and signed.on else None,
        "demo": treaty.is_demo,
    }


class Shown(NamedTuple):
    """A title as a card keeps it."""

    pk: int
    language: str
    kind: str
    text: str


class Named(NamedTuple):
    """A party as a row names it, in the reader's language."""

    pk: int
    code: str
    name: str


@dataclass(slots=True)
class Listed:
    """What a row says of a treaty: not the record itself, of which a list of thirty would make hundreds of objects."""

    pk: int
    reference: str
    kind: str
    qualification: str
    access: str
    is_demo: bool

    @property
    def is_treaty(self) -> bool:
        return self.kind not in NOT_TREATIES


def listed(document: SearchDocument, card: Mapping[str, Any]) -> Listed:
    """The treaty of a row, of its search document and card."""
    level = level_of(document.access)
    return Listed(document.pk, document.reference, document.kind, document.qualification, level, card["demo"])


def titles(card: Mapping[str, Any]) -> list[Shown]:
    return [Shown(*told) for told in card["titles"]]


def named(cards: Iterable[Mapping[str, Any]]) -> dict[int, Named]:
    """All parties that these cards name; most often without a query."""
    keys = {number("country", key): key for card in cards for key in card["parties"]}
    return {keys[facet]: Named(keys[facet], *said) for facet, said in names(keys).items()}


def of(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    return dict(ListCard.objects.filter(pk__in=keys).values_list("treaty_id", "card"))
