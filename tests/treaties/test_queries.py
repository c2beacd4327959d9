from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Person, User
from treaties import actions, queries
from treaties.choices import Access, ActKind, Kind, RelationKind
from treaties.dates import parse
from treaties.filters import TreatyFilter
from treaties.models import Party, SearchDocument, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]
NOBODY = AnonymousUser()


def facets(person: Person, address: str = "") -> dict[str, dict[str, int]]:
    found = queries.facets(queries.found(person, QueryDict(address)))
    return {name: {value.value: value.count for value in values} for name, values in found.items()}


class TestFacets:
    def test_each_facet_is_counted_without_its_own_filter(self, make_treaty: Make) -> None:
        make_treaty(parties=["NL"], kind=Kind.TREATY)
        make_treaty(parties=["NL"], kind=Kind.MOU)
        make_treaty(parties=["DE"], kind=Kind.MOU)
        counted = facets(NOBODY, "country=NL")
        assert counted["country"] == {"NL": 2, "DE": 1}
        assert counted["kind"] == {"treaty": 1, "mou": 1}
        assert facets(NOBODY, "country=NL&kind=mou")["country"] == {"NL": 1, "DE": 1}
        assert facets(NOBODY, "country=NL&kind=mou")["kind"] == {"treaty": 1, "mou": 1}

    def test_a_region_counts_for_its_state_once(self, make_treaty: Make) -> None:
        make_treaty(parties=["DE", "DE-BY", "DDDE"])
        assert facets(NOBODY)["country"] == {"DE": 1, "DE-BY": 1, "DDDE": 1}

    def test_what_somebody_may_not_see_is_not_counted(self, make_treaty: Make, staff: User) -> None:
        make_treaty(parties=["NL"])
        make_treaty(parties=["NL", "DE"], access=Access.GOVERNMENT)
        assert facets(NOBODY)["country"] == {"NL": 1}
        assert facets(staff)["country"] == {"NL": 2, "DE": 1}

    def test_what_was_chosen_and_finds_nothing_still_has_a_name(self, make_treaty: Make) -> None:
        make_treaty(parties=["NL"], kind=Kind.TREATY)
        found = queries.facets(queries.found(NOBODY, QueryDict("country=DE&kind=mou&theme=toerisme")))
        assert [(value.label, value.count, value.selected) for value in found["country"]] == [("Duitsland", 0, True)]
        assert [(value.label, value.count) for value in found["theme"]] == [("Toerisme", 0)]

    def test_most_frequent_first_then_by_name_in_the_language_of_the_reader(self, make_treaty: Make) -> None:
        make_treaty(parties=["NL", "DE"])
        make_treaty(parties=["NL", "AT"])
        found = queries.facets(queries.found(NOBODY, QueryDict()))
        assert [value.label for value in found["country"]] == ["Nederland", "Duitsland", "Oostenrijk"]
        with translation.override("en"):
            found = queries.facets(queries.found(NOBODY, QueryDict()))
        assert [value.label for value in found["country"]] == ["Netherlands", "Austria", "Germany"]

    def test_no_stage_is_counted_where_no_dossier_is_followed(self, make_treaty: Make) -> None:
        make_treaty()
        assert facets(NOBODY)["stage"] == {}

    def test_nothing_registered_counts_nothing(self) -> None:
        assert facets(NOBODY) == {name: {} for name in TreatyFilter.FACETS if name != "awaited"}


