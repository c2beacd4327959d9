"""The pages that edit a record: what they keep when they refuse, what comes twice or too late, and for whom."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import add_pdf, version
from treaties import actions
from treaties.actions import ActEntry, DeclarationEntry, Number, PartyEntry, RelationEntry, TitleText
from treaties.choices import Access, ActKind, DocumentKind, Language, TitleKind
from treaties.dates import parse
from treaties.models import Act, Declaration, Document, Identifier, Party, Title, Treaty
from workflow.models import Dossier

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]
CONCERNS = ("", "parties", "acts", "declarations", "numbers", "relations", "documents")


def address(treaty: Treaty, concern: str = "") -> str:
    return f"/treaties/{treaty.reference}/edit/{concern}/" if concern else f"/treaties/{treaty.reference}/edit/"


def text(response: HttpResponse) -> str:
    return response.content.decode()


def party(code: str) -> Party:
    return Party.objects.get(code=code)


@pytest.fixture
def inside(staff: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    return make_treaty()


@pytest.fixture
def send(inside: Client, treaty: Treaty) -> Callable[..., HttpResponse]:
    """`send("acts", {"kind": …}, {…})`: the rows of a page, on the version as it is now."""

    def go(concern: str, *rows: dict[str, Any], **more: Any) -> HttpResponse:
        data = {"submission": str(uuid4()), "version": version(treaty), "reason": "from the file", **more}
        section = concern or "titles"
        for place, row in enumerate(rows):
            data |= {f"{section}-{place}-{name}": value for name, value in row.items()}
        return inside.post(address(treaty, concern), data)

    return go


Send = Callable[..., HttpResponse]
BASICS = {"kind": "treaty", "qualification": "undetermined", "access": "public"}


def errors(response: HttpResponse) -> dict[str, str]:
    """What is said beside each field, by its name."""
    form = response.context["form"]
    said = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
    for row in form.rows:
        said |= {row.add_prefix(name): " ".join(map(str, found)) for name, found in row.errors.items()}
    return said


class TestSaving:
    def test_acts(self, send: Send, treaty: Treaty) -> None:
        signature = {"kind": "signature", "manner": "simple", "signatory": "L. Ploumen", "capacity": "Minister"}
        answer = send(
            "acts",
            signature | {"when": "5/2/2015", "place": "Terneuzen", "party": "Netherlands", "full_powers": "produced"},
            {"kind": "", "when": "", "place": ""},
            {"kind": "signature", "when": "6/2/2015", "place": "Gent", "party": "BE-VLG", "note": "one\r\ntwo"},
            {"kind": "ratification", "gone": "on"},
        )
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{address(treaty, 'acts')}?saved=")
        first, second = Act.objects.order_by("pk")
        assert (first.party, first.when, first.signatory) == (party("NL"), parse("2015-02-05"), "L. Ploumen")
        assert (second.party, second.place, second.note) == (party("BE-VLG"), "Gent", "one\ntwo")

    def test_what_is_on_record_comes_back_as_it_is(self, inside: Client, send: Send, treaty: Treaty) -> None:
        send("acts", {"kind": "signature", "when": "March 2015", "party": "nl", "place": "Gent", "note": "a\r\nb"})
        page = inside.get(address(treaty, "acts"))
        row = page.context["form"].rows[0]
        values = {name: row[name].value() for name in ("kind", "when", "party", "place")}
        assert values == {"kind": "signature", "when": "2015-03", "party": "Netherlands", "place": "Gent"}
        assert "Signature – Netherlands – March 2015" in text(page)
        same = {**values, "id": Act.objects.get().pk, "note": "a\r\nb"}
        answer = send("acts", same)
        assert (answer.status_code, errors(answer)) == (
            422, {"__all__": "Nothing was changed, so there is nothing to save."}
        )  # fmt: skip
        assert send("acts", same | {"place": "Brugge"}).status_code == 302
        assert send("acts", same | {"gone": "on"}).status_code == 302
        assert [(act.place, act.is_retracted) for act in Act.objects.all()] == [("Brugge", True)]

    def test_a_treaty_with_very_many_acts(self, send: Send, treaty: Treaty) -> None:
        rest = dict.fromkeys(("manner", "effect", "territory", "scope", "number", "page", "address", "source"), "")
        rows = [{"kind": "signature", "place": f"Gent {number}", **rest} for number in range(200)]
        assert send("acts", *rows).status_code == 302
        assert Act.objects.count() == 200

    def test_a_reservation_and_an_objection(self, send: Send, treaty: Treaty) -> None:
        said = {"kind": "reservation", "party": "Nederland", "language": "nl", "text": "Artikel 3 geldt niet."}
        assert send("declarations", said).status_code == 302
        reservation = Declaration.objects.get()
        objection = {
            "kind": "objection",
            "party": "DE",
            "language": "de",
            "text": "Nein.",
            "objects_to": reservation.pk,
        }
        assert send("declarations", objection).status_code == 302
        assert Declaration.objects.get(kind="objection").objects_to == reservation

    def test_numbers_parties_relations_and_documents(
        self, send: Send, inside: Client, treaty: Treaty, staff: User, reviewer: User, make_treaty: Make
    ) -> None:
        other = make_treaty(title="Een ander verdrag")
        assert send("numbers", {"scheme": "numac", "value": "2015036482", "since": "2/12/2015"}).status_code == 302
        assert send("relations", {"kind": "amends", "other": other.reference.lower()}).status_code == 302
        decision = {"kind": "eu_conclusion", "outside": "Besluit (EU) 2017/37", "when": "2017"}
        assert send("relations", decision).status_code == 302
        assert send("parties", {"party": "Frankrijk", "named_as": "de Franse Republiek"}).status_code == 302
        paper = add_pdf(staff, treaty, DocumentKind.TREATY_TEXT)
        said = {"kind": "treaty_text", "language": "nl", "access": "public", "standing": "authentic", "title": "Tekst"}
        # Everybody would see it at once: that is for who decides on publication.
        refused = send("documents", said | {"id": paper.pk})
        assert (refused.status_code, list(errors(refused))) == (422, ["documents-0-access"])
        inside.force_login(reviewer)
        assert send("documents", said | {"id": paper.pk}).status_code == 302
        assert [(one.value, str(one.since)) for one in treaty.identifiers.all()] == [("2015036482", "2015-12-02")]
        assert {(one.kind, one.other, one.outside) for one in treaty.relations.all()} == {
            ("amends", other, ""), ("eu_conclusion", None, "Besluit (EU) 2017/37")
        }  # fmt: skip
        assert treaty.party_links.get(party__code="FR").named_as == "de Franse Republiek"
        assert Document.objects.get().standing == "authentic"

    def test_titles_and_basics(self, send: Send, treaty: Treaty) -> None:
        title = Title.objects.get()
        fields = BASICS | {"depositary": "België", "authentic_languages": ["nl", "fr"], "themes": ["toerisme"]}
        rows = [
            {"id": title.pk, "language": "nl", "kind": "official", "text": "Nieuw"},
            {"language": "es", "kind": "translation", "text": "Tratado"},
        ]
        assert send("", *rows, **fields).status_code == 302
        treaty.refresh_from_db()
        assert {one.text for one in treaty.titles.all()} == {"Nieuw", "Tratado"}
        assert (treaty.depositary, treaty.authentic_languages) == (party("BE"), ["nl", "fr"])
        assert treaty.party_links.count() == 2
        assert treaty.history.first().history_change_reason == "from the file"

    def test_the_same_form_twice_is_recorded_once(self, send: Send, inside: Client, treaty: Treaty) -> None:
        token = str(uuid4())
        answers = [
            send("numbers", {"scheme": "numac", "value": "2015036482"}, submission=token, version=1)
            for _time in range(2)
        ]
        assert [answer["Location"] for answer in answers] == [f"{address(treaty, 'numbers')}?saved={token}"] * 2
        assert Identifier.objects.count() == 1
        assert "This form was already sent; it was recorded once." in text(inside.get(answers[1]["Location"]))


class TestRefusing:
    @pytest.mark.parametrize(
        ("concern", "row", "field", "sentence"),
        [
            ("acts", {"kind": "signature", "when": "30/2/2015"}, "when", "“30/2/2015” is not a date."),
            ("acts", {"kind": "signature", "when": "9/3/0207"}, "when", "The year of a date lies between"),
            ("acts", {"kind": "signature", "when": "1/1/2190"}, "when", "This date lies in the future"),
            ("acts", {"kind": "signature", "place": "a\x00b"}, "place", "Null characters are not allowed."),
            ("acts", {"kind": "signature", "note": "x" * 100_000}, "note", "longer than 4000 characters"),
            ("acts", {"kind": "signature", "party": "Atlantis"}, "party", "no country or party “Atlantis”"),
            ("acts", {"kind": "signature", "party": "x" * 100_000}, "party", "There is no country or party"),
            ("acts", {"kind": "signature", "party": "Flanders"}, "party", "one of: Flemish Region; Flemish Community."),
            ("acts", {"kind": "", "place": "Gent"}, "kind", "This field is required."),
            ("acts", {"kind": "else", "place": "Gent"}, "kind", "Select a valid choice."),
            ("acts", {"kind": "assent", "manner": "simple"}, "manner", "Only a signature has this"),
            ("acts", {"kind": "signature", "document": "999"}, "document", "Select a valid choice."),
            ("acts", {"kind": "signature", "id": "999"}, "__all__", "This row is not on record."),
            ("acts", {"kind": "signature", "id": "1" * 100}, "__all__", "This row is not on record."),
            ("acts", {"kind": "signature", "id": "one"}, "id", "Enter a whole number."),
            (
                "declarations",
                {"kind": "reservation", "language": "nl", "text": "x"},
                "party",
                "Say which party made it.",
            ),
            ("declarations", {"kind": "reservation", "party": "NL", "language": "nl"}, "text", "Enter a text"),
            ("numbers", {"scheme": "numac", "value": "1", "since": "2015"}, "since", "Give the day too."),
            ("numbers", {"scheme": "numac", "value": "1", "url": "javascript:alert(1)"}, "url", "Give a whole address"),
            ("numbers", {"scheme": "numac", "value": "bell\x07"}, "value", "cannot be stored"),
            ("parties", {"party": "Nederland"}, "party", "This party is on the list already."),
            ("relations", {"kind": "amends", "other": "TNOWHERE"}, "other", "no treaty with the reference “TNOWHERE”"),
            ("", {"language": "nl", "kind": "official", "text": "x"}, "language", "There is a title of this kind"),
        ],
    )
    def test_a_refused_row_says_why_and_keeps_everything(
        self, concern: str, row: dict[str, str], field: str, sentence: str, send: Send, treaty: Treaty
    ) -> None:
        answer = send(concern, row, **(BASICS if not concern else {}))
        section = concern or "titles"
        assert answer.status_code == 422
        name = field if field == "__all__" else f"{section}-0-{field}"
        assert sentence in errors(answer).get(name, "") or sentence in errors(answer).get(f"{section}-0-{field}", "")
        typed = answer.context["form"].rows[0]
        assert {name: typed[name].value() for name in row} == row
        page = text(answer)
        assert "<title>Error:" in page
        assert sentence.split("“", maxsplit=1)[0].strip() in page
        assert 'value="from the file"' in page
        assert version(treaty) == 1

    def test_bytes_that_are_no_text_are_kept_as_replacement_characters(self, inside: Client, treaty: Treaty) -> None:
        body = f"version=1&reason=x&submission={uuid4()}&numbers-0-scheme=other&numbers-0-value=a%ED%A0%80"
        kind = "application/x-www-form-urlencoded"
        assert inside.post(address(treaty, "numbers"), body, content_type=kind).status_code == 302
        assert Identifier.objects.get().value == "a\ufffd\ufffd\ufffd"

    def test_everything_wrong_is_said_at_once(self, send: Send) -> None:
        rows = [{"kind": "signature", "place": "x" * 201}, {"kind": "assent", "manner": "simple"}]
        assert set(errors(send("acts", *rows, reason=" "))) == {"acts-0-place", "acts-1-manner", "reason"}

    @pytest.mark.parametrize("concern", CONCERNS)
    def test_an_empty_form_is_refused(self, concern: str, inside: Client, treaty: Treaty) -> None:
        answer = inside.post(address(treaty, concern), {})
        assert answer.status_code == 422
        assert set(errors(answer)) >= {"submission", "version"}

    @pytest.mark.parametrize("concern", CONCERNS)
    def test_who_may_come_there(self, concern: str, make_treaty: Make, request: pytest.FixtureRequest) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        found = {}
        for role in ("reader", "staff", "reviewer", "administrator", "auditor"):
            client = Client()
            client.force_login(request.getfixturevalue(role))
            found[role] = client.get(address(treaty, concern)).status_code
        assert found == {"reader": 404, "staff": 200, "reviewer": 200, "administrator": 200, "auditor": 403}
        assert Client().get(address(treaty, concern)).status_code == 302


class TestMoreRows:
    def test_without_a_script_the_page_comes_back_with_one_more(self, send: Send, treaty: Treaty) -> None:
        rows = [{"kind": "signature", "when": "30/2/2015", "place": "Gent"}, {"kind": "assent"}]
        answer = send("acts", *rows, add="acts", reason="half")
        assert answer.status_code == 200
        form = answer.context["form"]
        assert [row["kind"].value() for row in form.rows] == ["signature", "assent", None]
        assert (form.rows[0]["when"].value(), form["reason"].value()) == ("30/2/2015", "half")
        assert "There is a problem" not in text(answer)
        assert 'data-guard="dirty"' in text(answer)
        assert not Act.objects.exists()

    def test_rows_on_record_are_kept_by_their_key(self, send: Send, treaty: Treaty) -> None:
        send("numbers", {"scheme": "numac", "value": "2015036482"})
        key = Identifier.objects.get().pk
        answer = send("numbers", {"id": key, "scheme": "numac", "value": "2"}, add="numbers")
        form = answer.context["form"]
        assert [(str(row["id"].value() or ""), row["value"].value()) for row in form.rows] == [
            (str(key), "2"),
            ("", None),
        ]

    def test_a_page_without_rows_has_room_for_one(self, inside: Client, treaty: Treaty) -> None:
        page = inside.get(address(treaty, "acts"))
        assert len(page.context["form"].rows) == 1
        assert 'name="acts-__row__-kind"' in text(page)

    def test_papers_come_by_their_own_page(self, inside: Client, treaty: Treaty) -> None:
        page = inside.get(address(treaty, "documents"))
        assert page.context["form"].rows == []
        assert f'href="/treaties/{treaty.reference}/documents/add/"' in text(page)
        assert "<template" not in text(page)


class TestConflict:
    def test_field_by_field_with_who_and_when(self, send: Send, treaty: Treaty, staff: User, staff2: User) -> None:
        entries = [ActEntry(ActKind.SIGNATURE, parse("2015"), place="Gent"), ActEntry(ActKind.ASSENT, parse("2016"))]
        actions.save_acts(actor=staff, treaty=treaty, rows=entries, version=1, reason="x")
        signed, assented = Act.objects.order_by("pk")
        seen = version(treaty)
        theirs = [
            ActEntry(ActKind.SIGNATURE, parse("2014"), place="Brugge", pk=signed.pk),
            ActEntry(ActKind.ASSENT, pk=assented.pk, gone=True),
            ActEntry(ActKind.RATIFICATION, parse("2018"), party("NL")),
        ]
        actions.save_acts(actor=staff2, treaty=treaty, rows=theirs, version=seen, reason="x")
        mine = [
            {"id": signed.pk, "kind": "signature", "when": "2015", "place": "Antwerpen"},
            {"id": assented.pk, "kind": "assent", "when": "2016-05"},
            {"kind": "deposit", "when": "2019"},
        ]
        answer = send("acts", *mine, version=seen)
        assert answer.status_code == 409
        told = answer.context["meanwhile"]
        assert [(str(one.label), one.theirs, one.mine, one.stamp.who, one.taken_over) for one in told.differences] == [
            ("Date", "2014", "2015", "Bart Beheerder", True),
            ("Place", "Brugge", "Antwerpen", "Bart Beheerder", False),
        ]
        assert [(row, stamp.who) for row, stamp in told.added] == [
            ("Ratification – Netherlands – 2018", "Bart Beheerder")
        ]
        assert [(row, stamp.who) for row, stamp in told.removed] == [("Assent of a parliament, 2016", "Bart Beheerder")]
        form = answer.context["form"]
        assert [[str(row[name].value() or "") for name in ("kind", "when", "place")] for row in form.rows] == [
            ["signature", "2014", "Antwerpen"],
            ["assent", "2016-05", ""],
            ["deposit", "2019", ""],
            ["ratification", "2018", ""],
        ]
        page = text(answer)
        for words in ("Bart Beheerder", "Brugge", "Antwerpen", "Nothing is saved yet.", "<title>Error:"):
            assert words in page
        assert Act.objects.get(pk=signed.pk).place == "Brugge"
        self.saved_again(send, form)

    def saved_again(self, send: Send, form: Any) -> None:
        """The page as it came back can be saved as it stands."""
        rows = [{name: row[name].value() or "" for name in row.fields if row[name].value()} for row in form.rows]
        assert send("acts", *rows, version=form["version"].value()).status_code == 302
        standing = Act.objects.filter(is_retracted=False)
        assert sorted((act.kind, act.place, act.when.iso) for act in standing) == [
            ("assent", "", "2016-05"),
            ("deposit", "", "2019"),
            ("ratification", "", "2018"),
            ("signature", "Antwerpen", "2014"),
        ]

    def test_titles_and_basics(self, send: Send, treaty: Treaty, staff2: User) -> None:
        title = Title.objects.get()
        theirs = actions.Basics(kind="agreement", qualification="mixed", access="public", note="Van Bart")  # type: ignore[arg-type]
        rows = [
            actions.TitleEntry("nl", "official", "Titel van Bart", pk=title.pk),
            actions.TitleEntry("en", "short", "Short"),
        ]
        actions.save_basics(actor=staff2, treaty=treaty, rows=rows, basics=theirs, version=1, reason="x")
        mine = {"id": title.pk, "language": "nl", "kind": "official", "text": "Titel van An"}
        fields = BASICS | {"themes": ["buitenlands-beleid"], "note": "Van An"}
        answer = send("", mine, version=1, **fields)
        assert answer.status_code == 409
        told = answer.context["meanwhile"]
        found = {str(one.label): (one.theirs, one.mine, one.taken_over) for one in told.differences}
        assert found == {
            "Kind": ("Agreement", "Treaty", True),
            "Qualification": ("Mixed", "Not yet determined", True),
            "Themes": ("", "Foreign policy", True),
            "Note": ("Van Bart", "Van An", False),
            "Title": ("Titel van Bart", "Titel van An", False),
        }
        assert [row for row, _stamp in told.added] == ["Short name – English"]
        assert (answer.context["form"]["kind"].value(), answer.context["form"]["note"].value()) == (
            "agreement", "Van An"
        )  # fmt: skip

    def test_another_page_of_the_record_was_saved(self, send: Send, treaty: Treaty, staff2: User) -> None:
        actions.save_numbers(actor=staff2, treaty=treaty, rows=[Number("numac", "2015036482")], version=1, reason="x")
        answer = send("acts", {"kind": "signature", "place": "Gent"}, version=1)
        assert answer.status_code == 409
        assert "On this page nothing differs." in text(answer)
        assert answer.context["form"].rows[0]["place"].value() == "Gent"


class TestBesideADossier:
    def test_the_qualification_is_changed_in_the_dossier(
        self, inside: Client, make_dossier: Callable[..., Dossier]
    ) -> None:
        dossier = make_dossier("exclusive")
        title = dossier.treaty.titles.get()
        data = BASICS | {"version": version(dossier.treaty), "submission": str(uuid4()), "reason": "x"}
        row = {"id": title.pk, "language": title.language, "kind": title.kind, "text": title.text}
        data |= {f"titles-0-{name}": value for name, value in row.items()} | {"qualification": "mixed"}
        answer = inside.post(address(dossier.treaty), data)
        assert answer.status_code == 422
        assert dossier.reference in errors(answer)["qualification"]
        assert answer.context["form"]["qualification"].value() == "mixed"


class TestShowing:
    def test_acts_of_a_dossier_are_shown_with_the_way_to_correct_them(
        self, inside: Client, make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier]
    ) -> None:
        dossier = advance(make_dossier("exclusive"), "negotiation_opened")
        page = inside.get(address(dossier.treaty, "acts"))
        event = dossier.events.get(step="negotiation_opened")
        assert f'href="/dossiers/{dossier.reference}/events/{event.pk}/correct/"' in text(page)
        assert [row.is_new for row in page.context["form"].rows] == [True]

    def test_a_relation_shows_the_title_and_its_inverse(
        self, inside: Client, treaty: Treaty, make_treaty: Make, staff: User
    ) -> None:
        other = make_treaty(title="Het gewijzigde verdrag")
        row = [RelationEntry("amends", other=other.reference)]
        actions.save_relations(actor=staff, treaty=treaty, rows=row, version=1, reason="x")
        assert "Het gewijzigde verdrag" in text(inside.get(address(treaty, "relations")))
        page = text(inside.get(address(other, "relations")))
        assert "Is amended by" in page
        assert f'href="{address(treaty, "relations")}"' in page

    def test_every_page_leads_to_the_others(self, inside: Client, treaty: Treaty) -> None:
        for concern in CONCERNS:
            page = text(inside.get(address(treaty, concern)))
            for other in CONCERNS:
                assert f'href="{address(treaty, other)}"' in page
            assert f'href="/treaties/{treaty.reference}/clause/"' in page

    def test_no_page_asks_more_for_30_rows_than_for_1(self, inside: Client, make_treaty: Make, staff: User) -> None:
        counts = []
        for number in (1, 30):
            treaty = make_treaty(parties={})
            _fill(treaty, staff, number)
            found = []
            for concern in CONCERNS:
                with CaptureQueriesContext(connection) as queries:
                    assert len(inside.get(address(treaty, concern)).context["form"].rows) >= min(number, 24)
                found.append(len(queries))
            counts.append(found)
        assert counts[0] == counts[1]


def _fill(treaty: Treaty, actor: User, number: int) -> None:
    states = list(Party.objects.filter(kind="state")[:number])
    for action, rows in (
        (actions.save_parties, [PartyEntry(one) for one in states]),
        (actions.save_acts, [ActEntry(ActKind.SIGNATURE, party=one) for one in states]),
        (actions.save_declarations, [DeclarationEntry("reservation", one, "nl", "x") for one in states]),
        (actions.save_numbers, [Number("numac", f"20150000{place:02}") for place in range(number)]),
        (actions.save_relations, [RelationEntry("amends", outside=str(place)) for place in range(number)]),
    ):
        action(actor=actor, treaty=treaty, rows=rows, version=version(treaty), reason="x")  # type: ignore[operator]
    for place in range(number):
        add_pdf(actor, treaty, DocumentKind.OTHER, str(place))
    titles = [(language, kind) for language in Language for kind in TitleKind][:number]
    texts = [TitleText(language, "x", kind) for language, kind in titles]
    record = actions.Record(
        kind="treaty",  # type: ignore[arg-type]
        titles=texts,
        parties={one.code: "" for one in states},
        access=Access(treaty.access),
    )
    actions.edit_treaty(actor=actor, treaty=treaty, record=record, version=version(treaty), reason="x")
