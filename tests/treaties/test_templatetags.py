"""How values are written in a page."""

import pytest
from django.utils import translation

from treaties.choices import Kind, Status
from treaties.dates import UNKNOWN, parse
from treaties.models import Treaty
from treaties.templatetags.treaty_tags import cited, linked, status_label, tone, when


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("2007-03-09", '<time datetime="2007-03-09">9 March 2007</time>'),
        ("2007-03", '<time datetime="2007-03">March 2007</time>'),
        ("2007", '<time datetime="2007">2007</time>'),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(text: str, html: str) -> None:
    with translation.override("en"):
        assert when(parse(text)) == html


def test_an_unknown_date_says_so() -> None:
    with translation.override("en"):
        assert when(UNKNOWN) == '<span class="unknown">date unknown</span>'


@pytest.mark.parametrize(
    ("kind", "status", "tone_of_it", "label"),
    [
        (Kind.TREATY, Status.IN_FORCE, "ok", "In force"),
        (Kind.TREATY, Status.SIGNED, "warn", "Signed"),
        (Kind.TREATY, Status.ENDED, "stop", "No longer in force"),
        (Kind.TREATY, Status.IN_PREPARATION, "neutral", "In preparation"),
        (Kind.MOU, Status.SIGNED, "info", "Signed"),
        (Kind.PROGRAMME, Status.ENDED, "stop", "No longer in effect"),
    ],
)
def test_a_memorandum_has_no_force_to_be_in(kind: Kind, status: Status, tone_of_it: str, label: str) -> None:
    treaty = Treaty(kind=kind)
    assert tone(status, treaty) == tone_of_it
    with translation.override("en"):
        assert status_label(status, treaty) == label


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "https://www.example.org/a?b=1&c=2",
            '<a href="https://www.example.org/a?b=1&amp;c=2" rel="external">example.org</a>',
        ),
        (
            "https://a.example/1\nhttp://b.example/2",
            ('<a href="https://a.example/1" rel="external">a.example</a>, '
            '<a href="http://b.example/2" rel="external">b.example</a>'),
        ),
        ("Belgisch Staatsblad <2008>", "Belgisch Staatsblad &lt;2008&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("", ""),
        (
            'https://a.example/"><script>',
            '<a href="https://a.example/" rel="external">https://a.example/</a>&quot;&gt;&lt;script&gt;',
        ),
    ],
)  # fmt: skip
def test_a_source_is_a_link_or_text_and_never_markup(source: str, html: str) -> None:
    assert cited(source) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "Agreed (https://a.example/x).\nThen <b>published</b>.",
            (
                'Agreed (<a href="https://a.example/x" rel="external">https://a.example/x</a>).<br>'
                "Then &lt;b&gt;published&lt;/b&gt;."
            ),
        ),
        (
            "See https://a.example/x_(y), too",
            'See <a href="https://a.example/x_(y)" rel="external">https://a.example/x_(y)</a>, too',
        ),
    ],
)
def test_running_text_keeps_its_lines_and_every_sign(text: str, html: str) -> None:
    assert linked(text) == html
