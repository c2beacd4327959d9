"""Records changed, alone or several at once, as far as their dossiers allow."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.models import User
from treaties import actions as record
from treaties import bulk_edit_actions
from treaties.bulk_edit import BulkEdit
from treaties.models import Treaty
from workflow.record_guards import objections, objections_to


def edit_records(
    *, actor: User, edit: BulkEdit, versions: Mapping[str, int], reason: str, submission: UUID | None = None
) -> list[Treaty]:
    """`treaties.bulk_edit_actions.edit_records`, refused too for what a dossier says otherwise.

    Dossiers are read under the locks of their treaties, and not locked: a dossier is qualified otherwise with both
    held, and its treaty always waits for this change or this change for it.
    """
    return bulk_edit_actions.edit_records(
        actor=actor, edit=edit, versions=versions, reason=reason, submission=submission, objections=objections
    )


def save_basics(**said: Any) -> Treaty:
    """`treaties.actions.save_basics` (which see), refused too for what a dossier of the treaty says otherwise.

    The dossiers are read under the lock of the treaty, as `edit_records` does.
    """
    return record.save_basics(**said, objections=objections_to)
