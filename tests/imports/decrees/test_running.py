"""The whole import on small files: what it writes, recognises, refuses and leaves; a second time is nothing."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from accounts.actions import service_account
from accounts.models import User
from audit.models import Change
from audit.refusals import Refused
from imports.decrees import reading
from imports.decrees.running import Result, run
from tests.imports.decrees.rows import CLUSTER, ELI, INTRA, KOREA, row, write
from treaties.actions import Record, TitleText, record_act, register_treaty
from treaties.choices import ActKind, Kind, Language, Qualification
from treaties.dates import PartialDate
from treaties.models import Act, SearchDocument, Treaty
from workflow.actions import open_dossier
from workflow.choices import Origin
from workflow.loading import cases
from workflow.models import Dossier, Event
from workflow.queries import copies

pytestmark = pytest.mark.django_db
SAMPLE = os.environ.get("SAMPLE_DATA", "")
DUBLIN = {"signed_on": "2008-05-30", "place": "Dublin", "signed_basis": "opgemaakt"}
SEOUL = {
    "signed_on": "2010-05-10",
    "place": "Brussel",
    "signed_basis": "ondertekend",
    "laterality": "mixed-eu",
    "kind": "agreement",
    "counterparty_text": "de Republiek Korea",
}


@pytest.fixture(autouse=True)
def _in_english(_in_dutch: None) -> None:
    translation.activate("en")


def load(
    tmp_path: Path,
    *rows: dict[str, str],
    actor: User | None = None,
    dry: bool = False,
    answers: dict[frozenset[str], bool] | None = None,
) -> Result:
    sheet = reading.read(write(tmp_path / "decrees.csv", rows))
    return run(sheet, answers or {}, actor=actor or service_account(), dry=dry)


def events(dossier: Dossier) -> list[tuple[str, str, str, str]]:
    return [
        (event.step, event.outcome, event.entity.code if event.entity else "", event.when.iso)
        for event in dossier.events.order_by("on", "pk")
    ]


def test_a_treaty_with_its_dossier_and_the_assents_of_others(tmp_path: Path) -> None:
    walloon = {"entity": "walloon", "decree_date": "2011-10-20", "published_on": "2011-11-09"}
    result = load(
        tmp_path,
        row("2011035001", KOREA, **SEOUL, decree_date="2011-07-15", published_on="2011-08-19"),
        row("2011205001", KOREA, **SEOUL, **walloon),
        row("2011205002", KOREA, **SEOUL, **walloon, art138="yes"),
        row("2011029001", KOREA, **SEOUL, entity="french-community", decree_date="2011-12-01", published_on=""),
    )
    treaty = Treaty.objects.get()
    assert treaty.title == (
        "Kaderovereenkomst tussen de Europese Unie en haar lidstaten, enerzijds, en de Republiek Korea, anderzijds"
    )
    assert (treaty.kind, treaty.qualification, treaty.access) == ("agreement", "eu_mixed", "public")
    assert {link.party.code: link.named_as for link in treaty.party_links.all()} == {
        "X-EU": "Europese Unie",
        "KR": "de Republiek Korea",
    }
    numbers = set(treaty.identifiers.values_list("scheme", "value", "note"))
    assert ("numac", "2011035001", "Vlaams decreet van 15 juli 2011") in numbers
    whose = "decreet van het Waalse Gewest (artikel 138 van de Grondwet) van 20 oktober 2011"
    assert ("eli", f"{ELI}2011/10/20/2011205002", whose) in numbers
    assert len(numbers) == 8
    dossier = Dossier.objects.get()
    assert (dossier.origin, dossier.procedure_code) == (Origin.RECONSTRUCTED, "eu_mixed")
    assert events(dossier) == [
        ("signature", "", "", "2010-05-10"),
        ("sanction_and_promulgation", "approved", "", "2011-07-15"),
        ("decree_published", "", "", "2011-08-19"),
        ("assent_of_entity", "assented", "BE-WAL", "2011-10-20"),
        ("assent_of_entity", "assented", "BE-WAL", "2011-10-20"),
        ("assent_of_entity", "published", "BE-WAL", "2011-11-09"),
        ("assent_of_entity", "published", "BE-WAL", "2011-11-09"),
        ("assent_of_entity", "assented", "X-BE-FG", "2011-12-01"),
    ]
    assert dict(dossier.entity_links.values_list("entity__code", "acts")) == {"BE-WAL": 2, "X-BE-FG": 1}
    assert {line.outcome for line in result.lines} == {"assent_event"}
    assert SearchDocument.objects.get().signed_on == date(2010, 5, 10)
    # What lists keep of the dossier is what its events say.
    assert {name: getattr(dossier, name) for name in copies(dossier)} == copies(dossier)


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    rows = [
        row("2009035677", CLUSTER, **DUBLIN),
        row("2009205533", CLUSTER, **DUBLIN, entity="walloon", decree_date="2009-11-26"),
        row("2012205534", f"{KOREA} ", **SEOUL, entity="walloon", decree_date="2012-11-26"),
    ]
    load(tmp_path, *rows)
    before = (Change.objects.count(), Event.objects.count(), Act.objects.count(), Treaty.objects.count())
    result = load(tmp_path, *rows)
    assert not any(plan.writes for plan in result.plans)
    assert (Change.objects.count(), Event.objects.count(), Act.objects.count(), Treaty.objects.count()) == before
    assert {line.detail.split(":")[0] for line in result.lines} == {"Already there"}


def test_one_change_with_the_file_and_its_hash(tmp_path: Path, administrator: User) -> None:
    load(tmp_path, row("2009035677", CLUSTER, **DUBLIN), actor=administrator)
    change = Change.objects.get(action="import.confirm")
    assert change.actor == administrator
    assert change.reason.startswith("Instemmingsdecreten: decrees.csv, SHA-256 ")


def test_an_instrument_without_a_flemish_decree_has_no_dossier(tmp_path: Path) -> None:
    result = load(tmp_path, row("2009205533", CLUSTER, **DUBLIN, entity="walloon"))
    assert not Dossier.objects.exists()
    acts = {(act.kind, act.party.code if act.party else "", act.when.iso) for act in Act.objects.all()}
    assert acts == {
        ("adoption", "", "2008-05-30"),
        ("assent", "BE-WAL", "2009-05-08"),
        ("decree_publication", "BE-WAL", "2009-08-03"),
    }
    assert [line.outcome for line in result.lines] == ["assent_act"]


def test_what_is_no_treaty_is_told_and_left(tmp_path: Path) -> None:
    result = load(
        tmp_path,
        row("2013036094", INTRA, intra_belgian="yes"),
        row("2013036095", INTRA),
        row("2013203909", "Decreet houdende instemming met", title_truncated="yes"),
        row("2013203910", CLUSTER, entity="brussels"),
        row("12", CLUSTER),
    )
    assert not Treaty.objects.exists()
    assert [line.outcome for line in result.lines] == ["left_out", "refused", "refused", "refused", "refused"]
    assert all(line.remedy for line in result.lines if line.outcome == "refused")


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path: Path) -> None:
    result = load(tmp_path, row("2009035677", CLUSTER, **DUBLIN), dry=True)
    assert not Treaty.objects.exists()
    assert not Change.objects.filter(action="import.confirm").exists()
    assert [(line.outcome, line.treaty) for line in result.lines] == [("assent_event", "new")]


def test_all_or_nothing(tmp_path: Path, staff: User) -> None:
    """Who may not transcribe what the Government decided is refused, and not even the first treaty stays."""
    with pytest.raises(Refused):
        load(
            tmp_path,
            row("2009205533", KOREA, **SEOUL, entity="walloon"),
            row("2009035677", CLUSTER, **DUBLIN),
            actor=staff,
        )
    assert not Treaty.objects.exists()


def test_treaties_of_the_register_are_recognised_and_completed(tmp_path: Path) -> None:
    """By a decree's day and title; by the days of an assent and of the treaty; those of a package by their titles."""
    cases.load()
    before = set(Treaty.objects.values_list("reference", flat=True))
    arms = "Decreet houdende instemming met het Verdrag inzake de Wapenhandel, gedaan te New York op 2 april 2013 (1)"
    between = "het verdrag tussen het Vlaams Gewest en het Koninkrijk der Nederlanden"
    signed = "ondertekend in Middelburg op 21 december 2005"
    scheldt = (
        f"Decreet houdende instemming met {between} inzake de beëindiging van de onderlinge koppeling van de "
        f"loodsgeldtarieven, {signed}, {between} inzake het gemeenschappelijk nautisch beheer, {signed}"
    )
    load(
        tmp_path,
        row("2009035677", CLUSTER, **DUBLIN),
        row(
            "2013027259",
            arms,
            entity="walloon",
            decree_date="2013-11-28",
            published_on="2013-12-05",
            signed_on="2013-04-02",
        ),
        row("2008202563", scheldt, decree_date="2007-03-09", published_on="2008-09-12"),
    )
    assert set(Treaty.objects.values_list("reference", flat=True)) == before
    cluster = Treaty.objects.get(reference="T2130PCB")
    assert cluster.identifiers.filter(value="2009035677").exists()
    assert cluster.acts.filter(kind=ActKind.DECREE).count() == 1
    assert Event.objects.filter(step="assent_of_entity", outcome="published", entity__code="BE-WAL").count() == 1
    tariffs = Event.objects.get(step="sanction_and_promulgation", treaty__reference="TXNNF74F")
    assert (tariffs.when.iso, tariffs.dossier.reference) == ("2007-03-09", "DWYGME55")


