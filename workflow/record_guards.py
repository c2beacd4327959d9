"""Why a record cannot be changed beside the dossier that follows it. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker
from treaties.bulk_edit import Plan
from treaties.choices import NOT_TREATIES, Stage
from treaties.models import Treaty
from workflow.models import Dossier, PackageTreaty
from workflow.procedures.moves import REQUALIFIED


@dataclass(frozen=True)
class Elsewhere(Blocker):
    """A reason with the way on: the dossier in which it is changed."""

    dossier: str = ""


def objections(plans: Sequence[Plan]) -> Mapping[int, Sequence[Blocker]]:
    """Key of the treaty → why its plan goes against its dossiers; the same number of queries for 1 and for 1,000."""
    touched = [plan for plan in plans if {"qualification", "kind"} & set(plan.columns)]
    if not touched:
        return {}
    dossiers = _dossiers([plan.treaty.pk for plan in touched])
    found = {
        plan.treaty.pk: list(_reasons(plan.treaty, plan.columns, dossiers.get(plan.treaty.pk, []))) for plan in touched
    }
    return {key: reasons for key, reasons in found.items() if reasons}


def objections_to(treaty: Treaty, columns: Mapping[str, Any]) -> list[Blocker]:
    """The same of one record whose `columns` (name → new value) would change; each names its field."""
    if not {"qualification", "kind"} & set(columns):
        return []
    return list(_reasons(treaty, columns, _dossiers([treaty.pk]).get(treaty.pk, [])))


def _dossiers(keys: Sequence[int]) -> dict[int, list[Dossier]]:
    """The dossiers each treaty goes through, by itself or in a package."""
    found: dict[int, list[Dossier]] = {}
    for dossier in Dossier.objects.filter(treaty__in=keys).order_by("pk"):
        found.setdefault(dossier.treaty_id, []).append(dossier)
    for link in PackageTreaty.objects.filter(treaty__in=keys).select_related("dossier").order_by("pk"):
        found.setdefault(link.treaty_id, []).append(link.dossier)
    return found


def _reasons(treaty: Treaty, columns: Mapping[str, Any], dossiers: Sequence[Dossier]) -> Iterator[Blocker]:
    becomes = columns.get("kind", treaty.kind)
    crosses = (becomes in NOT_TREATIES) != (treaty.kind in NOT_TREATIES)
    for dossier in dossiers:
        words = {"dossier": dossier.reference}
        # What it is held to be decides the procedure of the dossier: the one does not change without the other.
        if "qualification" in columns and dossier.procedure.has(REQUALIFIED):
            sentence = _("It follows dossier %(dossier)s: its qualification is changed there.") % words
            yield Elsewhere("through_dossier", sentence, field="qualification", dossier=dossier.reference)
        if crosses and dossier.stage != Stage.DONE:
            sentence = _("Its open dossier %(dossier)s follows a procedure for another kind.") % words
            yield Blocker("kind_of_dossier", sentence, field="kind")
