"""Queries asked as a person asks them: of the register's own addresses, through the whole of the application."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from bench.relevance.judged import Key, Query
from bench.relevance.metrics import RECALL_AT, ndcg, once, recall
from imports.models import SourceKey
from treaties.models import Treaty


@dataclass(frozen=True)
class Answer:
    """The references of the first treaties, in the order of the list; where there were none, what was suggested."""

    found: list[str]
    suggestion: str = ""
    suggested: tuple[str, ...] = ()

    @property
    def at_one_remove(self) -> list[str]:
        """What a reader comes to who follows the suggestion where nothing was found."""
        return self.found or list(self.suggested)


@dataclass(frozen=True)
class Measured:
    """One query with what became of it; `…_followed` where the suggestion was followed."""

    query: Query
    found: list[str]
    ndcg: float
    recall: float
    suggestion: str
    ndcg_followed: float
    recall_followed: float
    is_empty: bool
    is_empty_followed: bool


class NotInTheRegister(Exception):
    """A judged treaty that is not there: nothing can be measured by it."""


def names(keys: Iterable[Key], kinds: Collection[str]) -> dict[str, str]:
    """Reference → name in treaties.tsv, of the records in this register.

    Each name that has a key of these kinds (`case`, `source`) must have a record, or nothing is measured by it.
    """
    found: dict[str, str] = {}
    wanted = set()
    for key in keys:
        found |= dict.fromkeys(_references(key), key.name)
        if key.kind in kinds:
            wanted.add(key.name)
    if missing := wanted - set(found.values()):
        raise NotInTheRegister(", ".join(sorted(missing)))
    return found


def _references(key: Key) -> Iterable[str]:
    if key.kind == "case":
        return Treaty.objects.filter(reference=key.key).values_list("reference", flat=True)
    source, number = key.at_source
    keys = SourceKey.objects.filter(source=source, key=number, party=None)
    return keys.values_list("treaty__reference", flat=True)


def measure(client: Client, query: Query, named: dict[str, str]) -> Measured:
    """Ask `query` and judge the answer by what is in the register.

    A record that is not named counts as itself, with grade 0.
    """
    held = set(named.values())
    query = replace(query, grades={name: grade for name, grade in query.grades.items() if name in held})
    answer = ask(client, query.text)
    direct, followed = ([named.get(one, one) for one in some] for some in (answer.found, answer.at_one_remove))
    return Measured(
        query=query,
        found=once(direct),
        ndcg=ndcg(direct, query.grades),
        recall=recall(direct, query.grades),
        suggestion=answer.suggestion,
        ndcg_followed=ndcg(followed, query.grades),
        recall_followed=recall(followed, query.grades),
        is_empty=not direct,
        is_empty_followed=not followed,
    )


def ask(client: Client, text: str) -> Answer:
    """What the list answers to `text`; the page itself is asked only where the list is empty."""
    if found := _listed(client, text):
        return Answer(found)
    suggestion = _suggestion(client, text)
    return Answer([], suggestion, tuple(_listed(client, suggestion)) if suggestion else ())


def _listed(client: Client, text: str) -> list[str]:
    response = client.get("/treaties.json", {"q": text})
    if response.status_code != 200:
        raise ValueError(f"{response.status_code} for {text!r}")
    found = []
    for line in _lines(response):
        if line.startswith("{"):
            found.append(json.loads(line.rstrip(","))["reference"])
        if len(found) == RECALL_AT:
            break
    if response.streaming:
        # The rest is not read. Closing the response itself would close the connection of a test as well; the test
        # client's wrapper of the stream does not.
        response._iterator.close()
    return found


def _lines(response: HttpResponse) -> Iterator[str]:
    """The lines as they come: the rest of a long list is never made."""
    held = ""
    for piece in response.streaming_content if response.streaming else [response.content]:
        *whole, held = (held + piece.decode()).split("\n")
        yield from whole
    yield held


def _suggestion(client: Client, text: str) -> str:
    return spelling(client.get("/treaties/", {"q": text}).content.decode())


def spelling(page: str) -> str:
    """What a page of the list offers instead ("did you mean …"): the words of its link with `data-spelling`, or ""."""
    reader = _SpellingLink()
    reader.feed(page)
    return reader.words


class _SpellingLink(HTMLParser):
    words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "data-spelling" in given and not self.words:
            self.words = parse_qs(urlsplit(given.get("href") or "").query).get("q", [""])[0]