class TestRows:
    def listed(self, address: str = "") -> list[queries.Row]:
        filterset = queries.found(NOBODY, QueryDict(address))
        return queries.rows(queries.in_order(filterset), filterset.values.get("q", ""))

    def test_a_row_is_titled_in_the_language_of_the_reader_and_escaped(self, make_treaty: Make) -> None:
        make_treaty(title="Verdrag <i>x</i>")
        assert [row.title for row in self.listed()] == ["Verdrag <i>x</i>"]
        assert [str(row.title) for row in self.listed("q=verdrag")] == ["<mark>Verdrag</mark> &lt;i&gt;x&lt;/i&gt;"]

    def test_a_row_says_when_it_was_signed_as_precisely_as_known(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        assert self.listed()[0].signed is None
        for on in ("2008-01-01", "2007-03"):
            actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=parse(on), reason="x")
        assert self.listed()[0].signed == parse("2007-03")

    def test_one_row_and_thirty_take_the_same_number_of_queries(self, make_treaty: Make, staff: User) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                filterset = queries.found(NOBODY, QueryDict("q=verdrag&country=NL"))
                queries.rows(queries.in_order(filterset)[:50], "verdrag", reading=filterset.reading)
                queries.facets(filterset)
            return len(seen)

        make_treaty()
        count()  # names of parties are read once a minute
        one = count()
        for number in range(29):
            make_treaty(title=f"Verdrag {number}", parties=["NL", ["DE", "DE-BY", "DDDE", "FR"][number % 4]])
        assert len(self.listed("q=verdrag&country=NL")) == 30
        assert count() == one <= 20


class TestPage:
    def test_the_page_shows_acts_that_stand_and_what_they_add_up_to(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        kept = actions.record_act(
            actor=staff, treaty=treaty, kind=ActKind.ENTRY_INTO_FORCE, when=parse("2014-08-01"), reason="x"
        )
        wrong = actions.record_act(actor=staff, treaty=treaty, kind=ActKind.END, when=parse("2015"), reason="x")
        actions.retract_act(actor=staff, act=wrong, reason="x")
        page = queries.page(NOBODY, treaty.reference)
        assert page
        assert page.acts == [kept]
        assert (page.standing.status, page.standing.since) == ("in_force", parse("2014-08-01"))
        before = queries.page(NOBODY, treaty.reference, on=date(2014, 7, 31))
        assert before
        assert before.standing.status == "in_preparation"

    def test_an_internal_treaty_is_no_page_for_who_may_not_see_it(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        assert queries.page(NOBODY, treaty.reference) is None
        assert queries.page(NOBODY, "T0000000") is None
        page = queries.page(staff, treaty.reference)
        assert page
        assert page.treaty == treaty

    def test_relations_read_from_both_sides_and_never_name_what_is_internal(
        self, make_treaty: Make, staff: User
    ) -> None:
        basis, protocol, secret = make_treaty(), make_treaty(), make_treaty(access=Access.GOVERNMENT)
        actions.relate(actor=staff, treaty=protocol, kind=RelationKind.PROTOCOL_TO, other=basis, reason="x")
        actions.relate(actor=staff, treaty=secret, kind=RelationKind.REPLACES, other=basis, reason="x")
        with translation.override("en"):
            page, seen = queries.page(NOBODY, basis.reference), queries.page(staff, basis.reference)
            other_side = queries.page(NOBODY, protocol.reference)
            assert page
            assert seen
            assert other_side
            assert [(str(words), other) for words, other, _ in page.relations] == [("has the protocol", protocol)]
            assert [(str(words), other) for words, other, _ in other_side.relations] == [("is a protocol to", basis)]
            assert [other for _, other, _ in seen.relations] == [protocol, secret]


class TestCounts:
    def test_countries_are_counted_in_name_order_as_somebody_may_see(self, make_treaty: Make, staff: User) -> None:
        make_treaty(parties=["NL", "DE-BY"])
        make_treaty(parties=["DE"], access=Access.GOVERNMENT)
        named = [(party.code, count) for party, count in queries.country_counts(NOBODY)]
        assert named == [("DE-BY", 1), ("DE", 1), ("NL", 1)]
        assert {party.code: count for party, count in queries.country_counts(staff)} == {
            "DE-BY": 1,
            "DE": 2,
            "NL": 1,
        }

    def test_themes_are_counted_with_the_domain_above_them(self, make_treaty: Make) -> None:
        make_treaty(themes=["toerisme"])
        assert [(theme.slug, count) for theme, count in queries.theme_counts(NOBODY)] == [
            ("kanselarij-bestuur-buitenlandse-zaken-en-justitie", 1),
            ("toerisme", 1),
        ]

    def test_only_parties_with_treaties_are_listed(self) -> None:
        assert queries.country_counts(NOBODY) == []
        assert Party.objects.exists()
        assert not SearchDocument.objects.exists()
