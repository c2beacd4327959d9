"""The real treaties: what the files say is what the register holds, once, and with its source."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from audit.models import Change
from treaties.choices import Access, ActKind, Precision, RelationKind, Scheme, Stage, Status
from treaties.models import Act, Identifier, Relation, Treaty
from treaties.status import derive
from workflow.choices import Origin
from workflow.engine import Assessment
from workflow.held import held
from workflow.loading import cases
from workflow.loading.reading import FixtureError
from workflow.models import Dossier, Event
from workflow.queries import assessment, with_procedure

NVAO, TERNEUZEN, GRENSLEIE, CULTURE = "T11QV20E", "T16D35YR", "TYPVW7A9", "TJ4Q8BKP"
LISBON, CETA, ARMS, SCHELDT = "TXVV0MR8", "T66ADFDT", "TSSWKRNA", "TVVYEP7B"
SMALL = """
case = "test"
[sources]
S1 = "https://example.org/"
[[treaties]]
reference = "T0000000"
kind = "treaty"
qualification = "exclusive_region"
access = "public"
themes = ["cultuur"]
parties = { NL = "" }
titles = [{ language = "nl", kind = "short", text = "Een verdrag" }]
[treaties.dossier]
reference = "D0000000"
procedure = "exclusive"
despite = "Earlier steps are not in the source."
[[treaties.dossier.events]]
step = "signature"
date = 2020-02-03
source = "S1"
"""

# The mark makes pytest-django prepare the test database.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[cases.Count]:
    """Every case, loaded once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield cases.load()
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper() -> None:
    """Not a transaction per test, as pytest-django's: the one of the module holds."""


