"""The work programme under a parent agreement: what the parties will do in the years it names.

No treaty: it carries out what the agreement arranged, and comes into effect without assent. Whether the Government of
Flanders must consent follows from what the wording binds it to; which programmes take a decision is not settled in a
text that could be read, so the gate opens by the finding of the wording check.
"""

from dataclasses import replace

from treaties.choices import Actor, RelationKind, Stage
from workflow.choices import Track
from workflow.procedures import mou
from workflow.procedures.language import Done, Need, Procedure, Step, Text
from workflow.procedures.moves import HOLD, PAUSE
from workflow.procedures.opening import INITIATIVE, NEED_PARENT

CONSENT = replace(
    mou.CONSENT,
    help=Text(
        "Nodig als het programma de regering politiek of financieel bindt. De precieze regel moet een jurist nog bevestigen: "
        "het nazicht van de tekst beslist.",
        "Needed when the programme binds the Government politically or financially. A jurist still has to confirm the exact rule: "
        "the wording check decides.",
    ),
)

_NEED_SIGNATURE = Need(
    "signature",
    Done("signature"),
    Text("Het programma is nog niet ondertekend.", "The programme has not been signed yet."),
)

EFFECT = replace(
    mou.EFFECT,
    help=Text(
        "Een programma treedt niet in werking; het krijgt uitwerking op de dag die erin staat.",
        "A programme does not enter into force; it comes into effect on the day it names.",
    ),
    needs=(_NEED_SIGNATURE,),
)

FOLLOW_UP = Step(
    code="follow_up",
    label=Text("Opvolging van het programma", "Follow-up of the programme"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Elke gemengde commissie, elk verslag of elke evaluatie apart.",
        "Each joint committee, report or evaluation apart.",
    ),
    needs=(
        Need(
            "effect",
            Done("effect"),
            Text("Het programma heeft nog geen uitwerking.", "The programme has not come into effect yet."),
        ),
    ),
    track=Track.INTERNATIONAL,
    optional=True,
    repeatable=True,
)

PROGRAMME = Procedure(
    code="programme",
    version=1,
    label=Text("Werkprogramma", "Work programme"),
    help=Text(
        "Voert een akkoord of memorandum uit voor een aantal jaren. Geen verdrag: geen instemming, wel opvolging.",
        "Carries out an agreement or memorandum for a number of years. Not a treaty: no assent, but follow-up.",
    ),
    pause=PAUSE,
    parents=(RelationKind.UNDER, RelationKind.IMPLEMENTS),
    steps=(
        INITIATIVE,
        replace(mou.DRAFT, needs=(*mou.DRAFT.needs, NEED_PARENT)),
        mou.WORDING_CHECK,
        CONSENT,
        mou.SIGNATURE,
        EFFECT,
        replace(mou.FILED, needs=(_NEED_SIGNATURE,)),
        FOLLOW_UP,
        *HOLD,
        mou.ENDED,
    ),
)
