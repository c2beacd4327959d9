"""Several records changed at once: which were chosen, what is asked, and what that would make of each. Reads only."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import BY_DEPARTMENT
from accounts.models import Person, reads
from audit.refusals import Blocker, Refused
from treaties import publishing, queries
from treaties.choices import Access, Kind, Qualification
from treaties.models import Party, Theme, Treaty, TreatyTheme
from treaties.texts import clean, unfit

# The most records that are changed at once: what one transaction holds locked, and what a person can look through.
MOST = 1_000
SOURCES_LIMIT = 10_000
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,12}")
_SEEN = re.compile(r"([A-Za-z0-9-]{1,12}):([0-9]{1,9})")
_COLUMNS = {"kind": Kind, "qualification": Qualification, "access": Access}


# --- What was chosen -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The records to change, in a fixed order, and how many references in the address lead to none.

    `found` is how many were asked for: more than `MOST` and none of them is read.
    """

    treaties: list[Treaty]
    found: int
    unknown: int = 0

    @property
    def is_too_many(self) -> bool:
        return self.found > MOST

    @property
    def records(self) -> str:
        """The records with the version of each, as the page sends them back."""
        return listed(self.treaties)


def chosen(person: Person, data: QueryDict) -> Chosen:
    """What an address asks for: `reference` (repeated, or several with spaces), or `all` of what its filter finds."""
    if data.get("all"):
        documents = queries.answered(person, data).qs.order_by()
        # Not all are counted: what is too many is too many.
        found = documents.values("pk")[: MOST + 1].count()
        wanted = _read(person).filter(pk__in=documents.values("treaty_id")) if found <= MOST else Treaty.objects.none()
        return Chosen(list(wanted), found)
    return of_references(person, (word for value in data.getlist("reference") for word in value.split()))


def of_references(person: Person, references: Iterable[str]) -> Chosen:
    """The records with these references, as far as `person` may know of them."""
    asked = {word.upper() if _REFERENCE.fullmatch(word) else word for word in references}
    if len(asked) > MOST:
        return Chosen([], len(asked))
    known = [word for word in asked if _REFERENCE.fullmatch(word)]
    treaties = list(_read(person).filter(reference__in=known))
    return Chosen(treaties, len(treaties), unknown=len(asked) - len(treaties))


def seen(records: str) -> dict[str, int]:
    """What the page sent back: reference → the version it showed. What cannot be read is left out."""
    return {reference.upper(): int(version) for reference, version in _SEEN.findall(records)}


def listed(treaties: Iterable[Treaty]) -> str:
    return " ".join(f"{treaty.reference}:{treaty.version}" for treaty in treaties)


def _read(person: Person) -> QuerySet[Treaty]:
    """Records with all that a plan reads; in the order in which they are locked."""
    known = Treaty.objects.visible_to(person).order_by("pk")
    return known.prefetch_related("titles", "party_links__party", "theme_links__theme")


def to_lock(person: Person, references: Iterable[str]) -> QuerySet[Treaty]:
    """The same, held until the end of the transaction; in one order, so that two people never wait for each other."""
    return _read(person).filter(reference__in=list(references)).select_for_update()


# --- What is asked -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BulkEdit:
    """What is asked of every record; what is empty stays as it is. Themes by slug, parties by code."""

    add_themes: Sequence[str] = ()
    remove_themes: Sequence[str] = ()
    kind: str = ""
    qualification: str = ""
    access: str = ""
    add_parties: Sequence[str] = ()
    # Lines to come after the sources that are there.
    sources: str = ""


@dataclass(frozen=True)
class Wanted:
    """The same, read: rows for codes, codes for columns."""

    add_themes: Sequence[Theme] = ()
    remove_themes: Sequence[Theme] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    add_parties: Sequence[Party] = ()
    sources: Sequence[str] = ()


def wanted(edit: BulkEdit, *, reason: str, count: int) -> Wanted:
    """What is asked of `count` records. Raises `Refused` with everything that is wrong with it."""
    themes = {theme.slug: theme for theme in Theme.objects.filter(slug__in={*edit.add_themes, *edit.remove_themes})}
    parties = {party.code: party for party in Party.objects.filter(code__in=edit.add_parties)}
    problems = [
        *_count_problems(count),
        *_theme_problems(edit, themes),
        *_party_problems(edit, parties),
        *_value_problems(edit),
        *_text_problems(edit, reason),
    ]
    if problems:
        raise Refused(problems)
    return Wanted(
        add_themes=[themes[slug] for slug in dict.fromkeys(edit.add_themes)],
        remove_themes=[themes[slug] for slug in dict.fromkeys(edit.remove_themes)],
        columns={name: value for name in _COLUMNS if (value := str(getattr(edit, name)))},
        add_parties=[parties[code] for code in dict.fromkeys(edit.add_parties)],
        sources=_lines(clean(edit.sources, limit=SOURCES_LIMIT)),
    )


