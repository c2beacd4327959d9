from contextlib import suppress
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from audit.refusals import Refused
from tests.treaties.upload_corpus import BAD, DOCX, GOOD, PDF
from treaties import inspecting
from treaties.files import MEDIA_TYPES, SENTENCES, checked


def refusal(filename: str, content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        checked(filename, content)
    (blocker,) = refused.value.blockers
    assert blocker.field == "file"
    return blocker.code, str(blocker.sentence)


def test_the_corpus_is_large_enough() -> None:
    assert len(BAD) >= 40
    assert len(GOOD) >= 8


@pytest.mark.parametrize("filename", GOOD)
def test_documents_are_taken(filename: str) -> None:
    assert checked(filename, GOOD[filename]()) == MEDIA_TYPES[f".{filename.lower().rpartition('.')[2]}"]


@pytest.mark.parametrize("what", BAD)
def test_what_is_hostile_or_broken_is_refused_in_a_sentence(what: str) -> None:
    filename, make, code = BAD[what]
    found, sentence = refusal(filename, make())
    assert found == code
    assert sentence.endswith(".")
    assert len(sentence) < 160


@pytest.mark.parametrize(
    "filename", ["a.exe", "a.doc", "a.zip", "a.xlsx", "a.xml", "pdf", ".pdf", "", "a.pdf.exe", "a.pdf "]
)
def test_other_kinds_are_refused_by_name(filename: str) -> None:
    assert refusal(filename, PDF)[0] == "file_type"


@override_settings(DOCUMENT_MAX_BYTES=1024**2)
def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    limit = 1024**2
    padding = b"%".ljust(limit - len(PDF) - 1) + b"\n"
    assert checked("a.pdf", PDF[:9] + padding + PDF[9:]) == "application/pdf"
    code, sentence = refusal("a.pdf", PDF[:9] + b" " + padding + PDF[9:])
    assert code == "file_size"
    assert "1 MB" in sentence


@given(st.integers(0, len(DOCX) - 1), st.integers(0, 255), st.sampled_from([".docx", ".odt"]))
def test_a_damaged_archive_is_taken_or_refused_but_never_an_error(place: int, byte: int, suffix: str) -> None:
    content = DOCX[:place] + bytes([byte]) + DOCX[place + 1 :]
    with suppress(Refused):
        assert checked(f"a{suffix}", content)


@given(st.binary(min_size=1, max_size=200), st.sampled_from([".pdf", ".docx", ".odt", ".txt"]))
def test_any_bytes_are_taken_or_refused(content: bytes, suffix: str) -> None:
    with suppress(Refused):
        assert checked(f"a{suffix}", content)


def test_a_process_that_is_gone_is_started_again() -> None:
    assert inspecting.judged(".pdf", PDF) == "ok"
    inspecting._running[0].process.kill()
    assert inspecting.judged(".pdf", PDF) == "ok"


def test_without_a_judgement_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    inspecting.stop()
    monkeypatch.setattr(inspecting, "_PROGRAM", "import sys; sys.exit(1)")
    assert refusal("a.pdf", PDF) == ("file_unchecked", str(SENTENCES["file_unchecked"]))
    inspecting.stop()


def test_a_process_that_says_something_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    inspecting.stop()
    monkeypatch.setattr(inspecting, "_PROGRAM", "print('OK', flush=True); import time; time.sleep(9)")
    assert refusal("a.pdf", PDF)[0] == "file_unchecked"
    inspecting.stop()


def test_the_process_knows_no_secrets(monkeypatch: Any) -> None:
    inspecting.stop()
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    monkeypatch.setattr(inspecting, "_PROGRAM", "import os; print(len(os.environ), flush=True); input()")
    assert inspecting.judged(".pdf", b"") in ("0", "1")  # Python itself may set LC_CTYPE
    inspecting.stop()
