"""Exports made of real treaties, and registers that are empty again: on PostgreSQL, rolled back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import override_settings

from accounts.actions import service_account
from imports.exchange.export import Exported, export
from imports.exchange.opening import opened
from imports.exchange.restoring import Restored, restore

Bytes = dict[str, bytes]


def everything(folder: Path) -> Bytes:
    """Path within the folder → bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def out(folder: Path, *, public_only: bool = False, form: str = "both") -> Exported:
    return export(folder, person=AnonymousUser() if public_only else service_account(), form=form)


def back(path: Path, form: str = "", *, dry_run: bool = False) -> Restored:
    return restore(opened(path, form), actor=service_account(), dry_run=dry_run)


@contextmanager
def undone() -> Iterator[None]:
    """A register for a moment: what is written inside is gone afterwards, checked as at the end of a transaction."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def own_files(folder: Path) -> Iterator[None]:
    """Another machine: its store of files is empty."""
    with override_settings(MEDIA_ROOT=folder):
        yield


@pytest.fixture
def round_trip(tmp_path: Path) -> Callable[[Path, str], Bytes]:
    """Restore an export into the empty register, on a machine without its files, and export that again."""

    def there_and_back(folder: Path, form: str) -> Bytes:
        again = tmp_path / f"again-{form}"
        with undone(), own_files(tmp_path / f"store-{form}"):
            back(folder, form)
            out(again)
        return everything(again)

    return there_and_back
