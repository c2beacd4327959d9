"""The same request twice is done once: the header `Idempotency-Key`, and the token of a form.

draft-ietf-httpapi-idempotency-key-header: a program that got no answer sends the request again with the same key, and
gets the answer of the first time. A key belongs to one person and is kept a day. Around the view stands one
transaction: what the view does and the answer that is kept are there both or not at all, whenever the process dies.

Lock order: the key comes before all others and is never waited for (`pg_try_advisory_xact_lock`).
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.models import Change, KeptAnswer
from audit.requests import request as current_request

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
RETRY_AFTER_SECONDS = 1
# Of an answer these go with it the second time.
HEADERS = ("Location", "Content-Type", "ETag")
# The largest body that is kept, in bytes; of a larger one the digest only.
LARGEST_BODY = 64 * 1024
READS = ("GET", "HEAD", "OPTIONS", "TRACE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Another one for every page, and no part of what is asked.
NOT_ASKED = ("csrfmiddlewaretoken",)
SENT_OTHERWISE = gettext_lazy(
    "This form was sent before, with other texts; that was recorded. What you typed now is still here: look at how it"
    " stands, and send it once more if you want it so."
)
_WELL_FORMED = re.compile(r"[\x21-\x7e]{1,255}")
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 6963))"


class IdempotencyMiddleware:
    """Answers a request with a key that came before as the first time. It calls the view itself: stands late.

    Who is not logged in has no keys: nothing they send changes the record. Kept is the answer of a request that
    changed something and was not refused; what was refused is judged again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The answer to a request with a key; None for one without."""
        key = request.headers.get(HEADER)
        person = request.user
        if key is None or request.method in READS or not isinstance(person, User):
            return None
        if not _WELL_FORMED.fullmatch(key):
            sentence = _("The header Idempotency-Key takes 1 to 255 visible ASCII characters, without spaces.")
            return refuse(request, 400, sentence)
        asked = fingerprint(request)
        with transaction.atomic():
            if not _taken(person, key):
                sentence = _("This request is being carried out just now. Wait a moment, then look at its outcome.")
                answer = refuse(request, 409, sentence)
                answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
                return answer
            if kept := KeptAnswer.objects.filter(actor=person, key=key, at__gt=timezone.now() - KEPT_FOR).first():
                return _again(request, kept, asked)
            done = view(request, *args, **kwargs)
            _keep(person, key, asked, done)
            return done


def fingerprint(request: HttpRequest) -> str:
    """SHA-256 of what is asked: method, address and body. A form by what stands in it: how a browser packs it, and the
    token against forgery, are others each time."""
    kept: str | None = getattr(request, "_fingerprint", None)
    if kept is not None:
        return kept
    made = hashlib.sha256()
    for part in _parts(request):
        # The length before each: no two requests make the same bytes.
        made.update(len(part).to_bytes(8) + part)
    # Once for each request: afterwards its files may be read or closed.
    request._fingerprint = made.hexdigest()  # type: ignore[attr-defined]
    return made.hexdigest()


def sent_otherwise(submission: UUID | str | None) -> bool:
    """Whether the form with this token came before and was filled in otherwise than in the request of now."""
    request = current_request()
    if request is None or submission is None:
        return False
    before = Change.objects.filter(submission=submission).values_list("sent", flat=True).first()
    return bool(before) and before != fingerprint(request)


def forget() -> int:
    """Delete the answers that are older than a day; how many."""
    count, _rows = KeptAnswer.objects.filter(at__lte=timezone.now() - KEPT_FOR).delete()
    return count


def refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """A page with one sentence; for a program the sentence."""
    if request.accepts("text/html"):
        answer = render(request, "audit/not_done.html", {"sentence": sentence}, status=status)
    else:
        answer = HttpResponse(sentence + "\n", content_type="text/plain; charset=utf-8", status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield str(request.method).encode()
    yield request.get_full_path().encode(errors="surrogatepass")
    if request.content_type not in FORMS:
        yield hashlib.sha256(request.body).digest()
        return
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_ASKED:
            yield from (part.encode(errors="surrogatepass") for part in (name, *map(str, values)))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}/{file.name}".encode(errors="surrogatepass")
            yield _digest(file)


def _digest(file: Any) -> bytes:
    """Whoever is reading it goes on where they were."""
    made, place = hashlib.sha256(), file.tell()
    for chunk in file.chunks():
        made.update(chunk)
    file.seek(place)
    return made.digest()


def _taken(person: User, key: str) -> bool:
    """Hold the key until the transaction ends, however it ends; False where another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"{person.pk} {key}"])
        return bool(cursor.fetchone()[0])


def _again(request: HttpRequest, kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.asked != asked:
        sentence = _("This Idempotency-Key was used for another request. Use a new key for each request.")
        return refuse(request, 422, sentence)
    answer = HttpResponse(bytes(kept.body), status=kept.status)
    del answer.headers["Content-Type"]
    for name, value in kept.headers.items():
        answer.headers[name] = value
    answer.headers[REPLAYED] = "true"
    return answer


def _keep(person: User, key: str, asked: str, answer: HttpResponseBase) -> None:
    """Keep an answer that tells of something done. A page of HTML is a form again, or holds what is shown once."""
    is_page = answer.status_code < 300 and answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code >= 400 or is_page or answer.streaming or not _wrote():
        return
    body = answer.content if isinstance(answer, HttpResponse) else b""
    KeptAnswer.objects.filter(actor=person, key=key).delete()
    KeptAnswer(
        actor=person,
        key=key,
        asked=asked,
        status=answer.status_code,
        headers={name: answer.headers[name] for name in HEADERS if name in answer.headers},
        body=body if len(body) <= LARGEST_BODY else b"",
        body_digest=hashlib.sha256(body).hexdigest(),
    ).save(force_insert=True)


def _wrote() -> bool:
    """Whether the transaction changed or locked a row: one that only reads has no number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool(cursor.fetchone()[0])
