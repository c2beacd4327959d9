"""Names and words that more than one part of the page uses."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from treaties.choices import ActKind, Status, TitleKind
from treaties.models import Title, Treaty
from treaties.status import Standing


def status_label(status: str, treaty: Treaty) -> str:
    """The word on the badge. What binds politically only has no force to be in or not."""
    if not treaty.is_treaty and status == Status.SIGNED:
        return capfirst(pgettext("of an MoU", "signed"))
    if not treaty.is_treaty and status == Status.ENDED:
        return capfirst(pgettext("of an MoU", "no longer in effect"))
    return capfirst(str(Status(status).label))


def party_label(standing: Standing, treaty: Treaty) -> str:
    """The word on how a party stands: a consent to be bound that is not in force for it is told apart."""
    consents = {
        ActKind.SIGNATURE: _("Signed"),
        ActKind.RATIFICATION: _("Ratified"),
        ActKind.ACCEPTANCE: _("Accepted"),
        ActKind.APPROVAL: _("Approved"),
        ActKind.ACCESSION: _("Acceded"),
        ActKind.SUCCESSION: _("Succeeded"),
    }
    endings = {
        ActKind.DENUNCIATION: _("Denounced"),
        ActKind.EXPIRY: _("Expired"),
        ActKind.REPLACEMENT: _("Replaced"),
    }
    if standing.status == Status.ENDED and standing.by in endings:
        return endings[standing.by]
    if standing.status in (Status.SIGNED, Status.UNKNOWN) and standing.by in consents:
        return consents[standing.by]
    return status_label(standing.status, treaty)


def rank(title: Title) -> tuple[bool, bool, bool, int]:
    return (title.language != "nl", title.language != "en", title.kind != TitleKind.OFFICIAL, title.pk)


def short_name(treaty: Treaty, language: str) -> Title | None:
    """The name people use, in the language of the heading where it exists, else in Dutch."""
    names = [title for title in treaty.titles.all() if title.kind == TitleKind.SHORT]
    return min(names, key=lambda title: (title.language != language, *rank(title)), default=None)
