"""The mixed treaty: federal and Flemish matters together.

Cooperation Agreement of 8 March 1994: the Working Group on Mixed Treaties and the Interministerial
Conference determine the mixed character; every competent government gives full powers; the King
ratifies only after every competent parliament has assented (art. 12).
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
from workflow.procedures.decree import NEED_DECREE, from_principle_to_decree
from workflow.procedures.language import AllEntities, Answered, Done, Need, Outcome, Procedure, Step, Term, Text
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

# Each says that there is an act of assent; an act that was adopted, promulgated and published is one.
ASSENTED = ("adopted", "promulgated", "published", "assented")

WORKING_GROUP = Step(
    code="working_group",
    label=Text("Advies van de Werkgroep Gemengde Verdragen", "Finding of the Working Group on Mixed Treaties"),
    stage=Stage.NEGOTIATION,
    actor=Actor.WORKING_GROUP,
    help=Text(
        "De werkgroep stelt voor of het verdrag gemengd is en welke entiteiten bevoegd zijn.",
        "The working group proposes whether the treaty is mixed and which entities are competent.",
    ),
    needs=(
        Need(
            "initiative",
            Done("initiative"),
            Text("Het initiatief is nog niet vastgelegd.", "The initiative has not been recorded yet."),
        ),
    ),
    outcomes=(
        Outcome("mixed", Text("gemengd", "mixed")),
        Outcome("not_mixed", Text("niet gemengd", "not mixed")),
        Outcome(
            "without_flanders",
            Text(
                "gemengd, maar niet voor Vlaanderen: alleen geïnformeerd", "mixed, but not for Flanders: only informed"
            ),
            ends=True,
        ),
    ),
    term=Term(
        days=30,
        label=Text("Beslissing van de ICBB", "Decision of the Interministerial Conference"),
        answered_by=("conference",),
        law=law.MIXED_1,
    ),
    law=law.MIXED_1,
)

CONFERENCE = Step(
    code="conference",
    label=Text(
        "Gemengd karakter vastgesteld door de ICBB", "Mixed character determined by the Interministerial Conference"
    ),
    stage=Stage.NEGOTIATION,
    actor=Actor.CONFERENCE,
    help=Text(
        "De ICBB stelt op voorstel van de werkgroep het gemengd karakter vast; leg vast welke entiteiten moeten instemmen.",
        "On the proposal of the working group the Conference determines the mixed character; record which entities must assent.",
    ),
    needs=(
        Need(
            "working_group",
            Done("working_group", ("mixed",)),
            Text(
                "De Werkgroep Gemengde Verdragen heeft het verdrag nog niet als gemengd aangewezen.",
                "The Working Group on Mixed Treaties has not found the treaty mixed yet.",
            ),
            law.MIXED_1,
        ),
    ),
    law=law.MIXED_1,
)

NEGOTIATION_OPENED = Step(
    code="negotiation_opened",
    label=Text("Onderhandelingen geopend", "Negotiations opened"),
    stage=Stage.NEGOTIATION,
    actor=Actor.NEGOTIATORS,
    help=Text(
        "Elke bevoegde regering neemt op voet van gelijkheid deel aan de Belgische delegatie.",
        "Each competent government takes part in the Belgian delegation on an equal footing.",
    ),
    needs=(
        NEED_MANDATE,
        Need(
            "conference_term",
            Answered("working_group"),
            Text(
                "De ICBB heeft zich nog niet uitgesproken en haar termijn loopt nog.",
                "The Interministerial Conference has not spoken yet and its term still runs.",
            ),
            law.MIXED_1,
        ),
    ),
    leaves=ActKind.NEGOTIATION_OPENED,
    law=law.MIXED_1,
    held_up=True,
)

ENTITY_FULL_POWERS = Step(
    code="full_powers_of_entity",
    label=Text("Volmacht van een andere Belgische entiteit", "Full powers of another Belgian entity"),
    stage=Stage.SIGNING,
    actor=Actor.ENTITIES,
    help=Text("Voor elke bevoegde regering apart.", "For each competent government apart."),
    track=Track.BELGIAN,
    law=law.MIXED_SIGNATURE,
    repeatable=True,
    per_entity=True,
    optional=True,
)

SIGNATURE = signature(
    NEED_FULL_POWERS,
    Need(
        "full_powers_of_entities",
        AllEntities("full_powers_of_entity"),
        Text(
            "Nog niet elke bevoegde regering heeft volmacht gegeven.",
            "Not every competent government has given full powers yet.",
        ),
        law.MIXED_SIGNATURE,
    ),
)

ENTITY_ASSENT = Step(
    code="assent_of_entity",
    label=Text("Instemming van een andere Belgische entiteit", "Assent of another Belgian entity"),
    stage=Stage.ASSENT,
    actor=Actor.ENTITIES,
    help=Text(
        "Voor elk bevoegd parlement apart, en voor elke stap: ingediend, aangenomen, afgekondigd, bekendgemaakt. Noteer de akte, "
        "en het ELI- of NUMAC-nummer. Zegt een entiteit dat zij niet zal instemmen, dan is het dossier aangehouden, niet te laat.",
        "For each competent parliament apart, and for each stage: introduced, adopted, promulgated, published. Enter the act, and "
        "its ELI or NUMAC number. When an entity says it will not assent, the dossier is on hold, not late.",
    ),
    outcomes=(
        Outcome("introduced", Text("ingediend", "introduced"), leaves=False),
        Outcome("adopted", Text("aangenomen", "adopted")),
        Outcome("promulgated", Text("bekrachtigd en afgekondigd", "sanctioned and promulgated"), leaves=False),
        Outcome("published", Text("bekendgemaakt", "published"), leaves=False),
        # Where a source gives one date of assent and not of which of these.
        Outcome("assented", Text("ingestemd", "assented")),
        Outcome("declined", Text("zal niet instemmen", "will not assent"), leaves=False),
    ),
    leaves=ActKind.ASSENT,
    track=Track.BELGIAN,
    law=law.MIXED_12,
    repeatable=True,
    per_entity=True,
    optional=True,
)

RATIFICATION = Step(
    code="ratification",
    label=Text("Ratificatie door de Koning", "Ratification by the King"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.KING,
    help=Text(
        "De Koning ondertekent één akte voor België, als alle bevoegde parlementen hebben ingestemd.",
        "The King signs one instrument for Belgium once every competent parliament has assented.",
    ),
    needs=(
        NEED_DECREE,
        Need(
            "assents",
            AllEntities("assent_of_entity", ASSENTED, no="declined"),
            Text("Nog niet elk bevoegd parlement heeft ingestemd.", "Not every competent parliament has assented yet."),
            law.MIXED_12,
        ),
    ),
    leaves=ActKind.RATIFICATION,
    law=law.MIXED_12,
)

DEPOSIT = Step(
    code="deposit",
    label=Text("Neerlegging of kennisgeving door België", "Deposit or notification by Belgium"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.FEDERAL,
    help=Text(
        "De FOD Buitenlandse Zaken legt de akte neer bij de depositaris.",
        "The Federal Public Service Foreign Affairs deposits the instrument with the depositary.",
    ),
    needs=(
        Need(
            "ratified",
            Done("ratification"),
            Text("De Koning heeft het verdrag nog niet geratificeerd.", "The King has not ratified the treaty yet."),
            law.MIXED_12,
        ),
    ),
    leaves=ActKind.DEPOSIT,
)

ENTRY_INTO_FORCE = Step(
    code="entry_into_force",
    label=Text("Inwerkingtreding", "Entry into force"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Kan voor de wereld, voor België en voor Vlaanderen verschillen; noteer voor wie.",
        "May differ for the world, for Belgium and for Flanders; enter for whom.",
    ),
    needs=(
        Need(
            "deposited",
            Done("deposit"),
            Text("De akte van ratificatie is nog niet neergelegd.", "The instrument has not been deposited yet."),
            law.VCLT_24,
        ),
    ),
    leaves=ActKind.ENTRY_INTO_FORCE,
    law=law.VCLT_24,
    repeatable=True,
)

BEFORE_SIGNATURE = (INITIATIVE, WORKING_GROUP, CONFERENCE)
MIXED_REQUALIFIED = requalified("working_group", "conference", law_of_it=law.MIXED_1)

MIXED = Procedure(
    code="mixed",
    version=1,
    label=Text("Gemengd verdrag", "Mixed treaty"),
    help=Text(
        "De federale overheid en de deelstaten zijn samen bevoegd; elk bevoegd parlement moet instemmen.",
        "The federal authority and the federated entities are competent together; each competent parliament must assent.",
    ),
    law=law.MIXED_1,
    pause=PAUSE,
    steps=(
        *BEFORE_SIGNATURE,
        MIXED_REQUALIFIED,
        MANDATE,
        NEGOTIATION_OPENED,
        TEXT_AGREED,
        CONSENT_TO_SIGN,
        ENTITY_FULL_POWERS,
        talks_reopened("text_agreed", "consent_to_sign", "full_powers_of_entity"),
        SIGNATURE,
        SIGNATURE_CONFIRMED,
        PROVISIONAL_APPLICATION,
        PROVISIONAL_END,
        *from_principle_to_decree(),
        ENTITY_ASSENT,
        RATIFICATION,
        DECLARATION,
        DEPOSIT,
        ENTRY_INTO_FORCE,
        TEXT_PUBLISHED,
        NOTICE_PUBLISHED,
        *HOLD,
        ENDED,
    ),
)
