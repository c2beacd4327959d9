"""The denunciation of a treaty: from the consent of the Government of Flanders to the day it ceases to have effect.

Who gives the notice depends on the treaty. Of a treaty of its own the Government. Of a treaty concluded before
18 May 1993 in what are now Flemish matters the King: in agreement with the governments concerned, and he must if they
ask him (Constitution art. 167, § 5). Of a mixed treaty the federal government, at the request of an entity (Cooperation
Agreement of 8 March 1994). The clause of the treaty says when it ends (Vienna Convention, art. 54-56).

Whether the Flemish Parliament must assent to a denunciation is disputed: the step is there, and nothing waits for it.
Whether the duty to inform of BWHI art. 81 covers it is not certain either: no term is computed.
"""

from dataclasses import replace

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.closing import NOTICE_PUBLISHED
from workflow.procedures.language import Approved, Done, Need, Outcome, Procedure, Step, Text, papers
from workflow.procedures.moves import HOLD, PAUSE
from workflow.procedures.opening import INITIATIVE

CONSENT = Step(
    code="consent_to_denounce",
    label=Text("Beslissing om op te zeggen", "Decision to denounce"),
    stage=Stage.ASSENT,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering beslist het verdrag op te zeggen, of de Koning of de federale regering daarom te verzoeken.",
        "The Government of Flanders decides to denounce the treaty, or to ask the King or the federal government to do so.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.TREATY_TEXT),
    needs=(
        Need(
            "initiative",
            Done("initiative"),
            Text("Het initiatief is nog niet vastgelegd.", "The initiative has not been recorded yet."),
        ),
    ),
    number=Scheme.VR_DOC,
    law=law.EVERY_STEP,
)

_NEED_CONSENT = Need(
    "consent_to_denounce",
    Approved("consent_to_denounce"),
    Text(
        "De Vlaamse Regering heeft nog niet beslist het verdrag op te zeggen.",
        "The Government of Flanders has not decided to denounce the treaty yet.",
    ),
    law.EVERY_STEP,
)

INFORMATION = Step(
    code="information_denunciation",
    label=Text("Federale overheid geïnformeerd: opzegging", "Federal government informed: denunciation"),
    stage=Stage.ASSENT,
    actor=Actor.MINISTER,
    help=Text(
        "Voor exclusieve verdragen. De wet spreekt van handelingen om een verdrag te sluiten; of zij ook de opzegging bedoelt, moet "
        "een jurist bevestigen. Het register rekent daarom geen termijn.",
        "For exclusive treaties. The law speaks of acts to conclude a treaty; whether it means the denunciation too a jurist has to "
        "confirm. The register therefore computes no term.",
    ),
    needs=(_NEED_CONSENT,),
    track=Track.INFORMATION,
    optional=True,
)

ASSENT = Step(
    code="assent_to_denounce",
    label=Text(
        "Instemming van het Vlaams Parlement met de opzegging", "Assent of the Flemish Parliament to the denunciation"
    ),
    stage=Stage.ASSENT,
    actor=Actor.PARLIAMENT,
    help=Text(
        "Of een decreet nodig is, is betwist. Leg de stemming vast als er een was; niets wacht erop.",
        "Whether a decree is needed is disputed. Record the vote if there was one; nothing waits for it.",
    ),
    needs=(_NEED_CONSENT,),
    outcomes=(
        Outcome("adopted", Text("aangenomen", "adopted")),
        Outcome("rejected", Text("verworpen", "rejected"), ends=True),
    ),
    # No act in the record: there an assent is one to the treaty.
    number=Scheme.PARLIAMENT,
    optional=True,
)

REQUESTED = Step(
    code="denunciation_requested",
    label=Text(
        "Verzoek tot opzegging aan de Koning of de federale regering",
        "Request to the King or the federal government to denounce",
    ),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.MINISTER,
    help=Text(
        "Alleen voor een verdrag van vóór 18 mei 1993, of voor een gemengd verdrag.",
        "Only for a treaty of before 18 May 1993, or for a mixed treaty.",
    ),
    needs=(_NEED_CONSENT,),
    outcomes=(
        Outcome(
            "to_king",
            Text("aan de Koning (verdrag van vóór 18 mei 1993)", "to the King (treaty of before 18 May 1993)"),
        ),
        Outcome(
            "to_federal", Text("aan de federale regering (gemengd verdrag)", "to the federal government (mixed treaty)")
        ),
    ),
    law=law.CONSTITUTION_167_5,
    optional=True,
)

NOTICE = Step(
    code="denunciation_notice",
    label=Text("Opzegging betekend", "Notice of denunciation given"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Noteer de dag van de kennisgeving aan de andere partij of de depositaris, en wie ze deed: bij een verdrag van vóór "
        "18 mei 1993 de Koning (Grondwet art. 167, § 5), bij een gemengd verdrag de federale regering (samenwerkingsakkoord van "
        "8 maart 1994, hoofdstuk opzegging; het artikel moet nog worden bevestigd).",
        "Enter the day of the notice to the other party or the depositary, and who gave it: of a treaty of before 18 May 1993 the "
        "King (Constitution, art. 167, § 5), of a mixed treaty the federal government (Cooperation Agreement of 8 March 1994, "
        "chapter on denunciation; the article still has to be confirmed).",
    ),
    needs=(_NEED_CONSENT,),
    outcomes=(
        Outcome("by_government", Text("door de Vlaamse Regering", "by the Government of Flanders")),
        Outcome(
            "by_king", Text("door de Koning (Grondwet art. 167, § 5)", "by the King (Constitution, art. 167, § 5)")
        ),
        Outcome(
            "by_federal",
            Text(
                "door de federale regering, op verzoek van een entiteit",
                "by the federal government, at the request of an entity",
            ),
        ),
    ),
    leaves=ActKind.DENUNCIATION,
    law=law.VCLT_54,
    per_treaty=True,
)

ENDED = Step(
    code="ended",
    label=Text("Verdrag beëindigd", "Treaty ended"),
    # Not yet completed while it is awaited: the notice runs its time first.
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "De dag waarop de opzegging uitwerking heeft volgens het verdrag. Zet in de nota welke bepalingen blijven gelden.",
        "The day on which the denunciation takes effect under the treaty. Say in the note which provisions survive.",
    ),
    needs=(
        Need(
            "denunciation_notice",
            Done("denunciation_notice"),
            Text("De opzegging is nog niet betekend.", "No notice of denunciation has been given yet."),
            law.VCLT_54,
        ),
    ),
    outcomes=(Outcome("denounced", Text("opgezegd", "denounced"), ends=True),),
    leaves=ActKind.END,
    law=law.VCLT_54,
)

DENUNCIATION = Procedure(
    code="denunciation",
    version=1,
    label=Text("Opzegging van een verdrag", "Denunciation of a treaty"),
    help=Text(
        "Een verdrag dat geldt wordt opgezegd: door de Vlaamse Regering, of op haar verzoek door de Koning of de federale regering.",
        "A treaty in force is denounced: by the Government of Flanders, or at its request by the King or the federal government.",
    ),
    law=law.VCLT_54,
    pause=PAUSE,
    steps=(
        INITIATIVE,
        CONSENT,
        INFORMATION,
        ASSENT,
        REQUESTED,
        NOTICE,
        replace(
            NOTICE_PUBLISHED,
            label=Text("Bericht van opzegging bekendgemaakt", "Notice of denunciation published"),
            help=Text("Noteer datum en NUMAC-nummer.", "Enter the date and the NUMAC number."),
        ),
        *HOLD,
        ENDED,
    ),
)
