"""The parts of a list that are drawn a hundred times on a page: written out here, for a template costs ten times more.

Their markup is that of `_badge.html` and of the components in `static/css`; `tests/treaties/test_list_tags.py` holds
them to it.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from treaties.listing import Choice, Facet

register = template.Library()


@register.simple_tag
def badge(label: object, tone: str = "neutral") -> SafeString:
    """A word about a state, as `_badge.html`."""
    return mark_safe(f'<span class="badge badge--{escape(tone)}">{escape(str(label))}</span>')  # noqa: S308 (escaped)


@register.filter
def boxes(choices: Iterable[Choice], facet: Facet) -> SafeString:
    """A box with its label and count for each value of a facet."""
    return mark_safe("\n    ".join(_box(choice, escape(facet.name)) for choice in choices))  # noqa: S308 (escaped)


def _box(choice: Choice, name: str) -> str:
    value, label = escape(choice.value), escape(capfirst(choice.label))
    return (
        f'<div class="facet__item{" facet__item--below" if choice.indent else ""}"><label class="choice">'
        f'<input type="checkbox" id="f-{name}-{value}" name="{name}" value="{value}"'
        f"{' checked' if choice.selected else ''}>{label}</label>"
        f'<span class="facet__count">{choice.count}{"+" if choice.at_least else ""}</span></div>'
    )
