"""Steps that begin every treaty: from the initiative to the consent to sign."""

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.procedures import law
from workflow.procedures.language import Approved, Done, HasParent, Need, Outcome, Step, Text, papers

INITIATIVE = Step(
    code="initiative",
    label=Text("Initiatief", "Initiative"),
    stage=Stage.NEGOTIATION,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Waarover gaat het, met wie, en raakt het aan Vlaamse bevoegdheden? Noteer de dag waarop het initiatief is genomen.",
        "What is it about, with whom, and does it touch Flemish competences? Enter the day the initiative was taken.",
    ),
)

MANDATE = Step(
    code="mandate",
    label=Text("Mandaat om te onderhandelen", "Mandate to negotiate"),
    stage=Stage.NEGOTIATION,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering beslist onderhandelingen te openen en stelt de delegatie aan.",
        "The Government of Flanders decides to open negotiations and appoints the delegation.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM),
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

NEED_MANDATE = Need(
    "mandate",
    Approved("mandate"),
    Text(
        "De Vlaamse Regering heeft nog geen mandaat gegeven om te onderhandelen.",
        "The Government of Flanders has not given a mandate to negotiate yet.",
    ),
    law.EVERY_STEP,
)

# No law says so: the register asks it, because the parent decides what this instrument is.
NEED_PARENT = Need(
    "parent",
    HasParent(),
    Text(
        "Leg eerst vast bij welk verdrag of akkoord dit hoort: het register kent dat verband nog niet.",
        "First record which treaty or agreement this belongs to: the register does not know that link yet.",
    ),
)

TEXT_AGREED = Step(
    code="text_agreed",
    label=Text("Tekst overeengekomen", "Text agreed"),
    stage=Stage.NEGOTIATION,
    actor=Actor.NEGOTIATORS,
    help=Text(
        "De onderhandelaars zijn het eens over de tekst en paraferen hem.",
        "The negotiators agree on the text and initial it.",
    ),
    needs=(
        Need(
            "negotiation_opened",
            Done("negotiation_opened"),
            Text("De onderhandelingen zijn nog niet geopend.", "The negotiations have not been opened yet."),
        ),
    ),
    leaves=ActKind.TEXT_AGREED,
    held_up=True,
)

CONSENT_TO_SIGN = Step(
    code="consent_to_sign",
    label=Text("Goedkeuring van de tekst en volmacht", "Approval of the text and full powers"),
    stage=Stage.SIGNING,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering keurt de tekst goed en machtigt wie zal ondertekenen.",
        "The Government of Flanders approves the text and gives full powers to whoever will sign.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.TREATY_TEXT, needed=(DocumentKind.TREATY_TEXT,)),
    needs=(
        Need(
            "text_agreed",
            Done("text_agreed"),
            Text("De tekst is nog niet overeengekomen.", "The text has not been agreed yet."),
        ),
    ),
    number=Scheme.VR_DOC,
    law=law.VCLT_7,
    held_up=True,
)

NEED_FULL_POWERS = Need(
    "full_powers",
    Approved("consent_to_sign"),
    Text(
        "Zonder volmacht van de Vlaamse Regering kan niet worden ondertekend.",
        "Nobody can sign without full powers from the Government of Flanders.",
    ),
    law.VCLT_7,
)


def signature(*needs: Need, law_of_it: Text = law.VCLT_11) -> Step:
    """The signature, after `needs`. How far it binds may not be known; the formula itself goes in the note."""
    return Step(
        code="signature",
        label=Text("Ondertekening", "Signature"),
        stage=Stage.SIGNING,
        actor=Actor.GOVERNMENT,
        help=Text(
            "Datum en plaats; bij meer data of plaatsen: elke ondertekening apart. De formule onder de handtekening komt in de nota.",
            "Date and place; with several dates or places: each signature apart. The formula under the signature goes in the note.",
        ),
        needs=needs,
        outcomes=(
            Outcome(
                "subject_to_assent",
                Text("onder voorbehoud van instemming of ratificatie", "subject to assent or ratification"),
            ),
            Outcome("ad_referendum", Text("ad referendum: nog te bevestigen", "ad referendum: still to be confirmed")),
            Outcome("definitive", Text("definitief", "definitive")),
        ),
        outcome_optional=True,
        leaves=ActKind.SIGNATURE,
        law=law_of_it,
        repeatable=True,
        per_treaty=True,
        held_up=True,
    )


SIGNATURE_CONFIRMED = Step(
    code="signature_confirmed",
    label=Text("Ondertekening ad referendum bevestigd", "Signature ad referendum confirmed"),
    stage=Stage.SIGNING,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Wie zonder volmacht tekende, tekende ad referendum: de Vlaamse Regering bevestigt het achteraf.",
        "Whoever signed without full powers signed ad referendum: the Government of Flanders confirms it afterwards.",
    ),
    needs=(
        Need(
            "ad_referendum",
            Done("signature", ("ad_referendum",)),
            Text("Er is geen ondertekening ad referendum vastgelegd.", "No signature ad referendum has been recorded."),
            law.VCLT_7,
        ),
        NEED_FULL_POWERS,
    ),
    law=law.VCLT_7,
    optional=True,
    repeatable=True,
)
