"""The facts of a treaty, in the order of the department's own pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy, pgettext_lazy

from treaties.choices import CONSENTS_TO_BE_BOUND, ActKind, Language
from treaties.dates import PartialDate
from treaties.models import Act, Document, Treaty
from treaties.queries import TreatyPage
from treaties.status import name_of, subject
from treaties.verdict import people

# How many lines a fact shows before it counts the others.
LINES = 5
# By which one is bound internationally: the instrument, and that the other side was told (art. 11 and 16).
RATIFICATION = (*(kind for kind in ActKind if kind in CONSENTS_TO_BE_BOUND), ActKind.NOTIFICATION, ActKind.DEPOSIT)

# What the fact with acts of this kind is called in the glossary.
TERMS: Mapping[ActKind, str] = {
    ActKind.SIGNATURE: "signature",
    ActKind.DECREE: "sanction-and-promulgation",
    ActKind.RATIFICATION: "ratification",
    ActKind.ENTRY_INTO_FORCE: "entry-into-force",
    ActKind.PROVISIONAL_APPLICATION: "provisional-application",
}

# The order is promised: after it come the PDF files, and then what those pages do not have.
FACTS: tuple[tuple[object, tuple[ActKind, ...]], ...] = (
    (gettext_lazy("Signed"), (ActKind.SIGNATURE,)),
    (gettext_lazy("Sanctioned and promulgated"), (ActKind.DECREE,)),
    (gettext_lazy("Publication of the decree"), (ActKind.DECREE_PUBLICATION,)),
    (gettext_lazy("Publication of the text"), (ActKind.TEXT_PUBLICATION,)),
    (gettext_lazy("Publication of a notice"), (ActKind.NOTICE_PUBLICATION,)),
    (gettext_lazy("International ratification"), RATIFICATION),
    (gettext_lazy("Entry into force"), (ActKind.ENTRY_INTO_FORCE,)),
    (pgettext_lazy("of an MoU", "Coming into effect"), (ActKind.EFFECT,)),
)
MORE_FACTS: tuple[tuple[object, tuple[ActKind, ...]], ...] = (
    (
        gettext_lazy("Adopted and opened for signature"),
        (ActKind.ADOPTION, ActKind.AUTHENTICATION, ActKind.OPENED_FOR_SIGNATURE),
    ),
    (gettext_lazy("Provisional application"), (ActKind.PROVISIONAL_APPLICATION, ActKind.PROVISIONAL_END)),
    (gettext_lazy("Tacit renewal"), (ActKind.RENEWAL,)),
    (gettext_lazy("Suspension"), (ActKind.SUSPENSION, ActKind.SUSPENSION_END)),
    (gettext_lazy("End"), (ActKind.DENUNCIATION, ActKind.EXPIRY, ActKind.REPLACEMENT, ActKind.END)),
)


@dataclass(frozen=True)
class Line:
    """One date of a fact, with all parties that share it."""

    when: PartialDate
    effect: PartialDate
    kind: str
    scope: str
    place: str
    number: str
    source: str
    parties: str


@dataclass(frozen=True)
class Fact:
    """`term` is the code of the label in the glossary, where it has one."""

    label: object
    lines: list[Line]
    more: int = 0
    term: str = ""


def facts(page: TreatyPage) -> list[Fact]:
    """Each fact that is known, in the promised order."""
    return _known(FACTS, page.acts)


def more_facts(page: TreatyPage) -> list[Fact]:
    """What else happened to the instrument itself, beyond the promised ones."""
    return _known(MORE_FACTS, page.acts)


def pdf_files(documents: Iterable[Document], old: Iterable[int]) -> list[Document]:
    """The PDF files among the papers the reader may see, without older versions."""
    older = set(old)
    return [document for document in documents if document.suffix == "PDF" and document.pk not in older]


def authentic_languages(treaty: Treaty) -> str:
    """“Dutch, French and English”: the languages whose texts are authentic (art. 33)."""
    return people([str(Language(code).label) for code in treaty.authentic_languages])


def _known(named: Iterable[tuple[object, tuple[ActKind, ...]]], acts: Iterable[Act]) -> list[Fact]:
    acts = list(acts)
    return [found for label, kinds in named if (found := _fact(label, kinds, acts)).lines]


def _fact(label: object, kinds: tuple[ActKind, ...], acts: Iterable[Act]) -> Fact:
    shared: dict[tuple[PartialDate, PartialDate, str, str, str, str, str], list[str]] = {}
    for act in acts:
        if act.kind in kinds:
            # Where one fact has acts of several kinds, each line says which.
            kind = act.get_kind_display() if len(kinds) > 1 else ""
            key = (act.when, act.effect, kind, act.scope, act.place, act.number, act.source)
            who = name_of(subject(act))
            shared.setdefault(key, []).extend([who] if who else [])
    lines = [Line(*key, parties=people(parties)) for key, parties in shared.items()]
    term = next((TERMS[kind] for kind in kinds if kind in TERMS), "")
    return Fact(label, lines[:LINES], max(0, len(lines) - LINES), term)
