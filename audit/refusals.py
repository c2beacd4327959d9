"""How an action says no: every reason at once, each with the article of law where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

# Text, lazily translated text or a bilingual sentence of a procedure: `str()` says it in the reader's language.
Sentence = object


@dataclass(frozen=True)
class Blocker:
    """One reason why something cannot be done now.

    `code` is stable and made for programs; `sentence` is for people, in the reader's language;
    `law` cites the article it rests on, empty where it rests on the register's own rule.
    `field` names the form field it belongs to, where it belongs to one.
    """

    code: str
    sentence: Sentence
    law: Sentence = ""
    field: str = ""


class Refused(Exception):
    """Nothing was written. `blockers` holds every reason, never only the first."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__("; ".join(blocker.code for blocker in blockers))
        self.blockers = list(blockers)


class Conflict(Exception):
    """Somebody else was first: the page the person worked on no longer tells how things stand."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class AlreadyDone(Exception):
    """The same form was sent twice; the first time counted. Nothing was written the second time.

    `otherwise`: it was filled in otherwise than the first time, so that what was typed now is nowhere yet.
    """

    def __init__(self, *, otherwise: bool = False) -> None:
        super().__init__("already done")
        self.otherwise = otherwise
