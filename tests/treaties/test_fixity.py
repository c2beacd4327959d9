"""Files that are really damaged are found, each by its name."""

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from audit.models import VerificationRun
from tests.factories import add_pdf
from treaties.choices import DocumentKind
from treaties.models import Document, Treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents(staff: User, make_treaty: Callable[..., Treaty], settings: Any, tmp_path: Path) -> list[Document]:
    """Three files, the last of two documents; in a store of their own."""
    settings.MEDIA_ROOT = tmp_path
    one, other = make_treaty(), make_treaty()
    kept = [add_pdf(staff, one, DocumentKind.OTHER, words) for words in ("a", "b", "c")]
    return [*kept, add_pdf(staff, other, DocumentKind.OTHER, "c")]


def check() -> tuple[str, list[str]]:
    out, problems = StringIO(), StringIO()
    try:
        call_command("check_files", stdout=out, stderr=problems)
    except CommandError as error:
        return str(error), problems.getvalue().splitlines()
    return out.getvalue().strip(), problems.getvalue().splitlines()


def test_whole_files_are_told_and_kept(documents: list[Document], client: Client) -> None:
    assert check() == ("3 files of 4 documents are as they were stored.", [])
    run = VerificationRun.objects.get()
    assert (run.subject, run.ok, run.entries, run.rows, run.problem) == ("files", True, 3, 4, "")
    checks = json.loads(client.get("/readyz").content)["checks"]
    assert checks["files"].startswith("ok at ")
    assert checks["files"].endswith(", 3 files")
    assert checks["trail"] == "not verified yet"


def test_what_is_missing_changed_or_orphaned_is_named(
    documents: list[Document], tmp_path: Path, client: Client
) -> None:
    first, second, third, fourth = documents
    Path(first.file.path).unlink()
    content = bytearray(Path(second.file.path).read_bytes())
    content[20] ^= 1
    Path(second.file.path).write_bytes(content)
    with Path(third.file.path).open("ab") as file:
        file.write(b"x")
    orphan = Path(tmp_path, first.file.storage.save("ab/forgotten", ContentFile(b"x")))
    summary, problems = check()
    assert sorted(problems) == sorted(
        [
            f"missing: {first.file.name} (documents {first.pk})",
            f"changed: {second.file.name} (documents {second.pk})",
            f"changed: {third.file.name} (documents {third.pk}, {fourth.pk})",
        ]
    )
    assert summary == "3 findings in 2 files of 4 documents."
    # A file that was just written may belong to a transaction that is not over.
    os.utime(orphan, (1, 1))
    assert "orphaned: ab/forgotten" in check()[1]
    run = VerificationRun.objects.first()
    assert run is not None
    assert not run.ok
    assert run.problem.count("\n") == 3
    assert json.loads(client.get("/readyz").content)["checks"]["files"].startswith("not whole at ")
