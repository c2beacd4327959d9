"""What is wrong with an export is told with its place, all of it, and nothing is written."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from accounts.models import User
from audit.models import Change
from audit.refusals import Refused
from imports.exchange.opening import opened
from imports.exchange.reading import TOLD, Unreadable
from imports.exchange.restoring import NotRestored, restore
from tests.imports.exchange import records
from tests.imports.exchange.conftest import back, everything, out, own_files, undone
from treaties.models import Party, PartyName, Theme, Treaty

pytestmark = pytest.mark.django_db
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def good(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the full treaty and the empty one; their lines are the last two but in reverse."""
    folder = tmp_path_factory.mktemp("export") / "good"
    with django_db_blocker.unblock(), undone():
        records.full()
        out(folder)
    return folder


@pytest.fixture
def export(good: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy to spoil; afterwards the register is still empty."""
    copy, store = tmp_path / "export", tmp_path / "store"
    shutil.copytree(good, copy)
    changes = Change.objects.count()
    with own_files(store):
        yield copy
    assert not Treaty.objects.exists()
    assert Change.objects.count() == changes
    assert not store.exists() or everything(store) == {}


def refused(path: Path, form: str = "") -> list[str]:
    """Every sentence with which the export is refused."""
    with pytest.raises((NotRestored, Unreadable)) as told:
        back(path, form)
    return told.value.sentences if isinstance(told.value, NotRestored) else [str(told.value)]


def rewrite(export: Path, change: Callable[[Lines], object]) -> list[str]:
    """Change the lines of the JSON, then try."""
    path = export / "register.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return refused(export)


def full(lines: Lines) -> dict[str, Any]:
    return next(line for line in lines if line.get("reference") == records.FULL)


def in_full(part: str, place: int, **values: Any) -> Callable[[Lines], None]:
    """Other values in one row of the full treaty."""
    return lambda lines: full(lines)[part][place].update(values)


def in_treaty(**values: Any) -> Callable[[Lines], None]:
    return lambda lines: full(lines).update(values)


def twice(part: str) -> Callable[[Lines], None]:
    return lambda lines: full(lines)[part].append(full(lines)[part][0])


TREATY = "register.jsonl, line {line}"
WRONG: dict[str, tuple[Callable[[Lines], object], str]] = {
    "format": (
        lambda lines: lines[0].update(format="treaty-register/9"),
        "line 1: it names the format “treaty-register/9”; this version of the register reads “treaty-register/2”.",
    ),
    "no header": (lambda lines: lines.pop(0), "register.jsonl, line 1: this is not an export of the register."),
    "counts": (
        lambda lines: lines[0]["counts"].update(acts=5),
        "register.jsonl: there are 4 acts and the header says 5: something is missing.",
    ),
    "cut between lines": (
        lambda lines: lines.pop(),
        "there is no treaty “TFULLFULL” in this export",
    ),
    "key": (in_treaty(colour="red"), f"{TREATY}: “colour” is not known here."),
    "key of a row": (in_full("acts", 1, mood=""), f"{TREATY}, acts 2: “mood” is not known here."),
    "missing key": (lambda lines: full(lines).pop("note"), f"{TREATY}: “note” is missing."),
    "kind of value": (in_treaty(note=None), f"{TREATY}: “note” should be a text."),
    "kind of list": (
        in_treaty(authentic_languages="nl"),
        f"{TREATY}: “authentic_languages” should be a list of texts.",
    ),
    "truth": (in_treaty(is_demo="yes"), f"{TREATY}: “is_demo” should be yes or no."),
    "rows": (in_treaty(acts={}), f"{TREATY}: “acts” should be a list."),
    "row": (in_treaty(acts=[1]), f"{TREATY}, acts 1: this should be an object."),
    "NUL": (in_treaty(note="a\x00"), f"{TREATY}: “note” holds a character that cannot be stored."),
    "surrogate": (in_full("titles", 0, text="\ud800"), "“text” holds a character that cannot be stored."),
    "length": (in_full("titles", 0, text="x" * 100_000), "titles 1: “text” is longer than 2000 characters."),
    "empty": (in_full("titles", 0, text=" "), "titles 1: “text” is empty."),
    "no such day": (in_full("acts", 0, date="2007-02-30"), "“date” is “2007-02-30”, which is no day of the calendar."),
    "loose date": (in_full("acts", 0, date="9 maart 2007"), "which is not a date such as 2007-03-09, 2007-03 or 2007."),
    "loose day": (in_full("identifiers", 0, since="2007"), "“since” is “2007”, which is not a day such as 2007-03-09."),
    "code": (in_treaty(kind="pact"), f"{TREATY}: “kind” is “pact”, which is none of treaty, "),
    "language": (in_treaty(authentic_languages=["xx"]), "“authentic_languages” is “xx”, which is none of nl, "),
    "reference": (in_treaty(reference="a/b"), "“reference” is “a/b”, which is not of the right form."),
    "party": (in_treaty(depositary="QQ"), f"{TREATY}: there is no party “QQ” in this export."),
    "theme": (in_full("themes", 0, theme="soep"), "themes 1: there is no theme “soep” in this export."),
    "other treaty": (in_full("relations", 0, other="T0"), "relations 1: there is no treaty “T0” in this export."),
    "two others": (in_full("relations", 0, outside="x"), "a relation has either “other” or “outside”."),
    "itself": (in_full("relations", 0, other=records.FULL), "a treaty cannot be related to itself."),
    "pointer": (in_full("acts", 1, document=9), "acts 2: “document” is 9, and no such row is there."),
    "pointer to itself": (in_full("documents", 1, replaces=2), "documents 2: “replaces” points at itself."),
    "objection": (in_full("declarations", 1, objects_to=1), "only an objection has “objects_to”."),
    "clause": (in_full("force_clauses", 0, day=""), "“day” belongs to the rule fixed_date, and to that one only."),
    "two clauses": (twice("force_clauses"), "force_clauses 2: this part can stand here once only."),
    "two titles": (twice("titles"), "titles 3: language and kind can stand here once only."),
    "two documents": (twice("documents"), "documents 4: id can stand here once only."),
    "negative": (in_full("force_clauses", 0, days=-1), "“days” should be a number from 0 to 32767."),
    "large": (in_full("force_clauses", 0, days=40_000), "“days” should be a number from 0 to 32767."),
    "true is no number": (in_full("force_clauses", 0, days=True), "“days” should be a whole number or nothing."),
    "address": (in_full("acts", 1, address="javascript:alert(1)"), "“address” begins with “javascript:”, which"),
    "hidden address": (
        in_full("acts", 1, address=" java\tScript:alert(1)"),
        "“address” begins with “javaScript:”, which",
    ),
    "hash": (in_full("documents", 0, sha256="../../etc/passwd"), "“sha256” should be 64 characters 0-9 and a-f."),
    "media type": (in_full("documents", 0, media_type="a\r\nb"), "“media_type” is not of the right form."),
    "size": (in_full("documents", 0, size=1), "bytes and should be 1."),
    "order": (
        lambda lines: lines.append(lines.pop(5)),
        "a party stands after treaties; departments and parties come first, then themes.",
    ),
    "twice": (lambda lines: lines.append(lines[5]), "“AG” stands twice."),
    "record": (
        lambda lines: lines[5].update(record="state"),
        "“record” should be one of department, party, theme, treaty.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(export: Path, change: Callable[[Lines], object], sentence: str) -> None:
    lines = (export / "register.jsonl").read_text(encoding="utf-8").split("\n")
    place = next(
        number for number, line in enumerate(lines, 1) if f'"reference":"{records.FULL}"' in line.replace(" ", "")
    )
    told = rewrite(export, change)
    assert [one for one in told if sentence.replace("{line}", str(place)) in one], told


def test_everything_that_is_wrong_is_told_at_once(export: Path) -> None:
    def spoil(lines: Lines) -> None:
        full(lines)["note"] = "\x00"
        full(lines)["acts"][0]["kind"] = "nap"
        lines[-2]["titles"] = [{}]
        for party in lines[1:301]:
            party["continent"] = "x" * 99

    told = rewrite(export, spoil)
    assert len(told) == TOLD + 1
    assert told[-1] == "And 105 more."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"{]\n", "this line is not JSON (Expecting"),
        (b'{"record":"theme","record":"party"}\n', "this line is not JSON (a key stands twice)."),
        (b'{"record":NaN}\n', "this line is not JSON (NaN is no value)."),
        (b'{"record":"\xff"}\n', "this line is not JSON (not UTF-8)."),
        (b"[" * 100_000 + b"\n", "this line is not JSON (too deep)."),
        (b"[]\n", "“record” should be one of department, party, theme, treaty."),
        (b'{"record":"theme"', "register.jsonl: the file is empty or was cut off: its last line has no end."),
    ],
)
def test_a_line_that_cannot_be_read_is_told(export: Path, text: bytes, sentence: str) -> None:
    with (export / "register.jsonl").open("ab") as file:
        file.write(text)
    assert [one for one in refused(export) if sentence in one]


def test_a_file_that_was_cut_off_is_refused_wherever(export: Path) -> None:
    path = export / "register.jsonl"
    whole = path.read_bytes()
    for length in (0, 1, 300, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert refused(export)


def test_papers_are_judged_by_their_hash(export: Path) -> None:
    changed, lost, _kept = sorted((export / "files").iterdir())
    changed.write_bytes(changed.read_bytes().replace(b"PDF", b"XXX"))
    lost.unlink()
    told = " ".join(refused(export))
    assert f"the file {changed.name} has another SHA-256 than its name: it was changed." in told
    assert f"the file {lost.name} is missing in the folder files." in told


# --- CSV ---------------------------------------------------------------------------------------------


def rewrite_csv(export: Path, name: str, change: Callable[[str], str]) -> list[str]:
    path = export / "csv" / f"{name}.csv"
    path.write_bytes(change(path.read_bytes().decode()).encode())
    return refused(export, "csv")


SPOILT: dict[str, tuple[str, Callable[[str], str], str]] = {
    "format": ("register", lambda text: text.replace("er/2", "er/9"), "register.csv: it names the format"),
    "counts": ("register", lambda text: text.replace("acts,4", "acts,x"), "the count of acts should be a whole number"),
    "columns": (
        "acts",
        lambda text: text.replace("kind", "sort", 1),
        "acts.csv, line 1: the columns should be treaty,",
    ),
    "cells": ("titles", lambda text: text + "x,y\r\n", "this row has 2 cells and should have 4."),
    "quotes": ("titles", lambda text: text + '"x\r\n', "this is not CSV"),
    "cut off": ("titles", lambda text: text[:-1], "titles.csv: the file is empty or was cut off"),
    "a row less": ("titles", lambda text: "\r\n".join(text.split("\r\n")[:-2]) + "\r\n", "header says 2"),
    "another treaty": (
        "treaty_themes",
        lambda text: text + "T0,cultuur\r\n",
        "treaty_themes.csv, line 4: “T0” does not stand at this place in treaties.csv: rows follow the order",
    ),
    "yes or no": ("acts", lambda text: text.replace(",no\r\n", ",maybe\r\n"), "“is_retracted” should be yes or no."),
    "number": ("force_clauses", lambda text: text.replace(",50,", ",5.0,"), "“count” should be a whole number or"),
    "list": ("treaties", lambda text: text.replace('""nl""', "nl"), "“authentic_languages” should be a list of texts."),
    "twice": ("treaties", lambda text: text + text.split("\r\n")[1] + "\r\n", "“TALLEMPTY” stands twice."),
}


@pytest.mark.parametrize(("name", "change", "sentence"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_in_a_csv_is_told(export: Path, name: str, change: Callable[[str], str], sentence: str) -> None:
    told = rewrite_csv(export, name, change)
    assert [one for one in told if sentence in one], told


def test_half_a_folder_and_one_with_more_are_refused(export: Path) -> None:
    (export / "csv" / "more.csv").write_text("x")
    assert "more.csv is not known here." in refused(export, "csv")[0]
    (export / "csv" / "acts.csv").unlink()
    assert "acts.csv is missing; an export has all 15 files." in refused(export, "csv")[0]
    shutil.rmtree(export / "csv")
    (export / "register.jsonl").unlink()
    assert "holds no export: neither register.jsonl nor the folder csv." in refused(export)[0]
    assert refused(export / "nothing") == [f"{export / 'nothing'} does not exist."]


# --- Who, where, and all or nothing ------------------------------------------------------------------------


def test_only_who_manages_the_register_fills_it(export: Path, staff: User) -> None:
    with pytest.raises(Refused):
        restore(opened(export), actor=staff)


def test_a_trial_does_everything_and_keeps_nothing(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("restore_register", export, "--dry-run")
    assert "treaties: 2" in (told := capsys.readouterr().out)
    assert "a trial: nothing was written" in told


def test_the_command_says_what_came_in_and_from_where(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with undone(), own_files(tmp_path):
        call_command("restore_register", good / "register.jsonl")
        assert Treaty.objects.count() == 2
    sha256 = hashlib.sha256((good / "register.jsonl").read_bytes()).hexdigest()
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"register.jsonl, SHA-256 {sha256}"
    # The full treaty brings two names of its own.
    names = PartyName.objects.count() + 2
    assert second.startswith(
        f"departments: 1, parties: {Party.objects.count()}, party_names: {names}, themes: 70, treaties: 2, "
    )


def test_what_only_the_database_sees_undoes_everything(export: Path) -> None:
    def spoil(lines: Lines) -> None:
        # The address of a theme that this register has under another name.
        next(line for line in lines if line.get("slug") == "toerisme")["slug"] = "reizen"
        full(lines)["themes"][1]["theme"] = "reizen"

    (sentence,) = rewrite(export, spoil)
    assert sentence.startswith("The database refuses what is in the export: duplicate key")


def test_files_that_were_stored_before_it_failed_are_gone_again(export: Path) -> None:
    last = max((export / "files").iterdir()).name
    name = default_storage.save(f"{last[:2]}/{last}", ContentFile(b"other bytes"))
    assert f"other bytes under the name {name}; remove it." in refused(export)[0]
    assert default_storage.exists(name)
    default_storage.delete(name)


def test_a_register_with_treaties_is_not_filled(good: Path, make_treaty: Callable[..., Treaty]) -> None:
    make_treaty()
    with pytest.raises(CommandError) as told:
        call_command("restore_register", good)
    assert str(told.value) == (
        "This register holds treaties already: an export only fills an empty register.\nNothing was written."
    )
    with pytest.raises(CommandError, match=r"does not exist\. Nothing was written\."):
        call_command("restore_register", good / "nothing")


def test_reference_data_becomes_what_the_export_says(good: Path, tmp_path: Path) -> None:
    copy = tmp_path / "export"
    shutil.copytree(good, copy)
    path = copy / "register.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    named = {line["code"]: line for line in lines if line["record"] == "party"}
    named["NL"]["name_nl"] = "Nederland, Koninkrijk"
    named["AD"].update(code="X-NEW", parent="NL")
    lines[0]["counts"]["themes"] -= 1
    lines = [line for line in lines if line.get("slug") != "sport"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    congo = Party.objects.get(code="CD")
    before = PartyName.objects.filter(party=congo).count()
    with undone(), own_files(tmp_path / "store"):
        back(copy)
        netherlands, new = Party.objects.get(code="NL"), Party.objects.get(code="X-NEW")
        assert (netherlands.name_nl, netherlands.sort_key[:9]) == ("Nederland, Koninkrijk", "nederland")
        assert [line.history_action for line in netherlands.history.all()[:2]] == ["register.restore", "reference.load"]
        assert (new.parent, new.history.get().history_type) == (netherlands, "+")
        assert PartyName.objects.filter(party=congo).count() == before + 2
        # What the export does not know of stays.
        assert Party.objects.filter(code="AD").exists()
        assert Theme.objects.filter(slug="sport").exists()
        assert Party.objects.get(code="FR").history.count() == 1
