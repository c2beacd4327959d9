"""Which party a name means."""

from datetime import date

import pytest

from imports.matching import Matcher
from imports.models import PartySpelling
from treaties.models import Party

pytestmark = pytest.mark.usefixtures("reference_data")


def codes(text: str, on: date | None = None) -> list[str]:
    matcher = Matcher()
    return [matcher.parties[pk].code for pk in matcher.cell(text, "parties", on).parties]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NLD;FRA", ["NL", "FR"]),
        ("belgie ; PAYS-BAS", ["BE", "NL"]),
        ("Korea, Republic of", ["KR"]),
        ("KOREA REPUBLIC OF", ["KR"]),
        ("NETHERLANDS THE", ["NL"]),
        ("France\nGermany", ["FR", "DE"]),
        ("EUE", ["X-EU"]),
        ("ALG", ["DZ"]),
        ("SOVIET UNION", ["SUHH"]),
        ("Georgia", ["GE"]),
        ("BELGO-LUXEMBOURG ECONOMIC UNION", ["BE", "LU"]),
        ("BLEU; LUX", ["BE", "LU"]),
    ],
)
def test_a_party_is_known_by_code_and_by_every_name(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_a_former_name_is_the_party_of_today_and_a_former_state_itself() -> None:
    assert codes("Zaire", date(1980, 1, 1)) == codes("Zaire") == ["CD"]
    assert codes("British Honduras") == ["BZ"]
    assert codes("AUSTRIA-HUNGARY", date(1900, 1, 1)) == ["X-AUSTRIA-HUNGARY"]
    assert codes("SWEDEN AND NORWAY") == ["X-SWEDEN-NORWAY"]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("KOR - PRK", "KOR; PRK"),
        ("CHE FRA", "CHE; FRA"),
        ("MEXICOVENEZUELA", "MEXICO; VENEZUELA"),
        ("Albania, Korea, Republic of", "Albania; Korea, Republic of"),
    ],
)
def test_several_in_one_are_refused_with_the_list_they_probably_are(text: str, split: str) -> None:
    (problem,) = Matcher().cell(text, "parties").problems
    assert (problem.code, problem.suggestion) == ("several_in_one", split)


@pytest.mark.parametrize("text", ["ATLANTIS AND MU", "ATLANTIS-MU", "New Atlantis", "Atlantis"])
def test_what_only_looks_like_several_is_not_known(text: str) -> None:
    (problem,) = Matcher().cell(text, "parties").problems
    assert problem.code == "unknown_party"
    assert text in problem.sentence


def test_an_unknown_party_is_told_with_what_it_is_like() -> None:
    (problem,) = Matcher().cell("Belgum", "parties").problems
    assert problem.suggestion == "België"
    assert "België" in problem.remedy


def test_what_can_be_two_is_refused() -> None:
    (problem,) = Matcher().cell("EC", "parties").problems
    assert problem.code == "doubtful_party"
    assert "Ecuador (ECU)" in problem.sentence


def test_unknown_parties_can_be_noted() -> None:
    matched = Matcher().cell("FRA; Atlantis; EC", "parties", note_unknown=True)
    assert (len(matched.parties), matched.unknown, matched.problems) == (1, ["Atlantis", "EC"], [])


def test_a_name_is_known_only_once_it_was_explained() -> None:
    assert codes("Brasil grande") == []
    assert not PartySpelling.objects.exists()
    assert Party.objects.filter(code="BR").exists()
