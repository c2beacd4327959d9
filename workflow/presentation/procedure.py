"""The public pages of the procedures themselves: what each step asks, starts and leaves, and the versions there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.choices import Deed
from accounts.models import Person, may
from workflow import procedures
from workflow.presentation.drawing import Drawing, plan
from workflow.presentation.needs import condition_in_words, term_in_words
from workflow.presentation.words import day
from workflow.procedures.language import Evidence, Procedure, Step

# Step → what to look up in the glossary to understand it.
TERMS: Mapping[str, str] = {
    "wording_check": "memorandum-of-understanding",
    "mandate": "negotiating-mandate",
    "information_negotiation": "duty-to-inform",
    "federal_objection": "objections",
    "conference": "mixed-character",
    "full_powers_of_entity": "full-powers",
    "advice_requested": "strategic-advisory-council",
    "council_of_state_requested": "council-of-state",
    "plenary_vote": "assent",
    "sanction_and_promulgation": "sanction-and-promulgation",
    "international_ratification": "ratification",
    "ratification": "ratification",
    "deposit": "depositary",
    "provisional_application": "provisional-application",
    "entry_into_force": "entry-into-force",
    "denunciation_notice": "denunciation",
}


@dataclass(frozen=True)
class Clause:
    """Something a step asks or starts, and the law it rests on."""

    sentence: str
    law: str


@dataclass(frozen=True)
class StepRow:
    """One step, all of it in words."""

    code: str
    label: str
    help: str
    stage: str
    track: str
    actor: str
    law: str
    is_gate: bool
    kinds: Sequence[str]
    needs: Sequence[Clause]
    papers: Sequence[str]
    terms: Sequence[Clause]
    outcomes: Sequence[str]
    leaves: Sequence[str]


@dataclass(frozen=True)
class Version:
    number: int
    url: str
    validity: str
    is_draft: bool


@dataclass(frozen=True)
class ProcedureView:
    """A procedure as its page shows it; `versions` are those the reader may know of, newest first."""

    procedure: Procedure
    label: str
    help: str
    law: str
    version: Version
    versions: Sequence[Version]
    steps: Sequence[StepRow]
    drawing: Drawing

    @property
    def terms(self) -> list[str]:
        """Codes of the words to know, each once, in the order of the steps."""
        return list(dict.fromkeys(TERMS[step.code] for step in self.steps if step.code in TERMS))


def overview(person: Person, on: date) -> list[ProcedureView]:
    """The newest version of each procedure the reader may know of, in the order people look for them."""
    codes = dict.fromkeys(procedure.code for procedure in procedures.ALL)
    found = (page(person, code, "", on) for code in codes)
    return [view for view in found if view]


def page(person: Person, code: str, version: str, on: date) -> ProcedureView | None:
    """One version: the newest published one when none is asked; None for one the reader may not know of."""
    known = [one for one in procedures.versions(code) if _is_published(one, on) or may(person, Deed.READ_INTERNAL)]
    asked = [one for one in known if version in ("", str(one.version))]
    # Without a version: what new dossiers follow; a procedure that was only drafted shows its draft.
    chosen = next((one for one in asked if _is_published(one, on)), asked[0] if asked else None)
    return _view(chosen, known, on) if chosen else None


def is_draft(procedure: Procedure, on: date) -> bool:
    """Not published, or only from a later day."""
    return not _is_published(procedure, on)


def _is_published(procedure: Procedure, on: date) -> bool:
    return procedure.valid_from is not None and procedure.valid_from <= on


def _view(procedure: Procedure, known: Sequence[Procedure], on: date) -> ProcedureView:
    versions = [_version(one, on) for one in known]
    return ProcedureView(
        procedure=procedure,
        label=str(procedure.label),
        help=str(procedure.help),
        law=str(procedure.law),
        version=next(one for one in versions if one.number == procedure.version),
        versions=versions,
        steps=rows(procedure),
        drawing=plan(procedure),
    )


def _version(procedure: Procedure, on: date) -> Version:
    url = reverse("procedure-detail", args=[procedure.code])
    return Version(
        number=procedure.version,
        url=f"{url}?version={procedure.version}",
        validity=validity(procedure, on),
        is_draft=is_draft(procedure, on),
    )


def validity(procedure: Procedure, on: date) -> str:
    """Since when new dossiers follow this version, and until when."""
    if procedure.valid_from is None:
        return _("draft, not published")
    if procedure.valid_from > on:
        return _("published, for new dossiers from %(date)s") % {"date": day(procedure.valid_from)}
    later = [
        one.valid_from
        for one in procedures.versions(procedure.code)
        if one.version > procedure.version and one.valid_from and one.valid_from <= on
    ]
    if later:
        return _("for dossiers opened before %(date)s") % {"date": day(min(later))}
    if procedure.valid_from == date.min:
        return _("valid for new dossiers")
    return _("valid for new dossiers since %(date)s") % {"date": day(procedure.valid_from)}


def rows(procedure: Procedure) -> list[StepRow]:
    """Every step in reading order."""
    return [_row(step, procedure) for step in procedure.steps]


def _row(step: Step, procedure: Procedure) -> StepRow:
    return StepRow(
        code=step.code,
        label=str(step.label),
        help=str(step.help),
        stage=_capital(step.stage.label),
        track=_capital(step.track.label),
        actor=_capital(step.actor.label),
        law=str(step.law),
        is_gate=step.gate,
        kinds=_kinds(step),
        needs=[Clause(_sentence(condition_in_words(need.condition, procedure)), str(need.law)) for need in step.needs],
        papers=[_paper(evidence, procedure) for evidence in step.evidence],
        terms=_terms(step, procedure),
        outcomes=[str(outcome.label) for outcome in step.outcomes],
        leaves=_leaves(step, procedure),
    )


def _capital(label: object) -> str:
    return str(capfirst(str(label)))


def _sentence(words: str) -> str:
    return f"{capfirst(words)}."


def _kinds(step: Step) -> list[str]:
    said = [
        (step.gate, _("consent of the Government of Flanders")),
        (step.optional, _("only where it applies")),
        (step.repeatable, _("can happen more than once")),
        (step.per_entity, _("for each Belgian entity that is required")),
        (step.per_treaty, _("for each treaty of a package")),
        (step.per_body, _("for each advisory body")),
        (step.held_up, _("not while the procedure is suspended")),
    ]
    return [words for holds, words in said if holds]


def _paper(evidence: Evidence, procedure: Procedure) -> str:
    words = _capital(evidence.kind.label)
    notes = [] if evidence.waivable else [_("cannot be waived")]
    if evidence.when is not None:
        notes.append(_("when %(condition)s") % {"condition": condition_in_words(evidence.when, procedure)})
    return f"{words} ({'; '.join(notes)})" if notes else words


def _terms(step: Step, procedure: Procedure) -> list[Clause]:
    found = [Clause(term_in_words(step.term, procedure), str(step.term.law))] if step.term else []
    return found + [
        Clause(term_in_words(outcome.term, procedure, str(outcome.label)), str(outcome.term.law))
        for outcome in step.outcomes
        if outcome.term
    ]


def _leaves(step: Step, procedure: Procedure) -> list[str]:
    """The act and the number the record gets, and the steps to do again."""
    found = [_capital(step.leaves.label)] if step.leaves else []
    if step.number:
        found.append(_capital(step.number.label))
    if step.reopens:
        found.append(_again(step.reopens, procedure))
    for outcome in step.outcomes:
        if outcome.reopens:
            found.append(f"{_capital(outcome.label)}: {_again(outcome.reopens, procedure)}")
        if outcome.ends:
            found.append(_("With “%(outcome)s” the dossier ends.") % {"outcome": outcome.label})
    return found


def _again(codes: Sequence[str], procedure: Procedure) -> str:
    labels = ", ".join(f"“{procedure.step(code).label}”" for code in codes if procedure.has(code))
    return _("to do again: %(steps)s") % {"steps": labels}
