"""Files in which the virus scanner found something: kept apart, for who looks into it, and never served.

Each stands in `settings.QUARANTINE_DIR` under its SHA-256, with beside it `<hash>.<moment>.json`: who sent it, when,
under which name, and what was found. Nobody but the system user of the register reads them (mode 0600).
"""

import hashlib
import json
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from audit import trail
from audit.canonical import digest
from audit.choices import Mark

logger = logging.getLogger(__name__)


def keep(*, actor: User | None, filename: str, content: bytes, signature: str) -> Path:
    """Put the bytes apart and tell it in the trail. Where they are.

    The trail can never be erased, so it has the digest of the name (canonical form); the name itself is in the note
    beside the file. A disk that is full does not let the file through: the trail is told all the same.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    folder = Path(settings.QUARANTINE_DIR)
    at = datetime.now(UTC)
    note: dict[str, Any] = {
        "sha256": sha256,
        "size": len(content),
        "name": filename,
        "signature": signature,
        "at": at.isoformat(),
        "actor": actor.get_username() if actor else "",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(folder / sha256, content)
        _write(folder / f"{sha256}.{at:%Y%m%dT%H%M%S%f}.json", json.dumps(note, ensure_ascii=True, indent=1).encode())
    except OSError:
        logger.exception("An infected file could not be put in quarantine: %s", sha256)
    logger.warning("Infected file refused: sha256 %s, %s", sha256, signature)
    payload = {"sha256": sha256, "size": len(content), "signature": signature, "name": digest(filename)}
    trail.note(actor=actor, action=Mark.QUARANTINE, about=("file", sha256), payload=payload)
    return folder / sha256


def _write(path: Path, content: bytes) -> None:
    """Once: what has this name already is the same."""
    with suppress(FileExistsError), open(path, "xb", opener=_private) as file:
        file.write(content)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
