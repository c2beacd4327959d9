"""One spelling for what is hashed, so that everybody who hashes the same thing gets the same digest. Pure.

Version 1 is RFC 8785 without numbers that are not whole: UTF-8, keys in order, no spaces, texts as they are
(not normalised: what was typed is what is proven). Keys are ASCII, so their order is the same in every language.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

VERSION = 1
# What the first entry names as the one before it.
NOTHING = "0" * 64
_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The one spelling of `value`: texts, whole numbers, true, false, null, lists, mappings with ASCII keys.

    Raises `ValueError` for anything else: fractions, numbers above 2^53 - 1, lone surrogates.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def digest(value: Any) -> str:
    """SHA-256 over the one spelling of `value`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The hash of an entry: over all it says but the hash itself."""
    return digest({name: value for name, value in entry.items() if name != "hash"})


def name_digest(salt: str, name: str) -> str:
    """What the trail keeps of a name. Without the salt, which can be erased, it tells nothing."""
    return digest(["name", salt, name])


def instant(at: datetime) -> str:
    """A moment as the trail writes it: UTC, always six digits of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check(value: Any) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError(f"A number is too large for every reader: {value}")
    elif isinstance(value, list | tuple):
        for part in value:
            _check(part)
    elif isinstance(value, dict):
        _check_mapping(value)
    else:
        raise ValueError(f"The trail cannot spell a {type(value).__name__}.")


def _check_mapping(value: dict[Any, Any]) -> None:
    for key, part in value.items():
        if not (isinstance(key, str) and key.isascii()):
            raise ValueError(f"A key of the trail is ASCII text, not {key!r}.")
        _check(part)
