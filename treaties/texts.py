"""What text the record takes: any script, nothing a database or a reader chokes on."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker, Refused

# Control characters (category Cc) other than tab and line ends, and the halves of surrogate pairs (Cs).
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str, *, field: str = "", limit: int = 2_000, required: bool = False) -> str:
    """`text` in NFC without outer white space. Raises `Refused` for what cannot be kept as typed."""
    if problem := unfit(text, limit=limit, required=required):
        raise Refused([Blocker("text", problem, field=field)])
    return _kept(text)


def unfit(text: str, *, limit: int, required: bool = False) -> str:
    """Why `text` cannot be kept, as a sentence; empty when it can."""
    if _REFUSED.search(text):
        return str(_("This text contains a character that cannot be stored."))
    # Composing can make a text longer: what counts is what is stored.
    if len(_kept(text)) > limit:
        return str(_("This text is longer than %(limit)d characters.") % {"limit": limit})
    if required and not _visible(text):
        return str(_("Enter a text, not only spaces."))
    return ""


def _kept(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _visible(text: str) -> bool:
    """Whether there is anything to see: zero-width and formatting characters do not count."""
    return any(not char.isspace() and unicodedata.category(char) != "Cf" for char in text)
