"""Before a decision in the name of the Government: is it still the person who logged in?"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import held, sessions
from accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def proved(view: View[P]) -> View[P]:
    """For pages that decide: who was away longer than `PROOF_IDLE_SECONDS` first shows again who they are.

    What was sent is kept meanwhile, and offered when the person is back on the page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST" or not sessions.doubted(request.session) or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        held.hold(request, request.user)
        return redirect(f"{reverse('login-again')}?{urlencode({'next': request.get_full_path()})}")

    return guarded
