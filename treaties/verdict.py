"""The one sentence people come for: whether a treaty is in force, for whom and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaties.cards import NAMED
from treaties.choices import CONSENTS_TO_BE_BOUND, ENDINGS, ActKind, Precision, RelationKind, Status
from treaties.dates import PartialDate
from treaties.models import Act, Treaty
from treaties.queries import TreatyPage
from treaties.status import Standing, happened, name_of, subject

# What only happens to an instrument that was signed or adopted.
_AFTER_SIGNATURE = CONSENTS_TO_BE_BOUND | frozenset(
    {
        ActKind.ADOPTION,
        ActKind.AUTHENTICATION,
        ActKind.OPENED_FOR_SIGNATURE,
        ActKind.ASSENT,
        ActKind.DECREE,
        ActKind.DECREE_PUBLICATION,
        ActKind.NOTIFICATION,
        ActKind.DEPOSIT,
        ActKind.TEXT_PUBLICATION,
        ActKind.NOTICE_PUBLICATION,
        ActKind.ENTRY_INTO_FORCE,
        ActKind.EFFECT,
        ActKind.DENUNCIATION,
        ActKind.EXPIRY,
        ActKind.REPLACEMENT,
        ActKind.END,
    }
)
_BEGINNINGS = {
    Status.IN_FORCE: (ActKind.ENTRY_INTO_FORCE,),
    Status.IN_EFFECT: (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT),
    Status.PROVISIONAL: (ActKind.PROVISIONAL_APPLICATION,),
    Status.SUSPENDED: (ActKind.SUSPENSION,),
}
_RUNNING = frozenset({Status.IN_FORCE, Status.IN_EFFECT, Status.SUSPENDED, Status.PROVISIONAL})
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
        return _ended(page, since)
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
        form = _("Signed on %(date)s; no entry into force on record") if is_treaty else _("Signed on %(date)s")
    else:
        form = _("Signed in %(date)s; no entry into force on record") if is_treaty else _("Signed in %(date)s")
    return form % {"date": since}


def _ended(page: TreatyPage, since: PartialDate) -> str:
    """Since when, and by what it ended where that is known."""
    by, is_treaty = page.standing.by, page.treaty.is_treaty
    form = _("No longer in force since %(since)s") if is_treaty else _("No longer in effect since %(since)s")
    if by == ActKind.EXPIRY:
        form = (
            _("No longer in force since %(since)s: it expired")
            if is_treaty
            else _("No longer in effect since %(since)s: it expired")
        )
    elif by == ActKind.DENUNCIATION:
        form = (
            _("No longer in force since %(since)s: it was denounced")
            if is_treaty
            else _("No longer in effect since %(since)s: it was denounced")
        )
    elif by == ActKind.REPLACEMENT:
        return _replaced(page, since)
    return form % {"since": since}


def _replaced(page: TreatyPage, since: PartialDate) -> str:
    others = [other.title for other in successors(page)]
    if not others:
        form = (
            _("No longer in force since %(since)s: it was replaced")
            if page.treaty.is_treaty
            else _("No longer in effect since %(since)s: it was replaced")
        )
        return form % {"since": since}
    form = (
        _("No longer in force since %(since)s: it was replaced by “%(other)s”")
        if page.treaty.is_treaty
        else _("No longer in effect since %(since)s: it was replaced by “%(other)s”")
    )
    return form % {"since": since, "other": "”, “".join(others)}


def successors(page: TreatyPage) -> list[Treaty]:
    """The instruments that replace or terminate the one of `page`, as far as the reader may know of them."""
    ending = (RelationKind.REPLACES, RelationKind.TERMINATES)
    found = (one for _label, _other, one in page.relations if one.kind in ending and one.other_id == page.treaty.pk)
    return [relation.treaty for relation in found]


def _since(status: Status) -> str:
    if status == Status.SUSPENDED:
        return _("Suspended since %(since)s")
    if status == Status.PROVISIONAL:
        return _("Provisionally applied since %(since)s")
    return _("In force since %(since)s") if status == Status.IN_FORCE else _("In effect since %(since)s")


def _since_for(status: Status, *, alike: bool) -> str:
    """With different dates per party the sentence gives the first, and says so."""
    if status == Status.SUSPENDED:
        return (
            _("Suspended for %(whom)s since %(since)s")
            if alike
            else _("Suspended for %(whom)s, for the first of them since %(since)s")
        )
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
        if act.kind in kinds and happened(act, on) and name_of(subject(act)) in page.standing.whom
    }
    return len(dates) <= 1


def people(names: Sequence[str], others: int = 0) -> str:
    """“A, B and C”, or the first few and how many more; `others` come beside those that have names here."""
    if others or len(names) > NAMED + 1:
        rest = len(names[NAMED:]) + others
        return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", rest) % {
            "names": ", ".join(names[:NAMED]),
            "count": rest,
        }
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return names[0] if names else ""


def _remarks(page: TreatyPage, on: date) -> Iterable[str]:
    """What the dates alone would let a reader misunderstand."""
    if page.standing.scope:
        yield _("This holds for a part of the instrument: %(part)s.") % {"part": page.standing.scope}
    if page.standing.status not in (Status.IN_FORCE, Status.IN_EFFECT, Status.SUSPENDED, Status.ENDED):
        yield from _beginnings(page, on)
    if page.standing.status != Status.ENDED:
        yield from _apart(page)
        yield from _denunciations(page, on)
        yield from _ends(page, on)
    if not page.treaty.is_treaty:
        yield _("This is not a treaty: it binds politically, not in law.")


def _apart(page: TreatyPage) -> Iterable[str]:
    """For which parties and territories it stands otherwise than the sentence says."""
    is_treaty, overall = page.treaty.is_treaty, page.standing.status
    ended = [name for name, one in _each(page) if one.status == Status.ENDED]
    if ended:
        form = _("No longer in force for %(whom)s.") if is_treaty else _("No longer in effect for %(whom)s.")
        yield form % {"whom": people(ended)}
    paused = [name for name, one in _each(page) if one.status == Status.SUSPENDED]
    if paused and overall != Status.SUSPENDED:
        yield _("Suspended for %(whom)s.") % {"whom": people(paused)}
    for party, one in page.parties.items():
        for territory, there in one.territories.items():
            name = name_of((party, territory))
            if there.status in (Status.IN_FORCE, Status.IN_EFFECT) and name not in page.standing.whom:
                form = (
                    _("In force for %(whom)s since %(since)s.")
                    if is_treaty
                    else _("In effect for %(whom)s since %(since)s.")
                )
                yield form % {"whom": name, "since": there.since}


def _each(page: TreatyPage) -> Iterable[tuple[str, Standing]]:
    """Each party and territory by name; a territory only where it stands otherwise than its party."""
    for party, one in page.parties.items():
        yield party, one.standing
        for territory, there in one.territories.items():
            if there.status != one.standing.status:
                yield name_of((party, territory)), there


def _denunciations(page: TreatyPage, on: date) -> Iterable[str]:
    """Each notice that has not ended it yet, with its date of effect or that this is not known."""
    for act in page.acts:
        if act.kind != ActKind.DENUNCIATION or happened(act, on) or (act.on and act.on > on):
            continue
        if act.effect.on is None and any(
            other.kind in ENDINGS and other.party_name in ("", act.party_name) and other.on for other in page.acts
        ):
            # Its end is told apart, by an act of its own.
            continue
        yield _notice(act)
        if act.effect.on is None:
            yield _("The date on which the denunciation takes effect is not known: until then nothing ends.")


def _notice(act: Act) -> str:
    told = {"party": act.party_name, "notice": act.when, "effect": act.effect, "part": act.scope}
    if act.effect.on is None:
        form = (
            _("Denounced by %(party)s: notice of %(notice)s.")
            if act.party_name
            else _("Denounced: notice of %(notice)s.")
        )
    elif act.party_name:
        form = _("Denounced by %(party)s: notice of %(notice)s, with effect from %(effect)s.")
    else:
        form = _("Denounced: notice of %(notice)s, with effect from %(effect)s.")
    return form % told


def _ends(page: TreatyPage, on: date) -> Iterable[str]:
    """What is announced to end it, what ended it on an unknown day, and a successor without an end."""
    forms = {
        ActKind.END: _("Its end is announced for %(date)s."),
        ActKind.EXPIRY: _("It expires on %(date)s, unless it is renewed."),
        ActKind.REPLACEMENT: _("It is to be replaced on %(date)s."),
    }
    for kind, form in forms.items():
        coming = [act.when for act in page.acts if act.kind == kind and act.on and act.on > on]
        if coming:
            yield form % {"date": min(coming)}
    recorded = [act for act in page.acts if act.kind in ENDINGS]
    if any(act.on is None for act in recorded):
        yield _("An end is recorded, but its date is not known.")
    elif not recorded and page.standing.status in _RUNNING:
        for other in successors(page):
            yield _("“%(other)s” replaces or ends it, but the register holds no date of its end.") % {
                "other": other.title
            }


def _beginnings(page: TreatyPage, on: date) -> Iterable[str]:
    """What is known of a beginning that the status does not count."""
    starts = [
        act
        for act in page.acts
        if act.kind in (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT) and not act.territory_id and not act.scope
    ]
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
