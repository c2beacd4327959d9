"""The page of one treaty: what its record adds up to, in sentences, facts and tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from treaties import papers as versions
from treaties.anomalies import Anomaly, anomalies
from treaties.choices import ActKind, DocumentKind, Status, TitleKind
from treaties.dates import PartialDate
from treaties.force import Force, force
from treaties.models import Act, Document, Party, Title, Treaty
from treaties.queries import TreatyPage
from treaties.sorting import sort_key
from treaties.status import Standing
from treaties.verdict import Verdict, people, verdict

# How many lines a fact shows before it counts the others.
LINES = 5

# The facts in the order of the department's own treaty pages.
FACTS: tuple[tuple[object, tuple[ActKind, ...]], ...] = (
    (gettext_lazy("Signed"), (ActKind.SIGNATURE,)),
    (gettext_lazy("Sanctioned and promulgated"), (ActKind.DECREE,)),
    (gettext_lazy("Publication of the decree"), (ActKind.DECREE_PUBLICATION,)),
    (gettext_lazy("Publication of the text"), (ActKind.TEXT_PUBLICATION,)),
    (gettext_lazy("Publication of a notice"), (ActKind.NOTICE_PUBLICATION,)),
    (gettext_lazy("International ratification"), (ActKind.RATIFICATION, ActKind.NOTIFICATION, ActKind.DEPOSIT)),
    (gettext_lazy("Entry into force"), (ActKind.ENTRY_INTO_FORCE,)),
    (pgettext_lazy("of an MoU", "Coming into effect"), (ActKind.EFFECT,)),
    (gettext_lazy("Provisional application"), (ActKind.PROVISIONAL_APPLICATION, ActKind.PROVISIONAL_END)),
    (gettext_lazy("End"), (ActKind.DENUNCIATION, ActKind.END)),
)
# Where one fact has acts of several kinds, each line says which.
_COLUMNS: tuple[tuple[object, tuple[ActKind, ...]], ...] = (
    (gettext_lazy("Signed"), (ActKind.SIGNATURE,)),
    (gettext_lazy("Ratified"), (ActKind.RATIFICATION, ActKind.NOTIFICATION, ActKind.DEPOSIT)),
    (gettext_lazy("Provisionally applied"), (ActKind.PROVISIONAL_APPLICATION, ActKind.PROVISIONAL_END)),
    (gettext_lazy("In force"), (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT)),
    (gettext_lazy("Ended"), (ActKind.DENUNCIATION, ActKind.END)),
)
KEY_ACTS = frozenset({ActKind.SIGNATURE, ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT, ActKind.END})


# --- Words ----------------------------------------------------------------------------------------


def status_label(status: str, treaty: Treaty) -> str:
    """The word on the badge. What binds politically only has no force to be in or not."""
    if not treaty.is_treaty and status == Status.SIGNED:
        return capfirst(pgettext("of an MoU", "signed"))
    if not treaty.is_treaty and status == Status.ENDED:
        return capfirst(pgettext("of an MoU", "no longer in effect"))
    return capfirst(str(Status(status).label))


# --- Titles ---------------------------------------------------------------------------------------


def _rank(title: Title) -> tuple[bool, bool, bool, int]:
    return (title.language != "nl", title.language != "en", title.kind != TitleKind.OFFICIAL, title.pk)


def short_name(treaty: Treaty, language: str) -> Title | None:
    """The name people use, in the language of the heading where it exists, else in Dutch."""
    names = [title for title in treaty.titles.all() if title.kind == TitleKind.SHORT]
    return min(names, key=lambda title: (title.language != language, *_rank(title)), default=None)


# --- Facts --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One date of a fact, with all parties that share it."""

    when: PartialDate
    kind: str
    place: str
    number: str
    source: str
    parties: str


@dataclass(frozen=True)
class Fact:
    label: object
    lines: list[Line]
    more: int = 0


def facts(page: TreatyPage) -> list[Fact]:
    """Each fact that is known, in the promised order."""
    return [found for label, kinds in FACTS if (found := _fact(label, kinds, page.acts)).lines]


def _fact(label: object, kinds: tuple[ActKind, ...], acts: Iterable[Act]) -> Fact:
    shared: dict[tuple[PartialDate, str, str, str, str], list[str]] = {}
    for act in acts:
        if act.kind in kinds:
            kind = act.get_kind_display() if len(kinds) > 1 else ""
            key = (act.when, kind, act.place, act.number, act.source)
            shared.setdefault(key, []).extend([act.party_name] if act.party_name else [])
    lines = [Line(*key, parties=people(parties)) for key, parties in shared.items()]
    return Fact(label, lines[:LINES], max(0, len(lines) - LINES))


