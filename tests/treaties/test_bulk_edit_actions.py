"""Several records changed at once: all or none, one history row per row, never over somebody else's work."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.models import Change
from audit.refusals import AlreadyDone, Blocker, Conflict, Refused
from tests.facets import country_codes, theme_slugs
from tests.factories import a_record
from tests.workflow.rows import refused, rows
from treaties.actions import TitleText, edit_treaty, qualify
from treaties.bulk_edit import MOST, SOURCES_LIMIT, BulkEdit
from treaties.bulk_edit_actions import edit_records
from treaties.choices import Access, Kind, Language, Qualification
from treaties.models import SearchDocument, Theme, Treaty, TreatyParty, TreatyTheme

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]


def seen(*treaties: Treaty) -> dict[str, int]:
    return {treaty.reference: treaty.version for treaty in treaties}


@pytest.fixture
def change_all(staff: User) -> Callable[..., list[Treaty]]:
    def change(*treaties: Treaty, reason: str = "new classification", **kw: Any) -> list[Treaty]:
        names = ("actor", "submission", "objections", "versions")
        own = {name: kw.pop(name) for name in names if name in kw}
        own.setdefault("actor", staff)
        own.setdefault("versions", seen(*treaties))
        return edit_records(edit=BulkEdit(**kw), reason=reason, **own)

    return change


class TestWhatIsWritten:
    def test_every_field_of_every_record(self, make_treaty: Make, change_all: Callable[..., list[Treaty]]) -> None:
        one = make_treaty(parties=["NL"], themes=["cultuur"], sources="https://example.org/a", access=Access.GOVERNMENT)
        two = make_treaty(parties=["FR"], themes=["toerisme"], access=Access.GOVERNMENT)
        changed = change_all(
            one,
            two,
            add_themes=["toerisme"],
            remove_themes=["cultuur"],
            kind="protocol",
            qualification="mixed",
            add_parties=["NL", "BE-VLG"],
            access="government_wide",
            sources=" https://example.org/a \n\nhttps://example.org/b",
        )
        assert changed == [one, two]
        for treaty, parties, sources in (
            (one, {"NL", "BE-VLG"}, "https://example.org/a\nhttps://example.org/b"),
            (two, {"FR", "NL", "BE-VLG"}, "https://example.org/a\nhttps://example.org/b"),
        ):
            row = Treaty.objects.get(pk=treaty.pk)
            assert (row.kind, row.qualification, row.access, row.version) == (
                Kind.PROTOCOL,
                Qualification.MIXED,
                Access.GOVERNMENT_WIDE,
                2,
            )
            assert row.sources == sources
            assert row.changed_at > treaty.changed_at
            assert {link.party.code for link in row.party_links.all()} == parties
            assert {link.theme.slug for link in row.theme_links.all()} == {"toerisme"}
            document = SearchDocument.objects.get(treaty=row)
            found = (document.kind, document.qualification, document.access)
            assert found == ("protocol", "mixed", "government_wide")
            assert "toerisme" in theme_slugs(document)
            assert "cultuur" not in theme_slugs(document)
            assert "BE-VLG" in country_codes(document)

    def test_one_change_and_one_history_row_per_row_that_changed(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]], staff: User
    ) -> None:
        treaties = [make_treaty(themes=["cultuur"], parties=["NL"]) for _ in range(3)]
        before = Change.objects.count()
        change_all(*treaties, add_themes=["toerisme"], remove_themes=["cultuur"], add_parties=["FR"], kind="convention")
        assert Change.objects.count() == before + 1
        change = Change.objects.get(action="treaty.bulk_edit")
        assert (change.reason, change.actor, change.role) == ("new classification", staff, "staff")
        for treaty in treaties:
            row = treaty.history.get(history_change=change)
            assert (row.history_type, row.kind, row.version) == ("~", "convention", 2)
            assert (row.history_actor, row.history_user, row.history_change_reason, row.history_action) == (
                "An Beheerder",
                staff,
                "new classification",
                "treaty.bulk_edit",
            )
            links = TreatyTheme.history.filter(treaty_id=treaty.pk, history_change=change)
            assert {(link.history_type, link.theme.slug) for link in links} == {("+", "toerisme"), ("-", "cultuur")}
            assert {link.history_change_reason for link in links} == {"new classification"}
            party = TreatyParty.history.get(treaty_id=treaty.pk, history_change=change)
            assert (party.history_type, party.party.code) == ("+", "FR")

    def test_the_named_as_of_a_party_and_the_titles_stay(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        treaty = make_treaty(parties={"NL": "het Koninkrijk der Nederlanden"})
        change_all(treaty, add_parties=["NL", "FR"])
        assert {link.party.code: link.named_as for link in treaty.party_links.all()} == {
            "NL": "het Koninkrijk der Nederlanden",
            "FR": "",
        }
        assert treaty.titles.get().history.count() == 1

    def test_of_a_record_that_says_so_already_nothing_is_written(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        same, other = make_treaty(kind=Kind.PROTOCOL), make_treaty(kind=Kind.TREATY)
        assert change_all(same, other, kind="protocol") == [other]
        assert (Treaty.objects.get(pk=same.pk).version, same.history.count()) == (1, 1)
        with refused("nothing_changes"):
            change_all(Treaty.objects.get(pk=same.pk), Treaty.objects.get(pk=other.pk), kind="protocol")

    def test_statements_do_not_grow_with_the_records(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        few, many = [make_treaty() for _ in range(2)], [make_treaty() for _ in range(20)]
        counted = []
        for treaties in (few, many):
            with CaptureQueriesContext(connection) as queries:
                change_all(*treaties, kind="protocol", add_themes=["toerisme"], add_parties=["FR"], sources="S1")
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestAllOrNothing:
    def test_one_record_in_the_way_stops_all(self, make_treaty: Make, change_all: Callable[..., list[Treaty]]) -> None:
        demo = make_treaty(is_demo=True, access=Access.GOVERNMENT)
        full = make_treaty(access=Access.GOVERNMENT, sources="x" * SOURCES_LIMIT)
        fine = make_treaty(access=Access.GOVERNMENT)
        with refused(*["publication_is_asked"] * 2, "sources_too_long", "publication_is_asked") as answer:
            change_all(demo, full, fine, access="public", sources="S2")
        told = [str(one.sentence).split(":")[0] for one in answer.blockers]
        assert told == [demo.reference, full.reference, full.reference, fine.reference]
        assert Treaty.objects.get(pk=fine.pk).access == Access.GOVERNMENT

    def test_demonstration_data_that_is_public_already_is_not_refused(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        demo = make_treaty(is_demo=True, access=Access.PUBLIC)
        assert change_all(demo, access="public", kind="protocol") == [demo]

    def test_what_others_object_to(self, make_treaty: Make, change_all: Callable[..., list[Treaty]]) -> None:
        one, two = make_treaty(), make_treaty()
        with refused("because"):
            change_all(one, two, kind="protocol", objections=lambda plans: {one.pk: [Blocker("because", "Because.")]})

    def test_a_reference_that_leads_nowhere(self, make_treaty: Make, change_all: Callable[..., list[Treaty]]) -> None:
        treaty = make_treaty()
        with refused("not_found", "not_found"):
            change_all(kind="protocol", versions=seen(treaty) | {"T0000000": 1, "T0000001": 1})

    def test_every_reason_against_the_edit_at_once(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        Theme.objects.filter(slug="toerisme").update(is_deprecated=True)
        treaty = make_treaty()
        with refused("unknown_theme", "both_ways", "theme_not_used", "unknown_party", "choice", "text", "text"):
            change_all(
                treaty,
                add_themes=["nope", "toerisme", "cultuur"],
                remove_themes=["cultuur"],
                add_parties=["??"],
                kind="poem",
                sources="a\x00",
                reason=" ",
            )

    @pytest.mark.parametrize("reason", ["", "  \n", "\u200b", "a\x00", "a\ud800", "x" * 4_001])
    def test_the_reason_is_obligatory_and_must_be_a_text(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]], reason: str
    ) -> None:
        treaty = make_treaty()
        with refused("text"):
            change_all(treaty, kind="protocol", reason=reason)

    def test_nothing_asked_nothing_chosen_and_too_many(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        treaty = make_treaty()
        with refused("nothing_asked"):
            change_all(treaty)
        with refused("none_chosen"):
            change_all(kind="protocol")
        with refused("too_many"):
            change_all(kind="protocol", versions={f"T{n:07}": 1 for n in range(MOST + 1)})

    @pytest.mark.parametrize("role", ["reader", "auditor"])
    def test_who_may_not_edit_the_record(
        self,
        request: pytest.FixtureRequest,
        role: str,
        make_treaty: Make,
        change_all: Callable[..., list[Treaty]],
    ) -> None:
        treaty, actor = make_treaty(), request.getfixturevalue(role)
        with refused("not_allowed"):
            change_all(treaty, kind="protocol", actor=actor)


class TestSomebodyElse:
    def test_a_record_that_changed_meanwhile_stops_all_and_says_who_and_when(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]], staff2: User
    ) -> None:
        treaties = [make_treaty() for _ in range(6)]
        versions = seen(*treaties)
        for treaty in treaties[:5]:
            qualify(actor=staff2, treaty=treaty, qualification=Qualification.MIXED, reason="letter")
        before = rows()
        with pytest.raises(Conflict) as caught:
            change_all(kind="protocol", versions=versions)
        assert rows() == before
        sentence = str(caught.value.sentence)
        assert sentence.count("Bart Beheerder") == 3
        assert treaties[0].reference in sentence
        assert treaties[5].reference not in sentence
        assert "2 " in sentence

    def test_a_form_that_comes_twice_counts_once(
        self, make_treaty: Make, change_all: Callable[..., list[Treaty]]
    ) -> None:
        treaty, token = make_treaty(), uuid4()
        versions = seen(treaty)
        change_all(kind="protocol", versions=versions, submission=token)
        with pytest.raises(AlreadyDone):
            change_all(kind="protocol", versions=versions, submission=token)
        assert treaty.history.count() == 2


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def answers(self, jobs: list[Callable[[], object]]) -> list[object]:
        start, found = Barrier(len(jobs)), []

        def run(job: Callable[[], object]) -> None:
            try:
                connection.ensure_connection()
                start.wait(20)
                found.append(job())
            except (Conflict, Refused, AlreadyDone) as refusal:
                found.append(refusal)
            finally:
                connection.close()

        threads = [Thread(target=run, args=[job]) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(jobs)
        return found

    def test_of_people_who_change_the_same_records_exactly_one_wins(self, make_treaty: Make) -> None:
        treaties = [make_treaty() for _ in range(5)]
        people = [add_person(username=f"p{n}", role=Role.STAFF, password=None, last_name=f"P {n}") for n in range(6)]
        kinds = [Kind.PROTOCOL, Kind.CONVENTION]

        def job(n: int) -> Callable[[], object]:
            # Some the other way round: the order of the locks is that of the records, not of the page.
            listed = treaties if n % 2 else treaties[::-1]
            edit = BulkEdit(kind=kinds[n % 2])
            return lambda: edit_records(actor=people[n], edit=edit, versions=seen(*listed), reason="together")

        found = self.answers([job(n) for n in range(6)])
        assert sum(isinstance(one, list) for one in found) == 1
        assert sum(isinstance(one, Conflict) for one in found) == 5
        assert len({row.kind for row in Treaty.objects.all()}) == 1
        assert {row.version for row in Treaty.objects.all()} == {2}
        assert Change.objects.filter(action="treaty.bulk_edit").count() == 1

    def test_one_sent_twice_at_once_is_recorded_once(self, make_treaty: Make, staff: User) -> None:
        treaties, token = [make_treaty() for _ in range(3)], uuid4()
        edit, versions = BulkEdit(kind="protocol"), seen(*treaties)

        def send() -> object:
            return edit_records(actor=staff, edit=edit, versions=versions, reason="once", submission=token)

        found = self.answers([send, send])
        assert sorted(type(one).__name__ for one in found) == ["AlreadyDone", "list"]
        assert {row.version for row in Treaty.objects.all()} == {2}

    def test_the_page_of_one_record_and_of_many(self, make_treaty: Make, staff: User, staff2: User) -> None:
        treaties = [make_treaty() for _ in range(3)]
        record_of_one = a_record(titles=[TitleText(Language.NL, "Anders")])

        def edit_one() -> object:
            return edit_treaty(actor=staff2, treaty=treaties[1], record=record_of_one, version=1, reason="one")

        def edit_many() -> object:
            return edit_records(actor=staff, edit=BulkEdit(kind="protocol"), versions=seen(*treaties), reason="many")

        found = self.answers([edit_one, edit_many])
        assert sum(isinstance(one, Conflict) for one in found) == 1
        assert Treaty.objects.get(pk=treaties[1].pk).version == 2

    def test_a_record_that_stays_held_is_a_conflict_and_not_an_error(self, make_treaty: Make, staff: User) -> None:
        treaty, held, done = make_treaty(), Barrier(2), Barrier(2)

        def hold() -> None:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1 FROM treaties_treaty WHERE id = %s FOR UPDATE", [treaty.pk])
                held.wait(20)
                done.wait(20)
                cursor.execute("ROLLBACK")
            connection.close()

        thread = Thread(target=hold)
        thread.start()
        held.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 200")
        try:
            with pytest.raises(Conflict):
                edit_records(actor=staff, edit=BulkEdit(kind="protocol"), versions=seen(treaty), reason="x")
        finally:
            done.wait(20)
            thread.join()
            connection.close()
        assert not Change.objects.filter(action="treaty.bulk_edit").exists()
