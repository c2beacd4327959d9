"""The command: what it says, and how it refuses."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from tests.imports.decrees.rows import CLUSTER, INTRA, row, write
from treaties.models import Treaty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(_in_dutch: None) -> None:
    translation.activate("en")


def command(*args: Any, **options: Any) -> tuple[str, str]:
    """What it wrote to stdout and stderr."""
    out, err = StringIO(), StringIO()
    call_command("import_assent_decrees", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [row("2009035677", CLUSTER, signed_on="2008-05-30"), row("2013036094", INTRA, intra_belgian="yes")]
    return write(tmp_path / "decrees.csv", rows)


def test_it_tells_its_progress_and_what_it_did(file: Path, tmp_path: Path, administrator: User) -> None:
    out, err = command(file, report=tmp_path / "report.csv", username="administrator")
    assert "written: 1 of 1 treaties" in err
    assert "treaties registered: 1\n" in out
    assert "assent_event: 1\nleft_out: 1\n" in out
    assert (tmp_path / "report.csv").read_text(encoding="utf-8").count("\n") == 3
    out, _err = command(file)
    assert out.endswith("0 changes.\n")


def test_a_dry_run_says_so(file: Path) -> None:
    out, _err = command(file, dry_run=True)
    assert out.startswith("Nothing was written: this is what would be done.\n")
    assert not Treaty.objects.exists()


def test_answers_are_read(file: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("eli_a,eli_b,same\na,b,maybe\n", encoding="utf-8")
    with pytest.raises(CommandError, match="says neither yes nor no"):
        command(file, answers=answers)


def test_refusals_are_sentences(file: Path, tmp_path: Path, staff: User) -> None:
    with pytest.raises(CommandError, match="There is no user “nobody”"):
        command(file, username="nobody")
    with pytest.raises(CommandError, match="You may not"):
        command(file, username="staff")
    with pytest.raises(CommandError, match="cannot be opened"):
        command(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="The report cannot be written"):
        command(file, report=tmp_path / "no" / "folder.csv")
