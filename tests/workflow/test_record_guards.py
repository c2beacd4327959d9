"""What a dossier has against changing the record beside it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import read
from tests.workflow.rows import refused
from treaties.actions import Basics
from treaties.bulk_edit import BulkEdit, preview
from treaties.choices import Kind, Qualification
from treaties.dates import PartialDate
from treaties.models import Treaty
from workflow import actions
from workflow.choices import Authority
from workflow.models import Dossier
from workflow.record_guards import Elsewhere, objections

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def seen(*treaties: Treaty) -> dict[str, int]:
    return {treaty.reference: treaty.version for treaty in Treaty.objects.filter(pk__in=[one.pk for one in treaties])}


def reasons(actor: User, edit: BulkEdit, *treaties: Treaty) -> list[list[str]]:
    found = preview(actor, edit, seen(*treaties), reason="x", objections=objections)
    return [[blocker.code for blocker in plan.refusals] for plan in found.plans]


def test_the_qualification_of_a_treaty_with_a_dossier_changes_in_the_dossier(
    make_dossier: Make, make_treaty: Make, staff: User
) -> None:
    dossier, free = make_dossier("exclusive"), make_treaty()
    found = preview(
        staff, BulkEdit(qualification="mixed"), seen(dossier.treaty, free), reason="x", objections=objections
    )
    (blocker,) = found.plans[0].refusals
    assert isinstance(blocker, Elsewhere)
    assert (blocker.code, blocker.dossier) == ("through_dossier", dossier.reference)
    assert found.plans[1].refusals == []
    with refused("through_dossier"):
        actions.edit_records(
            actor=staff,
            edit=BulkEdit(qualification="mixed"),
            versions=seen(dossier.treaty, free),
            reason="together",
        )


def test_what_it_is_held_to_be_already_is_no_change(make_dossier: Make, staff: User) -> None:
    dossier = make_dossier("exclusive", qualification=Qualification.EXCLUSIVE_BOTH)
    edit = BulkEdit(qualification="exclusive_both", kind="convention")
    assert reasons(staff, edit, dossier.treaty) == [[]]
    assert actions.edit_records(actor=staff, edit=edit, versions=seen(dossier.treaty), reason="x") == [dossier.treaty]


def test_of_each_treaty_of_a_package(make_dossier: Make, make_treaty: Make, staff: User) -> None:
    other = make_treaty(qualification=Qualification.EXCLUSIVE_BOTH)
    dossier = make_dossier("exclusive", package=[other])
    assert reasons(staff, BulkEdit(qualification="mixed"), dossier.treaty, other) == [["through_dossier"]] * 2


def test_the_dossier_of_a_memorandum_does_not_hang_on_its_qualification(make_dossier: Make, staff: User) -> None:
    dossier = make_dossier("mou")
    assert reasons(staff, BulkEdit(qualification="exclusive_region"), dossier.treaty) == [[]]


def test_a_treaty_in_procedure_does_not_become_a_memorandum(make_dossier: Make, make_treaty: Make, staff: User) -> None:
    treaty, mou = make_dossier("exclusive").treaty, make_dossier("mou").treaty
    free = make_treaty(kind=Kind.TREATY)
    assert reasons(staff, BulkEdit(kind="mou"), treaty, mou, free) == [["kind_of_dossier"], [], []]
    assert reasons(staff, BulkEdit(kind="protocol"), treaty, mou, free) == [[], ["kind_of_dossier"], []]
    assert reasons(staff, BulkEdit(kind="programme", qualification="mixed"), treaty) == [
        ["through_dossier", "kind_of_dossier"]
    ]


def test_the_way_on_works(make_dossier: Make, staff: User) -> None:
    dossier: Dossier = make_dossier("exclusive")
    actions.record_event(
        actor=staff, dossier=dossier, happening=actions.events.Happening("initiative", PartialDate(date(2024, 1, 8)))
    )
    actions.requalify(
        actor=staff,
        dossier=read(dossier),
        qualification=Qualification.MIXED,
        procedure="mixed",
        reason="advice",
        finding=actions.Finding(Authority.COUNCIL_OF_STATE, PartialDate(date(2024, 2, 1))),
    )
    assert reasons(staff, BulkEdit(qualification="mixed"), dossier.treaty) == [[]]


def test_the_same_number_of_queries_for_one_and_for_many(make_dossier: Make, staff: User) -> None:
    treaties = [make_dossier("exclusive").treaty for _ in range(6)]
    counted = []
    for some in (treaties[:1], treaties):
        versions = seen(*some)
        with CaptureQueriesContext(connection) as queries:
            preview(staff, BulkEdit(qualification="mixed"), versions, reason="x", objections=objections)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def basics(treaty: Treaty, **columns: Any) -> Basics:
    """What the page of the basics sends when nothing but `columns` was changed."""
    names = ("kind", "qualification", "access", "summary_nl", "summary_en", "note", "sources", "territory")
    return Basics(**{name: getattr(treaty, name) for name in names} | columns)


def test_the_page_of_one_treaty_is_refused_as_the_bulk_edit_is(make_dossier: Make, staff: User) -> None:
    dossier = make_dossier("exclusive")
    treaty = Treaty.objects.get(pk=dossier.treaty.pk)
    said = {"actor": staff, "treaty": treaty, "rows": [], "version": treaty.version, "reason": "x"}
    with refused("through_dossier") as answer:
        actions.save_basics(basics=basics(treaty, qualification="mixed"), **said)
    assert (answer.blockers[0].field, dossier.reference in str(answer.blockers[0].sentence)) == ("qualification", True)
    with refused("kind_of_dossier"):
        actions.save_basics(basics=basics(treaty, kind="programme"), **said)
    assert actions.save_basics(basics=basics(treaty, note="Looked up"), **said).note == "Looked up"


def test_a_treaty_without_a_dossier_is_qualified_on_its_page(make_treaty: Make, staff: User) -> None:
    treaty = make_treaty()
    changed = actions.save_basics(
        actor=staff,
        treaty=treaty,
        rows=[],
        basics=basics(treaty, qualification="mixed"),
        version=treaty.version,
        reason="x",
    )
    assert changed.qualification == "mixed"