def _registered(title: str, when: PartialDate | None = None) -> Treaty:
    actor = service_account()
    record = Record(kind=Kind.CONVENTION, titles=[TitleText(Language.NL, title)], qualification=Qualification.MIXED)
    treaty = register_treaty(actor=actor, record=record, reason="test")
    if when:
        record_act(actor=actor, treaty=treaty, kind=ActKind.SIGNATURE, when=when, reason="test")
    return treaty


def test_a_live_dossier_is_not_touched(tmp_path: Path, staff: User) -> None:
    treaty = _registered("Verdrag inzake clustermunitie")
    open_dossier(actor=staff, treaty=treaty, procedure="mixed", reason="test")
    result = load(tmp_path, row("2009035677", CLUSTER, **DUBLIN))
    assert not treaty.identifiers.exists()
    assert not Event.objects.exists()
    assert [line.outcome for line in result.lines] == ["refused"]


def test_a_treaty_that_may_be_there_is_asked_and_held_back(tmp_path: Path) -> None:
    treaty = _registered("Verdrag inzake munitie van mijnen en granaten", PartialDate(date(2008, 5, 30)))
    decree = row("2009035677", "Decreet houdende instemming met het Verdrag inzake munitie van clusters", **DUBLIN)
    (line,) = load(tmp_path, decree).lines
    assert (line.outcome, line.other) == ("question", treaty.reference)
    assert Treaty.objects.count() == 1
    pair = frozenset((decree["eli"], treaty.reference))
    (line,) = load(tmp_path, decree, answers={pair: True}).lines
    assert (line.outcome, line.treaty) == ("assent_event", treaty.reference)


