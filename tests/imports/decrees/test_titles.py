from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.decrees import titles
from tests.imports.decrees.rows import CLUSTER, INTRA, acts, decree

BENELUX = (
    "DECREET houdende goedkeuring van de Benelux-Overeenkomst inzake samenwerking, gedaan te Brussel op "
    "12 september 1986. (VERTALING)"
)
CHARTER = (
    "Decreet houdende instemming door de Vergadering van de Franse Gemeenschapscommissie met het herziene "
    "Europees Sociaal Handvest en met de Bijlage"
)
LABOUR = (
    "Decreet houdende instemming, wat betreft de materies waarvan de uitoefening door de Franse Gemeenschap is "
    "overgedragen, met het Verdrag nr. 128 betreffende uitkeringen, aangenomen te Genève op 29 juni 1967 (1)"
)
NVAO = "Decreet houdende goedkeuring en uitvoering van het verdrag inzake de accreditatie van opleidingen (1)"
TAX = (
    "Decreet houdende instemming met het Protocol<sup>o</sup>, gedaan te Berlijn op 23 juni 2009, tot wijziging "
    "van het Verdrag tussen het Koninkrijk België en Nederland"
)
TAX_TITLE = (
    "Protocolo, gedaan te Berlijn op 23 juni 2009, tot wijziging "
    "van het Verdrag tussen het Koninkrijk België en Nederland"
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (CLUSTER, "Verdrag inzake clustermunitie"),
        (BENELUX, "Benelux-Overeenkomst inzake samenwerking"),
        (CHARTER, "Herziene Europees Sociaal Handvest en met de Bijlage"),
        (LABOUR, "Verdrag nr. 128 betreffende uitkeringen"),
        (NVAO, "Verdrag inzake de accreditatie van opleidingen"),
        (TAX, TAX_TITLE),
    ],
)
def test_the_title_of_the_treaty(title: str, expected: str) -> None:
    (act,) = acts(title)
    assert (act.number, act.title) == (0, expected)


def test_the_columns_are_the_fact_of_a_decree_of_one_act() -> None:
    (act,) = acts(CLUSTER, signed_on="2008-12-03", place="Oslo", signed_basis="ondertekend")
    assert (act.signed_on, act.place, act.basis) == (date(2008, 12, 3), "Oslo", "ondertekend")


def test_of_several_places_the_one_of_the_day() -> None:
    title = (
        "Decreet houdende instemming met het Protocol, gedaan te Brussel op 17 mei 2010, tot wijziging van de "
        "Overeenkomst met Rwanda, en met het Protocol, ondertekend te Kigali op 16 april 2007"
    )
    (act,) = acts(title, signed_on="2010-05-17", place="Brussel|Kigali")
    assert act.place == "Brussel"
    (act,) = acts(CLUSTER, signed_on="2001-01-01", place="Brussel|Kigali")
    assert act.place == ""


def test_numbered_acts_each_have_their_own_signature() -> None:
    title = (
        "Decreet houdende instemming met : 1° de overeenkomst tussen het Koninkrijk België en San Marino, "
        "ondertekend te San Marino op 21 december 2005; 2° het protocol tot wijziging van de onder 1° vermelde "
        "overeenkomst, ondertekend te Brussel op 14 juli 2009 (1)"
    )
    first, second = acts(title, n_acts="2", signed_on="2005-12-21")
    assert (first.number, first.title) == (1, "Overeenkomst tussen het Koninkrijk België en San Marino")
    assert (first.signed_on, first.place) == (date(2005, 12, 21), "San Marino")
    assert (second.signed_on, second.place, second.basis) == (date(2009, 7, 14), "Brussel", "ondertekend")
    assert second.title == "Protocol tot wijziging van de Overeenkomst tussen het Koninkrijk België en San Marino"


def test_acts_that_follow_each_other_with_a_signature_each() -> None:
    title = (
        "Decreet houdende instemming met het verdrag tussen het Vlaams Gewest en het Koninkrijk der Nederlanden inzake "
        "de loodsgeldtarieven, ondertekend in Middelburg op 21 december 2005, het verdrag tussen het Vlaams Gewest en "
        "het Koninkrijk der Nederlanden inzake het nautisch beheer, ondertekend in Middelburg op 21 december 2005 (1)"
    )
    assert [act.title.rsplit(" ", 1)[1] for act in acts(title)] == ["loodsgeldtarieven", "beheer"]
    assert {act.place for act in acts(title)} == {"Middelburg"}


def test_a_second_day_of_one_signature_is_the_day() -> None:
    text = "Overeenkomst, ondertekend in Luxemburg op 16 juni 2011 en in Oslo op 21 juni 2011"
    assert titles.signed(text) == (date(2011, 6, 21), "Luxemburg / Oslo", "ondertekend")


@pytest.mark.parametrize(
    ("title", "changed", "code"),
    [
        ("Decreet houdende instemming met", {"title_truncated": "yes"}, "cut"),
        ("Decreet houdende goedkeuring van de volgende internationale akten : (1)", {}, "cut"),
        (INTRA, {}, "only_belgian"),
        (f"Decreet houdende instemming met het Verdrag {'x' * 2_000}", {}, "too_long"),
    ],
)
def test_titles_without_a_treaty(title: str, changed: dict[str, str], code: str) -> None:
    reading = titles.read(decree(title, **changed))
    assert (reading.acts, reading.refusal) == ((), code)


def test_a_treaty_with_belgian_and_other_parties_is_not_belgian_only() -> None:
    assert not titles.only_belgian(
        "verdrag tussen het Vlaamse Gewest, het Waalse Gewest en de Franse Republiek inzake de Leie"
    )
    assert titles.only_belgian("akkoord tussen de Franse Gemeenschap en het Waalse Gewest betreffende de scholen")


@given(st.text(max_size=300))
def test_any_title_is_read_or_refused(text: str) -> None:
    reading = titles.read(decree(f"Decreet houdende instemming met {text}"))
    assert bool(reading.acts) != bool(reading.refusal)
    assert all(act.title.strip() for act in reading.acts)