def _count_problems(count: int) -> list[Blocker]:
    if count > MOST:
        sentence = _("At most %(most)d records are changed at once: narrow the list first.") % {"most": MOST}
        return [Blocker("too_many", sentence)]
    return [] if count else [Blocker("none_chosen", _("No record is chosen: choose them on the list first."))]


def _theme_problems(edit: BulkEdit, themes: Mapping[str, Theme]) -> list[Blocker]:
    problems = []
    for name in ("add_themes", "remove_themes"):
        for slug in sorted(set(getattr(edit, name)) - set(themes)):
            sentence = _("There is no theme “%(slug)s”.") % {"slug": slug}
            problems.append(Blocker("unknown_theme", sentence, field=name))
    for slug in sorted(set(edit.add_themes) & set(themes)):
        words = {"theme": themes[slug].name}
        if slug in edit.remove_themes:
            sentence = _("The theme “%(theme)s” cannot be added and removed at once.") % words
            problems.append(Blocker("both_ways", sentence, field="remove_themes"))
        if themes[slug].is_deprecated:
            sentence = _("The theme “%(theme)s” is no longer used.") % words
            problems.append(Blocker("theme_not_used", sentence, field="add_themes"))
    return problems


def _party_problems(edit: BulkEdit, parties: Mapping[str, Party]) -> list[Blocker]:
    return [
        Blocker("unknown_party", _("There is no country or party “%(code)s”.") % {"code": code}, field="add_parties")
        for code in sorted(set(edit.add_parties) - set(parties))
    ]


def _value_problems(edit: BulkEdit) -> list[Blocker]:
    problems = [
        Blocker("choice", _("Choose one of the values of the list."), field=name)
        for name, values in _COLUMNS.items()
        if getattr(edit, name) and getattr(edit, name) not in values.values
    ]
    if edit == BulkEdit(sources=edit.sources) and not edit.sources.strip():
        problems.append(Blocker("nothing_asked", _("Say what must change.")))
    return problems


def _text_problems(edit: BulkEdit, reason: str) -> list[Blocker]:
    problems = {
        "sources": unfit(edit.sources, limit=SOURCES_LIMIT),
        "reason": unfit(reason, limit=4_000, required=True),
    }
    return [Blocker("text", problem, field=name) for name, problem in problems.items() if problem]


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


# --- What it would make of each ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One thing of a record that would change: what, before and after."""

    label: object
    before: str
    after: str


@dataclass(frozen=True)
class Moved:
    """Who changed a record since it was shown, and when."""

    who: str
    when: datetime


@dataclass
class Plan:
    """What would change in one record, and every reason why it cannot."""

    treaty: Treaty
    columns: Mapping[str, str] = field(default_factory=dict)
    add_themes: Sequence[Theme] = ()
    drop_themes: Sequence[TreatyTheme] = ()
    add_parties: Sequence[Party] = ()
    lines: Sequence[Line] = ()
    refusals: list[Blocker] = field(default_factory=list)
    moved: Moved | None = None

    @property
    def changes(self) -> bool:
        return bool(self.columns or self.add_themes or self.drop_themes or self.add_parties)


# Reasons against a plan that the record does not know of: key of the treaty → reasons.
Objections = Callable[[Sequence[Plan]], Mapping[int, Sequence[Blocker]]]


def plans(person: Person, treaties: Iterable[Treaty], wanted: Wanted, objections: Objections) -> list[Plan]:
    """A plan for each record (read as `_read` does), with the reasons against it."""
    made = [plan(treaty, wanted) for treaty in treaties]
    for one in made:
        one.refusals += _level_refusals(person, one)
    against = objections([one for one in made if one.changes])
    for one in made:
        one.refusals += against.get(one.treaty.pk, ())
    return made


def _level_refusals(person: Person, one: Plan) -> list[Blocker]:
    """Who may not read a level cannot set it; what is confidential is held by a department."""
    level, department = one.columns.get("access"), one.treaty.department_id
    if level and not (department or level not in BY_DEPARTMENT):
        nobody = _("Say first, on its own page, which department holds it: only that reads what is confidential.")
        return [Blocker("no_department", nobody)]
    if level and not reads(person, level, department):
        return [Blocker("level", _("You may not read this level of its department, so you cannot set it."))]
    return []


