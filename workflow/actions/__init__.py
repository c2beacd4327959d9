"""The only writes to the procedure. One function per verb: lock → check → do → record.

Lock order: the dossier, then the treaty. Whoever comes second waits, then sees what the first did.
"""

from workflow.actions.consents import ask_consent, decide_consent, withdraw_request
from workflow.actions.dossiers import (
    Finding,
    log_treaty,
    open_dossier,
    recompute,
    release_entity,
    requalify,
    require_entity,
)
from workflow.actions.events import Paper, correct_event, record_event
from workflow.actions.records import edit_records, save_basics

__all__ = [
    "Finding",
    "Paper",
    "ask_consent",
    "correct_event",
    "decide_consent",
    "edit_records",
    "log_treaty",
    "open_dossier",
    "recompute",
    "record_event",
    "release_entity",
    "requalify",
    "require_entity",
    "save_basics",
    "withdraw_request",
]
