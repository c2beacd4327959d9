"""Looking back along two axes: what the page says of a day, of a moment of knowing, and what must not leak."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests import factories
from tests.treaties.pages import SCRIPT, FillIn, MakeAct, MakePaper, MakeTreaty, State, page
from treaties.actions import Number, TitleText, add_number, edit_treaty, relate, retract_act
from treaties.as_of import Moment, banner, moment_from
from treaties.choices import (
    Access,
    ActKind,
    DeclarationKind,
    ForceRule,
    Kind,
    Language,
    PublicationVerdict,
    RelationKind,
    Scheme,
)
from treaties.clause_actions import Clause, state_clause, withdraw_clause
from treaties.models import Party, Relation, Treaty
from treaties.publishing_actions import ask_publication, decide_publication, withdraw_publication

BRUSSELS = ZoneInfo("Europe/Brussels")
TODAY = "2026-11-24T12:00:00+01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def ask(query: str) -> Moment:
    with translation.override("en"):
        return moment_from(QueryDict(query))


# --- What is asked ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("query", "on", "known_at", "again"),
    [
        ("", "2026-11-24", None, ""),
        ("as_of=&known_at=", "2026-11-24", None, ""),
        ("as_of=2015-12-31", "2015-12-31", None, "as_of=2015-12-31"),
        ("as_of=2015", "2015-12-31", None, "as_of=2015-12-31"),
        ("as_of=2015-02", "2015-02-28", None, "as_of=2015-02-28"),
        ("as_of=9/3/2007", "2007-03-09", None, "as_of=2007-03-09"),
        ("as_of=9+maart+2007", "2007-03-09", None, "as_of=2007-03-09"),
        ("as_of=2026-11-24", "2026-11-24", None, ""),
        ("as_of=2150", "2150-12-31", None, "as_of=2150-12-31"),
        ("known_at=2024-03-05", "2026-11-24", "2024-03-05T23:59:59.999999", "known_at=2024-03-05"),
        ("known_at=2024-03-05T14:30", "2026-11-24", "2024-03-05T14:30:59.999999", "known_at=2024-03-05T14:30"),
        ("known_at=2024-03-05+9:05", "2026-11-24", "2024-03-05T09:05:59.999999", "known_at=2024-03-05T09:05"),
        ("known_at=5/3/2024", "2026-11-24", "2024-03-05T23:59:59.999999", "known_at=2024-03-05"),
        ("known_at=2024", "2026-11-24", "2024-12-31T23:59:59.999999", "known_at=2024-12-31"),
        ("known_at=1600", "2026-11-24", "1600-12-31T23:59:59.999999", "known_at=1600-12-31"),
        ("known_at=2026-11-24", "2026-11-24", None, ""),  # today: now
        ("known_at=2026-11-24T11:00", "2026-11-24", "2026-11-24T11:00:59.999999", "known_at=2026-11-24T11:00"),
        ("known_at=2026-11-24T12:00", "2026-11-24", "2026-11-24T12:00:59.999999", "known_at=2026-11-24T12:00"),
        (
            "as_of=2015&known_at=2024-03-05",
            "2015-12-31",
            "2024-03-05T23:59:59.999999",
            "as_of=2015-12-31&known_at=2024-03-05",
        ),
        ("as_of=2015&as_of=2016", "2016-12-31", None, "as_of=2016-12-31"),
    ],
)
def test_the_moment_that_is_asked_for(query: str, on: str, known_at: str | None, again: str) -> None:
    moment = ask(query)
    assert moment.on.isoformat() == on
    assert moment.known_at == (at(known_at) if known_at else None)
    assert moment.problems == {}
    assert moment.query == again
    assert moment.is_now is (again == "")
    # Asking again asks the same.
    assert (ask(again).on, ask(again).known_at) == (moment.on, moment.known_at)


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("as_of", "soon", "“soon” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("as_of", "2015-02-30", "“2015-02-30” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("as_of", "0001", "The year of a date lies between 1500 and 2200."),
        ("as_of", "\x00", "Null characters are not allowed."),
        ("as_of", "1" * 50, "Ensure this value has at most 40 characters (it has 50)."),
        ("known_at", "soon", "“soon” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("known_at", "2024-03-05T25:00", "“2024-03-05T25:00” is not a time of day. Write for example 14:30."),
        ("known_at", "2024-03-05T", "“2024-03-05T” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("known_at", "T14:30", "“T14:30” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("known_at", "2027", "What the register will know later cannot be asked now. Give a moment in the past."),
        (
            "known_at",
            "2026-11-24T12:01",
            "What the register will know later cannot be asked now. Give a moment in the past.",
        ),
        (
            "known_at",
            "2026-11-25",
            "What the register will know later cannot be asked now. Give a moment in the past.",
        ),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_is_kept(name: str, typed: str, sentence: str) -> None:
    data = QueryDict(mutable=True)
    data[name] = typed
    with translation.override("en"):
        moment = moment_from(data)
    assert moment.problems == {name: sentence}
    assert moment.is_now
    assert moment.shown[name] == typed.strip()


@pytest.mark.usefixtures("today")
def test_one_that_cannot_be_read_leaves_the_other() -> None:
    moment = ask("as_of=soon&known_at=2024-03-05")
    assert (moment.on, moment.known_at) == (date(2026, 11, 24), at("2024-03-05T23:59:59.999999"))
    assert moment.shown == {"as_of": "soon", "known_at": "2024-03-05"}
    both = ask("as_of=soon&known_at=later")
    assert set(both.problems) == {"as_of", "known_at"}


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as_of=2015", "You are looking back: how it stood on 31 December 2015, as the register knows it now."),
        (
            "as_of=2030",
            "You are looking ahead: how it will stand on 31 December 2030, as far as the register knows now.",
        ),
        ("known_at=2024-03-05", "You are looking back: what the register knew on 5 March 2024."),
        ("known_at=2024-03-05T14:30", "You are looking back: what the register knew on 5 March 2024 14:30."),
        (
            "as_of=2015&known_at=2024-03-05",
            "You are looking back: how it stood on 31 December 2015, as the register knew it on 5 March 2024.",
        ),
        (
            "as_of=2030&known_at=2024-03-05",
            "You are looking ahead: how it will stand on 31 December 2030, as the register knew it on 5 March 2024.",
        ),
    ],
)
def test_the_banner_says_what_one_looks_at(query: str, sentence: str) -> None:
    with translation.override("en"):
        assert banner(moment_from(QueryDict(query)))[0] == sentence


def test_the_page_of_now_has_no_banner() -> None:
    assert banner(ask("")) == []


# --- A day --------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(make_treaty: MakeTreaty, act: MakeAct, staff: User, paper: MakePaper) -> Treaty:
    """Signed in 2015, in force since 2016, ended in 2020; with everything that has no date."""
    treaty = make_treaty(note="Later remark.", sources="https://example.org/later", parties={"NL": "", "BE-VLG": ""})
    act(treaty, ActKind.SIGNATURE, "2015-02-05", place="Terneuzen")
    act(treaty, ActKind.NOTIFICATION, "", "NL", note="")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2016-03-01")
    act(treaty, ActKind.END, "2020-06-30", number="BS 2020")
    add_number(actor=staff, treaty=treaty, number=Number(Scheme.NUMAC, "2015036482"), reason="x")
    relate(actor=staff, treaty=make_treaty(title="Wijziging"), kind=RelationKind.AMENDS, other=treaty, reason="x")
    paper(treaty, words="later")
    return treaty


LATER = ("2020", "Later remark.", "2015036482", "Wijziging", "Tekst later", "example.org/later", "date unknown")


def test_on_a_day_what_is_dated_later_is_not_there(public: Client, lived: Treaty) -> None:
    html = page(public, f"/treaties/{lived.reference}/?as_of=2017-05-06")
    assert "You are looking back: how it stood on 6 May 2017" in html
    assert "In force since 1 March 2016" in html
    assert [text for text in LATER if text in html] == []
    assert f'<a href="/treaties/{lived.reference}/">Back to now</a>' in html
    assert f"/treaties/{lived.reference}/?as_of=2017-05-06</p>" in html  # the citation cites this page
    html = page(public, f"/treaties/{lived.reference}/?as_of=2015")
    assert "Signed on 5 February 2015; no entry into force on record" in html
    assert "2016" not in html
    now = page(public, f"/treaties/{lived.reference}/")
    assert [text for text in LATER if text not in now] == []
    assert "You are looking" not in now


def test_before_anything_that_is_dated_nothing_is_claimed(public: Client, lived: Treaty) -> None:
    html = page(public, f"/treaties/{lived.reference}/?as_of=1600")
    assert "No act of this treaty is dated on or before that day" in html
    assert "In preparation" not in html
    assert "2015" not in html


def test_an_undated_signature_is_not_turned_into_a_preparation(
    public: Client, make_treaty: MakeTreaty, act: MakeAct
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.NEGOTIATION_OPENED, "2010")
    act(treaty, ActKind.SIGNATURE, "")
    assert "Signed on a date that is not known" in page(public, f"/treaties/{treaty.reference}/?as_of=2012")


def test_a_day_to_come(public: Client, make_treaty: MakeTreaty, act: MakeAct) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2015-02-05")
    act(treaty, ActKind.ENTRY_INTO_FORCE, "2190-01-01")
    address = f"/treaties/{treaty.reference}/"
    assert "Entry into force is announced for 1 January 2190." in page(public, address)
    assert "2190" not in page(public, f"{address}?as_of=2189")
    html = page(public, f"{address}?as_of=2191")
    assert "You are looking ahead" in html
    assert "In force since 1 January 2190" in html


def test_the_suggestion_of_a_day_knows_only_what_was_dated(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, staff: User
) -> None:
    treaty = make_treaty(parties={"NL": "", "BE-VLG": ""})
    rule = Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=2, source="S")
    state_clause(actor=staff, treaty=treaty, clause=rule, reason="x")
    act(treaty, ActKind.NOTIFICATION, "2008-01-15")
    act(treaty, ActKind.NOTIFICATION, "2008-06-10", "NL")
    assert "1 August 2008" in page(public, f"/treaties/{treaty.reference}/?as_of=2008-06-10")
    html = page(public, f"/treaties/{treaty.reference}/?as_of=2008-06-09")
    assert "No notification of Netherlands is known." in html
    assert "August" not in html


@pytest.mark.parametrize("query", ["as_of=soon", "known_at=soon", "known_at=2199"])
def test_a_bad_date_shows_now_and_keeps_what_was_typed(public: Client, lived: Treaty, query: str) -> None:
    html = page(public, f"/treaties/{lived.reference}/?{query}")
    name, typed = query.split("=")
    assert f'id="{name}-error"' in html
    assert f'name="{name}"' in html
    assert f'value="{typed}" aria-invalid="true"' in html
    assert "No longer in force since 30 June 2020" in html
    assert "You are looking" not in html


def test_what_was_typed_is_escaped(public: Client, lived: Treaty) -> None:
    assert SCRIPT not in page(public, f"/treaties/{lived.reference}/?as_of={SCRIPT}&known_at={SCRIPT}")


# --- What was known -----------------------------------------------------------------------------------------


@pytest.fixture
def told(make_treaty: MakeTreaty, act: MakeAct, staff: User, paper: MakePaper) -> Treaty:
    """A treaty the register came to know step by step in 2024."""
    with time_machine.travel("2024-03-01T10:00:00Z", tick=False):
        treaty = make_treaty(title="Oude titel", parties={"NL": "het Koninkrijk"}, themes=["toerisme"], note="Eerste.")
    with time_machine.travel("2024-04-01T10:00:00Z", tick=False):
        mistaken = act(treaty, ActKind.SIGNATURE, "2015-02-05", "NL", place="Terneuzen")
        paper(treaty, words="april")
    with time_machine.travel("2024-05-01T10:00:00Z", tick=False):
        record = factories.a_record(
            title="Nieuwe titel", parties={"FR": ""}, themes=["buitenlands-beleid"], note="Tweede.", kind=Kind.PROTOCOL
        )
        edit_treaty(actor=staff, treaty=treaty, record=record, version=factories.version(treaty), reason="x")
        add_number(actor=staff, treaty=treaty, number=Number(Scheme.NUMAC, "2024000001"), reason="x")
        clause = Clause(ForceRule.ON_SIGNATURE, source="mei")
        state_clause(actor=staff, treaty=treaty, clause=clause, reason="x")
    with time_machine.travel("2024-06-01T10:00:00Z", tick=False):
        retract_act(actor=staff, act=mistaken, reason="x")
        act(treaty, ActKind.SIGNATURE, "2016-01-01", "FR", place="Parijs")
        withdraw_clause(actor=staff, treaty=treaty, reason="x")
        paper(treaty, words="juni")
    return treaty


KNOWN = {
    "march": ("Oude titel", "Eerste.", "Koninkrijk", "Netherlands", "tourism"),
    "april": ("Terneuzen", "5 February 2015", "Tekst april"),
    "may": ("Nieuwe titel", "Tweede.", "France", "2024000001", "On the day of signature.", "Protocol"),
    "june": ("Parijs", "1 January 2016", "Tekst juni"),
}
WORDS = {word for words in KNOWN.values() for word in words}


def seen(html: str) -> set[str]:
    return {word for word in WORDS if word.lower() in html.lower()}


def test_the_register_tells_what_it_knew(public: Client, told: Treaty) -> None:
    address = f"/treaties/{told.reference}/?known_at="
    march, april, may = ({*KNOWN[month]} for month in ("march", "april", "may"))
    assert seen(page(public, f"{address}2024-03-15")) == march
    assert seen(page(public, f"{address}2024-04-15")) == march | april
    # The paper and the act of the Netherlands stay; its place among the parties is of the act now.
    assert seen(page(public, f"{address}2024-05-15")) == may | april | {"Netherlands"}
    assert seen(page(public, f"{address}2024-06-15")) == (may | {*KNOWN["june"]} | {"Tekst april"}) - {
        "On the day of signature."
    }


def test_all_of_a_minute_counts(public: Client, told: Treaty) -> None:
    address = f"/treaties/{told.reference}/?known_at=2024-04-01T"
    assert "Terneuzen" not in page(public, f"{address}11:59")
    # 10:00 in Greenwich is noon in Brussels.
    assert "Terneuzen" in page(public, f"{address}12:00")


def test_both_axes_are_asked_apart(public: Client, told: Treaty) -> None:
    address = f"/treaties/{told.reference}/"
    html = page(public, f"{address}?as_of=2014&known_at=2024-04-15")
    assert "Oude titel" in html
    assert "Terneuzen" not in html
    assert "No act of this treaty is dated on or before that day" in html
    html = page(public, f"{address}?as_of=2015-06-01&known_at=2024-04-15")
    assert "Terneuzen" in html
    assert "how it stood on 1 June 2015, as the register knew it on 15 April 2024" in html
    html = page(public, f"{address}?as_of=2015-06-01&known_at=2024-06-15")
    assert "Nieuwe titel" in html
    assert [word for word in ("Terneuzen", "Parijs", "Oude titel") if word in html] == []


def test_before_the_register_knew_it_there_is_no_page(public: Client, inside: Client, told: Treaty) -> None:
    for client in (public, inside):
        page(client, f"/treaties/{told.reference}/?known_at=2024-02-29", 404)
        page(client, f"/treaties/{told.reference}/?known_at=1600", 404)
        page(client, f"/treaties/{told.reference}/?known_at=2024-03-01T10:59", 404)
        page(client, f"/treaties/{told.reference}/?known_at=2024-03-01T11:00")


def test_what_was_changed_is_not_on_a_page_of_before(public: Client, told: Treaty) -> None:
    html = page(public, f"/treaties/{told.reference}/?known_at=2024-03-15")
    assert "Last changed" not in html
    assert [word for word in WORDS - {*KNOWN["march"]} if word in html] == []


def edited(staff: User, treaty: Treaty, version: int, access: Access, title: str) -> None:
    record = factories.a_record(titles=[TitleText(Language.NL, title)], access=access)
    edit_treaty(actor=staff, treaty=treaty, record=record, version=version, reason="x")


def publish(staff: User, reviewer: User, treaty: Treaty) -> None:
    request = ask_publication(actor=staff, treaty=treaty, reason="x")
    version = factories.version(treaty)
    decide_publication(actor=reviewer, request=request, verdict=PublicationVerdict.APPROVED, version=version)


def test_what_was_not_public_then_does_not_leak(
    public: Client, inside: Client, reader: User, make_treaty: MakeTreaty, staff: User, reviewer: User
) -> None:
    with time_machine.travel("2024-03-01T10:00:00Z", tick=False):
        treaty = make_treaty(title="Geheime titel", access=Access.GOVERNMENT)
    with time_machine.travel("2024-05-01T10:00:00Z", tick=False):
        edited(staff, treaty, 1, Access.GOVERNMENT, "Openbare titel")
        publish(staff, reviewer, treaty)
    address = f"/treaties/{treaty.reference}/"
    assert "Openbare titel" in page(public, f"{address}?known_at=2024-05-15")
    page(public, f"{address}?known_at=2024-04-15", 404)
    page(public, f"{address}?known_at=2024-04-15&as_of=1999", 404)
    assert "Geheime titel" in page(inside, f"{address}?known_at=2024-04-15")
    public.force_login(reader)
    page(public, f"{address}?known_at=2024-04-15", 404)


def test_what_is_not_public_now_stays_hidden(
    public: Client, inside: Client, make_treaty: MakeTreaty, staff: User, reviewer: User
) -> None:
    with time_machine.travel("2024-03-01T10:00:00Z", tick=False):
        treaty = make_treaty(title="Was openbaar")
    with time_machine.travel("2024-05-01T10:00:00Z", tick=False):
        edited(staff, treaty, 1, Access.PUBLIC, "Nu intern")
        withdraw_publication(actor=reviewer, treaty=treaty, reason="x")
    address = f"/treaties/{treaty.reference}/"
    for query in ("", "?as_of=2015", "?known_at=2024-04-15", "?known_at=soon"):
        page(public, f"{address}{query}", 404)
    assert "Was openbaar" in page(inside, f"{address}?known_at=2024-04-15")


def test_internal_papers_and_notes_stay_internal(
    public: Client, inside: Client, make_treaty: MakeTreaty, act: MakeAct, paper: MakePaper
) -> None:
    with time_machine.travel("2024-03-01T10:00:00Z", tick=False):
        treaty = make_treaty()
        paper(treaty, access=Access.GOVERNMENT, words="intern")
        act(treaty, ActKind.SIGNATURE, "2015", note="only for colleagues")
    address = f"/treaties/{treaty.reference}/?known_at=2024-04-01"
    html = page(public, address)
    assert [text for text in ("Tekst intern", "only for colleagues", "/history/") if text in html] == []
    html = page(inside, address)
    assert [text for text in ("Tekst intern", "only for colleagues") if text not in html] == []


def test_a_row_written_twice_in_one_instant_is_shown_once(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, staff: User
) -> None:
    with time_machine.travel("2024-03-01T10:00:00Z", tick=False):
        treaty = make_treaty(title="Eerst")
        edited(staff, treaty, 1, Access.PUBLIC, "Daarna")
        one = act(treaty, ActKind.SIGNATURE, "2015-02-05", place="Terneuzen")
        retract_act(actor=staff, act=one, reason="x")
    html = page(public, f"/treaties/{treaty.reference}/?known_at=2024-03-02")
    assert html.count("<h1 ") == 1
    assert "Daarna" in html
    assert [word for word in ("Eerst<", "Terneuzen") if word in html] == []


def test_the_address_in_lower_case_keeps_what_is_asked(public: Client, make_treaty: MakeTreaty) -> None:
    make_treaty(reference="TABC1234")
    response = public.get("/treaties/tabc1234/?as_of=2010&known_at=2199")
    assert response.headers["Location"] == "/treaties/TABC1234/?as_of=2010&known_at=2199"


# --- Declarations, withdrawals, versions and territories -------------------------------------------------------------


def test_a_withdrawal_that_is_dated_later_was_not_there_yet(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, state: State
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2009")
    state(treaty, DeclarationKind.RESERVATION, "NL", "2010", text="Not article 5.", withdrawn_on="2015")
    state(treaty, DeclarationKind.DECLARATION, "NL", "2020", text="Said later.")
    state(treaty, DeclarationKind.DECLARATION, "NL", "", text="Said on some day.")
    address = f"/treaties/{treaty.reference}/"
    html = page(public, f"{address}?as_of=2012")
    assert "Not article 5." in html
    assert [text for text in ("withdrawn", "2015", "Said later", "Said on some day") if text in html] == []
    assert "Not article 5." not in page(public, f"{address}?as_of=2009")
    now = page(public, address)
    assert [text for text in ("withdrawn", "2015", "Said later", "Said on some day") if text not in now] == []


def test_a_relation_with_a_date_is_there_since_that_date(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, fill_in: FillIn
) -> None:
    treaty = make_treaty()
    act(treaty, ActKind.SIGNATURE, "2009")
    fill_in(Relation(treaty=treaty, kind=RelationKind.EU_SIGNING, outside="Council Decision 2010/48"), on="2010")
    address = f"/treaties/{treaty.reference}/"
    assert "Council Decision 2010/48" in page(public, f"{address}?as_of=2011")
    assert "Council Decision 2010/48" not in page(public, f"{address}?as_of=2009")


def test_the_register_tells_what_it_knew_of_statements_territories_and_versions(
    public: Client, make_treaty: MakeTreaty, act: MakeAct, paper: MakePaper, fill_in: FillIn, state: State
) -> None:
    aruba = Party.objects.get(code="AW")
    with time_machine.travel("2150-03-01T10:00:00Z", tick=False):
        treaty = make_treaty(parties={"NL": "", "FR": "", "BE-VLG": ""})
        started = act(treaty, ActKind.ENTRY_INTO_FORCE, "2010", "NL")
        stated = state(treaty, DeclarationKind.RESERVATION, "NL", "2010", text="Not article 5.")
        first = paper(treaty, words="first")
    with time_machine.travel("2150-05-01T10:00:00Z", tick=False):
        fill_in(started, territory=aruba)
        fill_in(stated, is_retracted=True)
        fill_in(paper(treaty, words="second"), replaces=first)
    with time_machine.travel("2150-07-01T10:00:00Z", tick=False):
        before = page(public, f"/treaties/{treaty.reference}/?known_at=2150-04-01")
        after = page(public, f"/treaties/{treaty.reference}/?known_at=2150-06-01")
    assert "In force for Netherlands since 2010" in before
    assert "In force for Aruba (Netherlands) since 2010" in after
    assert ("Not article 5." in before, "Not article 5." in after) == (True, False)
    assert ("1 older version" in before, "1 older version" in after) == (False, True)


# --- Number of queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "count"), [("as_of=2020", 14), ("known_at=2150-11-24T12:30", 19)])
def test_looking_back_costs_the_same_for_1_and_for_20(
    public: Client,
    make_treaty: MakeTreaty,
    act: MakeAct,
    paper: MakePaper,
    fill_in: FillIn,
    state: State,
    staff: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    query: str,
    count: int,
) -> None:
    for n in (1, 20):
        with time_machine.travel(TODAY, tick=False):
            codes = ["NL", "FR", "DE", "LU", "CA"][: max(1, n // 4)]
            treaty = make_treaty(parties=dict.fromkeys(codes, ""), themes=["toerisme", "cultuur"][: max(1, n // 10)])
            for number in range(n):
                code = codes[number % len(codes)]
                one = act(treaty, ActKind.NOTIFICATION, f"{1990 + number}", code)
                add_number(actor=staff, treaty=treaty, number=Number(Scheme.NUMAC, f"20240000{number:02}"), reason="x")
                fill_in(one, document=paper(treaty, words=f"{n} {number}"), territory=one.party)
                state(treaty, DeclarationKind.RESERVATION, code, f"{1990 + number}")
                fill_in(Relation(treaty=treaty, kind=RelationKind.EU_SIGNING, outside=f"D{number}"), on="2010")
            fill_in(treaty, depositary=one.party)
            fill_in(treaty.party_links.first(), territory=one.party)
            state_clause(actor=staff, treaty=treaty, clause=Clause(ForceRule.ON_SIGNATURE, source="S"), reason="x")
        # Later than the reference data were loaded, on whatever day the tests run.
        with time_machine.travel("2150-11-24T13:00:00+01:00", tick=False), django_assert_num_queries(count):
            page(public, f"/treaties/{treaty.reference}/?{query}")
