"""Every request has a name, in its answer and in the trail."""

import pytest
from django.test import Client

from accounts.models import User
from audit.models import TrailEntry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["abcd1234", "2f6c1f0e-9d9b-4a52-9d5f-1f0a2b3c4d5e", "x" * 64])
def test_a_well_formed_name_is_kept(client: Client, name: str) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": name}).headers["X-Request-Id"] == name


@pytest.mark.parametrize(
    "name", ["", "short", "x" * 65, "with space 1", "a\u00e9bcdefgh", "-leading-dash", "a;b;c;d;e;f"]
)
def test_any_other_is_replaced(client: Client, name: str) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": name}).headers["X-Request-Id"]
    assert given != name
    assert len(given) == 32


def test_signing_in_and_out_is_told_with_the_name_of_the_request(client: Client, staff: User) -> None:
    first = TrailEntry.objects.latest("seq").seq
    client.post("/login/", {"username": "staff", "password": "wrong-" * 4}, headers={"X-Request-Id": "request-1"})
    client.post("/login/", {"username": "niemand", "password": PASSWORD}, headers={"X-Request-Id": "request-2"})
    client.post("/login/", {"username": "staff", "password": PASSWORD}, headers={"X-Request-Id": "request-3"})
    client.post("/logout/", headers={"X-Request-Id": "request-4"})
    told = TrailEntry.objects.filter(seq__gt=first).values_list("action", "actor", "object_key", "request")
    person = str(staff.pk)
    assert list(told) == [
        ("login.failed", "", person, "request-1"),
        ("login.failed", "", "", "request-2"),
        ("login", person, person, "request-3"),
        ("logout", person, person, "request-4"),
    ]


def test_what_somebody_may_do_from_now_on_is_told_with_who_said_so(
    client: Client, administrator: User, staff: User
) -> None:
    client.force_login(administrator)
    page = client.get(f"/admin/accounts/user/{staff.pk}/change/")
    assert page.status_code == 200
    client.post(
        f"/admin/accounts/user/{staff.pk}/change/",
        {"username": "staff", "last_name": "An Beheerder", "role": "reviewer", "is_active": "on", "seen": 1},
    )
    entry = TrailEntry.objects.latest("seq")
    assert (entry.action, entry.actor, entry.object_key) == ("permission.change", str(administrator.pk), str(staff.pk))
    assert entry.payload == '{"after":{"role":"reviewer"},"before":{"role":"staff"}}'


def test_another_name_of_a_department_is_told_with_who_gave_it(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    data = {"code": "DPROEF", "name_nl": "Departement Proef", "name_en": ""}
    assert client.post("/admin/accounts/department/add/", data).status_code == 302
    entry = TrailEntry.objects.latest("seq")
    assert (entry.action, entry.actor) == ("permission.change", str(administrator.pk))
    assert (entry.object_type, entry.object_key) == ("accounts.Department", "DPROEF")
    assert entry.payload == (
        '{"after":{"is_demo":false,"name_en":"","name_nl":"Departement Proef"},'
        '"before":{"is_demo":null,"name_en":null,"name_nl":null}}'
    )
