"""Looking back, along two axes: a day in the life of the treaty, and a moment in what the register knew of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person, reads
from treaties import queries
from treaties.choices import Precision
from treaties.dates import PartialDate
from treaties.fields import PartialDateField
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    Party,
    Theme,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.queries import TreatyPage

# The parameters of an address that looks back.
AS_OF, KNOWN_AT = "as_of", "known_at"
_TIME = re.compile(r"(?P<day>.*\S)[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})$", re.ASCII)


@dataclass(frozen=True)
class Moment:
    """What a reader asks: how things stood on day `on`, as the register knew it at `known_at` (None: now).

    `problems` says in one sentence per parameter why it could not be read, `typed` keeps what was typed;
    what could not be read counts as not asked. `today` is the day on which it was asked.
    """

    on: date
    known_at: datetime | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=timezone.localdate)

    @property
    def is_now(self) -> bool:
        """Whether nothing is asked but how it stands today, as known now."""
        return self.on == self.today and self.known_at is None

    @property
    def is_back(self) -> bool:
        """Whether the day asked about is past."""
        return self.on < self.today

    @property
    def is_ahead(self) -> bool:
        """Whether the day asked about is still to come."""
        return self.on > self.today

    @property
    def query(self) -> str:
        """The parameters that ask this again, without those that could not be read; empty for now."""
        asked = {AS_OF: self.on.isoformat()} if self.on != self.today else {}
        if self.known_at:
            local = timezone.localtime(self.known_at)
            asked[KNOWN_AT] = local.strftime("%Y-%m-%d" if local.time() == time.max else "%Y-%m-%dT%H:%M")
        return urlencode(asked, safe=":")

    @property
    def shown(self) -> Mapping[str, str]:
        """What the two fields of a form hold: what was typed where it could not be read, else what is asked."""
        asked = dict(parse_qsl(self.query))
        return {name: (self.typed if name in self.problems else asked).get(name, "") for name in (AS_OF, KNOWN_AT)}


def moment_from(data: QueryDict) -> Moment:
    """The moment that the parameters `as_of` and `known_at` of an address ask for; never an error.

    `as_of` is a date as people write it; of a month or a year its last day. `known_at` is one too, with or
    without a time (`2024-03-05T14:30`, local): the whole of that day or minute counts. It is not in the future.
    """
    typed = {name: data.get(name, "").strip() for name in (AS_OF, KNOWN_AT)}
    problems: dict[str, str] = {}
    today, on, known_at = timezone.localdate(), None, None
    try:
        on = _day(typed[AS_OF])
    except ValidationError as error:
        problems[AS_OF] = _sentence(error)
    try:
        known_at = _known_at(typed[KNOWN_AT])
    except ValidationError as error:
        problems[KNOWN_AT] = _sentence(error)
    return Moment(on or today, known_at, problems, typed, today)


def _day(text: str) -> date | None:
    return PartialDateField(required=False).clean(text).last


def _known_at(text: str) -> datetime | None:
    """The last moment that `text` can mean; of today it is now, and None. Raises `ValidationError`."""
    found = _TIME.fullmatch(text)
    day = _day(found["day"] if found else text)
    if day is None:
        return None
    try:
        at = time(int(found["hour"]), int(found["minute"]), 59, 999_999) if found else time.max
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not a time of day. Write for example 14:30.") % {"value": text}
        ) from error
    moment, now = timezone.make_aware(datetime.combine(day, at)), timezone.now()
    if found is None and day == timezone.localdate():
        return None
    if day > timezone.localdate() or moment.replace(second=0, microsecond=0) > now:
        raise ValidationError(_("What the register will know later cannot be asked now. Give a moment in the past."))
    return moment


def _sentence(error: ValidationError) -> str:
    return str(error.messages[0])


# --- What a page says of the moment -------------------------------------------------------------------


def banner(moment: Moment) -> list[str]:
    """In sentences, what one is looking at; none on the page of now."""
    if moment.is_now:
        return []
    return [_what(moment), *_left_out(moment)]


def _what(moment: Moment) -> str:
    day, known = str(PartialDate(moment.on)), _said(moment.known_at)
    if moment.known_at is None:
        back = _("You are looking back: how it stood on %(day)s, as the register knows it now.")
        ahead = _("You are looking ahead: how it will stand on %(day)s, as far as the register knows now.")
        return (ahead if moment.is_ahead else back) % {"day": day}
    if moment.on == moment.today:
        return _("You are looking back: what the register knew on %(known)s.") % {"known": known}
    if moment.is_ahead:
        form = _("You are looking ahead: how it will stand on %(day)s, as the register knew it on %(known)s.")
    else:
        form = _("You are looking back: how it stood on %(day)s, as the register knew it on %(known)s.")
    return form % {"day": day, "known": known}


def _left_out(moment: Moment) -> Iterator[str]:
    if moment.is_back:
        yield _("What is dated later is not shown, nor what has no date: notes, numbers, papers and related treaties.")
    elif moment.known_at:
        yield _("Related treaties and the stages of the procedure are not shown.")


def _said(known_at: datetime | None) -> str:
    """The moment of knowing; a whole day is said without a time."""
    if known_at is None:
        return ""
    local = timezone.localtime(known_at)
    return date_format(local, "j F Y" if local.time() == time.max else "j F Y H:i")


# --- What was there, and what was known -------------------------------------------------------------------


def page(person: Person, reference: str, moment: Moment) -> TreatyPage | None:
    """The page of a treaty at `moment`, as `person` may see it; None where there is nothing to see.

    Who may not see the treaty now does not see it as it was; nor, what was not for them at that time.
    """
    if moment.known_at is None:
        found = queries.page(person, reference, moment.on)
    else:
        found = _known(person, reference, moment.on, moment.known_at)
    if found is None or moment.on == moment.today:
        return found
    return _on(found, moment)


def _on(found: TreatyPage, moment: Moment) -> TreatyPage:
    """The page without what is dated later; for a day in the past also without what has no date."""
    dated = [act for act in found.acts if act.on and act.on <= moment.on]
    undated = [act for act in found.acts if act.on is None]
    stated = [_standing_on(one, moment.on) for one in found.declarations if not (one.on and one.on > moment.on)]
    if not moment.is_back:
        return replace(found, acts=[*dated, *undated], declarations=stated)
    return replace(
        found,
        acts=dated,
        undated=undated,
        declarations=[one for one in stated if one.on],
        documents=[],
        relations=[one for one in found.relations if one[2].on and one[2].on <= moment.on],
    )


def _standing_on(one: Declaration, on: date) -> Declaration:
    """A declaration as it stood: a withdrawal that is dated later was not there yet."""
    if one.withdrawn_on and one.withdrawn_on > on:
        one.withdrawn_on, one.withdrawn_precision = None, Precision.UNKNOWN
    return one


def _known(person: Person, reference: str, on: date, at: datetime) -> TreatyPage | None:
    """What the register knew at `at`, from its history; always the same number of queries."""
    now = Treaty.objects.visible_to(person).filter(reference=reference).first()
    then = _rows(Treaty, at, id=now.pk) if now else []
    if not then or not reads(person, then[0].access, then[0].department_id):
        return None
    treaty = then[0]
    acts = sorted(
        (act for act in _rows(Act, at, treaty_id=treaty.pk) if not act.is_retracted),
        key=lambda act: (act.on or date.max, act.pk),
    )
    _hang(treaty, at, acts)
    declarations = [one for one in _rows(Declaration, at, treaty_id=treaty.pk) if not one.is_retracted]
    _point(Party, at, "party", declarations)
    clause = next(iter(_rows(ForceClause, at, treaty_id=treaty.pk)), None)
    if clause:
        clause.treaty = treaty
    overall, parties = queries.standings(treaty, acts, on)
    documents, replaced = _documents(person, treaty, at)
    return TreatyPage(
        treaty=treaty,
        acts=acts,
        standing=overall,
        parties=parties,
        declarations=sorted(declarations, key=lambda one: (one.on or date.max, one.pk)),
        documents=documents,
        replaced=replaced,
        clause=clause,
    )


def _hang(treaty: Treaty, at: datetime, acts: list[Act]) -> None:
    """Give `treaty` its titles, parties, themes and numbers of that moment, as if they had been prefetched."""
    parties = _rows(TreatyParty, at, treaty_id=treaty.pk)
    themes = _rows(TreatyTheme, at, treaty_id=treaty.pk)
    _point(Party, at, "party", [*parties, *acts])
    _point(Party, at, "territory", [*parties, *acts])
    _point(Party, at, "depositary", [treaty])
    _point(Theme, at, "theme", themes)
    _point(Theme, at, "parent", [link.theme for link in themes])
    _prefetched(treaty, "acts", acts)
    _prefetched(treaty, "party_links", sorted(parties, key=lambda link: link.party.sort_key))
    _prefetched(treaty, "theme_links", sorted(themes, key=lambda link: link.theme.sort_key))
    _prefetched(treaty, "titles", sorted(_rows(Title, at, treaty_id=treaty.pk), key=lambda title: title.pk))
    numbers = _rows(Identifier, at, treaty_id=treaty.pk)
    _prefetched(treaty, "identifiers", sorted(numbers, key=lambda number: (number.scheme, number.value)))


def _documents(person: Person, treaty: Treaty, at: datetime) -> tuple[list[Document], dict[int, int]]:
    """The papers that were on file, as far as `person` may see them now and might have seen them then.

    What was said of them is what was said then; beside them, which version came after which.
    """
    then = _rows(Document, at, treaty_id=treaty.pk)
    known = [document.pk for document in then if reads(person, document.access, treaty.department_id)]
    found = list(Document.objects.visible_to(person).filter(pk__in=known).select_related("about"))
    told = {one.pk: one for one in then}
    for document in found:
        document.standing, document.replaces_id = told[document.pk].standing, told[document.pk].replaces_id
    return found, {one.pk: one.replaces_id for one in then if one.replaces_id}


def _rows(model: Any, at: datetime, **of: Any) -> list[Any]:
    """The rows as they were at `at`. The history's own `as_of`, which gives a row that was written twice in
    one instant twice, is not used."""
    history = model.history.filter(history_date__lte=at, **of)
    newest = history.order_by("id", "-history_date", "-history_id").distinct("id")
    return [row.instance for row in newest if row.history_type != "-"]


def _point(model: Any, at: datetime, name: str, rows: Iterable[Any]) -> None:
    """Set the foreign key `name` of `rows`, by the names of that moment; reference data that is newer stands as now."""
    rows = [row for row in rows if getattr(row, f"{name}_id")]
    wanted = {getattr(row, f"{name}_id") for row in rows}
    found = {one.pk: one for one in _rows(model, at, id__in=wanted)}
    if wanted - set(found):
        found = {one.pk: one for one in model.objects.filter(pk__in=wanted)} | found
    for row in rows:
        setattr(row, name, found[getattr(row, f"{name}_id")])


def _prefetched(treaty: Any, name: str, rows: list[Any]) -> None:
    queryset = getattr(treaty, name).all()
    queryset._result_cache = rows
    queryset._prefetch_done = True
    vars(treaty).setdefault("_prefetched_objects_cache", {})[name] = queryset
