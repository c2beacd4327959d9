"""An event under embargo is known inside, and nothing of it outside, until it is released: once."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from imports.exchange.export import export
from tests import factories
from treaties.actions import Number, add_number
from treaties.choices import Access, DocumentKind, Language, PublicationVerdict, Stage
from treaties.dates import PartialDate
from treaties.models import Act, PublicationOutcome, SearchDocument, Treaty
from treaties.publishing_actions import ask_publication, decide_publication
from workflow import actions, queries
from workflow.guards import Happening
from workflow.models import Dossier, Event, EventAct, EventRelease

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def outside(dossier: Dossier) -> dict[str, bytes]:
    """Every page and file that tells of the treaty to somebody who is not logged in."""
    treaty, client = dossier.treaty, Client()
    stages = "".join(f"&stage={stage.value}" for stage in Stage)
    addresses = [
        treaty.get_absolute_url(),
        f"{treaty.get_absolute_url()}?as_of=2030-01-01",
        f"/treaties/{treaty.reference}/sheet/",
        "/",
        "/treaties/",
        f"/treaties/?q=Verdrag{stages}",
        "/treaties/?order=changed",
        "/treaties.csv",
        "/treaties.json",
        "/countries/NL/",
        "/themes/buitenlands-beleid/",
        "/treaties/suggest/?q=Brugge",
    ]
    found = {}
    for address in addresses:
        response = client.get(address)
        body = b"".join(response)
        found[address] = _without_tokens(body)
    return found


def differing(now: dict[str, bytes], before: dict[str, bytes]) -> list[str]:
    """The lines that were not there before, with their address."""
    return [
        f"{address}: {line!r}"
        for address, body in now.items()
        if body != before[address]
        for line in (set(body.split(b"\n")) - set(before[address].split(b"\n")) or {b"other order"})
    ]


def _without_tokens(body: bytes) -> bytes:
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", re.sub(rb'"X-CSRFToken": "[^"]+"', b"", body))


def signed(until: timedelta | None = timedelta(days=2)) -> Happening:
    moment = timezone.now() + until if until else None
    when = PartialDate(date(2025, 3, 1))
    return Happening("signature", when, place="Brugge", note="a secret", embargo_until=moment)


@pytest.fixture
def ready(make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier]) -> Dossier:
    """A public treaty whose next step is the signature."""
    return advance(make_dossier(), "consent_to_sign")


def record(staff: User, dossier: Dossier, happening: Happening) -> Event:
    return actions.record_event(actor=staff, dossier=dossier, happening=happening, despite_reason="announced")


def test_nothing_is_told_outside_before_the_release_and_all_after_it(ready: Dossier, staff: User) -> None:
    before = outside(ready)
    event = record(staff, ready, signed())
    assert differing(outside(ready), before) == []
    assert not Act.objects.filter(treaty=ready.treaty, place="Brugge").exists()
    inside = factories.read(ready)
    assert event in inside.standing_events
    assert actions.release_events() == ([], [])
    assert event.embargo_until is not None
    assert actions.release_events(event.embargo_until) == ([event.pk], [])
    assert actions.release_events(event.embargo_until) == ([], [])
    act = Act.objects.get(treaty=ready.treaty, place="Brugge")
    row = act.history.first()
    assert (act.on, row.history_user, row.history_action) == (date(2025, 3, 1), staff, "event.release")
    document = SearchDocument.objects.get(pk=ready.treaty_id)
    assert document.stage == Dossier.objects.get(pk=ready.pk).stage
    changed = [address for address, body in outside(ready).items() if body != before[address]]
    assert ready.treaty.get_absolute_url() in changed


def test_what_comes_after_waits_as_long(ready: Dossier, staff: User, reviewer: User) -> None:
    first = record(staff, ready, signed())
    before = outside(ready)
    second = record(staff, ready, Happening("partner_notification", PartialDate(date(2025, 3, 9))))
    assert second.embargo_until == first.embargo_until
    assert differing(outside(ready), before) == []


def test_corrected_before_it_is_told(ready: Dossier, staff: User) -> None:
    before = outside(ready)
    event = record(staff, ready, signed())
    other = signed(timedelta(days=3))
    mended = actions.correct_event(
        actor=staff, event=event, happening=other, reason="another day", despite_reason="announced"
    )
    assert differing(outside(ready), before) == []
    assert actions.release_events(event.embargo_until) == ([], [])
    actions.correct_event(actor=staff, event=mended, happening=None, reason="it did not happen")
    assert differing(outside(ready), before) == []
    assert queries.told_until(factories.read(ready)) is None
    told = record(staff, ready, signed(None))
    with pytest.raises(Refused) as refused:
        actions.correct_event(actor=staff, event=told, happening=signed(), reason="x")
    assert [one.code for one in refused.value.blockers] == ["told_already"]


def test_refused(ready: Dossier, staff: User) -> None:
    with pytest.raises(Refused) as refused:
        record(staff, ready, signed(-timedelta(minutes=1)))
    assert [one.code for one in refused.value.blockers] == ["past", "informed_signature"]
    paper = actions.Paper(DocumentKind.LETTER, Language.NL, "Brief", "brief.pdf", factories.pdf("x"))
    with pytest.raises(Refused) as refused:
        actions.record_event(actor=staff, dossier=ready, happening=signed(), paper=paper, despite_reason="x")
    assert [one.code for one in refused.value.blockers] == ["paper_under_embargo"]


def test_the_database_refuses_acts_before_and_a_second_release(ready: Dossier, staff: User) -> None:
    event = record(staff, ready, signed())
    act = factories.record.record_act(actor=staff, treaty=ready.treaty, kind="signature", reason="x")
    with pytest.raises(IntegrityError, match="leaves no act"), transaction.atomic():
        EventAct(event=event, act=act).save()
    actions.release_events(event.embargo_until)
    with (
        pytest.raises(IntegrityError, match="event_id"),
        transaction.atomic(),
        change(staff, action=Action.EVENT_RELEASE, reason="x") as row,
    ):
        EventRelease(event=event, by=staff, change=row).save()
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        connection.cursor().execute("DELETE FROM workflow_eventrelease")


def files(dossier: Dossier, folder: Path) -> dict[str, object]:
    """What of the treaty is in the files that somebody outside can take, and in those of the public exchange."""
    treaty, client = dossier.treaty, Client()
    workbook = load_workbook(BytesIO(b"".join(client.get("/treaties.xlsx"))))
    paper = PdfReader(BytesIO(client.get(f"/treaties/{treaty.reference}.pdf").content))
    found: dict[str, object] = {
        "workbook": [[cell.value for cell in row] for sheet in workbook for row in sheet.iter_rows()],
        "sheet": [page.extract_text() for page in paper.pages],
        "reporting": client.get("/reporting/").status_code,
    }
    today = timezone.localdate().isoformat()
    for asked in (f"?known_at={today}", f"?as_of={today}&known_at={today}"):
        found[asked] = _without_tokens(client.get(treaty.get_absolute_url() + asked).content)
    export(folder, person=AnonymousUser(), form="json")
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        # The first line of each says when it was made.
        found[path.name] = path.read_bytes().split(b"\n")[1:]
    return found


def test_no_file_and_no_earlier_moment_tells_of_it(ready: Dossier, staff: User, tmp_path: Path) -> None:
    before = files(ready, tmp_path / "before")
    event = record(staff, ready, signed())
    during = files(ready, tmp_path / "during")
    assert [name for name in before if during[name] != before[name]] == []
    actions.release_events(event.embargo_until)
    after = files(ready, tmp_path / "after")
    told = [name for name in before if after[name] != before[name]]
    assert {"workbook", "sheet"} < set(told)
    assert "reporting" not in told


UNTS = "1155 UNTS 331"


def registered(number: str = UNTS) -> Happening:
    moment = timezone.now() + timedelta(days=2)
    return Happening("registered_un", PartialDate(date(2025, 3, 1)), number=number, embargo_until=moment)


def test_a_number_that_is_none_is_refused_while_it_can_be_mended(ready: Dossier, staff: User) -> None:
    with pytest.raises(Refused) as refused:
        record(staff, ready, registered("12"))
    assert [(one.code, one.field) for one in refused.value.blockers] == [("number_form", "number")]


def test_a_number_refused_at_the_release_keeps_the_event_under_embargo(
    ready: Dossier, staff: User, make_treaty: Callable[..., Treaty]
) -> None:
    event = record(staff, ready, registered())
    assert event.embargo_until is not None
    other = make_treaty()
    add_number(actor=staff, treaty=other, number=Number("unts", UNTS), reason="first")
    before = outside(ready)
    done, failed = actions.release_events(event.embargo_until)
    assert (done, len(failed)) == ([], 1)
    assert failed[0].startswith(f"{ready.reference}, registered_un: {other.reference}")
    assert differing(outside(ready), before) == []
    assert list(Event.objects.embargoed()) == [event]
    assert not EventRelease.objects.exists()
    assert not ready.treaty.identifiers.filter(scheme="unts").exists()


def test_the_command_ends_with_1_and_says_which(
    ready: Dossier, staff: User, make_treaty: Callable[..., Treaty], capsys: pytest.CaptureFixture[str]
) -> None:
    moment = timezone.now() + timedelta(seconds=0.2)
    event = record(staff, ready, replace(registered(), embargo_until=moment))
    add_number(actor=staff, treaty=make_treaty(), number=Number("unts", UNTS), reason="first")
    time.sleep(0.3)
    with pytest.raises(CommandError, match=f"stay under embargo:\n{ready.reference}, registered_un: ") as ended:
        call_command("release")
    assert ended.value.returncode == 1
    assert capsys.readouterr().out == "0 record(s) made public, 0 event(s) released.\n"
    # Taken back or mended, it is done.
    actions.correct_event(actor=staff, event=event, happening=None, reason="another treaty has it")
    call_command("release", verbosity=0)


@pytest.fixture
def releasers() -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes of `tests.workflow.releaser`, on the database of this test."""
    command = [sys.executable, "-m", "tests.workflow.releaser", str(connection.settings_dict["NAME"])]
    pipe = subprocess.PIPE
    found = [subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    try:
        yield found
    finally:
        for process in found:
            process.communicate(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_two_processes_release_each_thing_once(
    ready: Dossier,
    staff: User,
    reviewer: User,
    make_treaty: Callable[..., Treaty],
    releasers: list[subprocess.Popen[str]],
) -> None:
    for process in releasers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    moment = timezone.now() + timedelta(seconds=1)
    event = record(staff, ready, replace(signed(), embargo_until=moment))
    hidden = [make_treaty(access=Access.GOVERNMENT) for _ in range(3)]
    for treaty in hidden:
        request = ask_publication(actor=staff, treaty=treaty, reason="x", not_before=moment)
        version = factories.version(treaty)
        approved = PublicationVerdict.APPROVED
        decide_publication(actor=reviewer, request=request, verdict=approved, version=version)
    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()) + 0.1)
    for process in releasers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0].split() for process in releasers]
    assert [process.returncode for process in releasers] == [0, 0]
    # How many records and how many events, each as one of the words.
    assert [sum(int(words[place]) for words in said) for place in (0, 4)] == [3, 1]
    assert [release.event for release in EventRelease.objects.all()] == [event]
    assert PublicationOutcome.objects.count() == 3
    assert Act.objects.filter(treaty=ready.treaty, kind="signature").count() == 1
    assert {Treaty.history.filter(id=treaty.pk, access="public").count() for treaty in hidden} == {1}
