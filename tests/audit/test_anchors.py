"""The root of each day outside the database: one file a day, an entry for each, and a mail where asked."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from audit import anchors, trail
from audit.choices import Mark
from audit.models import TrailEntry
from audit.verification import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")
    settings.AUDIT_ANCHOR_MAIL = ["archive@example.org"]
    return tmp_path / "anchors"


@pytest.fixture
def yesterday(folder: Path, staff: User) -> str:
    """All there is becomes an entry of yesterday; one of today follows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; DELETE FROM audit_trailentry")
        trail.begin(staff)
        first = TrailEntry.objects.get()
        first.at = datetime.now(UTC) - timedelta(days=1)
        cursor.execute(
            "UPDATE audit_trailentry SET at = %s, hash = %s",
            [first.at, trail.entry_hash(trail.said(first))],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    trail.note(actor=staff, action=Mark.EXPORT)
    return first.at.date().isoformat()


def test_a_day_that_is_over_is_anchored_once(folder: Path, yesterday: str) -> None:
    call_command("audit", "anchor")
    call_command("audit", "anchor")
    (path,) = folder.iterdir()
    first = TrailEntry.objects.get(seq=1)
    assert path.name == f"trail-{yesterday}-000000000001.json"
    said = json.loads(path.read_bytes())
    assert (said["day"], said["first"], said["last"], said["head"], said["closed"]) == (
        yesterday,
        1,
        1,
        first.hash,
        True,
    )
    assert TrailEntry.objects.get(action="trail.anchor").payload_value == said
    (sent,) = mail.outbox
    assert (sent.to, said["root"] in str(sent.body)) == (["archive@example.org"], True)
    assert verify(folder=folder).problems == []


def test_an_anchor_is_never_overwritten(folder: Path, yesterday: str) -> None:
    folder.mkdir()
    (folder / f"trail-{yesterday}-000000000001.json").write_text("{}")
    count = TrailEntry.objects.count()
    with pytest.raises(CommandError, match="something else"):
        call_command("audit", "anchor")
    assert TrailEntry.objects.count() == count


def test_each_entry_of_today_is_proven(folder: Path, yesterday: str) -> None:
    (made,) = [one for one in anchors.anchor(today=True) if not one.closed]
    proof = anchors.proof(TrailEntry.objects.get(seq=2))
    assert (proof["index"], made.first, made.last) == (0, 2, 2)
