from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaties.choices import CONSENTS_TO_BE_BOUND, ActKind, SignatureManner, Status
from treaties.dates import PartialDate, parse
from treaties.status import Standing, derive, per_party

ON = date(2026, 6, 1)


@dataclass(frozen=True)
class An:
    """An act in the fewest words."""

    kind: ActKind
    on: str = "2020-01-15"
    party_name: str = ""
    is_retracted: bool = False
    effect_on: str = ""
    territory_name: str = ""
    scope: str = ""
    manner: str = ""

    @property
    def when(self) -> PartialDate:
        return parse(self.on)

    @property
    def effect(self) -> PartialDate:
        return parse(self.effect_on)


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
    assert derive(acts, ON) == derive(acts[::-1], ON) == Standing(Status.ENDED, parse("2025-12-01"), by=ActKind.END)


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
    assert derive([SIGNED, An(ActKind.EFFECT)], ON, is_treaty=False) == Standing(
        Status.IN_EFFECT, parse("2020-01-15"), by=ActKind.EFFECT
    )
    assert derive([SIGNED, FORCE], ON, is_treaty=False).status == Status.IN_EFFECT


def test_in_force_says_since_when_as_precisely_as_known() -> None:
    assert derive([SIGNED, An(ActKind.ENTRY_INTO_FORCE, "1996-07")], ON).since == parse("1996-07")


def test_in_force_says_for_whom_where_the_source_does() -> None:
    acts = [An(ActKind.ENTRY_INTO_FORCE, "2016-11-04", "Canada"), An(ActKind.ENTRY_INTO_FORCE, "2017-05-06", "België")]
    assert derive(acts, ON) == Standing(
        Status.IN_FORCE, parse("2016-11-04"), ("Canada", "België"), ActKind.ENTRY_INTO_FORCE
    )
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
    assert derive(acts, ON) == Standing(Status.IN_FORCE, parse("2017"), ("België",), ActKind.ENTRY_INTO_FORCE)


def test_when_the_last_party_left_it_has_ended() -> None:
    acts = [An(ActKind.ENTRY_INTO_FORCE, "2016", "Canada"), An(ActKind.END, "2020", "Canada")]
    assert derive(acts, ON) == Standing(Status.ENDED, parse("2020"), by=ActKind.END)


def test_ended_says_when_it_ended_as_a_whole() -> None:
    acts = [FORCE, An(ActKind.END, "2021", "Nederland"), An(ActKind.END, "2022")]
    assert derive(acts, ON).since == parse("2022")


# --- The usual mistakes -----------------------------------------------------------------------------------------


def test_a_signature_is_not_an_entry_into_force() -> None:
    for manner in SignatureManner:
        assert derive([An(ActKind.SIGNATURE, manner=manner)], ON).status == Status.SIGNED


@pytest.mark.parametrize("kind", sorted(CONSENTS_TO_BE_BOUND))
def test_a_consent_to_be_bound_is_not_an_entry_into_force(kind: ActKind) -> None:
    acts = [SIGNED, An(kind, "2019-09-01", "Nederland", effect_on="2019-10-01"), An(ActKind.DEPOSIT, "2019-09-02")]
    assert derive(acts, ON).status == Status.SIGNED
    (one,) = per_party(acts, ON, ["Nederland"]).values()
    assert (one.standing.status, one.standing.by) == (Status.SIGNED, kind)


def test_assent_is_not_ratification() -> None:
    acts = [SIGNED, An(ActKind.ASSENT, "2019-09-01", "Nederland"), An(ActKind.DECREE, "2019-09-02", "Nederland")]
    assert derive(acts, ON).status == Status.SIGNED
    found = per_party(acts, ON, ["Nederland"])["Nederland"].standing
    assert (found.status, found.by) == (Status.SIGNED, ActKind.SIGNATURE)
    # Nor does it make a party one for which the treaty is in force.
    followed = [FORCE, An(ActKind.RATIFICATION, "2019-06", "Canada"), An(ActKind.ASSENT, "2019-06", "Nederland")]
    assert per_party(followed, ON, ["Nederland"])["Nederland"].standing.status == Status.UNKNOWN


def test_what_was_replaced_is_not_in_force() -> None:
    acts = [SIGNED, FORCE, An(ActKind.REPLACEMENT, "2022-03-01")]
    assert derive(acts, ON) == Standing(Status.ENDED, parse("2022-03-01"), by=ActKind.REPLACEMENT)
    assert derive(acts, date(2022, 2, 28)).status == Status.IN_FORCE
    assert per_party(acts, ON, ["Canada"])["Canada"].standing.status == Status.ENDED


