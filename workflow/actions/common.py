"""What the verbs share."""

from audit.refusals import Blocker, Refused
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
