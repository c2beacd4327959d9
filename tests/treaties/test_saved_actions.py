"""What may be saved, by whom, under which name; and what becomes of it when it is removed."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from audit.models import Change
from audit.refusals import Conflict, Refused
from treaties import saved_actions
from treaties.models import SavedSearch
from treaties.saved_actions import change_search, remove_search, save_search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(blocker.code, blocker.field) for blocker in refused.value.blockers]


def test_a_search_is_kept_as_its_cleaned_address(staff: User) -> None:
    before = Change.objects.count()
    search = save_search(actor=staff, name="  De\n Schelde ", query="q=schelde&page=3&country=NL&kind=&nonsense=1")
    assert (search.owner, search.name, search.query) == (staff, "De Schelde", "q=schelde&country=NL")
    assert (search.is_shared, search.shared_at, search.version) == (False, None, 1)
    assert search.created_at == search.changed_at or search.created_at <= search.changed_at
    # It is no part of the record.
    assert Change.objects.count() == before


def test_the_same_form_sent_twice_is_kept_once(staff: User) -> None:
    first = save_search(actor=staff, name="Schelde", query="q=schelde")
    assert save_search(actor=staff, name="Schelde", query="q=schelde&page=2") == first
    assert SavedSearch.objects.count() == 1


def test_every_reason_at_once(reader: User) -> None:
    with pytest.raises(Refused) as refused:
        save_search(actor=reader, name=" \u200b ", query="page=2", is_shared=True)
    assert refusals(refused) == [("query_empty", "query"), ("text", "name"), ("not_shareable", "is_shared")]


@pytest.mark.parametrize("name", ["", "a" * 101, "a\x00b", "a\ud800", "a\x07"])
def test_names_that_cannot_be_kept(staff: User, name: str) -> None:
    with pytest.raises(Refused) as refused:
        save_search(actor=staff, name=name, query="q=schelde")
    assert refusals(refused) == [("text", "name")]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "query_empty"),
        ("signed_after=onzin", "query"),
        ("q=" + "a" * 501, "query"),
        ("q=%00", "query"),
        ("q=a\x00", "text"),
        ("q=\ud800", "text"),
        ("q=" + "a" * 100_000, "text"),
        ("a&" * 1_500, "text"),
        ("&".join(["country=NL"] * 350), None),
    ],
)
def test_searches_that_cannot_be_kept(staff: User, query: str, code: str | None) -> None:
    if code is None:
        assert save_search(actor=staff, name="x", query=query).query.startswith("country=NL")
        return
    with pytest.raises(Refused) as refused:
        save_search(actor=staff, name="x", query=query)
    assert refusals(refused) == [(code, "query")]


def test_a_name_is_a_persons_own_whatever_its_case(staff: User, staff2: User) -> None:
    save_search(actor=staff, name="Schelde", query="q=schelde")
    save_search(actor=staff2, name="Schelde", query="q=schelde")
    with pytest.raises(Refused) as refused:
        save_search(actor=staff, name="SCHELDE", query="q=maas")
    assert refusals(refused) == [("name_taken", "name")]


def test_who_is_not_logged_in_or_no_longer_active_saves_nothing(staff: User) -> None:
    staff.is_active = False
    for actor in (AnonymousUser(), staff):
        with pytest.raises(Refused) as refused:
            save_search(actor=actor, name="x", query="q=schelde")
        assert refusals(refused) == [("not_allowed", "")]


def test_there_is_an_end_to_what_one_person_saves(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_actions, "MOST", 2)
    save_search(actor=staff, name="1", query="q=a")
    save_search(actor=staff, name="2", query="q=a")
    with pytest.raises(Refused) as refused:
        save_search(actor=staff, name="3", query="q=a")
    assert refusals(refused) == [("too_many", "")]


def test_renaming_and_sharing(staff: User) -> None:
    search = save_search(actor=staff, name="Schelde", query="q=schelde")
    shared = change_search(actor=staff, search=search, name="schelde", is_shared=True, version=1)
    assert (shared.name, shared.is_shared, shared.version) == ("schelde", True, 2)
    assert shared.shared_at == shared.changed_at
    alone = change_search(actor=staff, search=search, name="schelde", is_shared=False, version=2)
    # That it was shared stays known.
    assert (alone.is_shared, alone.shared_at, alone.version) == (False, shared.shared_at, 3)


def test_two_windows(staff: User) -> None:
    search = save_search(actor=staff, name="Schelde", query="q=schelde")
    change_search(actor=staff, search=search, name="Westerschelde", is_shared=True, version=1)
    with pytest.raises(Conflict) as conflict:
        change_search(actor=staff, search=search, name="Maas", is_shared=False, version=1)
    assert "Westerschelde" in str(conflict.value.sentence)
    with pytest.raises(Conflict):
        remove_search(actor=staff, search=search, version=1)
    remove_search(actor=staff, search=search, version=2)
    with pytest.raises(Conflict):
        change_search(actor=staff, search=search, name="Maas", is_shared=False, version=2)


def test_what_was_never_shared_is_gone_and_what_was_stays_on_file(staff: User, staff2: User) -> None:
    mine = save_search(actor=staff, name="Mine", query="q=a")
    ours = save_search(actor=staff, name="Ours", query="q=b", is_shared=True)
    remove_search(actor=staff, search=mine, version=1)
    remove_search(actor=staff, search=ours, version=1)
    row = SavedSearch.objects.get()
    assert (row.name, row.is_shared, row.removed_at is not None) == ("Ours", False, True)
    assert not SavedSearch.objects.of(staff).exists()
    assert not SavedSearch.objects.shared_with(staff2).exists()
    # Its name is free again.
    assert save_search(actor=staff, name="ours", query="q=c").pk != row.pk


def test_another_persons_search_is_not_there_to_change(staff: User, administrator: User) -> None:
    search = save_search(actor=staff, name="Ours", query="q=b", is_shared=True)
    with pytest.raises(Conflict):
        change_search(actor=administrator, search=search, name="Mine", is_shared=False, version=1)
    with pytest.raises(Conflict):
        remove_search(actor=administrator, search=search, version=1)


def test_shared_searches_are_for_who_may_read_what_is_internal(
    staff: User, reader: User, auditor: User, staff2: User
) -> None:
    search = save_search(actor=staff, name="Ours", query="q=b", is_shared=True)
    assert list(SavedSearch.objects.shared_with(auditor)) == [search]
    assert list(SavedSearch.objects.shared_with(staff2)) == [search]
    for person in (staff, reader, AnonymousUser()):
        assert list(SavedSearch.objects.shared_with(person)) == []


def test_the_database_keeps_the_rules_too(staff: User) -> None:
    now = timezone.now()
    good = {"owner": staff, "name": "x", "query": "q=a", "created_at": now, "changed_at": now}
    for bad in ({"name": "  "}, {"query": ""}, {"is_shared": True}, {"removed_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedSearch.objects.create(**{**good, **bad})


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_save_the_same_name_at_once(staff: User) -> None:
    """The one that comes second is told by the constraint, as it could not see the first."""
    start, answers = threading.Barrier(2), []

    def save(query: str) -> None:
        start.wait()
        try:
            save_search(actor=staff, name="Schelde", query=query)
            answers.append("kept")
        except Refused as refused:
            answers.append(refused.blockers[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(query,)) for query in ("q=a", "q=b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["kept", "name_taken"]
