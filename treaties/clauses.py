"""When a treaty enters into force by its own clause (Vienna Convention on the Law of Treaties, art. 24).

Pure: a clause and dated acts in, a suggestion with its working out. A suggestion is never written to the record:
what a source states is kept, and where the two differ that is said. "Cannot be known yet" is an answer.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from treaties.choices import ActKind, ForceRule, PartyKind
from treaties.dates import PartialDate

# Parties whose notification is Flanders' own; an act without a party is that too.
FLEMISH = frozenset({"X-BE-VG", "BE-VLG"})
BELGIUM = "BE"
OWN = ""


class PartyLike(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...


class ActLike(Protocol):
    """What is read of an act. Without a party it is Flanders' own, or of the instrument as a whole."""

    @property
    def kind(self) -> str: ...

    @property
    def is_retracted(self) -> bool: ...

    @property
    def party(self) -> PartyLike | None: ...

    @property
    def when(self) -> PartialDate: ...


class ClauseLike(Protocol):
    """What is read of a clause: its rule, the numbers of the rule, and the parties of the treaty."""

    @property
    def rule(self) -> str: ...

    @property
    def months(self) -> int | None: ...

    @property
    def days(self) -> int | None: ...

    @property
    def count(self) -> int | None: ...

    @property
    def on(self) -> date | None: ...

    @property
    def parties(self) -> Sequence[PartyLike]: ...


@dataclass(frozen=True)
class Suggestion:
    """The day by the clause, with the steps that lead to it; or None, and what is not known yet.

    `working` and `why_not` are sentences in the active language.
    """

    when: date | None
    working: tuple[str, ...] = ()
    why_not: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Dated:
    """Something that was done, by whom, and when as far as known."""

    name: str
    when: PartialDate


def suggest(clause: ClauseLike, acts: Iterable[ActLike]) -> Suggestion:
    """The day on which the treaty enters into force by `clause`, from `acts`; retracted ones do not count."""
    standing = [act for act in acts if not act.is_retracted]
    by_rule = {
        ForceRule.MONTH_AFTER_NOTIFICATIONS: _after_notifications,
        ForceRule.DAYS_AFTER_NOTIFICATIONS: _after_notifications,
        ForceRule.AFTER_RATIFICATIONS: _after_ratifications,
        ForceRule.MONTH_AFTER_RATIFICATIONS: _after_ratifications,
        ForceRule.ON_SIGNATURE: _on_signature,
        ForceRule.FIXED_DATE: _fixed,
    }
    return by_rule[ForceRule(clause.rule)](clause, standing)


def conflict(suggestion: Suggestion, stated: PartialDate) -> str:
    """In one sentence, that the stated day is not the one of the clause; empty where they can be the same."""
    if suggestion.when is None or stated.on is None or stated.last is None:
        return ""
    if stated.on <= suggestion.when <= stated.last:
        return ""
    return _(
        "By the clause the treaty would enter into force on %(day)s; stated is %(stated)s. The stated date is kept."
    ) % {
        "day": _said(suggestion.when),
        "stated": stated,
    }


def described(clause: ClauseLike) -> str:
    """The rule of the clause in words, with its numbers."""
    numbers = {"month": ordinal(clause.months or 0), "nth": ordinal(clause.count or 0), "later": _interval(clause)}
    sentences = {
        ForceRule.MONTH_AFTER_NOTIFICATIONS: _("The first day of the %(month)s month after the last notification."),
        ForceRule.DAYS_AFTER_NOTIFICATIONS: _("%(later)s after the last notification."),
        ForceRule.AFTER_RATIFICATIONS: _("%(later)s after the %(nth)s ratification."),
        ForceRule.MONTH_AFTER_RATIFICATIONS: _("The first day of the %(month)s month after the %(nth)s ratification."),
        ForceRule.ON_SIGNATURE: _("On the day of signature."),
        ForceRule.FIXED_DATE: _("On a fixed day."),
    }
    return sentences[ForceRule(clause.rule)] % numbers


