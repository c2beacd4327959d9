"""The judged queries as they stand in `queries.tsv`, and which records its names stand for (`treaties.tsv`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("cases", "alone", "world")
GRADES = (1, 2, 3)


@dataclass(frozen=True)
class Query:
    """What is typed, and the grade of each treaty that answers it, by its name."""

    part: str
    type: str
    language: str
    text: str
    grades: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True)
class Key:
    """A record: its reference in fixtures/cases (`case`), or the number under which a list gives it (`source`)."""

    name: str
    kind: str
    key: str

    @property
    def at_source(self) -> tuple[str, str]:
        """Source and number, of a `source` key."""
        source, _gap, number = self.key.partition(" ")
        return source, number


def queries(path: Path = HERE / "queries.tsv") -> list[Query]:
    """Raises ValueError at the first line that is not a judged query."""
    return [_query(row) for row in _rows(path)]


def records(path: Path = HERE / "treaties.tsv") -> list[Key]:
    """Every record that is judged; several may have one name, for sources give a treaty more than once."""
    return [Key(row["name"], row["kind"], row["key"]) for row in _rows(path)]


def named(queries: Iterable[Query]) -> set[str]:
    return {name for query in queries for name in query.grades}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Lines by column; what begins with # and a blank is a remark."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    columns = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > len(columns):
            raise ValueError(f"{path.name}: more cells than columns: {line!r}")
        yield dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))


def _query(row: Mapping[str, str]) -> Query:
    grades = {}
    for piece in row["judged"].split():
        name, _equals, grade = piece.partition("=")
        grades[name] = int(grade)
    if row["part"] not in PARTS or not grades or not set(grades.values()) <= set(GRADES):
        raise ValueError(f"not a judged query: {row}")
    return Query(row["part"], row["type"], row["language"], row["query"], grades, row["note"])
