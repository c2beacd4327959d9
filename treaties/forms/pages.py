"""Pages of rows: what is on record, to change in place, and room for more. One reason for one save.

Names of fields are `<section>-<row>-<field>`, as the actions name them when they refuse. A row without a key is a
new one; one left blank is none. What is not sent stays on record as it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.refusals import Blocker
from treaties import meanwhile
from treaties.forms.base import ActionForm, sentence_of, text
from treaties.forms.rows import Offers, RowForm, shown
from treaties.meanwhile import Past, Stamp
from treaties.models import Treaty

# As many as one page takes; a treaty has a tenth of it.
MOST = 2_000


@dataclass(frozen=True)
class Difference:
    """One field that is otherwise on record than it was typed, who wrote what is on record, and which one stays."""

    where: str
    label: Any
    theirs: str
    mine: str
    stamp: Stamp | None
    # The person had not touched it: what is on record was put in its place.
    taken_over: bool = False


@dataclass
class Meanwhile:
    """What somebody else did while a page was open."""

    differences: list[Difference] = field(default_factory=list)
    added: list[tuple[str, Stamp]] = field(default_factory=list)
    removed: list[tuple[str, Stamp]] = field(default_factory=list)


class RowsForm(ActionForm):
    """A page of rows: the version of the record it shows, its rows, and why they are saved."""

    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))
    reason = text(_("Why"), help_text=_("For the history: where this comes from."), needed=True)

    SECTION: ClassVar[str]
    ROW: ClassVar[type[RowForm]]
    MODEL: ClassVar[type[models.Model]]
    # Whether rows can be added on the page.
    GROWS: ClassVar[bool] = True

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        treaty: Treaty,
        person: User,
        typed: Any = None,
        more: int = 0,
        **kwargs: Any,
    ) -> None:
        """`typed`: what was sent, to be shown again without being judged, with `more` new rows."""
        self.treaty, self.person = treaty, person
        self.present = {row.pk: row for row in self.on_record()}
        self.offers = self.offered(data if data is not None else typed)
        initial = {"version": treaty.version, **self.initial_of(treaty)}
        if typed is not None:
            initial |= {name: one.widget.value_from_datadict(typed, {}, name) for name, one in self.base_fields.items()}
        super().__init__(data, files, initial=initial, **kwargs)
        self.rows = self._rows(data, typed, more)
        # The rows that were given to the action, in its order.
        self.given: list[Any] = []

    # What a page says of itself -----------------------------------------------------------------------

    def on_record(self) -> Iterable[Any]:
        raise NotImplementedError

    def told(self, row: Any) -> str:
        """A row on record in a few words."""
        raise NotImplementedError

    def offered(self, data: Any) -> Offers:
        return Offers()

    def initial_of(self, treaty: Treaty) -> dict[str, Any]:
        """The fields of the page that are not rows, as they are on record."""
        return {}

    # Rows ---------------------------------------------------------------------------------------------

    def _rows(self, data: Any, typed: Any, more: int) -> list[Any]:
        if data is not None:
            rows = [self._bound(data, place) for place in places(self.SECTION, data)]
        elif typed is not None:
            rows = [self._typed(typed, place) for place in places(self.SECTION, typed)]
        else:
            rows = [
                self._row(place, {**self.ROW.raw(row, self.offers), "id": row.pk})
                for place, row in enumerate(self.present.values())
            ]
            more = more or not rows
        if not self.GROWS:
            more = 0
        after = max((int(str(row.prefix).rpartition("-")[2]) for row in rows), default=-1) + 1
        return [*rows, *(self._row(after + number, {}) for number in range(more))]

    def _row(self, place: int | str, initial: dict[str, Any]) -> RowForm:
        row = self.ROW(prefix=f"{self.SECTION}-{place}", initial=initial, offers=self.offers)
        return self._with_words(row)

    def _typed(self, typed: Any, place: int) -> RowForm:
        blank = self.ROW(prefix=f"{self.SECTION}-{place}", offers=self.offers)
        return self._row(
            place,
            {
                name: one.widget.value_from_datadict(typed, {}, blank.add_prefix(name))
                for name, one in blank.fields.items()
            },
        )

    def _bound(self, data: Any, place: int) -> RowForm:
        prefix = f"{self.SECTION}-{place}"
        is_new = not data.get(f"{prefix}-id", "").strip()
        return self._with_words(self.ROW(data, prefix=prefix, offers=self.offers, empty_permitted=is_new))

    def _with_words(self, row: RowForm) -> RowForm:
        key = str(row["id"].value() or "")
        present = self.present.get(int(key)) if key.isdecimal() and len(key) < 19 else None
        row.told = self.told(present) if present is not None else ""
        return row

    @cached_property
    def blank(self) -> RowForm:
        """What a script copies for one more row."""
        return self._row("__row__", {})

    # Sending ------------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def entries(self) -> list[Any]:
        """What was typed, as the action takes it."""
        self.given = [row for row in self.rows if row.counts]
        return [row.entry() for row in self.given]

    @property
    def is_wrong(self) -> bool:
        return bool(self.is_bound and (self.errors or any(row.errors for row in self.rows)))

    @property
    def comes_back(self) -> bool:
        """Whether the page carries what somebody typed and is not saved."""
        return bool(self.is_bound or self.initial.get("submission"))

    def take(self, blockers: Iterable[Blocker]) -> None:
        rest = []
        for blocker in blockers:
            found = re.fullmatch(rf"{self.SECTION}-(\d+)-(.*)", blocker.field)
            if found is None or int(found[1]) >= len(self.given):
                rest.append(blocker)
                continue
            row = self.given[int(found[1])]
            row.add_error(found[2] if found[2] in row.fields else None, sentence_of(blocker))
        super().take(rest)

    # Conflicts ----------------------------------------------------------------------------------------

    def renew(self, treaty: Treaty) -> tuple[Self, Meanwhile]:
        """After somebody else saved: the page on the version as it is now, and everything that differs.

        What the person typed stays; what they had not touched follows the record. So saving again is a choice.
        """
        now = type(self)(treaty=treaty, person=self.person)
        given: Any = self.data
        data = given.copy()
        seen = self.cleaned_data["version"]
        told = Meanwhile()
        past = meanwhile.past(self.MODEL, treaty, seen)
        self._renew_fields(now, data, seen, told)
        keys = set()
        for row in self.rows:
            if key := row.cleaned_data.get("id"):
                keys.add(key)
                self._renew_row(row, now, data, past, told)
        self._add_rows(now, data, keys, past, told)
        data["version"] = treaty.version
        fresh = type(self)(data, None, treaty=treaty, person=self.person)
        fresh.conflict = self.conflict
        return fresh, told

    def _renew_row(self, row: RowForm, now: Self, data: Any, past: Past, told: Meanwhile) -> None:
        key = row.cleaned_data["id"]
        present = now.present.get(key)
        if present is None:
            # Saving again adds it anew.
            data[row.add_prefix("id")] = ""
            base = past.base.get(key)
            if key in past.removed and self.may_tell(base):
                told.removed.append((self.told_of_past(base) if base else "", past.removed[key]))
            return
        on_record = row.raw(present, now.offers)
        base = row.raw(past.base[key], now.offers) if key in past.base else on_record
        for name, theirs in on_record.items():
            mine = str(row[name].value() or "")
            if row.same(name, mine, theirs):
                continue
            taken_over = row.same(name, mine, base[name])
            if taken_over:
                data[row.add_prefix(name)] = theirs
            stamp = past.stamp(key, row.columns(name, present))
            words = (row.shown(name, theirs), row.shown(name, mine))
            told.differences.append(Difference(now.told(present), row.fields[name].label, *words, stamp, taken_over))

    def may_tell(self, base: Any) -> bool:
        """Whether the person may know of a row that is gone, as its history has it."""
        return True

    def told_of_past(self, base: Any) -> str:
        """A row that is gone, in words that its history has."""
        values = self.ROW.raw(base, self.offers)
        row = self._row("past", values)
        first = next(iter(self.ROW.GROUPS))[1]
        return ", ".join(filter(None, (row.shown(name, values[name]) for name in first)))

    def _add_rows(self, now: Self, data: Any, keys: set[int], past: Past, told: Meanwhile) -> None:
        """Rows that came on record while the page was open stand below what was typed."""
        after = max(places(self.SECTION, data), default=-1) + 1
        for key, present in now.present.items():
            if key in past.added and key not in keys:
                told.added.append((now.told(present), past.added[key]))
                for name, value in {**self.ROW.raw(present, now.offers), "id": str(key)}.items():
                    data[f"{self.SECTION}-{after}-{name}"] = value
                after += 1

    def _renew_fields(self, now: Self, data: Any, seen: int, told: Meanwhile) -> None:
        """As `_renew_row`, for the fields of the page itself."""
        on_record = self.initial_of(now.treaty)
        if not on_record:
            return
        past = meanwhile.past(Treaty, now.treaty, seen)
        before = past.base.get(now.treaty.pk)
        for name, theirs in on_record.items():
            if name not in self.fields:
                continue
            mine = self[name].value()
            words = (shown(self.fields[name], theirs), shown(self.fields[name], mine))
            if words[0] == words[1]:
                continue
            base = self.field_of_past(name, before) if before is not None else None
            taken_over = base is not None and shown(self.fields[name], base) == words[1]
            if taken_over:
                data.setlist(name, theirs if isinstance(theirs, list) else [theirs])
            stamp = past.stamp(now.treaty.pk, (name, f"{name}_id"))
            told.differences.append(Difference("", self.fields[name].label, *words, stamp, taken_over))

    def field_of_past(self, name: str, before: Any) -> Any:
        """A field of the page as a history row of the treaty has it; None where it does not say."""
        return getattr(before, name, None)


def places(section: str, data: Any) -> list[int]:
    """The numbers of the rows that were sent."""
    found = {int(one[1]) for name in data if (one := re.match(rf"{section}-(\d{{1,5}})-", name))}
    return sorted(found)[:MOST]
