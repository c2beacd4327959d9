"""Trees as in RFC 9162, with the known roots of the certificate transparency reference."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import Tree, inclusion, root_of

# The leaves and roots of the test vectors of the reference implementation (certificate-transparency, merkletree tests).
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
}


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    assert Tree(LEAVES[:size]).root() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_data_does(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion(leaves, index)
    root = Tree(leaves).root()
    assert root_of(leaves[index], index, len(leaves), path) == root
    assert root_of(leaves[index] + b"x", index, len(leaves), path) != root


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in LEAVES[:2])
    assert Tree([left + right]).root() != ROOTS[2]


@pytest.mark.parametrize(("size", "path"), [(1, ["00" * 32]), (4, ["00" * 32])])
def test_a_path_of_the_wrong_length_is_refused(size: int, path: list[str]) -> None:
    with pytest.raises(ValueError, match="path is too"):
        root_of(b"", 0, size, path)


def test_there_is_no_leaf_outside() -> None:
    with pytest.raises(IndexError):
        inclusion(LEAVES, 6)
