"""The memorandum of understanding: political commitments, no treaty.

No Council of State, no assent, no ratification. Whether the Government of Flanders must consent
depends on what the memorandum binds it to, found when the wording is checked.
"""

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.language import Approved, Done, Either, Evidence, Need, Outcome, Procedure, Step, Text, papers
from workflow.procedures.moves import HOLD, PAUSE
from workflow.procedures.opening import INITIATIVE

DRAFT = Step(
    code="draft",
    label=Text("Ontwerptekst", "Draft text"),
    stage=Stage.NEGOTIATION,
    actor=Actor.NEGOTIATORS,
    help=Text("Noteer de dag waarop het ontwerp klaar is.", "Enter the day the draft was ready."),
    needs=(
        Need(
            "initiative",
            Done("initiative"),
            Text("Het initiatief is nog niet vastgelegd.", "The initiative has not been recorded yet."),
        ),
    ),
    leaves=ActKind.TEXT_AGREED,
)

WORDING_CHECK = Step(
    code="wording_check",
    label=Text("Nazicht: niet juridisch bindend", "Wording check: not legally binding"),
    stage=Stage.NEGOTIATION,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Het departement gaat na dat de tekst geen juridische verbintenissen bevat, en wie ermee moet instemmen.",
        "The department checks that the text holds no legal commitments, and who must consent to it.",
    ),
    needs=(Need("draft", Done("draft"), Text("Er is nog geen ontwerptekst.", "There is no draft text yet.")),),
    outcomes=(
        Outcome("consent_needed", Text("toestemming van de regering nodig", "consent of the Government needed")),
        Outcome(
            "money",
            Text(
                "geldclausule: regering en Inspectie van Financiën",
                "money clause: Government and Inspectorate of Finance",
            ),
        ),
        Outcome("within_delegation", Text("binnen een delegatie", "within a delegation")),
        Outcome("binding", Text("juridisch bindend: verdrag", "legally binding: a treaty")),
    ),
)

CONSENT = Step(
    code="consent_to_sign",
    label=Text("Toestemming om te ondertekenen", "Consent to sign"),
    stage=Stage.SIGNING,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Nodig als het memorandum de regering politiek of financieel bindt.",
        "Needed when the memorandum binds the Government politically or financially.",
    ),
    gate=True,
    evidence=(
        *papers(DocumentKind.MEMORANDUM, DocumentKind.TREATY_TEXT, needed=(DocumentKind.TREATY_TEXT,)),
        Evidence(DocumentKind.FINANCE_ADVICE, when=Done("wording_check", ("money",))),
    ),
    needs=(
        Need(
            "consent_needed",
            Done("wording_check", ("consent_needed", "money")),
            Text(
                "Het nazicht heeft nog niet uitgewezen dat toestemming nodig is.",
                "The wording check has not found that consent is needed.",
            ),
        ),
    ),
    number=Scheme.VR_DOC,
    law=law.EVERY_STEP,
    optional=True,
)

SIGNATURE = Step(
    code="signature",
    label=Text("Ondertekening", "Signature"),
    stage=Stage.SIGNING,
    actor=Actor.GOVERNMENT,
    help=Text("Datum, plaats en wie ondertekende.", "Date, place and who signed."),
    needs=(
        Need(
            "not_binding",
            Done("wording_check", ("consent_needed", "money", "within_delegation")),
            Text(
                "De tekst is nog niet als niet-bindend nagezien.", "The text has not been checked as non-binding yet."
            ),
        ),
        Need(
            "consent",
            Either((Approved("consent_to_sign"), Done("wording_check", ("within_delegation",)))),
            Text(
                "De Vlaamse Regering heeft nog geen toestemming gegeven om te ondertekenen.",
                "The Government of Flanders has not given its consent to sign yet.",
            ),
            law.EVERY_STEP,
        ),
    ),
    leaves=ActKind.SIGNATURE,
    repeatable=True,
)

EFFECT = Step(
    code="effect",
    label=Text("Uitwerking", "Coming into effect"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Een memorandum treedt niet in werking; het krijgt uitwerking op de dag die erin staat.",
        "A memorandum does not enter into force; it comes into effect on the day it names.",
    ),
    needs=(
        Need(
            "signature",
            Done("signature"),
            Text("Het memorandum is nog niet ondertekend.", "The memorandum has not been signed yet."),
        ),
    ),
    leaves=ActKind.EFFECT,
)

FILED = Step(
    code="filed",
    label=Text("Neergelegd bij het departement", "Filed with the department"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text("Het ondertekende origineel is bewaard.", "The signed original has been kept."),
    needs=(
        Need(
            "signature",
            Done("signature"),
            Text("Het memorandum is nog niet ondertekend.", "The memorandum has not been signed yet."),
        ),
    ),
    track=Track.PUBLICATION,
)

ENDED = Step(
    code="ended",
    label=Text("Beëindigd", "Ended"),
    stage=Stage.DONE,
    actor=Actor.DEPARTMENT,
    help=Text("Noteer de dag waarop het ophoudt.", "Enter the day on which it ends."),
    outcomes=(
        Outcome("expired", Text("verlopen", "expired")),
        Outcome("replaced", Text("vervangen", "replaced")),
        Outcome("terminated", Text("opgezegd", "terminated")),
    ),
    leaves=ActKind.END,
    track=Track.INTERNATIONAL,
    optional=True,
)

MOU = Procedure(
    code="mou",
    version=1,
    pause=PAUSE,
    label=Text("Memorandum van overeenstemming", "Memorandum of understanding"),
    help=Text(
        "Geen verdrag: politieke afspraken zonder juridische verbintenissen.",
        "Not a treaty: political arrangements without legal commitments.",
    ),
    steps=(INITIATIVE, DRAFT, WORDING_CHECK, CONSENT, SIGNATURE, EFFECT, FILED, *HOLD, ENDED),
)