@pytest.fixture
def undone() -> Iterator[None]:
    """What the test writes is taken back after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def treaty(reference: str) -> Treaty:
    return Treaty.objects.get(reference=reference)


def status(reference: str) -> Status:
    one = treaty(reference)
    return derive(one.acts.all(), timezone.localdate(), is_treaty=one.is_treaty).status


def assessed(reference: str) -> Assessment:
    return assessment(with_procedure(Dossier.objects.filter(treaty__reference=reference)).get())


def required(reference: str) -> dict[str, int]:
    return held(with_procedure(Dossier.objects.filter(treaty__reference=reference)).get()).entities


def dates(reference: str, step: str) -> list[str]:
    events = Event.objects.filter(dossier__treaty__reference=reference, step=step)
    return sorted(event.when.iso for event in events)


def acts(reference: str, kind: ActKind) -> list[str]:
    found = Act.objects.filter(treaty__reference=reference, kind=kind, is_retracted=False)
    return sorted(act.when.iso for act in found)


def test_every_case_is_there(loaded: cases.Count) -> None:
    names = {tomllib.loads(path.read_text())["case"].split()[0] for path in cases.FOLDER.glob("*.toml")}
    assert names == {"C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9", "C11", "C15", "C19", "C22", "C23"}
    assert loaded == cases.Count(loaded=25, present=0)
    assert Treaty.objects.count() == 25
    assert Dossier.objects.count() == 13


def test_all_of_it_is_public_real_and_reconstructed() -> None:
    assert set(Treaty.objects.values_list("access", "is_demo")) == {(Access.PUBLIC, False)}
    assert set(Dossier.objects.values_list("origin", "is_demo")) == {(Origin.RECONSTRUCTED, False)}


def test_every_fact_has_its_source() -> None:
    for model in (Event, Act, Identifier, Relation):
        assert model.objects.exists()
        assert not model.objects.filter(source="").exists()
    assert not Treaty.objects.filter(sources="").exists()
    without_address = Event.objects.exclude(source__startswith="http")
    assert [event.source[:12] for event in without_address] == ["Departement "]


def test_once_per_file_a_change_by_the_register_itself() -> None:
    changes = Change.objects.filter(reason__startswith="fixtures/cases: ")
    assert changes.count() == 13
    assert {change.actor.username for change in changes} == {"register"}


def test_every_row_says_what_its_events_say(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("replay")
    assert capsys.readouterr().out == "All dossiers agree with their events.\n"


def test_a_second_time_writes_nothing() -> None:
    before = Change.objects.count(), Event.objects.count(), Act.history.count()
    assert cases.load() == cases.Count(loaded=0, present=25)
    assert (Change.objects.count(), Event.objects.count(), Act.history.count()) == before


def test_scheldt_treaties_are_a_package_prepared_by_two_memoranda() -> None:
    package = Relation.objects.filter(kind=RelationKind.PACKAGE)
    assert {one for pair in package.values_list("treaty__reference", "other__reference") for one in pair} == {
        "TXNNF74F",
        "TMTCKNYW",
        "THQMQZFV",
        SCHELDT,
    }
    assert package.count() == 6
    prepared = Relation.objects.filter(kind=RelationKind.PRECEDED_BY, treaty__reference=SCHELDT)
    signed = Act.objects.filter(treaty__in=prepared.values("other"), kind=ActKind.SIGNATURE)
    assert {(act.place, act.on) for act in signed} == {
        ("Kallo", date(2001, 2, 5)),
        ("Den Haag", date(2005, 3, 11)),
    }
    assert acts(SCHELDT, ActKind.DECREE) == ["2007-03-09"]
    assert acts(SCHELDT, ActKind.RATIFICATION) == ["2008-07-18"]
    assert acts(SCHELDT, ActKind.NOTIFICATION) == [""]
    numbers = treaty(SCHELDT).identifiers.filter(scheme=Scheme.NUMAC).values_list("value", flat=True)
    assert set(numbers) == {"2008203092", "2008036057"}
    assert status(SCHELDT) == Status.IN_FORCE


def test_the_four_scheldt_treaties_go_through_one_dossier() -> None:
    dossier = with_procedure(Dossier.objects.filter(reference="DWYGME55")).get()
    four = [one.reference for one in dossier.treaties]
    assert four == ["TXNNF74F", "TMTCKNYW", "THQMQZFV", SCHELDT]
    assert Dossier.objects.filter(treaty__reference__in=four).count() == 1
    for reference in four:
        assert acts(reference, ActKind.SIGNATURE) == ["2005-12-21"]
        assert acts(reference, ActKind.ASSENT) == [""]
        assert acts(reference, ActKind.ENTRY_INTO_FORCE) == ["2008-10-01"]
        assert treaty(reference).identifiers.filter(scheme=Scheme.NUMAC, value="2008036057").exists()
    vote = dossier.events.get(step="plenary_vote")
    assert (vote.treaty, vote.acts.count()) == (None, 4)
    # Of the decree and the ratification the sources give those of one treaty only.
    decree = dossier.events.get(step="sanction_and_promulgation")
    assert (decree.treaty, decree.acts.count()) == (treaty(SCHELDT), 1)
    assert [acts(reference, ActKind.DECREE) for reference in four] == [[], [], [], ["2007-03-09"]]
    now = assessment(dossier)
    assert now.report("plenary_vote").missing_treaties == ()
    assert now.report("sanction_and_promulgation").missing_treaties == ("THQMQZFV", "TMTCKNYW", "TXNNF74F")


def test_nvao_is_amended_by_a_protocol_signed_on_two_days() -> None:
    amends = Relation.objects.get(kind=RelationKind.AMENDS)
    assert amends.other == treaty(NVAO)
    assert dates(amends.treaty.reference, "signature") == ["2012-12-12", "2013-01-16"]
    schemes = {(number.scheme, number.value) for number in treaty(NVAO).identifiers.all()}
    assert schemes == {("trb", "2003, 167"), ("numac", "2004035769"), ("numac", "2004036685")}
    assert dates(NVAO, "advice_received") == [""]
    assert status(NVAO) == Status.SIGNED


def test_cultural_treaty_keeps_the_stated_day_and_says_that_it_deviates() -> None:
    deviations = assessed(CULTURE).deviations
    assert [(one.fact.step, one.need.code, one.before.when.iso) for one in deviations] == [
        ("entry_into_force", "partner_notified", "1997-01-27")
    ]
    event = Event.objects.get(dossier__treaty__reference=CULTURE, step="entry_into_force")
    assert event.when.iso == "1996-07-01"
    assert "partner_notified" in event.despite
    assert "27 januari 1997" in event.despite_reason
    assert treaty(CULTURE).territory == "Voor Nederland: Nederland en Aruba"


def test_terneuzen_is_in_force_since_the_first_of_march() -> None:
    one = treaty(TERNEUZEN)
    standing = derive(one.acts.all(), timezone.localdate())
    assert (standing.status, standing.since and standing.since.on) == (Status.IN_FORCE, date(2016, 3, 1))
    assert derive(one.acts.all(), date(2016, 2, 29)).status == Status.SIGNED
    assert assessed(TERNEUZEN).stage == Stage.DONE
    assert one.search.status == Status.IN_FORCE


def test_grensleie_has_dates_as_precise_as_the_source() -> None:
    events = {
        event.step: (event.when.iso, event.precision)
        for event in Event.objects.filter(dossier__treaty__reference=GRENSLEIE)
    }
    assert events["mandate"] == ("2016-10", Precision.MONTH)
    assert events["consent_to_sign"] == ("2018-04-27", Precision.DAY)
    assert events["plenary_vote"] == ("2019", Precision.YEAR)
    assert events["council_of_state_advice"] == ("", Precision.UNKNOWN)
    assert set(treaty(GRENSLEIE).party_links.values_list("party__code", flat=True)) == {"FR", "BE-VLG", "BE-WAL"}
    assert assessed(GRENSLEIE).deviations == ()


@pytest.mark.parametrize(
    ("reference", "decree", "published", "in_force"),
    [
        ("TJYW57M4", "2007-12-21", "2008-02-06", []),
        ("T2130PCB", "2009-05-08", "2009-08-03", ["2010-08-01"]),
        ("T81KMG82", "2013-05-31", "2013-07-03", ["2016-02-01"]),
        (ARMS, "2014-04-25", "2014-08-19", []),
        (TERNEUZEN, "2015-11-13", "2015-12-02", ["2016-03-01"]),
        (GRENSLEIE, "2019-05-03", "2019-05-28", ["2021-07-27"]),
    ],
)
def test_decrees(reference: str, decree: str, published: str, in_force: list[str]) -> None:
    assert dates(reference, "sanction_and_promulgation") == [decree]
    assert dates(reference, "decree_published") == [published]
    assert dates(reference, "entry_into_force") == in_force


def test_parliamentary_documents_of_the_protocol_of_strasbourg() -> None:
    numbers = treaty("TJYW57M4").identifiers.filter(scheme=Scheme.PARLIAMENT).values_list("value", flat=True)
    assert sorted(numbers) == [f"1384 (2007-2008) nr. {number}" for number in (1, 2, 3)]


def test_lisbon_has_eight_assents_and_nobody_missing() -> None:
    assert treaty(LISBON).acts.filter(kind=ActKind.ASSENT).count() == 8
    report = assessed(LISBON).report("assent_of_entity")
    assert len(report.facts) == 7
    assert report.missing_entities == ()
    federal = Event.objects.filter(dossier__treaty__reference=LISBON, entity__code="X-BE-FED")
    assert {(event.when.iso, event.note) for event in federal} == {
        ("2008-03-06", "Senaat"),
        ("2008-04-10", "Kamer van volksvertegenwoordigers"),
    }
    # Both chambers of the federal parliament assented, each with an act of its own.
    assert required(LISBON) == {
        "X-BE-FED": 2,
        "BE-WAL": 1,
        "X-BE-DG": 1,
        "X-BE-FG": 1,
        "BE-BRU": 1,
        "X-BE-GGC": 1,
    }


def test_arms_trade_treaty_requires_the_federal_state_and_the_other_regions() -> None:
    dossier = Dossier.objects.get(treaty__reference=ARMS)
    assert required(ARMS) == {"X-BE-FED": 1, "BE-WAL": 1, "BE-BRU": 1}
    assert all(link.reason and link.source for link in dossier.entity_links.all())
    assert assessed(ARMS).report("ratification").blockers == ()


def test_ceta_is_applied_provisionally_while_its_decree_is_awaited() -> None:
    assert status(CETA) == Status.PROVISIONAL
    assert assessed(CETA).stage == Stage.PROMULGATION
    assert dates(CETA, "committee_report") == ["2018-05"]
    assert treaty(CETA).identifiers.get(scheme=Scheme.COUNCIL_OF_STATE).value == "62.109/1"
    assert assessed(CETA).deadlines == ()


def test_programme_is_under_its_agreement() -> None:
    relation = Relation.objects.get(kind=RelationKind.UNDER)
    assert (str(relation.treaty.search.status), relation.other.acts.get().when.iso) == (Status.SIGNED, "1989")


def refusal(tmp_path: Path, text: str) -> str:
    (tmp_path / "small.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FixtureError) as error:
        cases.load(tmp_path)
    return str(error.value)


def test_a_small_file_loads(undone: None, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    assert cases.load(tmp_path) == cases.Count(loaded=1, present=0)


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('kind = "treaty"', 'kind = "treaty"\ncolour = "red"', "treaties 1: the key “colour” is not known here."),
        ('step = "signature"', 'step = "ratification"', "the procedure “exclusive” has no step “ratification”."),
        ('procedure = "exclusive"', 'procedure = "federal"', "there is no procedure “federal”."),
        ('["cultuur"]', '["poëzie"]', "there is no theme “poëzie”"),
        ('{ NL = "" }', '{ XQ = "" }', "there is no party “XQ”"),
        ('source = "S1"', 'source = "S2"', "the source “S2” is not among the sources of this file."),
        ('source = "S1"', "", "“source” is missing"),
        ("date = 2020-02-03", 'date = "spring"', "“date” is “spring”, which is not a date."),
        ("date = 2020-02-03", "date = 2999-01-01", "events 1: This date lies in the future"),
        ('kind = "treaty"', 'kind = "pact"', "“kind” is “pact”, which is none of treaty,"),
        ('reference = "T0000000"', 'reference = "T000000U"', "“T000000U” is not a reference"),
        ("[sources]", "[sources", "this is not a TOML file"),
        ('despite = "Earlier steps are not in the source."', "", "“despite” should be a text."),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(tmp_path: Path, good: str, bad: str, said: str) -> None:
    assert good in SMALL
    answer = refusal(tmp_path, SMALL.replace(good, bad))
    assert answer.startswith("small.toml")
    assert said in answer
    assert not Treaty.objects.filter(reference="T0000000").exists()


def test_the_command_counts_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("load_cases")
    assert capsys.readouterr().out == "treaties: 0 loaded, 25 already there\n"

    def fail() -> cases.Count:
        raise FixtureError("a.toml: wrong.")

    monkeypatch.setattr(cases, "load", fail)
    with pytest.raises(CommandError, match=r"a\.toml: wrong\."):
        call_command("load_cases")
