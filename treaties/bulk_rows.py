"""Many rows at once: COPY into a table, and their history rows made by the database from what it holds.

The history rows are those that `audit.models.Trail` would have written one by one, with the actor, role, action
and reason of the open change; `tests/treaties/test_bulk_actions.py` compares them column by column.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from audit.context import current_change


def write(rows: Sequence[models.Model]) -> None:
    """New rows of one model, with their history. Sets their primary keys. Outside a change raises `NoChange`."""
    if not rows:
        return
    model = type(rows[0])
    current_change()
    _number(model, rows)
    _copy(model, rows)
    write_history(model, [row.pk for row in rows], "+")


def write_history(model: type[models.Model], keys: Iterable[int], kind: str) -> None:
    """A history row of `kind` (`+`, `~`, `-`) for each of the rows, as they stand in the table now."""
    change = current_change()
    history: type[models.Model] = model.history.model  # type: ignore[attr-defined]
    own = {field.column for field in model._meta.concrete_fields}
    copied = [str(field.column) for field in history._meta.concrete_fields if field.column in own]
    stamp = {
        "history_date": timezone.now(),
        "history_change_reason": change.reason,
        "history_type": kind,
        "history_user_id": change.actor_id,
        "history_actor": change.actor_name,
        "history_role": change.role,
        "history_action": change.action,
        "history_change_id": change.pk,
    }
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {}, {} FROM {} WHERE {} = ANY(%s) ORDER BY {}").format(
        sql.Identifier(history._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(name) for name in (*copied, *stamp)]),
        sql.SQL(", ").join([sql.Identifier(name) for name in copied]),
        sql.SQL(", ").join(sql.Placeholder() for _ in stamp),
        sql.Identifier(model._meta.db_table),
        sql.Identifier(_key(model)),
        sql.Identifier(_key(model)),
    )
    with connection.cursor() as cursor:
        values: list[Any] = [*stamp.values(), list(keys)]
        cursor.execute(statement, values)


def _number(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Keys from the table's own sequence, so that rows written otherwise never meet them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, _key(model), len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = model._meta.concrete_fields
    values = [_reader(field) for field in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
    )
    connection.ensure_connection()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([value(row) for value in values])


def _reader(field: Any) -> Callable[[models.Model], Any]:
    """What COPY writes of a field; texts, numbers and dates go as they are, which is most of them."""
    name = field.attname
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda row: field.pre_save(row, True)
    if isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField):
        return lambda row: str(getattr(row, name))
    if isinstance(field, models.ForeignKey | models.BooleanField | models.DateField | models.IntegerField):
        return lambda row: getattr(row, name)
    return lambda row: field.get_db_prep_save(getattr(row, name), connection)


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)
