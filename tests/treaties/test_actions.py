import hashlib
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from accounts.models import User
from audit.refusals import Conflict, Refused
from tests.facets import country_codes, theme_slugs
from tests.factories import a_record, add_pdf, pdf
from treaties import actions
from treaties.actions import Number, Record, TitleText
from treaties.choices import (
    Access,
    ActKind,
    DocumentKind,
    Kind,
    Language,
    Qualification,
    RelationKind,
    Scheme,
    Status,
    TitleKind,
)
from treaties.dates import parse
from treaties.models import Act, Party, Relation, SearchDocument, Title, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def register(actor: User, **kw: Any) -> Treaty:
    return actions.register_treaty(actor=actor, record=a_record(**kw), reason="signed")


def titles(treaty: Treaty) -> dict[tuple[str, str], str]:
    return {(title.language, title.kind): title.text for title in treaty.titles.all()}


def test_a_treaty_is_kept_with_all_that_was_said_of_it(staff: User) -> None:
    treaty = register(
        staff,
        kind=Kind.PROTOCOL,
        qualification=Qualification.MIXED,
        titles=[TitleText(Language.NL, "Protocol"), TitleText(Language.EN, "Protocol", TitleKind.TRANSLATION)],
        parties={"NL": "het Koninkrijk der Nederlanden", "BE-VLG": ""},
        themes=["toerisme"],
        numbers=[Number(Scheme.NUMAC, "2008203092", note="decree")],
        summary_nl="Over  toerisme ",
        territory="Vlaams Gewest",
        sources="https://example.org/1\nBS 2008",
    )
    kept = Treaty.objects.get(pk=treaty.pk)
    assert (kept.kind, kept.qualification, kept.access, kept.version) == ("protocol", "mixed", "public", 1)
    assert titles(kept) == {("nl", "official"): "Protocol", ("en", "translation"): "Protocol"}
    assert {link.party.code: link.named_as for link in kept.party_links.all()} == {
        "NL": "het Koninkrijk der Nederlanden",
        "BE-VLG": "",
    }
    assert [link.theme.slug for link in kept.theme_links.all()] == ["toerisme"]
    assert [(number.scheme, number.value, number.note) for number in kept.identifiers.all()] == [
        ("numac", "2008203092", "decree")
    ]
    assert (kept.summary_nl, kept.territory, kept.source_lines) == (
        "Over  toerisme",
        "Vlaams Gewest",
        ["https://example.org/1", "BS 2008"],
    )


def test_registering_makes_the_search_document_in_the_same_change(staff: User) -> None:
    treaty = register(staff, kind=Kind.MOU, access=Access.GOVERNMENT)
    document = SearchDocument.objects.get(treaty=treaty)
    assert (document.kind, document.access, document.status, document.stage, document.signed_on) == (
        "mou",
        "government",
        "in_preparation",
        "",
        None,
    )
    assert country_codes(document) == ["BE", "BE-VLG", "NL"]
    assert theme_slugs(document) == ["buitenlands-beleid", "kanselarij-bestuur-buitenlandse-zaken-en-justitie"]


def test_everything_that_is_wrong_is_said_at_once(staff: User) -> None:
    record = Record(
        kind=Kind.TREATY,
        titles=[TitleText(Language.NL, "\u200b"), TitleText(Language.EN, "a\x00b")],
        parties={"NL": "", "QQ": "", "AA": ""},
        themes=["toerisme", "nergens"],
    )
    with pytest.raises(Refused) as refused:
        actions.register_treaty(actor=staff, record=record, reason="x")
    assert codes(refused) == ["unknown_party", "unknown_party", "unknown_theme", "text", "text"]
    assert [blocker.field for blocker in refused.value.blockers] == [
        "parties",
        "parties",
        "themes",
        "title_nl",
        "title_en",
    ]
    assert ["AA" in str(refused.value.blockers[0].sentence), "QQ" in str(refused.value.blockers[1].sentence)] == [
        True
    ] * 2
    assert Treaty.objects.count() == 0


def test_a_treaty_needs_a_title(staff: User) -> None:
    with pytest.raises(Refused) as refused:
        register(staff, titles=[])
    assert codes(refused) == ["no_title"]


@pytest.mark.parametrize("name", ["reader", "auditor"])
def test_who_may_not_change_the_record_is_refused(name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused) as refused:
        register(request.getfixturevalue(name))
    assert codes(refused) == ["not_allowed"]


def test_a_late_mistake_leaves_nothing_behind(staff: User) -> None:
    with pytest.raises(Refused):
        register(staff, numbers=[Number(Scheme.NUMAC, "  ")])
    assert (Treaty.objects.count(), Title.objects.count(), SearchDocument.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "title", ["اتفاقية", "日本国とベルギー王国との間の協定", "Accord <script>alert(1)</script>", "100 % & “x”"]
)
def test_titles_of_any_script_come_back_as_they_were_typed(title: str, staff: User) -> None:
    assert register(staff, title=title).titles.get().text == title


