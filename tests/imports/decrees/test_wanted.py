from datetime import date

import pytest

from imports.decrees import wanted
from imports.decrees.grouping import Group
from tests.imports.decrees.rows import CLUSTER, KOREA, acts
from treaties.choices import ActKind, Kind, Qualification

UNION = {"laterality": "mixed-eu", "signed_on": "2010-05-10", "signed_basis": "gedaan"}
SCHELDT = (
    "Decreet houdende instemming met het verdrag tussen het Vlaams Gewest en het Koninkrijk der Nederlanden inzake {}"
)


def test_the_procedure_that_can_hold_what_is_known() -> None:
    """EU mixed where file and title say so; exclusive where only Flanders is named and assents; else mixed."""
    assert wanted.procedure(Group(acts(KOREA, **UNION))) == "eu_mixed"
    assert wanted.procedure(Group(acts(KOREA))) == "mixed"
    scheldt = acts(SCHELDT.format("de Schelde"))
    assert wanted.procedure(Group(scheldt)) == "exclusive"
    assert wanted.procedure(Group((*scheldt, *acts(CLUSTER, "2009205533", entity="walloon")))) == "mixed"


def test_the_qualification_is_not_concluded_from_decrees() -> None:
    assert wanted.record(Group(acts(SCHELDT.format("de Schelde"))), {}).qualification == Qualification.UNDETERMINED
    assert wanted.record(Group(acts(KOREA, **UNION)), {}).qualification == Qualification.EU_MIXED


@pytest.mark.parametrize(
    ("laterality", "basis", "kind"),
    [
        ("bilateral", "gedaan", ActKind.SIGNATURE),
        ("mixed-eu", "van", ActKind.SIGNATURE),
        ("multilateral", "ondertekend", ActKind.SIGNATURE),
        ("multilateral", "opgemaakt", ActKind.ADOPTION),
        ("multilateral", "aangenomen", ActKind.ADOPTION),
        ("bilateral", "aangenomen", ActKind.ADOPTION),
    ],
)
def test_the_day_of_a_text_is_not_the_day_it_was_signed(laterality: str, basis: str, kind: ActKind) -> None:
    changed = {"laterality": laterality, "signed_basis": basis, "signed_on": "2008-05-30", "place": "Dublin"}
    signing = wanted.signing(Group(acts(CLUSTER, **changed)))
    assert signing is not None
    assert (signing.kind, signing.day, signing.place) == (kind, date(2008, 5, 30), "Dublin")
    assert signing.note == f"Het decreet zegt: {basis} te Dublin op 30-05-2008."
    assert wanted.signing(Group(acts(CLUSTER))) is None


def test_the_flemish_words_are_the_title() -> None:
    group = Group(
        (*acts(CLUSTER, "2009205533", entity="walloon"), *acts(CLUSTER.replace("clustermunitie", "clusters")))
    )
    assert wanted.best_act(group).title == "Verdrag inzake clusters"


@pytest.mark.parametrize(
    ("column", "kind"),
    [("treaty", Kind.TREATY), ("exchange of letters", Kind.EXCHANGE_OF_LETTERS), ("other", Kind.TREATY)],
)
def test_the_kind_of_the_file_for_a_decree_of_one_act(column: str, kind: Kind) -> None:
    assert wanted.kind(acts(CLUSTER, kind=column)[0]) == kind


def test_the_kind_of_each_act_of_several() -> None:
    title = (
        "Decreet houdende instemming met : 1° de overeenkomst inzake lucht; 2° het slotprotocol bij die overeenkomst"
    )
    assert [wanted.kind(act) for act in acts(title, n_acts="2")] == [Kind.AGREEMENT, Kind.PROTOCOL]
