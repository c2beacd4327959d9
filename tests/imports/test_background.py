"""Long work on a list: what the process does, and what a page can say of it."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from accounts.models import User
from audit.refusals import Conflict
from imports import actions, background
from imports.background import CONFIRM, JUDGE, Work
from imports.models import ImportRun
from tests.imports.lists import MESSY, as_csv, many
from treaties.models import Title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Any:
    """Where it is said how far the work is."""
    with override_settings(VAR_DIR=tmp_path):
        (tmp_path / "imports").mkdir()
        yield tmp_path / "imports"


@pytest.fixture
def run(staff: User) -> ImportRun:
    return actions.stage(actor=staff, file=io.BytesIO(as_csv(MESSY)), filename="x.csv", source="Archief")


def asked(folder: Path, run: ImportRun, work: Work) -> None:
    background._write(run.pk, work)


def test_a_small_list_is_judged_at_once(run: ImportRun, staff: User) -> None:
    judged = background.do(JUDGE, actor=staff, run=run)
    assert judged.state == "judged"
    assert background.look(run.pk) is None


def test_nobody_works_at_a_list_twice_at_once(run: ImportRun, staff: User) -> None:
    with background._locked(run.pk), pytest.raises(Conflict):
        background.do(JUDGE, actor=staff, run=run)
    background.do(JUDGE, actor=staff, run=run)


def test_the_process_judges_and_leaves_nothing_behind(folder: Path, run: ImportRun, staff: User) -> None:
    asked(folder, run, Work(JUDGE, staff.pk, "en"))
    call_command("import_work", str(run.pk))
    run.refresh_from_db()
    assert run.state == "judged"
    assert not (folder / f"{run.pk}.json").exists()
    call_command("import_work", str(run.pk))  # nothing is asked


def test_the_process_writes_the_list(folder: Path, staff: User) -> None:
    run = actions.stage(actor=staff, file=io.BytesIO(as_csv(many(3))), filename="x.csv", source="Archief")
    actions.judge(actor=staff, run=run)
    data = {"reason": "Overgenomen", "submission": str(uuid4())}
    asked(folder, run, Work(CONFIRM, staff.pk, "en", data))
    call_command("import_work", str(run.pk))
    run.refresh_from_db()
    assert run.state == "confirmed"
    assert Title.objects.filter(text__startswith="Verdrag nummer").count() == 3


def test_a_refusal_is_shown_on_the_page_with_what_was_typed(folder: Path, run: ImportRun, staff: User) -> None:
    actions.judge(actor=staff, run=run)
    data = {"reason": "Uit het archief", "submission": str(uuid4()), "without_refused": False}
    asked(folder, run, Work(CONFIRM, staff.pk, "en", data))
    call_command("import_work", str(run.pk))
    work = background.look(run.pk)
    assert work is not None
    assert (work.is_ended, work.is_running, work.was_interrupted) == (True, False, False)
    assert work.blockers
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    page = client.get(f"/import/{run.pk}/").content.decode()
    assert str(work.blockers[0].sentence) in page
    page = client.get(f"/import/{run.pk}/confirm/").content.decode()
    assert "Uit het archief" in page
    assert str(work.blockers[0].sentence) in page


def test_how_far_it_is_can_be_asked_and_that_it_stopped(folder: Path, run: ImportRun, staff: User) -> None:
    asked(folder, run, Work(JUDGE, staff.pk, "en", done=12_000, total=29_228))
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    with contextlib.ExitStack() as held:
        held.enter_context(background._locked(run.pk))
        page = client.get(f"/import/{run.pk}/").content.decode()
        assert "12,000 of 29,228 rows" in page
        piece = client.get(f"/import/{run.pk}/", headers={"HX-Request": "true"})
        assert "<html" not in piece.content.decode()
        assert "12,000 of 29,228 rows" in piece.content.decode()
    assert client.get(f"/import/{run.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = client.get(f"/import/{run.pk}/").content.decode()
    assert "The work stopped before its end" in page


def test_a_file_that_is_not_one_of_ours_is_no_work(folder: Path, run: ImportRun) -> None:
    for content in ("", "{", json.dumps({"other": 1}), json.dumps([])):
        (folder / f"{run.pk}.json").write_text(content)
        assert background.look(run.pk) is None


def test_progress_is_told_now_and_then(folder: Path, run: ImportRun, staff: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(background, "_EVERY", 0)
    tell = background._teller(run.pk, Work(JUDGE, staff.pk, "en"))
    for total, shown in ((5, 5), (0, 5)):
        tell(3, total)
        written = json.loads((folder / f"{run.pk}.json").read_text())
        assert (written["done"], written["total"]) == (3, shown)


def test_reading_a_file_has_no_limit_of_time_and_afterwards_pages_have_theirs_again() -> None:
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    before = limit()
    with background.unhurried():
        assert limit() == "0"
    assert limit() == before == "10s"
