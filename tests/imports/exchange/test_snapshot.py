"""One moment of the record, whatever others write meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import InternalError, connection

from accounts.actions import service_account
from accounts.models import User
from imports.exchange.snapshot import Snapshot, unchanging
from tests import factories
from treaties.models import Treaty


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_in_it(make_treaty: Callable[..., Treaty], staff: User) -> None:
    make_treaty()
    person = service_account()

    def elsewhere() -> None:
        try:
            factories.a_treaty(staff)
        finally:
            connection.close()

    with unchanging():
        snapshot = Snapshot(person)
        header = snapshot.header()
        with ThreadPoolExecutor(1) as other:
            other.submit(elsewhere).result()
        names = [entry.name for entry in snapshot.entries() if entry.part.file == "treaties"]
        assert header.counts["treaties"] == len(names) == 1
    assert Treaty.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_export_writes_nothing(staff: User) -> None:
    with pytest.raises(InternalError, match="read-only transaction"), unchanging():
        User.objects.filter(pk=staff.pk).update(last_name="x")


@pytest.mark.django_db
def test_a_header_says_what_the_person_may_know_of(staff: User, reader: User, auditor: User) -> None:
    told = {person.username: Snapshot(person).header().contents for person in (staff, reader, auditor)}
    assert told == {"staff": "part", "reader": "public", "auditor": "everything"}
