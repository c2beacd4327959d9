"""Several people at once, each with a connection of their own: exactly one is first."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.models import Change
from audit.refusals import AlreadyDone, Conflict, Refused
from tests.factories import read
from treaties.choices import Qualification
from treaties.dates import parse
from treaties.models import Act, Party
from workflow import actions
from workflow.choices import Authority
from workflow.guards import Happening
from workflow.models import Approval, Decision, Determination, Dossier, EntityRequirement, Event

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8
Open = Callable[..., Dossier]
Papers = Callable[[Dossier, str], None]


def people(role: Role) -> list[User]:
    return [
        add_person(username=f"{role}{number}", role=role, password=None, last_name=f"Persoon {number}")
        for number in range(AT_ONCE)
    ]


def at_once(actors: list[User], do: Callable[[User], object]) -> list[tuple[User, object]]:
    """What each gets: what `do` gives, or the refusal it raises. Anything else fails the test."""
    start, answers = Barrier(len(actors)), []

    def run(actor: User) -> None:
        try:
            connection.ensure_connection()
            start.wait(20)
            answers.append((actor, do(actor)))
        except (Conflict, Refused, AlreadyDone) as refusal:
            answers.append((actor, refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(actors)
    return answers


def kinds(answers: list[tuple[User, object]]) -> Counter[str]:
    return Counter(type(answer).__name__ for _, answer in answers)


@pytest.fixture
def ready(make_dossier: Open, advance: Callable[..., Dossier], give_evidence: Papers) -> Dossier:
    """A dossier whose mandate can be asked."""
    dossier = advance(make_dossier(), "initiative")
    give_evidence(dossier, "mandate")
    return read(dossier)


def test_of_eight_decisions_at_once_one_counts_and_the_others_learn_whose(ready: Dossier, staff: User) -> None:
    approval = actions.ask_consent(actor=staff, dossier=ready, step="mandate")
    before = Event.objects.count()

    def decide(actor: User) -> Decision:
        return actions.decide_consent(
            actor=actor,
            approval=approval,
            outcome="approved",
            decided_on=date(2024, 2, 1),
            number="VR 2024 0102 DOC.0001/1",
        )

    answers = at_once(people(Role.REVIEWER), decide)
    assert kinds(answers) == {"Decision": 1, "Conflict": AT_ONCE - 1}
    winner = next(actor for actor, answer in answers if isinstance(answer, Decision))
    assert all(winner.name in str(answer.sentence) for _, answer in answers if isinstance(answer, Conflict))
    assert Decision.objects.get().decided_by == winner
    assert Event.objects.count() == before + 1
    assert Change.objects.filter(action="consent.decide").count() == 1
    assert read(ready).next_step == "information_negotiation"


def test_of_eight_requests_at_once_one_is_made(ready: Dossier) -> None:
    answers = at_once(people(Role.STAFF), lambda actor: actions.ask_consent(actor=actor, dossier=ready, step="mandate"))
    assert kinds(answers) == {"Approval": 1, "Refused": AT_ONCE - 1}
    assert {str(answer) for _, answer in answers if isinstance(answer, Refused)} == {"already_asked"}
    assert (Approval.objects.count(), Change.objects.filter(action="consent.ask").count()) == (1, 1)


def test_a_decision_and_a_withdrawal_at_once_do_not_both_count(ready: Dossier, staff: User) -> None:
    approval = actions.ask_consent(actor=staff, dossier=ready, step="mandate")
    reviewers, askers = people(Role.REVIEWER)[:2], people(Role.STAFF)[:2]

    def settle(actor: User) -> Decision:
        if actor in askers:
            return actions.withdraw_request(actor=actor, approval=approval, reason="too early")
        return actions.decide_consent(actor=actor, approval=approval, outcome="approved", decided_on=date(2024, 2, 1))

    assert kinds(at_once([*reviewers, *askers], settle)) == {"Decision": 1, "Conflict": 3}
    assert Decision.objects.count() == 1


def test_one_form_sent_eight_times_at_once_is_one_event(ready: Dossier, staff: User) -> None:
    form, happening = uuid4(), Happening(step="partner_notification", when=parse("2024-02-01"))
    answers = at_once(
        [staff] * AT_ONCE,
        lambda actor: actions.record_event(actor=actor, dossier=ready, happening=happening, submission=form),
    )
    assert kinds(answers) == {"Event": 1, "AlreadyDone": AT_ONCE - 1}
    assert Event.objects.filter(step="partner_notification").count() == Act.objects.count() == 1


def test_one_event_corrected_eight_times_at_once_is_corrected_once(ready: Dossier) -> None:
    event = ready.standing_events[0]
    answers = at_once(
        people(Role.STAFF),
        lambda actor: actions.correct_event(actor=actor, event=event, happening=None, reason="not so"),
    )
    assert kinds(answers) == {"Event": 1, "Conflict": AT_ONCE - 1}
    assert Event.objects.filter(supersedes=event).count() == 1


def test_a_step_that_happens_once_is_recorded_once(make_dossier: Open) -> None:
    dossier = make_dossier()
    happening = Happening(step="initiative", when=parse("2024-01-08"))
    answers = at_once(
        people(Role.STAFF), lambda actor: actions.record_event(actor=actor, dossier=dossier, happening=happening)
    )
    assert kinds(answers) == {"Event": 1, "Refused": AT_ONCE - 1}
    assert read(dossier).version == dossier.version + 1


def test_of_eight_requalifications_at_once_one_is_made(make_dossier: Open) -> None:
    dossier = make_dossier()

    def requalify(actor: User) -> Dossier:
        return actions.requalify(
            actor=actor,
            dossier=dossier,
            qualification=Qualification.MIXED,
            procedure="mixed",
            reason="found mixed",
            finding=actions.Finding(Authority.CONFERENCE, parse("2025-03-01")),
        )

    answers = at_once(people(Role.STAFF), requalify)
    assert kinds(answers) == {"Dossier": 1, "Refused": AT_ONCE - 1}
    assert {str(answer) for _, answer in answers if isinstance(answer, Refused)} == {"same"}
    assert (Determination.objects.count(), Event.objects.filter(step="requalified").count()) == (2, 1)
    assert read(dossier).procedure_code == "mixed"


def test_an_entity_required_eight_times_at_once_is_required_once(make_dossier: Open) -> None:
    dossier, entity = make_dossier("mixed"), Party.objects.get(code="X-BE-FED")
    answers = at_once(
        people(Role.STAFF),
        lambda actor: actions.require_entity(actor=actor, dossier=dossier, entity=entity, reason="competent"),
    )
    assert kinds(answers) == {"EntityRequirement": AT_ONCE}
    assert EntityRequirement.objects.get() == answers[0][1]


def test_an_entity_released_eight_times_at_once_is_released_once(make_dossier: Open) -> None:
    dossier = make_dossier("mixed", entities=["X-BE-FED"])
    entity = Party.objects.get(code="X-BE-FED")
    answers = at_once(
        people(Role.STAFF),
        lambda actor: actions.release_entity(actor=actor, dossier=dossier, entity=entity, reason="not concerned"),
    )
    assert kinds(answers) == {"EntityRequirement": 1, "Refused": AT_ONCE - 1}
    assert EntityRequirement.objects.filter(is_required=False).count() == 1
