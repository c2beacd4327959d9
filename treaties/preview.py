"""The page of a record as the public reads it, or would once it is public: the queries of the page, asked by nobody."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from treaties import as_of, presentation, publishing, queries, sheet
from treaties.choices import Access
from treaties.models import Treaty
from treaties.presentation import TreatyView


def view(treaty: Treaty, address: str) -> TreatyView:
    """What the page of `treaty` says to who is not logged in, once it is public.

    Whether it may be previewed its caller has judged; `address` is that of the page.
    """
    page = queries.page(AnonymousUser(), treaty.reference, once_public=True)
    assert page is not None  # noqa: S101 (the caller found it)
    # Of this page alone, and never saved: the mark that says "not public" would not be there.
    page.treaty.access = Access.PUBLIC
    return presentation.view(page, timezone.localdate(), address)


def context(treaty: Treaty, address: str) -> dict[str, Any]:
    """The context of the page for who is not logged in."""
    return {
        "view": view(treaty, address),
        "moment": _now(),
        "preview": _sentences(treaty),
        "may_edit": False,
        "may_read_internal": False,
        "has_pdf": sheet.is_available(),
    }


def on_paper(treaty: Treaty, address: str) -> str:
    """The sheet of the record as the public would read it, as HTML."""
    shown = view(treaty, address)
    return sheet.html(shown, _now(), _sentences(treaty), address, is_screen=True, is_preview=True)


def _now() -> as_of.Moment:
    today = timezone.localdate()
    return as_of.Moment(today, None, {}, {}, today)


def _sentences(treaty: Treaty) -> list[str]:
    if publishing.is_public(treaty.access):
        return [_("Preview: this is what the public sees of this record.")]
    return [
        _("Preview: this is what the public would see of this record."),
        _("It is not public. Nobody outside can open this page."),
    ]
