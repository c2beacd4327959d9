from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from accounts.actions import add_person
from accounts.admin import PersonAdmin
from accounts.choices import Role
from accounts.models import User
from audit.models import TrailEntry
from tests import doors

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowed(request: pytest.FixtureRequest, rf: RequestFactory) -> Callable[[str], list[str]]:
    """What the admin pages of people let somebody do."""

    def of(name: str) -> list[str]:
        asked = rf.get("/admin/")
        asked.user = request.getfixturevalue(name) if name else AnonymousUser()
        pages = PersonAdmin(User, admin.site)
        return [deed for deed in ("view", "add", "change", "delete") if getattr(pages, f"has_{deed}_permission")(asked)]

    return of


def test_an_administrator_manages_people_but_deletes_nobody(allowed: Callable[[str], list[str]]) -> None:
    assert allowed("administrator") == ["view", "add", "change"]


@pytest.mark.parametrize("name", ["", "reader", "staff", "reviewer", "auditor"])
def test_nobody_else_sees_people(name: str, allowed: Callable[[str], list[str]]) -> None:
    assert allowed(name) == []


def test_a_stale_page_of_a_person_is_refused_with_who_was_first(
    client: Client, administrator: User, staff: User
) -> None:
    client.force_login(administrator)
    other = Client(headers={"accept-language": "en"})
    other.force_login(add_person(username="ad2", role=Role.ADMINISTRATOR, password=None, last_name="Ad Two"))
    door = doors.Door("person", f"/admin/accounts/user/{staff.pk}/change/")
    first, second = door.sending(client), door.sending(other)
    assert door.send(client, first | {"role": "reviewer"}).status_code == 302
    answer = door.send(other, second | {"last_name": "Anders"})
    assert answer.status_code == 409
    assert f"{administrator.name} changed this on" in answer.content.decode()
    staff.refresh_from_db()
    assert (staff.role, staff.last_name, staff.version) == ("reviewer", "An Beheerder", 2)


def test_a_page_of_a_person_that_is_sent_twice_is_done_once(client: Client, administrator: User, staff: User) -> None:
    client.force_login(administrator)
    door = doors.Door("person", f"/admin/accounts/user/{staff.pk}/change/")
    sent = door.sending(client) | {"role": "reviewer"}
    first = door.send(client, sent)
    before = TrailEntry.objects.count()
    second = door.send(client, sent)
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    staff.refresh_from_db()
    assert (staff.role, staff.version, TrailEntry.objects.count()) == ("reviewer", 2, before)


def test_a_person_without_a_version_is_not_saved(client: Client, administrator: User, staff: User) -> None:
    client.force_login(administrator)
    door = doors.Door("person", f"/admin/accounts/user/{staff.pk}/change/")
    sent = {name: value for name, value in door.sending(client).items() if name != "seen"}
    assert door.send(client, sent | {"role": "reviewer"}).status_code == 200
    staff.refresh_from_db()
    assert staff.role == "staff"
