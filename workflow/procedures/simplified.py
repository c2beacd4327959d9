"""The treaty in simplified form: an exchange of letters in exclusive matters.

The letter sent and the letter received conclude it together (Vienna Convention, art. 11: an exchange of instruments is
a means of consent); there is no separate ratification. It is a treaty all the same: it takes effect only after the
assent of the Flemish Parliament (Constitution art. 167, § 3), and the federal government is informed (BWHI art. 81).
"""

from dataclasses import replace

from treaties.choices import ActKind, Actor, Stage
from workflow.procedures import law
from workflow.procedures.closing import (
    DECLARATION,
    ENDED,
    NOTICE_PUBLISHED,
    PROVISIONAL_APPLICATION,
    PROVISIONAL_END,
    TEXT_PUBLISHED,
)
from workflow.procedures.conclusion import ENTRY_INTO_FORCE, NOTIFICATION, PARTNER_NOTIFICATION, REGISTERED_UN
from workflow.procedures.decree import NEED_DECREE, from_principle_to_decree
from workflow.procedures.exclusive import (
    INFORMATION_NEGOTIATION,
    INFORMATION_SIGNATURE,
    NEGOTIATION_OPENED,
    NO_OBJECTION_NEGOTIATION,
)
from workflow.procedures.information import SUSPENSION, objections
from workflow.procedures.language import Done, Need, Procedure, Step, Text
from workflow.procedures.moves import HOLD, PAUSE, requalified, talks_reopened
from workflow.procedures.opening import CONSENT_TO_SIGN, INITIATIVE, MANDATE, NEED_FULL_POWERS, TEXT_AGREED

LETTER_SENT = Step(
    code="letter_sent",
    label=Text("Vlaamse brief verzonden", "Flemish letter sent"),
    stage=Stage.SIGNING,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De ondertekende brief aan de andere partij; noteer de dag die erop staat. Vraag in de brief voorbehoud voor de instemming.",
        "The signed letter to the other party; enter the day it bears. Let the letter reserve the assent.",
    ),
    needs=(
        NEED_FULL_POWERS,
        Need(
            "informed_signature",
            Done("information_signature"),
            Text(
                "De federale overheid moet vooraf geïnformeerd zijn over de briefwisseling.",
                "The federal government must be informed of the exchange of letters beforehand.",
            ),
            law.BWHI_81_1,
        ),
    ),
    leaves=ActKind.SIGNATURE,
    law=law.VCLT_11,
    per_treaty=True,
    held_up=True,
)

LETTER_RECEIVED = Step(
    code="letter_received",
    label=Text("Brief van de andere partij ontvangen", "Letter of the other party received"),
    stage=Stage.SIGNING,
    actor=Actor.PARTNER,
    help=Text(
        "De andere partij kan ook eerst geschreven hebben. Noteer de dag die op de brief staat; samen sluiten de brieven het verdrag.",
        "The other party may have written first. Enter the day the letter bears; together the letters conclude the treaty.",
    ),
    leaves=ActKind.SIGNATURE,
    law=law.VCLT_11,
    repeatable=True,
    per_treaty=True,
)

NEED_SENT = Need(
    "letter_sent",
    Done("letter_sent"),
    Text("De Vlaamse brief is nog niet verzonden.", "The Flemish letter has not been sent yet."),
    law.VCLT_11,
)
NEED_RECEIVED = Need(
    "letter_received",
    Done("letter_received"),
    Text(
        "De brief van de andere partij is nog niet ontvangen.",
        "The letter of the other party has not been received yet.",
    ),
    law.VCLT_11,
)

SIMPLIFIED = Procedure(
    code="simplified",
    version=1,
    label=Text("Verdrag in vereenvoudigde vorm: briefwisseling", "Treaty in simplified form: exchange of letters"),
    help=Text(
        "Twee brieven sluiten het verdrag; er is geen aparte ratificatie. Het Vlaams Parlement moet er wel mee instemmen.",
        "Two letters conclude the treaty; there is no separate ratification. The Flemish Parliament must assent all the same.",
    ),
    law=law.CONSTITUTION_167_3,
    suspension=SUSPENSION,
    pause=PAUSE,
    steps=(
        INITIATIVE,
        MANDATE,
        INFORMATION_NEGOTIATION,
        NO_OBJECTION_NEGOTIATION,
        *objections("information_negotiation", "information_signature"),
        requalified("information_negotiation", law_of_it=law.BWHI_81_1),
        NEGOTIATION_OPENED,
        TEXT_AGREED,
        CONSENT_TO_SIGN,
        replace(
            INFORMATION_SIGNATURE,
            label=Text(
                "Federale overheid geïnformeerd: briefwisseling", "Federal government informed: exchange of letters"
            ),
        ),
        talks_reopened("text_agreed", "consent_to_sign", "information_signature", concluded_by="letter_sent"),
        LETTER_SENT,
        LETTER_RECEIVED,
        *from_principle_to_decree(NEED_SENT, NEED_RECEIVED),
        # Only where the letters make the entry into force depend on it.
        replace(NOTIFICATION, needs=(NEED_DECREE,), optional=True),
        replace(PARTNER_NOTIFICATION, optional=True),
        PROVISIONAL_APPLICATION,
        PROVISIONAL_END,
        DECLARATION,
        replace(
            ENTRY_INTO_FORCE,
            help=Text(
                "De dag die de brieven noemen; voor Vlaanderen heeft het verdrag pas gevolg na de instemming.",
                "The day the letters name; for Flanders the treaty takes effect only after the assent.",
            ),
            needs=(NEED_DECREE, NEED_SENT, NEED_RECEIVED),
        ),
        TEXT_PUBLISHED,
        NOTICE_PUBLISHED,
        REGISTERED_UN,
        *HOLD,
        ENDED,
    ),
)