class TestEdit:
    def test_what_the_record_says_is_replaced_and_its_version_rises(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        record = a_record(kind=Kind.AGREEMENT, title="Akkoord", parties={"DE": "Duitsland"}, themes=["toerisme"])
        edited = actions.edit_treaty(actor=staff, treaty=treaty, record=record, version=1, reason="read again")
        kept = Treaty.objects.get(pk=treaty.pk)
        assert edited.version == kept.version == 2
        assert (kept.kind, titles(kept)) == ("agreement", {("nl", "official"): "Akkoord"})
        assert [(link.party.code, link.named_as) for link in kept.party_links.all()] == [("DE", "Duitsland")]
        assert [link.theme.slug for link in kept.theme_links.all()] == ["toerisme"]
        assert country_codes(SearchDocument.objects.get(treaty=treaty)) == ["DE"]

    def test_only_titles_that_differ_leave_a_history_row(self, make_treaty: Make, staff: User) -> None:
        nl, en, fr = (TitleText(language, str(language)) for language in (Language.NL, Language.EN, Language.FR))
        treaty = make_treaty(titles=[nl, en])
        changed = TitleText(Language.EN, "changed")
        actions.edit_treaty(
            actor=staff, treaty=treaty, record=a_record(titles=[nl, changed, fr]), version=1, reason="x"
        )
        actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(titles=[nl, fr]), version=2, reason="x")
        assert titles(treaty) == {("nl", "official"): "nl", ("fr", "official"): "fr"}
        told = Title.history.order_by("history_id").values_list("language", "history_type", "text")
        assert list(told) == [
            ("nl", "+", "nl"),
            ("en", "+", "en"),
            ("en", "~", "changed"),
            ("fr", "+", "fr"),
            ("en", "-", "changed"),
        ]

    def test_saying_the_same_again_leaves_no_rows_of_titles_and_parties(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(), version=1, reason="x")
        assert treaty.titles.get().history.count() == 1
        assert [link.history.count() for link in treaty.party_links.all()] == [1, 1]

    def test_a_stale_page_is_refused_and_names_who_was_first(
        self, make_treaty: Make, staff: User, staff2: User
    ) -> None:
        treaty = make_treaty()
        actions.edit_treaty(actor=staff2, treaty=treaty, record=a_record(title="Eerst"), version=1, reason="x")
        with pytest.raises(Conflict) as conflict:
            actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(title="Later"), version=1, reason="x")
        assert "Bart Beheerder" in str(conflict.value.sentence)
        assert treaty.titles.get().text == "Eerst"

    def test_the_conflict_tells_the_time_of_brussels(self, make_treaty: Make, staff: User) -> None:
        with time_machine.travel("2026-07-01T22:30:00Z", tick=False):
            treaty = make_treaty()
            actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(), version=1, reason="x")
            with pytest.raises(Conflict, match="02-07-2026 00:30"):
                actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(), version=1, reason="x")

    def test_an_unknown_theme_is_refused_before_anything_is_locked(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        with pytest.raises(Refused) as refused:
            actions.edit_treaty(actor=staff, treaty=treaty, record=a_record(themes=["x"]), version=9, reason="x")
        assert codes(refused) == ["unknown_theme"]

    @pytest.mark.django_db(transaction=True)
    def test_of_two_edits_at_once_exactly_one_wins(self, make_treaty: Make, staff: User, staff2: User) -> None:
        treaty, start, told = make_treaty(), Barrier(2), []

        def edit(actor: User) -> None:
            try:
                start.wait(10)
                actions.edit_treaty(
                    actor=actor, treaty=treaty, record=a_record(title=actor.name), version=1, reason=actor.name
                )
                told.append(("won", actor.name))
            except Conflict as conflict:
                told.append(("lost", str(conflict.sentence)))
            finally:
                connection.close()

        threads = [Thread(target=edit, args=[actor]) for actor in (staff, staff2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (_, loser), (_, winner) = sorted(told)
        assert [how for how, _ in sorted(told)] == ["lost", "won"]
        assert winner in loser
        treaty.refresh_from_db()
        assert (treaty.version, treaty.titles.get().text) == (2, winner)


class TestActs:
    def test_an_act_is_kept_as_it_was_told(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        act = actions.record_act(
            actor=staff,
            treaty=treaty,
            kind=ActKind.SIGNATURE,
            when=parse("maart 2007"),
            party=Party.objects.get(code="NL"),
            place=" Den Haag ",
            number="1",
            reason="x",
        )
        kept = Act.objects.get(pk=act.pk)
        assert (kept.when, kept.party_name, kept.place, kept.number) == (parse("2007-03"), "Nederland", "Den Haag", "1")

    def test_status_and_signature_of_the_list_follow_the_acts(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        for kind, on in (
            (ActKind.SIGNATURE, "2013-01-16"),
            (ActKind.SIGNATURE, "2012-12-12"),
            (ActKind.ASSENT, "2014"),
        ):
            actions.record_act(actor=staff, treaty=treaty, kind=kind, when=parse(on), reason="x")
        document = SearchDocument.objects.get(treaty=treaty)
        assert (document.signed_on, document.status) == (date(2012, 12, 12), Status.SIGNED)

    def test_a_retracted_act_no_longer_counts_and_stays_in_the_history(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        act = actions.record_act(
            actor=staff, treaty=treaty, kind=ActKind.ENTRY_INTO_FORCE, when=parse("2014"), reason="x"
        )
        assert SearchDocument.objects.get(treaty=treaty).status == Status.IN_FORCE
        actions.retract_act(actor=staff, act=act, reason="wrong treaty")
        assert SearchDocument.objects.get(treaty=treaty).status == Status.IN_PREPARATION
        assert [(row.is_retracted, row.history_change_reason) for row in act.history.all()] == [
            (True, "wrong treaty"),
            (False, "x"),
        ]


class TestNumbers:
    def test_a_number_is_kept_once(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        first = actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.FDFA, " 817 "), reason="x")
        again = actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.FDFA, "817"), reason="x")
        other = actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.REGISTER, "817"), reason="x")
        assert first == again != other
        assert [str(number) for number in treaty.identifiers.values_list("value", flat=True)] == ["817", "817"]

    def test_one_spelling_is_kept_and_found_again(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        first = actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.CETS, "ETS No. 5"), reason="x")
        again = actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.CETS, "005"), reason="x")
        assert (first, first.value) == (again, "005")

    @pytest.mark.parametrize("value", ["", "  ", "\u200b", "1" * 201, "1\x002", "eight hundred"])
    def test_a_number_that_says_nothing_or_too_much_is_refused(
        self, value: str, make_treaty: Make, staff: User
    ) -> None:
        with pytest.raises(Refused) as refused:
            actions.add_number(actor=staff, treaty=make_treaty(), number=Number(Scheme.FDFA, value), reason="x")
        assert [blocker.field for blocker in refused.value.blockers] == ["number"]


