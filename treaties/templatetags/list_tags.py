"""The parts of a list that are drawn a hundred times on a page: written out here, for a template costs ten times more.

Their markup is that of `_badge.html` and of the components in `static/css`; `tests/treaties/test_list_tags.py` holds
them to it.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties.choices import Access, Kind, Qualification, Stage
from treaties.listing import Choice, Facet
from treaties.presentation import status_label
from treaties.rows import Row
from treaties.templatetags.treaty_tags import tone, when
from treaties.verdict import people

register = template.Library()


def _badge(label: object, tone: str = "neutral") -> str:
    """A word about a state, as `_badge.html`."""
    return f'<span class="badge badge--{escape(tone)}">{escape(str(label))}</span>'


@register.simple_tag
def states(row: Row) -> SafeString:
    """What is said in small before a title: reference, status, stage, whether it is public or demonstration."""
    treaty, document = row.treaty, row.document
    status = _badge(status_label(document.status, treaty), tone(document.status, treaty))
    said = [f'<span class="reference">{escape(document.reference)}</span>', status]
    if document.stage and document.stage != Stage.DONE:
        said.append(_badge(f"{_('Procedure:')} {Stage(document.stage).label}", "info"))
    if treaty.access != Access.PUBLIC:
        said.append(_badge(_("Not public")))
    if treaty.is_demo:
        said.append(f'<span class="demo-flag">{escape(_("Demo"))}</span>')
    return mark_safe("\n      ".join(said))  # noqa: S308 (escaped)


@register.simple_tag
def named(row: Row, level: int) -> SafeString:
    """The title of a row as a heading that leads to the treaty, and one in another language."""
    best, other = row.best, row.second
    language = f' lang="{escape(best.language)}"' if best else ""
    title = (
        f'<h{level} class="result__title"><a href="{escape(row.treaty.get_absolute_url())}"{language}>'
        f"{conditional_escape(row.title)}</a></h{level}>"
    )
    if row.other and other:
        title += f'\n    <p class="result__hit" lang="{escape(other.language)}">{conditional_escape(row.other)}</p>'
    return mark_safe(title)  # noqa: S308 (escaped)


@register.simple_tag
def told(row: Row) -> SafeString:
    """When it was signed, what it is, whose it is and with whom."""
    treaty = row.treaty
    # Not by `get_kind_display`, which makes all choices hashable each time.
    said = [capfirst(str(Kind(treaty.kind).label))]
    if treaty.qualification != Qualification.UNDETERMINED:
        said.append(capfirst(str(Qualification(treaty.qualification).label)))
    if row.parties:
        said.append(people([party.name for party in row.parties], row.others))
    spans = "".join(f"<span>{escape(one)}</span>" for one in said)
    signed = f"<span>{escape(_('Signed'))} {when(row.signed)}</span>" if row.signed else ""
    return mark_safe(f'<p class="meta">{signed}{spans}</p>')  # noqa: S308 (escaped)


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
