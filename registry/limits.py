"""How much somebody may send at once: what is larger is refused before it is read, with a page that says what to do."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)

# Of a request: too many bytes, too many bytes outside files, too many fields, too many files. In both languages: who
# asks is not known yet when the size is.
TOO_LARGE = (
    "Wat u stuurt is groter dan {most} MB.",
    "What you send is larger than {most} MB.",
)
TOO_MUCH_TEXT = (
    "De tekst in dit formulier is langer dan {text} MB.",
    "The text in this form is longer than {text} MB.",
)
TOO_MANY_FIELDS = (
    "Dit formulier heeft meer dan {fields} velden.",
    "This form has more than {fields} fields.",
)
TOO_MANY_FILES = (
    "U stuurt meer dan {files} bestanden tegelijk.",
    "You send more than {files} files at once.",
)
NO_LENGTH = (
    "Dit verzoek zegt niet hoe groot het is. Stuur het met een Content-Length.",
    "This request does not say how large it is. Send it with a Content-Length.",
)
REFUSED = {
    RequestDataTooBig: TOO_MUCH_TEXT,
    TooManyFieldsSent: TOO_MANY_FIELDS,
    TooManyFilesSent: TOO_MANY_FILES,
}
_MB = 1024 * 1024


class LimitsMiddleware:
    """413 for a body above `REQUEST_MAX_BYTES`, 411 for one that does not say how long it is; nothing of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            # Django would take the body for empty.
            return refuse(request, 411, NO_LENGTH)
        if length.isascii() and length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            return refuse(request, 413, TOO_LARGE)
        return self.get_response(request)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what Django calls suspicious: 413 for what is too large or too many, else 400."""
    words = next((words for kind, words in REFUSED.items() if isinstance(exception, kind)), None)
    return refuse(request, 413, words) if words else bad_request(request, exception)


def refuse(request: HttpRequest, status: int, words: tuple[str, str]) -> HttpResponse:
    """A page in both languages, that asks neither database nor session; for a program the sentences."""
    logger.warning("%s for %s %s", status, request.method, request.path)
    nl, en = (sentence.format(**_most()) for sentence in words)
    if request.accepts("text/html"):
        answer = HttpResponse(render_to_string("413.html", {"message_nl": nl, "message_en": en}), status=status)
    else:
        answer = HttpResponse(f"{nl}\n{en}\n", content_type="text/plain; charset=utf-8", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _most() -> dict[str, object]:
    return {
        "most": settings.REQUEST_MAX_BYTES // _MB,
        "text": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // _MB,
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
