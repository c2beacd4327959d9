"""Out, into an empty register, and out again: the same bytes."""

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from accounts.actions import service_account
from accounts.demo import demo_people
from audit.actions import change
from audit.choices import Action
from audit.models import Change
from tests.imports.exchange import records
from tests.imports.exchange.conftest import Bytes, back, everything, out, own_files, undone
from treaties import queries
from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Act, Document, SearchDocument, Title, Treaty
from workflow.loading import cases, demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def exported(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The real treaties, the demonstration and the full treaty, exported from a register that is gone now."""
    folder = tmp_path_factory.mktemp("export") / "register"
    with django_db_blocker.unblock(), undone():
        cases.load()
        assert demo_people()
        assert demo.load()
        records.full()
        out(folder)
    return folder


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_same_bytes_come_out_of_the_register_that_was_filled(
    exported: Path, round_trip: Callable[[Path, str], Bytes], form: str
) -> None:
    first, again = everything(exported), round_trip(exported, form)
    assert sorted(again) == sorted(first)
    assert [name for name in first if again[name] != first[name]] == []
    assert len(first) > 15


def test_what_was_filled_is_the_record_and_not_only_its_files(exported: Path, tmp_path: Path) -> None:
    with undone(), own_files(tmp_path):
        back(exported)
        treaty = Treaty.objects.get(reference=records.FULL)
        assert (treaty.summary_nl, treaty.version, treaty.access) == (records.AWKWARD, 1, "public")
        assert (treaty.department_id, treaty.department.name_en) == ("DEP-1", "=1")
        assert [act.when.iso for act in treaty.acts.all()] == ["2006-12", "2007", "2007-01-01", ""]
        assert treaty.acts.get(is_retracted=True).document.replaces.kind == "preliminary_draft"
        objection = treaty.declarations.get(kind="objection")
        assert (objection.objects_to.party.code, objection.objects_to.withdrawn.iso) == ("FR", "2012")
        assert {relation.other.reference for relation in treaty.relations.exclude(other=None)} == {records.OTHER}
        document = treaty.documents.get(kind="finance_advice")
        with document.file.open() as file:
            assert file.read() == (exported / "files" / document.sha256).read_bytes()
        assert SearchDocument.objects.count() == Treaty.objects.count() > 40
        full = queries.page(service_account(), records.FULL)
        assert full
        assert full.standing.status


def test_the_history_begins_with_one_change_that_names_the_file(exported: Path, tmp_path: Path) -> None:
    with undone(), own_files(tmp_path):
        before = Change.objects.count()
        done = back(exported)
        assert Change.objects.count() == before + 1
        made = Change.objects.get(action=Action.REGISTER_RESTORE)
        assert made.reason == f"register.jsonl, SHA-256 {done.sha256}"
        for model in (Treaty, Act, Document):
            lines = model.history.filter(history_change=made, history_type="+", history_change_reason=made.reason)
            assert lines.count() == model.objects.count()
        treaty = Treaty.objects.get(reference=records.FULL)
        assert treaty.history.get().summary_nl == records.AWKWARD


def test_json_and_csv_say_the_same(exported: Path) -> None:
    header, *lines = (json.loads(line) for line in (exported / "register.jsonl").read_text().split("\n")[:-1])
    assert header["counts"]["treaties"] == sum(line["record"] == "treaty" for line in lines)
    assert header["counts"]["acts"] == sum(len(line.get("acts", ())) for line in lines) > 100
    assert len(list((exported / "files").iterdir())) > 10


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=80)
WORDS = TEXT.filter(lambda text: re.search(r"[A-Za-z0-9]", text) is not None)
DATES = st.builds(PartialDate, st.dates(), st.sampled_from(list(Precision)[:3]))


@settings(max_examples=6)
@given(summary=TEXT, title=WORDS, note=TEXT, when=st.just(UNKNOWN) | DATES)
def test_whatever_the_register_holds_comes_back(summary: str, title: str, note: str, when: PartialDate) -> None:
    with tempfile.TemporaryDirectory() as name:
        first, again = Path(name) / "first", Path(name) / "again"
        with undone():
            with change(service_account(), action=Action.TREATY_REGISTER, reason="test"):
                treaty = Treaty(reference="T0000001", kind="treaty", summary_nl=summary)
                treaty.save()
                Title(treaty=treaty, language="nl", text=title).save()
                Act(treaty=treaty, kind="signature", note=note, on=when.on, precision=when.precision).save()
            out(first)
        for form in ("json", "csv"):
            with undone():
                back(first, form)
                held = Treaty.objects.get(reference="T0000001")
                assert (held.summary_nl, held.titles.get().text, held.acts.get().note) == (summary, title, note)
                assert held.acts.get().when.iso == when.iso
                out(again / form)
            assert everything(again / form) == everything(first)
