"""Putting back what one change did to many records, as a correction of its own: history only grows.

New treaties cannot be deleted: they become internal, say in their note that they were taken back, and lose their
parties, themes and numbers; their acts are retracted. What a record held before comes back from its history rows.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.models import Change
from treaties import bulk_rows, search_bulk
from treaties.actions import require, stated
from treaties.choices import Access
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    Relation,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)

_AT_ONCE = 500
_LINKS: tuple[type[Model], ...] = (TreatyParty, TreatyTheme, Identifier)
_TAKEN_OUT: tuple[type[Model], ...] = (*_LINKS, Title)
_RESTORED: tuple[type[Model], ...] = (Title, Act, *_LINKS)
# All that hangs on a treaty and has a history: who changed any of it since, changed the record.
_PARTS: tuple[type[Model], ...] = (*_LINKS, Title, Act, Relation, Document, ForceClause, Declaration)


@dataclass
class Reverted:
    """Primary keys of the treaties that were put back, and of those left because something changed them since."""

    put_back: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def revert(*, actor: User, of: Change, keep: Collection[int] = (), note: str, reason: str) -> Iterator[Reverted]:
    """Put back what the change `of` did, some hundred treaties at a time; to be gone through inside one change.

    `keep` are treaties to leave as they are, whatever happened to them; `note` is added to treaties that the change
    registered. What was changed since by another change is left.
    """
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    keys = sorted(_touched(of))
    with change(actor, action=Action.IMPORT_UNDO, reason=reason):
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            list(Treaty.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
            left = _changed_since(of, some) | (set(some) & set(keep))
            back = [key for key in some if key not in left]
            _put_back(of, back, note)
            search_bulk.refresh_many(back)
            yield Reverted(back, sorted(left))


def _rows(model: type[Model]) -> Any:
    return model.history.model.objects  # type: ignore[attr-defined]


def _touched(of: Change) -> set[int]:
    keys = set(_rows(Treaty).filter(history_change=of).values_list("id", flat=True))
    for part in _PARTS:
        keys |= set(_rows(part).filter(history_change=of).values_list("treaty", flat=True))
    return keys


def _changed_since(of: Change, keys: Collection[int]) -> set[int]:
    later = {"history_date__gte": of.at}
    found = set(_rows(Treaty).filter(id__in=keys, **later).exclude(history_change=of).values_list("id", flat=True))
    for part in _PARTS:
        rows = _rows(part).filter(treaty__in=keys, **later).exclude(history_change=of)
        found |= set(rows.values_list("treaty", flat=True))
    return found


def _put_back(of: Change, keys: Collection[int], note: str) -> None:
    new = set(_rows(Treaty).filter(history_change=of, id__in=keys, history_type="+").values_list("id", flat=True))
    for model in _LINKS:
        _take_out(model, _made(model, of, keys))
    _take_out(Title, _made(Title, of, set(keys) - new))
    _retract(_made(Act, of, keys))
    for model in _TAKEN_OUT:
        for told in _rows(model).filter(history_change=of, treaty__in=keys, history_type="-"):
            told.instance.save(force_insert=True)
    for model in _RESTORED:
        for told in _rows(model).filter(history_change=of, treaty__in=keys, history_type="~").order_by("history_id"):
            _restore(model, told)
    for told in _rows(Treaty).filter(history_change=of, id__in=set(keys) - new, history_type="~"):
        _restore(Treaty, told)
    _withdraw(new, note)


def _made(model: type[Model], of: Change, keys: Collection[int]) -> list[int]:
    told = _rows(model).filter(history_change=of, treaty__in=keys, history_type="+")
    return list(told.values_list("id", flat=True))


def _take_out(model: type[Model], keys: list[int]) -> None:
    bulk_rows.write_history(model, keys, "-")
    rows = model._default_manager.filter(pk__in=keys)
    rows._raw_delete(rows.db)


def _retract(keys: list[int]) -> None:
    Act.objects.filter(pk__in=keys).update(is_retracted=True)
    bulk_rows.write_history(Act, keys, "~")


def _restore(model: type[Model], told: Any) -> None:
    """The row as it was before `told`; its version goes on counting."""
    before = _rows(model).filter(id=told.id, history_id__lt=told.history_id).order_by("-history_id").first()
    row = model._default_manager.filter(pk=told.id).first()
    if before is None or row is None:
        return
    kept = {"id", "version", "changed_at", "created_at"}
    for column in (one.attname for one in model._meta.concrete_fields if one.name not in kept):
        setattr(row, column, getattr(before, column))
    if isinstance(row, Treaty):
        row.version += 1
    row.save()


def _withdraw(keys: Collection[int], note: str) -> None:
    """Treaties that the change registered: seen by the Government only, and said to be taken back."""
    if not keys:
        return
    now = timezone.now()
    for row in Treaty.objects.filter(pk__in=keys).only("pk", "note"):
        text = "\n".join(filter(None, (note, row.note)))[:10_000]
        Treaty.objects.filter(pk=row.pk).update(
            note=text, access=Access.GOVERNMENT, version=F("version") + 1, changed_at=now
        )
    bulk_rows.write_history(Treaty, keys, "~")
