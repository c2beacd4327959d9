from dataclasses import dataclass
from datetime import date

import pytest

from treaties.choices import ActKind, Status
from treaties.dates import PartialDate, parse
from treaties.status import Standing, derive

ON = date(2026, 6, 1)


@dataclass(frozen=True)
class An:
    """An act in the fewest words."""

    kind: ActKind
    on: str = "2020-01-15"
    party_name: str = ""
    is_retracted: bool = False

    @property
    def when(self) -> PartialDate:
        return parse(self.on)


SIGNED = An(ActKind.SIGNATURE, "2019-05-02")
FORCE = An(ActKind.ENTRY_INTO_FORCE)


@pytest.mark.parametrize(
    ("acts", "status"),
    [
        ([], Status.IN_PREPARATION),
        ([An(ActKind.NEGOTIATION_OPENED), An(ActKind.TEXT_AGREED)], Status.IN_PREPARATION),
        # Signed is not in force, nor is what the parliaments or the King did.
        ([SIGNED], Status.SIGNED),
        ([SIGNED, An(ActKind.ASSENT), An(ActKind.DECREE), An(ActKind.DECREE_PUBLICATION)], Status.SIGNED),
        ([SIGNED, An(ActKind.RATIFICATION), An(ActKind.DEPOSIT), An(ActKind.NOTIFICATION)], Status.SIGNED),
        ([SIGNED, FORCE], Status.IN_FORCE),
        # Accession: in force without a signature.
        ([FORCE], Status.IN_FORCE),
        # Announced is not yet in force; on the day itself it is.
        ([SIGNED, An(ActKind.ENTRY_INTO_FORCE, "2026-06-02")], Status.SIGNED),
        ([SIGNED, An(ActKind.ENTRY_INTO_FORCE, "2026-06-01")], Status.IN_FORCE),
        ([SIGNED, An(ActKind.ENTRY_INTO_FORCE, "")], Status.SIGNED),
        # A year counts from its first day.
        ([An(ActKind.ENTRY_INTO_FORCE, "2026")], Status.IN_FORCE),
        ([An(ActKind.ENTRY_INTO_FORCE, "2026-07")], Status.IN_PREPARATION),
        ([SIGNED, An(ActKind.PROVISIONAL_APPLICATION)], Status.PROVISIONAL),
        ([SIGNED, An(ActKind.PROVISIONAL_APPLICATION), An(ActKind.PROVISIONAL_END, "2021-01-01")], Status.SIGNED),
        ([SIGNED, An(ActKind.PROVISIONAL_APPLICATION), An(ActKind.PROVISIONAL_END, "2027-01-01")], Status.PROVISIONAL),
        ([SIGNED, An(ActKind.PROVISIONAL_APPLICATION), FORCE], Status.IN_FORCE),
        # A notice of denunciation is not the end.
        ([SIGNED, FORCE, An(ActKind.DENUNCIATION, "2025-12-01")], Status.IN_FORCE),
        ([SIGNED, FORCE, An(ActKind.END, "2025-12-01")], Status.ENDED),
        ([SIGNED, FORCE, An(ActKind.END, "2027-01-01")], Status.IN_FORCE),
        ([SIGNED, An(ActKind.END, "2025-12-01")], Status.ENDED),
        # What was retracted never counts.
        ([An(ActKind.SIGNATURE, is_retracted=True)], Status.IN_PREPARATION),
        ([SIGNED, An(ActKind.ENTRY_INTO_FORCE, is_retracted=True)], Status.SIGNED),
        ([SIGNED, FORCE, An(ActKind.END, is_retracted=True)], Status.IN_FORCE),
        # An act for one party does not end it for all.
        ([SIGNED, FORCE, An(ActKind.END, party_name="Nederland")], Status.IN_FORCE),
        ([FORCE, An(ActKind.END, "2021", "Nederland"), An(ActKind.END, "2022")], Status.ENDED),
    ],
)
def test_the_status_of_a_treaty_follows_from_its_acts(acts: list[An], status: Status) -> None:
    assert derive(acts, ON).status == status


def test_the_order_in_which_acts_are_given_does_not_matter() -> None:
    acts = [SIGNED, FORCE, An(ActKind.END, "2025-12-01"), An(ActKind.PROVISIONAL_APPLICATION)]
    assert derive(acts, ON) == derive(acts[::-1], ON) == Standing(Status.ENDED, parse("2025-12-01"))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2019, 5, 1), Status.IN_PREPARATION),
        (date(2019, 5, 2), Status.SIGNED),
        (date(2020, 1, 14), Status.SIGNED),
        (date(2020, 1, 15), Status.IN_FORCE),
        (date(2024, 12, 31), Status.IN_FORCE),
        (date(2025, 1, 1), Status.ENDED),
    ],
)
def test_the_status_is_that_of_the_day_asked(day: date, status: Status) -> None:
    assert derive([SIGNED, FORCE, An(ActKind.END, "2025-01-01")], day).status == status


def test_an_mou_is_in_effect_never_in_force() -> None:
    assert derive([SIGNED, An(ActKind.EFFECT)], ON, is_treaty=False) == Standing(Status.IN_EFFECT, parse("2020-01-15"))
    assert derive([SIGNED, FORCE], ON, is_treaty=False).status == Status.IN_EFFECT


def test_in_force_says_since_when_as_precisely_as_known() -> None:
    assert derive([SIGNED, An(ActKind.ENTRY_INTO_FORCE, "1996-07")], ON).since == parse("1996-07")


def test_in_force_says_for_whom_where_the_source_does() -> None:
    acts = [An(ActKind.ENTRY_INTO_FORCE, "2016-11-04", "Canada"), An(ActKind.ENTRY_INTO_FORCE, "2017-05-06", "België")]
    assert derive(acts, ON) == Standing(Status.IN_FORCE, parse("2016-11-04"), ("Canada", "België"))
    assert derive(acts, date(2017, 1, 1)).whom == ("Canada",)


def test_in_force_as_a_whole_names_nobody() -> None:
    acts = [An(ActKind.ENTRY_INTO_FORCE, "2016-11-04"), An(ActKind.ENTRY_INTO_FORCE, "2017-05-06", "België")]
    assert derive(acts, ON).whom == ()


def test_a_party_that_left_is_no_longer_named() -> None:
    acts = [
        An(ActKind.ENTRY_INTO_FORCE, "2016", "Canada"),
        An(ActKind.ENTRY_INTO_FORCE, "2017", "België"),
        An(ActKind.END, "2020", "Canada"),
    ]
    assert derive(acts, ON) == Standing(Status.IN_FORCE, parse("2017"), ("België",))


def test_when_the_last_party_left_it_has_ended() -> None:
    acts = [An(ActKind.ENTRY_INTO_FORCE, "2016", "Canada"), An(ActKind.END, "2020", "Canada")]
    assert derive(acts, ON) == Standing(Status.ENDED, parse("2020"))


def test_ended_says_when_it_ended_as_a_whole() -> None:
    acts = [FORCE, An(ActKind.END, "2021", "Nederland"), An(ActKind.END, "2022")]
    assert derive(acts, ON).since == parse("2022")
