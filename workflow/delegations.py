"""Who acts for whom: the delegations in force, what they cover, why one cannot be used; and the lock they share."""

from datetime import date

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, User, may
from audit.refusals import Blocker
from treaties.dates import PartialDate
from workflow.models import Decision, Delegation, Dossier

# The most days from the first to the last, both included: half a year. The database holds it too.
MOST_DAYS = 184
# Of PostgreSQL's advisory locks: this, and the key of the delegation; 0 for those that are being given.
_LOCK = 5_207_118


def hold(delegation: Delegation | None = None) -> None:
    """Until the end of the transaction nobody takes `delegation` back; without one, nobody gives another.

    Last in the lock order. An advisory lock, for rows of an append-only table are locked only by who may change them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, delegation.pk if delegation else 0])


def known_to(person: User) -> QuerySet[Delegation]:
    """Those `person` may know of, the latest first, with what was decided by them as far as `person` may know it."""
    known = Decision.objects.filter(approval__dossier__in=Dossier.objects.visible_to(person))
    decisions = known.select_related("approval__dossier")
    return (
        Delegation.objects.visible_to(person)
        .select_related("absent", "delegate", "given_by", "revocation__revoked_by")
        .prefetch_related(Prefetch("decisions", decisions))
    )


def held_by(person: User, on: date | None = None) -> list[Delegation]:
    """The delegations `person` can act by today, or on a day, in the order of who is absent."""
    in_force = Delegation.objects.in_force(on or timezone.localdate()).filter(delegate=person)
    rows = in_force.select_related("absent", "delegate").order_by("absent__last_name", "pk")
    return [row for row in rows if row.absent.may(Deed(row.deed))]


def may_see_review(person: Person) -> bool:
    """Whether the review is there for `person`: by their role, or because they act for a reviewer today."""
    return may(person, Deed.SEE_REVIEW) or (
        isinstance(person, User) and may(person, Deed.READ_INTERNAL) and bool(held_by(person))
    )


def covers(delegation: Delegation, dossier: Dossier) -> bool:
    """Whether the dossier is of a procedure and a department that was delegated."""
    within = not delegation.department or dossier.responsible.belongs_to(delegation.department)
    return within and (not delegation.procedures or dossier.procedure_code in delegation.procedures)


def to_use(actor: User, delegation: Delegation, dossier: Dossier) -> list[Blocker]:
    """Why `actor` cannot decide in this dossier by this delegation."""
    today, field = timezone.localdate(), "delegation"
    words = {"name": delegation.absent.name, "ends": PartialDate(delegation.ends)}
    problems = []
    if delegation.delegate_id != actor.pk or not actor.may(Deed.RECORD_EVENT):
        problems.append(Blocker("not_delegated", _("You do not act for %(name)s.") % words, field=field))
    if not delegation.absent.may(Deed(delegation.deed)) or delegation.deed != Deed.DECIDE_CONSENT:
        sentence = _("%(name)s may not record decisions any more, so you cannot either.") % words
        problems.append(Blocker("nothing_to_delegate", sentence, field=field))
    if Delegation.objects.filter(pk=delegation.pk, revocation__isnull=False).exists():
        problems.append(Blocker("revoked", _("The delegation of %(name)s was taken back.") % words, field=field))
    elif not delegation.begins <= today <= delegation.ends:
        sentence = _("The delegation of %(name)s does not hold today; its last day is %(ends)s.") % words
        problems.append(Blocker("out_of_period", sentence, field=field))
    if not covers(delegation, dossier):
        sentence = _("The delegation of %(name)s does not cover this dossier.") % words
        problems.append(Blocker("out_of_scope", sentence, field=field))
    return problems
