"""The page of the trail: for auditors and administrators, narrowed by who, what, about and when."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from audit import trail
from audit.choices import Mark
from audit.models import TrailEntry
from audit.verification import verify
from tests.factories import REASON
from treaties.models import Treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


def seqs(client: Client, query: str) -> list[int]:
    return [row["entry"].seq for row in client.get(f"/audit/?{query}").context["rows"]]


def test_it_tells_who_did_what_and_why(asking: Client, make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty()
    page = asking.get("/audit/").content.decode()
    assert [words in page for words in ("An Beheerder", REASON, treaty.reference)] == [True, True, True]


@pytest.mark.parametrize(
    "query", ["person=An+Beheerder&about={}", "action=treaty.register", "first=2020-01-01&about={}"]
)
def test_it_is_narrowed(asking: Client, make_treaty: Callable[..., Treaty], query: str) -> None:
    treaty = make_treaty()
    entry = TrailEntry.objects.get(action="treaty.register")
    assert seqs(asking, query.format(treaty.reference)) == [entry.seq]
    assert seqs(asking, "last=2020-01-01") == []


@pytest.mark.parametrize("query", ["first=2024-02-30", "action=nothing", "person=%00", "about=" + "x" * 100_000])
def test_what_cannot_be_is_said_beside_the_field(asking: Client, query: str) -> None:
    answer = asking.get(f"/audit/?{query}")
    assert (answer.status_code, answer.context["rows"]) == (422, [])
    assert len(answer.context["form"].errors) == 1


def test_an_erased_name_is_a_number(asking: Client, make_treaty: Callable[..., Treaty], staff: User) -> None:
    make_treaty()
    trail.erase_names(actor=staff, person=str(staff.pk))
    rows = asking.get("/audit/?action=treaty.register").context["rows"]
    assert [(row["name"], row["entry"].actor) for row in rows] == [("", str(staff.pk))]
    assert verify().problems == []


def test_the_same_number_of_queries_for_one_entry_and_for_thirty(
    asking: Client, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    trail.note(actor=staff, action=Mark.EXPORT)
    for _ in range(2):
        with django_assert_num_queries(6):
            asking.get("/audit/?action=export")
        for _ in range(30):
            trail.note(actor=staff, action=Mark.EXPORT)


def test_a_list_taken_out_by_staff_is_told(client: Client, staff: User) -> None:
    client.get("/treaties.csv")
    before = TrailEntry.objects.latest("seq")
    assert before.action != "export"
    client.force_login(staff)
    client.get("/treaties.csv?q=secret+name")
    entry = TrailEntry.objects.latest("seq")
    assert (entry.action, entry.actor, entry.object_type) == ("export", str(staff.pk), "treaties")
    assert "secret" not in entry.payload
