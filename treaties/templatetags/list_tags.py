"""The parts of a list that are drawn a hundred times on a page: written out here, for a template costs ten times more.

Their markup is that of `_badge.html` and of the components in `static/css`; `tests/treaties/test_list_tags.py` holds
them to it.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from treaties.choices import Access, Kind, Qualification, Stage
from treaties.dates import PartialDate
from treaties.histogram import Histogram
from treaties.listing import Choice, Facet
from treaties.models import Treaty
from treaties.presentation import status_label
from treaties.rows import Row
from treaties.templatetags.treaty_tags import tone, when
from treaties.verdict import people

register = template.Library()


def _badge(label: object, tone: str = "neutral") -> str:
    """A word about a state, as `_badge.html`."""
    return f'<span class="badge badge--{escape(tone)}">{escape(str(label))}</span>'


@register.simple_tag
def told(row: Row, level: int) -> SafeString:
    """What a row says of its treaty: the title, and what it is and with whom."""
    return mark_safe(f"{_named(row, level)}\n    {_facts(row)}")  # noqa: S308 (escaped)


@register.simple_tag
def states(row: Row) -> SafeString:
    """What is said in small before a title: reference, status, stage, whether it is public or demonstration."""
    treaty, document, language = row.treaty, row.document, get_language()
    said = f'<span class="reference">{escape(document.reference)}</span>\n      '
    said += _status(document.status, treaty.kind, language)
    if document.stage and document.stage != Stage.DONE:
        said += f"\n      {_stage(document.stage, language)}"
    if treaty.access != Access.PUBLIC:
        said += f"\n      {_badge(_('Not public'))}"
    if treaty.is_demo:
        said += f'\n      <span class="demo-flag">{escape(_("Demo"))}</span>'
    return mark_safe(said)  # noqa: S308 (escaped)


# Words that few values have, kept by language as they are drawn.
@lru_cache(maxsize=1024)
def _status(status: str, kind: str, language: str | None) -> str:
    treaty = Treaty(kind=kind)
    return _badge(status_label(status, treaty), tone(status, treaty))


@lru_cache(maxsize=256)
def _stage(stage: str, language: str | None) -> str:
    return _badge(f"{_('Procedure:')} {Stage(stage).label}", "info")


@lru_cache(maxsize=1024)
def _what(kind: str, qualification: str, language: str | None) -> str:
    # Not by `get_kind_display`, which makes all choices hashable each time.
    said = [Kind(kind).label]
    if qualification != Qualification.UNDETERMINED:
        said.append(Qualification(qualification).label)
    return "".join(f"<span>{escape(capfirst(str(one)))}</span>" for one in said)


@lru_cache(maxsize=4096)
def _when(moment: PartialDate, language: str | None) -> str:
    return when(moment)


def _named(row: Row, level: int) -> str:
    """The title of a row as a heading that leads to the treaty, and one in another language."""
    best, other = row.best, row.second
    language = f' lang="{escape(best.language)}"' if best else ""
    title = (
        f'<h{level} class="result__title"><a href="{_address(row.treaty.reference)}"{language}>'
        f"{conditional_escape(row.title)}</a></h{level}>"
    )
    if row.other and other:
        title += f'\n    <p class="result__hit" lang="{escape(other.language)}">{conditional_escape(row.other)}</p>'
    return title


def _address(reference: str) -> str:
    return _detail().replace("REFERENCE", escape(reference))


@cache
def _detail() -> str:
    """The address of a treaty, to put its reference in: to reverse one costs more than to draw the row."""
    return reverse("treaty-detail", args=["REFERENCE"])


def _facts(row: Row) -> str:
    """When it was signed, what it is, whose it is and with whom."""
    treaty, language, with_whom = row.treaty, get_language(), ""
    if row.parties:
        with_whom = f"<span>{escape(people([party.name for party in row.parties], row.others))}</span>"
    signed = f"<span>{escape(_('Signed'))} {_when(row.signed, language)}</span>" if row.signed else ""
    return f'<p class="meta">{signed}{_what(treaty.kind, treaty.qualification, language)}{with_whom}</p>'


@register.filter
def boxes(choices: Iterable[Choice], facet: Facet) -> SafeString:
    """A box with its label and count for each value of a facet."""
    return mark_safe("\n    ".join(_box(choice, facet.name) for choice in choices))  # noqa: S308 (escaped)


def _box(choice: Choice, name: str) -> str:
    before, after = _around(name, choice.value, choice.label, choice.indent)
    checked = " checked" if choice.selected else ""
    return f"{before}{checked}{after}{choice.count}{'+' if choice.at_least else ''}</span></div>"


@lru_cache(maxsize=4096)
def _around(name: str, value: str, label: str, is_below: bool) -> tuple[str, str]:
    """A box before and after whether it is checked: all but the count, the same on every page."""
    name, value, label = escape(name), escape(value), escape(capfirst(label))
    item = f'<div class="facet__item{" facet__item--below" if is_below else ""}"><label class="choice">'
    box = f'<input type="checkbox" id="f-{name}-{value}" name="{name}" value="{value}"'
    return item + box, f'>{label}</label><span class="facet__count">'


@register.filter
def bars(years: Histogram) -> SafeString:
    """The bars of a histogram, each a link that narrows the list to its years."""
    page = escape(reverse("treaty-list"))
    drawn = []
    for bar in years.bars:
        if bar.count:
            said = f"{bar.label}: {bar.count}{'+' if bar.at_least else ''}"
            drawn.append(
                f'<a href="{page}?{escape(bar.query)}" aria-label="{said}"><title>{said}</title>'
                f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/></a>'
            )
    return mark_safe("\n    ".join(drawn))  # noqa: S308 (escaped)
