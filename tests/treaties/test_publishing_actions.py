"""Making a record public: who asks does not decide, who changed it does not approve, and it happens once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Conflict, Refused
from tests import factories
from treaties import publishing, publishing_actions
from treaties.actions import record_act
from treaties.choices import Access, ActKind, DocumentKind, PublicationVerdict
from treaties.models import PublicationDecision, PublicationOutcome, PublicationRequest, SearchDocument, Treaty

APPROVED, REFUSED, WITHDRAWN = PublicationVerdict
Make = Callable[..., Treaty]


def refusals(do: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as answer:
        do()
    return [one.code for one in answer.value.blockers]


def asked(actor: User, make: Make, **kw: object) -> PublicationRequest:
    treaty = make(access=Access.GOVERNMENT)
    return publishing_actions.ask_publication(actor=actor, treaty=treaty, reason="Signed and announced", **kw)  # type: ignore[arg-type]


def decide(actor: User, request: PublicationRequest, verdict: str = APPROVED, reason: str = "") -> PublicationDecision:
    return publishing_actions.decide_publication(
        actor=actor,
        request=request,
        verdict=PublicationVerdict(verdict),
        reason=reason,
        version=factories.version(request.treaty),
    )


def seen(treaty: Treaty) -> bool:
    return SearchDocument.objects.visible_to(AnonymousUser()).filter(pk=treaty.pk).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestDeciding:
    def test_approved_by_somebody_else_it_is_public_with_history(
        self, staff: User, reviewer: User, make_treaty: Make
    ) -> None:
        request = asked(staff, make_treaty)
        assert not seen(request.treaty)
        decision = decide(reviewer, request)
        treaty = Treaty.objects.get(pk=request.treaty_id)
        row = treaty.history.first()
        assert (treaty.access, row.history_user, row.history_action) == ("public", reviewer, "publication.decide")
        assert (decision.outcome.is_public, seen(treaty)) == (True, True)
        assert refusals(lambda: asked(staff, lambda **kw: treaty)) == ["is_public"]

    def test_nobody_decides_who_asked_may_not_or_changed_it_since(
        self, staff: User, reviewer: User, administrator: User, auditor: User, make_treaty: Make
    ) -> None:
        request = asked(reviewer, make_treaty)
        assert refusals(lambda: decide(reviewer, request)) == ["own_request"]
        assert refusals(lambda: decide(staff, request)) == ["not_allowed"]
        assert refusals(lambda: decide(auditor, request)) == ["not_allowed"]
        record_act(actor=administrator, treaty=request.treaty, kind=ActKind.SIGNATURE, reason="x")
        assert refusals(lambda: decide(administrator, request)) == ["edited"]
        # Who changed it may still refuse: that makes nothing public. Without a reason nobody does.
        assert refusals(lambda: decide(administrator, request, REFUSED)) == ["text"]
        decide(administrator, request, REFUSED, "not yet")
        with pytest.raises(Conflict, match="Ad Min"):
            decide(administrator, request)
        assert Treaty.objects.get(pk=request.treaty_id).access == Access.GOVERNMENT

    def test_who_asked_withdraws_and_asks_again(
        self, staff: User, staff2: User, reviewer: User, make_treaty: Make
    ) -> None:
        request = asked(staff, make_treaty)
        assert refusals(lambda: asked(staff2, lambda **kw: request.treaty)) == ["asked"]
        assert refusals(lambda: decide(staff2, request, WITHDRAWN, "x")) == ["not_yours"]
        decide(staff, request, WITHDRAWN, "too early")
        assert asked(staff2, lambda **kw: request.treaty).attempt == 2

    def test_decided_on_what_was_shown(self, staff: User, staff2: User, reviewer: User, make_treaty: Make) -> None:
        request = asked(staff, make_treaty)
        shown = factories.version(request.treaty)
        record_act(actor=staff2, treaty=request.treaty, kind=ActKind.SIGNATURE, reason="x")
        with pytest.raises(Conflict, match="Bart Beheerder"):
            publishing_actions.decide_publication(
                actor=reviewer, request=request, verdict=PublicationVerdict.APPROVED, version=shown
            )

    def test_taken_out_in_one_step_by_who_decides(self, staff: User, reviewer: User, make_treaty: Make) -> None:
        treaty = make_treaty()
        take = publishing_actions.withdraw_publication
        assert refusals(lambda: take(actor=staff, treaty=treaty, reason="x")) == ["not_allowed"]
        assert refusals(lambda: take(actor=reviewer, treaty=treaty, reason=" ")) == ["text"]
        take(actor=reviewer, treaty=treaty, reason="names of children in it")
        row = treaty.history.first()
        assert (row.access, row.history_change_reason) == ("government", "names of children in it")
        assert not seen(treaty)
        assert refusals(lambda: take(actor=reviewer, treaty=treaty, reason="x")) == ["not_public"]

    @pytest.mark.parametrize("reason", ["", " \u200b", "a\0", "\ud800", "x" * 100_000])
    def test_reasons_that_cannot_be_kept(self, reason: str, staff: User, make_treaty: Make) -> None:
        ask = publishing_actions.ask_publication
        treaty = make_treaty(access=Access.GOVERNMENT)
        past = timezone.now() - timedelta(minutes=1)
        found = refusals(lambda: ask(actor=staff, treaty=treaty, reason=reason, not_before=past))
        assert found == ["text", "past"]

    def test_papers_of_a_public_record_are_shown_by_who_decides(
        self, staff: User, reviewer: User, make_treaty: Make
    ) -> None:
        hidden, public = make_treaty(access=Access.GOVERNMENT), make_treaty()
        paper = {"kind": DocumentKind.TREATY_TEXT, "access": Access.PUBLIC}
        factories.add_pdf(staff, hidden, **paper)  # type: ignore[arg-type]
        assert refusals(lambda: factories.add_pdf(staff, public, **paper)) == ["paper_public"]  # type: ignore[arg-type]
        factories.add_pdf(reviewer, public, **paper)  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestInTheDatabase:
    def insert(self, actor: User, request: PublicationRequest, verdict: str = "approved", **kw: User) -> None:
        with transaction.atomic(), change(actor, action=Action.PUBLICATION_DECIDE, reason="x") as row:
            who, asker = kw.get("who", actor).pk, kw.get("asker", request.asked_by).pk
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO treaties_publicationdecision (request_id, verdict, reason, version, asked_by_id, "
                    "decided_by_id, decided_at, change_id) VALUES (%s, %s, 'x', 1, %s, %s, now(), %s)",
                    [request.pk, verdict, asker, who, row.pk],
                )

    def insert_as(self, role: str, request: PublicationRequest, kw: dict[str, object]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
        self.insert(request=request, **kw)  # type: ignore[arg-type]

    def test_four_eyes_also_for_the_owner(
        self, staff: User, reviewer: User, administrator: User, make_treaty: Make
    ) -> None:
        request = asked(reviewer, make_treaty)
        record_act(actor=administrator, treaty=request.treaty, kind=ActKind.SIGNATURE, reason="x")
        attempts: list[tuple[dict[str, object], str]] = [
            ({"actor": reviewer}, "who asked"),
            ({"actor": administrator}, "who changed the record"),
            ({"actor": staff, "who": administrator}, "another person than its change"),
            ({"actor": staff, "asker": administrator}, "another asker"),
            ({"actor": staff, "verdict": "withdrawn"}, "Only who asked"),
        ]
        for kw, sentence in attempts:
            for role in ("origin", "replica"):
                with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                    self.insert_as(role, request, kw)

    def update(self, treaty: Treaty, access: str, role: str = "origin") -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = {role}")
            cursor.execute("UPDATE treaties_treaty SET access = %s WHERE id = %s", [access, treaty.pk])
            # As at the end of a transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def save(self, treaty: Treaty) -> None:
        treaty.access = Access.PUBLIC
        treaty.save()
        self.update(treaty, "public")

    def test_no_other_way_leads_into_the_public_part(self, staff: User, reviewer: User, make_treaty: Make) -> None:
        request, never = asked(staff, make_treaty), make_treaty(access=Access.GOVERNMENT_WIDE)
        treaty = request.treaty
        for row in (treaty, never):
            for role in ("origin", "replica"):
                with pytest.raises(IntegrityError, match="by an approved publication alone"), transaction.atomic():
                    self.update(row, "public", role)
        # With a history that says so: there is still no decision.
        with (
            pytest.raises(IntegrityError, match="by an approved publication alone"),
            transaction.atomic(),
            change(staff, action=Action.TREATY_EDIT, reason="x"),
        ):
            self.save(never)
        decide(reviewer, request)
        self.update(treaty, "public")
        publishing_actions.withdraw_publication(actor=reviewer, treaty=treaty, reason="a mistake")
        # What was decided once does not make it public a second time.
        with pytest.raises(IntegrityError, match="by an approved publication alone"), transaction.atomic():
            self.update(treaty, "public")
        treaty.refresh_from_db()
        assert treaty.access == Access.GOVERNMENT
        decide(reviewer, asked(staff, lambda **kw: treaty))
        self.update(treaty, "public")
        # Between levels that are not public, and out of the public part, this rule says nothing.
        self.update(never, "secretariat")
        self.update(treaty, "government")

    def test_only_an_approval_is_carried_out_and_rows_are_kept(
        self, staff: User, reviewer: User, make_treaty: Make
    ) -> None:
        request = asked(staff, make_treaty)
        decision = decide(reviewer, request, REFUSED, "no")
        with (
            pytest.raises(IntegrityError, match="Only an approved"),
            transaction.atomic(),
            change(reviewer, action=Action.PUBLICATION_RELEASE, reason="x") as row,
        ):
            PublicationOutcome(decision=decision, is_public=True, by=reviewer, change=row).save()
        for table in ("request", "decision"):
            with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
                connection.cursor().execute(f"DELETE FROM treaties_publication{table}")  # noqa: S608


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestPlanned:
    def test_released_once_when_due_in_the_name_of_who_decided(
        self, staff: User, reviewer: User, make_treaty: Make
    ) -> None:
        moment = timezone.now() + timedelta(days=1)
        request = asked(staff, make_treaty, not_before=moment)
        decision = decide(reviewer, request)
        assert not seen(request.treaty)
        assert list(publishing.planned(staff)) == [decision]
        assert refusals(
            lambda: factories.add_pdf(staff, request.treaty, DocumentKind.TREATY_TEXT, access=Access.PUBLIC)
        ) == ["paper_public"]
        assert publishing_actions.release_due() == []
        assert publishing_actions.release_due(moment) == [decision.pk]
        assert publishing_actions.release_due(moment) == []
        row = Treaty.objects.get(pk=request.treaty_id).history.first()
        assert (row.access, row.history_user, row.history_action) == ("public", reviewer, "publication.release")
        assert seen(request.treaty)

    def test_stopped_before_it_is_due(self, staff: User, reviewer: User, make_treaty: Make) -> None:
        moment = timezone.now() + timedelta(days=1)
        decision = decide(reviewer, asked(staff, make_treaty, not_before=moment))
        stop = publishing_actions.stop_publication
        assert refusals(lambda: stop(actor=staff, decision=decision, reason="x")) == ["not_allowed"]
        stop(actor=reviewer, decision=decision, reason="the signing is put off")
        assert publishing_actions.release_due(moment) == []
        with pytest.raises(Conflict):
            stop(actor=reviewer, decision=decision, reason="x")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def answers(self, jobs: list[Callable[[], object]]) -> list[object]:
        start, found = Barrier(len(jobs)), list[object]()

        def run(job: Callable[[], object]) -> None:
            try:
                connection.ensure_connection()
                start.wait(20)
                found.append(job())
            except (Conflict, Refused) as refusal:
                found.append(refusal)
            finally:
                connection.close()

        threads = [Thread(target=run, args=[job]) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(jobs)
        return found

    def test_of_eight_decisions_one_wins_and_a_release_happens_once(self, staff: User, make_treaty: Make) -> None:
        moment = timezone.now() + timedelta(days=1)
        request = asked(staff, make_treaty, not_before=moment)
        people = [add_person(username=f"r{n}", role=Role.REVIEWER, last_name=f"P {n}") for n in range(8)]
        found = self.answers([lambda who=who: decide(who, request) for who in people])  # type: ignore[misc]
        assert sorted(type(one).__name__ for one in found) == [*["Conflict"] * 7, "PublicationDecision"]
        decision = PublicationDecision.objects.get()
        told = [str(one.sentence) for one in found if isinstance(one, Conflict)]
        assert [one for one in told if decision.decided_by.name not in one] == []
        released = self.answers([lambda: publishing_actions.release_due(moment)] * 2)
        assert sorted(map(len, released)) == [0, 1]  # type: ignore[arg-type]
        assert PublicationOutcome.objects.count() == 1
        assert Treaty.history.filter(id=request.treaty_id, access="public").count() == 1
