"""How values of the record are written in a page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from treaties import presentation
from treaties.choices import Status
from treaties.dates import PartialDate
from treaties.models import Treaty
from treaties.scope import Scope
from treaties.scope import scope as territorial_scope

register = template.Library()

TONES = {
    Status.IN_FORCE: "ok",
    Status.IN_EFFECT: "ok",
    Status.PROVISIONAL: "info",
    Status.SIGNED: "warn",
    Status.ENDED: "stop",
}
SHOWN_OF_ADDRESS = 60
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+")
# Signs that end a sentence rather than an address.
_AFTER = ".,;:!?'’"


@register.filter
def when(moment: PartialDate) -> SafeString:
    """The date in the reader's language, as precise as it is known, with its machine form."""
    if moment.on is None:
        return format_html('<span class="unknown">{}</span>', moment)
    return format_html('<time datetime="{}">{}</time>', moment.iso, moment)


@register.filter
def tone(status: str, treaty: Treaty) -> str:
    """The tone of the badge that names a status. For a memorandum, being signed is nothing to be warned of."""
    if status == Status.SIGNED and not treaty.is_treaty:
        return "info"
    return TONES.get(Status(status), "neutral")


@register.filter
def cited(source: str) -> SafeString:
    """A source as people read it: addresses as links under the names of their sites, other text with its links."""
    words = source.split()
    if all(_ADDRESS.fullmatch(word) for word in words):
        return format_html_join(", ", '<a href="{}" rel="external">{}</a>', ((word, _site(word)) for word in words))
    return linked(source)


@register.filter
def linked(text: str) -> SafeString:
    """Running text with its addresses as links and its lines kept; everything else escaped.

    Not Django's `urlize`, which in this version loses the full stop of "(https://…).".
    """
    return format_html_join("", "{}{}", _pieces(text))


def _pieces(text: str) -> Iterator[tuple[SafeString, SafeString]]:
    """Text and the link after it."""
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER if "(" in found[0] else f"{_AFTER})")
        yield (
            _lines(text[end : found.start()]),
            format_html('<a href="{}" rel="external">{}</a>', address, Truncator(address).chars(SHOWN_OF_ADDRESS)),
        )
        end = found.start() + len(address)
    yield _lines(text[end:]), SafeString()


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))


def _site(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.") or address


@register.filter
def status_label(status: str, treaty: Treaty) -> str:
    """The word on the badge that names a status of this treaty or memorandum."""
    return presentation.status_label(status, treaty)


@register.filter
def scope(qualification: str) -> Scope | None:
    """Where Flanders is bound by a treaty that she concludes alone."""
    return territorial_scope(qualification)