@pytest.mark.parametrize(
    ("notice", "effect", "status"),
    [
        ("2020-12-01", "", Status.IN_FORCE),  # no date of effect: nobody knows when it ends
        ("2020-12-01", "2021-12-01", Status.ENDED),
        ("2020-12-01", "2026-06-01", Status.ENDED),
        ("2020-12-01", "2026-06-02", Status.IN_FORCE),
        ("", "2021-12-01", Status.ENDED),
        ("", "", Status.IN_FORCE),
        ("2026-06-02", "2021-12-01", Status.IN_FORCE),  # effective before a notice that is still to come
        ("2021-12-01", "2020-12-01", Status.ENDED),
    ],
)
def test_a_denunciation_ends_on_its_date_of_effect_only(notice: str, effect: str, status: Status) -> None:
    found = derive([SIGNED, FORCE, An(ActKind.DENUNCIATION, notice, effect_on=effect)], ON)
    assert found.status == status
    if status == Status.ENDED:
        assert (found.since, found.by) == (parse(effect), ActKind.DENUNCIATION)


def test_an_mou_is_never_in_force() -> None:
    acts = [SIGNED, FORCE, An(ActKind.RATIFICATION), An(ActKind.ENTRY_INTO_FORCE, party_name="Canada")]
    assert derive(acts, ON, is_treaty=False).status == Status.IN_EFFECT
    found = per_party(acts, ON, ["Canada", "Nederland"], is_treaty=False)
    assert Status.IN_FORCE not in {one.standing.status for one in found.values()}


# --- Denunciation, of two and of many ---------------------------------------------------------------------------

LEFT = An(ActKind.DENUNCIATION, "2020-12-01", "Canada", effect_on="2021-12-01")


def test_of_two_sides_one_that_leaves_ends_it_for_both() -> None:
    found = derive([FORCE, LEFT], ON, is_bilateral=True)
    assert found == Standing(Status.ENDED, parse("2021-12-01"), by=ActKind.DENUNCIATION)
    both = per_party([FORCE, LEFT], ON, ["Canada", "Nederland"], is_bilateral=True)
    assert {one.standing.status for one in both.values()} == {Status.ENDED}


def test_of_many_one_that_leaves_leaves_alone() -> None:
    assert derive([FORCE, LEFT], ON).status == Status.IN_FORCE
    found = per_party([FORCE, LEFT], ON, ["Canada", "Nederland", "Japan"])
    assert [found[name].standing.status for name in ("Canada", "Nederland", "Japan")] == [
        Status.ENDED, Status.IN_FORCE, Status.IN_FORCE,
    ]  # fmt: skip


def test_who_left_and_came_back_is_in_force_since_then() -> None:
    acts = [
        An(ActKind.ENTRY_INTO_FORCE, "2010", "Canada"),
        LEFT,
        An(ActKind.ENTRY_INTO_FORCE, "2024", "Canada"),
        An(ActKind.ENTRY_INTO_FORCE, "2011", "Japan"),
    ]
    assert derive(acts, date(2022, 1, 1)).whom == ("Japan",)
    assert set(derive(acts, ON).whom) == {"Japan", "Canada"}
    standing = per_party(acts, ON, ["Canada"])["Canada"].standing
    assert (standing.status, standing.since) == (Status.IN_FORCE, parse("2024"))


# --- In force in general, for a party, for a territory ----------------------------------------------------------


def test_a_general_entry_into_force_holds_for_all_where_nobody_is_followed_apart() -> None:
    found = per_party([SIGNED, FORCE], ON, ["Canada", "Japan", "Peru"])
    assert {one.standing for one in found.values()} == {
        Standing(Status.IN_FORCE, parse("2020-01-15"), by=ActKind.ENTRY_INTO_FORCE)
    }


def test_who_consents_later_is_not_in_force_by_the_general_date() -> None:
    """Vienna Convention, art. 24, § 3: Istanbul was in force in 2014, and not for who had only signed."""
    acts = [
        FORCE,
        An(ActKind.SIGNATURE, "2012", "Canada"),
        An(ActKind.RATIFICATION, "2019-12-01", "Japan"),
        An(ActKind.RATIFICATION, "2022", "Peru"),
        An(ActKind.SIGNATURE, "2019-01-01", "Chili", manner=SignatureManner.DEFINITIVE),
    ]
    found = per_party(acts, ON, ["Canada", "Japan", "Peru", "Chili", "India"])
    assert {name: one.standing.status for name, one in found.items()} == {
        "Canada": Status.SIGNED, "Japan": Status.IN_FORCE, "Peru": Status.UNKNOWN, "Chili": Status.IN_FORCE,
        "India": Status.UNKNOWN,
    }  # fmt: skip
    assert found["Peru"].standing.by == ActKind.RATIFICATION


