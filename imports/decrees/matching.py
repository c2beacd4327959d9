"""Which treaty of the register a group of decrees is about, if it is there already. Reads only.

Recognised by the ELI or NUMAC number of a decree; by the day of a decree together with the day of the treaty or its
title; by the day of the treaty together with its title; by its title alone when that is the same word for word.
What is nearly so is asked, and held back until it is answered.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from imports.decrees import words
from imports.decrees.grouping import JOINED, Group
from imports.decrees.titles import Act
from imports.decrees.wording import Lexicon, conflict, containment, folded, likeness, same_kind
from treaties.choices import NOT_TREATIES, ActKind, Scheme
from treaties.models import Act as RecordedAct
from treaties.models import Identifier, Title, Treaty

# Likeness of titles from which a treaty of the same day is recognised; of the same decree; by its title alone.
SAME_DAY, SAME_DECREE, SAME_TITLE = 0.55, 0.50, 0.97
# The part of a short name that has to be in the words of a decree of the same day.
HALF = 0.5
OF_THE_TEXT = (ActKind.SIGNATURE, ActKind.ADOPTION, ActKind.AUTHENTICATION, ActKind.OPENED_FOR_SIGNATURE)
_OF_DECREES = (ActKind.DECREE, ActKind.ASSENT)


@dataclass
class Candidate:
    """A treaty of the register, as far as it is compared. `decreed` holds (code of the entity or empty, day)."""

    pk: int
    reference: str
    titles: list[str] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    decreed: set[tuple[str, date]] = field(default_factory=set)


@dataclass(frozen=True)
class Match:
    """The treaty found, or those that it may be; `others` are treaties that also hold a decree of the group."""

    found: Candidate | None = None
    maybe: tuple[Candidate, ...] = ()
    others: tuple[Candidate, ...] = ()


class Register:
    """What is in the register to recognise a treaty by; read once."""

    def __init__(
        self, candidates: Iterable[Candidate], lexicon: Lexicon, answers: Mapping[frozenset[str], bool]
    ) -> None:
        self.lexicon = lexicon
        self.answers = answers
        self.by: dict[object, list[Candidate]] = defaultdict(list)
        for one in candidates:
            named = {_key(title, lexicon) for title in one.titles} | {("begins", folded(title)) for title in one.titles}
            for key in {*one.numbers, *one.days, *one.decreed, *named}:
                self.by[key].append(one)
            self.by[one.reference].append(one)

    def matches(self, groups: Sequence[Group]) -> list[tuple[Group, Match]]:
        """Each group with its treaty. Groups of one treaty of the register become one group.

        A treaty that one group surely is about is not asked of another.
        """
        found = [(group, self.match(group)) for group in groups]
        of_treaty: dict[int, list[Group]] = defaultdict(list)
        for group, match in found:
            if match.found:
                of_treaty[match.found.pk].append(group)
        result = []
        for group, match in found:
            if match.found is None:
                result.append(
                    (group, replace(match, maybe=tuple(one for one in match.maybe if one.pk not in of_treaty)))
                )
            elif (groups_of_it := of_treaty[match.found.pk])[0] is group:
                result.append((_together(groups_of_it), match))
        return result

    def match(self, group: Group) -> Match:
        """The treaty that the decrees of a group are about."""
        if said := [one for one in self._near(group) if self._answer(group, one)]:
            return Match(said[0], others=tuple(said[1:]))
        near = [one for one in self._near(group) if self._answer(group, one) is not False]
        scored = sorted(
            ((self._score(group, one), one) for one in near), key=lambda pair: (-pair[0], pair[1].reference)
        )
        sure = [one for score, one in scored if score >= 1]
        if sure:
            holders = [one for one in sure[1:] if self._whole_decrees(group) & one.numbers]
            return Match(sure[0], others=tuple(holders))
        return Match(maybe=tuple(one for score, one in scored if score >= 0.5))

    def _near(self, group: Group) -> list[Candidate]:
        """The treaties worth comparing: with a number, a day or the words of a title in common."""
        keys: set[object] = set()
        for act in group.acts:
            decree = act.decree
            keys |= {decree.eli, decree.numac, act.signed_on, _key(act.title, self.lexicon)}
            keys |= {("begins", text) for text in _beginnings(act.title)}
            keys.add((words.ENTITIES[decree.entity], decree.decree_date))
        named = {
            reference for pair in self.answers for reference in pair if pair & {act.decree.eli for act in group.acts}
        }
        found = {one.pk: one for key in keys | named for one in self.by.get(key, ())}
        return [found[pk] for pk in sorted(found)]

    def _answer(self, group: Group, one: Candidate) -> bool | None:
        said = {self.answers.get(frozenset((act.decree.eli, one.reference))) for act in group.acts} - {None}
        return said.pop() if len(said) == 1 else None

    def _whole_decrees(self, group: Group) -> set[str]:
        return {act.decree.eli for act in group.acts if act.number == 0}

    def _score(self, group: Group, one: Candidate) -> float:
        """3 and more: a number of its decree; 1 and more: recognised; 0.5: to be asked."""
        return max(self._of_act(act, one) for act in group.acts)

    def _of_act(self, act: Act, one: Candidate) -> float:
        like = max((self._like(act, title) for title in one.titles), default=0.0)
        day = act.signed_on in one.days if act.signed_on else False
        if {act.decree.eli, act.decree.numac} & one.numbers:
            # A decree of several acts is held by several treaties: which, its words tell.
            exact = any(folded(title) == folded(act.title) for title in one.titles)
            return 3 + like + day + exact if act.number == 0 or like >= SAME_DECREE else 0.0
        if (words.ENTITIES[act.decree.entity], act.decree.decree_date) in one.decreed and (day or like >= SAME_DECREE):
            # Of several treaties signed and assented to on one day, the one that is called so.
            return 2 + like if like >= SAME_DECREE else 1.2
        if day:
            part = max((self._part(act, title) for title in one.titles), default=0.0)
            return 1 + like if like >= SAME_DAY else 1.1 if part >= HALF else 0.5 if like >= JOINED else 0.0
        apart = act.signed_on and one.days
        same = like >= SAME_TITLE or any(_begins(act.title, title) for title in one.titles)
        return 1.0 if same and not apart else 0.0

    def _part(self, act: Act, title: str) -> float:
        """How much of a title of the register, which may be a short name, is in the words of the decree."""
        mine, other = self.lexicon.wording(act), self.lexicon.wording_of(title)
        if conflict(mine, other) or not same_kind(mine, other):
            return 0.0
        return containment(other, mine, self.lexicon)

    def _like(self, act: Act, title: str) -> float:
        mine, other = self.lexicon.wording(act), self.lexicon.wording_of(title)
        if conflict(mine, other) or not same_kind(mine, other):
            return 0.0
        return likeness(mine, other, self.lexicon)


def _together(groups: Sequence[Group]) -> Group:
    """Groups of one treaty of the register as one. What joined them is the register, so no basis is told."""
    if len(groups) == 1:
        return groups[0]
    return Group(tuple(act for group in groups for act in group.acts))


def _beginnings(title: str) -> set[str]:
    """A title up to each comma or "en": it may be known by less than all of its words."""
    text = folded(title)
    return {text[: found.start()].rstrip() for found in re.finditer(r"\s*(?:,|;|\ben\b)|$", text)}


def _begins(title: str, known: str) -> bool:
    """Whether a title is a known one, and then lists what else was concluded with it."""
    longer, shorter = folded(title), folded(known)
    return len(shorter) >= 25 and re.match(re.escape(shorter) + r"\s*(?:$|,|;|en (?:het|de|met)\b)", longer) is not None


def _key(title: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The telling words of a title, in order: two titles with the same ones are compared."""
    wording = lexicon.wording_of(title)
    return ("title", *sorted(wording.tokens | wording.names))


def candidates() -> list[Candidate]:
    """Every binding treaty of the register that is no demonstration."""
    rows = Treaty.objects.filter(is_demo=False).exclude(kind__in=NOT_TREATIES).values_list("pk", "reference")
    found = {pk: Candidate(pk, reference) for pk, reference in rows}
    for pk, text in Title.objects.filter(language="nl").values_list("treaty_id", "text"):
        if pk in found:
            found[pk].titles.append(text)
    for pk, value in Identifier.objects.filter(scheme__in=(Scheme.ELI, Scheme.NUMAC)).values_list("treaty_id", "value"):
        if pk in found:
            found[pk].numbers.add(value)
    acts = RecordedAct.objects.filter(kind__in=(*OF_THE_TEXT, *_OF_DECREES), is_retracted=False, precision="day")
    for pk, kind, on, code in acts.values_list("treaty_id", "kind", "on", "party__code"):
        if on and pk in found and kind in _OF_DECREES:
            found[pk].decreed.add((code or "", on))
        elif on and pk in found:
            found[pk].days.add(on)
    return list(found.values())
