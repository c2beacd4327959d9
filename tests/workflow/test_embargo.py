"""An event under embargo is known inside, and nothing of it outside, until it is released: once."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from tests import factories
from treaties.choices import DocumentKind, Language, Stage
from treaties.dates import PartialDate
from treaties.models import Act, SearchDocument
from workflow import actions, queries
from workflow.guards import Happening
from workflow.models import Dossier, Event, EventAct, EventRelease

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
