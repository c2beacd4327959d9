"""A register that holds something hidden, and the same one without it: made, and asked everything.

`base` makes what everybody of the tests may know of; `hide` adds, while it is open to the whole administration, one
treaty with everything that can hang on it, and then makes it confidential to department A.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.actions import add_department, add_person
from accounts.choices import Role
from accounts.models import User
from imports import actions as imports
from imports.models import ImportRun
from reporting import actions as reporting
from reporting.guards import ObligationEntry, ReportEntry
from tests import factories
from tests.imports.lists import as_csv
from treaties import actions as record
from treaties.actions import DeclarationEntry, Number
from treaties.choices import Access, ActKind, DocumentKind, Language, Qualification, RelationKind, Scheme
from treaties.dates import PartialDate, parse
from treaties.document_reading import read_one
from treaties.models import Party, Treaty
from treaties.publishing_actions import ask_publication, withdraw_publication
from treaties.saved_actions import save_search
from workflow import actions
from workflow.guards import Happening
from workflow.models import Dossier

# What nothing else in the register says: in the title, the papers and the notes of what is hidden.
WORD = "Zwijgplicht"
TITLE = f"{WORD} inzake de bevoorrading van de Kaapverdische havens en vuurtorens"
# A party and a theme that nothing else uses.
PARTY, THEME = "CV", "dierenwelzijn"
UNTS, NUMAC, DAY = "I-54321", "2019012345", "2019-05-07"
LIST_HEADER = ("Titel", "Partijen", "Ondertekend op", "Nummer", "Nummers")
MAPPING = {"Titel": "title", "Partijen": "parties", "Ondertekend op": "signed_on", "Nummer": "source_id",
           "Nummers": "identifiers"}  # fmt: skip
# By which a list brought what is hidden; and those of a list of somebody else, who learns nothing of it.
OWN_ROW = (TITLE, "Nederland; Vlaams Gewest", DAY, "77", "")
ROWS = (
    (TITLE, "Nederland; Vlaams Gewest", DAY, "99", ""),
    ("Een heel ander verdrag over de havens en de vuurtorens", "Nederland", "2001-02-03", "77", ""),
)
# What cannot be brought in beside it: its number at its source with its title, and a number that is given once.
TAKEN_ROWS = (
    OWN_ROW,
    ("Nog een heel ander verdrag met een nummer van elders", "Nederland", "2001-02-04", "78", f"unts {UNTS}"),
)


@dataclass
class Register:
    """People, what everybody knows of, and (after `hide`) what not everybody may know of."""

    staff_a: User
    staff_b: User
    staff: User
    reader: User
    reviewer: User
    open_treaty: Treaty
    other: Treaty
    dossier: Dossier
    delegation: Any
    obligation: Any
    report: Any
    runs: list[ImportRun]
    hidden: Treaty | None = None
    hidden_dossier: Dossier | None = None
    # Rows that hang on what is hidden, by the name of what they are.
    rows: dict[str, Any] = field(default_factory=dict)


def base() -> Register:
    for code in ("A", "B"):
        add_department(code=code, name_nl=f"Departement {code}", name_en=f"Department {code}")
    people = {
        "staff_a": _person("staff-a", Role.STAFF, "A"),
        "staff_b": _person("staff-b", Role.STAFF, "B"),
        "staff": _person("staff-0", Role.STAFF),
        "reader": _person("reader-a", Role.READER, "A"),
        "reviewer": _person("reviewer-0", Role.REVIEWER),
    }
    staff = people["staff"]
    number = [Number("unts", "I-11111")]
    open_treaty = factories.a_treaty(staff, title="Verdrag inzake de samenwerking over de zee", numbers=number)
    other = factories.a_treaty(staff, title="Verdrag over de binnenvaart", access=Access.GOVERNMENT, parties=["DE"])
    dossier = _dossier(staff, other)
    factories.add_evidence(staff, dossier, "mandate")
    actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate")
    obligation = reporting.add_obligation(actor=staff, entry=ObligationEntry("Comité", open_treaty), reason="x")
    today = timezone.localdate()
    return Register(
        **people,
        open_treaty=open_treaty,
        other=other,
        dossier=dossier,
        delegation=actions.give_delegation(
            actor=people["reviewer"], absent=people["reviewer"], delegate=people["staff_b"], begins=today, ends=today,
            reason="x",
        ),
        obligation=obligation,
        report=reporting.add_report(actor=staff, obligation=obligation, entry=ReportEntry("1"), reason="x"),
        runs=[bring(people["staff_b"])],
    )  # fmt: skip


def _person(username: str, role: Role, department: str = "") -> User:
    held = add_department(code=department, name_nl="", name_en="") if department else None
    return add_person(username=username, role=role, department=held, last_name=username)


def _dossier(staff: User, treaty: Treaty) -> Dossier:
    dossier = actions.open_dossier(actor=staff, treaty=treaty, procedure="mixed", reason="x")
    for step, more in (("initiative", {}), ("working_group", {"outcome": "mixed"})):
        happening = Happening(step, parse("2024-01-08"), **more)
        actions.record_event(actor=staff, dossier=dossier, happening=happening)
    return factories.read(dossier)


def bring(actor: User, rows: Any = ROWS) -> ImportRun:
    """A list that is read and not judged."""
    file = io.BytesIO(as_csv(rows, LIST_HEADER))
    run = imports.stage(actor=actor, file=file, filename="lijst.csv", source="UNTC")
    return imports.map_columns(actor=actor, run=run, mapping=MAPPING)


def hide(register: Register) -> None:
    """Add what is hidden: open to the administration while it is made, and confidential to A at the end."""
    brought = imports.confirm(
        actor=register.staff_a,
        run=imports.judge(actor=register.staff_a, run=bring(register.staff_a, (OWN_ROW,))),
    )
    hidden = brought.rows.get().treaty
    assert hidden is not None
    register.hidden, register.rows["run"] = hidden, brought
    # What a list brings is public at first.
    withdraw_publication(actor=register.reviewer, treaty=hidden, version=factories.version(hidden), reason="x")
    _tell(register, hidden)
    _go_through(register, hidden)
    _close(register, hidden)


def _tell(register: Register, hidden: Treaty) -> None:
    """Everything that a record can hold."""
    staff, version = register.staff_a, lambda: factories.version(hidden)
    record.add_number(actor=staff, treaty=hidden, number=Number(Scheme.UNTS, UNTS), reason="x")
    record.add_number(actor=staff, treaty=hidden, number=Number(Scheme.NUMAC, NUMAC), reason="x")
    record.edit_treaty(actor=staff, treaty=hidden, record=_said(Access.GOVERNMENT), version=version(), reason="x")
    party = Party.objects.get(code=PARTY)
    entry = DeclarationEntry("reservation", party, Language.NL, f"{WORD} bij artikel 1")
    record.record_declaration(actor=staff, treaty=hidden, entry=entry, version=version(), reason="x")
    paper = factories.add_pdf(staff, hidden, DocumentKind.OTHER, WORD)
    register.rows["paper"] = paper
    read_one(paper)
    record.record_act(actor=staff, treaty=hidden, kind=ActKind.RATIFICATION, when=PartialDate(date(2020, 1, 1)),
                      party=party, document=paper, reason="x")  # fmt: skip
    record.relate(actor=staff, treaty=hidden, kind=RelationKind.AMENDS, other=register.open_treaty, reason="x")
    obligation = reporting.add_obligation(actor=staff, entry=ObligationEntry(f"Comité {WORD}", hidden), reason="x")
    register.rows["obligation"] = obligation
    register.rows["report"] = reporting.add_report(
        actor=staff, obligation=obligation, entry=ReportEntry(WORD), reason="x"
    )
    register.rows["search"] = save_search(actor=staff, name=WORD, query=f"q={WORD}")


def _said(access: Access) -> record.Record:
    """What the record says, with what nothing else in the register has."""
    return factories.a_record(
        title=TITLE,
        parties=[PARTY, "BE-VLG"],
        themes=[THEME],
        department="A",
        access=access,
        qualification=Qualification.MIXED,
        summary_nl=WORD,
        note=WORD,
    )


def _go_through(register: Register, hidden: Treaty) -> None:
    """A dossier in which staff of B asks, and decides by delegation, as long as they may."""
    staff, dossier = register.staff_a, _dossier(register.staff_b, hidden)
    register.rows["event"] = dossier.events.order_by("pk").first()
    factories.add_evidence(staff, dossier, "mandate")
    first = actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate", note=WORD)
    register.rows["decision"] = actions.decide_consent(
        actor=register.staff_b, approval=first, outcome="postponed", decided_on=date(2024, 1, 12), reason="Later",
        delegation=register.delegation,
    )  # fmt: skip
    register.rows["approval"] = actions.ask_consent(
        actor=register.staff_b, dossier=factories.read(dossier), step="mandate", note=WORD
    )
    register.rows["publication"] = ask_publication(actor=register.staff_b, treaty=hidden, reason=WORD)
    register.hidden_dossier = dossier


def _close(register: Register, hidden: Treaty) -> None:
    """From now on it is confidential to department A."""
    now = _said(Access.CONFIDENTIAL)
    record.edit_treaty(actor=register.staff_a, treaty=hidden, record=now, version=factories.version(hidden), reason="x")


def close_further(register: Register, actor: User) -> None:
    """From then on it is for the secretariat of the Government: no reviewer, and no department, may know of it."""
    hidden = register.hidden
    assert hidden is not None
    version = factories.version(hidden)
    record.edit_treaty(actor=actor, treaty=hidden, record=_said(Access.SECRETARIAT), version=version, reason="x")


_CHANGING = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'"X-CSRFToken": "[^"]*"'),
    re.compile(rb'nonce(-|=")[A-Za-z0-9+/=_-]+'),
    # The token of a form, new for each page.
    re.compile(rb'name="submission" value="[^"]*"'),
    re.compile(rb'name="request_id"[^>]*|<code>[0-9a-f]{32}</code>'),
)


def plain(response: Any) -> bytes:
    """What an answer says: its status, headers and body, without what is new for each answer."""
    body = b"".join(response)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in sorted(book.namelist()) if "docProps" not in name)
    for pattern in _CHANGING:
        body = pattern.sub(b"", body)
    wanted = {name: text for name, text in response.headers.items() if name not in ("Content-Length", "X-Request-Id")}
    head = re.sub(r"nonce-[A-Za-z0-9+/=_-]+", "", str(sorted(wanted.items())))
    return b"%d %b\n%b" % (response.status_code, head.encode(), body)


Asked = dict[tuple[str, str], bytes]


def ask(clients: dict[str, Client], addresses: Callable[[str], Iterable[str]]) -> Asked:
    """What everybody is answered at each address: (who, address) → the answer."""
    return {
        (name, address): plain(client.get(address)) for name, client in clients.items() for address in addresses(name)
    }
