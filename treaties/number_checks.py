"""Whether a number can be given to a treaty: its form, and that no other treaty has it."""

from django.utils.translation import gettext_lazy as _

from audit.context import current_change
from audit.refusals import Blocker, Refused
from treaties import numbers
from treaties.choices import UNIQUE_SCHEMES
from treaties.models import Treaty
from treaties.texts import clean, unfit

# Of one that who asks may not know of.
TAKEN = _("Another treaty already has this number.")


def checked(treaty: Treaty, scheme: str, value: str) -> str:
    """`value` as it is kept. Raises `Refused` beside the field "number" for what is no number of the scheme, and for
    one that another treaty has where a number is given once.

    Asked inside the change: who makes it learns of the other treaty only where they may see it.
    """
    text = clean(value, field="number", limit=200, required=True)
    if found := problem(treaty, scheme, text):
        raise Refused([Blocker("number_form", found, field="number")])
    known = kept(treaty, scheme, text)
    if scheme in UNIQUE_SCHEMES:
        _refuse_taken(treaty, scheme, known)
    return known


def problem(treaty: Treaty, scheme: str, value: str) -> str:
    """Why `value` is no number of the scheme, as a sentence; empty when it is, or is one of a demonstration."""
    if unfit(value, limit=200, required=True) or (treaty.is_demo and numbers.is_demo(value)):
        return ""
    return numbers.problem(scheme, value.strip())


def kept(treaty: Treaty, scheme: str, value: str) -> str:
    """`value` in the one spelling of its scheme; as it is where it is no number of it."""
    if unfit(value, limit=200, required=True) or problem(treaty, scheme, value):
        return value
    text = clean(value, limit=200)
    return text if treaty.is_demo and numbers.is_demo(text) else numbers.kept(scheme, text)


def _refuse_taken(treaty: Treaty, scheme: str, kept: str) -> None:
    holders = Treaty.objects.filter(identifiers__scheme=scheme, identifiers__value=kept).exclude(pk=treaty.pk)
    if not holders.exists():
        return
    known = holders.visible_to(current_change().actor).first()
    sentence = (
        _("%(reference)s already has this number. Correct the number, or the other treaty.")
        % {"reference": known.reference}
        if known
        else TAKEN
    )
    raise Refused([Blocker("number_taken", sentence, field="number")])
