"""Passwords that leaked somewhere: looked up in a file on this machine, nothing is sent anywhere."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# "0018A45C4D1DEF81644B54AB7F969B88D65:10": no line of such a list is longer.
LONGEST_LINE = 200


class BreachListValidator:
    """Refuses what stands in `PASSWORD_BREACH_LIST`; without that setting it lets everything pass.

    The file has the SHA-1 of one password on each line, in capitals, sorted, perhaps followed by `:` and a count: what
    the downloader of Have I Been Pwned writes. Found by halving, so its size (40 GB) does not matter.
    """

    def validate(self, password: str, user: object = None) -> None:
        if settings.PASSWORD_BREACH_LIST and listed(Path(settings.PASSWORD_BREACH_LIST), password):
            raise ValidationError(_("This password has leaked somewhere. Choose another one."), code="password_leaked")

    def get_help_text(self) -> str:
        return str(_("Your password cannot be one that has leaked."))


def listed(path: Path, password: str) -> bool:
    """Whether the SHA-1 of `password` stands in the sorted list. Raises `OSError` when the list cannot be read:
    what cannot be checked is not let pass."""
    wanted = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            start, line = _line_at_or_after(file, middle, low)
            found = line[:40].upper()
            if not line or start >= high or found > wanted:
                high = middle
            elif found == wanted:
                return True
            else:
                low = start + len(line)
    return False


def _line_at_or_after(file: BinaryIO, place: int, low: int) -> tuple[int, bytes]:
    """The first line that begins at `place` or later (`low` is known to be a beginning): where, and its bytes."""
    if place > low:
        file.seek(place - 1)
        file.readline(LONGEST_LINE)
    else:
        file.seek(place)
    return file.tell(), file.readline(LONGEST_LINE)
