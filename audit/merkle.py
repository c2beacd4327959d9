"""Merkle trees as in RFC 9162, section 2.1: a leaf is hashed after 0x00, a node after 0x01. Pure.

With the root of a tree somebody can check that one leaf belongs to it, from about log2(n) hashes and nothing else.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps only what its root needs: about log2(n) hashes."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        # Hashes of whole subtrees, largest first; which sizes: the bits of `size`.
        self._whole: list[bytes] = []
        for data in leaves:
            self.add(data)

    def add(self, data: bytes) -> None:
        """One more leaf, with this data."""
        whole = leaf_hash(data)
        size = self.size
        while size & 1:
            whole = node_hash(self._whole.pop(), whole)
            size >>= 1
        self._whole.append(whole)
        self.size += 1

    def root(self) -> str:
        """64 hexadecimal digits; of no leaves: SHA-256 of nothing."""
        if not self._whole:
            return hashlib.sha256(b"").hexdigest()
        whole = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            whole = node_hash(left, whole)
        return whole.hex()


def inclusion(leaves: Sequence[bytes], index: int) -> list[str]:
    """The path from leaf `index` to the root, nearest first (RFC 9162, 2.1.3.1). Raises `IndexError`."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return [step.hex() for step in _path([leaf_hash(data) for data in leaves], index)]


def root_of(data: bytes, index: int, size: int, path: Sequence[str]) -> str:
    """The root that `path` leads to from leaf `index` of `size` (RFC 9162, 2.1.3.2). Raises `ValueError`."""
    place, last, found = index, size - 1, leaf_hash(data)
    for step in map(bytes.fromhex, path):
        if last == 0:
            raise ValueError("The path is too long.")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("The path is too short.")
    return found.hex()


def _path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    if index < half:
        return [*_path(hashes[:half], index), _root(hashes[half:])]
    return [*_path(hashes[half:], index - half), _root(hashes[:half])]


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(_root(hashes[:half]), _root(hashes[half:]))
