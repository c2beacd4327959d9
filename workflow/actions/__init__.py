"""The only writes to the procedure. One function per verb: lock → check → do → record.

The lock order, for all of the register; who takes two of these takes them in this order, and keeps them to the end:

1. the dossier (`recording.lock`); of several, by their keys;
2. its treaties (`recording.lock_treaties`, `treaties.actions.lock`); of several, by their keys;
3. a delegation (`delegations.hold`: an advisory lock);
4. what hangs on them is written without a lock of its own.

An import is confirmed alone (an advisory lock), then locks its run, then treaties; it locks no dossier. Whoever comes
second waits, then sees what the first did. The trigger `four_eyes_of_decision` takes 1 to 3 again, for raw SQL.
"""

from workflow.actions.consents import ask_consent, decide_consent, withdraw_request
from workflow.actions.delegations import give_delegation, revoke_delegation
from workflow.actions.dossiers import (
    Finding,
    log_treaty,
    open_dossier,
    recompute,
    release_entity,
    requalify,
    require_entity,
    set_access,
)
from workflow.actions.embargo import release_events
from workflow.actions.events import Paper, correct_event, record_event
from workflow.actions.records import edit_records, save_basics

__all__ = [
    "Finding",
    "Paper",
    "ask_consent",
    "correct_event",
    "decide_consent",
    "edit_records",
    "give_delegation",
    "log_treaty",
    "open_dossier",
    "recompute",
    "record_event",
    "release_entity",
    "release_events",
    "requalify",
    "require_entity",
    "revoke_delegation",
    "save_basics",
    "set_access",
    "withdraw_request",
]
