"""Which acts of the record a dossier left there, and on which page they are corrected."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from treaties.keepers import Kept
from workflow.models import EventAct


def kept(acts: Collection[int]) -> dict[int, Kept]:
    """The acts (by key) that an event left, with the page that corrects it: for a decision that of its dossier."""
    links = EventAct.objects.filter(act__in=acts).select_related("event__dossier")
    return {link.act_id: _kept(link) for link in links}


def _kept(link: EventAct) -> Kept:
    event, dossier = link.event, link.event.dossier
    where = _("dossier %(reference)s") % {"reference": dossier.reference}
    if event.decision_id:
        return Kept(where, dossier.get_absolute_url())
    return Kept(where, reverse("event-correct", args=[dossier.reference, event.pk]))
