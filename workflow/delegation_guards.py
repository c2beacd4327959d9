"""Why somebody cannot hand over, or take that back: every reason at once. Reads only."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.refusals import Blocker
from treaties.dates import PartialDate
from workflow.delegations import MOST_DAYS
from workflow.guards import not_allowed
from workflow.models import Delegation
from workflow.procedures import published


def to_give(
    actor: User,
    *,
    absent: User,
    delegate: User | None,
    procedures: list[str],
    begins: date | None,
    ends: date | None,
) -> list[Blocker]:
    """Why `absent` cannot hand over the recording of decisions to `delegate` for these days."""
    problems = not_allowed(actor, Deed.DECIDE_CONSENT)
    if absent.pk != actor.pk and not actor.may(Deed.MANAGE):
        problems.append(Blocker("not_yours", _("You can only hand over what is yours."), field="absent"))
    if not absent.may(Deed.DECIDE_CONSENT):
        sentence = _("%(name)s may not record decisions, so there is nothing to hand over.") % {"name": absent.name}
        problems.append(Blocker("nothing_to_delegate", sentence, field="absent"))
    problems += _delegate_problems(absent, delegate)
    known = {procedure.code for procedure in published(timezone.localdate())}
    problems += [
        Blocker("procedure", _("There is no procedure “%(code)s”.") % {"code": code}, field="procedures")
        for code in procedures
        if code not in known
    ]
    return [*problems, *_period_problems(begins, ends), *_chain_problems(absent, delegate, begins, ends)]


def _delegate_problems(absent: User, delegate: User | None) -> list[Blocker]:
    if delegate is None:
        return [Blocker("delegate", _("Choose who acts instead."), field="delegate")]
    if delegate.pk == absent.pk:
        return [Blocker("to_oneself", _("Choose somebody else than who is absent."), field="delegate")]
    if not delegate.may(Deed.RECORD_EVENT):
        sentence = _("%(name)s does not work on dossiers, so cannot act instead.") % {"name": delegate.name}
        return [Blocker("unfit_delegate", sentence, field="delegate")]
    return []


def _period_problems(begins: date | None, ends: date | None) -> list[Blocker]:
    problems = [
        Blocker("date_missing", _("Give the day, for example 9/3/2026."), field=name)
        for name, day in (("begins", begins), ("ends", ends))
        if day is None
    ]
    if begins is None or ends is None:
        return problems
    if ends < begins:
        return [Blocker("period", _("The last day cannot lie before the first."), field="ends")]
    if ends < timezone.localdate():
        return [Blocker("past", _("This period is over: nothing can be handed over afterwards."), field="ends")]
    if (ends - begins).days >= MOST_DAYS:
        sentence = _("Hand over for %(days)d days at the most; give it again for a longer absence.")
        return [Blocker("too_long", sentence % {"days": MOST_DAYS}, field="ends")]
    return []


def _chain_problems(absent: User, delegate: User | None, begins: date | None, ends: date | None) -> list[Blocker]:
    """What was handed over is not handed on: nobody both stands in and is absent on the same day."""
    if begins is None or ends is None or delegate is None:
        return []
    meanwhile = Delegation.objects.standing().filter(begins__lte=ends, ends__gte=begins)
    problems = []
    for row in meanwhile.filter(Q(delegate=absent) | Q(absent=delegate)).select_related("absent", "delegate"):
        words = {
            "delegate": row.delegate.name,
            "absent": row.absent.name,
            "begins": PartialDate(row.begins),
            "ends": PartialDate(row.ends),
        }
        sentence = _("%(delegate)s acts for %(absent)s from %(begins)s to %(ends)s: take that back first.") % words
        problems.append(Blocker("chain", sentence, field="absent" if row.delegate_id == absent.pk else "delegate"))
    return problems


def to_revoke(actor: User, delegation: Delegation) -> list[Blocker]:
    """Why `actor` cannot take this back: who is absent, who acts instead and an administrator can."""
    if actor.pk in (delegation.absent_id, delegation.delegate_id) or actor.may(Deed.MANAGE):
        return []
    return [Blocker("not_allowed", _("Only who is absent, who acts instead or an administrator takes this back."))]
