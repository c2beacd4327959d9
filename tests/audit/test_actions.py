from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoDbBlocker

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.context import NoChange, before_commit, open_change
from audit.models import Change
from audit.refusals import AlreadyDone, Refused
from treaties import actions
from treaties.choices import ActKind
from treaties.models import Act, Theme, Title, Treaty

pytestmark = pytest.mark.django_db

EDIT = Action.REFERENCE_EDIT


def a_theme() -> Theme:
    return Theme.objects.get(slug="toerisme")


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_change_without_a_reason_is_refused(staff: User, reason: str) -> None:
    before = Change.objects.count()
    with pytest.raises(ValueError, match="an actor and a reason"), change(staff, action=EDIT, reason=reason):
        pytest.fail("the change was opened")
    assert Change.objects.count() == before


@pytest.mark.parametrize("actor", [None, "staff", AnonymousUser()])
def test_a_change_by_nobody_is_refused(actor: object) -> None:
    with pytest.raises(ValueError, match="an actor"), change(actor, action=EDIT, reason="x"):  # type: ignore[arg-type]
        pytest.fail("the change was opened")


def test_a_change_has_one_of_the_names_that_may_be_logged(staff: User) -> None:
    with pytest.raises(ValueError, match="made-up"), change(staff, action="made-up", reason="x"):  # type: ignore[arg-type]
        pytest.fail("the change was opened")


def test_a_change_says_who_as_what_did_what_and_why(staff: User) -> None:
    with change(staff, action=EDIT, reason="  new name  ") as row:
        pass
    kept = Change.objects.get(pk=row.pk)
    assert (kept.actor, kept.actor_name, kept.role, kept.action, kept.reason) == (
        staff,
        "An Beheerder",
        "staff",
        "reference.edit",
        "new name",
    )


def test_an_action_inside_another_is_one_change(staff: User, reviewer: User) -> None:
    before = Change.objects.count()
    with (
        change(staff, action=EDIT, reason="outer") as outer,
        change(reviewer, action=Action.UPKEEP, reason="inner") as inner,
    ):
        theme = a_theme()
        theme.save()
    assert inner is outer
    assert Change.objects.count() == before + 1
    newest = theme.history.first()
    assert (newest.history_change_id, newest.history_actor, newest.history_change_reason) == (
        outer.pk,
        "An Beheerder",
        "outer",
    )


def test_the_same_form_sent_twice_counts_once(staff: User) -> None:
    form = uuid4()
    with change(staff, action=EDIT, reason="first", submission=form):
        pass
    before = Change.objects.count()
    with pytest.raises(AlreadyDone), change(staff, action=EDIT, reason="second", submission=form):
        pytest.fail("the change was opened")
    assert Change.objects.count() == before
    assert open_change() is None


def test_a_form_that_was_refused_can_be_sent_again(staff: User) -> None:
    form = uuid4()
    with pytest.raises(Refused), change(staff, action=EDIT, reason="first", submission=form):
        raise Refused([])
    with change(staff, action=EDIT, reason="second", submission=form) as row:
        pass
    assert row.submission == form


def test_registering_twice_by_the_same_form_makes_one_treaty(make_treaty: Callable[..., Treaty], staff: User) -> None:
    from tests.factories import a_record

    form = uuid4()
    actions.register_treaty(actor=staff, record=a_record(), reason="x", submission=form)
    with pytest.raises(AlreadyDone):
        actions.register_treaty(actor=staff, record=a_record(), reason="x", submission=form)
    assert Treaty.objects.count() == 1


def test_a_change_that_fails_leaves_nothing(staff: User) -> None:
    theme, before = a_theme(), Change.objects.count()
    versions = theme.history.count()

    def fail() -> None:
        with change(staff, action=EDIT, reason="will fail"):
            theme.name_en = "Nothing"
            theme.save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (Change.objects.count(), theme.history.count(), a_theme().name_en) == (before, versions, "Tourism")
    assert open_change() is None


def test_saving_outside_a_change_raises_and_writes_nothing() -> None:
    theme = a_theme()
    theme.name_en = "Nothing"
    with pytest.raises(NoChange):
        theme.save()
    theme.refresh_from_db()
    assert theme.name_en == "Tourism"


