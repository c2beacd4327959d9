"""From the approval in principle to the advice of the Council of State."""

from treaties.choices import Actor, DocumentKind, Scheme, Stage
from workflow.procedures import law
from workflow.procedures.language import (
    Answered,
    Approved,
    Done,
    Evidence,
    Need,
    Outcome,
    Step,
    Term,
    Text,
    Unit,
    papers,
)
from workflow.procedures.moves import DRAFT_REVISED

NEED_SIGNATURE = Need(
    "signature",
    Done("signature"),
    Text("Het verdrag is nog niet ondertekend.", "The treaty has not been signed yet."),
)


def approval_in_principle(*needs: Need) -> Step:
    """The approval in principle, after what `needs` say: mostly the signature; of an accession the final text.

    Where the treaty is signed, the authentic text goes with it.
    """
    signed = any(isinstance(need.condition, Done) and need.condition.step == "signature" for need in needs)
    authentic = (Evidence(DocumentKind.SIGNED_TEXT),) if signed else ()
    return Step(
        code="approval_in_principle",
        label=Text("Principiële goedkeuring", "Approval in principle"),
        stage=Stage.ADVICE,
        actor=Actor.GOVERNMENT,
        help=Text(
            "De Vlaamse Regering keurt het voorontwerp van instemmingsdecreet principieel goed en gelast de minister adviezen te vragen.",
            "The Government of Flanders approves the preliminary draft decree in principle and has the minister ask for advice.",
        ),
        gate=True,
        evidence=(
            *papers(
                DocumentKind.MEMORANDUM,
                DocumentKind.PRELIMINARY_DRAFT,
                DocumentKind.EXPLANATORY_MEMORANDUM,
                DocumentKind.FINANCE_ADVICE,
                needed=(DocumentKind.PRELIMINARY_DRAFT,),
            ),
            *authentic,
        ),
        needs=needs,
        number=Scheme.VR_DOC,
        law=law.EVERY_STEP,
        held_up=True,
    )


_NEED_PRINCIPLE = Need(
    "approval_in_principle",
    Approved("approval_in_principle"),
    Text(
        "De Vlaamse Regering heeft het voorontwerp nog niet principieel goedgekeurd.",
        "The Government of Flanders has not approved the preliminary draft in principle yet.",
    ),
    law.EVERY_STEP,
)

_NEED_COUNCIL_ASKED = Need(
    "advice_requested",
    Done("advice_requested"),
    Text("Er is nog geen advies gevraagd aan een adviesraad.", "No advisory council has been asked yet."),
    law.COUNCILS_III_103,
)


def _council_term(days: int, unit: Unit = Unit.CALENDAR) -> Term:
    return Term(
        days=days,
        label=Text("Advies van de adviesraad", "Advice of the advisory council"),
        answered_by=("advice_received",),
        law=law.COUNCILS_III_103,
        unit=unit,
        extended_by=("advice_term_extended",),
    )


ADVICE_REQUESTED = Step(
    code="advice_requested",
    label=Text("Advies gevraagd aan een adviesraad", "Advice asked of an advisory council"),
    stage=Stage.ADVICE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Voor elke raad apart; noteer de dag waarop de raad de vraag ontving. Er kan ook geen raad betrokken zijn.",
        "For each council apart; enter the day the council received the request. There may be no council concerned.",
    ),
    needs=(_NEED_PRINCIPLE,),
    term=_council_term(30),
    outcomes=(
        Outcome("30_days", Text("30 kalenderdagen", "30 calendar days")),
        Outcome("urgent", Text("spoed: 10 werkdagen", "urgent: 10 working days"), _council_term(10, Unit.WORKING)),
    ),
    law=law.COUNCILS_III_103,
    optional=True,
    repeatable=True,
    per_body=True,
    outcome_optional=True,
)

ADVICE_TERM_EXTENDED = Step(
    code="advice_term_extended",
    label=Text("Termijn van een adviesraad verlengd", "Term of an advisory council extended"),
    stage=Stage.ADVICE,
    actor=Actor.MINISTER,
    help=Text(
        "Wie het advies vroeg kan een langere termijn toestaan: noteer de nieuwe laatste dag.",
        "Who asked for the advice may grant a longer term: enter the new last day.",
    ),
    needs=(_NEED_COUNCIL_ASKED,),
    law=law.COUNCILS_III_103,
    optional=True,
    repeatable=True,
    per_body=True,
    names_last_day=True,
)

ADVICE_RECEIVED = Step(
    code="advice_received",
    label=Text("Advies van een adviesraad ontvangen", "Advice of an advisory council received"),
    stage=Stage.ADVICE,
    actor=Actor.COUNCILS,
    help=Text("Noteer welke raad, de datum en het nummer.", "Enter which council, the date and the number."),
    needs=(_NEED_COUNCIL_ASKED,),
    outcomes=(
        Outcome("given", Text("advies gegeven", "advice given")),
        Outcome("renounced", Text("de raad geeft geen advies", "the council gives no advice")),
    ),
    law=law.COUNCILS_III_103,
    optional=True,
    repeatable=True,
    per_body=True,
    outcome_optional=True,
)

