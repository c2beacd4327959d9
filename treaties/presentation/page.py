"""Everything that the page of one treaty shows, put together."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from treaties.anomalies import Anomaly, anomalies
from treaties.choices import ActKind, TitleKind
from treaties.dates import PartialDate
from treaties.force import Force, force
from treaties.models import Act, Document, Title, Treaty
from treaties.presentation.acts import Moment, publications, signatures, timeline
from treaties.presentation.declarations import Statements, statements
from treaties.presentation.facts import Fact, authentic_languages, facts, more_facts, pdf_files
from treaties.presentation.papers import Shelf, in_order, older, shelves
from treaties.presentation.parties import PartyTable, assents, parties
from treaties.presentation.words import rank, short_name
from treaties.queries import TreatyPage
from treaties.status import Standing
from treaties.verdict import Verdict, verdict


def official_titles(treaty: Treaty) -> list[Title]:
    """The titles to cite it by: the reader's language first, then Dutch, then English."""
    return sorted(
        (title for title in treaty.titles.all() if title.kind == TitleKind.OFFICIAL),
        key=lambda title: (title.language != get_language(), *rank(title)),
    )


def citation(page: TreatyPage, address: str) -> str:
    """How to refer to the treaty: title, place and date, register, reference and address."""
    treaty = page.treaty
    signed = next((act for act in page.acts if act.kind == ActKind.SIGNATURE and act.on), None)
    where = ", ".join(filter(None, (signed.place, str(signed.when)))) if signed else ""
    official = official_titles(treaty)
    name = official[0].text if official else treaty.title
    parts = (name, where, _("Treaty Register of Flanders"), treaty.reference)
    return f"{', '.join(filter(None, parts))}. {address}"


def _nothing_yet() -> Verdict:
    return Verdict("info", "info", _("No act of this treaty is dated on or before that day"))


@dataclass(frozen=True)
class Related:
    """What the treaty is to another instrument; `other` is None where that is not in the register."""

    label: str
    other: Treaty | None
    outside: str
    address: str
    when: PartialDate | None
    article: str
    note: str
    source: str


def related(page: TreatyPage) -> list[Related]:
    return [
        Related(
            label=capfirst(str(label)),
            other=other,
            outside=relation.outside,
            address=relation.address,
            when=relation.when if relation.on else None,
            article=relation.article,
            note=relation.note,
            source=relation.source,
        )
        for label, other, relation in page.relations
    ]


@dataclass(frozen=True)
class TreatyView:
    """What the template of a treaty's page draws."""

    page: TreatyPage
    heading: Title | None
    eyebrow: Title | None
    titles: list[Title]
    verdict: Verdict
    # On the page of a day before anything that is dated: the status of that day says nothing.
    nothing_yet: bool
    on: date
    facts: list[Fact]
    more_facts: list[Fact]
    pdf_files: list[Document]
    languages: str
    parties: PartyTable
    assents: list[Act]
    signatures: list[Act]
    statements: Statements
    publications: list[Moment]
    timeline: list[Moment]
    shelves: list[Shelf]
    force: Force | None
    anomalies: list[Anomaly]
    relations: list[Related]
    citation: str

    @property
    def treaty(self) -> Treaty:
        return self.page.treaty

    @property
    def summary_language(self) -> str:
        return "en" if self.treaty.summary == self.treaty.summary_en else "nl"

    @property
    def standing(self) -> Standing:
        return self.page.standing


def view(page: TreatyPage, on: date, address: str, *, is_back: bool = False) -> TreatyView:
    """Everything to be shown of `page` on day `on`, in the past or not; `address` is the one to cite."""
    nothing_yet = is_back and not page.acts
    heading = page.treaty.best_title
    eyebrow = short_name(page.treaty, heading.language if heading else "nl")
    if heading and eyebrow and eyebrow.text == heading.text:
        eyebrow = None
    papers = shelves(page.documents, page.replaced)
    others = [title for title in page.treaty.titles.all() if title not in (heading, eyebrow)]
    return TreatyView(
        page=page,
        heading=heading,
        eyebrow=eyebrow,
        titles=sorted(others, key=rank),
        verdict=_nothing_yet() if nothing_yet else verdict(page, on),
        nothing_yet=nothing_yet,
        on=on,
        facts=facts(page),
        more_facts=more_facts(page),
        pdf_files=pdf_files(in_order(page.documents), older(papers)),
        languages=authentic_languages(page.treaty),
        parties=parties(page),
        assents=assents(page),
        signatures=signatures(page),
        statements=statements(page.declarations, on),
        publications=publications(page),
        timeline=timeline(page, on),
        shelves=papers,
        force=force(page),
        anomalies=anomalies(page.acts, page.declarations),
        relations=related(page),
        citation=citation(page, address),
    )
