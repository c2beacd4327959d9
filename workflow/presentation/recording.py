"""What the form of an event says before anything is typed."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties.choices import ActKind
from treaties.force import forces
from workflow import guards
from workflow.models import Dossier
from workflow.procedures.language import Step, Term, Unit


def before_recording(dossier: Dossier, step: Step) -> dict[str, Any]:
    """What the form says beforehand: help, law, blockers of today, and what recording sets going."""
    early = guards.out_of_order(dossier, guards.Happening(step=step.code))
    terms = [(str(outcome.label), outcome.term) for outcome in step.outcomes if outcome.term]
    if step.term:
        terms.append(("", step.term))
    return {
        "dossier": dossier,
        "step": step,
        "early": early,
        "forces": forces(dossier.treaties) if step.leaves == ActKind.ENTRY_INTO_FORCE else [],
        "effects": [_effect(label, term) for label, term in terms],
    }


def _effect(label: str, term: Term) -> dict[str, str]:
    days = (
        _("%(days)d working days") % {"days": term.days}
        if term.unit == Unit.WORKING
        else _("%(days)d days") % {"days": term.days}
    )
    sentence = _("This starts a term of %(days)s: %(what)s.") % {"days": days, "what": term.label}
    return {"sentence": f"{capfirst(label)}: {sentence}" if label else sentence, "law": str(term.law)}
