"""Reservations, declarations and objections: what is kept, refused, withdrawn and retracted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from audit.refusals import Conflict, Refused
from tests.factories import version
from treaties import actions
from treaties.actions import DeclarationEntry
from treaties.actions.declarations import entry_of
from treaties.dates import parse
from treaties.models import Declaration, Party, Treaty

pytestmark = pytest.mark.django_db
Make = Callable[..., Treaty]


def party(code: str) -> Party:
    return Party.objects.get(code=code)


def reservation(**kw: Any) -> DeclarationEntry:
    given = {"kind": "reservation", "party": party("NL"), "language": "nl", "text": "Artikel 3 geldt niet."}
    return DeclarationEntry(**given | {"when": parse("2015-02-05")} | kw)


def objection(to: Declaration | None, **kw: Any) -> DeclarationEntry:
    given = {"kind": "objection", "party": party("DE"), "language": "de", "text": "Einwand.", "objects_to": to}
    return DeclarationEntry(**given | {"when": parse("2015-06")} | kw)


def save(actor: User, treaty: Treaty, *rows: DeclarationEntry, **kw: Any) -> Treaty:
    given = {"version": version(treaty), "reason": "from the depositary"} | kw
    return actions.save_declarations(actor=actor, treaty=treaty, rows=rows, **given)


def refusals(do: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        do()
    return [(one.code, one.field) for one in refused.value.blockers]


@pytest.fixture
def treaty(make_treaty: Make) -> Treaty:
    return make_treaty()


@pytest.fixture
def reserved(treaty: Treaty, staff: User) -> Declaration:
    return actions.record_declaration(actor=staff, treaty=treaty, entry=reservation(), version=1, reason="x")


def test_a_reservation_and_the_objection_to_it(treaty: Treaty, reserved: Declaration, staff: User) -> None:
    saved = save(staff, treaty, objection(reserved, article="art. 3", source="CN 1"))
    first, second = Declaration.objects.order_by("pk")
    assert (first.kind, first.party, first.language, first.text) == ("reservation", party("NL"), "nl", reserved.text)
    assert (second.objects_to, second.when, second.article, second.source) == (
        first,
        parse("2015-06"),
        "art. 3",
        "CN 1",
    )
    row = second.history.get()
    assert (row.history_action, row.history_change_reason) == ("declaration.record", "from the depositary")
    assert saved.version == 3


def test_every_reason_of_every_row_at_once(
    treaty: Treaty, reserved: Declaration, make_treaty: Make, staff: User
) -> None:
    elsewhere = actions.record_declaration(
        actor=staff, treaty=make_treaty(), entry=reservation(), version=1, reason="x"
    )
    tomorrow = parse((timezone.localdate() + timedelta(days=1)).isoformat())
    rows = [
        reservation(party=None, text=" ", when=tomorrow, objects_to=reserved),
        reservation(withdrawn=parse("2015-01"), article="x" * 101),
        objection(None),
        objection(elsewhere),
        objection(reserved, party=party("NL"), when=parse("2014")),
    ]
    assert refusals(lambda: save(staff, treaty, *rows)) == [
        ("text", "declarations-0-text"),
        ("party_missing", "declarations-0-party"),
        ("future", "declarations-0-when"),
        ("no_objection", "declarations-0-objects_to"),
        ("text", "declarations-1-article"),
        ("withdrawn_before_made", "declarations-1-withdrawn"),
        ("reservation_missing", "declarations-2-objects_to"),
        ("reservation_missing", "declarations-3-objects_to"),
        ("own_reservation", "declarations-4-party"),
        ("before_reservation", "declarations-4-when"),
    ]
    assert treaty.declarations.count() == 1


def test_an_objection_is_to_a_reservation_and_to_nothing_else(treaty: Treaty, staff: User) -> None:
    save(staff, treaty, reservation(kind="declaration"))
    stated = Declaration.objects.get()
    assert refusals(lambda: save(staff, treaty, objection(stated))) == [
        ("reservation_missing", "declarations-0-objects_to")
    ]


def test_what_was_withdrawn_keeps_its_text(treaty: Treaty, reserved: Declaration, staff: User) -> None:
    withdrawn = actions.withdraw_declaration(
        actor=staff, declaration=reserved, when=parse("2020-01"), version=version(treaty), reason="note of 2020"
    )
    assert (withdrawn.withdrawn, withdrawn.text, withdrawn.is_retracted) == (parse("2020-01"), reserved.text, False)
    too_early = {"declaration": reserved, "when": parse("2014"), "reason": "x", "actor": staff}
    assert refusals(lambda: actions.withdraw_declaration(version=version(treaty), **too_early)) == [
        ("withdrawn_before_made", "withdrawn")
    ]


def test_what_was_never_made_is_retracted_and_stays_in_the_history(
    treaty: Treaty, reserved: Declaration, staff: User
) -> None:
    save(staff, treaty, objection(reserved))
    retract = {"actor": staff, "declaration": reserved, "reason": "another treaty"}
    assert refusals(lambda: actions.retract_declaration(version=version(treaty), **retract)) == [
        ("objected_to", "kind")
    ]
    objected = Declaration.objects.get(kind="objection")
    both = [replace(entry_of(reserved), gone=True), replace(entry_of(objected), gone=True)]
    save(staff, treaty, *both)
    assert [row.is_retracted for row in Declaration.objects.all()] == [True, True]
    assert [row.is_retracted for row in reserved.history.order_by("history_id")] == [False, True]
    assert [code for code, _field in refusals(lambda: save(staff, treaty, both[0]))] == ["unknown_row"]


def test_a_reservation_that_is_objected_to_stays_one(treaty: Treaty, reserved: Declaration, staff: User) -> None:
    save(staff, treaty, objection(reserved))
    other = replace(entry_of(reserved), kind="declaration")
    assert refusals(lambda: save(staff, treaty, other)) == [("objected_to", "declarations-0-kind")]
    corrected = actions.correct_declaration(
        actor=staff,
        declaration=reserved,
        entry=reservation(text="Artikel 4 geldt niet."),
        version=version(treaty),
        reason="misread",
    )
    assert corrected.text == "Artikel 4 geldt niet."
    assert corrected.history.first().history_action == "declaration.correct"


def test_who_saw_an_earlier_version(treaty: Treaty, reserved: Declaration, staff: User) -> None:
    with pytest.raises(Conflict):
        save(staff, treaty, reservation(), version=1)


@pytest.mark.parametrize("name", ["reader", "auditor"])
def test_who_may_not(name: str, treaty: Treaty, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(name)
    assert refusals(lambda: save(actor, treaty, reservation())) == [("not_allowed", "")]
