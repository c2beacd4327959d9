import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.actions import SERVICE_NAME, add_person, service_account
from accounts.choices import Role
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_person_can_log_in_with_the_password_given() -> None:
    person = add_person(username="an", role=Role.STAFF, password="cultuur-en-onderwijs", last_name="An Peeters")
    assert authenticate(username="an", password="cultuur-en-onderwijs") == person
    assert authenticate(username="an", password="iets-anders") is None


def test_without_a_password_nobody_can_log_in() -> None:
    person = add_person(username="an", role=Role.STAFF, password=None)
    assert not person.has_usable_password()


@pytest.mark.parametrize("role", Role)
def test_only_administrators_reach_the_admin_pages_and_nobody_is_superuser(role: Role) -> None:
    person = add_person(username="an", role=role, password=None)
    assert (person.is_staff, person.is_superuser) == (role == Role.ADMINISTRATOR, False)


def test_the_register_itself_is_one_person_without_password() -> None:
    first, second = service_account(), service_account()
    assert first == second
    assert (first.username, first.is_active, first.has_usable_password()) == (SERVICE_NAME, True, False)


def test_asking_for_the_register_again_writes_nothing() -> None:
    service_account()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        service_account()
    assert [query["sql"].split()[0] for query in seen.captured_queries] == ["SELECT"]


def test_somebody_is_called_by_full_name_or_else_by_user_name() -> None:
    assert str(User(username="an", first_name="An", last_name="Peeters")) == "An Peeters"
    assert str(User(username="an")) == "an"


def test_a_program_logs_in_with_no_password(client: Client) -> None:
    program = add_person(username="koppeling", role=Role.PROGRAM, password="a-password-for-tests")
    assert not program.has_usable_password()
    program.set_password("a-password-for-tests")
    program.save()
    assert not client.login(request=RequestFactory().post("/"), username="koppeling", password="a-password-for-tests")
    client.force_login(program)
    assert client.get("/account/").status_code == 302
