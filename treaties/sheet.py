"""One treaty on paper: the sheet as HTML for printing, made into an accessible PDF (PDF/UA-1) where that can be done.

Making a PDF needs Pango, a library of the system. Where it is missing everything else works, and the page that
asks for a PDF says how to go on.
"""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from treaties.as_of import Moment
from treaties.presentation import TreatyView

try:
    import weasyprint
    from weasyprint.urls import URLFetcher
except OSError:  # pragma: no cover (Pango is missing)
    weasyprint = None

STYLE = "css/sheet.css"


def is_available() -> bool:
    """Whether PDF files can be made here: not without Pango, nor where the setting `PDF_SHEETS` is off."""
    return bool(settings.PDF_SHEETS) and weasyprint is not None


def html(
    view: TreatyView, moment: Moment, banner: list[str], address: str, *, is_screen: bool, is_preview: bool = False
) -> str:
    """The sheet of `view`; `address` is the one of the page it shows, `is_screen` for reading and printing it there.

    `is_preview`: of what is not public yet; a PDF of that is not made, and the way back leads to the preview.

    Notes of acts are never on it: they can be for colleagues only.
    """
    context = {
        "view": view,
        "treaty": view.treaty,
        "moment": moment,
        "banner": banner,
        "address": address,
        "printed": timezone.localdate(),
        "is_screen": is_screen,
        "is_preview": is_preview,
        "has_pdf": is_available() and not is_preview,
    }
    return render_to_string("treaties/sheet.html", context)


def pdf(markup: str, site: str) -> bytes:
    """`markup` as a tagged PDF. Nothing is read from the disk or the network, whatever the markup asks for.

    `site` is the address of the site, so that links in the PDF lead there.
    """
    document = weasyprint.HTML(string=markup, base_url=site, url_fetcher=_closed())
    style = weasyprint.CSS(string=_style(), url_fetcher=_closed())
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def _closed() -> "URLFetcher":
    """By default WeasyPrint reads `file://` too: text of a record must never bring a file of ours into a PDF."""
    return URLFetcher(allowed_protocols=["data"])


def _style() -> str:
    found = finders.find(STYLE)
    if not isinstance(found, str):
        raise FileNotFoundError(STYLE)
    with open(found, encoding="utf-8") as file:
        return file.read()
