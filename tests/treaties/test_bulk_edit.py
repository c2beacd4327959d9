"""What is chosen in an address, and what an edit would make of each record."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from treaties import bulk_edit
from treaties.bulk_edit import MOST, BulkEdit, Preview, chosen, preview, seen
from treaties.choices import Access, Kind, Qualification
from treaties.models import Treaty

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]


class TestChosen:
    def test_references_repeated_together_in_lower_case_and_unknown(self, make_treaty: Make, staff: User) -> None:
        one, two, three = (make_treaty() for _ in range(3))
        asked = QueryDict(mutable=True)
        asked.setlist(
            "reference",
            [three.reference.lower(), f" {one.reference}  {two.reference} ", one.reference, "T0000000", "a\x00", "é"],
        )
        found = chosen(staff, asked)
        assert found.treaties == [one, two, three]
        assert (found.found, found.unknown, found.is_too_many) == (3, 3, False)
        assert found.records == " ".join(f"{treaty.reference}:1" for treaty in (one, two, three))

    def test_all_is_what_the_filter_finds(self, make_treaty: Make, staff: User) -> None:
        japan = make_treaty(parties=["JP"], title="Verdrag over de Schelde")
        make_treaty(parties=["NL"])
        assert chosen(staff, QueryDict("all=1&country=JP")).treaties == [japan]
        assert chosen(staff, QueryDict("all=1&q=schelde&sort=relevance")).treaties == [japan]
        assert len(chosen(staff, QueryDict("all=1")).treaties) == 2

    def test_what_somebody_may_not_know_of_is_unknown(self, make_treaty: Make, reader: User) -> None:
        hidden = make_treaty(access=Access.GOVERNMENT)
        assert chosen(reader, QueryDict(f"reference={hidden.reference}")).unknown == 1
        assert chosen(reader, QueryDict("all=1")).found == 0

    def test_too_many_are_not_read(self, make_treaty: Make, staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
        found = bulk_edit.of_references(staff, [f"T{n:07}" for n in range(MOST + 1)])
        assert (found.treaties, found.found, found.is_too_many) == ([], MOST + 1, True)
        for _ in range(3):
            make_treaty()
        monkeypatch.setattr(bulk_edit, "MOST", 2)
        found = chosen(staff, QueryDict("all=1"))
        assert (found.treaties, found.found, found.is_too_many) == ([], 3, True)

    @given(st.text())
    def test_whatever_the_page_sent_back_is_read_or_left_out(self, text: str) -> None:
        assert all(version >= 0 for version in seen(text).values())

    def test_the_versions_the_page_showed(self) -> None:
        assert seen("T1234567:3 tabcdefg:12 T1:x nothing") == {"T1234567": 3, "TABCDEFG": 12}


def lines(preview: Preview) -> list[list[tuple[str, str, str]]]:
    return [[(str(line.label), line.before, line.after) for line in plan.lines] for plan in preview.plans]


class TestPreview:
    def test_before_and_after_of_each_field(self, make_treaty: Make, staff: User) -> None:
        one = make_treaty(parties=["NL"], themes=["cultuur"], sources="S1", qualification=Qualification.MIXED)
        two = make_treaty(parties=["NL", "FR"], themes=["toerisme"], sources="S2", kind=Kind.PROTOCOL)
        edit = BulkEdit(
            add_themes=["toerisme"],
            remove_themes=["cultuur"],
            kind="protocol",
            qualification="mixed",
            add_parties=["FR"],
            sources="S2",
        )
        with translation.override("en"):
            found = preview(staff, edit, {one.reference: 1, two.reference: 1}, reason="x")
            assert lines(found) == [
                [
                    ("kind", "treaty", "protocol"),
                    ("themes", "Culture", "Tourism"),
                    ("parties", "Netherlands", "Netherlands, France"),
                    ("sources, added", "", "S2"),
                ],
                [("qualification", "not yet determined", "mixed")],
            ]
        assert (len(found.changed), len(found.unchanged), len(found.refused)) == (2, 0, 0)
        assert found.can_be_done
        assert Treaty.objects.get(pk=one.pk).version == 1

    def test_refused_first_and_what_stays_last(self, make_treaty: Make, staff: User) -> None:
        same = make_treaty(access=Access.GOVERNMENT_WIDE)
        changes = make_treaty(access=Access.GOVERNMENT)
        public = make_treaty(access=Access.PUBLIC)
        versions = {treaty.reference: 1 for treaty in (same, changes, public)}
        found = preview(staff, BulkEdit(access="government_wide"), versions, reason="x")
        assert [plan.treaty for plan in found.in_order] == [public, changes, same]
        assert not found.can_be_done
        left = found.without_refused()
        assert left.can_be_done
        assert left.records == f"{same.reference}:1 {changes.reference}:1"

    def test_what_changed_since_it_was_shown(self, make_treaty: Make, staff: User) -> None:
        one, two = make_treaty(), make_treaty()
        found = preview(staff, BulkEdit(kind="protocol"), {one.reference: 7, two.reference: 1}, reason="x")
        assert [plan.treaty for plan in found.moved] == [one]
        moved = found.moved[0].moved
        assert moved is not None
        assert (moved.who, moved.when) == ("An Beheerder", one.history.get().history_date)
