"""The last searches of a person: in the session, of who is logged in, and written only when something is new."""

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import User
from treaties import recent


@pytest.fixture
def ask(rf: RequestFactory, db: None) -> Any:
    """`ask(person)`: a request of that person, with a session that was just loaded."""

    def make(person: Any) -> Any:
        request = rf.get("/treaties/")
        request.user = person
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        return request

    return make


def test_newest_first_and_ten_at_most(ask: Any, staff: User) -> None:
    request = ask(staff)
    for n in range(12):
        recent.remember(request, f"q=w{n}")
    assert recent.searches(request) == [f"q=w{n}" for n in range(11, 1, -1)]
    recent.remember(request, "q=w5")
    assert recent.searches(request)[:2] == ["q=w5", "q=w11"]
    assert len(recent.searches(request)) == 10


def test_what_only_adds_takes_the_place_of_the_last_one(ask: Any, staff: User) -> None:
    request = ask(staff)
    for query in ("q=maas", "q=schelde", "q=schelde&country=NL", "q=schelde&country=NL&country=FR", "country=FR"):
        recent.remember(request, query)
    assert recent.searches(request) == ["country=FR", "q=schelde&country=NL&country=FR", "q=maas"]


def test_nothing_is_written_when_nothing_is_new(ask: Any, staff: User) -> None:
    request = ask(staff)
    recent.remember(request, "q=schelde")
    request.session.modified = False
    for query in ("q=schelde", "", "q=" + "a" * 5_000):
        recent.remember(request, query)
    assert request.session.modified is False
    assert recent.searches(request) == ["q=schelde"]


def test_nobody_keeps_what_readers_of_the_public_part_look_for(ask: Any) -> None:
    request = ask(AnonymousUser())
    recent.remember(request, "q=schelde")
    assert recent.searches(request) == []
    assert request.session.accessed is False


def test_they_can_be_forgotten(ask: Any, staff: User) -> None:
    request = ask(staff)
    recent.remember(request, "q=schelde")
    recent.forget(request)
    assert recent.searches(request) == []