SECOND_APPROVAL_IN_PRINCIPLE = Step(
    code="second_approval_in_principle",
    label=Text("Tweede principiële goedkeuring", "Second approval in principle"),
    stage=Stage.COUNCIL_OF_STATE,
    actor=Actor.GOVERNMENT,
    help=Text("Alleen als de tekst na de adviezen is gewijzigd.", "Only when the text was changed after the advice."),
    gate=True,
    evidence=papers(DocumentKind.MEMORANDUM, DocumentKind.PRELIMINARY_DRAFT, DocumentKind.EXPLANATORY_MEMORANDUM),
    needs=(_NEED_PRINCIPLE,),
    number=Scheme.VR_DOC,
    law=law.EVERY_STEP,
    optional=True,
    held_up=True,
)


def _council_of_state_term(days: int, unit: Unit = Unit.CALENDAR, *, summer: bool = False) -> Term:
    return Term(
        days=days,
        label=Text("Advies van de Raad van State", "Advice of the Council of State"),
        answered_by=("council_of_state_advice",),
        law=law.COUNCIL_OF_STATE_84,
        unit=unit,
        summer=summer,
        stopped_by="council_of_state_stop",
    )


COUNCIL_OF_STATE_REQUESTED = Step(
    code="council_of_state_requested",
    label=Text("Advies gevraagd aan de Raad van State", "Advice asked of the Council of State"),
    stage=Stage.COUNCIL_OF_STATE,
    actor=Actor.MINISTER,
    help=Text(
        "De minister legt het voorontwerp voor aan de afdeling Wetgeving; kies de gevraagde termijn.",
        "The minister submits the preliminary draft to the Legislation Section; choose the term asked for.",
    ),
    needs=(
        _NEED_PRINCIPLE,
        Need(
            "advice_open",
            Answered("advice_requested"),
            Text(
                "Een gevraagd advies is nog niet binnen en de termijn loopt nog.",
                "An advice that was asked for has not come in and its term still runs.",
            ),
            law.COUNCILS_III_103,
        ),
    ),
    outcomes=(
        Outcome("30_days", Text("30 dagen", "30 days"), _council_of_state_term(30, summer=True)),
        Outcome(
            "45_days",
            Text(
                "45 dagen (algemene vergadering of verenigde kamers)", "45 days (general assembly or united chambers)"
            ),
            _council_of_state_term(45, summer=True),
        ),
        Outcome("60_days", Text("60 dagen", "60 days"), _council_of_state_term(60)),
        Outcome("5_working_days", Text("5 werkdagen", "5 working days"), _council_of_state_term(5, Unit.WORKING)),
        Outcome(
            "8_working_days",
            Text(
                "8 werkdagen (algemene vergadering of verenigde kamers)",
                "8 working days (general assembly or united chambers)",
            ),
            _council_of_state_term(8, Unit.WORKING),
        ),
    ),
    law=law.COUNCIL_OF_STATE_3,
    held_up=True,
)

COUNCIL_OF_STATE_STOP = Step(
    code="council_of_state_stop",
    label=Text("Termijn van de Raad van State staat stil", "Term of the Council of State stands still"),
    stage=Stage.COUNCIL_OF_STATE,
    actor=Actor.COUNCIL_OF_STATE,
    help=Text(
        "Alleen als de griffie meedeelt dat de termijn niet loopt, bijvoorbeeld zolang het dossier onvolledig is.",
        "Only when the registry says that the term does not run, for example while the file is incomplete.",
    ),
    needs=(
        Need(
            "council_of_state_requested",
            Done("council_of_state_requested"),
            Text(
                "Het advies van de Raad van State is nog niet gevraagd.",
                "The advice of the Council of State has not been asked yet.",
            ),
        ),
    ),
    outcomes=(
        Outcome("stopped", Text("staat stil vanaf deze dag", "stands still from this day")),
        Outcome("resumed", Text("loopt weer vanaf deze dag", "runs again from this day")),
    ),
    optional=True,
    repeatable=True,
)

COUNCIL_OF_STATE_ADVICE = Step(
    code="council_of_state_advice",
    label=Text("Advies van de Raad van State", "Advice of the Council of State"),
    stage=Stage.COUNCIL_OF_STATE,
    actor=Actor.COUNCIL_OF_STATE,
    help=Text(
        "Noteer datum en nummer met het achtervoegsel van de kamer, bijvoorbeeld 62.109/1.",
        "Enter date and number with the suffix of the chamber, for example 62.109/1.",
    ),
    needs=(
        Need(
            "council_of_state_requested",
            Done("council_of_state_requested"),
            Text(
                "Het advies van de Raad van State is nog niet gevraagd.",
                "The advice of the Council of State has not been asked yet.",
            ),
            law.COUNCIL_OF_STATE_3,
        ),
    ),
    number=Scheme.COUNCIL_OF_STATE,
    law=law.COUNCIL_OF_STATE_3,
)


def advice(*needs: Need) -> tuple[Step, ...]:
    """The steps of this file; the first of them after `needs`."""
    return (
        approval_in_principle(*(needs or (NEED_SIGNATURE,))),
        ADVICE_REQUESTED,
        ADVICE_TERM_EXTENDED,
        ADVICE_RECEIVED,
        SECOND_APPROVAL_IN_PRINCIPLE,
        COUNCIL_OF_STATE_REQUESTED,
        COUNCIL_OF_STATE_STOP,
        COUNCIL_OF_STATE_ADVICE,
        DRAFT_REVISED,
    )
