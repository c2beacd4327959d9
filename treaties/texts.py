"""What text the record takes: any script, nothing a database or a reader chokes on."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker, Refused

# Control characters other than tab and line ends, and the halves of surrogate pairs.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})


def clean(text: str, *, field: str = "", limit: int = 2_000, required: bool = False) -> str:
    """`text` in NFC without outer white space. Raises `Refused` for what cannot be kept as typed."""
    if problem := unfit(text, limit=limit, required=required):
        raise Refused([Blocker("text", problem, field=field)])
    return _kept(text)


def unfit(text: str, *, limit: int, required: bool = False) -> str:
    """Why `text` cannot be kept, as a sentence; empty when it can."""
    if any(unicodedata.category(char) in _REFUSED_CATEGORIES and char not in "\t\n\r" for char in text):
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
