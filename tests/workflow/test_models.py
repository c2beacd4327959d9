from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import Error, transaction

from accounts.models import User
from treaties.dates import parse
from treaties.models import Treaty
from workflow import actions
from workflow.guards import Happening
from workflow.models import Determination, Dossier, EntityRequirement, Event, EventAct, PackageTreaty
from workflow.procedures.exclusive import EXCLUSIVE

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]


@pytest.mark.parametrize(
    ("name", "sees"),
    [("", 0), ("reader", 0), ("auditor", 1), ("staff2", 1), ("reviewer", 1), ("administrator", 1)],
)
def test_dossiers_are_internal_even_of_a_public_treaty(
    name: str, sees: int, make_dossier: Open, request: pytest.FixtureRequest
) -> None:
    make_dossier()
    person = request.getfixturevalue(name) if name else AnonymousUser()
    assert Dossier.objects.visible_to(person).count() == sees


def test_a_dossier_keeps_the_version_it_began_with(make_dossier: Open) -> None:
    dossier = make_dossier()
    assert dossier.procedure is EXCLUSIVE
    dossier.procedure_version = 99
    with pytest.raises(KeyError):
        assert dossier.procedure


def test_the_awaited_step_is_read_from_the_procedure(make_dossier: Open) -> None:
    dossier = make_dossier()
    assert dossier.awaited_step is EXCLUSIVE.step("initiative")
    dossier.next_step = ""
    assert dossier.awaited_step is None


def test_what_is_determined_is_only_added_to(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier("mixed", entities=["X-BE-FED"])
    assert (Determination.objects.count(), EntityRequirement.objects.count()) == (1, 1)
    for model in (Determination, EntityRequirement):
        row = model.objects.get()
        with pytest.raises(Error, match="never rewritten"), transaction.atomic():
            row.save()
        with pytest.raises(Error, match="never rewritten"), transaction.atomic():
            model.objects.all().delete()
    assert dossier.entity_links.get().is_required


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [("acts", 0, "requirement_acts"), ("precision", "day", "requirement_date_or_unknown")],
)
def test_a_requirement_is_well_formed(
    field: str, value: object, constraint: str, make_dossier: Open, staff: User
) -> None:
    link = make_dossier("mixed", entities=["X-BE-FED"]).entity_links.get()
    link.pk = None
    setattr(link, field, value)
    with pytest.raises(Error, match=constraint), transaction.atomic():
        link.save(force_insert=True)


def test_a_treaty_is_once_in_a_package(make_dossier: Open, make_treaty: Callable[..., Treaty], staff: User) -> None:
    other = make_treaty(title="Tweede")
    dossier = make_dossier(package=[other])
    assert dossier.treaties == [dossier.treaty, other]
    link = dossier.package_links.get()
    link.pk = None
    with pytest.raises(Error, match="package_treaty_once"), transaction.atomic():
        link.save(force_insert=True)
    with pytest.raises(Error, match="never rewritten"), transaction.atomic():
        PackageTreaty.objects.all().delete()


def test_an_act_is_of_one_event(make_dossier: Open, staff: User) -> None:
    happening = Happening(step="signature", when=parse("2024-01-08"))
    event = actions.record_event(
        actor=staff, dossier=make_dossier(), happening=happening, despite_reason="from the gazette"
    )
    link = event.act_links.get()
    link.pk = None
    with pytest.raises(Error, match="act_id"), transaction.atomic():
        link.save(force_insert=True)
    with pytest.raises(Error, match="never rewritten"), transaction.atomic():
        EventAct.objects.all().delete()


def test_an_event_is_superseded_once(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier()
    happening = Happening(step="initiative", when=parse("2024-01-08"))
    event = actions.record_event(actor=staff, dossier=dossier, happening=happening)
    void = actions.correct_event(actor=staff, event=event, happening=None, reason="x")
    void.pk = None
    with pytest.raises(Error, match="supersedes_id"), transaction.atomic():
        void.save(force_insert=True)


def test_events_come_in_the_order_they_happened(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier()
    for on in ("2024-03", "2024-01-08", "2024-02-01"):
        happening = Happening(step="partner_notification", when=parse(on))
        actions.record_event(actor=staff, dossier=dossier, happening=happening)
    assert [event.when.iso for event in Event.objects.filter(dossier=dossier)] == [
        "2024-01-08",
        "2024-02-01",
        "2024-03",
    ]


def test_each_says_what_it_is(make_dossier: Open, staff: User) -> None:
    dossier = make_dossier(reference="D0000001", title="Verdrag")
    happening = Happening(step="initiative", when=parse("maart 2024"))
    event = actions.record_event(actor=staff, dossier=dossier, happening=happening)
    assert (str(dossier), str(event)) == ("D0000001 Verdrag", "D0000001 initiative maart 2024")
    assert event.definition is EXCLUSIVE.step("initiative")
