"""Taking a confirmed import back: the record as it was, and the numbers of the source forgotten again."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from imports.models import ImportRow, ImportRun, SourceKey
from treaties.bulk_revert import revert
from treaties.models import Treaty
from workflow.models import Dossier

# Remarks of the register in a record are in Dutch.
_TAKEN_BACK = "Ingevoerd uit {} en teruggenomen op {:%d-%m-%Y}: {}"


@dataclass
class TakenBack:
    """How many records were put back, and the references of those that were left."""

    put_back: int = 0
    left: list[str] = field(default_factory=list)


def take_back(
    actor: User, run: ImportRun, reason: str, progress: Callable[[int, int], None] | None = None
) -> TakenBack:
    """Put back what the import did, but for what somebody changed since or a dossier is about."""
    done, left = TakenBack(), list[int]()
    if run.confirmed_change is None:
        return done
    note = _TAKEN_BACK.format(run.filename, timezone.localdate(), reason)
    pairs = Dossier.objects.values_list("treaty", "package_links__treaty")
    keep = {key for pair in pairs.iterator() for key in pair}
    for piece in revert(actor=actor, of=run.confirmed_change, keep=keep, note=note, reason=reason):
        _forget(run, piece.put_back)
        done.put_back += len(piece.put_back)
        left += piece.left
        if progress:
            progress(done.put_back + len(left), 0)
    done.left = list(Treaty.objects.filter(pk__in=left).order_by("reference").values_list("reference", flat=True))
    return done


def _forget(run: ImportRun, treaties: list[int]) -> None:
    """What the source said before the import is what it said; what it said first by the import is forgotten."""
    mended = list(ImportRow.objects.filter(run=run, treaty__in=treaties, before__isnull=False))
    before = {row.before["key"]: row.before for row in mended if row.before}
    keys = list(SourceKey.objects.filter(pk__in=before))
    for key in keys:
        told = before[key.pk]
        key.said, key.title_hash, key.run_id = told["said"], told["title_hash"], told["run"]
    SourceKey.objects.bulk_update(keys, ["said", "title_hash", "run"], batch_size=500)
    SourceKey.objects.filter(run=run, treaty__in=treaties).exclude(pk__in=before).delete()
