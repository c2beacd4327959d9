"""The review queue, the page a consent is decided on, and the page that keeps what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Person, User
from audit.refusals import Blocker
from treaties.choices import DocumentKind, Language
from treaties.models import Document
from workflow import guards, queries
from workflow.choices import PaperState
from workflow.models import Approval, Decision, Delegation, Dossier
from workflow.presentation.words import outcome_label, stage_line
from workflow.procedures import step_of

_NOT_READ = gettext_lazy("on file; you may not read it")


@dataclass(frozen=True)
class Asked:
    """A line of the queue."""

    approval: Approval
    question: str
    days: int
    is_own: bool


@dataclass(frozen=True)
class Evidence:
    """A paper as it was asked with. `change` says how it differs from the previous request."""

    kind: str
    title: str
    language: str
    sha256: str
    document: Document | None
    change: str
    is_changed: bool = False
    # How it stood when the consent was asked, where that was not simply on file.
    state: str = ""
    reason: str = ""


def queue(person: User) -> list[Asked]:
    today = timezone.localdate()
    return [
        Asked(
            approval,
            str(approval.definition.label),
            (today - timezone.localdate(approval.asked_at)).days,
            approval.asked_by_id == person.pk,
        )
        for approval in queries.open_approvals(person)
    ]


def detail(approval: Approval, dossier: Dossier, person: User, held: Sequence[Delegation] = ()) -> dict[str, Any]:
    """The context of the page a consent is decided on; `dossier` read with `queries.with_procedure`,
    `held` the delegations by which `person` can decide in it."""
    approval.dossier = dossier
    previous = _previous(approval)
    return {
        "approval": approval,
        "dossier": dossier,
        "step": approval.definition,
        "stages": stage_line(queries.assessment(dossier)),
        "evidence": evidence(approval.evidence, previous.evidence if previous else None, person),
        "gone": _gone(approval, previous),
        "previous": previous,
        "earlier": list(queries.earlier_decisions(approval)),
        "cannot_decide": _cannot_decide(approval, person, held),
        "may_decide": person.may_decide or bool(held),
        "sheet_sha256": queries.digest(queries.review_sheet(approval)),
    }


def _cannot_decide(approval: Approval, person: User, held: Sequence[Delegation]) -> list[Blocker]:
    """Why they cannot, by themselves nor by any delegation; nothing as long as there is one way."""
    ways: list[Delegation | None] = [*([None] if person.may_decide or not held else []), *held]
    reasons = [guards.to_decide(person, approval, way) for way in ways]
    if not all(reasons):
        return []
    return list({str(blocker.sentence): blocker for some in reasons for blocker in some}.values())


def evidence(frozen: list[dict[str, Any]], before: list[dict[str, Any]] | None, person: Person) -> list[Evidence]:
    """The frozen papers, each compared with what the previous request had of its kind; one that `person` may not
    read by what it is alone."""
    documents = (
        Document.objects.visible_to(person)
        .select_related("treaty")
        .in_bulk([entry["document"] for entry in frozen if "document" in entry])
    )
    earlier = {entry["kind"]: entry.get("sha256", "") for entry in before or ()}
    return [
        Evidence(
            kind=capfirst(str(DocumentKind(entry["kind"]).label)),
            title=entry.get("title", "") if (known := entry.get("document") in documents) else "",
            language=str(Language(entry["language"]).label) if known else "",
            sha256=entry.get("sha256", "") if known else "",
            document=documents.get(entry.get("document")),
            change="" if before is None else _difference(entry, earlier),
            is_changed=before is not None and earlier.get(entry["kind"]) != entry.get("sha256", ""),
            state=_unusual(entry) or (str(_NOT_READ) if "document" in entry and not known else ""),
            reason=entry.get("reason", ""),
        )
        for entry in frozen
    ]


def _unusual(entry: dict[str, Any]) -> str:
    state = entry.get("state", PaperState.PRESENT)
    return "" if state == PaperState.PRESENT else capfirst(str(PaperState(state).label))


def _difference(entry: dict[str, Any], earlier: dict[str, str]) -> str:
    if entry["kind"] not in earlier:
        return _("new")
    return _("the same as the previous time") if earlier[entry["kind"]] == entry.get("sha256", "") else _("changed")


def _gone(approval: Approval, previous: Approval | None) -> list[str]:
    """Kinds of paper that the previous request had and this one does not."""
    kept = {entry["kind"] for entry in approval.evidence}
    before = previous.evidence if previous else ()
    return [capfirst(str(DocumentKind(entry["kind"]).label)) for entry in before if entry["kind"] not in kept]


def _previous(approval: Approval) -> Approval | None:
    earlier = Approval.objects.filter(dossier=approval.dossier_id, step=approval.step, attempt__lt=approval.attempt)
    return earlier.select_related("decision__decided_by").order_by("-attempt").first()


def decided(decision: Decision, person: Person) -> dict[str, Any]:
    """What the reviewer saw, read from what was frozen and nothing else; and whether it is still that."""
    seen = decision.seen
    procedure = decision.approval.dossier.procedure
    language = 1 if (get_language() or "").startswith("en") else 0
    return {
        "decision": decision,
        "seen": seen,
        "question": seen["question"][language],
        "law": seen["law"][language],
        "evidence": evidence(seen["evidence"], None, person),
        "happened": [
            {**entry, "label": str(step.label), "outcome": outcome_label(step, entry["outcome"])}
            for entry in seen["happened"]
            for step in [step_of(procedure, entry["step"])]
        ],
        "earlier": [
            {**entry, "outcome": outcome_label(decision.approval.definition, entry["outcome"])}
            for entry in seen["earlier_decisions"]
        ],
        "is_intact": queries.digest(seen) == decision.seen_sha256,
    }
