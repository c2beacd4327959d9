"""Columns are recognised by their names, in three languages."""

from imports.choices import ListKind
from imports.fields import suggest


def test_columns_are_recognised_by_their_names() -> None:
    assert suggest(ListKind.TREATIES, ["Titel", "Ondertekend op", "Inwerkingtreding", "Partijen", "Zomaar"]) == {
        "Titel": "title",
        "Ondertekend op": "signed_on",
        "Inwerkingtreding": "in_force_on",
        "Partijen": "parties",
    }
    assert suggest(ListKind.TREATIES, ["Titre", "Signé le", "Entrée en vigueur", "source_id", "title_nl"]) == {
        "Titre": "title",
        "Signé le": "signed_on",
        "Entrée en vigueur": "in_force_on",
        "source_id": "source_id",
        "title_nl": "title_nl",
    }


def test_each_field_is_recognised_once() -> None:
    assert suggest(ListKind.PARTICIPATION, ["treaty_title", "title", "party_iso3", "party"]) == {
        "treaty_title": "title",
        "party_iso3": "party_iso3",
        "party": "party",
    }
