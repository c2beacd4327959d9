"""How long a session lasts, kept in the session itself, on the server. Times are seconds since 1970.

`begin` stamps a session at log-in, `visit` judges it at each request. A session without stamps has ended.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

BEGUN, SEEN, DOUBTED = "signin_begun", "signin_seen", "signin_doubted"
# When the single sign-on last said that this person may be here.
CHECKED = "signin_oidc_checked"
# A session is written once in a minute, not at each request: somebody can seem idle a minute longer than they were.
WRITE_EVERY = 60

IDLE = _("You were logged out because nothing was done for a while.")
TOO_LONG = _("You were logged out because this session has lasted its full time.")


def begin(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Somebody has just shown who they are: the clocks begin, and there is no doubt."""
    if request is not None:
        now = time.time()
        request.session.update({BEGUN: now, SEEN: now})
        request.session.pop(DOUBTED, None)


def visit(session: SessionBase, now: float) -> Any:
    """Why the session has ended, as a sentence; None when it goes on, and then it was seen `now`.

    Somebody who comes back after `PROOF_IDLE_SECONDS` is doubted until they show again who they are, also when other
    pages were asked first.
    """
    begun, seen = session.get(BEGUN), session.get(SEEN)
    if begun is None or seen is None or now - seen > settings.SESSION_IDLE_SECONDS:
        return IDLE
    if now - begun > settings.SESSION_ABSOLUTE_SECONDS:
        return TOO_LONG
    if now - seen > settings.PROOF_IDLE_SECONDS:
        session[DOUBTED] = True
    if now - seen > min(WRITE_EVERY, settings.PROOF_IDLE_SECONDS):
        session[SEEN] = now
    return None


def to_check(session: SessionBase, now: float) -> bool:
    """Whether the single sign-on is to be asked again, for a session that came from there."""
    every = settings.OIDC_RECHECK_SECONDS
    return bool(every) and now - session.get(CHECKED, 0) > every


def doubted(session: SessionBase) -> bool:
    return bool(session.get(DOUBTED))


def prove(session: SessionBase) -> None:
    """The password was given again. The session does not last longer for it."""
    session.pop(DOUBTED, None)
    session[SEEN] = time.time()
