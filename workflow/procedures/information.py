"""The duty to inform the federal government, and what may follow from it (BWHI art. 81, §§ 1-4).

Beforehand, of the intention to negotiate and of every later legal act; 30 days for objections, which suspend the
procedure; 30 days for the conference; the suspension then ends by itself after 30 more, unless the King confirms it.
"""

from treaties.choices import Actor, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.language import (
    Answered,
    Either,
    Need,
    Not,
    Outcome,
    Step,
    Suspended,
    Suspension,
    Term,
    Text,
)

OBJECTION_DAYS, CONFERENCE_DAYS, END_DAYS = 30, 30, 30

LETTER = Text(
    "Een brief van de Vlaamse minister van Buitenlands Beleid aan de federale minister van Buitenlandse Zaken. "
    "Noteer de dag van ontvangst.",
    "A letter of the Flemish minister for Foreign Policy to the federal minister of Foreign Affairs. "
    "Enter the day it was received.",
)

SUSPENSION = Suspension(
    objection="federal_objection",
    finding="conference_finding",
    lifts="no_objection_remains",
    confirmation="suspension_confirmed",
    release="suspension_released",
    conference_days=CONFERENCE_DAYS,
    ends_after_days=END_DAYS,
    law=law.BWHI_81_2,
    law_of_conference=law.BWHI_81_3,
    law_of_confirmation=law.BWHI_81_4,
)

_NEED_SUSPENSION = Need(
    "suspended",
    Suspended(),
    Text("Er loopt geen schorsing.", "No suspension runs."),
    law.BWHI_81_3,
)


def objection_term(*answers: str) -> Term:
    """30 days after receipt, in which objections may be notified; `answers` end it early."""
    return Term(
        days=OBJECTION_DAYS,
        label=Text("Mogelijke bezwaren van de federale regering", "Possible objections of the federal government"),
        answered_by=(*answers, "federal_objection"),
        law=law.BWHI_81_2,
    )


def objections(*letters: str) -> tuple[Step, ...]:
    """The steps by which objections to one of the `letters` suspend the procedure, and by which that ends."""
    return (_objection(letters), CONFERENCE_FINDING, SUSPENSION_CONFIRMED, SUSPENSION_RELEASED)


def _objection(letters: tuple[str, ...]) -> Step:
    return Step(
        code="federal_objection",
        label=Text("Bezwaar van de federale Ministerraad", "Objection of the federal Council of Ministers"),
        stage=Stage.NEGOTIATION,
        actor=Actor.FEDERAL,
        help=Text(
            "Meegedeeld aan de Vlaamse Regering en aan de voorzitter van de ICBB, binnen 30 dagen na ontvangst van de brief. "
            "Noteer de dag van de mededeling: die schorst de procedure.",
            "Notified to the Government of Flanders and to the chair of the Interministerial Conference, within 30 days after "
            "the letter was received. Enter the day of the notification: it suspends the procedure.",
        ),
        needs=(
            Need(
                "objection_term",
                Either(tuple(Not(Answered(letter)) for letter in letters)),
                Text(
                    "Er loopt geen termijn waarin de federale regering bezwaren kan meedelen.",
                    "No term runs in which the federal government may notify objections.",
                ),
                law.BWHI_81_2,
            ),
        ),
        term=Term(
            days=CONFERENCE_DAYS,
            label=Text(
                "Beslissing van de ICBB bij consensus", "Decision of the Interministerial Conference by consensus"
            ),
            answered_by=("conference_finding",),
            law=law.BWHI_81_3,
        ),
        track=Track.INFORMATION,
        law=law.BWHI_81_2,
        optional=True,
        repeatable=True,
    )


CONFERENCE_FINDING = Step(
    code="conference_finding",
    label=Text("Bevinding van de ICBB over het bezwaar", "Finding of the Interministerial Conference on the objection"),
    stage=Stage.NEGOTIATION,
    actor=Actor.CONFERENCE,
    help=Text(
        "Stelt de ICBB vast dat er geen bezwaar meer is, dan eindigt de schorsing die dag. Zonder consensus loopt zij door.",
        "When the Conference finds that no objection remains, the suspension ends that day. Without consensus it goes on.",
    ),
    needs=(_NEED_SUSPENSION,),
    outcomes=(
        Outcome("no_objection_remains", Text("er is geen bezwaar meer", "no objection remains")),
        Outcome("no_consensus", Text("geen consensus", "no consensus")),
    ),
    track=Track.INFORMATION,
    law=law.BWHI_81_3,
    optional=True,
    repeatable=True,
)

SUSPENSION_CONFIRMED = Step(
    code="suspension_confirmed",
    label=Text("Schorsing bevestigd door de Koning", "Suspension confirmed by the King"),
    stage=Stage.NEGOTIATION,
    actor=Actor.KING,
    help=Text(
        "Bij een met redenen omkleed en in de Ministerraad overlegd koninklijk besluit, binnen 30 dagen na de termijn van de ICBB, "
        "en alleen op een van de vier gronden van de wet.",
        "By a reasoned royal decree deliberated in the Council of Ministers, within 30 days after the term of the Conference, "
        "and only on one of the four grounds of the law.",
    ),
    needs=(
        Need(
            "suspended",
            Suspended(),
            Text("Er loopt geen schorsing die bevestigd kan worden.", "No suspension runs that could be confirmed."),
            law.BWHI_81_4,
        ),
        Need(
            "conference_term",
            Answered("federal_objection"),
            Text(
                "De ICBB heeft nog niet beslist en haar termijn loopt nog.",
                "The Conference has not decided yet and its term still runs.",
            ),
            law.BWHI_81_4,
        ),
    ),
    outcomes=(
        Outcome("not_recognised", Text("1° partner niet erkend door België", "1° partner not recognised by Belgium")),
        Outcome("no_relations", Text("2° geen diplomatieke betrekkingen", "2° no diplomatic relations")),
        Outcome(
            "relations_broken",
            Text(
                "3° betrekkingen verbroken, opgeschort of ernstig verstoord",
                "3° relations broken off, suspended or seriously compromised",
            ),
        ),
        Outcome(
            "contrary_to_obligations",
            Text(
                "4° strijdig met internationale of supranationale verplichtingen",
                "4° contrary to international or supranational obligations",
            ),
        ),
    ),
    track=Track.INFORMATION,
    law=law.BWHI_81_4,
    optional=True,
    repeatable=True,
)

SUSPENSION_RELEASED = Step(
    code="suspension_released",
    label=Text("Bevestigde schorsing opgeheven", "Confirmed suspension lifted"),
    stage=Stage.NEGOTIATION,
    actor=Actor.KING,
    help=Text("Noteer het besluit dat haar opheft.", "Enter the decree that lifts it."),
    needs=(
        Need(
            "suspended",
            Suspended(confirmed=True),
            Text("Er loopt geen bevestigde schorsing.", "No confirmed suspension runs."),
            law.BWHI_81_4,
        ),
    ),
    track=Track.INFORMATION,
    law=law.BWHI_81_4,
    optional=True,
    repeatable=True,
)
