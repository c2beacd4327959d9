"""One spelling: RFC 8785 for texts and whole numbers, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical, digest

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEY = st.text(st.characters(max_codepoint=127))
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(KEY, inner),
)


def test_the_example_of_the_rfc_that_it_can_hold() -> None:
    # RFC 8785, 3.2.2.2 and 3.2.3, without the numbers that are not whole.
    value = {"string": '\u20ac$\u000f\u000aA\'B"\\\\"/', "literals": [None, True, False]}
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_texts_are_not_normalised() -> None:
    assert canonical("e\u0301") != canonical("\u00e9")


@given(VALUE)
def test_what_is_spelt_reads_back_as_it_was_and_is_spelt_the_same(value: Any) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("value", [0.5, float("nan"), 2**53, "\ud800", {1: 2}, {"\u00e9": 1}, {1, 2}, b"x", [[0.5]]])
def test_what_has_no_spelling_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (each says its own)
        canonical(value)


def test_the_order_of_keys_does_not_count() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