def test_a_territory_does_not_put_the_party_itself_in_force() -> None:
    acts = [SIGNED, An(ActKind.ENTRY_INTO_FORCE, "2021", "Nederland", territory_name="Aruba")]
    assert derive(acts, ON) == Standing(
        Status.IN_FORCE, parse("2021"), ("Aruba (Nederland)",), ActKind.ENTRY_INTO_FORCE
    )
    found = per_party(acts, ON, ["Nederland"])["Nederland"]
    assert found.standing.status == Status.SIGNED
    assert found.territories["Aruba"].status == Status.IN_FORCE


def test_a_territory_ends_with_its_party_and_not_the_other_way_round() -> None:
    acts = [
        An(ActKind.ENTRY_INTO_FORCE, "2010", "Nederland"),
        An(ActKind.ENTRY_INTO_FORCE, "2012", "Nederland", territory_name="Aruba"),
        An(ActKind.END, "2020", "Nederland", territory_name="Aruba"),
    ]
    assert derive(acts, ON).whom == ("Nederland",)
    found = per_party(acts, ON, ["Nederland"], is_bilateral=True)["Nederland"]
    assert (found.standing.status, found.territories["Aruba"].status) == (Status.IN_FORCE, Status.ENDED)
    gone = [*acts[:2], An(ActKind.END, "2020", "Nederland")]
    assert per_party(gone, ON, ["Nederland"])["Nederland"].territories["Aruba"].status == Status.ENDED


# --- Provisional application, suspension, expiry, a part --------------------------------------------------------


def test_provisional_application_keeps_its_part_and_ends_for_whom_it_ends() -> None:
    acts = [
        SIGNED,
        An(ActKind.PROVISIONAL_APPLICATION, "2019-08-01", "Canada", scope="Title III"),
        An(ActKind.PROVISIONAL_APPLICATION, "2019-09-01", "Japan", scope="Title III"),
    ]
    assert derive(acts, ON) == Standing(
        Status.PROVISIONAL, parse("2019-08-01"), ("Canada", "Japan"), ActKind.PROVISIONAL_APPLICATION, "Title III"
    )
    acts.append(An(ActKind.PROVISIONAL_END, "2020", "Canada", effect_on="2020-06-01"))
    assert derive(acts, ON).whom == ("Japan",)
    assert derive(acts, date(2020, 5, 1)).whom == ("Canada", "Japan")
    assert derive([*acts, An(ActKind.PROVISIONAL_END, "2021")], ON).status == Status.SIGNED


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2020, 12, 31), Status.IN_FORCE),
        (date(2021, 1, 1), Status.SUSPENDED),
        (date(2022, 12, 31), Status.SUSPENDED),
        (date(2023, 1, 1), Status.IN_FORCE),
    ],
)
def test_a_suspension_lasts_until_its_end(day: date, status: Status) -> None:
    pause = An(ActKind.SUSPENSION, "2020-10-01", effect_on="2021-01-01")
    acts = [SIGNED, FORCE, pause, An(ActKind.SUSPENSION_END, "2023-01-01")]
    assert derive(acts, day).status == status
    assert per_party(acts, day, ["Canada"])["Canada"].standing.status == status


def test_a_suspension_of_one_party_is_of_that_party() -> None:
    acts = [
        An(ActKind.ENTRY_INTO_FORCE, "2010", "Canada"),
        An(ActKind.ENTRY_INTO_FORCE, "2011", "Japan"),
        An(ActKind.SUSPENSION, "2015", "Canada"),
    ]
    assert derive(acts, ON) == Standing(Status.IN_FORCE, parse("2011"), ("Japan",), ActKind.ENTRY_INTO_FORCE)
    assert derive(acts, ON, is_bilateral=True).status == Status.SUSPENDED
    every = [*acts, An(ActKind.SUSPENSION, "2016", "Japan")]
    assert derive(every, ON) == Standing(Status.SUSPENDED, parse("2015"), ("Canada", "Japan"), ActKind.SUSPENSION)
    assert derive([*every, An(ActKind.END, "2020")], ON).status == Status.ENDED


