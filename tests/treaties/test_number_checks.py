from collections.abc import Callable

import pytest

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from tests.factories import a_treaty
from treaties import actions
from treaties.actions import Number
from treaties.choices import UNIQUE_SCHEMES, Access, Scheme
from treaties.models import Identifier, Treaty
from treaties.number_checks import checked

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]
TAKEN = {
    Scheme.FDFA: "817",
    Scheme.REGISTER: "V-12",
    Scheme.CETS: "005",
    Scheme.UNTS: "I-12345",
    Scheme.MTDSG: "XXVI-8",
}


def refused(actor: User, treaty: Treaty, scheme: str, value: str) -> tuple[str, str, str]:
    with pytest.raises(Refused) as refusal:
        actions.add_number(actor=actor, treaty=treaty, number=Number(scheme, value), reason="x")
    (blocker,) = refusal.value.blockers
    return blocker.code, blocker.field, str(blocker.sentence)


def test_a_number_of_another_form_is_refused_beside_its_field(make_treaty: Make, staff: User) -> None:
    code, field, sentence = refused(staff, make_treaty(), Scheme.COUNCIL_OF_STATE, "62.109")
    assert (code, field) == ("number_form", "number")
    assert "62.109/1" in sentence
    assert not Identifier.objects.exists()


@pytest.mark.parametrize("scheme", sorted(UNIQUE_SCHEMES))
def test_a_number_given_once_is_refused_to_a_second_treaty(scheme: str, make_treaty: Make, staff: User) -> None:
    first, second = make_treaty(), make_treaty()
    value = TAKEN[Scheme(scheme)]
    actions.add_number(actor=staff, treaty=first, number=Number(scheme, value), reason="x")
    code, field, sentence = refused(staff, second, scheme, f" {value} ")
    assert (code, field) == ("number_taken", "number")
    assert first.reference in sentence
    # Its own number again is no second one.
    actions.add_number(actor=staff, treaty=first, number=Number(scheme, value), reason="x")


def test_other_numbers_may_be_those_of_two_treaties(make_treaty: Make, staff: User) -> None:
    for treaty in (make_treaty(), make_treaty()):
        actions.add_number(actor=staff, treaty=treaty, number=Number(Scheme.NUMAC, "2008203092"), reason="x")
    assert Identifier.objects.filter(value="2008203092").count() == 2


def test_who_may_not_see_the_other_treaty_does_not_learn_which_it_is(staff: User, administrator: User) -> None:
    hidden = a_treaty(staff, access=Access.GOVERNMENT, numbers=[Number(Scheme.FDFA, "817")])
    other = a_treaty(staff)
    # A technical manager registers nothing; what they would be told is asked as the action asks it.
    with change(administrator, action=Action.TREATY_EDIT, reason="x"), pytest.raises(Refused) as refusal:
        checked(other, Scheme.FDFA, "817")
    sentence = str(refusal.value.blockers[0].sentence)
    seen = Treaty.objects.visible_to(administrator).filter(pk=hidden.pk).exists()
    assert (hidden.reference in sentence) is seen


def test_a_demonstration_may_carry_a_number_that_says_it_is_one(staff: User) -> None:
    demo, real = a_treaty(staff, is_demo=True), a_treaty(staff)
    actions.add_number(actor=staff, treaty=demo, number=Number(Scheme.VR_DOC, "VR DEMO DOC.0601"), reason="x")
    assert refused(staff, real, Scheme.VR_DOC, "VR DEMO DOC.0601")[0] == "number_form"
    assert refused(staff, demo, Scheme.VR_DOC, "VR 1")[0] == "number_form"


def test_a_treaty_with_a_wrong_number_is_not_registered(staff: User) -> None:
    with pytest.raises(Refused) as refusal:
        a_treaty(staff, numbers=[Number(Scheme.NUMAC, "817")])
    assert [blocker.field for blocker in refusal.value.blockers] == ["number"]
    assert not Treaty.objects.exists()
