import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.refusals import Refused
from treaties.texts import clean, unfit


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "a\x1bb", "\x7f", "\x85", "\ud800", "half \udfff"])
def test_what_a_database_or_a_reader_chokes_on_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        clean(text, field="note")
    assert [(blocker.code, blocker.field) for blocker in refused.value.blockers] == [("text", "note")]


@pytest.mark.parametrize(
    "text",
    [
        "اتفاقية بين الحكومة الفلمنكية",
        "הסכם \u202bעם\u202c ישראל",
        "日本国とベルギー王国",
        "Договор о дружбе",
        "समझौता",
        "🇧🇪 family 👩\u200d👩\u200d👧",
        "line\nbreak\tand tab\r\n",
    ],
)
def test_any_script_is_kept_as_typed(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize(
    "text", ["", "   ", "\n", "\u200b", "\u200b\u200d\ufeff", "\u00a0\u2003", "\u202e\u202c", "\u00ad"]
)
def test_a_required_text_that_shows_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        clean(text, required=True)
    assert unfit(text, limit=10, required=False) == ""


def test_composed_and_decomposed_letters_are_kept_the_same() -> None:
    assert clean("Belgie\u0308") == clean("Belgi\u00eb") == "Belgi\u00eb"


def test_white_space_around_is_dropped() -> None:
    assert clean("  verdrag \n") == "verdrag"


def test_the_limit_counts_what_would_be_stored() -> None:
    assert clean("x" * 10, limit=10) == "x" * 10
    with pytest.raises(Refused):
        clean("x" * 11, limit=10)
    # These ten become twenty when composed: they are excluded from composition.
    with pytest.raises(Refused):
        clean("\u0958" * 10, limit=10)


def test_white_space_around_does_not_count_for_the_limit() -> None:
    assert clean(" " + "x" * 10 + " ", limit=10) == "x" * 10


@given(st.text(st.characters(), max_size=60))
def test_what_is_taken_is_stable_and_fits(text: str) -> None:
    try:
        kept = clean(text, limit=50)
    except Refused:
        return
    assert len(kept) <= 50
    assert clean(kept, limit=50) == kept
    assert kept.encode("utf-8").decode("utf-8") == kept
