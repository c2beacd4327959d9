"""Who is party, how each stands, and what each did."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy

from treaties.choices import CONSENTS_TO_BE_BOUND, ActKind, Status
from treaties.models import Act, Party, TreatyParty
from treaties.presentation.words import party_label
from treaties.queries import TreatyPage
from treaties.sorting import sort_key
from treaties.status import PartyStanding, Standing

CONSENTS = tuple(kind for kind in ActKind if kind in CONSENTS_TO_BE_BOUND)
# An instrument that was drawn up and its deposit are two things: only the second binds (art. 16).
_COLUMNS: tuple[tuple[object, tuple[ActKind, ...]], ...] = (
    (gettext_lazy("Signed"), (ActKind.SIGNATURE,)),
    (gettext_lazy("Consent to be bound"), CONSENTS),
    (gettext_lazy("Notified"), (ActKind.NOTIFICATION,)),
    (gettext_lazy("Deposited"), (ActKind.DEPOSIT,)),
    (gettext_lazy("Provisionally applied"), (ActKind.PROVISIONAL_APPLICATION, ActKind.PROVISIONAL_END)),
    (gettext_lazy("In force"), (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT)),
    (
        gettext_lazy("Suspended or ended"),
        (
            ActKind.SUSPENSION,
            ActKind.SUSPENSION_END,
            ActKind.DENUNCIATION,
            ActKind.EXPIRY,
            ActKind.REPLACEMENT,
            ActKind.END,
        ),
    ),
)
# What the heading of its column says already.
_PLAIN = frozenset(
    {
        ActKind.SIGNATURE,
        ActKind.NOTIFICATION,
        ActKind.DEPOSIT,
        ActKind.PROVISIONAL_APPLICATION,
        ActKind.ENTRY_INTO_FORCE,
        ActKind.EFFECT,
    }
)


@dataclass(frozen=True)
class Done:
    """An act in a cell; `kind` where the heading does not say it."""

    act: Act
    kind: str


@dataclass(frozen=True)
class Position:
    """How a party or a territory stands: the word, since when, and the status behind it."""

    status: Status
    label: str
    standing: Standing
    territory: str = ""
    # Bound or not, it does not apply yet: said beneath the word.
    is_waiting: bool = False


@dataclass(frozen=True)
class PartyRow:
    party: Party
    named_as: str
    # The territory it is bound for, where that is a part of it.
    territory: str
    position: Position | None
    territories: list[Position]
    # Beside each column label the acts in it: a cell of a table that becomes a card names its own column.
    cells: list[tuple[object, list[Done]]]


@dataclass(frozen=True)
class PartyTable:
    columns: list[object]
    rows: list[PartyRow]
    has_positions: bool = field(default=False)

    @property
    def has_names(self) -> bool:
        """Whether the text of the instrument has its own name for any of them."""
        return any(row.named_as for row in self.rows)


def parties(page: TreatyPage) -> PartyTable:
    """Who is party, how it stands, and what each did; columns in which nobody did anything are left out."""
    own = [act for act in page.acts if act.party]
    columns = [(label, kinds) for label, kinds in _COLUMNS if any(act.kind in kinds for act in own)]
    tabled = {kind for _label, kinds in columns for kind in kinds}
    links: dict[Party, TreatyParty | None] = {link.party: link for link in page.treaty.party_links.all()}
    for act in own:
        if act.party and act.kind in tabled:
            links.setdefault(act.party, None)
    rows = [
        _row(page, party, link, own, columns)
        for party, link in sorted(links.items(), key=lambda item: sort_key(item[0].name))
    ]
    # Where nothing is known of any of them, a column of “not known” tells nobody anything.
    known = any((row.position and row.position.standing.since) or row.territories for row in rows)
    return PartyTable([label for label, _kinds in columns], rows, has_positions=known)


def _row(
    page: TreatyPage,
    party: Party,
    link: TreatyParty | None,
    own: list[Act],
    columns: list[tuple[object, tuple[ActKind, ...]]],
) -> PartyRow:
    stands = page.parties.get(party.name, PartyStanding(Standing(Status.UNKNOWN)))
    cells = [
        (label, [_done(act) for act in own if act.party == party and act.kind in kinds]) for label, kinds in columns
    ]
    return PartyRow(
        party=party,
        named_as=link.named_as if link else "",
        territory=link.territory.name if link and link.territory else "",
        position=_position(page, stands.standing),
        territories=[_position(page, there, name) for name, there in stands.territories.items()],
        cells=cells,
    )


def _position(page: TreatyPage, standing: Standing, territory: str = "") -> Position:
    is_waiting = (
        page.treaty.is_treaty and standing.status in (Status.SIGNED, Status.UNKNOWN) and standing.by is not None
    )
    return Position(standing.status, party_label(standing, page.treaty), standing, territory, is_waiting)


def _done(act: Act) -> Done:
    return Done(act, "" if act.kind in _PLAIN else act.get_kind_display())


def assents(page: TreatyPage) -> list[Act]:
    """The assents of the Belgian parliaments to a mixed treaty; the one without an entity is the Flemish one."""
    if not page.treaty.is_mixed:
        return []
    return [act for act in page.acts if act.kind == ActKind.ASSENT]