def plan(treaty: Treaty, wanted: Wanted) -> Plan:
    """What `wanted` would change in one record; what it says already stays out of it."""
    columns = {name: value for name, value in wanted.columns.items() if getattr(treaty, name) != value}
    new_sources = [line for line in wanted.sources if line not in treaty.source_lines]
    present = {link.theme_id for link in treaty.theme_links.all()}
    removed = {theme.pk for theme in wanted.remove_themes}
    parties = {link.party_id for link in treaty.party_links.all()}
    made = Plan(
        treaty,
        columns=columns | ({"sources": "\n".join([*treaty.source_lines, *new_sources])} if new_sources else {}),
        add_themes=[theme for theme in wanted.add_themes if theme.pk not in present],
        drop_themes=[link for link in treaty.theme_links.all() if link.theme_id in removed],
        add_parties=[party for party in wanted.add_parties if party.pk not in parties],
    )
    made.lines = [*_column_lines(treaty, columns), *_link_lines(made), *_source_lines(new_sources)]
    made.refusals = _refusals(made)
    return made


def _column_lines(treaty: Treaty, columns: Mapping[str, str]) -> list[Line]:
    labels: dict[str, object] = {column.name: column.verbose_name for column in Treaty._meta.concrete_fields}
    return [
        Line(labels[name], str(_COLUMNS[name](getattr(treaty, name)).label), str(_COLUMNS[name](value).label))
        for name, value in columns.items()
    ]


def _link_lines(made: Plan) -> list[Line]:
    lines = []
    if made.add_themes or made.drop_themes:
        links = made.treaty.theme_links.all()
        kept = [link.theme.name for link in links if link not in made.drop_themes]
        after = [*kept, *(theme.name for theme in made.add_themes)]
        lines.append(Line(_("themes"), ", ".join(link.theme.name for link in links), ", ".join(after)))
    if made.add_parties:
        before = [link.party.name for link in made.treaty.party_links.all()]
        after = [*before, *(party.name for party in made.add_parties)]
        lines.append(Line(_("parties"), ", ".join(before), ", ".join(after)))
    return lines


def _source_lines(new: Sequence[str]) -> list[Line]:
    """What comes after the sources that are there; those stay, and are not said again."""
    return [Line(_("sources, added"), "", "\n".join(new))] if new else []


def _refusals(made: Plan) -> list[Blocker]:
    problems = []
    if "access" in made.columns:
        problems += publishing.crossing(made.treaty.access, made.columns["access"])
    if len(made.columns.get("sources", "")) > SOURCES_LIMIT:
        too_long = _("Its sources would be longer than %(limit)d characters.") % {"limit": SOURCES_LIMIT}
        problems.append(Blocker("sources_too_long", too_long))
    return problems


def nobody_objects(_plans: Sequence[Plan]) -> Mapping[int, Sequence[Blocker]]:
    return {}


@dataclass(frozen=True)
class Preview:
    """All plans: those that are refused first, then what changes, then what stays as it is."""

    plans: list[Plan]
    unknown: int = 0

    @property
    def refused(self) -> list[Plan]:
        return [one for one in self.plans if one.refusals]

    @property
    def changed(self) -> list[Plan]:
        return [one for one in self.plans if one.changes and not one.refusals]

    @property
    def unchanged(self) -> list[Plan]:
        return [one for one in self.plans if not one.changes and not one.refusals]

    @property
    def moved(self) -> list[Plan]:
        return [one for one in self.plans if one.moved]

    @property
    def in_order(self) -> list[Plan]:
        return [*self.refused, *self.changed, *self.unchanged]

    @property
    def can_be_done(self) -> bool:
        return bool(self.changed) and not self.refused

    @property
    def records(self) -> str:
        return listed(one.treaty for one in self.plans)

    def without_refused(self) -> "Preview":
        return Preview([one for one in self.plans if not one.refusals], self.unknown)


def preview(
    person: Person,
    edit: BulkEdit,
    versions: Mapping[str, int],
    *,
    reason: str,
    objections: Objections = nobody_objects,
) -> Preview:
    """What `edit` would make of the records, as they are now; `versions` are those the person saw.

    Raises `Refused` when the edit itself cannot be.
    """
    asked = wanted(edit, reason=reason, count=len(versions))
    found = of_references(person, versions)
    made = plans(person, found.treaties, asked, objections)
    newer = moved(found.treaties, versions)
    for one in made:
        one.moved = newer.get(one.treaty.pk)
    return Preview(made, found.unknown)


def moved(treaties: Iterable[Treaty], versions: Mapping[str, int]) -> dict[int, Moved]:
    """Of the records that are no longer in the version that was shown: who changed each last, and when."""
    newer = [treaty.pk for treaty in treaties if versions.get(treaty.reference) != treaty.version]
    if not newer:
        return {}
    rows = Treaty.history.filter(id__in=newer).order_by("id", "-history_date", "-history_id").distinct("id")
    return {row.id: Moved(row.history_actor, row.history_date) for row in rows}
