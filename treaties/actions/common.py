"""What every write to the record is made of: who may, the lock, the reasons against it row by row, the version."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import BY_DEPARTMENT, Access, Deed
from accounts.models import Department, User
from audit.actions import change
from audit.choices import Action
from audit.context import before_commit
from audit.refusals import Blocker, Conflict, Refused, Sentence
from treaties import search
from treaties.dates import PartialDate
from treaties.models import Treaty
from treaties.texts import clean, unfit

# Stands in for a reason that cannot be kept, in a change that is refused before it is written.
_NO_REASON = "refused"
_is_address = URLValidator(schemes=["http", "https"])


class Entry(Protocol):
    """A row of a page as a person wants it: `pk` of the row it changes, None for a new one; `gone` to be rid of it."""

    @property
    def pk(self) -> int | None: ...

    @property
    def gone(self) -> bool: ...


def require(actor: User, deed: Deed) -> None:
    """Raise `Refused` when `actor` may not do `deed`."""
    if not actor.may(deed):
        sentence = _("You may not %(deed)s.") % {"deed": deed.label}
        raise Refused([Blocker("not_allowed", sentence)])


def level_problems(actor: User, access: str, department: str | None) -> list[Blocker]:
    """Why `actor` cannot give something this level: who may not read a level cannot set it."""
    level = Access(access)
    if department and not Department.objects.filter(code=department).exists():
        unknown = _("There is no department “%(code)s”.") % {"code": department[:60]}
        return [Blocker("unknown_department", unknown, field="department")]
    if level in BY_DEPARTMENT and not department:
        nobody = _("Say which department holds the treaty: only that department reads what is confidential.")
        return [Blocker("no_department", nobody, field="department")]
    if not actor.reads(level, department):
        sentence = _("You could not read it yourself any more as “%(level)s”; choose another level or department.")
        return [Blocker("level", sentence % {"level": level.label}, field="access")]
    return []


def stated(reason: str) -> str:
    """The reason of a change as it is kept. Raises `Refused` for none, or one that cannot be kept."""
    return clean(reason, field="reason", limit=4_000, required=True)


def lock(treaty: Treaty, *, version: int | None = None) -> Treaty:
    """The row, held until the end of the transaction; first in the lock order.

    Raises `Conflict` when the record has moved on from `version`, the one the person saw.
    """
    row = Treaty.objects.select_for_update().get(pk=treaty.pk)
    if version is not None and row.version != version:
        last = row.history.first()
        raise Conflict(
            _("%(who)s changed this record at %(when)s. Your text is still here; look at what changed first.")
            % {"who": last.history_actor, "when": f"{timezone.localtime(last.history_date):%d-%m-%Y %H:%M}"}
        )
    return row


def changed(treaty: Treaty) -> None:
    """Something that hangs on the treaty changed: its version rises once, at the end of the open change."""
    before_commit(("version", treaty.pk), partial(_raise_version, treaty.pk))
    search.touch(treaty)


def _raise_version(key: int) -> None:
    row = Treaty.objects.get(pk=key)
    row.version += 1
    row.save()
    # Its search document says when it last changed, and may have been made before this.
    search.touch(row)


@dataclass
class Save:
    """One save of one page: the treaty, held; every reason against it so far; whether anything was written."""

    treaty: Treaty
    section: str
    actor: User
    blockers: list[Blocker] = field(default_factory=list)
    wrote: bool = False

    def refuse(self, place: int | None, code: str, sentence: Sentence, *, field: str = "", law: Sentence = "") -> None:
        """Note a reason against it. `field` becomes `<section>-<row>-<field>`; without a row it stays as it is."""
        name = field if place is None else f"{self.section}-{place}-{field}"
        self.blockers.append(Blocker(code, sentence, law, name))

    def texts(self, place: int, entry: Any, limits: Mapping[str, int], needed: Sequence[str] = ()) -> None:
        """Note every text of a row that cannot be kept."""
        for name, limit in limits.items():
            if problem := unfit(getattr(entry, name), limit=limit, required=name in needed):
                self.refuse(place, "text", problem, field=name)

    def address(self, place: int, text: str, field: str) -> None:
        """Note an address that no browser would follow."""
        if text.strip():
            try:
                _is_address(text.strip())
            except ValidationError:
                self.refuse(place, "address", _("Give a whole address, with https:// before it."), field=field)

    def past(self, place: int, when: PartialDate, field: str) -> None:
        """Note a date that lies ahead, of something that must have happened."""
        if when.on and when.on > timezone.localdate():
            sentence = _("This date lies in the future; record it once it has happened.")
            self.refuse(place, "future", sentence, field=field)

    def known(self, entries: Sequence[Entry], present: Mapping[int, models.Model]) -> None:
        """Note every row that is said to be on record and is not, or that comes twice."""
        seen: set[int] = set()
        for place, entry in enumerate(entries):
            if entry.pk is None:
                continue
            if entry.pk not in present or entry.pk in seen:
                self.refuse(place, "unknown_row", _("This row is not on record. Load the page again."))
            seen.add(entry.pk)

    def check(self) -> None:
        """Raise `Refused` with everything that was noted."""
        if self.blockers:
            raise Refused(self.blockers)

    def write(self, row: Any, values: Mapping[str, Any], place: int | None = None) -> None:
        """Write a row when it is new or says something else. Raises `Refused` where it is on record elsewhere."""
        if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(row, name, value)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            self.refuse(place, "on_record", _("This is on record already."))
            raise Refused(self.blockers) from error
        self.wrote = True

    def remove(self, row: Any) -> None:
        """Take a row away; what it was stays in the history."""
        row.delete()
        self.wrote = True


@contextmanager
def saving(
    section: str,
    *,
    actor: User,
    treaty: Treaty,
    action: Action,
    version: int | None,
    reason: str,
    submission: UUID | None = None,
) -> Iterator[Save]:
    """One save in one change. Raises `Refused` with everything, `Conflict`, or `AlreadyDone`; then nothing is kept."""
    require(actor, Deed.EDIT_RECORD)
    problem = unfit(reason, limit=4_000, required=True)
    with change(actor, action=action, reason=_NO_REASON if problem else clean(reason), submission=submission):
        save = Save(lock(treaty, version=version), section, actor)
        if problem:
            save.refuse(None, "text", problem, field="reason")
        yield save
        save.check()
        if not save.wrote:
            raise Refused([Blocker("nothing_changed", _("Nothing was changed, so there is nothing to save."))])
        changed(save.treaty)


@contextmanager
def alone() -> Iterator[None]:
    """A page's action done for one row: its refusals name the field without section and row."""
    try:
        yield
    except Refused as refused:
        raise Refused([replace(one, field=one.field.rpartition("-")[2]) for one in refused.blockers]) from refused


def cleaned(entry: Any, limits: Mapping[str, int]) -> dict[str, str]:
    """The texts of a row as they are kept."""
    return {name: clean(getattr(entry, name), field=name, limit=limit) for name, limit in limits.items()}


def surely_before(first: PartialDate, second: PartialDate) -> bool:
    """Whether `first` lies before `second`, whatever days the two can mean."""
    last: date | None = first.last
    return last is not None and second.on is not None and last < second.on