def test_what_contradicts_the_register_is_told_and_not_written(tmp_path: Path) -> None:
    rows = [row("2009035677", CLUSTER, **DUBLIN)]
    load(tmp_path, *rows)
    later = row("2009035677", CLUSTER, **DUBLIN, published_on="2009-08-04")
    (line,) = load(tmp_path, later).lines
    assert "The gazette published the Flemish decree on 04-08-2009; the register has another day." in line.detail
    assert Event.objects.filter(step="decree_published").count() == 1


@pytest.mark.skipif(not SAMPLE, reason="SAMPLE_DATA is not set")
def test_every_flemish_decree_that_names_its_treaty_is_an_assent_event() -> None:
    cases.load()
    sheet = reading.read(Path(SAMPLE) / "assent-decrees.csv")
    result = run(sheet, {}, actor=service_account(), dry=True)
    outcomes = {decree.eli: line.outcome for decree, line in zip(sheet.decrees, result.lines, strict=False)}
    flemish = [decree for decree in sheet.decrees if decree.entity == "flemish" and not decree.is_intra_belgian]
    assert {outcomes[decree.eli] for decree in flemish if not decree.is_cut} == {"assent_event"}
    assert {outcomes[decree.eli] for decree in flemish if decree.is_cut} == {"refused"}
    assert {outcomes[decree.eli] for decree in sheet.decrees if decree.is_intra_belgian} == {"left_out"}
    assert sheet.bad == ()
