"""Cells that no spreadsheet runs, and that lose nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treaties.cells import CELL_LIMIT, guarded, is_live, kept, original, printable

STARTS = st.sampled_from(["'", "''", "=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "'=", "\u00a0@"])
TEXTS = st.text(st.characters(codec="utf-8")) | st.builds(str.__add__, STARTS, st.text())
LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "\u00a0=1", "＝1", "＋1", "－1", "＠x"]
QUIET = ["", "a=1", "'=1", "1-2", "x@y", " ", "één"]


@pytest.mark.parametrize("text", LIVE)
def test_what_may_run_gets_an_apostrophe(text: str) -> None:
    assert is_live(text)
    assert guarded(text) == kept(text) == f"'{text}"


@pytest.mark.parametrize("text", QUIET)
def test_what_cannot_run_stays_as_it_is_for_people(text: str) -> None:
    assert guarded(text) == text


def test_an_apostrophe_of_its_own_is_doubled_only_where_the_file_is_read_back() -> None:
    assert (guarded("'s-Gravenhage"), kept("'s-Gravenhage")) == ("'s-Gravenhage", "''s-Gravenhage")


@given(TEXTS)
@example("'=1")
def test_any_text_comes_back_and_no_cell_is_live(text: str) -> None:
    assert original(kept(text)) == text
    assert not is_live(kept(text))
    assert not is_live(guarded(text))


def test_control_characters_are_shown_and_long_texts_end_in_dots() -> None:
    assert printable("a\x00b\x1bc\td\ne\ufffe\ud800") == "a␀b␛c\td\ne\ufffd\ufffd"
    assert printable("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    assert printable("x" * (CELL_LIMIT + 1)) == "x" * (CELL_LIMIT - 1) + "…"
