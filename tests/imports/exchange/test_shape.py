"""The format is what docs/exchange.md promises, column by column."""

import re
from pathlib import Path

from imports.exchange.shape import ALL, FORMAT, FORMAT_DATE, LEFT_OUT, Part

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "exchange.md").read_text(encoding="utf-8")


def promised(part: Part) -> list[tuple[str, bool]]:
    """The columns of a part as the page gives them, and whether each is required."""
    section = PAGE.split(f"\n### {part.file}\n")[1].split("\n#")[0]
    cells = re.findall(r"^\| (?!column|---)([^|]+?) \|", section, re.MULTILINE)
    return [(name.strip("*"), name.startswith("*")) for cell in cells for name in cell.split(", ")]


def test_the_page_promises_every_column_in_order() -> None:
    for part in ALL:
        assert promised(part) == [(column.name, column.required) for column in part.columns], part.file
        assert f"In JSON `{part.key}`" in PAGE.split(f"\n### {part.file}\n")[1].split("\n#")[0]


def test_the_page_gives_the_parts_in_the_order_of_the_counts() -> None:
    departments, parties, names, themes, treaties, *below = re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)
    assert [departments, parties, names, themes, treaties, *below] == [part.file for part in ALL]


def test_the_page_names_the_format() -> None:
    assert f"`{FORMAT}`" in PAGE
    assert f"`{FORMAT_DATE}`" in PAGE


def test_every_column_of_the_record_is_in_the_files_or_left_out_for_a_reason() -> None:
    for part in ALL:
        own = {field.name for field in part.model._meta.concrete_fields} - {part.above} - set(LEFT_OUT)
        told = {column.source for column in part.columns} | {column.precision for column in part.columns}
        assert told - {"", "id"} == own, part.file


def test_nothing_is_left_out_that_is_not_there() -> None:
    assert set(LEFT_OUT) <= {field.name for part in ALL for field in part.model._meta.concrete_fields}
