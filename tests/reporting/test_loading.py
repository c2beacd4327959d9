"""The obligations that come with the register: what the file says, once, and with its source."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from pytest_django import DjangoDbBlocker

from audit.models import Change
from reporting import loading
from reporting.models import Obligation, Report
from treaties.choices import Status
from treaties.models import Treaty
from treaties.status import derive
from workflow.loading import cases
from workflow.loading.reading import FixtureError

SMALL = """
case = "test"
[sources]
S1 = "https://example.org/"
[[obligations]]
reference = "R0000000"
treaty = "TGCDFWJA"
body_nl = "Een comité"
cycle_years = 4
source = "S1"
[[obligations.reports]]
label = "1"
report_submitted = "2019"
dialogue_from = "2020-03"
source = "S1"
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[loading.Count]:
    """The treaties and the obligations, loaded once for this module and rolled back after it."""
    folder = tmp_path_factory.mktemp("cases")
    name = "c23-mensenrechtenverdragen.toml"
    (folder / name).write_text((cases.FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    with django_db_blocker.unblock(), transaction.atomic():
        cases.load(folder)
        yield loading.load()
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


def report(treaty: str, label: str) -> Report:
    return Report.objects.get(obligation__treaty__reference=treaty, label=label)


def test_what_the_sources_say(loaded: loading.Count) -> None:
    assert loaded == loading.Count(loaded=6, present=0)
    child = Obligation.objects.get(treaty__reference="TGCDFWJA")
    assert (child.cycle_years, child.coordinator[-6:], child.reports.count()) == (5, "(NCRK)", 0)
    disability = Obligation.objects.get(treaty__reference="T3Q547T8")
    assert (disability.first_due_months, disability.first_due_from, disability.cycle_years) == (
        24,
        "ratification",
        None,
    )
    first = report("T3Q547T8", "1")
    assert (first.report_submitted.iso, first.dialogue_from.iso) == ("2011", "2014-09")
    # Announced, so due; that it was submitted stands in no source.
    assert (report("T3Q547T8", "2-3").report_due.iso, report("T3Q547T8", "2-3").report_submitted.iso) == ("2019", "")
    seventh, eighth = report("TVBFR18V", "7"), report("TVBFR18V", "8")
    assert (seventh.report_submitted.iso, seventh.dialogue_from.iso, eighth.report_due.iso) == (
        "2012-10",
        "2014-10",
        "2020",
    )
    dialogue = Report.objects.get(obligation__treaty__reference="TAMGJ0Y5")
    assert (dialogue.dialogue_from.iso, dialogue.dialogue_to.iso) == ("2019-10-15", "2019-10-16")
    assert dialogue.observations_on.iso == ""


def test_that_belgium_is_party_is_no_preparation() -> None:
    for treaty in Treaty.objects.filter(reporting_obligations__isnull=False):
        assert derive(treaty.acts.all(), date(2026, 3, 10)).status == Status.UNKNOWN


def test_political_commitments_have_no_treaty() -> None:
    assert set(Obligation.objects.filter(treaty=None).values_list("is_political", "cycle_years")) == {
        (True, None),
        (True, 5),
    }


def test_everything_has_its_source_and_one_change_by_the_register() -> None:
    assert not Obligation.objects.exclude(source__startswith="https://").exists()
    assert not Report.objects.exclude(source__startswith="https://").exists()
    change = Change.objects.get(reason__startswith="fixtures/reporting: ")
    assert change.actor.username == "register"


def test_a_second_time_writes_nothing() -> None:
    before = Change.objects.count(), Report.history.count()
    assert loading.load() == loading.Count(loaded=0, present=6)
    assert (Change.objects.count(), Report.history.count()) == before


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("cycle_years = 4", "cycle = 4", "obligations 1: the key “cycle” is not known here."),
        ("cycle_years = 4", 'cycle_years = "4"', "“cycle_years” should be a whole number"),
        ("cycle_years = 4", "cycle_years = 0", "Give a number of years from 1 to 50."),
        ("cycle_years = 4", "is_political = 1", "“is_political” should be true or false"),
        ('treaty = "TGCDFWJA"', 'treaty = "T0000000"', "there is no treaty “T0000000”"),
        ('treaty = "TGCDFWJA"', "", "Name the treaty, or say that the commitment is political."),
        ('"R0000000"', '"T0000000"', "“T0000000” is not a reference"),
        ('dialogue_from = "2020-03"', 'dialogue_from = "2018"', "reports 1: The dialogue cannot come before"),
        (
            'report_submitted = "2019"',
            'report_submitted = "soon"',
            "“report_submitted” is “soon”, which",
        ),
        ('label = "1"\n', "", "“label” should be a text."),
        ('source = "S1"\n[[', 'source = "S2"\n[[', "the source “S2” is not among the sources of this file."),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(tmp_path: Path, good: str, bad: str, said: str) -> None:
    assert good in SMALL
    (tmp_path / "small.toml").write_text(SMALL.replace(good, bad), encoding="utf-8")
    with pytest.raises(FixtureError) as error:
        loading.load(tmp_path)
    assert str(error.value).startswith("small.toml")
    assert said in str(error.value)
    assert not Obligation.objects.filter(reference="R0000000").exists()


def test_a_small_file_loads(undone: None, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    assert loading.load(tmp_path) == loading.Count(loaded=1, present=0)
    assert Report.objects.get(obligation__reference="R0000000").dialogue_from.iso == "2020-03"


def test_the_command_counts_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("load_reporting")
    assert capsys.readouterr().out == "reporting obligations: 0 loaded, 6 already there\n"

    def fail() -> loading.Count:
        raise FixtureError("a.toml: wrong.")

    monkeypatch.setattr(loading, "load", fail)
    with pytest.raises(CommandError, match=r"a\.toml: wrong\."):
        call_command("load_reporting")