@pytest.mark.parametrize(
    ("renewals", "status"),
    [
        ([], Status.ENDED),
        ([An(ActKind.RENEWAL, "2024-12-31")], Status.IN_FORCE),
        ([An(ActKind.RENEWAL, "2024-06-30", effect_on="2025-01-01")], Status.IN_FORCE),
        ([An(ActKind.RENEWAL, "2019-12-31")], Status.ENDED),  # of the term before
        ([An(ActKind.RENEWAL, "2024-12-31", is_retracted=True)], Status.ENDED),
        ([An(ActKind.RENEWAL, "2027-01-01")], Status.ENDED),  # still to come
        ([An(ActKind.RENEWAL, "")], Status.ENDED),
    ],
)
def test_an_expiry_ends_it_unless_it_was_renewed(renewals: list[An], status: Status) -> None:
    assert derive([SIGNED, FORCE, An(ActKind.EXPIRY, "2024-12-31"), *renewals], ON).status == status


def test_the_next_expiry_is_not_moved_by_the_renewal_before_it() -> None:
    acts = [FORCE, An(ActKind.EXPIRY, "2021"), An(ActKind.RENEWAL, "2021-02"), An(ActKind.EXPIRY, "2025")]
    assert derive(acts, date(2024, 1, 1)).status == Status.IN_FORCE
    assert derive(acts, ON) == Standing(Status.ENDED, parse("2025"), by=ActKind.EXPIRY)


@pytest.mark.parametrize("kind", [ActKind.END, ActKind.SUSPENSION, ActKind.EXPIRY])
def test_what_concerns_a_part_leaves_the_rest_in_force(kind: ActKind) -> None:
    assert derive([FORCE, An(kind, "2021", scope="Annex II")], ON).status == Status.IN_FORCE


def test_in_force_for_a_part_says_which() -> None:
    part = An(ActKind.ENTRY_INTO_FORCE, "2019", scope="Part I")
    assert derive([part], ON).scope == "Part I"
    assert derive([part, FORCE], ON) == Standing(Status.IN_FORCE, parse("2020-01-15"), by=ActKind.ENTRY_INTO_FORCE)


# --- For any acts -----------------------------------------------------------------------------------------------

names = st.sampled_from(["", "Canada", "Japan"])
days = st.one_of(st.just(""), st.dates(date(2015, 1, 1), date(2030, 12, 31)).map(str), st.integers(2015, 2030).map(str))
some_acts = st.lists(
    st.builds(
        An,
        st.sampled_from(ActKind),
        days,
        names,
        st.booleans(),
        days,
        st.sampled_from(["", "", "Aruba"]),
        st.sampled_from(["", "", "Annex"]),
        st.sampled_from(["", *SignatureManner]),
    ),
    max_size=10,
)
later = st.dates(date(2026, 6, 2), date(2032, 1, 1)).map(str)


def all_of(acts: list[An], is_bilateral: bool) -> tuple[object, object]:
    return (
        derive(acts, ON, is_bilateral=is_bilateral),
        {
            name: one.standing
            for name, one in per_party(acts, ON, ["Canada", "Japan"], is_bilateral=is_bilateral).items()
        },
    )


@given(some_acts, st.booleans(), st.booleans())
@settings(max_examples=400)
def test_any_acts_have_a_status(acts: list[An], is_treaty: bool, is_bilateral: bool) -> None:
    found = derive(acts, ON, is_treaty=is_treaty, is_bilateral=is_bilateral)
    assert found.since is None or (found.since.on is not None and found.since.on <= ON)
    assert is_treaty or found.status != Status.IN_FORCE
    for one in per_party(acts, ON, ["Canada", "Japan"], is_treaty=is_treaty, is_bilateral=is_bilateral).values():
        assert is_treaty or one.standing.status != Status.IN_FORCE
        assert found.by not in {ActKind.END, ActKind.REPLACEMENT} or found.whom or one.standing.status != "in_force"


@given(some_acts, st.booleans(), some_acts, later)
@settings(max_examples=400)
def test_what_is_dated_later_changes_nothing_today(
    acts: list[An], is_bilateral: bool, more: list[An], when: str
) -> None:
    added = [replace(act, on=when) for act in more]
    assert all_of([*acts, *added], is_bilateral) == all_of(acts, is_bilateral)


@given(some_acts, st.booleans(), st.randoms())
def test_the_order_of_the_acts_never_matters_for_the_status(acts: list[An], is_bilateral: bool, random: Any) -> None:
    shuffled = random.sample(acts, len(acts))
    assert derive(shuffled, ON, is_bilateral=is_bilateral).status == derive(acts, ON, is_bilateral=is_bilateral).status
