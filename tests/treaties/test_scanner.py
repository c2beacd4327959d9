"""The virus scanner, over real sockets; whatever it does that is no clear verdict, nothing is stored."""

import hashlib
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from audit.canonical import digest
from audit.models import TrailEntry
from audit.refusals import Refused
from tests.factories import add_pdf, pdf
from tests.treaties.fake_clamd import Clamd, clamd
from treaties import scanner
from treaties.choices import DocumentKind
from treaties.files import checked
from treaties.models import Document, Treaty

FOUND = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"


@pytest.fixture
def daemon(settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    with clamd() as one:
        settings.CLAMAV_ADDRESS, settings.CLAMAV_SECONDS = one.address, 5
        settings.QUARANTINE_DIR = str(tmp_path / "quarantine")
        yield one


def test_without_a_scanner_nobody_is_asked() -> None:
    assert not scanner.is_on()
    assert scanner.signature(b"x") == ""


def test_a_clean_file_is_sent_whole_and_taken(daemon: Clamd) -> None:
    content = pdf("x" * 200_000)
    assert checked("a.pdf", content) == "application/pdf"
    assert daemon.got == [content]


def test_over_a_socket_in_a_folder(settings: Any, tmp_path: Path) -> None:
    with clamd(tmp_path / "c") as one:
        settings.CLAMAV_ADDRESS = f"unix:{one.address}"
        assert scanner.signature(b"x") == ""
        assert scanner.told() == "ok"
    assert scanner.told() == "does not answer"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"stream: OK",
        b"\xff\xfe\0",
        b"HTTP/1.1 400 Bad Request\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK FOUND ERROR\0",
        b"x" * 5_000,
    ],
)
@pytest.mark.django_db
def test_no_clear_verdict_and_nothing_is_stored(
    daemon: Clamd, settings: Any, staff: User, make_treaty: Callable[..., Treaty], answer: bytes | None
) -> None:
    treaty, daemon.answer, settings.CLAMAV_SECONDS = make_treaty(), answer, 0.3
    with pytest.raises(Refused, match="file_unchecked") as refused:
        add_pdf(staff, treaty, DocumentKind.OTHER, "unchecked")
    assert "Er is niets bewaard" in str(refused.value.blockers[0].sentence) or "try again" in str(
        refused.value.blockers[0].sentence
    )
    assert not Document.objects.exists()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/no/such/socket", "nonsense", "127.0.0.1:http"])
def test_a_scanner_that_is_not_there(settings: Any, address: str) -> None:
    settings.CLAMAV_ADDRESS, settings.CLAMAV_SECONDS = address, 1
    with pytest.raises(Refused, match="file_unchecked"):
        checked("a.pdf", pdf())
    assert scanner.told() == "does not answer"


@pytest.mark.django_db
def test_an_infected_file_is_refused_kept_apart_and_told(
    daemon: Clamd, settings: Any, staff: User, make_treaty: Callable[..., Treaty]
) -> None:
    treaty, daemon.answer = make_treaty(), FOUND
    for _ in range(2):
        with pytest.raises(Refused, match="file_infected"):
            add_pdf(staff, treaty, DocumentKind.OTHER, "infected")
    assert not Document.objects.exists()
    sha256 = hashlib.sha256(daemon.got[0]).hexdigest()
    folder = Path(settings.QUARANTINE_DIR)
    assert (folder / sha256).read_bytes() == daemon.got[0]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    notes = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    assert [(one["name"], one["actor"], one["signature"], one["sha256"]) for one in notes] == [
        ("other.pdf", "staff", "Win.Test.EICAR_HDB-1", sha256)
    ] * 2
    entries = TrailEntry.objects.filter(action="upload.quarantine")
    assert [(one.actor, one.object_key) for one in entries] == [(str(staff.pk), sha256)] * 2
    assert entries[0].payload_value["signature"] == "Win.Test.EICAR_HDB-1"
    assert entries[0].payload_value["name"] == digest("other.pdf")


@pytest.mark.django_db
def test_the_trail_is_told_also_when_the_quarantine_is_full(
    daemon: Clamd, settings: Any, staff: User, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.QUARANTINE_DIR, daemon.answer = str(tmp_path / "file"), FOUND
    with pytest.raises(Refused, match="file_infected"):
        checked("a.pdf", pdf(), actor=staff)
    assert TrailEntry.objects.filter(action="upload.quarantine").count() == 1
