"""What a step needs and which terms it starts, in words: for pages and documents about a procedure itself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treaties.choices import RelationKind
from workflow.procedures.language import (
    AllEntities,
    Answered,
    Approved,
    Condition,
    Done,
    Either,
    HasParent,
    Not,
    Procedure,
    Step,
    Suspended,
    Term,
    Unit,
)


def condition_in_words(condition: Condition, procedure: Procedure) -> str:
    """What must be so, as a sentence without a full stop."""
    match condition:
        case Done(step, outcomes) if outcomes:
            return _("“%(step)s” ended with: %(outcomes)s") % {
                "step": _label(procedure, step),
                "outcomes": f" {_('or')} ".join(_outcomes(procedure.step(step), outcomes)),
            }
        case Done(step):
            return _("“%(step)s” has happened") % {"step": _label(procedure, step)}
        case Approved(gate):
            return _("“%(step)s”: approved or noted") % {"step": _label(procedure, gate)}
        case Answered(step):
            return _("the term after “%(step)s” was answered or has run out") % {"step": _label(procedure, step)}
        case AllEntities(step):
            return _("“%(step)s” for every Belgian entity that is required") % {"step": _label(procedure, step)}
        case Either(conditions):
            return f"; {_('or')} ".join(condition_in_words(one, procedure) for one in conditions)
        case Not(other):
            return _not(other, procedure)
        case Suspended(confirmed):
            return _("a suspension that the King confirmed runs") if confirmed else _("a suspension runs")
        case HasParent():
            relations = ", ".join(str(RelationKind(kind).label) for kind in procedure.parents)
            return _("the record links the instrument to another one (%(relations)s)") % {"relations": relations}


def _not(condition: Condition, procedure: Procedure) -> str:
    match condition:
        case Done(step, ()):
            return _("“%(step)s” has not happened") % {"step": _label(procedure, step)}
        case Answered(step):
            return _("the term after “%(step)s” runs") % {"step": _label(procedure, step)}
        case Suspended(False):
            return _("no suspension runs")
    return _("not: %(condition)s") % {"condition": condition_in_words(condition, procedure)}


def _label(procedure: Procedure, code: str) -> str:
    return str(procedure.step(code).label)


def _outcomes(step: Step, codes: Iterable[str]) -> list[str]:
    return [str(outcome.label) for outcome in step.outcomes if outcome.code in codes]


def term_in_words(term: Term, procedure: Procedure, outcome: str = "") -> str:
    """The label of a term, its days, and what changes them; with the outcome that starts it, where only one does."""
    said = f"{term.label}: {_days(term)}"
    if outcome:
        said = _("%(term)s, when it ends with “%(outcome)s”") % {"term": said, "outcome": outcome}
    return "; ".join([said, *_what_moves(term, procedure)])


def _days(term: Term) -> str:
    if term.unit == Unit.WORKING:
        return ngettext("%(days)d working day", "%(days)d working days", term.days) % {"days": term.days}
    return ngettext("%(days)d calendar day", "%(days)d calendar days", term.days) % {"days": term.days}


def _what_moves(term: Term, procedure: Procedure) -> list[str]:
    parts = [
        (_("ends early with %(steps)s"), term.answered_by),
        (_("extended by %(steps)s"), term.extended_by),
        (_("stands still by %(steps)s"), (term.stopped_by,) if term.stopped_by else ()),
    ]
    said = [sentence % {"steps": _quoted(procedure, codes)} for sentence, codes in parts if _quoted(procedure, codes)]
    if term.summer:
        said.append(_("15 days longer in the vacation period"))
    if term.internal_days:
        said.append(
            ngettext("own target: %(days)d day", "own target: %(days)d days", term.internal_days)
            % {"days": term.internal_days}
        )
    return said


def _quoted(procedure: Procedure, codes: Iterable[str]) -> str:
    return ", ".join(f"“{_label(procedure, code)}”" for code in codes if procedure.has(code))
