"""What a page says of the entry-into-force clause: its words, the suggestion with its working out, and any conflict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from treaties.choices import ActKind
from treaties.clauses import Suggestion, conflict, described, suggest
from treaties.dates import PartialDate
from treaties.models import Act, ForceClause, Treaty
from treaties.queries import TreatyPage


@dataclass(frozen=True)
class Force:
    """The clause of a treaty and what follows from it. `conflict` is empty where the stated date can be the same."""

    clause: ForceClause
    rule: str
    suggestion: Suggestion
    stated: PartialDate | None
    conflict: str

    @property
    def day(self) -> PartialDate | None:
        """The suggested day, as pages write days."""
        return PartialDate(self.suggestion.when) if self.suggestion.when else None


def force(page: TreatyPage) -> Force | None:
    """What follows from the clause of `page`; None where none is on record."""
    return None if page.clause is None else force_of(page.clause, page.acts)


def forces(treaties: Iterable[Treaty]) -> list[Force]:
    """The same of each of the `treaties` that has a clause; two queries."""
    clauses = ForceClause.objects.filter(treaty__in=list(treaties)).prefetch_related(
        Prefetch("treaty__acts", Act.objects.filter(is_retracted=False).select_related("party"))
    )
    return [force_of(clause, list(clause.treaty.acts.all())) for clause in clauses]


def force_of(clause: ForceClause, acts: Iterable[Act]) -> Force:
    acts = list(acts)
    suggestion = suggest(clause, acts)
    stated = _stated(acts)
    return Force(
        clause=clause,
        rule=described(clause),
        suggestion=suggestion,
        stated=stated,
        conflict=conflict(suggestion, stated) if stated else "",
    )


def _stated(acts: Iterable[Act]) -> PartialDate | None:
    """The entry into force of the instrument itself; where it is told per party only, that of the first of them.

    What is told of a territory or of a part of the instrument is not what the clause is about.
    """
    starts = [
        act
        for act in acts
        if act.kind == ActKind.ENTRY_INTO_FORCE and act.on and not act.territory_id and not act.scope
    ]
    whole = [act.when for act in starts if act.party_id is None]
    return min(whole or [act.when for act in starts], key=lambda when: when.on or date.max, default=None)
