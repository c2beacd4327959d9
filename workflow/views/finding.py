"""Finding what an address names, among what the person may know of; 404 for anything else."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from treaties.models import Treaty
from workflow import queries
from workflow.answers import person
from workflow.models import Approval, Dossier
from workflow.procedures.language import Step


def find_treaty(request: HttpRequest, reference: str) -> Treaty:
    known = Treaty.objects.visible_to(person(request))
    treaties = known.prefetch_related("titles", "party_links__party", "theme_links__theme", "dossiers")
    return get_object_or_404(treaties, reference=reference)


def find_dossier(request: HttpRequest, reference: str) -> Dossier:
    known = Dossier.objects.visible_to(person(request))
    return get_object_or_404(queries.with_procedure(known), reference=reference)


def find_step(dossier: Dossier, code: str) -> Step:
    try:
        return dossier.procedure.step(code)
    except KeyError:
        raise Http404 from None


def find_approval(request: HttpRequest, pk: int) -> Approval:
    known = Dossier.objects.visible_to(person(request))
    approvals = Approval.objects.filter(dossier__in=known).select_related("asked_by", "dossier__treaty", "decision")
    return get_object_or_404(approvals, pk=pk)
