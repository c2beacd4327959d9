"""What every fixture file says of an instrument, a party and a step, in the same words."""

import re

from treaties.actions import Number, Record, TitleText
from treaties.choices import Access, Kind, Language, Qualification, Scheme, TitleKind
from treaties.models import Party, Theme
from treaties.references import ALPHABET
from workflow import procedures
from workflow.loading.reading import Table
from workflow.procedures import Procedure
from workflow.procedures.language import Step

RECORD_KEYS = (
    "reference",
    "kind",
    "qualification",
    "access",
    "titles",
    "parties",
    "themes",
    "identifiers",
    "summary_nl",
    "summary_en",
    "territory",
    "note",
    "sources",
)


def record(table: Table) -> Record:
    """The record of a table with `RECORD_KEYS`. Raises `FixtureError` for what does not exist."""
    parties = table.pairs("parties")
    for code in parties:
        party(table, code)
    return Record(
        kind=table.choice("kind", Kind),
        titles=_titles(table),
        qualification=table.choice("qualification", Qualification),
        parties=parties,
        themes=_themes(table),
        numbers=_numbers(table),
        access=table.choice("access", Access),
        summary_nl=table.text("summary_nl", ""),
        summary_en=table.text("summary_en", ""),
        territory=table.text("territory", ""),
        note=table.text("note", ""),
        sources="\n".join(table.address(code) for code in table.texts("sources")),
    )


def reference(table: Table, prefix: str) -> str:
    """A permanent reference: `prefix` and seven characters of Crockford's base 32."""
    value = table.text("reference")
    if not re.fullmatch(f"{prefix}[{ALPHABET}]{{7}}", value):
        table.fail(f"“{value}” is not a reference: {prefix} and seven characters of {ALPHABET}")
    return value


def party(table: Table, code: str) -> Party:
    found = Party.objects.filter(code=code).first()
    if found is None:
        table.fail(f"there is no party “{code}” (parties come from the command load_reference)")
    return found


def procedure(table: Table) -> Procedure:
    code = table.text("procedure")
    try:
        return procedures.latest(code)
    except KeyError:
        table.fail(f"there is no procedure “{code}”")


def step(table: Table, of: Procedure) -> Step:
    code = table.text("step")
    try:
        return of.step(code)
    except KeyError:
        table.fail(f"the procedure “{of.code}” has no step “{code}”")


def _titles(table: Table) -> list[TitleText]:
    return [
        TitleText(row.choice("language", Language), row.text("text"), row.choice("kind", TitleKind))
        for row in table.rows("titles", ("language", "kind", "text"))
    ]


def _themes(table: Table) -> list[str]:
    slugs = table.texts("themes")
    present = set(Theme.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for slug in slugs:
        if slug not in present:
            table.fail(f"there is no theme “{slug}” (themes come from the command load_reference)")
    return slugs


def _numbers(table: Table) -> list[Number]:
    return [
        Number(row.choice("scheme", Scheme), row.text("value"), note=row.text("note", ""), source=row.source())
        for row in table.rows("identifiers", ("scheme", "value", "note", "source"))
    ]
