"""The page of a record as the public reads it, or would once it is public: the queries of the page, asked by nobody."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from treaties import as_of, presentation, publishing, queries, sheet
from treaties.choices import Access
from treaties.models import Treaty


def context(treaty: Treaty, address: str) -> dict[str, Any]:
    """The context of the page for who is not logged in; whether `treaty` may be previewed its caller has judged."""
    nobody = AnonymousUser()
    today = timezone.localdate()
    page = queries.page(nobody, treaty.reference, once_public=True)
    assert page is not None  # noqa: S101 (the caller found it)
    # Of this page alone, and never saved: the mark that says "not public" would not be there.
    sentences, page.treaty.access = _sentences(treaty), Access.PUBLIC
    return {
        "view": presentation.view(page, today, address),
        "moment": as_of.Moment(today, None, {}, {}, today),
        "preview": sentences,
        "may_edit": False,
        "may_read_internal": False,
        "has_pdf": sheet.is_available(),
    }


def _sentences(treaty: Treaty) -> list[str]:
    if publishing.is_public(treaty.access):
        return [_("Preview: this is what the public sees of this record.")]
    return [
        _("Preview: this is what the public would see of this record."),
        _("It is not public. Nobody outside can open this page."),
    ]
