"""From the final approval to the published decree of assent."""

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.advice import advice
from workflow.procedures.language import Answered, Approved, Done, Evidence, Need, Outcome, Step, Text, papers
from workflow.procedures.moves import BILL_WITHDRAWN

FINAL_APPROVAL = Step(
    code="final_approval",
    label=Text("Definitieve goedkeuring en indiening", "Final approval and submission"),
    stage=Stage.ASSENT,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering keurt het ontwerp van decreet definitief goed en beslist het in te dienen.",
        "The Government of Flanders gives its final approval to the draft decree and decides to submit it.",
    ),
    gate=True,
    evidence=(
        *papers(
            DocumentKind.MEMORANDUM,
            DocumentKind.DRAFT_DECREE,
            DocumentKind.EXPLANATORY_MEMORANDUM,
            DocumentKind.COUNCIL_OF_STATE_ADVICE,
            needed=(DocumentKind.DRAFT_DECREE,),
        ),
        Evidence(DocumentKind.COUNCIL_ADVICE, when=Done("advice_requested")),
        # Parliament receives the treaty as an annex, in Dutch: a translation, unless Dutch is an authentic language.
        Evidence(DocumentKind.TRANSLATION),
    ),
    needs=(
        Need(
            "council_of_state_asked",
            Done("council_of_state_requested"),
            Text(
                "Een voorontwerp van decreet moet aan de Raad van State worden voorgelegd.",
                "A preliminary draft of a decree must be submitted to the Council of State.",
            ),
            law.COUNCIL_OF_STATE_3,
        ),
        Need(
            "council_of_state_open",
            Answered("council_of_state_requested"),
            Text(
                "De Raad van State heeft nog niet geadviseerd en zijn termijn loopt nog.",
                "The Council of State has not given its advice and its term still runs.",
            ),
            law.COUNCIL_OF_STATE_84,
        ),
    ),
    number=Scheme.VR_DOC,
    law=law.BWHI_16,
    held_up=True,
)

SUBMITTED = Step(
    code="submitted_to_parliament",
    label=Text("Ingediend bij het Vlaams Parlement", "Submitted to the Flemish Parliament"),
    stage=Stage.ASSENT,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Noteer het stuknummer met het zittingsjaar, bijvoorbeeld 1160 (2010-2011) nr. 1.",
        "Enter the number of the document with its session, for example 1160 (2010-2011) nr. 1.",
    ),
    needs=(
        Need(
            "final_approval",
            Approved("final_approval"),
            Text(
                "De Vlaamse Regering heeft het ontwerp nog niet definitief goedgekeurd.",
                "The Government of Flanders has not given its final approval yet.",
            ),
            law.BWHI_16,
        ),
    ),
    number=Scheme.PARLIAMENT,
    law=law.BWHI_16,
    held_up=True,
)

COMMITTEE = Step(
    code="committee_report",
    label=Text("Commissieverslag", "Committee report"),
    stage=Stage.ASSENT,
    actor=Actor.PARLIAMENT,
    help=Text(
        "Niet bij spoedbehandeling: dan is er geen verslag.", "Not in the urgent procedure: then there is no report."
    ),
    needs=(
        Need(
            "submitted",
            Done("submitted_to_parliament"),
            Text("Het ontwerp is nog niet ingediend.", "The draft has not been submitted yet."),
        ),
    ),
    number=Scheme.PARLIAMENT,
    optional=True,
)

PLENARY_VOTE = Step(
    code="plenary_vote",
    label=Text("Stemming in de plenaire vergadering", "Vote in the plenary sitting"),
    stage=Stage.ASSENT,
    actor=Actor.PARLIAMENT,
    help=Text(
        "Het parlement neemt aan of verwerpt; het kan de tekst van het verdrag niet wijzigen.",
        "Parliament adopts or rejects; it cannot change the text of the treaty.",
    ),
    needs=(
        Need(
            "submitted",
            Done("submitted_to_parliament"),
            Text("Het ontwerp is nog niet ingediend.", "The draft has not been submitted yet."),
            law.BWHI_16,
        ),
    ),
    outcomes=(
        Outcome("adopted", Text("aangenomen", "adopted")),
        Outcome("rejected", Text("verworpen", "rejected"), ends=True, leaves=False),
    ),
    leaves=ActKind.ASSENT,
    number=Scheme.PARLIAMENT,
    law=law.CONSTITUTION_167_3,
    per_treaty=True,
    held_up=True,
)

SANCTION = Step(
    code="sanction_and_promulgation",
    label=Text("Bekrachtiging en afkondiging van het decreet", "Sanction and promulgation of the decree"),
    stage=Stage.PROMULGATION,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering bekrachtigt het aangenomen decreet en kondigt het af; die dag is de datum van het decreet.",
        "The Government of Flanders sanctions the adopted decree and promulgates it; that day is the date of the decree.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.ADOPTED_TEXT, needed=(DocumentKind.ADOPTED_TEXT,)),
    needs=(
        Need(
            "adopted",
            Done("plenary_vote", ("adopted",)),
            Text(
                "Het Vlaams Parlement heeft het decreet nog niet aangenomen.",
                "The Flemish Parliament has not adopted the decree yet.",
            ),
            law.CONSTITUTION_167_3,
        ),
    ),
    leaves=ActKind.DECREE,
    number=Scheme.VR_DOC,
    law=law.CONSTITUTION_167_3,
    per_treaty=True,
    held_up=True,
)

NEED_DECREE = Need(
    "decree",
    Approved("sanction_and_promulgation"),
    Text(
        "Het instemmingsdecreet is nog niet bekrachtigd en afgekondigd.",
        "The decree of assent has not been sanctioned and promulgated yet.",
    ),
    law.CONSTITUTION_167_3,
)

DECREE_PUBLISHED = Step(
    code="decree_published",
    label=Text("Decreet bekendgemaakt in het Belgisch Staatsblad", "Decree published in the Belgian Official Gazette"),
    stage=Stage.PROMULGATION,
    actor=Actor.GAZETTE,
    help=Text("Noteer datum en NUMAC-nummer.", "Enter the date and the NUMAC number."),
    needs=(NEED_DECREE,),
    leaves=ActKind.DECREE_PUBLICATION,
    number=Scheme.NUMAC,
    track=Track.PUBLICATION,
    per_treaty=True,
)


def from_principle_to_decree(*needs: Need) -> tuple[Step, ...]:
    """Every step in Flanders from the approval in principle, after `needs` (the signature), to the decree."""
    return (
        *advice(*needs),
        FINAL_APPROVAL,
        SUBMITTED,
        BILL_WITHDRAWN,
        COMMITTEE,
        PLENARY_VOTE,
        SANCTION,
        DECREE_PUBLISHED,
    )
