import re

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.factories import a_treaty
from treaties.references import ALPHABET, new_reference


def test_a_reference_is_its_letter_and_seven_characters_nobody_misreads() -> None:
    assert all(re.fullmatch(r"T[0-9A-HJKMNP-TV-Z]{7}", new_reference("T")) for _ in range(200))


def test_the_alphabet_is_crockfords() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_references_do_not_repeat_in_practice() -> None:
    assert len({new_reference("T") for _ in range(5_000)}) == 5_000


@pytest.mark.django_db
def test_the_database_refuses_a_double(staff: User) -> None:
    a_treaty(staff, reference="T0000001")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_treaty(staff, reference="T0000001")
