"""How the pages of the staff answer a form: what the action did, or why it did nothing, with everything typed kept.

A refused form answers 422 and one that came too late 409, not 200: programs, logs and the back button
can tell them from a page that was saved, and every browser shows the page all the same. The forms are
ordinary ones, so nothing is swapped by htmx on these pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.choices import Deed
from accounts.models import Person, User, may
from audit.idempotency import SENT_OTHERWISE
from audit.refusals import AlreadyDone, Blocker, Conflict, Refused
from treaties.forms import ActionForm
from workflow import guards
from workflow.delegations import may_see_review

T = TypeVar("T")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def internal(view: View[P]) -> View[P]:
    """For who may see what is not public; for others there is no such page."""
    return _known_to(Deed.READ_INTERNAL, view)


def reviewing(view: View[P]) -> View[P]:
    """For who may see the review queue, or acts for a reviewer today; for others there is no such page."""
    return _known(may_see_review, view)


def writing(deed: Deed) -> Callable[[View[P]], View[P]]:
    """For who may do `deed`. The action refuses it to others too; this says so before they have typed anything."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            forbid(guards.not_allowed(person(request), deed))
            return view(request, *args, **kwargs)

        return _known_to(Deed.READ_INTERNAL, guarded)

    return decorate


def person(request: HttpRequest) -> User:
    """Who is logged in: the login middleware lets nobody else come here."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: the data and files that were sent, also when empty; nothing for a page asked."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def perform(
    request: HttpRequest,
    form: ActionForm,
    do: Callable[[], T],
    *,
    page: Callable[[int], HttpResponse],
    done: Callable[[T], HttpResponse],
    again: Callable[[], Any],
) -> HttpResponse:
    """Do what a sent form asks. `page` shows it again with a status, `done` answers what was done, and
    `again` names the target of a form that came twice."""
    if not form.is_valid():
        form.forget_files()
        return page(422)
    try:
        result = do()
    except Refused as refused:
        forbid([blocker for blocker in refused.blockers if blocker.code == "not_allowed"])
        form.take(refused.blockers)
        return page(422)
    except Conflict as conflict:
        form.conflict = conflict.sentence
        form.forget_files()
        return page(409)
    except AlreadyDone as before:
        if before.otherwise:
            form.conflict = SENT_OTHERWISE
            form.renew_token()
            return page(409)
        messages.info(request, _("This form was already sent; it was recorded once."))
        return redirect(again())
    return done(result)


def forbid(blockers: list[Blocker]) -> None:
    if blockers:
        raise PermissionDenied(str(blockers[0].sentence))


def _known_to(deed: Deed, view: View[P]) -> View[P]:
    return _known(lambda person: may(person, deed), view)


def _known(rule: Callable[[Person], bool], view: View[P]) -> View[P]:
    @wraps(view)
    def hidden(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rule(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return hidden
