"""The commands: what they tell, how they end, and what a killed one leaves behind."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from imports.choices import RunState
from imports.models import ImportRun, SourceKey
from treaties.models import SearchDocument, Title, Treaty

ROOT = Path(__file__).resolve().parents[2]
HEADER = "source,source_id,title,signed_on,parties\n"


def a_list(folder: Path, rows: str, name: str = "list.csv") -> str:
    path = folder / name
    path.write_text(HEADER + rows, encoding="utf-8")
    return str(path)


def test_a_list_goes_in_and_is_told_by_source(staff: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_treaties", a_list(tmp_path, "uk,1,Treaty on tin,1990-05-01,NLD\n"), username="staff")
    told = capsys.readouterr()
    assert "uk             1         0         0         0         0" in told.out
    assert "1 of 1 rows written" in told.err
    assert Treaty.objects.get().history.get().history_actor == "An Beheerder"


def test_a_dry_run_writes_nothing_and_the_report_can_be_brought_in_again(tmp_path: Path, db: None) -> None:
    file = a_list(tmp_path, "uk,1,Treaty on tin,1990-05-01,NLD\nuk,2,Treaty on zinc,1990-13-01,NLD\n")
    report = tmp_path / "refused.csv"
    call_command("import_treaties", file, dry_run=True, report=report)
    assert not Treaty.objects.exists()
    with report.open(encoding="utf-8", newline="") as read:
        (row,) = csv.DictReader(read)
    assert (row["row"], row["title"]) == ("3", "Treaty on zinc")
    assert row["reason"].startswith("[signed_on] ")
    with pytest.raises(CommandError):
        call_command("import_treaties", file)
    assert not Treaty.objects.exists()
    with pytest.raises(SystemExit) as end:
        call_command("import_treaties", file, without_refused=True)
    assert end.value.code == 3
    report.write_text(report.read_text(encoding="utf-8").replace("1990-13-01", "1990-12-01"), encoding="utf-8")
    call_command("import_treaties", str(report))
    assert Treaty.objects.count() == 2


def test_columns_source_and_person_are_told(tmp_path: Path, db: None) -> None:
    path = tmp_path / "x.csv"
    path.write_text("what;when\nTreaty on tin;1990\n", encoding="utf-8")
    call_command("import_treaties", str(path), columns=["what=title", "when=signed_on"], source="old")
    assert Title.objects.get().text == "Treaty on tin"
    assert SourceKey.objects.get().source == "old"
    for wrong in ({"columns": ["what"]}, {"username": "nobody"}, {"encoding": "nonsense"}):
        with pytest.raises(CommandError):
            call_command("import_treaties", str(path), source="old", **wrong)
    with pytest.raises(CommandError):
        call_command("import_treaties", str(tmp_path / "none.csv"))


def test_participation_registers_what_is_missing(tmp_path: Path, db: None) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "source,treaty_id,treaty_title,party,bound_on,bound_by\nun,1,Convention on salt,France,1990-05-01,accession\n",
        encoding="utf-8",
    )
    with pytest.raises(CommandError):
        call_command("import_participation", str(path))
    call_command("import_participation", str(path), register_missing=True)
    assert Treaty.objects.get().acts.get().party.code == "FR"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_half_written(tmp_path: Path) -> None:
    rows = "".join(f"uk,{n},Treaty number {n} on the exchange of tin,1990-05-01,NLD;FRA;DEU\n" for n in range(1_500))
    file = a_list(tmp_path, rows)
    # The command on the database of the tests.
    program = (
        "import django\ndjango.setup()\nfrom django.db import connection\n"
        f"connection.settings_dict['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "from django.core.management import call_command\n"
        f"call_command('import_treaties', {file!r})\n"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, env=env, cwd=ROOT)
    assert process.stderr is not None
    told = b""
    while b"rows written" not in told and process.poll() is None:
        told += os.read(process.stderr.fileno(), 4_096)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert process.returncode == -signal.SIGKILL, told[-2_000:].decode()
    time.sleep(0.5)
    for model in (Treaty, Title, SearchDocument, SourceKey, Treaty.history.model, Title.history.model):
        assert model._default_manager.count() == 0, model
    # What was judged is still there: it is confirmed without reading the file again.
    run = ImportRun.objects.get()
    assert (run.state, run.counts) == (RunState.JUDGED, {"new": 1_500})
    call_command("import_treaties", file)
    run.refresh_from_db()
    assert (run.state, Treaty.objects.count(), ImportRun.objects.count()) == (RunState.CONFIRMED, 1_500, 1)
