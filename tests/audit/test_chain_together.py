"""Several people at once: one chain, without a fork or a gap; and a change with very many rows."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, connections

from accounts.models import User
from audit import rows, trail
from audit.actions import change
from audit.choices import Action, Mark
from audit.models import TrailEntry
from audit.verification import verify
from treaties.models import Theme, Treaty


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_leave_one_chain(staff: User) -> None:
    themes = list(Theme.objects.order_by("pk")[:8])
    before = TrailEntry.objects.count()
    together = threading.Barrier(8)
    failed: list[BaseException] = []

    def write(theme: Theme) -> None:
        try:
            together.wait()
            for _ in range(5):
                with change(staff, action=Action.REFERENCE_EDIT, reason="x"):
                    theme.save()
                trail.note(actor=staff, action=Mark.EXPORT)
        except BaseException as error:  # noqa: BLE001 (told by the test)
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(theme,)) for theme in themes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert TrailEntry.objects.count() == before + 80
    report = verify()
    assert (report.problems, report.last_seq) == ([], before + 80)


@pytest.mark.django_db
def test_a_change_of_many_rows_keeps_only_roots(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 7)
    themes = list(Theme.objects.all())
    with change(staff, action=Action.REFERENCE_EDIT, reason="x"):
        for theme in [*themes, *themes]:
            theme.save()
    entry = TrailEntry.objects.latest("seq")
    assert "rows" not in entry.payload_value
    assert {table: said["n"] for table, said in entry.payload_value["tables"].items()} == {
        "audit_change": 1,
        "treaties_historicaltheme": 140,
    }
    assert (entry.object_type, entry.object_key, len(entry.payload) < 600) == ("treaties.Theme", "", True)
    assert verify().problems == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE treaties_historicaltheme SET name_en = 'x' WHERE history_id = "
            "(SELECT max(history_id) FROM treaties_historicaltheme)"
        )
    assert [(problem.seq, problem.code) for problem in verify().problems] == [(entry.seq, "rows")]


@pytest.mark.django_db
def test_a_row_that_is_slipped_into_a_change_is_found(make_treaty: Callable[..., Treaty]) -> None:
    make_treaty()
    entry = TrailEntry.objects.latest("seq")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO treaties_historicaltheme SELECT (jsonb_populate_record(t, jsonb_build_object("
            "'history_id', 999999, 'history_change_id', %s::text))).* FROM treaties_historicaltheme t LIMIT 1",
            [str(entry.change_id)],
        )
    report = verify()
    assert report.first
    assert (report.first.seq, "999999" in report.first.sentence) == (entry.seq, True)


@pytest.mark.django_db
def test_after_a_new_column_older_rows_still_compare(
    make_treaty: Callable[..., Treaty], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shape of the time says which columns went in: here one of now was not there yet."""
    now = rows.kept()
    table = "treaties_historicaltreaty"
    then = tuple(
        replace(one, columns=tuple(name for name in one.columns if name != "note")) if one.table == table else one
        for one in now
    )
    monkeypatch.setattr(rows, "kept", lambda: then)
    trail.write_shapes()
    make_treaty()
    monkeypatch.setattr(rows, "kept", lambda: now)
    assert verify().problems == []
    assert verify().notes == []
