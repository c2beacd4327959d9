"""Titles, parties, numbers, relations and papers of a record: what is kept, refused, and who comes first."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from audit.refusals import Conflict, Refused
from tests.factories import add_pdf, version
from treaties import actions
from treaties.actions import Basics, DocumentEntry, Number, PartyEntry, RelationEntry, TitleEntry, TitleText
from treaties.choices import Access, DocumentKind, Kind, Language, Qualification, RelationKind, Scheme, TitleKind
from treaties.dates import parse
from treaties.models import Document, Identifier, Party, Relation, Title, Treaty

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    return make_treaty()


def party(code: str) -> Party:
    return Party.objects.get(code=code)


def refusals(do: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        do()
    return [(one.code, one.field) for one in refused.value.blockers]


@pytest.fixture
def save(staff: User, treaty: Treaty) -> Callable[..., Treaty]:
    """`save(actions.save_numbers, row, …)` on the version as it is now."""

    def go(action: Callable[..., Treaty], *rows: Any, **kw: Any) -> Treaty:
        given = {"actor": staff, "treaty": treaty, "version": version(treaty), "reason": "read in the text"}
        return action(**given | {"rows": rows} | kw)

    return go


Save = Callable[..., Treaty]
SAVES = [
    (actions.save_parties, PartyEntry(None)),
    (actions.save_numbers, Number("numac", "1")),
    (actions.save_relations, RelationEntry("amends", outside="x")),
    (actions.describe_documents, DocumentEntry(1, "x", "other", "nl", "public")),
]


@pytest.mark.parametrize(("action", "row"), SAVES)
@pytest.mark.parametrize("name", ["reader", "auditor"])
def test_who_may_not(action: Any, row: Any, name: str, save: Save, request: pytest.FixtureRequest) -> None:
    assert refusals(lambda: save(action, row, actor=request.getfixturevalue(name))) == [("not_allowed", "")]


@pytest.mark.parametrize(("action", "row"), SAVES)
def test_who_saw_an_earlier_version(action: Any, row: Any, save: Save) -> None:
    save(actions.save_numbers, Number("numac", "2015036482"))
    with pytest.raises(Conflict):
        save(action, row, version=1)


class TestNumbers:
    def test_they_are_added_changed_and_taken_away(self, save: Save, treaty: Treaty) -> None:
        save(
            actions.save_numbers,
            Number("numac", " 2015036482 ", "https://example.org/1", "decree", "BS", date(2015, 12, 2)),
            Number("fdfa", "817"),
        )
        fdfa, numac = Identifier.objects.order_by("scheme")
        assert (numac.value, numac.url, numac.note, numac.source) == (
            "2015036482", "https://example.org/1", "decree", "BS"
        )  # fmt: skip
        assert numac.since == date(2015, 12, 2)
        save(
            actions.save_numbers, Number("numac", "2015036483", pk=numac.pk), Number("fdfa", "", pk=fdfa.pk, gone=True)
        )
        assert [(one.scheme, one.value, one.since) for one in treaty.identifiers.all()] == [
            ("numac", "2015036483", None)
        ]
        assert [row.history_type for row in fdfa.history.order_by("history_id")] == ["+", "-"]
        assert fdfa.history.first().history_action == "number.edit"
        assert version(treaty) == 3

    def test_every_reason_of_every_row_at_once(self, save: Save, make_treaty: Make, staff: User) -> None:
        other = make_treaty()
        actions.add_number(actor=staff, treaty=other, number=Number(Scheme.FDFA, "817"), reason="x")
        save(actions.save_numbers, Number("numac", "2015036483"))
        rows = [
            Number("fdfa", "817"),
            Number("numac", "2015036483 "),
            Number("numac", "2015036484", url="javascript:alert(1)"),
            Number("numac", "2015036484"),
            Number("numac", "2"),
            Number("numac", " ", note="x" * 301),
            Number("celex", "x\ud800"),
        ]
        assert refusals(lambda: save(actions.save_numbers, *rows)) == [
            ("number_of_another", "numbers-0-value"),
            ("number_twice", "numbers-1-value"),
            ("address", "numbers-2-url"),
            ("number_twice", "numbers-3-value"),
            ("number_form", "numbers-4-value"),
            ("text", "numbers-5-value"),
            ("text", "numbers-5-note"),
            ("text", "numbers-6-value"),
        ]
        assert Identifier.objects.count() == 2

    def test_a_number_of_another_scheme_may_be_shared(self, save: Save, make_treaty: Make, staff: User) -> None:
        actions.add_number(actor=staff, treaty=make_treaty(), number=Number(Scheme.NUMAC, "2015036483"), reason="x")
        save(actions.save_numbers, Number("numac", "2015036483"))
        assert Identifier.objects.count() == 2


class TestParties:
    def test_they_are_added_changed_and_taken_away(self, save: Save, treaty: Treaty) -> None:
        links = {link.party.code: link for link in treaty.party_links.all()}
        save(
            actions.save_parties,
            PartyEntry(party("NL"), "het Koninkrijk", party("AW"), pk=links["NL"].pk),
            PartyEntry(None, pk=links["BE-VLG"].pk, gone=True),
            PartyEntry(party("FR")),
        )
        now = {link.party.code: (link.named_as, link.territory) for link in treaty.party_links.all()}
        assert now == {"NL": ("het Koninkrijk", party("AW")), "FR": ("", None)}
        assert links["BE-VLG"].history.first().history_type == "-"
        assert links["NL"].history.first().history_action == "treaty.parties"

    def test_every_reason_of_every_row_at_once(self, save: Save, treaty: Treaty) -> None:
        rows = [
            PartyEntry(None),
            PartyEntry(party("NL")),
            PartyEntry(party("FR"), territory=party("FR")),
            PartyEntry(party("FR"), named_as="x" * 301),
        ]
        assert refusals(lambda: save(actions.save_parties, *rows)) == [
            ("party_missing", "parties-0-party"),
            ("party_twice", "parties-1-party"),
            ("territory", "parties-2-territory"),
            ("text", "parties-3-named_as"),
            ("party_twice", "parties-3-party"),
        ]
        assert treaty.party_links.count() == 2


class TestRelations:
    def test_to_a_treaty_and_to_an_instrument_outside(self, save: Save, treaty: Treaty, make_treaty: Make) -> None:
        other = make_treaty(access=Access.GOVERNMENT)
        save(
            actions.save_relations,
            RelationEntry("amends", other=f" {other.reference.lower()} ", when=parse("2016-03"), article="art. 2"),
            RelationEntry("eu_conclusion", outside="Besluit (EU) 2017/37", address="https://example.org/37"),
        )
        amends, concluded = Relation.objects.order_by("pk")
        assert (amends.other, amends.outside, amends.when, amends.article) == (other, "", parse("2016-03"), "art. 2")
        assert (concluded.other, concluded.outside) == (None, "Besluit (EU) 2017/37")
        changed = RelationEntry("replaces", other=f"https://register.example/treaties/{other.reference}/", pk=amends.pk)
        save(actions.save_relations, changed, RelationEntry("amends", pk=concluded.pk, gone=True))
        assert [(one.kind, one.other) for one in treaty.relations.all()] == [("replaces", other)]
        assert concluded.history.first().history_type == "-"
        assert amends.history.first().history_action == "treaty.relate"

    def test_every_reason_of_every_row_at_once(
        self, save: Save, treaty: Treaty, make_treaty: Make, staff: User
    ) -> None:
        other = make_treaty()
        actions.relate(actor=staff, treaty=treaty, kind=RelationKind.AMENDS, other=other, reason="x")
        rows = [
            RelationEntry("amends"),
            RelationEntry("amends", other="TNOWHERE"),
            RelationEntry("amends", other=treaty.reference),
            RelationEntry("amends", other=other.reference),
            RelationEntry("replaces", other=other.reference, outside="both"),
            RelationEntry("amends", outside="x", address="no address"),
            RelationEntry("amends", outside="x "),
            RelationEntry("amends", other="not a reference \x00"),
        ]
        assert refusals(lambda: save(actions.save_relations, *rows)) == [
            ("other_missing", "relations-0-other"),
            ("unknown_treaty", "relations-1-other"),
            ("relates_to_itself", "relations-2-other"),
            ("relation_twice", "relations-3-other"),
            ("two_others", "relations-4-outside"),
            ("address", "relations-5-address"),
            ("relation_twice", "relations-6-outside"),
            ("unknown_treaty", "relations-7-other"),
        ]
        assert Relation.objects.count() == 1


class TestDocuments:
    def entry(self, paper: Document, **kw: Any) -> DocumentEntry:
        said = {name: getattr(paper, name) for name in ("pk", "title", "kind", "language", "access", "standing")}
        return DocumentEntry(**said | kw)

    def test_an_authentic_text_and_its_courtesy_translation(
        self, save: Save, treaty: Treaty, staff: User, reviewer: User
    ) -> None:
        first = add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, "1")
        second = add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, "2")
        save(
            actions.describe_documents,
            self.entry(first, standing="courtesy_translation", language="en"),
            self.entry(second, standing="authentic", title=" De tekst ", access="public"),
            actor=reviewer,
        )
        first, second = Document.objects.order_by("pk")
        assert (first.standing, first.language) == ("courtesy_translation", "en")
        assert (second.standing, second.title, second.access) == ("authentic", "De tekst", "public")
        assert first.history.first().history_action == "document.edit"
        again = actions.describe_document(
            actor=staff,
            document=first,
            entry=self.entry(first, language="nl", replaces=second),
            version=version(treaty),
            reason="x",
        )
        assert again.replaces == second

    def test_every_reason_of_every_row_at_once(
        self, save: Save, treaty: Treaty, make_treaty: Make, staff: User
    ) -> None:
        text = add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, "1")
        other = add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, "2")
        advice = add_pdf(staff, treaty, DocumentKind.PRELIMINARY_DRAFT)
        council = add_pdf(staff, treaty, DocumentKind.COUNCIL_ADVICE)
        elsewhere = add_pdf(staff, make_treaty(), DocumentKind.TREATY_TEXT)
        rows = [
            self.entry(text, title=" ", replaces=other),
            self.entry(other, replaces=text),
            self.entry(advice, standing="authentic", replaces=elsewhere),
            self.entry(council, kind="letter"),
        ]
        assert refusals(lambda: save(actions.describe_documents, *rows)) == [
            ("text", "documents-0-title"),
            ("replaces_itself", "documents-0-replaces"),
            ("replaces_itself", "documents-1-replaces"),
            ("no_text", "documents-2-standing"),
            ("replaces", "documents-2-replaces"),
            ("about", "documents-3-kind"),
        ]
        wrong = self.entry(text, replaces=other, language="en")
        assert refusals(lambda: save(actions.describe_documents, wrong)) == [("replaces", "documents-0-replaces")]
        gone = self.entry(text, gone=True)
        assert refusals(lambda: save(actions.describe_documents, gone)) == [("kept", "documents-0-gone")]


class TestBasics:
    def basics(self, **kw: Any) -> Basics:
        given = {"kind": Kind.PROTOCOL, "qualification": Qualification.MIXED, "access": Access.PUBLIC}
        return Basics(**given | kw)

    def test_titles_in_any_language_and_kind(self, save: Save, treaty: Treaty) -> None:
        title = Title.objects.get()
        basics = self.basics(
            themes=["toerisme"],
            depositary=party("BE"),
            authentic_languages=[Language.NL, Language.FR, Language.NL],
            territory="Vlaams Gewest",
        )
        rows = [
            TitleEntry("nl", "official", "Protocol", pk=title.pk),
            TitleEntry("es", "translation", "Protocolo"),
            TitleEntry("nl", "short", "Het protocol"),
        ]
        save(actions.save_basics, *rows, basics=basics)
        now = Treaty.objects.get()
        assert {(one.language, one.kind): one.text for one in now.titles.all()} == {
            ("nl", "official"): "Protocol",
            ("es", "translation"): "Protocolo",
            ("nl", "short"): "Het protocol",
        }
        assert (now.kind, now.depositary, now.authentic_languages, now.territory, now.version) == (
            "protocol", party("BE"), ["nl", "fr"], "Vlaams Gewest", 2
        )  # fmt: skip
        assert [link.theme.slug for link in now.theme_links.all()] == ["toerisme"]

    def test_two_titles_change_places(self, save: Save, treaty: Treaty) -> None:
        title = Title.objects.get()
        save(actions.save_basics, TitleEntry("en", "official", "Treaty"), basics=self.basics())
        other = Title.objects.get(language="en")
        rows = [
            TitleEntry("en", "official", title.text, pk=title.pk),
            TitleEntry("nl", "official", "Treaty", pk=other.pk),
        ]
        save(actions.save_basics, *rows, basics=self.basics())
        assert {one.language: one.text for one in treaty.titles.all()} == {"en": title.text, "nl": "Treaty"}

    def test_every_reason_at_once(self, save: Save, treaty: Treaty) -> None:
        title = Title.objects.get()
        rows = [
            TitleEntry("nl", "official", "", pk=title.pk, gone=True),
            TitleEntry("en", "official", "\u200b"),
            TitleEntry("en", "official", "x" * 2_001),
        ]
        basics = self.basics(themes=["nergens"], note="x" * 10_001)
        assert refusals(lambda: save(actions.save_basics, *rows, basics=basics)) == [
            ("text", "titles-1-text"),
            ("text", "titles-2-text"),
            ("title_twice", "titles-2-language"),
            ("unknown_theme", "themes"),
            ("text", "note"),
        ]
        only = [rows[0]]
        assert refusals(lambda: save(actions.save_basics, *only, basics=self.basics())) == [("no_title", "")]

    def test_a_record_that_says_nothing_of_it_leaves_the_depositary(
        self, save: Save, treaty: Treaty, staff: User
    ) -> None:
        basics = self.basics(depositary=party("BE"), authentic_languages=[Language.NL])
        save(actions.save_basics, basics=basics)
        title = TitleText(Language.NL, "x", TitleKind.OFFICIAL)
        record = {"kind": Kind.TREATY, "titles": [title], "access": Access(treaty.access)}
        edit = {"actor": staff, "treaty": treaty, "reason": "x"}
        actions.edit_treaty(record=actions.Record(**record), version=2, **edit)
        now = Treaty.objects.get()
        assert (now.depositary, now.authentic_languages) == (party("BE"), ["nl"])
        said = actions.Record(**record, depositary="NL", authentic_languages=[Language.FR])
        actions.edit_treaty(record=said, version=3, **edit)
        now = Treaty.objects.get()
        assert (now.depositary, now.authentic_languages) == (party("NL"), ["fr"])
        wrong = actions.Record(**record, depositary="QQ")
        assert refusals(lambda: actions.edit_treaty(record=wrong, version=4, **edit)) == [
            ("unknown_party", "depositary")
        ]
