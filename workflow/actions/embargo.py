"""Ending embargoes that are due: what the events leave in the record is written now. lock → check → do → record."""

import logging
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import service_account
from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from workflow import recording
from workflow.models import Event

logger = logging.getLogger(__name__)


class _Done(Exception):
    """Somebody else was first, or the event was corrected meanwhile: the change that was opened is undone."""


def release_events(now: datetime | None = None) -> tuple[list[int], list[str]]:
    """End every embargo that is due at `now`, each in a transaction of its own, in the order they were recorded.

    Keys of the events released here; and which could not be, with the reasons: what they leave is refused by the
    record, until somebody corrects them or the record.
    """
    done, failed = list[int](), list[str]()
    due = Event.objects.embargoed().filter(embargo_until__lte=now or timezone.now())
    for event in due.select_related("dossier", "recorded_by").order_by("embargo_until", "recorded_at", "pk"):
        try:
            _release(event)
        except _Done:
            continue
        except Refused as refused:
            why = " ".join(str(one.sentence) for one in refused.blockers)
            logger.error("Event %s stays under embargo: %s", event.pk, why)
            failed.append(f"{event.dossier.reference}, {event.step}: {why}")
            continue
        done.append(event.pk)
    return done, failed


def _release(event: Event) -> None:
    """In the name of who recorded it; of the register where that person may no longer change records."""
    reason = _("The embargo ended.")
    with change(_actor(event.recorded_by), action=Action.EVENT_RELEASE, reason=reason) as row:
        dossier = recording.lock(event.dossier)
        recording.lock_treaties(dossier)
        fresh = Event.objects.embargoed().select_related("entity", "treaty").filter(pk=event.pk).first()
        if fresh is None:
            raise _Done
        fresh.dossier = dossier
        recording.end_embargo(row, fresh)
        recording.recompute_copies(dossier)


def _actor(person: User) -> User:
    return person if person.may(Deed.EDIT_RECORD) else service_account()