def ordinal(number: int) -> str:
    """“second”, “50th”; in Dutch “tweede”, “50e”."""
    words = (
        _("first"), _("second"), _("third"), _("fourth"), _("fifth"), _("sixth"),
        _("seventh"), _("eighth"), _("ninth"), _("tenth"), _("eleventh"), _("twelfth"),
    )  # fmt: skip
    if 1 <= number <= len(words):
        return words[number - 1]
    if not (get_language() or "").startswith("en"):
        return f"{number}e"
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def sides(parties: Iterable[PartyLike]) -> dict[str, str]:
    """Who each must notify, by code: the own side (`OWN`) is one, whichever of its entities is party.

    Where Belgium is party its entities have no side of their own.
    """
    parties = list(parties)
    belgium = next((party for party in parties if party.code == BELGIUM), None)
    found = {OWN: belgium.name if belgium else pgettext("a party", "Flanders")}
    for party in parties:
        if (key := _side(party, is_belgium_party=belgium is not None)) not in (OWN, None):
            found[str(key)] = party.name
    return found


def _side(party: PartyLike | None, *, is_belgium_party: bool) -> str | None:
    """The side an act of `party` is of; None for an entity whose act is internal to Belgium."""
    if party is None or party.code in FLEMISH or party.code == BELGIUM:
        return OWN
    return None if is_belgium_party and party.kind == PartyKind.BELGIAN_ENTITY else party.code


def _per_side(clause: ClauseLike, acts: Iterable[ActLike]) -> tuple[list[_Dated], list[str]]:
    """Each act with the name of its side, and the names of the sides that have none."""
    named = sides(clause.parties)
    is_belgium_party = any(party.code == BELGIUM for party in clause.parties)
    done, seen = [], set()
    for act in acts:
        key = _side(act.party, is_belgium_party=is_belgium_party)
        if key is not None:
            seen.add(key)
            done.append(_Dated(named.get(key, act.party.name if act.party else ""), act.when))
    return done, [name for key, name in named.items() if key not in seen]


# --- The rules ------------------------------------------------------------------------------------


def _after_notifications(clause: ClauseLike, acts: Iterable[ActLike]) -> Suggestion:
    done, missing = _per_side(clause, [act for act in acts if act.kind == ActKind.NOTIFICATION])
    working = [described(clause), *_told(_("Notification of %(name)s: %(date)s."), done)]
    why_not = [_("No notification of %(name)s is known.") % {"name": name} for name in missing]
    why_not += [
        _("The date of the notification of %(name)s is not known.") % {"name": one.name}
        for one in done
        if one.when.on is None
    ]
    if len(sides(clause.parties)) < 2:
        why_not.append(_("The register does not name the other party."))
    if why_not:
        return Suggestion(None, tuple(working), tuple(why_not))
    unknown = _("The last notification is known only as %(date)s.") % {"date": _latest(done)}
    return _counted(clause, *_last(done), working, unknown)


def _on_signature(clause: ClauseLike, acts: Iterable[ActLike]) -> Suggestion:
    signatures = [act for act in acts if act.kind == ActKind.SIGNATURE]
    if not signatures:
        return Suggestion(None, (described(clause),), (_("No signature is known."),))
    done, missing = _per_side(clause, signatures)
    told = _("Signature of %(name)s: %(date)s.")
    if any(act.party is None for act in signatures):
        # Told of the instrument as a whole: everybody signed.
        missing, told = [], _("Signed: %(date)s.")
    working = [described(clause), *_told(told, done)]
    why_not = [_("No signature of %(name)s is known.") % {"name": name} for name in missing]
    why_not += [_("A date of signature is not known.")] * any(one.when.on is None for one in done)
    if why_not:
        return Suggestion(None, tuple(working), tuple(why_not))
    unknown = _("The last signature is known only as %(date)s.") % {"date": _latest(done)}
    return _counted(clause, *_last(done), working, unknown)


