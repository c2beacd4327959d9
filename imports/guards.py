"""Why something cannot be done with an import: every reason at once. Reads only."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker
from imports import fields
from imports.choices import ListKind, Outcome, RunState
from imports.models import ImportRun

_OPEN = (RunState.STAGED, RunState.JUDGED)


def not_open(run: ImportRun) -> list[Blocker]:
    if run.state in _OPEN:
        return []
    return [Blocker("confirmed_already", _("This import was confirmed already; it cannot be changed any more."))]


def not_ready(run: ImportRun, *, without_refused: bool) -> list[Blocker]:
    if run.state == RunState.STAGED:
        return [Blocker("not_judged", _("Judge the list first."))]
    refused = run.rows.filter(outcome=Outcome.REFUSED).count()
    if run.state == RunState.JUDGED and refused and not without_refused:
        sentence = _("%(count)d rows are refused. Mend them, or say that they are to be left out.")
        return [Blocker("rows_refused", sentence % {"count": refused}, field="without_refused")]
    return not_open(run)


def wrong_columns(run: ImportRun, mapping: Mapping[str, str]) -> list[Blocker]:
    known = {one.name for one in fields.FIELDS[run.kind]}
    blockers = [no_column(column) for column in mapping if column not in run.header]
    given = Counter(name for name in mapping.values() if name)
    for name, count in given.items():
        if name not in known:
            sentence = _("There is no field “%(name)s”.") % {"name": name}
            blockers.append(Blocker("no_such_field", sentence, field="mapping"))
        elif count > 1:
            sentence = _("Two columns are said to be “%(name)s”.") % {"name": fields.field(run.kind, name).label}
            blockers.append(Blocker("field_twice", sentence, field="mapping"))
    return blockers


def no_column(column: str) -> Blocker:
    return Blocker("no_such_column", _("There is no column “%(name)s”.") % {"name": column}, field="mapping")


def missing_columns(run: ImportRun) -> list[Blocker]:
    given = set(run.mapping.values())
    needed = {"title", "title_nl", "title_en", "title_fr", "title_de"} if run.kind == ListKind.TREATIES else {"title"}
    blockers = []
    if not given & needed:
        blockers.append(Blocker("no_title", _("Say which column holds the title."), field="mapping"))
    if run.kind == ListKind.PARTICIPATION and not given & {"party", "party_iso3"}:
        blockers.append(Blocker("no_party", _("Say which column holds the party."), field="mapping"))
    if "source" not in given and not run.source:
        sentence = _("Say which column holds the source, or name one source for the whole list.")
        blockers.append(Blocker("no_source", sentence, field="source"))
    return blockers
