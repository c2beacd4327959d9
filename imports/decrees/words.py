"""What is written into the register, in Dutch: the language of its records and of the decrees."""

from django.utils import translation

from imports.decrees.reading import Decree
from treaties.dates import PartialDate

# Code of the file → the parliament's entity in the register; Flanders has no code of its own there.
ENTITIES = {
    "flemish": "",
    "walloon": "BE-WAL",
    "french-community": "X-BE-FG",
    "german-speaking": "X-BE-DG",
    "cocof": "X-BE-COCOF",
}
_WHOSE = {
    "flemish": "Vlaams decreet",
    "walloon": "decreet van het Waalse Gewest",
    "french-community": "decreet van de Franse Gemeenschap",
    "german-speaking": "decreet van de Duitstalige Gemeenschap",
    "cocof": "decreet van de Franse Gemeenschapscommissie",
}
# Why events are recorded although the steps before them are not there.
DESPITE = "Gereconstrueerd uit de metagegevens van het Belgisch Staatsblad; eerdere stappen staan er niet in."
REQUIRED = "Het Belgisch Staatsblad bevat het instemmingsdecreet; of de instemming vereist was, zegt het niet."
RECONSTRUCTED = (
    "Samengesteld uit de titels van instemmingsdecreten in het Belgisch Staatsblad. Federale wetten en Brusselse "
    "ordonnanties staan niet in die gegevens, evenmin als bekrachtiging en inwerkingtreding. Wie bevoegd is, is niet "
    "vastgesteld."
)


def whose(decree: Decree, number: int = 0) -> str:
    """`Vlaams decreet van 8 mei 2009, akte 2`."""
    with translation.override("nl"):
        day = str(PartialDate(decree.decree_date))
    art138 = " (artikel 138 van de Grondwet)" if decree.is_art138 else ""
    return f"{_WHOSE[decree.entity]}{art138} van {day}" + (f", akte {number}" if number else "")


def title_of(decree: Decree) -> str:
    """The whole title of a decree, as a note with the fact that comes from it."""
    return f"Titel van het decreet: {decree.title}"[:3_900]


def not_found(unknown: tuple[str, ...]) -> str:
    return f"In de titel genoemd, maar niet als partij herkend: {'; '.join(unknown)}."[:2_000] if unknown else ""
