"""The advisory councils a preliminary draft can be sent to: data, because their names and their existence change.

Only dates that could be read are here; an empty date is an unknown one. A jurist corrects them here.
"""

from dataclasses import dataclass
from datetime import date

from workflow.procedures.language import NO_TEXT, Text


@dataclass(frozen=True)
class Body:
    """A council. `valid_from` and `valid_until` are its first and last day as far as known; both days count."""

    code: str
    label: Text
    valid_from: date | None = None
    valid_until: date | None = None
    note: Text = NO_TEXT

    def valid_on(self, day: date) -> bool:
        """Whether it may have existed on `day`: an unknown date rules nothing out."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


_UNCONFIRMED = Text("Naam en bestaansduur zijn niet bevestigd.", "Its name and the time it existed are not confirmed.")
_REFORMED = Text(
    "Door het hervormingsdecreet van 2015 in een andere raad of een departement ingebed; de dag is niet bevestigd.",
    "Embedded in another council or a department by the reform decree of 2015; the day is not confirmed.",
)

ALL: tuple[Body, ...] = (
    Body(
        "sariv",
        Text(
            "Strategische Adviesraad internationaal Vlaanderen (SARiV)",
            "Strategic Advisory Council for International Flanders (SARiV)",
        ),
        valid_until=date(2014, 9, 22),
        note=Text(
            "Adviseerde niet meer na zijn laatste plenaire vergadering van 22 september 2014; afgeschaft door het hervormingsdecreet van 2015.",
            "Gave no advice after its last plenary of 22 September 2014; abolished by the reform decree of 2015.",
        ),
    ),
    Body(
        "serv", Text("Sociaal-Economische Raad van Vlaanderen (SERV)", "Social and Economic Council of Flanders (SERV)")
    ),
    Body("vlor", Text("Vlaamse Onderwijsraad (VLOR)", "Flemish Education Council (VLOR)")),
    Body("mora", Text("Mobiliteitsraad van Vlaanderen (MORA)", "Mobility Council of Flanders (MORA)")),
    Body(
        "minaraad",
        Text(
            "Milieu- en Natuurraad van Vlaanderen (Minaraad)", "Environment and Nature Council of Flanders (Minaraad)"
        ),
    ),
    Body(
        "salv",
        Text(
            "Strategische Adviesraad voor Landbouw en Visserij (SALV)",
            "Strategic Advisory Council for Agriculture and Fisheries (SALV)",
        ),
        note=_REFORMED,
    ),
    Body(
        "sarc",
        Text(
            "Strategische Adviesraad voor Cultuur, Jeugd, Sport en Media (SARC)",
            "Strategic Advisory Council for Culture, Youth, Sport and Media (SARC)",
        ),
        note=_REFORMED,
    ),
    Body(
        "sarwgg",
        Text(
            "Strategische Adviesraad Welzijn, Gezondheid en Gezin (SARWGG)",
            "Strategic Advisory Council for Welfare, Health and Family (SARWGG)",
        ),
        note=Text(
            "Later de Vlaamse Raad WVG; de dag van de overgang is niet bevestigd.",
            "Later the Flemish Council WVG; the day it changed is not confirmed.",
        ),
    ),
    Body(
        "raad_wvg",
        Text(
            "Vlaamse Raad Welzijn, Volksgezondheid en Gezin (Vlaamse Raad WVG)",
            "Flemish Council for Welfare, Public Health and Family (Flemish Council WVG)",
        ),
        note=Text(
            "Voorheen de SARWGG; de dag van de overgang is niet bevestigd.",
            "Formerly the SARWGG; the day it changed is not confirmed.",
        ),
    ),
    Body(
        "saro",
        Text(
            "Strategische Adviesraad Ruimtelijke Ordening – Onroerend Erfgoed (SARO)",
            "Strategic Advisory Council for Spatial Planning and Immovable Heritage (SARO)",
        ),
        note=_UNCONFIRMED,
    ),
    Body("woonraad", Text("Vlaamse Woonraad", "Flemish Housing Council"), note=_REFORMED),
    Body(
        "vlabest",
        Text(
            "Vlaamse Adviesraad voor Bestuurszaken (VLABEST)",
            "Flemish Advisory Council for Administrative Affairs (VLABEST)",
        ),
        valid_until=date(2015, 6, 24),
        note=Text(
            "Het Vlaams Parlement stemde op 24 juni 2015 voor de afschaffing; de dag zelf van het einde is niet bevestigd.",
            "The Flemish Parliament voted for its abolition on 24 June 2015; the day it really ended is not confirmed.",
        ),
    ),
)
_BY_CODE = {body.code: body for body in ALL}


def get(code: str) -> Body | None:
    return _BY_CODE.get(code)


def valid_on(day: date) -> tuple[Body, ...]:
    """The councils that advice could be asked of on `day`, as far as known."""
    return tuple(body for body in ALL if body.valid_on(day))
