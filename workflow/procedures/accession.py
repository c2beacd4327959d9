"""Accession to a treaty that others concluded, in matters of the Flemish Community, the Flemish Region or both.

Nobody signs: Flanders is bound by depositing its instrument of accession (Vienna Convention, art. 15), after the
assent of the Flemish Parliament (Constitution art. 167, § 3). BWHI art. 81 applies as to every exclusive treaty: the
federal government is informed beforehand of the intention and of the accession, and objections suspend.
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
from workflow.procedures.conclusion import ENTRY_INTO_FORCE, INFORMATION_RATIFICATION, RATIFICATION
from workflow.procedures.decree import from_principle_to_decree
from workflow.procedures.exclusive import INFORMATION_NEGOTIATION, NO_OBJECTION_NEGOTIATION
from workflow.procedures.information import SUSPENSION, objections
from workflow.procedures.language import Answered, Approved, Done, Need, Procedure, Step, Text
from workflow.procedures.moves import HOLD, PAUSE, requalified
from workflow.procedures.opening import INITIATIVE, MANDATE, NEED_MANDATE

MANDATE_TO_ACCEDE = replace(
    MANDATE,
    label=Text("Mandaat om toe te treden", "Mandate to accede"),
    help=Text(
        "De Vlaamse Regering beslist de toetreding tot het verdrag voor te bereiden.",
        "The Government of Flanders decides to prepare the accession to the treaty.",
    ),
)

FINAL_TEXT = Step(
    code="text_agreed",
    label=Text("Definitieve verdragstekst in het dossier", "Final text of the treaty on file"),
    stage=Stage.NEGOTIATION,
    actor=Actor.DEPARTMENT,
    help=Text(
        "De tekst zoals de depositaris hem bewaart, in de authentieke talen. Er valt niets meer te onderhandelen.",
        "The text as the depositary keeps it, in the authentic languages. There is nothing left to negotiate.",
    ),
    needs=(
        NEED_MANDATE,
        Need(
            "informed",
            Done("information_negotiation"),
            Text(
                "De federale overheid moet vooraf geïnformeerd zijn over het voornemen om toe te treden.",
                "The federal government must be informed of the intention to accede beforehand.",
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
    # Others adopted the text, earlier: the day it came on file is no act of the treaty.
    held_up=True,
)

NEED_FINAL_TEXT = Need(
    "text_agreed",
    Done("text_agreed"),
    Text("De definitieve tekst van het verdrag ontbreekt nog.", "The final text of the treaty is still missing."),
)

DECISION_TO_ACCEDE = replace(
    RATIFICATION,
    label=Text(
        "Beslissing tot toetreding (internationale ratificatie)", "Decision to accede (international ratification)"
    ),
    help=Text(
        "Een eigen beslissing van de Vlaamse Regering, los van de bekrachtiging van het decreet. Zij keurt de akte van toetreding goed.",
        "A decision of its own of the Government of Flanders, apart from the sanction of the decree. It approves the instrument of accession.",
    ),
    # What binds, and what the record gets, is the deposit.
    leaves=None,
    law=law.VCLT_15,
)

DEPOSIT = Step(
    code="deposit",
    label=Text("Akte van toetreding neergelegd", "Instrument of accession deposited"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Noteer de dag van de neerlegging bij de depositaris: daardoor is Vlaanderen gebonden.",
        "Enter the day of the deposit with the depositary: it is what binds Flanders.",
    ),
    needs=(
        Need(
            "ratified",
            Approved("international_ratification"),
            Text(
                "De Vlaamse Regering heeft nog niet tot de toetreding beslist.",
                "The Government of Flanders has not decided to accede yet.",
            ),
            law.VCLT_15,
        ),
        Need(
            "informed_ratification",
            Done("information_ratification"),
            Text(
                "De federale overheid moet vooraf geïnformeerd zijn over de toetreding.",
                "The federal government must be informed of the accession beforehand.",
            ),
            law.BWHI_81_1,
        ),
    ),
    leaves=ActKind.DEPOSIT,
    law=law.VCLT_15,
    per_treaty=True,
    held_up=True,
)

ACCESSION = Procedure(
    code="accession",
    version=1,
    label=Text("Toetreding tot een verdrag", "Accession to a treaty"),
    help=Text(
        "Het verdrag bestaat al en Vlaanderen is alleen bevoegd. Er wordt niet ondertekend: de akte van toetreding bindt.",
        "The treaty exists already and Flanders alone is competent. Nobody signs: the instrument of accession binds.",
    ),
    law=law.VCLT_15,
    suspension=SUSPENSION,
    pause=PAUSE,
    steps=(
        INITIATIVE,
        MANDATE_TO_ACCEDE,
        replace(
            INFORMATION_NEGOTIATION,
            label=Text(
                "Federale overheid geïnformeerd: voornemen om toe te treden",
                "Federal government informed: intention to accede",
            ),
        ),
        replace(
            NO_OBJECTION_NEGOTIATION,
            label=Text(
                "Federale regering heeft geen bezwaar: voornemen om toe te treden",
                "No federal objection: intention to accede",
            ),
        ),
        *objections("information_negotiation", "information_ratification"),
        requalified("information_negotiation", law_of_it=law.BWHI_81_1),
        FINAL_TEXT,
        *from_principle_to_decree(NEED_FINAL_TEXT, NEED_MANDATE),
        DECISION_TO_ACCEDE,
        replace(
            INFORMATION_RATIFICATION,
            label=Text("Federale overheid geïnformeerd: toetreding", "Federal government informed: accession"),
            needs=(DEPOSIT.needs[0],),
        ),
        DECLARATION,
        DEPOSIT,
        PROVISIONAL_APPLICATION,
        PROVISIONAL_END,
        replace(
            ENTRY_INTO_FORCE,
            help=Text(
                "De dag waarop het verdrag voor Vlaanderen in werking treedt; voor de wereld kan dat eerder geweest zijn.",
                "The day on which the treaty enters into force for Flanders; for the world it may have been earlier.",
            ),
            needs=(
                Need(
                    "deposited",
                    Done("deposit"),
                    Text(
                        "De akte van toetreding is nog niet neergelegd.",
                        "The instrument of accession has not been deposited yet.",
                    ),
                    law.VCLT_24,
                ),
            ),
        ),
        TEXT_PUBLISHED,
        NOTICE_PUBLISHED,
        *HOLD,
        ENDED,
    ),
)
