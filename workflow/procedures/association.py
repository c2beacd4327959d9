"""The federal treaty with which the region governments must be associated (BWHI art. 6, § 4, 3°).

The treaty is federal: the federal government signs it and the Chamber assents (Constitution art. 167, § 2). In some
matters, road transport for example, the governments of the regions must be associated with it. That is a substantial
formality; there is no Flemish decree. How early they must be associated is not read in the law itself: the register
expects it before the signature.
"""

from dataclasses import replace

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.procedures import law
from workflow.procedures.closing import ENDED, NOTICE_PUBLISHED, TEXT_PUBLISHED
from workflow.procedures.language import Approved, Done, Need, Procedure, Step, Text, papers
from workflow.procedures.moves import HOLD, PAUSE, requalified
from workflow.procedures.opening import INITIATIVE

ASSOCIATION_REQUESTED = Step(
    code="association_requested",
    label=Text("Federale vraag om betrokken te worden", "Federal request to be associated"),
    stage=Stage.NEGOTIATION,
    actor=Actor.FEDERAL,
    help=Text(
        "De federale regering legt het ontwerpverdrag voor; noteer de dag van ontvangst. De wet noemt geen termijn.",
        "The federal government submits the draft treaty; enter the day it was received. The law names no term.",
    ),
    needs=(
        Need(
            "initiative",
            Done("initiative"),
            Text("Het initiatief is nog niet vastgelegd.", "The initiative has not been recorded yet."),
        ),
    ),
    law=law.BWHI_6_4_3,
)

POSITION = Step(
    code="flemish_position",
    label=Text("Standpunt van de Vlaamse Regering", "Position of the Government of Flanders"),
    stage=Stage.NEGOTIATION,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering bepaalt haar standpunt over het federale ontwerpverdrag.",
        "The Government of Flanders determines its position on the federal draft treaty.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.TREATY_TEXT, needed=(DocumentKind.TREATY_TEXT,)),
    needs=(
        Need(
            "association_requested",
            Done("association_requested"),
            Text(
                "De federale regering heeft nog niets voorgelegd.",
                "The federal government has not submitted anything yet.",
            ),
            law.BWHI_6_4_3,
        ),
    ),
    number=Scheme.VR_DOC,
    law=law.BWHI_6_4_3,
)

ASSOCIATION_DONE = Step(
    code="association_done",
    label=Text("Vlaamse Regering betrokken", "Government of Flanders associated"),
    stage=Stage.NEGOTIATION,
    actor=Actor.MINISTER,
    help=Text(
        "Het standpunt is meegedeeld of op het overleg ingebracht: noteer die dag. Een substantieel vormvereiste.",
        "The position was notified or put forward in consultation: enter that day. A substantial formality.",
    ),
    needs=(
        Need(
            "flemish_position",
            Approved("flemish_position"),
            Text(
                "De Vlaamse Regering heeft haar standpunt nog niet bepaald.",
                "The Government of Flanders has not determined its position yet.",
            ),
            law.BWHI_6_4_3,
        ),
    ),
    law=law.BWHI_6_4_3,
)

FEDERAL_SIGNATURE = Step(
    code="signature",
    label=Text("Ondertekening door de federale overheid", "Signature by the federal government"),
    stage=Stage.SIGNING,
    actor=Actor.FEDERAL,
    help=Text(
        "Datum en plaats, zoals de federale overheid ze meedeelt.",
        "Date and place, as the federal government gives them.",
    ),
    needs=(
        Need(
            "association_done",
            Done("association_done"),
            Text(
                "De Vlaamse Regering is nog niet bij het verdrag betrokken: dat is een substantieel vormvereiste.",
                "The Government of Flanders has not been associated yet: that is a substantial formality.",
            ),
            law.BWHI_6_4_3,
        ),
    ),
    leaves=ActKind.SIGNATURE,
    law=law.CONSTITUTION_167_2,
    repeatable=True,
    per_treaty=True,
)

FEDERAL_ASSENT = Step(
    code="federal_assent",
    label=Text("Federale instemming", "Federal assent"),
    stage=Stage.ASSENT,
    actor=Actor.FEDERAL,
    help=Text(
        "De wet waarmee de Kamer (vóór 2014: Kamer en Senaat) instemt. Het Vlaams Parlement stemt niet.",
        "The act by which the Chamber (before 2014: both Houses) assents. The Flemish Parliament does not vote.",
    ),
    needs=(
        Need(
            "signature",
            Done("signature"),
            Text("Het verdrag is nog niet ondertekend.", "The treaty has not been signed yet."),
        ),
    ),
    leaves=ActKind.ASSENT,
    law=law.CONSTITUTION_167_2,
    per_treaty=True,
)

NEED_FEDERAL_ASSENT = Need(
    "federal_assent",
    Done("federal_assent"),
    Text("Het federale parlement heeft nog niet ingestemd.", "The federal parliament has not assented yet."),
    law.CONSTITUTION_167_2,
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
    needs=(NEED_FEDERAL_ASSENT,),
    leaves=ActKind.ENTRY_INTO_FORCE,
    law=law.VCLT_24,
    repeatable=True,
    per_treaty=True,
)

ASSOCIATION = Procedure(
    code="association",
    version=1,
    label=Text("Federaal verdrag met betrokkenheid van de gewesten", "Federal treaty with association of the regions"),
    help=Text(
        "De federale overheid sluit het verdrag; de gewestregeringen moeten erbij betrokken worden. Er komt geen Vlaams decreet.",
        "The federal government concludes the treaty; the governments of the regions must be associated. There is no Flemish decree.",
    ),
    law=law.BWHI_6_4_3,
    pause=PAUSE,
    steps=(
        INITIATIVE,
        ASSOCIATION_REQUESTED,
        requalified("association_requested", law_of_it=law.BWHI_6_4_3),
        POSITION,
        ASSOCIATION_DONE,
        FEDERAL_SIGNATURE,
        FEDERAL_ASSENT,
        ENTRY_INTO_FORCE,
        replace(
            TEXT_PUBLISHED,
            help=Text(
                "De federale overheid maakt de tekst van het verdrag bekend; noteer het NUMAC-nummer.",
                "The federal government publishes the text of the treaty; enter the NUMAC number.",
            ),
            needs=(NEED_FEDERAL_ASSENT,),
        ),
        NOTICE_PUBLISHED,
        *HOLD,
        ENDED,
    ),
)
