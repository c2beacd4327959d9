"""Steps that change the course of a dossier: back to an earlier step, aside for a while, to another procedure.

They stand on a track of their own: they happen beside the procedure and say what of it must be done again.
"""

from treaties.choices import Actor, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.language import Approved, Done, Need, Not, Outcome, Pause, Step, Text

REQUALIFIED = "requalified"
PAUSE = Pause(begins="put_on_hold", ends="resumed")

_NOT_SANCTIONED = Need(
    "decree_stands",
    Not(Approved("sanction_and_promulgation")),
    Text(
        "Het decreet is bekrachtigd en afgekondigd: daarvan is er geen weg terug.",
        "The decree has been sanctioned and promulgated: there is no way back from that.",
    ),
    law.CONSTITUTION_167_3,
)

PUT_ON_HOLD = Step(
    code="put_on_hold",
    label=Text("Aangehouden", "Put on hold"),
    stage=Stage.NEGOTIATION,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering zet het dossier voor onbepaalde tijd opzij, bijvoorbeeld om politieke redenen of in afwachting van "
        "een rechterlijke uitspraak. Noteer waarom; termijnen geven dan geen alarm.",
        "The Government of Flanders puts the dossier aside for an indefinite time, for political reasons or awaiting a court, "
        "for example. Enter why; terms raise no alarm meanwhile.",
    ),
    track=Track.COURSE,
    optional=True,
    repeatable=True,
)

RESUMED = Step(
    code="resumed",
    label=Text("Hervat", "Resumed"),
    stage=Stage.NEGOTIATION,
    actor=Actor.GOVERNMENT,
    help=Text("Het dossier wordt weer opgenomen.", "The dossier is taken up again."),
    needs=(
        Need(
            "on_hold",
            Done("put_on_hold"),
            Text("Het dossier is niet aangehouden.", "The dossier has not been put on hold."),
        ),
    ),
    track=Track.COURSE,
    optional=True,
    repeatable=True,
)


def talks_reopened(*again: str, concluded_by: str = "signature") -> Step:
    """Back to the negotiations, before the signature (`concluded_by`): the text and what rests on it are done `again`."""
    return Step(
        code="talks_reopened",
        label=Text("Onderhandelingen heropend", "Negotiations reopened"),
        stage=Stage.NEGOTIATION,
        actor=Actor.NEGOTIATORS,
        help=Text(
            "Na bezwaren, of omdat de tekst toch anders moet. De overeengekomen tekst en de volmacht tellen dan niet meer.",
            "After objections, or because the text must be changed after all. The agreed text and the full powers no longer count.",
        ),
        needs=(
            Need(
                "negotiation_opened",
                Done("negotiation_opened"),
                Text("De onderhandelingen zijn nog niet geopend.", "The negotiations have not been opened yet."),
            ),
            Need(
                "signed",
                Not(Done(concluded_by)),
                Text(
                    "Het verdrag is ondertekend: de tekst kan alleen nog door een nieuw instrument (protocol) worden gewijzigd.",
                    "The treaty has been signed: only a new instrument (a protocol) can still change its text.",
                ),
                law.VCLT_39,
            ),
        ),
        reopens=again,
        track=Track.COURSE,
        optional=True,
        repeatable=True,
    )


_COUNCIL_OF_STATE = ("council_of_state_requested", "council_of_state_stop", "council_of_state_advice")

