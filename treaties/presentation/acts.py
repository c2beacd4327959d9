"""Acts as the page tells them: in order of time, and the signatures and publications with what they carry."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties.choices import PUBLICATIONS, ActKind
from treaties.models import Act, Document
from treaties.queries import TreatyPage
from treaties.status import name_of, subject

KEY_ACTS = frozenset(
    {
        ActKind.SIGNATURE,
        ActKind.ENTRY_INTO_FORCE,
        ActKind.EFFECT,
        ActKind.EXPIRY,
        ActKind.REPLACEMENT,
        ActKind.END,
    }
)


@dataclass(frozen=True)
class Moment:
    act: Act
    label: str
    is_key: bool
    is_announced: bool
    # The paper it is told in, as far as the reader may see it.
    document: Document | None


def timeline(page: TreatyPage, on: date) -> list[Moment]:
    """Everything that was done, in order of time; what has no known date comes last."""
    papers = {document.pk: document for document in page.documents}
    return [
        Moment(act, _what(act), act.kind in KEY_ACTS, bool(act.on and act.on > on), papers.get(act.document_id or 0))
        for act in page.acts
    ]


def _what(act: Act) -> str:
    if act.kind == ActKind.ASSENT and not act.party:
        return _("Assent of the Flemish Parliament")
    label, who = capfirst(act.get_kind_display()), name_of(subject(act))
    return f"{label}: {who}" if who else label


def signatures(page: TreatyPage) -> list[Act]:
    """The signatures, where the register knows who signed, in what capacity, how, or on what powers."""
    found = [act for act in page.acts if act.kind == ActKind.SIGNATURE]
    told = any(act.signatory or act.capacity or act.manner or act.full_powers for act in found)
    return found if told else []


def publications(page: TreatyPage) -> list[Moment]:
    """The publications, where more than their dates is known."""
    papers = {document.pk: document for document in page.documents}
    found = [act for act in page.acts if act.kind in PUBLICATIONS]
    told = any(act.number or act.page or act.address or act.document_id in papers for act in found)
    return [Moment(act, _what(act), False, False, papers.get(act.document_id or 0)) for act in found] if told else []
