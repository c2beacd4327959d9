"""The technical amendment of an annex, without an assent of its own.

Either the decree of assent to the treaty assented to such changes beforehand: the Flemish Parliament is then informed
and may object in the term that decree names. Or the treaty makes a change binding by tacit acceptance: whoever does not
object (opts out) before the day the treaty names is bound. Both terms end on a day that is named, never computed here,
and both acceptances follow from silence: nothing need be recorded for them.

The Council of State sets limits to assent beforehand; which ones a jurist has to judge, so no law is cited for it.
"""

from dataclasses import replace

from treaties.choices import ActKind, Actor, DocumentKind, RelationKind, Scheme, Stage
from workflow.procedures import law
from workflow.procedures.closing import ENDED, NOTICE_PUBLISHED, TEXT_PUBLISHED
from workflow.procedures.language import (
    NO_TEXT,
    Answered,
    Approved,
    Done,
    Either,
    Need,
    Not,
    Outcome,
    Procedure,
    Step,
    Term,
    Text,
    papers,
)
from workflow.procedures.moves import HOLD, PAUSE
from workflow.procedures.opening import INITIATIVE, NEED_PARENT

BEFOREHAND, TACIT = "assented_beforehand", "tacit_acceptance"

CHANGE_NOTIFIED = Step(
    code="change_notified",
    label=Text("Wijziging meegedeeld", "Change notified"),
    stage=Stage.NEGOTIATION,
    actor=Actor.PARTNER,
    help=Text(
        "De depositaris of het orgaan van het verdrag deelt de gewijzigde bijlage mee; noteer de dag van ontvangst.",
        "The depositary or the body of the treaty notifies the changed annex; enter the day it was received.",
    ),
    needs=(
        Need(
            "initiative",
            Done("initiative"),
            Text("Het initiatief is nog niet vastgelegd.", "The initiative has not been recorded yet."),
        ),
        NEED_PARENT,
    ),
    leaves=ActKind.ADOPTION,
)

_NEED_NOTIFIED = Need(
    "change_notified",
    Done("change_notified"),
    Text("De wijziging is nog niet meegedeeld.", "The change has not been notified yet."),
)

ROUTE_CHECK = Step(
    code="route_check",
    label=Text("Nazicht: welke weg volgt de wijziging", "Check: which way the change goes"),
    stage=Stage.NEGOTIATION,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Ga na of het instemmingsdecreet vooraf met zulke wijzigingen instemde, of het verdrag ze stilzwijgend laat aanvaarden.",
        "Check whether the decree of assent assented to such changes beforehand, or the treaty has them accepted tacitly.",
    ),
    needs=(_NEED_NOTIFIED,),
    outcomes=(
        Outcome(BEFOREHAND, Text("het decreet stemde vooraf in", "the decree assented beforehand")),
        Outcome(TACIT, Text("stilzwijgende aanvaarding volgens het verdrag", "tacit acceptance under the treaty")),
        Outcome(
            "own_assent",
            Text(
                "geen van beide: eigen instemming nodig (volg de procedure van een wijziging)",
                "neither: an assent of its own is needed (follow the procedure of an amendment)",
            ),
        ),
    ),
)

PARLIAMENT_INFORMED = Step(
    code="parliament_informed",
    label=Text("Vlaams Parlement geïnformeerd", "Flemish Parliament informed"),
    stage=Stage.ASSENT,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Noteer de dag van de mededeling en de laatste dag om bezwaar te maken, zoals het instemmingsdecreet die noemt.",
        "Enter the day of the notice and the last day to object, as the decree of assent names it.",
    ),
    needs=(
        Need(
            "assented_beforehand",
            Done("route_check", (BEFOREHAND,)),
            Text(
                "Er is niet vastgesteld dat het decreet vooraf met zulke wijzigingen instemde.",
                "The decree has not been found to assent to such changes beforehand.",
            ),
        ),
    ),
    term=Term(
        days=0,
        label=Text("Bezwaar van het Vlaams Parlement", "Objection of the Flemish Parliament"),
        answered_by=("parliament_objection",),
        law=NO_TEXT,
    ),
    number=Scheme.PARLIAMENT,
    optional=True,
    names_last_day=True,
)

PARLIAMENT_OBJECTION = Step(
    code="parliament_objection",
    label=Text("Bezwaar van het Vlaams Parlement", "Objection of the Flemish Parliament"),
    stage=Stage.ASSENT,
    actor=Actor.PARLIAMENT,
    help=Text(
        "De wijziging vergt dan een eigen instemming. Zonder bezwaar hoeft u niets vast te leggen.",
        "The change then takes an assent of its own. Without objection there is nothing to record.",
    ),
    needs=(
        Need(
            "parliament_term",
            Not(Answered("parliament_informed")),
            Text(
                "Er loopt geen termijn voor bezwaar van het parlement.", "No term for an objection of parliament runs."
            ),
        ),
    ),
    optional=True,
)

OPT_OUT_TERM = Step(
    code="opt_out_term",
    label=Text("Termijn om de wijziging te weigeren", "Term to refuse the change"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Noteer de dag waarop de termijn begon en de laatste dag om te weigeren, zoals het verdrag of de mededeling die noemt.",
        "Enter the day the term began and the last day to refuse, as the treaty or the notification names it.",
    ),
    # Not after the check: the term began with the notification, whatever the check finds.
    needs=(_NEED_NOTIFIED,),
    term=Term(
        days=0,
        label=Text("De wijziging weigeren", "Refusing the change"),
        answered_by=("objection_notified",),
        law=NO_TEXT,
    ),
    optional=True,
    names_last_day=True,
)

