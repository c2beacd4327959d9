import pytest

from imports.decrees.partners import is_union_with_states, name_index, named, only_flemish, resolve
from tests.imports.decrees.rows import acts

NAMES = name_index(
    [
        ("BE", ["België", "Koninkrijk België"]),
        ("BO", ["Bolivia"]),
        ("BA", ["Bosnië en Herzegovina"]),
        ("CO", ["Colombia"]),
        ("PE", ["Peru"]),
        ("CG", ["Congo"]),
        ("KP", ["Korea"]),
        ("TW", ["Taiwan", "Republiek China"]),
        ("X1", ["Unie van alles"]),
        ("X2", ["Unie van alles"]),
    ]
)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("de Regering van de Republiek Bolivia", "BO"),
        ("Bosnië en Herzegovina", "BA"),
        ("de Zwitserse Bondsstaat", "CH"),
        ("de Democratische Republiek Congo", "CD"),
        ("het Koninkrijk der Nederlanden, anderzijds", "NL"),
        # One name of two parties, a name that is too short to tell, and one nobody bears: never guessed.
        ("de Unie van alles", ""),
        ("de Republiek Congo", ""),
        ("Korea", ""),
        ("de Andesgemeenschap", ""),
    ],
)
def test_a_name_is_known_in_full_or_not_at_all(words: str, code: str) -> None:
    assert resolve(words, NAMES) == code


def test_parties_as_the_title_names_them() -> None:
    title = (
        "Decreet houdende instemming met het Verdrag tussen de Vlaamse Gemeenschap, het Koninkrijk België, enerzijds, "
        "en Colombia en Peru en de Andesgemeenschap, anderzijds, inzake handel"
    )
    (act,) = acts(title, counterparty_text="Colombia en Peru; de Andesgemeenschap")
    found = named(act, NAMES)
    assert dict(found.parties) == {
        "BE": "Koninkrijk België",
        "X-BE-VG": "Vlaamse Gemeenschap",
        "CO": "Colombia",
        "PE": "Peru",
    }
    assert found.unknown == ("de Andesgemeenschap",)


def test_who_accedes_to_something_else_is_no_party() -> None:
    cell = "Bolivia naar aanleiding van de toetreding van de Republiek Oostenrijk; Peru"
    (act,) = acts(
        "Decreet houdende instemming met het Protocol bij de Overeenkomst met Bolivia", counterparty_text=cell
    )
    assert dict(named(act, NAMES).parties) == {"BO": "Bolivia"}


def test_the_sides_of_a_treaty() -> None:
    assert is_union_with_states("Akkoord tussen de Europese Unie en haar lidstaten, enerzijds, en Canada, anderzijds")
    assert not is_union_with_states("Akkoord tussen de Europese Unie en Canada")
    assert only_flemish("Verdrag tussen het Vlaams Gewest en het Koninkrijk der Nederlanden inzake de Schelde")
    assert only_flemish("Verdrag tussen de Vlaamse Gemeenschap in het Koninkrijk België en Nederland inzake cultuur")
    assert not only_flemish("Verdrag tussen het Vlaamse Gewest, het Waalse Gewest en Frankrijk inzake de Leie")
    assert not only_flemish(
        "Verdrag tussen het Koninkrijk België, de Vlaamse Gemeenschap en Rusland inzake vriendschap"
    )