def _after_ratifications(clause: ClauseLike, acts: Iterable[ActLike]) -> Suggestion:
    """The n-th consent to be bound. An unknown date can be any day: what does not depend on it is still known."""
    count, consents = clause.count or 1, _consents(clause, acts)
    working = [described(clause)]
    if len(consents) < count:
        told = ngettext(
            "The register holds %(n)d ratification of the %(count)d that are needed.",
            "The register holds %(n)d ratifications of the %(count)d that are needed.",
            len(consents),
        ) % {"n": len(consents), "count": count}
        return Suggestion(None, tuple(working), (told,))
    early = sorted(one.when.on or date.min for one in consents)[count - 1]
    late = sorted(one.when.last or date.max for one in consents)[count - 1]
    unknown = _("The date of the %(nth)s ratification is not known to the day.") % {"nth": ordinal(count)}
    if early == date.min or late == date.max:
        return Suggestion(None, tuple(working), (unknown,))
    if early == late:
        names = ", ".join(one.name for one in consents if one.when.on == early)
        told = _("The %(nth)s ratification in the register is of %(date)s (%(names)s).")
        working.append(told % {"nth": ordinal(count), "date": _said(early), "names": names})
    return _counted(clause, early, late, working, unknown)


def _fixed(clause: ClauseLike, acts: Iterable[ActLike]) -> Suggestion:
    if clause.on is None:
        return Suggestion(None, (described(clause),), (_("The clause gives no day."),))
    return Suggestion(clause.on, (_("The clause itself names %(day)s.") % {"day": _said(clause.on)},))


def _consents(clause: ClauseLike, acts: Iterable[ActLike]) -> list[_Dated]:
    """The deposit of each party, or the ratification that is told of it.

    A ratification without a party is the decision of Flanders itself: it binds only once it is deposited or
    notified (Vienna Convention, art. 16).
    """
    deposits = [act for act in acts if act.kind == ActKind.DEPOSIT]
    told = [act for act in acts if act.kind == ActKind.RATIFICATION and act.party]
    found: dict[str, _Dated] = {}
    for kind in (deposits, told):
        for one in _per_side(clause, kind)[0]:
            found.setdefault(one.name, one)
    return list(found.values())


# --- Counting --------------------------------------------------------------------------------------


def _last(done: Iterable[_Dated]) -> tuple[date, date]:
    """The first and the last day that the latest of dates can mean."""
    done = list(done)
    return max(one.when.on or date.min for one in done), max(one.when.last or date.max for one in done)


def _latest(done: Iterable[_Dated]) -> PartialDate:
    return max((one.when for one in done), key=lambda when: when.last or date.min)


def _counted(clause: ClauseLike, early: date, late: date, working: list[str], unknown: str) -> Suggestion:
    """The day counted from a moment between `early` and `late`, when each of these days leads to the same."""
    count = _counting(clause)
    if (day := count(early)) != count(late):
        return Suggestion(None, tuple(working), (unknown,))
    return Suggestion(day, (*working, _("That leads to %(day)s.") % {"day": _said(day)}))


def _counting(clause: ClauseLike) -> Callable[[date], date]:
    months, days = clause.months or 0, clause.days or 0
    if clause.rule in (ForceRule.MONTH_AFTER_NOTIFICATIONS, ForceRule.MONTH_AFTER_RATIFICATIONS):
        return lambda day: later(day, months).replace(day=1)
    return lambda day: later(day, months) + timedelta(days=days)


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


# --- Words ------------------------------------------------------------------------------------------


def _told(form: str, done: Iterable[_Dated]) -> list[str]:
    in_order = sorted(done, key=lambda one: one.when.on or date.max)
    return [form % {"name": one.name, "date": one.when} for one in in_order]


def _said(day: date) -> str:
    return str(PartialDate(day))


def _interval(clause: ClauseLike) -> str:
    if clause.months:
        return ngettext("%(n)d month", "%(n)d months", clause.months) % {"n": clause.months}
    return ngettext("%(n)d day", "%(n)d days", clause.days or 0) % {"n": clause.days or 0}
