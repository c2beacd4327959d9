"""What can be wrong with a row, said in whole sentences: which cell, what stands there, what to do.

Kept as codes and values, so that each reader reads the sentence in their own language.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from imports.sentences import NOTES, PROBLEMS


@dataclass(frozen=True)
class Problem:
    """Why a row is refused, or (among the notes of a row) what somebody should know of it.

    `column` names the column of the file, empty where the whole row is meant; `value` is what stands in the
    cell; `suggestion` is a value for that cell that would be taken, empty where there is none to give.
    """

    code: str
    column: str = ""
    value: str = ""
    suggestion: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong."""
        return self._say(0)

    @property
    def remedy(self) -> str:
        """What to do; empty for a note that asks for nothing."""
        return self._say(1)

    def _say(self, which: int) -> str:
        pair = (PROBLEMS | NOTES)[self.code]
        return str(pair[which]) % {
            "column": self.column,
            "value": shortened(self.value),
            "suggestion": self.suggestion,
            **self.params,
        }

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True)
class Difference:
    """One field of a row that the register knows otherwise: what it holds, what the file says."""

    field: str
    register: str
    file: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        return cls(**data)


def shortened(text: str, length: int = 120) -> str:
    """`text`, cut for a sentence: a cell can hold a book."""
    return text if len(text) <= length else text[: length - 1] + "…"
