"""How many sides an instrument has."""

from dataclasses import dataclass

import pytest

from treaties.choices import PartyKind
from treaties.sides import is_bilateral, sides


@dataclass(frozen=True)
class A:
    code: str
    kind: str = PartyKind.STATE


VG, VLG = A("X-BE-VG", PartyKind.BELGIAN_ENTITY), A("BE-VLG", PartyKind.BELGIAN_ENTITY)
WAL, BE, NL, FR = A("BE-WAL", PartyKind.BELGIAN_ENTITY), A("BE"), A("NL"), A("FR")


@pytest.mark.parametrize(
    ("parties", "count"),
    [
        ([], 0),
        ([VLG], 1),
        ([VG, VLG, NL], 2),
        ([VLG, WAL, FR], 3),  # each for its own part
        ([BE, VG, VLG, WAL, NL], 2),  # Belgium and its entities are one side
        ([NL, FR], 2),
        ([BE, NL, FR], 3),
    ],
)
def test_sides(parties: list[A], count: int) -> None:
    assert len(sides(parties)) == count
    assert is_bilateral(parties) is (count == 2)
