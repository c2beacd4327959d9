"""What became of each row of the file, as rows of a report that can be opened in a spreadsheet."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports.decrees.grouping import Basis, Pair
from imports.decrees.planning import Plan
from imports.decrees.reading import BadRow, Decree
from imports.decrees.titles import Act


class Outcome(StrEnum):
    """Stable codes; the sentence beside them is for people."""

    ASSENT_EVENT = "assent_event"
    ASSENT_ACT = "assent_act"
    LEFT_OUT = "left_out"
    REFUSED = "refused"
    QUESTION = "question"


@dataclass(frozen=True)
class Line:
    """One line of the report, all text."""

    row: str
    eli: str
    numac: str
    entity: str
    decree_date: str
    title: str
    outcome: str
    treaty: str
    detail: str
    remedy: str
    other: str = ""


_BASES = {
    Basis.ANSWER: gettext_lazy("an answer given"),
    Basis.DATE_TITLE: gettext_lazy("signature date and title"),
    Basis.DATE_TITLE_KIND: gettext_lazy("signature date and title, another type of act"),
    Basis.TITLE: gettext_lazy("title only"),
}
REFUSALS = {
    "cut": (
        gettext_lazy("Refused: the title is cut off before it names a treaty."),
        gettext_lazy("Read the decree at its ELI and record its treaty by hand."),
    ),
    "no_treaty": (
        gettext_lazy("Refused: the title names no treaty."),
        gettext_lazy("Read the decree at its ELI and record its treaty by hand."),
    ),
    "only_belgian": (
        gettext_lazy("Refused: the title names Belgian entities only, yet the file calls it a treaty."),
        gettext_lazy("If it is a cooperation agreement, write yes in the column intra_belgian."),
    ),
    "too_long": (
        gettext_lazy("Refused: the title of the treaty is longer than the register can keep."),
        gettext_lazy("Record the treaty by hand, with a shorter title."),
    ),
    "entity": (
        gettext_lazy("Refused: the register does not know the entity of this decree."),
        gettext_lazy("Write one of: flemish, walloon, french-community, german-speaking, cocof."),
    ),
}


def bad_row(bad: BadRow) -> Line:
    remedy = _("Correct the row in the file and run the command again.")
    detail = " ".join((_("Refused:"), *bad.reasons))
    return Line(str(bad.row), bad.eli, "", "", "", bad.title[:500], Outcome.REFUSED, "", detail, remedy)


def left_out(decree: Decree) -> Line:
    detail = _("Left out: a cooperation agreement between Belgian entities is not a treaty.")
    return _line(decree, Outcome.LEFT_OUT, detail)


def refused(decree: Decree, code: str) -> Line:
    detail, remedy = REFUSALS[code]
    return _line(decree, Outcome.REFUSED, str(detail), remedy=str(remedy))


def of_acts(decree: Decree, acts: Sequence[tuple[Act, Plan]], *, dry: bool) -> Line:
    """The line of a decree whose acts were planned."""
    asked = [plan for _act, plan in acts if plan.asks]
    if asked:
        references = ", ".join(one.reference for plan in asked for one in plan.asks)
        detail = _("Question: is this the treaty %(treaty)s of the register? Nothing was written.")
        return _line(decree, Outcome.QUESTION, detail % {"treaty": references}, remedy=_answer(), other=references)
    if live := [plan for _act, plan in acts if plan.is_live]:
        detail = _("Refused: the dossier of %(treaty)s is followed as it happens.") % {"treaty": _reference(live[0])}
        return _line(decree, Outcome.REFUSED, detail, remedy=_("Record the decree in the dossier."))
    outcome = Outcome.ASSENT_EVENT if all(plan.is_event(act) for act, plan in acts) else Outcome.ASSENT_ACT
    treaties = ", ".join(dict.fromkeys(_reference(plan) for _act, plan in acts))
    detail = " ".join(part for act, plan in acts for part in (_what(act, plan, dry=dry), *_remarks(plan)))
    return _line(decree, outcome, detail, treaty=treaties)


def question(pair: Pair) -> Line:
    """Two decrees that may be of one treaty."""
    detail = _("Question: are these the same treaty? %(basis)s, likeness %(like).2f: “%(one)s” and “%(other)s”.") % {
        "basis": _BASES[pair.basis],
        "like": pair.likeness,
        "one": pair.first.title[:300],
        "other": pair.second.title[:300],
    }
    return _line(pair.first.decree, Outcome.QUESTION, detail, remedy=_answer(), other=pair.second.decree.eli)


def write(path: Path, lines: Iterable[Line]) -> None:
    """The report as CSV, UTF-8; no cell is taken for a formula."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([one.name for one in fields(Line)])
        writer.writerows([safe(str(cell)) for cell in astuple(line)] for line in lines)


def safe(cell: str) -> str:
    """A cell that a spreadsheet shows and never runs."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def counts(lines: Iterable[Line]) -> Mapping[str, int]:
    return Counter(line.outcome for line in lines)


def _line(
    decree: Decree, outcome: Outcome, detail: str, *, treaty: str = "", remedy: str = "", other: str = ""
) -> Line:
    return Line(
        str(decree.row),
        decree.eli,
        decree.numac,
        decree.entity,
        decree.decree_date.isoformat(),
        decree.title[:500],
        outcome,
        treaty,
        detail,
        remedy,
        other,
    )


def _answer() -> str:
    return _("Answer in a file with the columns eli_a, eli_b and same (yes or no), and give it with --answers.")


def _reference(plan: Plan) -> str:
    return plan.treaty.reference if plan.treaty else _("new")


def _what(act: Act, plan: Plan, *, dry: bool) -> str:
    said = {"treaty": _reference(plan)}
    if not plan.writes:
        return _("Already there: %(treaty)s.") % said
    if plan.is_event(act):
        text = _("Would be an assent event of %(treaty)s.") if dry else _("Assent event of %(treaty)s.")
    else:
        text = _("Would be an act of assent in the record of %(treaty)s.") if dry else _("Act of assent of %(treaty)s.")
    return text % said


def _remarks(plan: Plan) -> list[str]:
    said = list(plan.remarks)
    if plan.unknown:
        said.append(_("Not found among the parties, and left out: %(who)s.") % {"who": "; ".join(plan.unknown)[:300]})
    if plan.group.basis:
        how = {"basis": _BASES[plan.group.basis], "like": plan.group.confidence, "count": len(plan.group.acts)}
        said.append(_("%(count)d decrees put together by %(basis)s (%(like).2f).") % how)
    return said
