"""Acts on the page of a record: what is kept, what is refused beside which field of which row, who comes first."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from audit.refusals import AlreadyDone, Conflict, Refused
from tests.factories import add_pdf, version
from treaties import actions
from treaties.actions import ActEntry
from treaties.choices import ActKind, DocumentKind
from treaties.dates import parse
from treaties.models import Act, Party, SearchDocument, Treaty
from workflow.models import Dossier

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]


def party(code: str) -> Party:
    return Party.objects.get(code=code)


def save(actor: User, treaty: Treaty, *rows: ActEntry, **kw: Any) -> Treaty:
    given = {"version": version(treaty), "reason": "from the depositary"} | kw
    return actions.save_acts(actor=actor, treaty=treaty, rows=rows, **given)


def refusals(do: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        do()
    return [(one.code, one.field) for one in refused.value.blockers]


class TestKeeping:
    def test_everything_that_is_told_of_a_signature(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        paper = add_pdf(staff, treaty, DocumentKind.FULL_POWERS)
        told = ActEntry(
            kind=ActKind.SIGNATURE,
            when=parse("5/2/2015"),
            party=party("NL"),
            place=" Terneuzen ",
            effect=parse("2016"),
            manner="simple",
            signatory="L. Ploumen",
            capacity="Minister",
            full_powers="produced",
            territory=party("AW"),
            scope="Part II",
            number="7",
            page="p. 12",
            address="https://example.org/1",
            document=paper,
            note="At the lock.",
            source="Trb. 2015, 32",
        )
        saved = save(staff, treaty, told)
        act = Act.objects.get()
        assert (act.kind, act.when, act.party, act.place) == (
            "signature",
            parse("2015-02-05"),
            party("NL"),
            "Terneuzen",
        )
        assert (act.effect, act.manner, act.signatory, act.capacity) == (
            parse("2016"),
            "simple",
            "L. Ploumen",
            "Minister",
        )
        assert (act.full_powers, act.territory, act.scope, act.document) == ("produced", party("AW"), "Part II", paper)
        assert (act.number, act.page, act.address, act.source) == (
            "7",
            "p. 12",
            "https://example.org/1",
            "Trb. 2015, 32",
        )
        row = act.history.get()
        assert (row.history_action, row.history_change_reason) == ("act.record", "from the depositary")
        assert Treaty.objects.get().version == saved.version + 1 == 3
        assert SearchDocument.objects.get(treaty=treaty).signed_on == date(2015, 2, 5)

    def test_rows_are_recorded_corrected_and_retracted_in_one_change(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        save(
            staff,
            treaty,
            ActEntry(ActKind.SIGNATURE, parse("2015-02-05"), place="Gent"),
            ActEntry(ActKind.RATIFICATION, parse("2016"), party("NL")),
        )
        signed, ratified = Act.objects.all()
        save(
            staff,
            treaty,
            ActEntry(ActKind.SIGNATURE, parse("2015-02-05"), place="Brugge", pk=signed.pk),
            ActEntry(ActKind.RATIFICATION, pk=ratified.pk, gone=True),
            ActEntry(ActKind.ACCEPTANCE, parse("2016-05"), party("NL")),
            reason="read again",
        )
        assert [(act.kind, act.place, act.is_retracted) for act in Act.objects.order_by("pk")] == [
            ("signature", "Brugge", False),
            ("ratification", "", True),
            ("acceptance", "", False),
        ]
        changes = {act.history.first().history_change_id for act in Act.objects.all()}
        assert len(changes) == 1
        assert [row.place for row in signed.history.order_by("history_id")] == ["Gent", "Brugge"]
        assert version(treaty) == 3

    def test_rows_that_are_not_given_stay(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        save(staff, treaty, ActEntry(ActKind.SIGNATURE, place="Gent"))
        save(staff, treaty, ActEntry(ActKind.RATIFICATION))
        assert [act.history.count() for act in Act.objects.all()] == [1, 1]

    def test_a_save_that_says_nothing_new_is_refused(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        save(staff, treaty, ActEntry(ActKind.SIGNATURE, place="Gent"))
        same = ActEntry(ActKind.SIGNATURE, place="Gent ", pk=Act.objects.get().pk)
        assert refusals(lambda: save(staff, treaty, same)) == [("nothing_changed", "")]
        assert version(treaty) == 2

    def test_one_act_by_itself(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        act = actions.record_act(
            actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, version=1, reason="x", signatory="An", place="Gent"
        )
        entry = ActEntry(ActKind.SIGNATURE, parse("2015"), place="Gent", signatory="Bea")
        corrected = actions.correct_act(actor=staff, act=act, entry=entry, version=2, reason="misread")
        assert (corrected.signatory, corrected.when, version(treaty)) == ("Bea", parse("2015"), 3)
        assert actions.retract_act(actor=staff, act=act, version=3, reason="never").is_retracted
        with pytest.raises(Conflict):
            actions.retract_act(actor=staff, act=act, reason="again")
        wrong = {"actor": staff, "treaty": treaty, "kind": ActKind.ASSENT, "reason": "x"}
        said = refusals(lambda: actions.record_act(manner="simple", place="x" * 201, **wrong))
        assert said == [("text", "place"), ("not_a_signature", "manner")]


class TestRefusing:
    def test_every_reason_of_every_row_at_once(self, make_treaty: Make, staff: User) -> None:
        treaty, other = make_treaty(), make_treaty()
        paper = add_pdf(staff, other, DocumentKind.OTHER)
        tomorrow = timezone.localdate() + timedelta(days=1)
        rows = [
            ActEntry(ActKind.RATIFICATION, parse(tomorrow.isoformat()), signatory="An", full_powers="produced"),
            ActEntry(ActKind.SIGNATURE, place="x\x00", address="example.org", document=paper),
            ActEntry(ActKind.ASSENT, pk=10**12),
            ActEntry(ActKind.ENTRY_INTO_FORCE, parse(tomorrow.isoformat())),
        ]
        assert refusals(lambda: save(staff, treaty, *rows, reason=" ")) == [
            ("text", "reason"),
            ("unknown_row", "acts-2-"),
            ("future", "acts-0-when"),
            ("not_a_signature", "acts-0-signatory"),
            ("not_a_signature", "acts-0-full_powers"),
            ("text", "acts-1-place"),
            ("address", "acts-1-address"),
            ("document", "acts-1-document"),
        ]
        assert (Act.objects.count(), version(treaty)) == (0, 1)

    def test_the_law_is_cited(self, make_treaty: Make, staff: User) -> None:
        with pytest.raises(Refused) as refused:
            save(staff, make_treaty(), ActEntry(ActKind.ASSENT, full_powers="produced"))
        assert "art. 7" in str(refused.value.blockers[0].law)

    @pytest.mark.parametrize(
        ("end", "start"),
        [
            (ActKind.PROVISIONAL_END, ActKind.PROVISIONAL_APPLICATION),
            (ActKind.SUSPENSION_END, ActKind.SUSPENSION),
            (ActKind.END, ActKind.ENTRY_INTO_FORCE),
            (ActKind.EXPIRY, ActKind.EFFECT),
            (ActKind.REPLACEMENT, ActKind.ENTRY_INTO_FORCE),
        ],
    )
    def test_no_end_before_its_start(self, end: ActKind, start: ActKind, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        rows = [ActEntry(start, parse("2010-06")), ActEntry(end, parse("2010-05-31"))]
        assert refusals(lambda: save(staff, treaty, *rows)) == [("end_before_start", "acts-1-when")]
        # Another party's, the same month, and one that began before: each can be true.
        save(staff, treaty, rows[0], ActEntry(end, parse("2009"), party("NL")), ActEntry(end, parse("2010-06-01")))
        save(staff, treaty, ActEntry(start, parse("2008")), rows[1])
        assert Act.objects.count() == 5

    def test_a_denunciation_that_works_before_its_notice_needs_a_note(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        early = {"kind": ActKind.DENUNCIATION, "when": parse("2015-05-01"), "effect": parse("2015-04")}
        assert refusals(lambda: save(staff, treaty, ActEntry(**early))) == [("effect_before_notice", "acts-0-note")]
        save(staff, treaty, ActEntry(**early, note="As the source has it."))
        save(staff, treaty, ActEntry(ActKind.RATIFICATION, parse("2015-05"), effect=parse("2014")))
        assert Act.objects.count() == 2

    def test_what_was_wrong_already_does_not_hold_up_another_row(self, make_treaty: Make, staff: User) -> None:
        treaty = make_treaty()
        save(staff, treaty, ActEntry(ActKind.END, parse("2009")))
        ended = Act.objects.get()
        save(staff, treaty, ActEntry(ActKind.ENTRY_INTO_FORCE, parse("2010")))
        same = ActEntry(ActKind.END, parse("2009"), pk=ended.pk)
        save(staff, treaty, same, ActEntry(ActKind.SIGNATURE, parse("2008")))
        assert Act.objects.count() == 3

    @pytest.mark.parametrize("name", ["reader", "auditor"])
    def test_who_may_not(self, name: str, make_treaty: Make, request: pytest.FixtureRequest) -> None:
        treaty, actor = make_treaty(), request.getfixturevalue(name)
        assert refusals(lambda: save(actor, treaty, ActEntry(ActKind.SIGNATURE))) == [("not_allowed", "")]

    def test_an_act_of_a_dossier_is_corrected_there(
        self, make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier], staff: User
    ) -> None:
        dossier = advance(make_dossier("exclusive"), "negotiation_opened")
        act = dossier.treaty.acts.get(kind=ActKind.NEGOTIATION_OPENED)
        entry = ActEntry(ActKind.NEGOTIATION_OPENED, parse("2001"), pk=act.pk)
        with pytest.raises(Refused) as refused:
            save(staff, dossier.treaty, entry)
        assert [(one.code, one.field) for one in refused.value.blockers] == [("kept_elsewhere", "acts-0-kind")]
        assert dossier.reference in str(refused.value.blockers[0].sentence)
        seen = version(dossier.treaty)
        for do in (
            lambda: actions.correct_act(actor=staff, act=act, entry=entry, version=seen, reason="x"),
            lambda: actions.retract_act(actor=staff, act=act, version=seen, reason="x"),
        ):
            assert [code for code, _field in refusals(do)] == ["kept_elsewhere"]
        assert not Act.objects.get(pk=act.pk).is_retracted


class TestOnce:
    def test_who_saw_an_earlier_version_is_told_who_was_first(
        self, make_treaty: Make, staff: User, staff2: User
    ) -> None:
        treaty = make_treaty()
        save(staff2, treaty, ActEntry(ActKind.SIGNATURE))
        with pytest.raises(Conflict) as conflict:
            save(staff, treaty, ActEntry(ActKind.SIGNATURE), version=1)
        assert "Bart Beheerder" in str(conflict.value)
        assert Act.objects.count() == 1

    def test_the_same_form_twice(self, make_treaty: Make, staff: User) -> None:
        treaty, token = make_treaty(), uuid4()
        save(staff, treaty, ActEntry(ActKind.SIGNATURE), submission=token)
        with pytest.raises(AlreadyDone):
            save(staff, treaty, ActEntry(ActKind.SIGNATURE), submission=token)
        assert Act.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_first(make_treaty: Make, staff: User, staff2: User) -> None:
    treaty, start, answers = make_treaty(), Barrier(2), []

    def run(actor: User) -> None:
        try:
            connection.ensure_connection()
            start.wait(20)
            save(actor, treaty, ActEntry(ActKind.SIGNATURE, signatory=actor.name), version=1)
            answers.append("saved")
        except Conflict:
            answers.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[actor]) for actor in (staff, staff2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict", "saved"]
    assert (Act.objects.count(), version(treaty)) == (1, 2)
