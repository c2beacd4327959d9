"""Public reads that say where they were read, and some that fail there: addresses for the tests of replicas."""

from collections.abc import Iterator

import django
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections, router
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import path

IN_RECOVERY = "SELECT pg_is_in_recovery()"
# Each fails on a standby only.
DIVISION = "SELECT 1 / CASE WHEN pg_is_in_recovery() THEN 0 ELSE 1 END"
CUT = "SELECT pg_is_in_recovery() AND pg_terminate_backend(pg_backend_pid())"


def ask(question: str = IN_RECOVERY) -> str:
    """`standby` or `primary`, as the server says of itself."""
    from treaties.models import Treaty

    with connections[router.db_for_read(Treaty)].cursor() as cursor:
        cursor.execute(question)
        cursor.execute(IN_RECOVERY)
        return "standby" if cursor.fetchone()[0] else "primary"


class Late:
    """Asks when it is shown."""

    def render(self, context: object) -> str:
        return ask()


class LateResponse(SimpleTemplateResponse):
    def resolve_template(self, template: object) -> Late:  # type: ignore[override]
        return Late()

    @property
    def rendered_content(self) -> str:
        return Late().render(None)


def parts(*questions: str) -> Iterator[str]:
    for number, question in enumerate(questions):
        yield ("," if number else "") + ask(question)


def stream(*questions: str) -> HttpResponseBase:
    return StreamingHttpResponse(parts(*questions))


def page(question: str) -> HttpResponse:
    return HttpResponse(ask(question))


def _view(name: str, answer: object) -> object:
    def view(request: HttpRequest) -> HttpResponseBase:
        return answer()  # type: ignore[operator, no-any-return]

    return path(name, login_not_required(view), name=NAMES[name])


# The names under which they count as public reads.
NAMES = {
    "late": "home",
    "stream": "treaty-list-csv",
    "page": "theme-list",
    "odd": "treaty-list",
    "slow": "country-list",
    "cut": "treaty-detail",
    "broken": "treaty-list-json",
}
urlpatterns = [
    _view("late", lambda: LateResponse("")),
    _view("stream", lambda: stream(IN_RECOVERY, IN_RECOVERY)),
    _view("page", lambda: page(IN_RECOVERY)),
    _view("odd", lambda: page(DIVISION)),
    _view("slow", lambda: page("SELECT pg_sleep(5)")),
    _view("cut", lambda: page(CUT)),
    _view("broken", lambda: stream(IN_RECOVERY, CUT)),
]


def main() -> None:
    """Ask for each and print: address, status, where it was read, how the replicas stand afterwards."""
    django.setup()
    settings.ROOT_URLCONF = __name__
    from registry.replicas import WATCH

    from .clusters import wait_for

    client = Client(raise_request_exception=False)
    for address in ("/late", "/stream", "/page?POST", "/odd", "/slow", "/cut", "/broken"):
        assert wait_for(lambda: WATCH.choose() is not None)
        response = client.post(address) if "POST" in address else client.get(address)
        print(address, response.status_code, *_content(response), "-", WATCH.report())  # noqa: T201


def _content(response: HttpResponseBase) -> list[str]:
    if response.status_code != 200:
        return []
    if not response.streaming:
        return [response.content.decode()]  # type: ignore[attr-defined]
    text = ""
    try:
        for part in response:  # type: ignore[attr-defined]
            text += part.decode()
    except DatabaseError as error:
        text += f",{type(error).__name__}"
    return [text]
