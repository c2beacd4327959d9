"""What a row of a list shows of a treaty, kept beside its search document: no list reads every party and act."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from treaties.choices import ActKind
from treaties.models import Act, ListCard, Party, Title, Treaty

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


def titles(card: Mapping[str, Any], treaty: Treaty) -> list[Title]:
    """The titles of a card as they would be read from the record; by key, for to set the object asks the router."""
    return [
        Title(pk=key, treaty_id=treaty.pk, language=language, kind=kind, text=text)
        for key, language, kind, text in card["titles"]
    ]


def named(cards: Iterable[Mapping[str, Any]]) -> dict[int, Party]:
    """All parties that these cards name, in one query."""
    keys = {key for card in cards for key in card["parties"]}
    return Party.objects.only("code", "kind", "name_nl", "name_en", "name_fr", "name_de").in_bulk(sorted(keys))


def of(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    return dict(ListCard.objects.filter(pk__in=keys).values_list("treaty_id", "card"))
