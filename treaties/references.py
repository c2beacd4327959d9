"""Permanent references: opaque, so that they need never change when what they name does."""

import secrets

# Crockford's base 32: no I, L, O or U to misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str) -> str:
    """`prefix` and seven characters, 35 random bits. The unique column refuses the rare double."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(7))
