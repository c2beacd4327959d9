"""The mixed agreement of the European Union: the Union and its member states of the one part.

Within Belgium it is a mixed treaty (Cooperation Agreement of 8 March 1994). Beside that runs the line of the Union:
the Council decides on signature and provisional application (TFEU art. 218(5)) and, with the consent of the European
Parliament and usually after every member state ratified, on conclusion (art. 218(6)). Provisional application runs
beside the assents; it is not a stage on the way to them.
"""

from dataclasses import replace

from treaties.choices import Actor, Scheme, Stage
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
from workflow.procedures.decree import from_principle_to_decree
from workflow.procedures.language import Done, Either, Need, Not, Outcome, Procedure, Step, Text
from workflow.procedures.mixed import (
    BEFORE_SIGNATURE,
    DEPOSIT,
    ENTITY_ASSENT,
    ENTITY_FULL_POWERS,
    ENTRY_INTO_FORCE,
    MIXED_REQUALIFIED,
    NEGOTIATION_OPENED,
    RATIFICATION,
    SIGNATURE,
)
from workflow.procedures.moves import HOLD, PAUSE, talks_reopened
from workflow.procedures.opening import CONSENT_TO_SIGN, MANDATE, SIGNATURE_CONFIRMED, TEXT_AGREED

EU_SIGNATURE_DECISION = Step(
    code="eu_signature_decision",
    label=Text(
        "Besluit van de Raad van de EU: ondertekening en voorlopige toepassing",
        "EU Council decision: signature and provisional application",
    ),
    stage=Stage.SIGNING,
    actor=Actor.PARTNER,
    help=Text(
        "Noteer de dag van het besluit en het CELEX-nummer. Het besluit bindt de Unie; België heeft voor zijn ondertekening "
        "de volmacht van elke bevoegde regering nodig.",
        "Enter the day of the decision and its CELEX number. It binds the Union; for its own signature Belgium needs the full "
        "powers of every competent government.",
    ),
    number=Scheme.CELEX,
    track=Track.INTERNATIONAL,
    law=law.TFEU_218_5,
)

EU_PARLIAMENT_CONSENT = Step(
    code="eu_parliament_consent",
    label=Text("Goedkeuring door het Europees Parlement", "Consent of the European Parliament"),
    stage=Stage.SIGNING,
    actor=Actor.PARTNER,
    help=Text(
        "Noteer de dag van de stemming. Niet elk akkoord vergt de goedkeuring van het Europees Parlement.",
        "Enter the day of the vote. Not every agreement takes the consent of the European Parliament.",
    ),
    outcomes=(
        Outcome("given", Text("goedgekeurd", "consent given")),
        Outcome("refused", Text("geweigerd", "consent refused")),
    ),
    track=Track.INTERNATIONAL,
    law=law.TFEU_218_6,
    optional=True,
    repeatable=True,
)

EU_CONCLUSION_DECISION = Step(
    code="eu_conclusion_decision",
    label=Text("Besluit van de Raad van de EU: sluiting", "EU Council decision: conclusion"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Meestal pas nadat alle lidstaten geratificeerd hebben: dat kan jaren duren. Noteer de dag en het CELEX-nummer.",
        "Usually only after every member state has ratified, which may take years. Enter the day and the CELEX number.",
    ),
    needs=(
        Need(
            "eu_parliament_refused",
            Either((Not(Done("eu_parliament_consent", ("refused",))), Done("eu_parliament_consent", ("given",)))),
            Text(
                "Het Europees Parlement heeft zijn goedkeuring geweigerd.",
                "The European Parliament has refused its consent.",
            ),
            law.TFEU_218_6,
        ),
    ),
    number=Scheme.CELEX,
    track=Track.INTERNATIONAL,
    law=law.TFEU_218_6,
)

REFUSAL_NOTIFIED = Step(
    code="refusal_notified",
    label=Text(
        "Definitieve weigering van een entiteit gemeld aan de Raad van de EU",
        "Definitive refusal of an entity notified to the EU Council",
    ),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.FEDERAL,
    help=Text(
        "Een entiteit die definitief niet instemt meldt dat aan de federale overheid, die de Raad inlicht (zo bepaalt de Belgische "
        "verklaring bij CETA, binnen een jaar). Of dat voor elk akkoord geldt, moet een jurist bevestigen.",
        "An entity that definitively withholds its assent tells the federal government, which informs the Council (the Belgian "
        "declaration on CETA says so, within a year). Whether that holds for every agreement a jurist has to confirm.",
    ),
    needs=(
        Need(
            "declined",
            Done("assent_of_entity", ("declined",)),
            Text(
                "Geen enkele entiteit heeft gezegd dat zij niet zal instemmen.",
                "No entity has said that it will not assent.",
            ),
        ),
    ),
    outcomes=(
        Outcome(
            "final", Text("definitief: België kan niet ratificeren", "definitive: Belgium cannot ratify"), ends=True
        ),
        Outcome("negotiated", Text("er wordt nog naar een oplossing gezocht", "a solution is still sought")),
    ),
    track=Track.BELGIAN,
    optional=True,
    repeatable=True,
)

NEED_EU_SIGNATURE_DECISION = Need(
    "eu_signature_decision",
    Done("eu_signature_decision"),
    Text(
        "De Raad van de EU heeft nog niet beslist over de voorlopige toepassing.",
        "The EU Council has not decided on provisional application yet.",
    ),
    law.TFEU_218_5,
)

EU_MIXED = Procedure(
    code="eu_mixed",
    version=1,
    label=Text("Gemengd akkoord van de Europese Unie", "Mixed agreement of the European Union"),
    help=Text(
        "De Unie en haar lidstaten zijn samen partij. In België is het een gemengd verdrag: elk bevoegd parlement moet instemmen.",
        "The Union and its member states are party together. In Belgium it is a mixed treaty: each competent parliament must assent.",
    ),
    law=law.MIXED_1,
    pause=PAUSE,
    steps=(
        *BEFORE_SIGNATURE,
        MIXED_REQUALIFIED,
        MANDATE,
        replace(
            NEGOTIATION_OPENED,
            help=Text(
                "De Europese Commissie onderhandelt op mandaat van de Raad. Noteer de dag van de eerste ronde.",
                "The European Commission negotiates on a mandate of the Council. Enter the day of the first round.",
            ),
        ),
        TEXT_AGREED,
        CONSENT_TO_SIGN,
        ENTITY_FULL_POWERS,
        talks_reopened("text_agreed", "consent_to_sign", "full_powers_of_entity"),
        EU_SIGNATURE_DECISION,
        SIGNATURE,
        SIGNATURE_CONFIRMED,
        EU_PARLIAMENT_CONSENT,
        replace(PROVISIONAL_APPLICATION, needs=(NEED_EU_SIGNATURE_DECISION,)),
        PROVISIONAL_END,
        *from_principle_to_decree(),
        ENTITY_ASSENT,
        REFUSAL_NOTIFIED,
        RATIFICATION,
        DECLARATION,
        DEPOSIT,
        EU_CONCLUSION_DECISION,
        replace(
            ENTRY_INTO_FORCE,
            needs=(
                *ENTRY_INTO_FORCE.needs,
                Need(
                    "eu_concluded",
                    Done("eu_conclusion_decision"),
                    Text(
                        "De Raad van de EU heeft het akkoord nog niet gesloten.",
                        "The EU Council has not concluded the agreement yet.",
                    ),
                    law.TFEU_218_6,
                ),
            ),
        ),
        TEXT_PUBLISHED,
        NOTICE_PUBLISHED,
        *HOLD,
        ENDED,
    ),
)
