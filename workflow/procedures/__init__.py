"""The procedures, by code and version. A dossier keeps the version it began with."""

from datetime import date

from workflow.procedures.accession import ACCESSION
from workflow.procedures.amendment import AMENDMENT
from workflow.procedures.association import ASSOCIATION
from workflow.procedures.denunciation import DENUNCIATION
from workflow.procedures.eu_mixed import EU_MIXED
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.language import Procedure, Step
from workflow.procedures.mixed import MIXED
from workflow.procedures.mou import MOU
from workflow.procedures.programme import PROGRAMME
from workflow.procedures.simplified import SIMPLIFIED
from workflow.procedures.technical import TECHNICAL

# Every version ever used stays here: dossiers point at it.
ALL: tuple[Procedure, ...] = (
    EXCLUSIVE,
    MIXED,
    MOU,
    ACCESSION,
    SIMPLIFIED,
    EU_MIXED,
    AMENDMENT,
    TECHNICAL,
    PROGRAMME,
    ASSOCIATION,
    DENUNCIATION,
)


def get(code: str, version: int) -> Procedure:
    """Raises `KeyError` for a procedure or version that never was."""
    for procedure in ALL:
        if (procedure.code, procedure.version) == (code, version):
            return procedure
    raise KeyError(code, version)


def versions(code: str) -> tuple[Procedure, ...]:
    """Every version of a procedure there ever was, newest first; drafts too. Empty for an unknown code."""
    found = (procedure for procedure in ALL if procedure.code == code)
    return tuple(sorted(found, key=lambda procedure: -procedure.version))


def step_of(procedure: Procedure, code: str) -> Step:
    """The step of a procedure, or of another one where the dossier came from that. Raises `KeyError`."""
    if procedure.has(code):
        return procedure.step(code)
    for other in ALL:
        if other.has(code):
            return other.step(code)
    raise KeyError(code)


def latest(code: str, on: date | None = None) -> Procedure:
    """The version new dossiers begin with on a day (None: the newest published). Raises `KeyError` for an unknown code."""
    valid = [
        procedure
        for procedure in ALL
        if procedure.code == code and procedure.valid_from and (on is None or procedure.valid_from <= on)
    ]
    if not valid:
        raise KeyError(code)
    return max(valid, key=lambda procedure: procedure.version)


def published(on: date) -> tuple[Procedure, ...]:
    """The procedures a new dossier can follow on a day, in the order people look for them."""
    codes = dict.fromkeys(procedure.code for procedure in ALL if procedure.valid_from and procedure.valid_from <= on)
    return tuple(latest(code, on) for code in codes)


__all__ = ["ALL", "Procedure", "get", "latest", "published", "step_of", "versions"]
