"""Whether a number can be given to a treaty: its form, and that no other treaty has it."""

from django.utils.translation import gettext_lazy as _

from audit.context import current_change
from audit.refusals import Blocker, Refused
from treaties import numbers
from treaties.choices import UNIQUE_SCHEMES
from treaties.models import Treaty
from treaties.texts import clean


def checked(treaty: Treaty, scheme: str, value: str) -> str:
    """`value` as it is kept. Raises `Refused` beside the field "number" for what is no number of the scheme, and for
    one that another treaty has where a number is given once.

    Asked inside the change: who makes it learns of the other treaty only where they may see it.
    """
    text = clean(value, field="number", limit=200, required=True)
    if treaty.is_demo and numbers.is_demo(text):
        return text
    if problem := numbers.problem(scheme, text):
        raise Refused([Blocker("number_form", problem, field="number")])
    kept = numbers.kept(scheme, text)
    if scheme in UNIQUE_SCHEMES:
        _refuse_taken(treaty, scheme, kept)
    return kept


def _refuse_taken(treaty: Treaty, scheme: str, kept: str) -> None:
    holders = Treaty.objects.filter(identifiers__scheme=scheme, identifiers__value=kept).exclude(pk=treaty.pk)
    if not holders.exists():
        return
    known = holders.visible_to(current_change().actor).first()
    sentence = (
        _("%(reference)s already has this number. Correct the number, or the other treaty.")
        % {"reference": known.reference}
        if known
        else _("Another treaty already has this number.")
    )
    raise Refused([Blocker("number_taken", sentence, field="number")])
