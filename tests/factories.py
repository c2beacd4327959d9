"""Records and dossiers made as people make them: by the actions, never behind their back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from treaties import actions as record
from treaties.actions import Record, TitleText
from treaties.choices import GIVEN_ON, Access, DocumentKind, Kind, Language, Scheme
from treaties.dates import PartialDate
from treaties.models import Document, Party, Treaty
from treaties.papers import newest
from workflow import actions, queries
from workflow.choices import Consent, StepState
from workflow.guards import Happening
from workflow.models import Dossier
from workflow.procedures.language import Step

_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
)
REASON = "from the file"
TITLE = "Verdrag inzake de samenwerking op het gebied van cultuur"
START = date(2024, 1, 8)
# How a step ends when a test does not say otherwise.
OUTCOMES = {
    "council_of_state_requested": "30_days",
    "plenary_vote": "adopted",
    "working_group": "mixed",
    "assent_of_entity": "assented",
    "wording_check": "consent_needed",
    "ended": "expired",
}


def pdf(words: str = "") -> bytes:
    """A small whole PDF of one page; other words make other bytes."""
    content = b"%PDF-1.4\n" + f"% {words}\n".encode()
    places = []
    for number, body in enumerate(_OBJECTS, start=1):
        places.append(len(content))
        content += b"%d 0 obj%bendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = b"startxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\n" + start


# The smallest file that readers of PDF open.
PDF = pdf()


def a_record(**kw: Any) -> Record:
    """A public treaty between Flanders and the Netherlands on culture; `title` is the Dutch official one."""
    kw.setdefault("titles", [TitleText(Language.NL, kw.pop("title", TITLE))])
    kw.setdefault("kind", Kind.TREATY)
    kw.setdefault("parties", {"NL": "", "BE-VLG": ""})
    kw.setdefault("themes", ["buitenlands-beleid"])
    kw.setdefault("access", Access.PUBLIC)
    if not isinstance(kw["parties"], dict):
        kw["parties"] = dict.fromkeys(kw["parties"], "")
    return Record(**kw)


def a_treaty(actor: User, *, reason: str = REASON, reference: str = "", is_demo: bool = False, **kw: Any) -> Treaty:
    return record.register_treaty(
        actor=actor, record=a_record(**kw), reason=reason, reference=reference, is_demo=is_demo
    )


def version(treaty: Treaty) -> int:
    """The version of the record as it stands: what a page that is asked now carries."""
    return Treaty.objects.get(pk=treaty.pk).version


def add_evidence(actor: User, dossier: Dossier, step: str | Step) -> None:
    """One small PDF for each kind of paper the gate asks for."""
    definition = step if isinstance(step, Step) else dossier.procedure.step(step)
    with change(actor, action=Action.DOCUMENT_ADD, reason=REASON):
        for kind in (one.kind for one in definition.evidence):
            add_pdf(actor, dossier.treaty, kind, f"{dossier.pk} {definition.code}")


def add_pdf(actor: User, treaty: Treaty, kind: DocumentKind, words: str = "", **kw: Any) -> Document:
    """A small PDF; an advice or a translation is on the newest version of what it is about."""
    if on := GIVEN_ON.get(kind):
        kw.setdefault("about", newest(treaty.documents.all()).get(on))
    return record.add_document(
        actor=actor,
        treaty=treaty,
        kind=kind,
        language=Language.NL,
        title=str(kind.label),
        filename=f"{kind.value}.pdf",
        content=pdf(f"{words} {kind.value}"),
        reason=REASON,
        **kw,
    )


def a_number(step: Step, dossier: Dossier) -> str:
    """A number as the step asks for one; empty where it asks for none."""
    numbers = {
        Scheme.VR_DOC: "VR 2024 0103 DOC.0001/1",
        Scheme.PARLIAMENT: "1160 (2023-2024) nr. 1",
        Scheme.COUNCIL_OF_STATE: "62.109/1",
        Scheme.NUMAC: "2024203092",
        Scheme.CELEX: "32017D0037",
        # Given to one treaty only.
        Scheme.UNTS: f"I-{dossier.pk}",
    }
    return numbers[Scheme(step.number)] if step.number else ""


def read(dossier: Dossier) -> Dossier:
    """The dossier as it stands in the database, with all that an assessment reads."""
    return queries.with_procedure(Dossier.objects.filter(pk=dossier.pk)).get()


@dataclass
class Walk:
    """A live dossier taken through its procedure: `asker` asks and records, `decider` decides."""

    asker: User
    decider: User
    outcomes: dict[str, str]
    day: date

    def on(self, dossier: Dossier, until: str | None) -> Dossier:
        """Do what has not happened yet, up to and including step `until`; what is optional only when it is needed."""
        for step in dossier.procedure.steps:
            if step.code == until or self._is_needed(dossier, step):
                self._take(dossier, step)
            if step.code == until:
                break
        return read(dossier)

    def _is_needed(self, dossier: Dossier, step: Step) -> bool:
        asked_for = self.outcomes.get("wording_check") == "consent_needed"
        if step.code == "consent_to_sign" and dossier.procedure_code == "mou":
            return asked_for
        return step.per_entity or not step.optional

    def _take(self, dossier: Dossier, step: Step) -> None:
        now = queries.assessment(read(dossier)).report(step.code)
        if step.gate:
            if now.state != StepState.HAPPENED:
                self._gate(dossier, step)
        elif step.per_entity:
            for code in now.missing_entities:
                self._record(dossier, step, entity=Party.objects.get(code=code))
        elif now.state != StepState.HAPPENED:
            self._record(dossier, step)

    def _record(self, dossier: Dossier, step: Step, entity: Party | None = None) -> None:
        happening = Happening(
            step=step.code,
            when=PartialDate(self.day),
            outcome=self.outcomes.get(step.code, "") if step.outcomes else "",
            entity=entity,
            number=a_number(step, dossier),
        )
        actions.record_event(actor=self.asker, dossier=dossier, happening=happening)
        self._next_day(step.term_after(happening.outcome) is not None)

    def _gate(self, dossier: Dossier, step: Step) -> None:
        add_evidence(self.asker, dossier, step)
        open_one = dossier.approvals.filter(step=step.code, decision__isnull=True).first()
        approval = open_one or actions.ask_consent(actor=self.asker, dossier=dossier, step=step.code)
        actions.decide_consent(
            actor=self.decider,
            approval=approval,
            outcome=Consent.APPROVED,
            decided_on=self.day,
            number=f"VR {self.day:%Y} {self.day:%d%m} DOC.0001/1",
        )
        self._next_day(term=False)

    def _next_day(self, term: bool) -> None:
        """Five days on; past the longest term with its summer extension where one was started."""
        self.day += timedelta(days=76 if term else 5)