def test_deleting_outside_a_change_raises(make_treaty: Callable[..., Treaty]) -> None:
    title = make_treaty().titles.get()
    with pytest.raises(NoChange), transaction.atomic():
        title.delete()
    assert Title.objects.filter(text=title.text).exists()


def test_before_commit_needs_an_open_change() -> None:
    with pytest.raises(NoChange):
        before_commit(("x", 1), lambda: None)


def test_what_is_done_last_is_done_once_and_inside_the_transaction(staff: User) -> None:
    done: list[str] = []
    with change(staff, action=EDIT, reason="x"):
        before_commit(("a", 1), lambda: done.append("first"))
        before_commit(("b", 1), lambda: done.append(f"open: {connection.in_atomic_block}"))
        before_commit(("a", 1), lambda: done.append("second"))
        assert done == []
    assert done == ["second", "open: True"]


def test_the_reason_of_one_change_does_not_leak_into_the_next(staff: User, reviewer: User) -> None:
    theme = a_theme()
    with change(staff, action=EDIT, reason="the first reason"):
        theme.save()
    with change(reviewer, action=Action.UPKEEP, reason="the second reason"):
        theme.save()
    second, first = theme.history.all()[:2]
    assert (first.history_change_reason, first.history_actor) == ("the first reason", "An Beheerder")
    assert (second.history_change_reason, second.history_actor) == ("the second reason", "Rita Beoordelaar")


def test_an_attribute_on_the_row_cannot_forge_reason_or_actor(staff: User, reviewer: User) -> None:
    theme = a_theme()
    theme._change_reason, theme._history_user = "forged", reviewer  # type: ignore[attr-defined]
    with change(staff, action=EDIT, reason="true"):
        theme.save()
    newest = theme.history.first()
    assert (newest.history_change_reason, newest.history_user, newest.history_actor) == ("true", staff, "An Beheerder")


def test_every_row_of_one_action_carries_actor_role_action_reason_and_change(
    make_treaty: Callable[..., Treaty], staff: User
) -> None:
    treaty = make_treaty(reason="signed in The Hague")
    actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, reason="signed in The Hague")
    rows = [
        *treaty.history.filter(version=1),
        *(row for title in treaty.titles.all() for row in title.history.all()),
        *(row for link in treaty.party_links.all() for row in link.history.all()),
        *(row for link in treaty.theme_links.all() for row in link.history.all()),
    ]
    assert len(rows) == 5
    assert {row.history_user for row in rows} == {staff}
    assert {row.history_actor for row in rows} == {"An Beheerder"}
    assert {row.history_role for row in rows} == {"staff"}
    assert {row.history_action for row in rows} == {"treaty.register"}
    assert {row.history_change_reason for row in rows} == {"signed in The Hague"}
    assert len({row.history_change_id for row in rows}) == 1
    risen = treaty.history.get(version=2)
    assert (risen.history_action, risen.history_change_id) == (
        "act.record",
        Act.objects.get().history.get().history_change_id,
    )


def test_the_trail_keeps_the_name_somebody_had(make_treaty: Callable[..., Treaty], staff: User) -> None:
    treaty = make_treaty()
    staff.last_name = "Iemand Anders"
    staff.save()
    assert treaty.history.get().history_actor == "An Beheerder"


def test_somebody_deactivated_cannot_change_the_record(make_treaty: Callable[..., Treaty], staff: User) -> None:
    treaty = make_treaty()
    staff.is_active = False
    staff.save()
    with pytest.raises(Refused) as refused:
        actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, reason="x")
    assert [blocker.code for blocker in refused.value.blockers] == ["not_allowed"]


def test_somebody_who_changed_something_cannot_be_deleted(make_treaty: Callable[..., Treaty], staff: User) -> None:
    make_treaty()
    with pytest.raises(ProtectedError):
        staff.delete()
    assert User.objects.filter(username="staff").exists()


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_a_save_outside_a_change_is_refused_before_the_row_is_written() -> None:
    theme = a_theme()
    theme.name_en = "Nothing"
    with pytest.raises(NoChange):
        theme.save()
    assert a_theme().name_en == "Tourism"


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_the_reference_data_for_the_next(
    make_treaty: Callable[..., Treaty], django_db_blocker: DjangoDbBlocker
) -> None:
    make_treaty()
    assert Theme.objects.count() == 70
