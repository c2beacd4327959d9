"""What goes out, for whom, and where to."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actions import service_account
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from imports.exchange.snapshot import Lossy, Snapshot
from tests import factories
from tests.imports.exchange import records
from tests.imports.exchange.conftest import back, everything, out, own_files, undone
from treaties.actions import record_act, relate, retract_act
from treaties.choices import Access, ActKind, DocumentKind, RelationKind
from treaties.models import Act, Document, Party, Relation, Theme, Treaty
from workflow.loading import cases
from workflow.loading.cases import FOLDER

pytestmark = pytest.mark.usefixtures("reference_data")
MakeTreaty = Callable[..., Treaty]
SECRET = "GEHEIM"


def treaties(folder: Path) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in (folder / "register.jsonl").read_text(encoding="utf-8").split("\n")[:-1])
    return [line for line in lines if line["record"] == "treaty"]


@pytest.fixture
def mixed(make_treaty: MakeTreaty, staff: User, records_manager: User) -> tuple[Treaty, Treaty]:
    """A public and an internal treaty, related; what is not public is marked."""
    shown, hidden = make_treaty(title="Open"), make_treaty(title=SECRET, access=Access.GOVERNMENT, reference="TGEHEIM0")
    draft = factories.add_pdf(staff, shown, DocumentKind.PRELIMINARY_DRAFT, SECRET, source=SECRET)
    factories.add_pdf(records_manager, shown, DocumentKind.FINANCE_ADVICE, "open", access=Access.PUBLIC, about=draft)
    factories.add_pdf(records_manager, hidden, DocumentKind.TREATY_TEXT, f"{SECRET} text", access=Access.PUBLIC)
    record_act(actor=staff, treaty=shown, kind=ActKind.SIGNATURE, note=SECRET, source="open", reason="test")
    wrong = record_act(actor=staff, treaty=shown, kind=ActKind.END, place=SECRET, reason="test")
    retract_act(actor=staff, act=wrong, reason="test")
    relate(actor=staff, treaty=shown, kind=RelationKind.AMENDS, other=hidden, reason="test")
    relate(actor=staff, treaty=hidden, kind=RelationKind.AMENDS, other=shown, reason="test")
    return shown, hidden


def test_what_is_public_is_what_a_visitor_sees_and_nothing_else(mixed: tuple[Treaty, Treaty], tmp_path: Path) -> None:
    shown, _hidden = mixed
    done = out(tmp_path / "public", public_only=True)
    files = everything(tmp_path / "public")
    assert [name for name, content in files.items() if SECRET.encode() in content] == []
    (treaty,) = treaties(tmp_path / "public")
    assert treaty["reference"] == shown.reference
    assert [(paper["id"], paper["kind"], paper["about"]) for paper in treaty["documents"]] == [
        (1, "finance_advice", None)
    ]
    assert [(act["kind"], act["note"], act["source"]) for act in treaty["acts"]] == [("signature", "", "open")]
    assert treaty["relations"] == []
    visible = Document.objects.visible_to(AnonymousUser())
    assert {name for name in files if name.startswith("files/")} == {f"files/{paper.sha256}" for paper in visible}
    counts = done.header.counts
    assert (done.header.contents, counts["treaties"], counts["acts"], counts["documents"]) == ("public", 1, 1, 1)
    assert [counts[name] for name in ("relations", "titles")] == [0, 1]


def test_the_public_treaties_are_those_of_the_list_of_a_visitor(db: None, client: Client, tmp_path: Path) -> None:
    with undone():
        cases.load()
        records.full()
        out(tmp_path / "public", public_only=True, form="json")
        listed = json.loads(b"".join(client.get("/treaties.json?sort=reference").streaming_content))  # type: ignore[attr-defined]
    found = [treaty["reference"] for treaty in treaties(tmp_path / "public")]
    assert found == [row["reference"] for row in listed]
    assert len(found) > 20


def test_everything_is_everything(mixed: tuple[Treaty, Treaty], tmp_path: Path) -> None:
    out(tmp_path / "all")
    found = {treaty["reference"]: treaty for treaty in treaties(tmp_path / "all")}
    shown, hidden = mixed
    assert set(found) == {shown.reference, hidden.reference}
    assert [act["is_retracted"] for act in found[shown.reference]["acts"]] == [False, True]
    assert [paper["about"] for paper in found[shown.reference]["documents"]] == [None, 1]
    assert len(list((tmp_path / "all" / "files").iterdir())) == 3


def test_the_note_of_an_act_from_public_sources_is_public(db: None, tmp_path: Path) -> None:
    with undone():
        cases.load(FOLDER)
        out(tmp_path / "public", public_only=True, form="json")
    notes = [act["note"] for treaty in treaties(tmp_path / "public") for act in treaty["acts"] if act["note"]]
    assert len(notes) > 5


def test_a_public_export_fills_a_register_too(tmp_path: Path) -> None:
    with undone(), own_files(tmp_path / "one"):
        records.full()
        out(tmp_path / "public", public_only=True)
    with undone(), own_files(tmp_path / "two"):
        back(tmp_path / "public")
        out(tmp_path / "again", public_only=True)
    assert everything(tmp_path / "again") == everything(tmp_path / "public")


def test_the_same_record_gives_the_same_bytes(mixed: tuple[Treaty, Treaty], tmp_path: Path) -> None:
    out(tmp_path / "one")
    out(tmp_path / "two")
    assert everything(tmp_path / "one") == everything(tmp_path / "two")


@pytest.mark.parametrize(
    ("form", "names"), [("json", {"register.jsonl", "files"}), ("csv", {"csv", "files"}), ("both", None)]
)
def test_the_form_that_was_asked(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, names: set[str] | None
) -> None:
    call_command("export_register", tmp_path / "a" / "b", "--format", form)
    present = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert present == (names or {"register.jsonl", "csv", "files"})
    assert capsys.readouterr().out.startswith(f"departments: 0, parties: {Party.objects.count()}, party_names: ")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_folder_that_holds_something_is_left_alone(db: None, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for folder in (tmp_path, tmp_path / "mine", tmp_path / "mine" / "below"):
        with pytest.raises(CommandError, match=r"is there already and is not an empty folder|cannot be made"):
            call_command("export_register", folder)
    assert everything(tmp_path) == {"mine": b"mine"}


def test_papers_that_are_lost_or_damaged_are_told_and_the_rest_is_written(
    mixed: tuple[Treaty, Treaty], tmp_path: Path
) -> None:
    shutil.copytree(default_storage.location, tmp_path / "store")
    lost, damaged, kept = Document.objects.order_by("sha256")
    with own_files(tmp_path / "store"):
        default_storage.delete(lost.file.name)
        Path(default_storage.path(damaged.file.name)).write_bytes(b"x")
        with pytest.raises(CommandError) as told:
            call_command("export_register", tmp_path / "out", verbosity=0)
    assert f"{lost.sha256} is lost; {damaged.sha256} has other bytes than were kept" in str(told.value)
    assert [path.name for path in (tmp_path / "out" / "files").iterdir()] == [kept.sha256]


def test_an_export_that_fails_leaves_nothing(make_treaty: MakeTreaty, staff: User, tmp_path: Path) -> None:
    one, other = make_treaty(), make_treaty()
    paper = factories.add_pdf(staff, other, DocumentKind.TREATY_TEXT)
    with change(service_account(), action=Action.ACT_RECORD, reason="test"):
        Act(treaty=one, kind=ActKind.END, document=paper, precision="unknown").save()
    with pytest.raises(Lossy, match=r"“document” of .* belongs to another treaty"):
        out(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_it_costs_the_same_for_1_and_for_30(
    make_treaty: MakeTreaty, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    snapshot = Snapshot(service_account())
    for total in (1, 30):
        while Treaty.objects.count() < total:
            make_treaty()
        with django_assert_num_queries(15):
            assert sum(entry.part.file == "treaties" for entry in snapshot.entries()) == total


def test_batches_leave_nobody_out(make_treaty: MakeTreaty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imports.exchange.snapshot.BATCH", 7)
    made = sorted(make_treaty().reference for _ in range(20))
    names = [entry.name for entry in Snapshot(service_account()).entries()]
    assert names[-20:] == made
    assert len(names) == len(set(names)) == Party.objects.count() + Theme.objects.count() + 20
    assert not Relation.objects.exists()
