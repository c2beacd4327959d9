"""The one sentence people come for: whether a treaty is in force, for whom and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaties.choices import ActKind, Precision, Status
from treaties.dates import PartialDate
from treaties.models import Act
from treaties.queries import TreatyPage

# How many parties a sentence names before it counts the others.
NAMED = 4
# What only happens to an instrument that was signed or adopted.
_AFTER_SIGNATURE = frozenset(
    {
        ActKind.ADOPTION,
        ActKind.ASSENT,
        ActKind.DECREE,
        ActKind.DECREE_PUBLICATION,
        ActKind.RATIFICATION,
        ActKind.NOTIFICATION,
        ActKind.DEPOSIT,
        ActKind.TEXT_PUBLICATION,
        ActKind.NOTICE_PUBLICATION,
        ActKind.ENTRY_INTO_FORCE,
        ActKind.EFFECT,
    }
)
_BEGINNINGS = {
    Status.IN_FORCE: (ActKind.ENTRY_INTO_FORCE,),
    Status.IN_EFFECT: (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT),
    Status.PROVISIONAL: (ActKind.PROVISIONAL_APPLICATION,),
}
_TONES = {
    Status.IN_FORCE: ("ok", "check"),
    Status.IN_EFFECT: ("ok", "check"),
    Status.PROVISIONAL: ("info", "clock"),
    Status.SUSPENDED: ("warn", "stop"),
    Status.SIGNED: ("warn", "clock"),
    Status.ENDED: ("stop", "stop"),
    Status.IN_PREPARATION: ("info", "info"),
    Status.UNKNOWN: ("info", "info"),
}


@dataclass(frozen=True)
class Verdict:
    """The one sentence people come for, and what must be said beside it."""

    tone: str
    icon: str
    sentence: str
    remarks: list[str] = field(default_factory=list)


def verdict(page: TreatyPage, on: date) -> Verdict:
    """Whether it is in force, for whom and since when, on day `on`."""
    tone, icon = _TONES[page.standing.status]
    if page.standing.status == Status.SIGNED and not page.treaty.is_treaty:
        tone, icon = "info", "document"
    return Verdict(tone, icon, _sentence(page, on), list(_remarks(page, on)))


def _sentence(page: TreatyPage, on: date) -> str:
    standing, is_treaty = page.standing, page.treaty.is_treaty
    since = standing.since
    if since is None:
        return _unsigned(page)
    if standing.status == Status.SIGNED:
        return _signed(since, is_treaty=is_treaty)
    if standing.status == Status.ENDED:
        form = _("No longer in force since %(since)s") if is_treaty else _("No longer in effect since %(since)s")
        return form % {"since": since}
    if not standing.whom:
        return _since(standing.status) % {"since": since}
    whom = people(standing.whom)
    return _since_for(standing.status, alike=_alike(page, on)) % {"since": since, "whom": whom}


def _unsigned(page: TreatyPage) -> str:
    """Without a date of signature it may still have been signed: what came after it says so."""
    kinds = {act.kind for act in (*page.acts, *page.undated)}
    if ActKind.SIGNATURE in kinds:
        return _("Signed on a date that is not known")
    if kinds & _AFTER_SIGNATURE:
        return _("No date of signature or entry into force in the register")
    return _("In preparation: not signed yet")


def _signed(since: PartialDate, *, is_treaty: bool) -> str:
    if since.precision == Precision.DAY:
        form = _("Signed on %(date)s, not in force") if is_treaty else _("Signed on %(date)s")
    else:
        form = _("Signed in %(date)s, not in force") if is_treaty else _("Signed in %(date)s")
    return form % {"date": since}


def _since(status: Status) -> str:
    if status == Status.PROVISIONAL:
        return _("Provisionally applied since %(since)s")
    return _("In force since %(since)s") if status == Status.IN_FORCE else _("In effect since %(since)s")


def _since_for(status: Status, *, alike: bool) -> str:
    """With different dates per party the sentence gives the first, and says so."""
    if status == Status.PROVISIONAL:
        return (
            _("Provisionally applied for %(whom)s since %(since)s")
            if alike
            else _("Provisionally applied for %(whom)s, for the first of them since %(since)s")
        )
    if status == Status.IN_FORCE:
        return (
            _("In force for %(whom)s since %(since)s")
            if alike
            else _("In force for %(whom)s, for the first of them since %(since)s")
        )
    return (
        _("In effect for %(whom)s since %(since)s")
        if alike
        else _("In effect for %(whom)s, for the first of them since %(since)s")
    )


def _alike(page: TreatyPage, on: date) -> bool:
    """Whether the parties the standing names all began on the same date."""
    kinds = _BEGINNINGS.get(page.standing.status, ())
    dates = {
        act.when
        for act in page.acts
        if act.kind in kinds and act.on and act.on <= on and act.party_name in page.standing.whom
    }
    return len(dates) <= 1


def people(names: Sequence[str]) -> str:
    """“A, B and C”, or the first few and how many more."""
    if len(names) > NAMED + 1:
        rest = len(names) - NAMED
        return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", rest) % {
            "names": ", ".join(names[:NAMED]),
            "count": rest,
        }
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return names[0] if names else ""


def _remarks(page: TreatyPage, on: date) -> Iterable[str]:
    """What the dates alone would let a reader misunderstand."""
    starts = [act for act in page.acts if act.kind in (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT)]
    if page.standing.status not in (Status.IN_FORCE, Status.IN_EFFECT, Status.ENDED):
        yield from _beginnings(page, starts, on)
    ends = [act.when for act in page.acts if act.kind == ActKind.END and act.on and act.on > on]
    if ends and page.standing.status != Status.ENDED:
        yield _("Its end is announced for %(date)s.") % {"date": min(ends)}
    if not page.treaty.is_treaty:
        yield _("This is not a treaty: it binds politically, not in law.")


def _beginnings(page: TreatyPage, starts: list[Act], on: date) -> Iterable[str]:
    """What is known of a beginning that the status does not count."""
    is_treaty = page.treaty.is_treaty
    if any(act.on is None for act in starts):
        if is_treaty:
            yield _("An entry into force is recorded, but its date is not known.")
        else:
            yield _("It came into effect, but the date is not known.")
    elif coming := min((act.when for act in starts if act.on and act.on > on), default=None):
        form = _("Entry into force is announced for %(date)s.") if is_treaty else _("It comes into effect on %(date)s.")
        yield form % {"date": coming}
    elif not is_treaty and page.standing.status == Status.SIGNED:
        yield _("The register holds no date on which it came into effect.")
