"""The papers a gate is decided on: on file, out of date, missing or waived; and how they are kept with a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker
from treaties import papers
from treaties.choices import DocumentKind
from treaties.models import Document
from workflow.choices import SUFFICES, PaperState
from workflow.conditions import holds
from workflow.models import Dossier
from workflow.procedures.language import Evidence, Step
from workflow.queries import situation


@dataclass(frozen=True)
class Paper:
    """A kind of paper a gate asks for, with the newest one on file, and why it was waived."""

    evidence: Evidence
    document: Document | None
    state: PaperState
    reason: str = ""

    @property
    def kind(self) -> DocumentKind:
        return self.evidence.kind

    @property
    def suffices(self) -> bool:
        return self.state in SUFFICES


def newest_papers(dossier: Dossier) -> dict[DocumentKind, Document]:
    """The newest document of each kind on file, of all treaties of the dossier."""
    rows = (
        Document.objects.filter(treaty__in=dossier.treaties)
        .select_related("about", "treaty")
        .order_by("added_at", "id")
    )
    return papers.newest(rows)


def of_gate(
    dossier: Dossier,
    step: Step,
    waived: Mapping[str, str] | None = None,
    newest: Mapping[DocumentKind, Document] | None = None,
) -> list[Paper]:
    """Each paper that `step` asks for. `waived` holds the reasons by kind; `newest` what `newest_papers` found."""
    newest = newest_papers(dossier) if newest is None else newest
    asked = [one for one in step.evidence if one.when is None or _applies(one, dossier)]
    return [_paper(one, newest, (waived or {}).get(one.kind, "").strip()) for one in asked]


def _applies(evidence: Evidence, dossier: Dossier) -> bool:
    return evidence.when is None or holds(evidence.when, situation(dossier, timezone.localdate()))


def _paper(evidence: Evidence, newest: Mapping[DocumentKind, Document], reason: str) -> Paper:
    document = newest.get(evidence.kind)
    state = PaperState.MISSING if document is None else PaperState(papers.state(document, newest))
    if state not in SUFFICES and reason and evidence.waivable:
        return Paper(evidence, document, PaperState.WAIVED, reason)
    return Paper(evidence, document, state)


def lacking(found: Iterable[Paper], waived: Mapping[str, str] | None = None) -> list[Blocker]:
    """Why a gate cannot be asked with these papers."""
    problems = []
    for paper in found:
        if (waived or {}).get(paper.kind, "").strip() and not paper.evidence.waivable:
            sentence = _("The law asks for this paper, it cannot be waived: %(paper)s.")
            problems.append(
                Blocker(f"evidence_needed_{paper.kind}", sentence % {"paper": paper.kind.label}, field="evidence")
            )
        if not paper.suffices:
            problems.append(_lack(paper))
    return problems


def _lack(paper: Paper) -> Blocker:
    if paper.state == PaperState.MISSING:
        sentence = _("A paper is missing: %(paper)s.")
    else:
        sentence = _("Out of date, since it was given on an earlier version: %(paper)s.")
    return Blocker(f"evidence_{paper.state}_{paper.kind}", sentence % {"paper": paper.kind.label}, field="evidence")


def frozen(found: Iterable[Paper]) -> list[dict[str, Any]]:
    """The evidence as it is kept with a request."""
    return [_kept(paper) for paper in found]


def _kept(paper: Paper) -> dict[str, Any]:
    entry: dict[str, Any] = {"kind": paper.kind.value, "state": paper.state.value}
    if paper.state == PaperState.WAIVED:
        entry["reason"] = paper.reason
    if document := paper.document:
        entry |= {
            "document": document.pk,
            "title": document.title,
            "language": document.language,
            "sha256": document.sha256,
        }
    return entry


def gone(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """The papers a request was made with that are no longer on file as they were, by what they are: a title can be
    more than who decides may read."""
    hashes = {entry["document"]: entry for entry in kept if "document" in entry}
    present = dict(Document.objects.filter(pk__in=hashes).values_list("pk", "sha256"))
    return [
        str(DocumentKind(entry["kind"]).label) for pk, entry in hashes.items() if present.get(pk) != entry["sha256"]
    ]
