import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.choices import RULES, Deed, Role
from accounts.models import User, may

WORK = {Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.RECORD_EVENT, Deed.ASK_CONSENT}


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        (Role.READER, set()),
        (Role.AUDITOR, {Deed.READ_INTERNAL, Deed.SEE_REVIEW}),
        (Role.STAFF, WORK),
        (Role.REVIEWER, WORK | {Deed.SEE_REVIEW, Deed.DECIDE_CONSENT, Deed.PUBLISH}),
        (Role.RECORDS_MANAGER, {Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.PUBLISH}),
        (Role.ADMINISTRATOR, set(Deed)),
        (Role.PROGRAM, {Deed.READ_INTERNAL, Deed.EDIT_RECORD, Deed.RECORD_EVENT}),
    ],
)
def test_each_role_may_do_what_the_table_says_and_no_more(role: Role, deeds: set[Deed]) -> None:
    assert {deed for deed in Deed if User(role=role).may(deed)} == deeds


def test_every_role_stands_in_the_table() -> None:
    assert set(RULES) == set(Role)


def test_nobody_logged_in_may_do_nothing() -> None:
    assert not any(may(AnonymousUser(), deed) for deed in Deed)


def test_somebody_deactivated_may_do_nothing() -> None:
    assert not any(User(role=Role.ADMINISTRATOR, is_active=False).may(deed) for deed in Deed)


def test_a_superuser_may_do_no_more_than_the_role() -> None:
    assert not any(User(role=Role.READER, is_superuser=True).may(deed) for deed in Deed)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(User(role="minister").may(deed) for deed in Deed)