class TestRelations:
    def test_saying_the_same_twice_changes_nothing(self, make_treaty: Make, staff: User) -> None:
        one, other = make_treaty(), make_treaty()
        first = actions.relate(
            actor=staff, treaty=one, kind=RelationKind.AMENDS, other=other, note="art. 3", reason="x"
        )
        again = actions.relate(actor=staff, treaty=one, kind=RelationKind.AMENDS, other=other, reason="x")
        assert (first, first.history.count(), Relation.objects.count()) == (again, 1, 1)

    def test_two_treaties_can_be_related_in_more_ways_than_one(self, make_treaty: Make, staff: User) -> None:
        one, other = make_treaty(), make_treaty()
        actions.relate(actor=staff, treaty=one, kind=RelationKind.AMENDS, other=other, reason="x")
        actions.relate(actor=staff, treaty=one, kind=RelationKind.PACKAGE, other=other, reason="x")
        actions.relate(actor=staff, treaty=other, kind=RelationKind.PACKAGE, other=one, reason="x")
        assert Relation.objects.count() == 3

    def test_a_treaty_is_not_related_to_itself(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        with pytest.raises(Refused), transaction.atomic():
            actions.relate(actor=staff, treaty=treaty, kind=RelationKind.AMENDS, other=treaty, reason="x")


class TestDocuments:
    def test_a_paper_is_kept_under_its_hash(self, make_treaty: Make, staff: User) -> None:
        document = add_pdf(staff, make_treaty(), DocumentKind.SIGNED_TEXT, "words")
        content = pdf("words signed_text")
        sha256 = hashlib.sha256(content).hexdigest()
        assert (document.sha256, document.size, document.media_type) == (sha256, len(content), "application/pdf")
        assert document.file.name == f"{sha256[:2]}/{sha256}"
        with document.file.open() as file:
            assert file.read() == content

    def test_the_same_bytes_are_stored_once(self, make_treaty: Make, staff: User) -> None:
        first = add_pdf(staff, make_treaty(), DocumentKind.OTHER)
        second = add_pdf(staff, make_treaty(), DocumentKind.OTHER)
        assert first.pk != second.pk
        assert first.file.name
        assert first.file.name == second.file.name
        stored = first.file.storage.listdir(first.file.name[:2])[1]
        assert [name[:64] for name in stored].count(first.sha256) == 1

    def test_a_file_of_another_type_is_refused_and_nothing_is_stored(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        with pytest.raises(Refused) as refused:
            actions.add_document(
                actor=staff,
                treaty=treaty,
                kind=DocumentKind.OTHER,
                language=Language.NL,
                title="x",
                filename="x.pdf",
                content=b"<html>",
                reason="x",
            )
        assert codes(refused) == ["file_content"]
        assert treaty.documents.count() == 0

    def test_papers_are_internal_unless_said_otherwise(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        assert add_pdf(staff, treaty, DocumentKind.OTHER).access == Access.GOVERNMENT
        assert add_pdf(staff, treaty, DocumentKind.OTHER, access=Access.PUBLIC).access == Access.PUBLIC
