from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.admin import PersonAdmin
from accounts.models import User

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
