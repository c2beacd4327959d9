"""Counts, totals and pages are those of a naive computation, for any records and any question."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from tests.factories import a_treaty
from treaties import actions, counts, listing, pages, queries, tallies
from treaties.choices import Access, ActKind, Kind, Qualification
from treaties.dates import PartialDate
from treaties.models import FacetChange, SearchDocument, Treaty

pytestmark = pytest.mark.django_db

COUNTRIES = ["NL", "DE", "DE-BY", "DDDE", "CD"]
THEMES = ["toerisme", "buitenlands-beleid", "algemeen-mobiliteitsbeleid"]
YEARS = [1999, 2007, 2008]
QUALIFICATIONS = [Qualification.MIXED, Qualification.EXCLUSIVE_BOTH]
TITLES = ["Verdrag over cultuur", "Verdrag over de Maas", "Akkoord over cultuur"]
FEW = settings(max_examples=15)

# What staff reads, and one that only the records manager does, who registers them all.
LEVELS = {Access.PUBLIC, Access.GOVERNMENT_WIDE, Access.GOVERNMENT, Access.SECRETARIAT}
INSIDE = LEVELS - {Access.SECRETARIAT}
some_records = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "parties": st.lists(st.sampled_from(COUNTRIES), unique=True, max_size=3),
        "themes": st.lists(st.sampled_from(THEMES), unique=True, max_size=2),
        "kind": st.sampled_from([Kind.TREATY, Kind.MOU]),
        "qualification": st.sampled_from(QUALIFICATIONS),
        "access": st.sampled_from(sorted(LEVELS)),
        "year": st.sampled_from([None, *YEARS]),
    }
)


def some(values: Sequence[Any], most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([str(value) for value in values]), unique=True, max_size=most)


some_addresses = st.fixed_dictionaries(
    {
        "country": some(COUNTRIES),
        "continent": some(["europe", "africa"]),
        "theme": some(THEMES, 1),
        "kind": some([Kind.TREATY.value, Kind.MOU.value]),
        "qualification": some([one.value for one in QUALIFICATIONS], 1),
        "year": some(YEARS),
        "signed_after": some(YEARS, 1),
        "q": st.lists(st.sampled_from(["cultuur", "maas", "walvis"]), max_size=1),
    }
)
PARENTS = {
    "toerisme": "kanselarij-bestuur-buitenlandse-zaken-en-justitie",
    "buitenlands-beleid": "kanselarij-bestuur-buitenlandse-zaken-en-justitie",
    "algemeen-mobiliteitsbeleid": "mobiliteit-en-openbare-werken",
}
UNDER = {"DE-BY": {"DE"}, "DDDE": {"DE"}}


def values(record: dict[str, Any]) -> dict[str, set[str]]:
    """What a record is found by, worked out from what was registered."""
    parties = set(record["parties"])
    year = record["year"]
    return {
        "country": parties.union(*(UNDER.get(code, set()) for code in parties)),
        "continent": {"africa" if code == "CD" else "europe" for code in parties},
        "theme": set(record["themes"]) | {PARENTS[slug] for slug in record["themes"]},
        "kind": {record["kind"].value},
        "qualification": {record["qualification"].value},
        "status": {"signed" if year else "in_preparation"},
        "year": {str(year)} if year else set(),
        "q": {word for word in ("cultuur", "maas") if word in record["title"].lower()},
        "signed_after": {str(since) for since in YEARS if year and year >= since},
    }


def fits(record: dict[str, Any], address: dict[str, list[str]], *, skip: str = "") -> bool:
    return all(not wanted or name == skip or values(record)[name] & set(wanted) for name, wanted in address.items())


def registered(staff: User, records: Sequence[dict[str, Any]]) -> list[Treaty]:
    made = []
    for record in records:
        treaty = a_treaty(staff, **{name: value for name, value in record.items() if name != "year"})
        if record["year"]:
            when = PartialDate(date(record["year"], 5, 5))
            actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=when, reason="x")
        made.append(treaty)
    return made


def walked(filterset: Any, step: str) -> list[int]:
    """All that pages show, going on from one to the next by their own links."""
    keys: list[int] = []
    data = QueryDict() if step == "next" else QueryDict("last=1")
    for _ in range(20):
        page = listing.page_of(filterset, data, listing.counted_for(filterset, data))
        shown = [document.pk for document in page.documents]
        keys = keys + shown if step == "next" else shown + keys
        link = getattr(page, step)
        if not link:
            return keys
        data = QueryDict(link)
    raise AssertionError("pages go round in a circle")


class TestAgainstPython(TestCase):
    """Most cases are small, so the ways for many are taken early in half of them."""

    @given(st.lists(some_records, max_size=5), some_addresses, st.booleans(), st.sampled_from([0, 2, 2000]))
    @FEW
    def test_counts_and_totals(
        self, records: list[dict[str, Any]], address: dict[str, list[str]], internal: bool, settle: int
    ) -> None:
        staff = add_person(username="somebody", role=Role.STAFF, password=None)
        registered(add_person(username="keeper", role=Role.RECORDS_MANAGER, password=None), records)
        seen = [record for record in records if record["access"] in (INSIDE if internal else {Access.PUBLIC})]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tallies, "SETTLE", settle)
            patch.setattr(tallies, "FEWEST", 1)
            patch.setattr(tallies, "MOST", 3)
            asked = QueryDict(urlencode(address, doseq=True))
            counted = queries.counted(queries.found(staff if internal else AnonymousUser(), asked))
        n = sum(fits(record, address) for record in seen)
        assert counted.total == n if counted.is_exact else counted.total <= n
        for name in values(records[0]) if records else ():
            if name in ("q", "signed_after"):
                continue
            by_hand = Counter(
                one for record in seen if fits(record, address, skip=name) for one in values(record)[name]
            )
            for value in counted.facets[name]:
                least, exact = by_hand[value.value], value.count
                assert exact <= least if value.at_least else exact == least, (name, value)
            if not any(value.at_least for value in counted.facets[name]):
                chosen = set(address.get(name, ()))
                assert {value.value for value in counted.facets[name]} in (set(by_hand) | chosen, set())

    @given(
        st.lists(some_records, min_size=3, max_size=7),
        some_addresses,
        st.sampled_from(["newest", "changed", "title", "reference", "relevance"]),
        st.sampled_from(["next", "previous"]),
    )
    @FEW
    def test_pages_show_everything_once_and_in_order(
        self, records: list[dict[str, Any]], address: dict[str, list[str]], order: str, step: str
    ) -> None:
        staff = add_person(username="somebody", role=Role.STAFF, password=None)
        registered(add_person(username="keeper", role=Role.RECORDS_MANAGER, password=None), records)
        data = QueryDict(urlencode({**address, "sort": [order]}, doseq=True))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pages, "SIZE", 2)
            filterset = queries.found(staff, data)
            by_database = [document.pk for document in queries.in_order(filterset)]
            shown = walked(filterset, step)
        assert sorted(shown) == sorted(set(shown))
        # The last page of best matches is reached by going on, not from the end.
        if filterset.order != "relevance" or step == "next":
            assert shown == by_database
        assert len(by_database) == sum(fits(record, address) for record in records if record["access"] in INSIDE)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "SETTLE", 2)
    monkeypatch.setattr(tallies, "FEWEST", 3)
    monkeypatch.setattr(tallies, "MOST", 3)
    monkeypatch.setattr(pages, "SIZE", 2)


def look(address: str) -> listing.Listing:
    return listing.listing(AnonymousUser(), QueryDict(address))


class TestOfMany:
    """More matches than are read: what is said is the least there can be, and is said to be."""

    @pytest.fixture(autouse=True)
    def _many(self, small: None, make_treaty: Callable[..., Treaty], staff: User) -> None:
        for year in range(2001, 2009):
            treaty = make_treaty(title=f"Verdrag over cultuur {year}", parties=["NL"], reference=f"T000{year}")
            actions.record_act(
                actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=PartialDate(date(year, 1, 1)), reason="x"
            )

    @pytest.fixture
    def windowed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # The planner's guess of a new table is not what is tested here.
        monkeypatch.setattr(tallies, "window", lambda rows: 3)

    def test_the_total_and_the_counts_are_the_least(self, windowed: None) -> None:
        found = look("q=cultuur")
        assert (found.page.total, found.page.is_exact) == (3, False)
        kind = next(facet for facet in found.facets if facet.name == "kind")
        assert [(choice.value, choice.count, choice.at_least) for choice in kind.choices] == [("treaty", 3, True)]
        assert "+" in found.note

    def test_the_best_of_the_newest_come_first_then_the_others_by_date(self, windowed: None) -> None:
        shown: list[str] = []
        address = "q=cultuur"
        for _ in range(5):
            found = look(address)
            shown += [row.document.reference for row in found.rows]
            address = f"q=cultuur&{found.page.next}"
            if not found.page.next:
                break
        assert shown == [f"T000{year}" for year in range(2008, 2000, -1)]

    def test_back_from_the_older_ones_never_shows_the_newest_twice(self, windowed: None) -> None:
        first = look("q=cultuur")
        second = look(f"q=cultuur&{first.page.next}")
        third = look(f"q=cultuur&{second.page.next}")
        fourth = look(f"q=cultuur&{third.page.next}")
        back = look(f"q=cultuur&{fourth.page.previous}")
        assert [row.document.reference for row in back.rows] == [row.document.reference for row in third.rows]

    def test_two_chosen_values_of_one_kind_each_are_counted_together(self) -> None:
        found = look("country=NL&kind=treaty")
        assert (found.page.total, found.page.is_exact) == (8, True)


class TestKeptCounts:
    def test_folding_changes_nothing_that_is_read(self, make_treaty: Callable[..., Treaty], staff: User) -> None:
        for parties in (["NL"], ["NL", "DE"], []):
            make_treaty(parties=parties)
        before = {given: counts.having(["public"], given) for given in (0, *SearchDocument.objects.all()[0].facets)}
        assert FacetChange.objects.exists()
        counts.fold()
        assert not FacetChange.objects.exists()
        assert {given: counts.having(["public"], given) for given in before} == before
        assert not counts.differ()
        counts.rebuild()
        assert {given: counts.having(["public"], given) for given in before} == before

    def test_what_changed_since_the_fold_counts(self, make_treaty: Callable[..., Treaty], staff: User) -> None:
        treaty = make_treaty(kind=Kind.TREATY)
        counts.fold()
        before = counts.having(["public"])
        actions.qualify(actor=staff, treaty=treaty, qualification=Qualification.MIXED, reason="x")
        assert counts.having(["public"]) != before
        assert sum(n for n in counts.having(["public"]).values()) == sum(before.values())
        assert not counts.differ()
        SearchDocument.objects.all()._raw_delete("default")
        assert counts.having(["public"]) == {}

    def test_a_wrong_count_is_found(self, make_treaty: Callable[..., Treaty]) -> None:
        make_treaty()
        counts.fold()
        FacetChange.objects.create(access="public", facets=[3_000_001], n=1)
        assert counts.differ()

    def test_folded_when_many_wait(self, make_treaty: Callable[..., Treaty], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(counts, "FOLD_AT", 1)
        make_treaty()
        counts.fold_when_many()
        assert FacetChange.objects.count() == 1
        make_treaty()
        counts.fold_when_many()
        assert FacetChange.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "é",
        "W10",
        "bnVsbA",
        "WyJuIl0",
        "WyJuIiwwLCJ4IiwxXQ",
        "W1tbW1s",
        "A" * 5000,
        "\x00",
        "WyJuIiwtMSwiMjAwMC0wMS0wMSIsMV0",
    ],
)
def test_a_key_that_was_never_given_out_is_none(typed: str) -> None:
    assert pages.cursor(typed) is None


@given(
    st.sampled_from(list(pages.KEYS)),
    st.none() | st.integers(0, 10**8),
    st.floats(0, 1, width=32),
    st.dates(),
    st.integers(1, 10**9),
    st.text(max_size=20),
)
def test_keys_come_back_as_they_went(
    order: str, before: int | None, rank: float, day: date, key: int, text: str
) -> None:
    of = {"rank": rank, "signed_key": day, "treaty_id": key, "title_key": text, "reference": text}
    of["changed_at"] = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    kept = pages.Cursor(order, tuple(of[name] for name in pages.KEYS[order][0]), before)
    assert pages.cursor(str(kept)) == kept


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1e3", "", "²", "10" * 40])
def test_a_page_that_is_no_number_is_the_first(typed: str) -> None:
    assert pages.number(QueryDict(urlencode({"page": typed}))) == 1


def test_pages_by_number_go_as_far_as_said() -> None:
    assert pages.number(QueryDict("page=1000000000")) == pages.FURTHEST
    assert dict(parse_qsl("page=2")) == pages.place(QueryDict("page=2"))