_NEED_OPT_OUT_RUNS = Need(
    "opt_out_runs",
    Not(Answered("opt_out_term")),
    Text("Er loopt geen termijn om de wijziging te weigeren.", "No term to refuse the change runs."),
)

CONSENT_TO_OBJECT = Step(
    code="consent_to_object",
    label=Text("Beslissing om de wijziging te weigeren", "Decision to refuse the change"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Alleen als Vlaanderen niet gebonden wil zijn. Wie niets doet, aanvaardt.",
        "Only if Flanders does not want to be bound. Doing nothing is accepting.",
    ),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.TREATY_TEXT, needed=(DocumentKind.TREATY_TEXT,)),
    needs=(_NEED_OPT_OUT_RUNS,),
    number=Scheme.VR_DOC,
    law=law.EVERY_STEP,
    optional=True,
)

OBJECTION_NOTIFIED = Step(
    code="objection_notified",
    label=Text("Weigering meegedeeld aan de depositaris", "Refusal notified to the depositary"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "De wijziging geldt dan niet voor Vlaanderen, en het dossier eindigt.",
        "The change then does not apply to Flanders, and the dossier ends.",
    ),
    needs=(
        Need(
            "consent_to_object",
            Approved("consent_to_object"),
            Text(
                "De Vlaamse Regering heeft nog niet beslist de wijziging te weigeren.",
                "The Government of Flanders has not decided to refuse the change yet.",
            ),
            law.EVERY_STEP,
        ),
        _NEED_OPT_OUT_RUNS,
    ),
    outcomes=(Outcome("refused", Text("geldt niet voor Vlaanderen", "does not apply to Flanders"), ends=True),),
    optional=True,
)

ENTRY_INTO_FORCE = Step(
    code="entry_into_force",
    label=Text("Inwerkingtreding van de wijziging", "Entry into force of the change"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Wat niet binnen de termijn is geweigerd, is aanvaard. Noteer de dag zoals de bron hem geeft.",
        "What was not refused within the term has been accepted. Enter the day as the source gives it.",
    ),
    needs=(
        Need(
            "route",
            Done("route_check", (BEFOREHAND, TACIT)),
            Text(
                "Er is niet vastgesteld dat de wijziging zonder eigen instemming kan gelden.",
                "The change has not been found to hold without an assent of its own.",
            ),
            law.CONSTITUTION_167_3,
        ),
        Need(
            "parliament_informed",
            Either((Not(Done("route_check", (BEFOREHAND,))), Done("parliament_informed"))),
            Text("Het Vlaams Parlement is nog niet geïnformeerd.", "The Flemish Parliament has not been informed yet."),
        ),
        Need(
            "parliament_term",
            Answered("parliament_informed"),
            Text("Het Vlaams Parlement kan nog bezwaar maken.", "The Flemish Parliament may still object."),
        ),
        Need(
            "parliament_objected",
            Not(Done("parliament_objection")),
            Text(
                "Het Vlaams Parlement heeft bezwaar gemaakt: de wijziging vergt een eigen instemming.",
                "The Flemish Parliament has objected: the change takes an assent of its own.",
            ),
            law.CONSTITUTION_167_3,
        ),
        Need(
            "opt_out_term",
            Either((Not(Done("route_check", (TACIT,))), Done("opt_out_term"))),
            Text(
                "De termijn om de wijziging te weigeren is nog niet vastgelegd.",
                "The term to refuse the change has not been recorded yet.",
            ),
        ),
        Need(
            "opt_out_over",
            Answered("opt_out_term"),
            Text("De termijn om de wijziging te weigeren loopt nog.", "The term to refuse the change still runs."),
        ),
        Need(
            "refused",
            Not(Done("objection_notified")),
            Text("Vlaanderen heeft de wijziging geweigerd.", "Flanders has refused the change."),
        ),
    ),
    leaves=ActKind.ENTRY_INTO_FORCE,
    law=law.VCLT_24,
)

TECHNICAL = Procedure(
    code="technical",
    version=1,
    label=Text("Technische wijziging van een bijlage", "Technical amendment of an annex"),
    help=Text(
        "Zonder eigen decreet: het parlement stemde vooraf in, of wie niet weigert aanvaardt. De laatste dag bewaakt u hier.",
        "Without a decree of its own: parliament assented beforehand, or not refusing is accepting. Watch the last day here.",
    ),
    pause=PAUSE,
    parents=(RelationKind.AMENDS, RelationKind.IMPLEMENTS, RelationKind.PROTOCOL_TO),
    steps=(
        INITIATIVE,
        CHANGE_NOTIFIED,
        ROUTE_CHECK,
        PARLIAMENT_INFORMED,
        PARLIAMENT_OBJECTION,
        OPT_OUT_TERM,
        CONSENT_TO_OBJECT,
        OBJECTION_NOTIFIED,
        ENTRY_INTO_FORCE,
        replace(
            TEXT_PUBLISHED,
            help=Text(
                "De gewijzigde bijlage, als zij wordt bekendgemaakt; noteer het NUMAC-nummer.",
                "The changed annex, where it is published; enter the NUMAC number.",
            ),
            needs=(ENTRY_INTO_FORCE.needs[0],),
            optional=True,
        ),
        NOTICE_PUBLISHED,
        *HOLD,
        ENDED,
    ),
)
