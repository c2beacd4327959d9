"""`manage.py replay`: what lists show of a dossier is what its events say."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import Change
from workflow.management.commands import replay
from workflow.models import Dossier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
Open = Callable[..., Dossier]
Go = Callable[..., Dossier]


def run(*options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("replay", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def wrong(make_dossier: Open, advance: Go) -> Dossier:
    """A dossier whose row says something else than its events."""
    dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": "within_delegation"})
    Dossier.objects.filter(pk=dossier.pk).update(stage="assent", awaited="")
    return dossier


@pytest.mark.parametrize("options", [(), ("--check",), ("--repair",)])
def test_rows_that_agree(options: tuple[str, ...], make_dossier: Open) -> None:
    make_dossier("mou")
    changes = Change.objects.count()
    assert run(*options) == ("All dossiers agree with their events.\n", "")
    assert Change.objects.count() == changes


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_each_column_that_differs_is_named_with_both_values(
    options: tuple[str, ...], wrong: Dossier, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match=r"^1 dossier\(s\) differ from their events\.$"):
        call_command("replay", *options)
    assert capsys.readouterr().out.splitlines() == [
        f"{wrong.reference} stage: kept assent, events say signing",
        f"{wrong.reference} awaited: kept nothing, events say government",
    ]
    wrong.refresh_from_db()
    assert wrong.stage == "assent"


def test_repair_writes_what_the_events_say(wrong: Dossier) -> None:
    out, _err = run("--repair")
    assert out.endswith("1 dossier(s) repaired.\n")
    wrong.refresh_from_db()
    assert (wrong.stage, wrong.awaited) == ("signing", "government")
    assert wrong.history.first().history_change_reason == "replay"
    assert run()[0] == "All dossiers agree with their events.\n"


def test_some_at_a_time_and_how_far(make_dossier: Open, monkeypatch: pytest.MonkeyPatch, staff: User) -> None:
    monkeypatch.setattr(replay, "AT_ONCE", 2)
    for number in range(5):
        make_dossier("mou", title=f"Memorandum {number}")
    assert [dossier.pk for dossier in replay._dossiers()] == sorted(Dossier.objects.values_list("pk", flat=True))
    out, err = run("--progress")
    assert out == "All dossiers agree with their events.\n"
    assert err.replace("\r", "\n").splitlines()[-1] == "5 of 5 dossiers"
    assert run()[1] == ""
