"""What the verbs share."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker, Conflict, Refused
from treaties.texts import unfit
from workflow.models import Dossier


def refuse(blockers: list[Blocker]) -> None:
    """Raise `Refused` with these, if there are any."""
    if blockers:
        raise Refused(blockers)


def label(dossier: Dossier, code: str) -> object:
    """What people call the step; the code itself where the procedure has no such step."""
    return dossier.procedure.step(code).label if dossier.procedure.has(code) else code


def first_fit(*texts: str) -> str:
    """The first text that can be kept as a reason in the trail (the guards say when one cannot); else empty."""
    return next((text.strip() for text in texts if text.strip() and not unfit(text.strip(), limit=4_000)), "")


def unchanged(dossier: Dossier, version: int | None) -> None:
    """Raise `Conflict`, with who and when, unless the dossier is as the page showed it."""
    if version is None or dossier.version == version:
        return
    last = dossier.history.first()
    raise Conflict(
        _("%(who)s changed this dossier at %(when)s. Your text is still here; look at what changed first.")
        % {"who": last.history_actor, "when": f"{timezone.localtime(last.history_date):%d-%m-%Y %H:%M}"}
    )
