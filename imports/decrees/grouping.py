"""Which acts of which decrees are about the same treaty: joined, asked, or apart, each with its reason.

Pure and deterministic: the same acts and answers give the same groups, in whatever order they come. Acts are compared
only with those of the same day of signature, or that share a rare word; a pair is joined from `JOINED` on, and
from `ASKED` on somebody is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations

from imports.decrees.titles import Act
from imports.decrees.wording import Lexicon, Wording, conflict, lexicon_of, likeness, nearness, same_kind

# Likeness (0 to 1) of the titles from which acts with one day of signature are the same treaty, or are asked.
JOINED, ASKED = 0.33, 0.25
# The same, where only one of them has a day of signature, or neither has.
JOINED_BY_TITLE, ASKED_BY_TITLE = 0.80, 0.62
# Two different days with titles as like as this: a slip of the pen, or the next agreement of the same partners?
ASKED_OTHER_DAY = 0.93
# Two decrees of one parliament are about one treaty only in nearly the same words.
SAME_PARLIAMENT = 0.75
# A word that more acts than this have says little about any of them.
COMMON = 60


class Basis(StrEnum):
    """Why two acts were said to be the same treaty, strongest first."""

    ANSWER = "answer"
    DATE_TITLE = "signature date and title"
    DATE_TITLE_KIND = "signature date and title, act type differs"
    TITLE = "title only"


@dataclass(frozen=True)
class Pair:
    """Two acts that were compared, and how like they are."""

    first: Act
    second: Act
    likeness: float
    basis: Basis
    # Of two pairs as like, this one comes first: their whole texts, annexes included.
    nearness: float = 0.0


@dataclass(frozen=True)
class Group:
    """Acts of one treaty. `confidence` is the likeness of the weakest pair that joined them; 1 for an act alone."""

    acts: tuple[Act, ...]
    basis: Basis | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Grouping:
    groups: tuple[Group, ...]
    questions: tuple[Pair, ...] = field(default=())


def group(acts: Sequence[Act], answers: Mapping[frozenset[str], bool] | None = None) -> Grouping:
    """The treaties that the acts are about, in the order of their first decree; and what could not be told."""
    ordered = sorted(acts, key=lambda act: (act.decree.decree_date, act.decree.eli, act.number))
    lexicon = lexicon_of(ordered)
    words = {act.key: lexicon.wording(act) for act in ordered}
    joined, asked = _judged(ordered, words, lexicon, answers or {})
    clusters = _Clusters(ordered, answers or {}, lambda one, other: likeness(words[one.key], words[other.key], lexicon))
    barred = [pair for pair in sorted(joined, key=_strongest) if not clusters.join(pair)]
    return Grouping(tuple(clusters.groups()), tuple(_open([*asked, *barred], clusters)))


def _strongest(pair: Pair) -> tuple[int, float, float, tuple[str, int], tuple[str, int]]:
    return (list(Basis).index(pair.basis), -pair.likeness, -pair.nearness, pair.first.key, pair.second.key)


def _judged(
    acts: Sequence[Act],
    words: Mapping[tuple[str, int], Wording],
    lexicon: Lexicon,
    answers: Mapping[frozenset[str], bool],
) -> tuple[list[Pair], list[Pair]]:
    joined, asked = [], []
    for first, second in _candidates(acts, words, lexicon, answers):
        answer = answers.get(frozenset((first.decree.eli, second.decree.eli)))
        pair, verdict = _verdict(first, second, words[first.key], words[second.key], lexicon)
        if answer is False:
            continue
        # Of a decree of several acts, the answer is about the one that is like the other.
        if answer and (verdict != "apart" or first.number == second.number == 0):
            joined.append(replace(pair, basis=Basis.ANSWER))
        elif verdict == "join":
            joined.append(pair)
        elif verdict == "ask":
            asked.append(pair)
    return joined, asked


def _verdict(first: Act, second: Act, one: Wording, other: Wording, lexicon: Lexicon) -> tuple[Pair, str]:
    """`join`, `ask` or `apart`."""
    like = round(likeness(one, other, lexicon), 4)
    basis, verdict = _compared(first, second, one, other, like)
    return Pair(first, second, like, basis, round(nearness(one, other), 4)), verdict


def _compared(first: Act, second: Act, one: Wording, other: Wording, like: float) -> tuple[Basis, str]:
    if conflict(one, other):
        return Basis.TITLE, "apart"
    if first.signed_on and first.signed_on == second.signed_on:
        if one.numbers & other.numbers:
            return Basis.DATE_TITLE, "join"
        if same_kind(one, other):
            return Basis.DATE_TITLE, _between(like, JOINED, ASKED)
        # A treaty "as amended by the protocol signed on" carries the day of the protocol; else they are two.
        whole = one if other.is_change else other
        verdict = _between(like, JOINED, ASKED) if whole.tells_of_change else "ask" if like >= JOINED else "apart"
        return Basis.DATE_TITLE_KIND, verdict
    if first.signed_on and second.signed_on:
        return Basis.TITLE, "ask" if like >= ASKED_OTHER_DAY and _slip(first, second) else "apart"
    return Basis.TITLE, _between(like, JOINED_BY_TITLE, ASKED_BY_TITLE) if same_kind(one, other) else "apart"


def _between(like: float, joined: float, asked: float) -> str:
    return "join" if like >= joined else "ask" if like >= asked else "apart"


def _slip(first: Act, second: Act) -> bool:
    """Whether two days differ in the day, the month or the year alone, and the acts are of different parliaments."""
    a, b = first.signed_on, second.signed_on
    if a is None or b is None or first.decree.entity == second.decree.entity:
        return False
    return (a.day != b.day) + (a.month != b.month) + (a.year != b.year) == 1


def _candidates(
    acts: Sequence[Act],
    words: Mapping[tuple[str, int], Wording],
    lexicon: Lexicon,
    answers: Mapping[frozenset[str], bool],
) -> Iterable[tuple[Act, Act]]:
    """Pairs worth comparing: of one day, with a rare word in common, or answered. Never two acts of one decree."""
    blocks: dict[object, list[Act]] = defaultdict(list)
    for act in acts:
        if act.signed_on:
            blocks[act.signed_on].append(act)
        for word in sorted(words[act.key].tokens | words[act.key].names):
            if lexicon.counts[word] <= COMMON:
                blocks[word].append(act)
        for pair in answers:
            if act.decree.eli in pair:
                blocks[pair].append(act)
    seen = set()
    for block in blocks.values():
        for first, second in combinations(block, 2):
            keys = (first.key, second.key)
            if first.decree.eli != second.decree.eli and keys not in seen:
                seen.add(keys)
                yield first, second


class _Clusters:
    """Groups that grow by pairs, as long as nothing in them contradicts."""

    def __init__(
        self, acts: Sequence[Act], answers: Mapping[frozenset[str], bool], like: Callable[[Act, Act], float]
    ) -> None:
        self._like = like
        self._acts = {act.key: act for act in acts}
        self._members: dict[tuple[str, int], list[Act]] = {act.key: [act] for act in acts}
        self._of = {act.key: act.key for act in acts}
        self._weakest: dict[tuple[str, int], Pair] = {}
        self._apart = {pair for pair, same in answers.items() if not same}

    def together(self, pair: Pair) -> bool:
        return self._of[pair.first.key] == self._of[pair.second.key]

    def join(self, pair: Pair) -> bool:
        """Whether the two are in one group now; not where that would put together what cannot be."""
        one, other = self._of[pair.first.key], self._of[pair.second.key]
        if one == other:
            return True
        if not self._fit(self._members[one], self._members[other], pair.basis):
            return False
        self._members[one] += self._members.pop(other)
        for act in self._members[one]:
            self._of[act.key] = one
        weakest = [found for found in (pair, self._weakest.get(one), self._weakest.pop(other, None)) if found]
        self._weakest[one] = max(weakest, key=_strongest)
        return True

    def _fit(self, ones: Sequence[Act], others: Sequence[Act], basis: Basis) -> bool:
        pairs = [(one, other) for one in ones for other in others]
        if any(frozenset((one.decree.eli, other.decree.eli)) in self._apart for one, other in pairs):
            return False
        if basis == Basis.ANSWER:
            return all(one.decree.eli != other.decree.eli for one, other in pairs)
        return all(self._can_be_one(one, other) for one, other in pairs)

    def _can_be_one(self, one: Act, other: Act) -> bool:
        """Two acts of one decree are two treaties; a treaty has one day of signature in all decrees; and a
        parliament assents to it once, or twice in the same words (Walloon Parliament, art. 138).
        """
        if one.decree.eli == other.decree.eli:
            return False
        if one.decree.entity == other.decree.entity and self._like(one, other) < SAME_PARLIAMENT:
            return False
        return not (one.signed_on and other.signed_on and one.signed_on != other.signed_on)

    def groups(self) -> Iterable[Group]:
        order = {key: place for place, key in enumerate(self._acts)}
        for key, members in sorted(self._members.items(), key=lambda item: min(order[act.key] for act in item[1])):
            weakest = self._weakest.get(key)
            acts = tuple(sorted(members, key=lambda act: order[act.key]))
            yield Group(acts, weakest.basis, weakest.likeness) if weakest else Group(acts)


def _open(questions: Sequence[Pair], clusters: _Clusters) -> Iterable[Pair]:
    """One question for each two groups, the likest pair of them; none about what is together already."""
    asked = set()
    for pair in sorted(questions, key=_strongest):
        ends = frozenset((clusters._of[pair.first.key], clusters._of[pair.second.key]))
        if not clusters.together(pair) and ends not in asked:
            asked.add(ends)
            yield pair
