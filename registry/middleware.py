"""Answer 503, and not 500, when the database cannot do its work for a moment."""

import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
# Not an OperationalError for psycopg, and yet a state of the server: read-only (a standby, a full disk), and a
# transaction that the server ended because it took too long. PostgreSQL, appendix A: error codes.
TEMPORARY_STATES = {"25006", "25P03", "25P04"}
# Class 54, "program limit exceeded", is an OperationalError but will fail again however often it is tried.
PROGRAM_LIMIT = "54"

NOTHING_SAVED = (
    "Het register is even niet beschikbaar. Er is niets bewaard; probeer het over enkele seconden opnieuw.",
    "The register is not available for a moment. Nothing was saved; try again in a few seconds.",
)
MAYBE_SAVED = (
    "Het register is even niet beschikbaar. Kijk eerst of uw wijziging bewaard is voor u ze opnieuw instuurt.",
    "The register is not available for a moment. Look whether your change was saved before you send it again.",
)
ONLY_READ = (
    "Het register is even niet beschikbaar. Laad deze pagina over enkele seconden opnieuw.",
    "The register is not available for a moment. Load this page again in a few seconds.",
)


class DatabaseUnavailableMiddleware:
    """503 with Retry-After for a database that is away, stopping, full, read-only, locked too long or too slow.

    Stands outside the session middleware, which itself reads the database. Errors of a view come by
    `process_exception`; those of other middleware have been made into a 500 by Django on their way here, and
    are known by its signal `got_request_exception`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
        except Exception as error:  # nothing in between made it into a response: DEBUG_PROPAGATE_EXCEPTIONS
            if not is_temporary(error):
                raise
            return unavailable(request, error, in_view=False)
        error_outside_view: BaseException | None = getattr(request, "_temporary_database_error", None)
        if response.status_code == 500 and error_outside_view is not None:
            return unavailable(request, error_outside_view, in_view=False)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that met a temporary database error; None for any other error."""
        return unavailable(request, exception, in_view=True) if is_temporary(exception) else None


def is_temporary(error: BaseException) -> bool:
    """Whether the same request may succeed later without anybody changing the program."""
    state = _sqlstate(error)
    if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError):
        return not state.startswith(PROGRAM_LIMIT)
    return isinstance(error, DatabaseError | psycopg.DatabaseError) and state in TEMPORARY_STATES


def unavailable(request: HttpRequest, error: BaseException, *, in_view: bool) -> HttpResponse:
    """The 503 page in both languages; reads neither database nor session, and says nothing of the error."""
    logger.error("Database unavailable for %s %s", request.method, request.path, exc_info=error)
    words = _words(request, error, in_view=in_view)
    if not request.accepts("text/html"):
        response = HttpResponse("\n".join(words) + "\n", content_type="text/plain; charset=utf-8")
    elif request.headers.get("HX-Request"):
        response = HttpResponse(f'<p role="alert">{words[0]} <span lang="en">{words[1]}</span></p>')
    else:
        response = HttpResponse(_page(words))
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(request: HttpRequest, error: BaseException, *, in_view: bool) -> tuple[str, str]:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return ONLY_READ
    # When the answer to COMMIT is lost nobody knows whether it was done; and when the session cannot be
    # written, the view before it has succeeded.
    committing = any(frame.f_code.co_name == "_commit" for frame, _ in traceback.walk_tb(error.__traceback__))
    return NOTHING_SAVED if in_view and not committing else MAYBE_SAVED


def _page(words: tuple[str, str]) -> str:
    try:
        # Without the request: context processors would ask who is logged in.
        return render_to_string("503.html", {"message_nl": words[0], "message_en": words[1]})
    except Exception:  # an error page must never fail: no template, no manifest of static files
        logger.exception("The page 503.html cannot be shown")
        title = "Even niet beschikbaar · Not available for a moment"
        body = f'<h1>{title}</h1><p>{words[0]}</p><p lang="en">{words[1]}</p>'
        return f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{title}</title>{body}</html>'


def _sqlstate(error: BaseException) -> str:
    """PostgreSQL's five characters; empty where the server could not be asked."""
    for one in (error, error.__cause__):
        if state := getattr(one, "sqlstate", None):
            return str(state)
    return ""


def _note_error(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    error = sys.exception()
    if request is not None and error is not None and is_temporary(error):
        request._temporary_database_error = error  # type: ignore[attr-defined]


got_request_exception.connect(_note_error, dispatch_uid="registry.middleware")
