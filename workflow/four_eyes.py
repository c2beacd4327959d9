"""Who changed, since a consent was asked, what it is decided on. Reads only.

The one place that judges by the history of the record: who edited a paper or a title stands nowhere else. The
database refuses the same by itself (`four_eyes_editors`, migration 0005).
"""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from treaties.models import Document, Title
from workflow.models import Approval, EntityRequirement, Event
from workflow.procedures import step_of


def edited(approval: Approval, person: int) -> list[str]:
    """What `person` (key) changed since: papers of the kinds it was asked with, titles, events, entities required.

    Sentences for people, each once. Events that a decision left do not count: those had four eyes already.
    """
    return list(dict.fromkeys(_edited(approval, person)))


def _edited(approval: Approval, person: int) -> Iterator[str]:
    dossier, since = approval.dossier, approval.asked_at
    treaties = [treaty.pk for treaty in dossier.treaties]
    kinds = {entry["kind"] for entry in approval.evidence}
    papers = {entry["document"] for entry in approval.evidence if "document" in entry}
    theirs = {"history_user": person, "history_date__gt": since}
    shown = Q(id__in=papers) | Q(treaty__in=treaties, kind__in=kinds)
    for title in Document.history.filter(shown, **theirs).order_by("history_date").values_list("title", flat=True):
        yield str(_("the paper “%(title)s”") % {"title": title})
    for title in Title.history.filter(treaty__in=treaties, **theirs).values_list("text", flat=True):
        yield str(_("the title “%(title)s”") % {"title": title})
    recorded = {"dossier": dossier, "recorded_by": person, "recorded_at__gt": since}
    for step in Event.objects.filter(decision__isnull=True, **recorded).values_list("step", flat=True):
        yield str(_("the event “%(step)s”") % {"step": step_of(dossier.procedure, step).label})
    for requirement in EntityRequirement.objects.filter(**recorded).select_related("entity"):
        yield str(_("whether %(entity)s is concerned") % {"entity": requirement.entity.name})
