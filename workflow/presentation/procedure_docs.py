"""The procedures as documents: `docs/procedures`, in Dutch and English, from the same data as the pages."""

from collections.abc import Iterable
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from workflow import procedures
from workflow.choices import Track
from workflow.presentation.procedure import StepRow, rows
from workflow.procedures.language import Procedure, Step, Text

WRITTEN = "<!-- Written by `manage.py procedure_docs` from `workflow/procedures/`: change those, not this page. -->"


def documents() -> dict[str, str]:
    """The text of every document by its file name."""
    codes = list(dict.fromkeys(procedure.code for procedure in procedures.ALL))
    return {"README.md": _contents(codes), **{f"{code}.md": _document(code) for code in codes}}


def _contents(codes: Iterable[str]) -> str:
    lines = [
        "# Procedures",
        "",
        WRITTEN,
        "",
        "What the register follows, as data: who acts, what must have happened before, which terms run, which law.",
        "The register draws them at `/procedures/`.",
        "",
        "| procedure | procedure (nl) | versions | steps | consents |",
        "|---|---|---|---|---|",
    ]
    for code in codes:
        newest, *_older = every = procedures.versions(code)
        cells = [
            f"[{newest.label.en}]({code}.md)",
            newest.label.nl,
            ", ".join(f"{one.version}{' (draft)' if one.valid_from is None else ''}" for one in every),
            str(len(newest.steps)),
            str(len(newest.gates)),
        ]
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def _document(code: str) -> str:
    newest, *_older = every = procedures.versions(code)
    lines = [f"# {newest.label.en} ({newest.label.nl})", "", WRITTEN, ""]
    for procedure in every:
        lines += _version(procedure)
    return "\n".join(lines).rstrip() + "\n"


def _version(procedure: Procedure) -> list[str]:
    return [
        f"## Version {procedure.version}: {_validity(procedure)}",
        "",
        *_paragraphs(procedure.help),
        *_paragraphs(procedure.law),
        "```mermaid",
        *_chart(procedure),
        "```",
        "",
        *_table(procedure, "en"),
        *_table(procedure, "nl"),
    ]


def _validity(procedure: Procedure) -> str:
    if procedure.valid_from is None:
        return "a draft, not published"
    return "valid" if procedure.valid_from == date.min else f"valid from {procedure.valid_from.isoformat()}"


def _paragraphs(text: Text) -> list[str]:
    return [text.en, "", f"*{text.nl}*", ""] if text else []


def _chart(procedure: Procedure) -> list[str]:
    """The main line as a Mermaid flowchart: a gate has six sides, what is not always done hangs beside the line."""
    lines = ["flowchart LR"]
    main = [step for step in procedure.steps if step.track == Track.MAIN]
    with override("en"):
        for stage in procedure.stages:
            steps = [step for step in main if step.stage == stage]
            if steps:
                lines.append(f'  subgraph {stage.value}["{capfirst(str(stage.label))}"]')
                lines += [f"    {_node(step)}" for step in steps]
                lines.append("  end")
    previous = ""
    for step in main:
        if previous:
            lines.append(f"  {previous} {'-.->' if step.optional else '-->'} {step.code}")
        if not step.optional:
            previous = step.code
    return lines


def _node(step: Step) -> str:
    words = f"{step.label.en}<br/>{step.label.nl}".replace('"', "#quot;")
    return f'{step.code}{{{{"{words}"}}}}' if step.gate else f'{step.code}["{words}"]'


def _table(procedure: Procedure, language: str) -> list[str]:
    with override(language):
        heads = [_("Step"), _("Stage and track"), _("Who acts"), _("Needs"), _("Terms"), _("Leaves"), _("Law")]
        title = {"en": "All steps", "nl": "Alle stappen"}[language]
        lines = [f"### {title} ({procedure.version})", "", _line(heads), "|" + "---|" * len(heads)]
        lines += [_line(_cells(row)) for row in rows(procedure)]
    return [*lines, ""]


def _cells(row: StepRow) -> list[str]:
    return [
        "<br>".join([f"**{row.label}** `{row.code}`", *row.kinds, row.help]),
        f"{row.stage}<br>{row.track}",
        row.actor,
        "<br>".join(
            [f"{one.sentence}{_law(one.law)}" for one in row.needs] + [f"{_('Paper')}: {one}" for one in row.papers]
        ),
        "<br>".join(f"{one.sentence}{_law(one.law)}" for one in row.terms),
        "<br>".join([*row.leaves, *(f"{_('Can end with:')} {one}" for one in row.outcomes)]),
        row.law,
    ]


def _law(law: str) -> str:
    return f" ({law})" if law else ""


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
