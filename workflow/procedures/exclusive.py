"""The exclusive treaty: matters of the Flemish Community, the Flemish Region or both.

Constitution art. 167, § 3: the Government of Flanders concludes it; it takes effect only after the
assent of the Flemish Parliament. BWHI art. 81, § 1: the federal government is informed beforehand
of every legal act towards its conclusion.
"""

from treaties.choices import ActKind, Actor, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.closing import (
    DECLARATION,
    ENDED,
    NOTICE_PUBLISHED,
    PROVISIONAL_APPLICATION,
    PROVISIONAL_END,
    TEXT_PUBLISHED,
)
from workflow.procedures.conclusion import (
    ENTRY_INTO_FORCE,
    INFORMATION_RATIFICATION,
    NOTIFICATION,
    PARTNER_NOTIFICATION,
    RATIFICATION,
    REGISTERED_UN,
)
from workflow.procedures.decree import from_principle_to_decree
from workflow.procedures.information import LETTER, SUSPENSION, objection_term, objections
from workflow.procedures.language import Answered, Done, Need, Procedure, Step, Text
from workflow.procedures.moves import HOLD, PAUSE, requalified, talks_reopened
from workflow.procedures.opening import (
    CONSENT_TO_SIGN,
    INITIATIVE,
    MANDATE,
    NEED_FULL_POWERS,
    NEED_MANDATE,
    SIGNATURE_CONFIRMED,
    TEXT_AGREED,
    signature,
)

INFORMATION_NEGOTIATION = Step(
    code="information_negotiation",
    label=Text("Federale overheid geïnformeerd: onderhandelingen", "Federal government informed: negotiations"),
    stage=Stage.NEGOTIATION,
    actor=Actor.MINISTER,
    help=LETTER,
    needs=(NEED_MANDATE,),
    term=objection_term("no_objection_negotiation"),
    law=law.BWHI_81_1,
)

NO_OBJECTION_NEGOTIATION = Step(
    code="no_objection_negotiation",
    label=Text("Federale regering heeft geen bezwaar: onderhandelingen", "No federal objection: negotiations"),
    stage=Stage.NEGOTIATION,
    actor=Actor.FEDERAL,
    help=Text(
        "Alleen als de federale regering vóór het einde van de termijn antwoordt dat zij geen bezwaar heeft.",
        "Only when the federal government answers before the end of the term that it has no objection.",
    ),
    needs=(
        Need(
            "informed",
            Done("information_negotiation"),
            Text("De federale overheid is nog niet geïnformeerd.", "The federal government has not been informed yet."),
            law.BWHI_81_1,
        ),
    ),
    track=Track.INFORMATION,
    law=law.BWHI_81_2,
    optional=True,
)

NEGOTIATION_OPENED = Step(
    code="negotiation_opened",
    label=Text("Onderhandelingen geopend", "Negotiations opened"),
    stage=Stage.NEGOTIATION,
    actor=Actor.NEGOTIATORS,
    help=Text("Noteer de dag van de eerste ronde.", "Enter the day of the first round."),
    needs=(
        NEED_MANDATE,
        Need(
            "informed",
            Done("information_negotiation"),
            Text(
                "De federale overheid moet vooraf geïnformeerd zijn over de onderhandelingen.",
                "The federal government must be informed of the negotiations beforehand.",
            ),
            law.BWHI_81_1,
        ),
        Need(
            "objection_term",
            Answered("information_negotiation"),
            Text(
                "De termijn waarin de federale regering bezwaren kan meedelen loopt nog.",
                "The term in which the federal government may notify objections still runs.",
            ),
            law.BWHI_81_2,
        ),
    ),
    leaves=ActKind.NEGOTIATION_OPENED,
    law=law.CONSTITUTION_167_3,
    held_up=True,
)

INFORMATION_SIGNATURE = Step(
    code="information_signature",
    label=Text("Federale overheid geïnformeerd: ondertekening", "Federal government informed: signature"),
    stage=Stage.SIGNING,
    actor=Actor.MINISTER,
    help=LETTER,
    needs=(NEED_FULL_POWERS,),
    # A new term for every act can be argued: it runs and may draw objections, and holds nothing up by itself.
    term=objection_term(),
    law=law.BWHI_81_1,
)

SIGNATURE = signature(
    NEED_FULL_POWERS,
    Need(
        "informed_signature",
        Done("information_signature"),
        Text(
            "De federale overheid moet vooraf geïnformeerd zijn over de ondertekening.",
            "The federal government must be informed of the signature beforehand.",
        ),
        law.BWHI_81_1,
    ),
)

EXCLUSIVE = Procedure(
    code="exclusive",
    version=1,
    label=Text("Exclusief verdrag", "Exclusive treaty"),
    help=Text(
        "Vlaanderen is alleen bevoegd. De Vlaamse Regering sluit het verdrag; de federale overheid wordt geïnformeerd.",
        "Flanders alone is competent. The Government of Flanders concludes the treaty; the federal government is informed.",
    ),
    law=law.CONSTITUTION_167_3,
    suspension=SUSPENSION,
    pause=PAUSE,
    steps=(
        INITIATIVE,
        MANDATE,
        INFORMATION_NEGOTIATION,
        NO_OBJECTION_NEGOTIATION,
        *objections("information_negotiation", "information_signature", "information_ratification"),
        requalified("information_negotiation", law_of_it=law.BWHI_81_1),
        NEGOTIATION_OPENED,
        TEXT_AGREED,
        CONSENT_TO_SIGN,
        INFORMATION_SIGNATURE,
        talks_reopened("text_agreed", "consent_to_sign", "information_signature"),
        SIGNATURE,
        SIGNATURE_CONFIRMED,
        *from_principle_to_decree(),
        RATIFICATION,
        INFORMATION_RATIFICATION,
        NOTIFICATION,
        PARTNER_NOTIFICATION,
        PROVISIONAL_APPLICATION,
        PROVISIONAL_END,
        DECLARATION,
        ENTRY_INTO_FORCE,
        TEXT_PUBLISHED,
        NOTICE_PUBLISHED,
        REGISTERED_UN,
        *HOLD,
        ENDED,
    ),
)
