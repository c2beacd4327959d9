"""What is public and what may become so: requests, plans, and every reason against a step. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, User
from audit.refusals import Blocker
from treaties.choices import Access, PublicationVerdict
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    PublicationDecision,
    PublicationRequest,
    Relation,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.texts import unfit

# Who may say that a record becomes public, or is public no longer.
DECIDES = Deed.PUBLISH
# What a record is after it was taken out of the public part.
TAKEN_OUT = Access.GOVERNMENT
_PARTS: tuple[Any, ...] = (
    Title,
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    Relation,
    TreatyParty,
    TreatyTheme,
)


def is_public(access: str) -> bool:
    return access == Access.PUBLIC


# --- What waits ------------------------------------------------------------------------------------------


def undecided(person: Person) -> QuerySet[PublicationRequest]:
    """Asked and not decided, oldest first."""
    found = PublicationRequest.objects.visible_to(person).undecided()
    return found.select_related("treaty", "asked_by").prefetch_related("treaty__titles")


def planned(person: Person) -> QuerySet[PublicationDecision]:
    """Approved for later, the nearest first."""
    found = waiting().filter(request__in=PublicationRequest.objects.visible_to(person))
    return found.select_related("request__treaty", "request__asked_by", "decided_by").prefetch_related(
        "request__treaty__titles"
    )


def waiting() -> QuerySet[PublicationDecision]:
    """Approved, and neither carried out nor stopped."""
    approved = PublicationDecision.objects.filter(verdict=PublicationVerdict.APPROVED, outcome__isnull=True)
    return approved.order_by("request__not_before", "pk")


def due(now: datetime) -> list[int]:
    """Keys of the decisions to be carried out at `now`."""
    return list(waiting().filter(request__not_before__lte=now).values_list("pk", flat=True))


def last_request(treaty: Treaty) -> PublicationRequest | None:
    """The newest request of a record, with what came of it."""
    found = PublicationRequest.objects.filter(treaty=treaty).select_related(
        "asked_by", "decision__decided_by", "decision__outcome"
    )
    return found.order_by("-attempt").first()


def asked_by(submission: Any) -> PublicationRequest | None:
    """The request that the form with this token made."""
    return PublicationRequest.objects.filter(change__submission=submission).first()


# --- Reasons against a step ------------------------------------------------------------------------------


def to_ask(treaty: Treaty) -> list[Blocker]:
    """Why publication of this record cannot be asked now."""
    if is_public(treaty.access):
        return [Blocker("is_public", _("This record is public already."))]
    found = []
    if treaty.is_demo:
        sentence = _("This is demonstration data: made public, it would stand among the real treaties.")
        found.append(Blocker("demo_public", sentence))
    last = last_request(treaty)
    if last and last.is_open:
        found.append(Blocker("asked", _("This was asked already, and is not decided yet.")))
    elif last and last.decision.is_waiting:
        sentence = _("This is approved already, and becomes public at the moment that was asked.")
        found.append(Blocker("planned", sentence))
    return found


def moment_problems(not_before: datetime | None, field: str = "not_before") -> list[Blocker]:
    if not_before is not None and not_before <= timezone.now():
        return [Blocker("past", _("Give a moment that is still to come, or leave this empty."), field=field)]
    return []


def reason_problems(reason: str, *, required: bool = True) -> list[Blocker]:
    problem = unfit(reason, limit=4_000, required=required)
    return [Blocker("text", problem, field="reason")] if problem else []


def to_decide(request: PublicationRequest, person: User) -> list[Blocker]:
    """Why `person` cannot approve this; nor, as its asker, refuse it."""
    if request.asked_by_id == person.pk:
        sentence = _("You asked for this: somebody else decides.")
        return [Blocker("own_request", sentence)]
    return []


def to_approve(request: PublicationRequest, person: User) -> list[Blocker]:
    """Every reason why `person` cannot approve this."""
    found = to_decide(request, person)
    if changed := list(_changed(request, person)):
        sentence = _("You changed this record since it was asked (%(what)s): somebody else decides.")
        found.append(Blocker("edited", sentence % {"what": ", ".join(changed)}))
    if is_public(request.treaty.access):
        found.append(Blocker("is_public", _("This record is public already.")))
    return found


def _changed(request: PublicationRequest, person: User) -> Iterator[str]:
    """What of the record `person` changed since it was asked. The database refuses the same by itself."""
    theirs = {"history_user": person.pk, "history_date__gt": request.asked_at}
    if Treaty.history.filter(id=request.treaty_id, **theirs).exists():
        yield str(Treaty._meta.verbose_name)
    for part in _PARTS:
        if part.history.filter(treaty=request.treaty_id, **theirs).exists():
            yield str(part._meta.verbose_name_plural)


def to_stop(decision: PublicationDecision) -> list[Blocker]:
    if decision.is_waiting:
        return []
    sentence = _("This is no longer planned: it took place, or somebody stopped it. Look at the record.")
    return [Blocker("not_planned", sentence)]


def to_withdraw(treaty: Treaty) -> list[Blocker]:
    if is_public(treaty.access):
        return []
    return [Blocker("not_public", _("This record is not public."))]


# --- No other way into the public part, nor out of it ----------------------------------------------------


def levels(access: str) -> list[Access]:
    """What a page that edits a record may make of this access: what lies on the same side."""
    return [one for one in Access if is_public(one) == is_public(access)]


def crossing(before: str, after: str) -> list[Blocker]:
    """Why the access of a record cannot become `after` on a page that edits it."""
    if is_public(before) == is_public(after):
        return []
    if is_public(after):
        sentence = _("A record becomes public when somebody asks for it and somebody else approves.")
        return [Blocker("publication_is_asked", sentence, field="access")]
    sentence = _("A public record is taken out of the public part on a page of its own, with the reason.")
    return [Blocker("withdrawn_elsewhere", sentence, field="access")]


def paper_problems(actor: User, treaty: Treaty, before: str, after: str) -> list[Blocker]:
    """Why a paper of this record cannot become public.

    Of a record that is not public it becomes visible with the record, which somebody else approves; of one that is
    public, or approved to become so, everybody would see it at once: that is for who decides on publication.
    """
    if not is_public(after) or is_public(before) or actor.may(DECIDES):
        return []
    last = last_request(treaty)
    if is_public(treaty.access) or (last and not last.is_open and last.decision.is_waiting):
        sentence = _("Everybody would see this paper at once: ask somebody who may make a record public to do this.")
        return [Blocker("paper_public", sentence, field="access")]
    return []
