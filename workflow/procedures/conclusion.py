"""From the ratification by the Government of Flanders to the entry into force and the registration."""

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.decree import NEED_DECREE
from workflow.procedures.information import LETTER, objection_term
from workflow.procedures.language import Approved, Done, Need, Outcome, Step, Text, papers

RATIFICATION = Step(
    code="international_ratification",
    label=Text("Internationale ratificatie", "International ratification"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Een eigen beslissing van de Vlaamse Regering, los van de bekrachtiging van het decreet.",
        "A decision of its own of the Government of Flanders, apart from the sanction of the decree.",
    ),
    gate=True,
    evidence=papers(
        DocumentKind.MEMORANDUM, DocumentKind.RATIFICATION_ORDER, needed=(DocumentKind.RATIFICATION_ORDER,)
    ),
    needs=(NEED_DECREE,),
    leaves=ActKind.RATIFICATION,
    number=Scheme.VR_DOC,
    law=law.VCLT_11,
    per_treaty=True,
    held_up=True,
)

INFORMATION_RATIFICATION = Step(
    code="information_ratification",
    label=Text("Federale overheid geïnformeerd: ratificatie", "Federal government informed: ratification"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.MINISTER,
    help=LETTER,
    needs=(
        Need(
            "ratified",
            Approved("international_ratification"),
            Text(
                "De Vlaamse Regering heeft nog niet tot ratificatie beslist.",
                "The Government of Flanders has not decided to ratify yet.",
            ),
        ),
    ),
    term=objection_term(),
    law=law.BWHI_81_1,
)

NOTIFICATION = Step(
    code="notification",
    label=Text("Vlaamse kennisgeving of uitwisseling van akten", "Flemish notification or exchange of instruments"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "De nota aan de andere partij, of het proces-verbaal van uitwisseling.",
        "The note to the other party, or the record of the exchange.",
    ),
    needs=(
        Need(
            "ratified",
            Approved("international_ratification"),
            Text(
                "De Vlaamse Regering heeft nog niet tot ratificatie beslist.",
                "The Government of Flanders has not decided to ratify yet.",
            ),
            law.VCLT_11,
        ),
        Need(
            "informed_ratification",
            Done("information_ratification"),
            Text(
                "De federale overheid moet vooraf geïnformeerd zijn over de ratificatie.",
                "The federal government must be informed of the ratification beforehand.",
            ),
            law.BWHI_81_1,
        ),
    ),
    outcomes=(
        Outcome("notified", Text("kennisgeving aan de andere partij", "notified to the other party")),
        Outcome("exchanged", Text("akten uitgewisseld", "instruments exchanged")),
        Outcome("deposited", Text("akte neergelegd bij de depositaris", "instrument deposited"), act=ActKind.DEPOSIT),
    ),
    outcome_optional=True,
    leaves=ActKind.NOTIFICATION,
    per_treaty=True,
    held_up=True,
)

PARTNER_NOTIFICATION = Step(
    code="partner_notification",
    label=Text("Kennisgeving van de andere partij", "Notification by the other party"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text("Noteer de datum van de nota van de andere partij.", "Enter the date of the other party’s note."),
    leaves=ActKind.NOTIFICATION,
    track=Track.INTERNATIONAL,
    repeatable=True,
    per_treaty=True,
)

ENTRY_INTO_FORCE = Step(
    code="entry_into_force",
    label=Text("Inwerkingtreding", "Entry into force"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "De dag volgens de slotbepaling van het verdrag; noteer hem zoals de bron hem geeft.",
        "The day under the final clause of the treaty; enter it as the source gives it.",
    ),
    needs=(
        Need(
            "notified",
            Done("notification"),
            Text("De Vlaamse kennisgeving is nog niet gebeurd.", "The Flemish notification has not been made yet."),
            law.VCLT_24,
        ),
        Need(
            "partner_notified",
            Done("partner_notification"),
            Text(
                "De andere partij heeft nog geen kennisgeving gedaan.",
                "The other party has not given its notification yet.",
            ),
            law.VCLT_24,
        ),
    ),
    leaves=ActKind.ENTRY_INTO_FORCE,
    law=law.VCLT_24,
    repeatable=True,
    per_treaty=True,
)

REGISTERED_UN = Step(
    code="registered_un",
    label=Text("Registratie bij de Verenigde Naties", "Registration with the United Nations"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text("Via de FOD Buitenlandse Zaken.", "Through the Federal Public Service Foreign Affairs."),
    needs=(
        Need(
            "in_force",
            Done("entry_into_force"),
            Text("Het verdrag is nog niet in werking getreden.", "The treaty has not entered into force yet."),
            law.UN_CHARTER_102,
        ),
    ),
    number=Scheme.UNTS,
    track=Track.PUBLICATION,
    law=law.UN_CHARTER_102,
    optional=True,
)
