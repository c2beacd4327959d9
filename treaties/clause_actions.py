"""The writes to the entry-into-force clause of a treaty: lock → check → do → record, as in `treaties.actions`."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Conflict, Refused
from treaties.actions import changed, lock, require, stated
from treaties.choices import RULE_NUMBERS, ForceRule
from treaties.models import ForceClause, Treaty
from treaties.texts import clean, unfit

# Ten years, and more states than there are: what lies above is a slip of the pen.
_MOST = {"months": 120, "days": 3_650, "count": 250}
_LIMITS = {"article": 100, "text": 4_000, "source": 500}


@dataclass(frozen=True)
class Clause:
    """What a treaty says of its own entry into force. Which numbers a rule asks for: `choices.RULE_NUMBERS`."""

    rule: ForceRule
    months: int | None = None
    days: int | None = None
    count: int | None = None
    on: date | None = None
    article: str = ""
    text: str = ""
    source: str = ""


def state_clause(
    *,
    actor: User,
    treaty: Treaty,
    clause: Clause,
    reason: str,
    version: int | None = None,
    submission: UUID | None = None,
) -> ForceClause:
    """Keep what the treaty says of its entry into force, in place of what was kept; no date is filled in.

    `version` is the one the person saw; None for a file that is loaded. Raises `Refused` with everything that is
    wrong, `Conflict` when the record moved on, `AlreadyDone` when this form was sent before.
    """
    require(actor, Deed.EDIT_RECORD)
    _check(clause, reason)
    with change(actor, action=Action.TREATY_EDIT, reason=reason, submission=submission):
        locked = lock(treaty, version=version)
        row = ForceClause.objects.filter(treaty=locked).first() or ForceClause(treaty=locked)
        values = _values(clause)
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changed(locked)
    return row


def withdraw_clause(
    *, actor: User, treaty: Treaty, reason: str, version: int | None = None, submission: UUID | None = None
) -> None:
    """Take back what was kept of the clause; it stays readable in the history. Raises `Conflict` without one."""
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    with change(actor, action=Action.TREATY_EDIT, reason=reason, submission=submission):
        locked = lock(treaty, version=version)
        row = ForceClause.objects.filter(treaty=locked).first()
        if row is None:
            raise Conflict(_("There is no clause on record to withdraw: somebody else may have done it already."))
        row.delete()
        changed(locked)


def _values(clause: Clause) -> dict[str, Any]:
    texts = {name: clean(getattr(clause, name), field=name, limit=limit) for name, limit in _LIMITS.items()}
    return {"rule": clause.rule, "on": clause.on, **{name: getattr(clause, name) for name in _MOST}, **texts}


def _check(clause: Clause, reason: str) -> None:
    """Raises `Refused` with everything that is wrong: a number that lacks, one too many or one too large."""
    asked = RULE_NUMBERS[clause.rule]
    given = {name: getattr(clause, name) for name in (*_MOST, "on") if getattr(clause, name) is not None}
    blockers = [
        Blocker("number_not_used", _("This rule has no such number; leave it empty."), field=name)
        for name in given
        if name not in asked
    ]
    blockers += _missing(clause.rule, set(given))
    for name, most in _MOST.items():
        least = 0 if name == "days" else 1
        if name in asked and name in given and not least <= given[name] <= most:
            sentence = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            blockers.append(Blocker("number_range", sentence, field=name))
    texts = [(name, unfit(getattr(clause, name), limit=limit)) for name, limit in _LIMITS.items()]
    texts.append(("reason", unfit(reason, limit=4_000, required=True)))
    blockers += [Blocker("text", problem, field=name) for name, problem in texts if problem]
    if not clause.source.strip():
        blockers.append(Blocker("source_missing", _("Say where the clause can be read."), field="source"))
    if blockers:
        raise Refused(blockers)


def _missing(rule: ForceRule, given: set[str]) -> list[Blocker]:
    needed, blockers = set(RULE_NUMBERS[rule]), []
    if rule == ForceRule.AFTER_RATIFICATIONS:
        needed -= {"days", "months"}
        if len(given & {"days", "months"}) != 1:
            blockers.append(Blocker("days_or_months", _("Give days or months: one of the two."), field="days"))
    return blockers + [
        Blocker("number_missing", _("This rule asks for it."), field=name) for name in sorted(needed - given)
    ]
