"""One entry for each change, in the same transaction, that commits to every row of it."""

import json
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from audit import rows, trail
from audit.actions import change
from audit.canonical import entry_hash, name_digest
from audit.choices import Action, Mark
from audit.models import Change, RowShape, TrailEntry, TrailName
from treaties.models import Theme, Treaty

pytestmark = pytest.mark.django_db


def last() -> TrailEntry:
    return TrailEntry.objects.latest("seq")


def test_a_change_leaves_one_entry_that_holds_the_hash_of_the_one_before(
    make_treaty: Callable[..., Treaty], staff: User
) -> None:
    before = last()
    treaty = make_treaty()
    entry = last()
    made = Change.objects.latest("at")
    assert (entry.seq, entry.prev, entry.change) == (before.seq + 1, before.hash, made)
    assert (entry.actor, entry.role, entry.action) == (str(staff.pk), "staff", "treaty.register")
    assert (entry.object_type, entry.object_key, entry.object_reference) == (
        "treaties.Treaty",
        str(treaty.pk),
        treaty.reference,
    )
    assert entry.hash == entry_hash(trail.said(entry))
    name = TrailName.objects.get(digest=entry.name)
    assert (name.name, name_digest(name.salt, "An Beheerder")) == ("An Beheerder", entry.name)
    listed = {tuple(row[:3]) for row in entry.payload_value["rows"]}
    assert ("audit_change", str(made.pk), "") in listed
    assert ("treaties_historicaltreaty", str(treaty.history.get().pk), "+") in listed
    assert len(listed) == 1 + 1 + treaty.titles.count() + treaty.party_links.count() + treaty.theme_links.count()


def test_what_follows_of_the_same_object_names_what_was_said_before(
    make_treaty: Callable[..., Treaty], staff: User
) -> None:
    treaty = make_treaty()
    first = last()
    with change(staff, action=Action.TREATY_EDIT, reason="x"):
        treaty.save()
    assert (first.before, last().before) == ("", first.after)
    assert last().after != first.after


def test_nothing_of_a_change_that_fails_stays_in_the_chain(staff: User) -> None:
    before = last()
    with pytest.raises(RuntimeError), change(staff, action=Action.REFERENCE_EDIT, reason="x"):
        raise RuntimeError
    assert last() == before


def test_the_digest_of_a_row_is_over_its_named_columns(staff: User) -> None:
    import hashlib

    theme = Theme.objects.first()
    with change(staff, action=Action.REFERENCE_EDIT, reason="x"):
        theme.save()
    (row,) = [row for row in last().payload_value["rows"] if row[0] == "treaties_historicaltheme"]
    shape = RowShape.objects.get(pk=last().payload_value["tables"][row[0]]["shape"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(t) - 'history_actor' FROM treaties_historicaltheme t WHERE history_id = %s", [row[1]]
        )
        (value,) = cursor.fetchone()
        assert sorted(json.loads(value)) == shape.columns
        cursor.execute("SELECT (%s::jsonb)::text", [value])
        assert hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest() == row[3]


def test_the_tables_of_the_trail_are_found_by_what_they_are() -> None:
    tables = {one.table for one in rows.kept()}
    assert {"audit_change", "workflow_event", "workflow_eventact", "workflow_decision"} <= tables
    assert {"audit_trailentry", "imports_importrun"} & tables == set()


def test_a_note_is_an_entry_without_a_change(staff: User) -> None:
    trail.note(actor=staff, action=Mark.EXPORT, about=("treaties", ""), payload={"rows": 3})
    assert (last().action, last().change, last().payload) == ("export", None, '{"rows":3}')


def test_what_has_no_canonical_form_is_refused(staff: User) -> None:
    with pytest.raises(ValueError, match="float"):
        trail.note(actor=staff, action=Mark.EXPORT, payload={"rows": 0.5})
