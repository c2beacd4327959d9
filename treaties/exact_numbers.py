"""Treaties that carry exactly the number typed, in whatever spelling: "CETS 201", "stuk 1160 (2010-2011)"."""

import re
from typing import Any

from django.db import connection

from treaties import numbers, terms
from treaties.choices import Scheme

# Most treaties that one number leads to (a decree may assent to several).
LIMIT = 50
# Longest number (characters, as kept).
_LONGEST = 200
_NOT_IN_KEYS = re.compile(r"[^0-9A-Z]+")
# As the index `identifier_key` of treaties/migrations has it: letters and digits, in capitals, compared byte by byte.
KEY = """upper(regexp_replace(value, '[^0-9A-Za-z]+', '', 'g')) COLLATE "C" """
# A paper of parliament is one of a document: "1160 (2010-2011)" is also "1160 (2010-2011) nr. 1".
_PAPER = "NR"

_FIND = f"""
SELECT DISTINCT i.treaty_id FROM treaties_identifier i
JOIN unnest(%(schemes)s::text[], %(keys)s::text[]) AS asked (scheme, number)
  ON {KEY.replace("value", "i.value")} = asked.number COLLATE "C" AND (asked.scheme = '' OR asked.scheme = i.scheme)
UNION
SELECT i.treaty_id FROM treaties_identifier i
WHERE i.scheme = 'parliament' AND {KEY.replace("value", "i.value")} >= %(paper)s COLLATE "C"
  AND {KEY.replace("value", "i.value")} < %(paper_end)s COLLATE "C" AND %(paper)s <> ''
UNION
SELECT id FROM treaties_treaty WHERE reference = ANY(%(references)s)
ORDER BY 1 LIMIT {LIMIT}
"""  # noqa: S608 (our own text)


def exact(typed: str) -> list[int]:
    """Ids of the treaties whose number or reference is all that was `typed`, whoever may see them; at most one query.

    None where nothing was typed that can be a number. Spaces, punctuation and case make no difference, nor does what
    people write before a number.
    """
    text = " ".join(terms.safe(typed).replace('"', " ").split())
    if not any(letter.isdigit() for letter in text) or len(text) > _LONGEST:
        return []
    asked = _asked(text)
    paper = next((one for scheme, one in asked if scheme == Scheme.PARLIAMENT and _PAPER not in one), "")
    parameters: dict[str, Any] = {
        "schemes": [scheme for scheme, _ in asked],
        "keys": [one for _, one in asked],
        "paper": paper and paper + _PAPER,
        "paper_end": paper and paper + "NS",
        "references": _references(text),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, parameters)
        return [pk for (pk,) in cursor.fetchall()]


def key(number: str) -> str:
    """A number as the index has it: letters and digits only, in capitals."""
    return _NOT_IN_KEYS.sub("", number.upper())


def _asked(text: str) -> list[tuple[str, str]]:
    """Scheme and key of every number that `text` can be; without a scheme, what was typed itself."""
    kept = [(scheme.value, key(numbers.kept(scheme, text))) for scheme in _SCHEMES if not numbers.problem(scheme, text)]
    return [pair for pair in dict.fromkeys([("", key(text)), *kept]) if pair[1]]


# Those whose spelling is read; a number in an older register can be anything, and is taken as typed.
_SCHEMES = [scheme for scheme in numbers.FORMS if scheme != Scheme.REGISTER]


def _references(text: str) -> list[str]:
    """The references that `text` can be; O, I and L are how people read 0 and 1 (Crockford)."""
    written = "".join(text.upper().split())
    return list(dict.fromkeys([written, written.translate(str.maketrans("OIL", "011"))]))
