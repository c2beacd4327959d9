"""What is hidden changes nothing that anybody else is answered: two registers, with and without it, asked everything.

The addresses come from the resolver: a new one is asked too, and one with a new kind of argument fails until it is
said what to fill in.

What cannot be hidden: that a number is taken. A number of a scheme that gives each one once (UNTS and the like), and
the number and title by which a source tells of a treaty, are refused to who wants to give them to another record; the
sentence names nothing (`test_that_a_number_is_taken_is_all_that_is_said`). References are drawn at random; keys count,
and a gap in them says that something was made, or tried, and not what.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from imports import actions as imports
from tests import two_registers as two
from tests.doors import forms
from tests.test_permissions import EXPECTED, OWN, Route
from treaties import known_names
from treaties.models import Treaty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

# Addresses that need no asking here: they leave, or hold a secret of one's own that is new each time.
NOT_ASKED = {"logout", "oidc-start", "oidc_authentication_callback", "set_language", "account-second-factor"}
PEOPLE = ("anonymous", "reader", "staff_b")
WORDS = (two.WORD, "bevoorrading", "vuurtorens", two.UNTS, two.NUMAC)
# What each list is asked: by words, numbers, values of facets, and in every order.
QUERIES = (
    *(f"q={word}" for word in (*WORDS, f"{two.WORD[:5]}*", "zwijgplichd", f'"{two.TITLE[:40]}"')),
    f"country={two.PARTY}", f"theme={two.THEME}", "access=confidential", "access=government", "as_of=2020-06-01",
    "sort=changed", "sort=title", "page=2", f"signed_from={two.DAY}", "related_to=unknown", "status=in_force",
)  # fmt: skip
FILES = ("treaty-list-csv", "treaty-list-xlsx", "treaty-list-json", "treaty-search-builder")
MOMENTS = ("as_of=2019-06-01", "known_at=2099-01-01T00:00")
MOVING = ("treaty-detail", "treaty-sheet", "treaty-history", "dossier-detail", "country-detail", "theme-detail")


class Addresses:
    """The addresses of every route, about what is open and about what is hidden."""

    def __init__(self, register: two.Register) -> None:
        self.register = register
        hidden, dossier = register.hidden, register.hidden_dossier
        assert hidden is not None
        assert dossier is not None
        rows = register.rows
        treaties = [register.open_treaty.reference, register.other.reference, hidden.reference]
        dossiers = [register.dossier.reference, dossier.reference]
        self.references = {
            "treaties": treaties, "dossiers": dossiers, "audit": treaties,
            "reporting": [register.obligation.reference, rows["obligation"].reference],
        }  # fmt: skip
        self.codes = {"countries": ["NL", two.PARTY], "procedures": ["mixed"], "dossiers": ["X-BE-FED"]}
        runs = [*(run.pk for run in register.runs), rows["run"].pk]
        self.keys = {
            "dossiers": [rows["event"].pk, rows["approval"].pk], "review": [rows["approval"].pk],
            "decisions": [rows["decision"].pk], "delegations": [register.delegation.pk], "import": runs,
            "searches": [rows["search"].pk], "publications": [rows["publication"].pk], "reporting": [rows["report"].pk],
        }  # fmt: skip
        self.paper = rows["paper"].sha256

    def values(self, route: Route, name: str) -> list[Any]:
        """What is filled in for an argument of the address."""
        part = route.pattern.split("/")[0]
        by_part: dict[str, dict[str, list[Any]]] = {"reference": self.references, "code": self.codes, "pk": self.keys}
        others: dict[str, list[Any]] = {
            "sha256": [self.paper], "slug": ["cultuur", two.THEME], "step": ["mandate", "conference"],
            "number": [2, 3], "key": [self.register.staff_a.pk],
        }  # fmt: skip
        return by_part[name][part] if name in by_part else others[name]

    def of(self, route: Route, who: str) -> Iterator[str]:
        """Every filling of the pattern; of a page that stays shut whatever it is about, the one about what is hidden.

        A reader is asked less of what lists say: anonymous and staff are asked all of it.
        """
        found = ["/" + route.pattern]
        for name in re.findall(r"<(?:\w+:)?(\w+)>", route.pattern):
            wanted = self.values(route, name)
            found = [re.sub(rf"<(?:\w+:)?{name}>", str(value), one) for one in found for value in wanted]
        shut = EXPECTED[route.name][0].split()[:2] in (["302", "404"], ["302", "405"])
        if shut and who != "staff_b":
            yield found[-1]
            return
        yield from found
        queries = QUERIES[:3] if who == "reader" else QUERIES
        more = {"treaty-list": queries, **dict.fromkeys(FILES, QUERIES[:1]), **dict.fromkeys(MOVING, MOMENTS)}
        yield from (f"{one}?{query}" for one in found for query in more.get(route.name, ()))
        if route.name == "treaty-suggest" and who != "reader":
            yield from (f"/{route.pattern}?q={word[:n]}" for word in WORDS for n in range(2, len(word) + 1))

    def of_hidden(self) -> list[str]:
        """Pages of what is hidden."""
        hidden, dossier = self.references["treaties"][-1], self.references["dossiers"][-1]
        rows = self.register.rows
        return [
            f"/treaties/{hidden}/", f"/treaties/{hidden}/history/", f"/dossiers/{dossier}/",
            f"/decisions/{rows['decision'].pk}/", f"/import/{rows['run'].pk}/",
            f"/reporting/{rows['obligation'].reference}/",
        ]  # fmt: skip

    def all(self, who: str = "staff_b") -> list[str]:
        return [address for route in OWN if route.name not in NOT_ASKED for address in self.of(route, who)]


def _snapshot(register: two.Register, addresses: Addresses) -> two.Asked:
    """The answers to everybody, each judging anew what they bring in; nothing of it stays."""
    known_names.forget()
    cache.clear()
    clients = {"anonymous": Client()}
    for name in PEOPLE[1:]:
        clients[name] = Client()
        clients[name].force_login(getattr(register, name))
    for run in register.runs:
        imports.judge(actor=run.brought_by, run=run)
    return two.ask(clients, addresses.all)


@pytest.fixture
def two_of_one() -> two.Register:
    """The register with what is hidden."""
    register = two.base()
    two.hide(register)
    return register


@pytest.fixture
def registers() -> Iterator[tuple[two.Asked, two.Asked]]:
    """The answers of the register with what is hidden, and of the one without."""
    with time_machine.travel(timezone.now(), tick=False):
        register = two.base()
        with transaction.atomic():
            two.hide(register)
            addresses = Addresses(register)
            with_it = _snapshot(register, addresses)
            transaction.set_rollback(True)
        assert not Treaty.objects.filter(pk=register.hidden.pk).exists()  # type: ignore[union-attr]
        without = _snapshot(register, addresses)
        yield with_it, without


def test_nobody_is_answered_otherwise_for_what_is_hidden(registers: tuple[two.Asked, two.Asked]) -> None:
    with_it, without = registers
    assert with_it.keys() == without.keys()
    other = {
        asked: _difference(with_it[asked], without[asked]) for asked in with_it if with_it[asked] != without[asked]
    }
    assert not other, (
        "\n".join(f"{who} {address}" for who, address in other)
        + "\n"
        + "\n".join(f"{who} {address}:\n{difference}" for (who, address), difference in other.items())
    )


def _difference(one: bytes, other: bytes) -> str:
    """The first place where two answers differ, with what stands round it."""
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return "\n".join(f"  {text[max(0, place - 120) : place + 200]!r}" for text in (one, other))


def _posted(client: Client, address: str, **fill: Any) -> bytes:
    """What is answered to the form of a page, filled in otherwise."""
    (own,) = [one for one in forms(client.get(address).content.decode()) if "reason" in one]
    return two.plain(client.post(address, own | {"reason": "x"} | fill))


def test_a_form_that_names_what_is_hidden_is_answered_as_one_that_names_nothing(two_of_one: two.Register) -> None:
    register, hidden = two_of_one, two_of_one.hidden
    assert hidden is not None
    client = Client()
    client.force_login(register.staff_b)
    nothing = "T" + "Z" * 7
    page = f"/treaties/{register.open_treaty.reference}/edit/relations/"
    said = [
        _posted(client, page, **{"relations-0-kind": "amends", "relations-0-other": one})
        for one in (hidden.reference, nothing)
    ]
    assert said[0].replace(hidden.reference.encode(), nothing.encode()) == said[1]
    obligation = [
        _posted(client, "/reporting/new/", body_nl="Comité", treaty=one) for one in (hidden.reference, nothing)
    ]
    assert obligation[0].replace(hidden.reference.encode(), nothing.encode()) == obligation[1]
    bulk = [client.get(f"/treaties/bulk/?reference={one}") for one in (hidden.reference, nothing)]
    assert two.plain(bulk[0]).replace(hidden.reference.encode(), nothing.encode()) == two.plain(bulk[1])


def test_that_a_number_is_taken_is_all_that_is_said(two_of_one: two.Register) -> None:
    register, hidden = two_of_one, two_of_one.hidden
    assert hidden is not None
    client = Client()
    client.force_login(register.staff_b)
    page = f"/treaties/{register.other.reference}/edit/numbers/"
    said = _posted(client, page, **{"numbers-0-scheme": "unts", "numbers-0-value": two.UNTS}).decode()
    assert gettext("Another treaty already has this number.") in said
    run = imports.judge(actor=register.staff_b, run=two.bring(register.staff_b, two.TAKEN_ROWS))
    codes = [[one["code"] for one in row.problems] for row in run.rows.order_by("number")]
    assert codes == [["kept_apart"], ["number_kept"]]
    shown = client.get(f"/import/{run.pk}/").content.decode()
    for answer in (said, shown):
        assert hidden.reference not in answer
        assert two.WORD not in answer.replace(two.TITLE, "")
    # A list of somebody who may know it says more, and is not for who may not.
    more = imports.judge(actor=register.staff_a, run=two.bring(register.staff_a, two.TAKEN_ROWS))
    assert [row.outcome for row in more.rows.order_by("number")] == ["same", "refused"]
    assert hidden.reference in str(more.rows.get(number=3).problems)
    assert client.get(f"/import/{more.pk}/").status_code == 404
    client.force_login(register.staff_a)
    assert client.get(f"/import/{more.pk}/").status_code == 200


def test_who_may_know_it_sees_it(two_of_one: two.Register) -> None:
    """The registers do differ: for staff of the department that holds it."""
    assert two_of_one.hidden is not None
    client = Client()
    client.force_login(two_of_one.staff_a)
    assert two_of_one.hidden.reference in client.get(f"/treaties/?q={two.WORD}").content.decode()
    for address in Addresses(two_of_one).of_hidden():
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["reviewer", "staff_a"])
def test_what_is_for_the_secretariat_is_named_to_nobody_else(
    two_of_one: two.Register, administrator: User, who: str
) -> None:
    register, hidden = two_of_one, two_of_one.hidden
    assert hidden is not None
    two.close_further(register, administrator)
    client = Client()
    client.force_login(getattr(register, who))
    # The list that somebody else brought says itself what stands in it, and a search what its owner asked.
    asked = [
        one for one in Addresses(register).all() if "?" not in one and not one.startswith(("/import/", "/searches/"))
    ]
    answers = {one: two.plain(client.get(one)).decode(errors="replace") for one in asked}
    named = [
        one for one, answer in answers.items() if two.WORD in answer or hidden.reference in answer.replace(one, "")
    ]
    assert not named
    assert client.get("/desk/").status_code == 200
