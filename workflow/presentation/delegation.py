"""The page of the delegations: who acts for whom, until when, and what was decided by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from workflow import delegations
from workflow.delegation_guards import to_revoke
from workflow.models import Decision, Delegation
from workflow.presentation.words import scope

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One delegation; `state` in words, with the tone of its badge."""

    delegation: Delegation
    scope: str
    state: str
    tone: str
    may_revoke: bool
    decisions: list[Decision]


def page(person: User, number: Any) -> dict[str, Any]:
    """The context of the page; `number` comes from the address and may be anything."""
    shown = Paginator(delegations.known_to(person), PAGE_SIZE).get_page(number)
    codes = {row.department for row in shown}
    names = {one.code: one.name for one in Department.objects.filter(code__in=codes)}
    return {"page": shown, "lines": [_line(row, person, names) for row in shown], "may_give": person.may_decide}


def _line(row: Delegation, person: User, departments: Mapping[str, str]) -> Line:
    state, tone, is_over = _state(row)
    may_revoke = not is_over and not to_revoke(person, row)
    return Line(row, scope(row, departments), state, tone, may_revoke, list(row.decisions.all()))


def _state(row: Delegation) -> tuple[str, str, bool]:
    """In words, its tone, and whether it is over."""
    today = timezone.localdate()
    if row.is_revoked:
        return _("Taken back"), "neutral", True
    if row.ends < today:
        return _("Over"), "neutral", True
    if row.begins > today:
        return _("Later"), "info", False
    return _("In force"), "ok", False
