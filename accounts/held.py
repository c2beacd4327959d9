"""A form that was sent by somebody who must first show who they are: kept in the session, offered when they are back.

Nothing typed is lost. Passwords and files are never kept.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.models import User

KEY = "signin_held_form"
# Characters: more is no text that a person typed.
MOST = 2_000_000
NOT_KEPT = ("csrfmiddlewaretoken", "submission", "version", "approval")


def hold(request: HttpRequest, person: User) -> None:
    """Keep what was sent, for `person` only, and for this address only."""
    fields = [(name, value) for name, values in request.POST.lists() for value in map(str, values)]
    kept = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken" and "password" not in name]
    if request.POST and sum(len(name) + len(value) for name, value in kept) <= MOST:
        request.session[KEY] = {
            "path": request.get_full_path(),
            "person": person.pk,
            "fields": kept,
            "files": bool(request.FILES),
        }


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for this address and the person who asks it."""
    held: dict[str, Any] | None = request.session.get(KEY)
    if held and held["path"] == request.get_full_path() and held["person"] == request.user.pk:
        return held
    return None


def drop(session: SessionBase) -> None:
    session.pop(KEY, None)


def offer(request: HttpRequest, held: dict[str, Any]) -> HttpResponse:
    """The page that shows what was typed and sends it on."""
    fields = [tuple(field) for field in held["fields"]]
    typed = [value for name, value in fields if value.strip() and name not in NOT_KEPT]
    again = f"{request.path}?{_without_dropping(request.GET)}"
    context = {"fields": fields, "typed": typed, "files": held["files"], "action": held["path"], "leave": again}
    return render(request, "registration/held.html", context)


def _without_dropping(asked: QueryDict) -> str:
    """The same query, and the sign that what was typed is not wanted any more."""
    changed = asked.copy()
    changed["typed"] = "drop"
    return changed.urlencode()
