"""Sort keys in Dutch order, computed here because the database need not know any collation.

Letters compare without accents or case, digits as numbers, punctuation not at all; `ij` sorts as
i followed by j, as Dutch dictionaries and registers of laws do.
"""

import re
import unicodedata

_DIGITS = re.compile(r"\d+")
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


def plain(text: str) -> str:
    """Lower case, without accents, ligatures taken apart."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def sort_key(text: str, length: int = 300) -> str:
    """A string whose byte order is the order people expect; at most `length` characters."""
    words = re.sub(r"[^\w]+|_", " ", plain(text)).strip()
    return _DIGITS.sub(lambda found: found[0].lstrip("0").zfill(6), words)[:length]