# --- Parties --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyRow:
    party: Party
    named_as: str
    # Beside each column label the acts in it: a cell of a table that becomes a card names its own column.
    cells: list[tuple[object, list[Act]]]


@dataclass(frozen=True)
class PartyTable:
    columns: list[object]
    rows: list[PartyRow]

    @property
    def has_names(self) -> bool:
        """Whether the text of the instrument has its own name for any of them."""
        return any(row.named_as for row in self.rows)


def parties(page: TreatyPage) -> PartyTable:
    """Who is party, and what each did; columns in which nobody did anything are left out."""
    own = [act for act in page.acts if act.party]
    columns = [(label, kinds) for label, kinds in _COLUMNS if any(act.kind in kinds for act in own)]
    tabled = {kind for _label, kinds in columns for kind in kinds}
    named = {link.party: link.named_as for link in page.treaty.party_links.all()}
    for act in own:
        if act.party and act.kind in tabled:
            named.setdefault(act.party, "")
    rows = [
        PartyRow(
            party,
            named_as,
            [(label, [act for act in own if act.party == party and act.kind in kinds]) for label, kinds in columns],
        )
        for party, named_as in sorted(named.items(), key=lambda item: sort_key(item[0].name))
    ]
    return PartyTable([label for label, _kinds in columns], rows)


def assents(page: TreatyPage) -> list[Act]:
    """The assents of the Belgian parliaments to a mixed treaty; the one without an entity is the Flemish one."""
    if not page.treaty.is_mixed:
        return []
    return [act for act in page.acts if act.kind == ActKind.ASSENT]


# --- Timeline, papers, citation ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    act: Act
    label: str
    is_key: bool
    is_announced: bool


def timeline(page: TreatyPage, on: date) -> list[Moment]:
    """Everything that was done, in order of time; what has no known date comes last."""
    return [Moment(act, _what(act), act.kind in KEY_ACTS, bool(act.on and act.on > on)) for act in page.acts]


def _what(act: Act) -> str:
    if act.kind == ActKind.ASSENT and not act.party:
        return _("Assent of the Flemish Parliament")
    label = capfirst(act.get_kind_display())
    return f"{label}: {act.party_name}" if act.party else label


def papers(documents: Iterable[Document]) -> list[Document]:
    """Documents in the order in which a file is read: the text first."""
    order = {kind: place for place, kind in enumerate(DocumentKind)}
    return sorted(documents, key=lambda document: (order[DocumentKind(document.kind)], document.language, document.pk))


def outdated(documents: Iterable[Document]) -> frozenset[int]:
    """The keys of the papers that are out of date, as far as the reader may see the papers they are about."""
    documents = list(documents)
    newest = versions.newest(documents)
    return frozenset(document.pk for document in documents if versions.state(document, newest) == "out_of_date")


def citation(page: TreatyPage, address: str) -> str:
    """How to refer to the treaty: title, place and date, register, reference and address."""
    treaty = page.treaty
    signed = next((act for act in page.acts if act.kind == ActKind.SIGNATURE and act.on), None)
    where = ", ".join(filter(None, (signed.place, str(signed.when)))) if signed else ""
    official = sorted(
        (title for title in treaty.titles.all() if title.kind == TitleKind.OFFICIAL),
        key=lambda title: (title.language != get_language(), *_rank(title)),
    )
    name = official[0].text if official else treaty.title
    parts = (name, where, _("Treaty Register of Flanders"), treaty.reference)
    return f"{', '.join(filter(None, parts))}. {address}"


def _nothing_yet() -> Verdict:
    return Verdict("info", "info", _("No act of this treaty is dated on or before that day"))


# --- All of it -------------------------------------------------------------------------------------------------


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
    parties: PartyTable
    assents: list[Act]
    timeline: list[Moment]
    papers: list[Document]
    # Keys of the papers that are on another version than the newest of what they are about.
    outdated: frozenset[int]
    force: Force | None
    anomalies: list[Anomaly]
    relations: list[tuple[str, Treaty, str]]
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
    others = [title for title in page.treaty.titles.all() if title not in (heading, eyebrow)]
    return TreatyView(
        page=page,
        heading=heading,
        eyebrow=eyebrow,
        titles=sorted(others, key=_rank),
        verdict=_nothing_yet() if nothing_yet else verdict(page, on),
        nothing_yet=nothing_yet,
        on=on,
        facts=facts(page),
        parties=parties(page),
        assents=assents(page),
        timeline=timeline(page, on),
        papers=papers(page.documents),
        outdated=outdated(page.documents),
        force=force(page),
        anomalies=anomalies(page.acts),
        relations=[(capfirst(str(label)), other, relation.note) for label, other, relation in page.relations],
        citation=citation(page, address),
    )
