"""The list of treaties as pages show it: facets, active filters, pages, and the same list as CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Person
from treaties import asking, pages, queries
from treaties.cells import guarded
from treaties.choices import Stage, Status
from treaties.dates import PartialDate
from treaties.filters import SORTS, TreatyFilter
from treaties.histogram import Histogram, histogram
from treaties.known_names import domains
from treaties.pages import ListPage
from treaties.queries import FacetValue, Row, WholeRow

# Values of a facet that are shown at once, and under "more"; what is beyond is reached by words or another filter.
SHOWN, MORE = 8, 40
# Facets whose values have an order of their own.
_IN_ORDER = {"status": list(Status.values), "stage": list(Stage.values)}
# Flanders and Belgium are party to nearly everything: they narrow little, so they come last.
_OWN = ("BE", "BE-", "X-BE-")


@dataclass(slots=True)
class Choice:
    value: str
    label: str
    count: int
    selected: bool
    indent: bool = False
    # Whether the count is the least there can be.
    at_least: bool = False


@dataclass(frozen=True)
class Facet:
    name: str
    label: object
    choices: list[Choice]
    errors: Sequence[str] = ()

    @property
    def first(self) -> list[Choice]:
        return self.choices[:SHOWN]

    @property
    def more(self) -> list[Choice]:
        """Those under "more": the most used ones, and whatever is chosen."""
        return [choice for place, choice in enumerate(self.choices[SHOWN:]) if place < MORE or choice.selected]

    @property
    def left_out(self) -> int:
        return len(self.choices) - len(self.first) - len(self.more)

    @property
    def is_open(self) -> bool:
        """Whether something under "more" is chosen: a choice is never hidden."""
        return any(choice.selected for choice in self.more)


@dataclass(frozen=True)
class Chip:
    """An active filter, with the query string without it."""

    kind: object
    label: str
    query: str


@dataclass(frozen=True)
class Sort:
    value: str
    label: object
    selected: bool


@dataclass(frozen=True)
class Spelling:
    """Words that are known, in place of those that were typed; the address that asks for them."""

    words: str
    query: str


@dataclass(frozen=True)
class Listing:
    """What the template of the list draws."""

    filterset: TreatyFilter
    page: ListPage
    rows: list[Row]
    facets: list[Facet]
    years: Histogram | None
    chips: list[Chip]
    query: str
    sorts: list[Sort]
    # What of the address says which page it is.
    place: dict[str, str]
    # What may have been meant, where nothing was found.
    spelling: Spelling | None = None

    @property
    def form(self) -> Any:
        return self.filterset.form

    @property
    def is_widened(self) -> bool:
        return self.filterset.is_widened

    @property
    def note(self) -> str:
        """What is said of counts that are not exact: a number is never silently wrong."""
        if self.page.is_exact and not any(choice.at_least for facet in self.facets for choice in facet.choices):
            return ""
        said = _("A number with + is the least there are: it counts the newest of what is found.")
        if self.filterset.order == "relevance" and not self.page.is_exact:
            said += " " + _("The best matches are taken from the newest; the older ones follow by date.")
        return said


def listing(person: Person, data: QueryDict) -> Listing:
    """One page of what `data` asks for, with everything around it."""
    filterset = queries.found(person, data)
    words = str(filterset.values.get("q") or "")
    counted = counted_for(filterset, data)
    if words and not counted.total:
        wider = queries.widened(person, data)
        if (more := counted_for(wider, data)).total:
            filterset, counted = wider, more
    page = page_of(filterset, data, counted)
    facets = _facets(filterset, counted.facets)
    asked = clean_query(filterset)
    return Listing(
        filterset=filterset,
        page=page,
        rows=queries.rows(page.documents, words, filterset.chosen("country"), filterset.reading if words else None),
        facets=facets,
        years=histogram(counted.facets["year"], _without(asked, "year")),
        chips=list(_chips(filterset, asked, facets)),
        query=asked.urlencode(),
        sorts=_sorts(filterset.order, bool(words)),
        place=pages.place(data),
        spelling=_spelling(words, asked) if words and not page.documents else None,
    )


def _spelling(words: str, asked: QueryDict) -> Spelling | None:
    meant = asking.spelling(words)
    if not meant:
        return None
    rest = asked.copy()
    rest["q"] = meant
    return Spelling(meant, rest.urlencode())


def counted_for(filterset: TreatyFilter, data: QueryDict) -> queries.Counted:
    """The counts of the list, with the best matches of the page where those are asked for."""
    is_ranked = filterset.order == "relevance"
    return queries.counted(filterset, pages.wanted("relevance", data, filterset.rank) if is_ranked else None)


def page_of(filterset: TreatyFilter, data: QueryDict, counted: queries.Counted) -> ListPage:
    """The asked page, with the total; the last one where it asks for one beyond the end."""
    last = -(-counted.total // pages.SIZE)
    best = counted.best
    if counted.is_exact and last > 0 and (data.get("last") or pages.number(data) > last):
        data = QueryDict(f"page={last}" if last < pages.FURTHEST else "last=1")
        best = counted_for(filterset, data).best
    page = pages.page(filterset.qs, filterset.order, data, best=best, total=counted.total if counted.is_exact else None)
    page.total, page.is_exact = counted.total, counted.is_exact
    if page.start is None and counted.is_exact and not page.next:
        page.start = max(counted.total - len(page.documents), 0) + 1
    return page


def _sorts(order: str, has_words: bool) -> list[Sort]:
    """The orders to choose from. The usual one has no value: who adds words then gets the best match first."""
    usual = usual_order(has_words)
    others = [name for name in SORTS if name != usual and (has_words or name != "relevance")]
    return [Sort("" if name == usual else name, SORTS[name], selected=name == order) for name in (usual, *others)]


def usual_order(has_words: bool) -> str:
    return "relevance" if has_words else "newest"


def clean_query(filterset: TreatyFilter) -> QueryDict:
    """The address with only what is valid and says something: for links to this same list."""
    asked = QueryDict(mutable=True)
    for name, value in filterset.values.items():
        if name == "sort":
            if filterset.order != usual_order(bool(filterset.values.get("q"))):
                asked[name] = filterset.order
        elif isinstance(value, PartialDate):
            if value.on:
                asked[name] = value.iso
        elif isinstance(value, dict | list | tuple | set):
            asked.setlist(name, list(value))
        elif value:
            asked[name] = value
    return asked


# --- Facets ------------------------------------------------------------------------------------------


# Shown otherwise than as boxes.
_APART = frozenset({"year"})


def _facets(filterset: TreatyFilter, counted: dict[str, list[FacetValue]]) -> list[Facet]:
    found = []
    for name in filterset.facets:
        choices = [] if name in _APART else _choices(name, counted[name])
        unknown = filterset.unknown.get(name, [])
        if choices or unknown:
            errors = [_("“%(value)s” is not known here and was left out.") % {"value": one[:40]} for one in unknown[:3]]
            found.append(Facet(name, filterset.form[name].label, choices, errors))
    return found


def _choices(name: str, values: list[FacetValue]) -> list[Choice]:
    if name == "theme":
        return list(_by_domain(values))
    if name == "country":
        own = [entry for entry in values if entry.value == _OWN[0] or entry.value.startswith(_OWN[1:])]
        values = [entry for entry in values if entry not in own] + own
    elif name in _IN_ORDER:
        values = sorted(values, key=lambda entry: _IN_ORDER[name].index(entry.value))
    return [_choice(entry) for entry in values]


def _choice(entry: FacetValue, *, indent: bool = False) -> Choice:
    return Choice(entry.value, entry.label, entry.count, entry.selected, indent, entry.at_least)


def _by_domain(values: list[FacetValue]) -> Iterator[Choice]:
    """Policy domains, most used first, each followed by its fields; a field without its domain stands alone."""
    present = {entry.value: entry for entry in values}
    parents = domains()
    for entry in values:
        if parents.get(entry.value) in present:
            continue
        yield _choice(entry)
        for below in values:
            if parents.get(below.value) == entry.value:
                yield _choice(below, indent=True)


# --- Chips ---------------------------------------------------------------------------------------------


def _chips(filterset: TreatyFilter, asked: QueryDict, facets: Iterable[Facet]) -> Iterator[Chip]:
    labels = {(facet.name, choice.value): choice.label for facet in facets for choice in facet.choices}
    for name, values in asked.lists():
        if name == "sort":
            continue
        for value in values:
            label = labels.get((name, value))
            shown = capfirst(label) if label else _said(filterset, name, value)
            yield Chip(filterset.form[name].label, shown, _without(asked, name, value).urlencode())


def _said(filterset: TreatyFilter, name: str, value: str) -> str:
    return value if name == "within" or name in filterset.facets else str(filterset.values[name])


def _without(asked: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """The address without this value, or without any of this name."""
    rest = asked.copy()
    rest.setlist(name, [one for one in asked.getlist(name) if value is not None and one != value])
    return rest


# --- CSV -------------------------------------------------------------------------------------------------

COLUMNS = (
    "reference",
    "title_nl",
    "title_en",
    "title",
    "kind",
    "qualification",
    "status",
    "stage",
    "signed",
    "party_codes",
    "parties",
    "access",
    "is_demo",
    "address",
)
# Rows read at a time: memory stays the same however long the list is.
_BATCH = 200


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(filterset: TreatyFilter, site: str) -> Iterator[str]:
    """The whole list, in its order, line by line; begins with the mark that tells spreadsheets it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    documents = queries.in_order(filterset).iterator(chunk_size=_BATCH)
    while batch := list(islice(documents, _BATCH)):
        for row in queries.whole_rows(batch):
            yield writer.writerow([guarded(cell) for cell in cells(row, site)])


def cells(row: WholeRow, site: str) -> tuple[str, ...]:
    """What a list says of one treaty as a file, in the order of `COLUMNS`; `site` begins its address."""
    treaty, document = row.treaty, row.document
    titles = {title.language: title.text for title in treaty.titles.all() if title.kind != "short"}
    parties = [link.party for link in treaty.party_links.all()]
    return (
        treaty.reference,
        titles.get("nl", ""),
        titles.get("en", ""),
        treaty.title,
        treaty.kind,
        treaty.qualification,
        document.status,
        document.stage,
        row.signed.iso if row.signed else "",
        "; ".join(party.code for party in parties),
        "; ".join(party.name for party in parties),
        treaty.access,
        "yes" if treaty.is_demo else "no",
        f"{site}{reverse('treaty-detail', args=[treaty.reference])}",
    )
