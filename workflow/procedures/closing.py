"""Steps after the assent that every kind of treaty knows."""

from treaties.choices import ActKind, Actor, Scheme, Stage
from workflow.choices import Track
from workflow.procedures import law
from workflow.procedures.decree import NEED_DECREE
from workflow.procedures.language import Done, Need, Outcome, Step, Text

PROVISIONAL_APPLICATION = Step(
    code="provisional_application",
    label=Text("Voorlopige toepassing", "Provisional application"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Loopt naast de instemming; noteer de dag waarop de voorlopige toepassing begint.",
        "Runs beside the assent; enter the day on which provisional application begins.",
    ),
    leaves=ActKind.PROVISIONAL_APPLICATION,
    track=Track.INTERNATIONAL,
    law=law.VCLT_25,
    optional=True,
)

PROVISIONAL_END = Step(
    code="provisional_end",
    label=Text("Einde van de voorlopige toepassing", "End of provisional application"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.PARTNER,
    help=Text(
        "Door de inwerkingtreding, of omdat een partij haar beëindigt.",
        "By the entry into force, or because a party ends it.",
    ),
    needs=(
        Need(
            "provisional_application",
            Done("provisional_application"),
            Text("Er is geen voorlopige toepassing vastgelegd.", "No provisional application has been recorded."),
            law.VCLT_25,
        ),
    ),
    leaves=ActKind.PROVISIONAL_END,
    track=Track.INTERNATIONAL,
    law=law.VCLT_25,
    optional=True,
)

DECLARATION = Step(
    code="declaration",
    label=Text("Voorbehoud of verklaring", "Reservation or declaration"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GOVERNMENT,
    help=Text(
        "Noteer de tekst, de dag en door welke entiteit; een intrekking is een feit op zich.",
        "Enter the text, the day and by which entity; a withdrawal is a fact of its own.",
    ),
    outcomes=(
        Outcome("reservation", Text("voorbehoud", "reservation")),
        Outcome("declaration", Text("verklaring", "declaration")),
        Outcome("withdrawn", Text("ingetrokken", "withdrawn")),
    ),
    track=Track.INTERNATIONAL,
    law=law.VCLT_19,
    optional=True,
    repeatable=True,
)

NOTICE_PUBLISHED = Step(
    code="notice_published",
    label=Text("Bericht van inwerkingtreding bekendgemaakt", "Notice of entry into force published"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GAZETTE,
    help=Text(
        "Soms een derde bekendmaking, na die van het decreet en van de tekst: over de uitwisseling of de inwerkingtreding.",
        "Sometimes a third publication, after the decree and the text: of the exchange or of the entry into force.",
    ),
    leaves=ActKind.NOTICE_PUBLICATION,
    number=Scheme.NUMAC,
    track=Track.PUBLICATION,
    optional=True,
    repeatable=True,
    per_treaty=True,
)

TEXT_PUBLISHED = Step(
    code="text_published",
    label=Text("Tekst bekendgemaakt in het Belgisch Staatsblad", "Text published in the Belgian Official Gazette"),
    stage=Stage.ENTRY_INTO_FORCE,
    actor=Actor.GAZETTE,
    help=Text(
        "De tekst van het verdrag zelf, vaak maanden na het decreet; eigen NUMAC-nummer.",
        "The text of the treaty itself, often months after the decree; it has its own NUMAC number.",
    ),
    needs=(NEED_DECREE,),
    leaves=ActKind.TEXT_PUBLICATION,
    number=Scheme.NUMAC,
    track=Track.PUBLICATION,
    per_treaty=True,
)

ENDED = Step(
    code="ended",
    label=Text("Beëindigd", "Ended"),
    stage=Stage.DONE,
    actor=Actor.DEPARTMENT,
    help=Text(
        "Opzegging, afloop of vervanging: noteer de dag waarop het ophoudt te gelden.",
        "Denunciation, expiry or replacement: enter the day on which it ceases to have effect.",
    ),
    outcomes=(
        Outcome("denounced", Text("opgezegd", "denounced")),
        Outcome("expired", Text("verlopen", "expired")),
        Outcome("replaced", Text("vervangen", "replaced")),
    ),
    leaves=ActKind.END,
    track=Track.INTERNATIONAL,
    law=law.VCLT_54,
    optional=True,
)