DRAFT_REVISED = Step(
    code="draft_revised",
    label=Text("Voorontwerp herzien", "Preliminary draft revised"),
    stage=Stage.COUNCIL_OF_STATE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Na opmerkingen van een raad of van de Raad van State komt er een nieuwe versie. Kies hoe ver het dossier teruggaat; "
        "wat over de vorige versie is gezegd blijft leesbaar.",
        "After remarks of a council or of the Council of State there is a new version. Choose how far the dossier goes back; "
        "what was said of the version before remains readable.",
    ),
    needs=(
        Need(
            "approval_in_principle",
            Approved("approval_in_principle"),
            Text(
                "Het voorontwerp is nog niet principieel goedgekeurd: er is niets te herzien.",
                "The preliminary draft has not been approved in principle yet: there is nothing to revise.",
            ),
        ),
        Need(
            "submitted",
            Not(Done("submitted_to_parliament")),
            Text(
                "Het ontwerp ligt bij het Vlaams Parlement: trek het eerst in. Het parlement kan de tekst van een verdrag niet wijzigen.",
                "The draft is before the Flemish Parliament: withdraw it first. Parliament cannot change the text of a treaty.",
            ),
            law.BWHI_16,
        ),
    ),
    outcomes=(
        Outcome(
            "to_first_approval",
            Text("opnieuw principieel goedkeuren en adviezen vragen", "approve in principle and ask for advice again"),
            reopens=(
                "approval_in_principle",
                "advice_requested",
                "advice_term_extended",
                "advice_received",
                "second_approval_in_principle",
                *_COUNCIL_OF_STATE,
                "final_approval",
            ),
        ),
        Outcome(
            "to_second_approval",
            Text(
                "tweede principiële goedkeuring en opnieuw naar de Raad van State",
                "second approval in principle and back to the Council of State",
            ),
            reopens=("second_approval_in_principle", *_COUNCIL_OF_STATE, "final_approval"),
        ),
    ),
    track=Track.COURSE,
    optional=True,
    repeatable=True,
)

BILL_WITHDRAWN = Step(
    code="bill_withdrawn",
    label=Text("Ontwerp ingetrokken of vervallen", "Draft decree withdrawn or lapsed"),
    stage=Stage.ASSENT,
    actor=Actor.GOVERNMENT,
    help=Text(
        "De Vlaamse Regering trekt het ontwerp in, of het vervalt met de zittingsperiode. Het wordt daarna opnieuw goedgekeurd "
        "en ingediend. Of een ontwerp werkelijk vervalt, beslist u: het register neemt het niet aan.",
        "The Government of Flanders withdraws the draft, or it lapses with the legislature. It is then approved and submitted "
        "again. Whether a draft really lapses is for you to say: the register does not assume it.",
    ),
    needs=(
        Need(
            "submitted",
            Done("submitted_to_parliament"),
            Text("Het ontwerp is nog niet ingediend.", "The draft has not been submitted yet."),
        ),
        Need(
            "voted",
            Not(Done("plenary_vote")),
            Text("Het Vlaams Parlement heeft al gestemd.", "The Flemish Parliament has already voted."),
            law.CONSTITUTION_167_3,
        ),
        _NOT_SANCTIONED,
    ),
    outcomes=(
        Outcome("withdrawn", Text("ingetrokken door de Vlaamse Regering", "withdrawn by the Government of Flanders")),
        Outcome("lapsed", Text("vervallen met de zittingsperiode", "lapsed with the legislature")),
    ),
    reopens=("final_approval", "submitted_to_parliament", "committee_report", "plenary_vote"),
    track=Track.COURSE,
    optional=True,
    repeatable=True,
)


def requalified(*again: str, law_of_it: Text) -> Step:
    """The qualification turned out otherwise; `again` are the steps of this procedure that follow from it."""
    return Step(
        code=REQUALIFIED,
        label=Text("Anders gekwalificeerd", "Qualified otherwise"),
        stage=Stage.NEGOTIATION,
        actor=Actor.COUNCIL_OF_STATE,
        help=Text(
            "Het verdrag blijkt gemengd, of juist niet. Het dossier volgt voortaan deze procedure; wat gebeurd is blijft staan.",
            "The treaty turns out to be mixed, or not to be. From now on the dossier follows this procedure; what happened stands.",
        ),
        law=law_of_it,
        outcomes=(
            Outcome(
                "council_of_state", Text("op advies van de Raad van State", "on the advice of the Council of State")
            ),
            Outcome(
                "working_group", Text("door de Werkgroep Gemengde Verdragen", "by the Working Group on Mixed Treaties")
            ),
            Outcome("conference", Text("door de ICBB", "by the Interministerial Conference")),
            Outcome("government", Text("door de Vlaamse Regering", "by the Government of Flanders")),
        ),
        reopens=again,
        track=Track.COURSE,
        optional=True,
        repeatable=True,
    )


HOLD = (PUT_ON_HOLD, RESUMED)
