"""Who may see and do what: every address of the register, every role, asked and sent.

A new address without a line here fails: say first who may come there.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.actions import add_department, add_person
from accounts.choices import Role
from accounts.models import User
from imports import actions as imports
from reporting import actions as reporting
from reporting.guards import ObligationEntry, ReportEntry
from tests import factories
from tests.doors import token
from tests.imports.lists import as_csv
from treaties.choices import Access, ActKind, DocumentKind
from treaties.dates import PartialDate
from treaties.models import Party, PartyName, SearchDocument, SynonymGroup, Theme, Treaty
from treaties.publishing_actions import ask_publication
from treaties.saved_actions import save_search
from workflow import actions
from workflow.guards import Happening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

# A program logs in to no page: with a session it would be nobody, and is answered as who is not logged in.
ROLES = ("anonymous", "reader", "staff", "reviewer", "administrator", "auditor", "records_manager", "program")
# Nobody sends anything to a page that only shows. Who is not logged in is led to the login page first.
SHOWS = "405 405 405 405 405 405 405 405"
SHOWS_INSIDE = "302 405 405 405 405 405 405 302"
# Pages that write: 422 is the form again, for an empty one was sent. The treaty and the dossier are internal.
ASKS = "302 404 200 200 200 403 200 302"
WRITES = "302 404 422 422 422 403 422 302"

# The same of what happens in a dossier: a records manager keeps the record, and leaves its procedure to others.
ASKS_WORK = "302 404 200 200 200 403 403 302"
WRITES_WORK = "302 404 422 422 422 403 403 302"

# Per address what asking (GET) and sending (POST, with nothing) answer, for each role.
EXPECTED: dict[str, tuple[str, str]] = {
    # Open to everybody
    "home": ("200 200 200 200 200 200 200 200", "200 200 200 200 200 200 200 200"),
    "accessibility": ("200 200 200 200 200 200 200 200", "200 200 200 200 200 200 200 200"),
    "treaty-list": ("200 200 200 200 200 200 200 200", SHOWS),
    "treaty-suggest": ("200 200 200 200 200 200 200 200", SHOWS),
    "treaty-list-csv": ("200 200 200 200 200 200 200 200", SHOWS),
    "treaty-list-xlsx": ("200 200 200 200 200 200 200 200", SHOWS),
    "treaty-list-json": ("200 200 200 200 200 200 200 200", SHOWS),
    "country-list": ("200 200 200 200 200 200 200 200", SHOWS),
    "country-detail": ("200 200 200 200 200 200 200 200", SHOWS),
    "theme-list": ("200 200 200 200 200 200 200 200", SHOWS),
    "theme-detail": ("200 200 200 200 200 200 200 200", SHOWS),
    "procedure-list": ("200 200 200 200 200 200 200 200", SHOWS),
    "procedure-detail": ("200 200 200 200 200 200 200 200", SHOWS),
    "glossary": ("200 200 200 200 200 200 200 200", SHOWS),
    "healthz": ("200 200 200 200 200 200 200 200", SHOWS),
    "readyz": ("200 200 200 200 200 200 200 200", SHOWS),
    "set_language": ("302 302 302 302 302 302 302 302", "302 302 302 302 302 302 302 302"),
    "login": ("200 302 302 302 302 302 302 200", "200 302 302 302 302 302 302 200"),
    "logout": ("302 405 405 405 405 405 405 302", "302 302 302 302 302 302 302 302"),
    # Signing in, and one's own account. The single sign-on is off; nobody here is to give a code.
    "login-code": ("302 302 302 302 302 302 302 302", "302 302 302 302 302 302 302 302"),
    "login-again": ("302 200 200 200 200 200 200 302", "302 422 422 422 422 422 422 302"),
    "oidc-start": ("404 404 404 404 404 404 404 404", "404 404 404 404 404 404 404 404"),
    "oidc_authentication_callback": ("404 404 404 404 404 404 404 404", SHOWS),
    "account": ("302 200 200 200 200 200 200 302", SHOWS_INSIDE),
    "account-password": ("302 200 200 200 200 200 200 302", "302 200 200 200 200 200 200 302"),
    "account-second-factor": ("302 200 200 200 200 200 200 302", "302 422 422 422 422 422 422 302"),
    "account-log-out-everywhere": (SHOWS_INSIDE, "302 302 302 302 302 302 302 302"),
    "treaty-search-builder": ("200 200 200 200 200 200 200 200", SHOWS),
    # Everybody's own; another's search does not exist. An empty form is the form again.
    "saved-searches": ("302 200 200 200 200 200 200 302", SHOWS_INSIDE),
    "saved-search-new": ("302 200 200 200 200 200 200 302", "302 422 422 422 422 422 422 302"),
    "saved-search-edit": ("302 404 200 404 404 404 404 302", "302 404 409 404 404 404 404 302"),
    "saved-search-remove": (SHOWS_INSIDE, "302 404 409 404 404 404 404 302"),
    "recent-searches-forget": (SHOWS_INSIDE, "302 302 302 302 302 302 302 302"),
    # What is not public does not exist for others
    "treaty-detail": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-history": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "document-file": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-sheet": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-sheet-pdf": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-bibtex": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-ris": ("404 404 200 200 200 200 200 404", SHOWS),
    "treaty-csl": ("404 404 200 200 200 200 200 404", SHOWS),
    # The desk and the dossiers
    "desk": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "dossier-detail": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "decision-detail": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "treaty-new": (ASKS, WRITES),
    "treaty-edit": (ASKS, WRITES),
    "treaty-bulk": (ASKS, WRITES),
    "treaty-edit-parties": (ASKS, WRITES),
    "treaty-edit-acts": (ASKS, WRITES),
    "treaty-edit-declarations": (ASKS, WRITES),
    "treaty-edit-numbers": (ASKS, WRITES),
    "treaty-edit-relations": (ASKS, WRITES),
    "treaty-edit-documents": (ASKS, WRITES),
    "document-add": (ASKS, WRITES),
    "treaty-clause": (ASKS, WRITES),
    "dossier-open": ("302 404 302 302 302 403 403 302", WRITES_WORK),  # it has one: there you go
    "event-record": (ASKS_WORK, WRITES_WORK),
    "event-correct": (ASKS_WORK, WRITES_WORK),
    "consent-ask": (ASKS_WORK, WRITES_WORK),
    "consent-withdraw": (ASKS_WORK, WRITES_WORK),
    "entity-require": (ASKS_WORK, WRITES_WORK),
    "entity-release": (ASKS_WORK, WRITES_WORK),
    "dossier-requalify": (ASKS_WORK, WRITES_WORK),
    "dossier-access": (ASKS_WORK, WRITES_WORK),
    # Making a record public. Staff sees what is asked; who decides is a reviewer. The request is that of staff.
    "publications": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "publication-detail": ("302 404 200 200 200 200 200 302", "302 404 422 422 422 403 422 302"),
    "publication-ask": (ASKS, WRITES),
    "publication-stop": ("302 404 403 404 404 403 404 302", "302 404 403 404 404 403 404 302"),  # nothing is planned
    "publication-withdraw": ("302 404 403 200 200 403 200 302", "302 404 403 422 422 403 422 302"),
    "treaty-preview": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "treaty-preview-sheet": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    # Reporting on human rights
    "reporting": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "reporting-detail": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "reporting-new": (ASKS, WRITES),
    "reporting-edit": (ASKS, WRITES),
    "report-new": (ASKS_WORK, WRITES_WORK),
    "report-edit": (ASKS_WORK, WRITES_WORK),
    # Bringing in a list
    "audit-export": ("302 404 404 404 200 200 404 302", SHOWS_INSIDE),
    "audit-person": ("302 404 404 404 200 200 404 302", SHOWS_INSIDE),
    "audit-about": ("302 404 404 404 200 200 404 302", SHOWS_INSIDE),
    "audit": ("302 404 404 404 200 200 404 302", SHOWS_INSIDE),
    "import-list": ("302 404 200 200 200 200 200 302", "302 404 422 422 422 403 422 302"),
    "import-detail": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "import-columns": (ASKS, WRITES),
    "import-judge": (SHOWS_INSIDE, "302 404 302 302 302 403 302 302"),
    "import-parties": (ASKS, WRITES),
    "import-row": (ASKS, WRITES),
    "import-refused": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "import-confirm": (ASKS, WRITES),
    "import-undo": (ASKS, WRITES),
    # Reviewing
    # Staff see those that name them; only who may decide hands over. The delegation is the reviewer's.
    "delegations": ("302 404 200 200 200 200 200 302", SHOWS_INSIDE),
    "delegation-give": ("302 404 403 200 200 403 403 302", "302 404 403 422 422 403 403 302"),
    "delegation-revoke": ("302 404 404 200 200 403 404 302", "302 404 404 422 422 403 404 302"),
    "review": ("302 404 404 200 200 200 404 302", SHOWS_INSIDE),
    "review-detail": ("302 404 404 200 200 200 404 302", "302 404 404 422 422 403 404 302"),
}

# Administration: everybody but the administrator is led to its login page. For the administrator per page:
ADMIN_PAGES = {
    "index": (200, 200),
    "password_change": (200, 200),
    "password_change_done": (200, 405),
    "autocomplete": (403, 405),  # it must be told for which field
    "jsi18n": (200, 405),
    "view_on_site": (404, 404),
    "app_list": (200, 200),
    "auth_user_password_change": (200, 200),
    "object": (302, 302),  # leads to the page of the row
    "anything": (404, 404),
}
EDITED = {
    "changelist": (200, 200),
    "add": (200, 200),
    "change": (200, 200),
    "delete": (403, 403),
    "history": (200, 200),
}
LOOKED_AT = EDITED | {"add": (403, 403), "change": (200, 403)}
ADMIN_MODELS = {
    "treaties_party": EDITED,
    "treaties_partyname": EDITED,
    "treaties_synonymgroup": EDITED,
    "treaties_theme": EDITED,
    "accounts_user": EDITED,
    "accounts_department": EDITED,
    "treaties_treaty": LOOKED_AT,
    "treaties_act": LOOKED_AT,
    "treaties_document": LOOKED_AT,
    "reporting_obligation": LOOKED_AT,
    "reporting_report": LOOKED_AT,
    "workflow_dossier": LOOKED_AT,
    "workflow_event": LOOKED_AT,
    "workflow_approval": LOOKED_AT,
    "workflow_decision": LOOKED_AT,
}


@dataclass(frozen=True)
class Route:
    """One address: its name (with namespace) and its pattern from the root."""

    name: str
    pattern: str

    @property
    def key(self) -> str:
        """The name, or for an address without one what it is."""
        if self.name != "admin:":
            return self.name
        return "admin:object" if "object_id" in self.pattern else "admin:anything"


def routes(resolver: Any = None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, pattern, inner)
        else:
            yield Route(f"{namespace}{entry.name or ''}", pattern)


ALL = list(routes())
OWN = [route for route in ALL if not route.name.startswith("admin:")]
ADMIN = [
    route for route in ALL if route.name.startswith("admin:") and route.name not in ("admin:login", "admin:logout")
]


@pytest.fixture
def world(staff: User, staff2: User, reviewer: User, make_dossier: Callable[..., Any]) -> dict[str, Any]:
    """An internal treaty with a document, a dossier, an event, a decision and an open request."""
    dossier = make_dossier("mixed", access=Access.GOVERNMENT)
    event = actions.record_event(
        actor=staff, dossier=dossier, happening=Happening("initiative", PartialDate(date(2024, 1, 8)))
    )
    happening = Happening("working_group", PartialDate(date(2024, 1, 9)), outcome="mixed")
    actions.record_event(actor=staff, dossier=dossier, happening=happening)
    factories.add_evidence(staff, dossier, "mandate")
    first = actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate")
    decision = actions.decide_consent(
        actor=reviewer, approval=first, outcome="postponed", decided_on=date(2024, 1, 12), reason="Later"
    )
    approval = actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate")
    tomorrow = timezone.localdate() + timedelta(days=1)
    delegation = actions.give_delegation(
        actor=reviewer, absent=reviewer, delegate=staff2, begins=tomorrow, ends=tomorrow, reason="x"
    )
    act = factories.record.record_act(actor=staff, treaty=dossier.treaty, kind=ActKind.SIGNATURE, reason="x")
    entry = ObligationEntry("Comité", dossier.treaty)
    obligation = reporting.add_obligation(actor=staff, entry=entry, reason="x")
    report = reporting.add_report(actor=staff, obligation=obligation, entry=ReportEntry("1"), reason="x")
    run = imports.stage(actor=staff, file=io.BytesIO(as_csv()), filename="list.csv", source="x")
    search = save_search(actor=staff, name="Schelde", query="q=schelde", is_shared=True)
    publication = ask_publication(actor=staff, treaty=dossier.treaty, reason="x")
    rows = {
        "treaties_savedsearch": search,
        "imports_run": run,
        "treaties_party": Party.objects.get(code="NL"),
        "treaties_partyname": PartyName.objects.get(party__code="CD", language="nl", text="Zaïre"),
        "treaties_synonymgroup": SynonymGroup.objects.get(code="mou"),
        "treaties_theme": Theme.objects.get(slug="cultuur"),
        "treaties_treaty": dossier.treaty,
        "treaties_act": act,
        "treaties_document": dossier.treaty.documents.get(),
        "reporting_obligation": obligation,
        "reporting_report": report,
        "workflow_dossier": dossier,
        "workflow_event": event,
        "workflow_approval": approval,
        "workflow_decision": decision,
        "accounts_user": staff,
        "accounts_department": add_department(code="A", name_nl="Departement A", name_en="Department A"),
    }
    return {
        "rows": rows,
        "dossier": dossier,
        "event": event,
        "approval": approval,
        "publication": publication,
        "decision": decision,
        "delegation": delegation,
    }


@pytest.fixture
def clients(request: pytest.FixtureRequest) -> dict[str, Client]:
    clients = {"anonymous": Client()}
    for role in ROLES[1:]:
        clients[role] = Client()
        clients[role].force_login(request.getfixturevalue(role))
    return clients


def address(route: Route, world: dict[str, Any]) -> str:
    """The pattern with everything in angle brackets filled in."""
    dossier, document = world["dossier"], world["rows"]["treaties_document"]
    about = {"treaties": dossier.treaty, "reporting": world["rows"]["reporting_obligation"]}
    values = {
        "reference": about.get(route.pattern.split("/")[0], dossier).reference,
        "sha256": document.sha256,
        "code": {"procedures": "mixed", "dossiers": "X-BE-FED"}.get(route.pattern.split("/")[0], "NL"),
        "slug": "cultuur",
        "step": "mandate" if route.name == "consent-ask" else "conference",
        "pk": {
            "event-correct": world["event"],
            "publication-detail": world["publication"],
            "publication-stop": world["publication"],
            "decision-detail": world["decision"],
            "delegation-revoke": world["delegation"],
            "report-edit": world["rows"]["reporting_report"],
            "saved-search-edit": world["rows"]["treaties_savedsearch"],
            "saved-search-remove": world["rows"]["treaties_savedsearch"],
        }.get(route.name, world["rows"]["imports_run"] if route.name.startswith("import-") else world["approval"]).pk,
        "number": 2,
        "id": world["rows"]["accounts_user"].pk,
        "key": world["rows"]["accounts_user"].pk,
        "content_type_id": 0,
        "object_id": getattr(world["rows"].get(_model(route)), "pk", 0),
    }
    pattern = re.sub(r"\^\(\?P<app_label>[\w|]+\)/\$", "treaties/", route.pattern)
    pattern = pattern.replace("(?P<url>.*)$", "nothing/here")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), pattern)


def _model(route: Route) -> str:
    """`treaties_party` of `admin/treaties/party/…`."""
    return "_".join(route.pattern.split("/")[1:3])


@pytest.mark.parametrize("route", OWN, ids=lambda route: route.name or route.pattern)
def test_who_may_see_and_do_what(route: Route, world: dict[str, Any], clients: dict[str, Client]) -> None:
    assert route.name in EXPECTED, f"{route.pattern} has no line in EXPECTED: who may come there?"
    url = address(route, world)
    for method, expected in zip(("get", "post"), EXPECTED[route.name], strict=True):
        answers = {role: getattr(clients[role], method)(url) for role in ROLES}
        found = {role: response.status_code for role, response in answers.items()}
        for response in answers.values():
            # Read to the end, so that the file is closed.
            assert b"".join(response) is not None
        assert found == dict(zip(ROLES, map(int, expected.split()), strict=True)), f"{method} {url}"
        if route.name == "logout":
            return


# Per level of a treaty of department A, what its pages answer: in the order of `READERS`.
READERS = ("anonymous", "reader", "reader of A", "staff", "staff of A", "staff of B", "reviewer", "auditor",
           "records_manager", "administrator", "program")  # fmt: skip
# Pages of the record that are open to everybody where the level is; a program does not log in to pages.
SEES = {
    Access.PUBLIC: "200 200 200 200 200 200 200 200 200 200 200",
    Access.GOVERNMENT_WIDE: "404 404 200 200 200 200 200 200 200 200 404",
    Access.GOVERNMENT: "404 404 404 200 200 200 200 200 200 200 404",
    Access.CONFIDENTIAL: "404 404 404 404 200 404 200 200 200 200 404",
    Access.SECRETARIAT: "404 404 404 404 404 404 404 200 200 200 404",
}
# What a program is told by its rule, which the API will ask: the levels that it reads.
PROGRAM_READS = (Access.PUBLIC, Access.GOVERNMENT_WIDE, Access.GOVERNMENT)
RECORD_PAGES = ("treaty-detail", "treaty-sheet", "treaty-bibtex", "treaty-ris", "treaty-csl", "document-file")


@pytest.fixture
def readers(clients: dict[str, Client], reference_data: None) -> dict[str, Client]:
    people = dict(clients)
    for code in ("A", "B"):
        department = add_department(code=code, name_nl=f"Departement {code}", name_en="")
        for role in (Role.READER, Role.STAFF):
            person = add_person(username=f"{role} of {code}", role=role, department=department, password="x" * 12)
            people[f"{role} of {code}"] = Client()
            people[f"{role} of {code}"].force_login(person)
    return people


def test_each_level_is_read_by_those_of_the_table_and_nobody_else(
    readers: dict[str, Client], records_manager: User, program: User
) -> None:
    for level, line in SEES.items():
        treaty = factories.a_treaty(records_manager, access=level, department="A", title=f"Verdrag {level}")
        paper = factories.add_pdf(records_manager, treaty, DocumentKind.OTHER, level, access=level)
        expected = dict(zip(READERS, map(int, line.split()), strict=True))
        for page in RECORD_PAGES:
            arguments = [treaty.reference, paper.sha256] if page == "document-file" else [treaty.reference]
            answers = {name: readers[name].get(reverse(page, args=arguments)) for name in READERS}
            assert {name: answer.status_code for name, answer in answers.items()} == expected, f"{page} {level}"
            for answer in answers.values():
                assert b"".join(answer) is not None
        listed = {name: treaty.reference.encode() in b"".join(readers[name].get("/treaties.json")) for name in READERS}
        assert listed == {name: status == 200 for name, status in expected.items()}, f"list {level}"
        assert Treaty.objects.visible_to(program).filter(pk=treaty.pk).exists() is (level in PROGRAM_READS)
        assert SearchDocument.objects.visible_to(program).filter(pk=treaty.pk).exists() is (level in PROGRAM_READS)


@pytest.mark.parametrize("part", sorted({_model(route) for route in ADMIN}))
def test_administration_is_for_administrators(part: str, world: dict[str, Any], clients: dict[str, Client]) -> None:
    for route in ADMIN:
        if _model(route) != part:
            continue
        page = route.key.removeprefix("admin:")
        model, _line, kind = page.rpartition("_")
        expected = ADMIN_PAGES.get(page) or ADMIN_MODELS[model][kind]
        url = address(route, world)
        for method, status in zip(("get", "post"), expected, strict=True):
            for role in ROLES:
                response = getattr(clients[role], method)(url)
                if role == "administrator":
                    assert response.status_code == status, f"{method} {url}"
                else:
                    assert response.status_code == 302, f"{method} {url} as {role}"
                    assert "/login/" in response["Location"], f"{method} {url} as {role}"


@pytest.mark.parametrize("model", [name for name, pages in ADMIN_MODELS.items() if pages is LOOKED_AT])
def test_a_superuser_goes_round_nothing(model: str, world: dict[str, Any], administrator: User) -> None:
    administrator.is_superuser = True
    administrator.save()
    client = Client()
    client.force_login(administrator)
    page = f"/admin/{model.replace('_', '/')}/"
    row = f"{page}{world['rows'][model].pk}/"
    assert client.get(page).status_code == 200
    assert client.get(f"{row}change/").status_code == 200
    assert "_save" not in client.get(f"{row}change/").content.decode()
    for url in (f"{page}add/", f"{row}change/", f"{row}delete/"):
        assert client.post(url, {"post": "yes", "reason": "x"}).status_code == 403
    assert client.post(
        page, {"action": "delete_selected", "_selected_action": [world["rows"][model].pk]}
    ).status_code in (
        200,
        302,
    )
    assert type(world["rows"][model]).objects.filter(pk=world["rows"][model].pk).exists()


def test_reference_data_is_changed_with_a_reason_only(administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    party = Party.objects.get(code="NL")
    url = f"/admin/treaties/party/{party.pk}/change/"
    data = {
        "kind": "state",
        "name_nl": "Nederland (Koninkrijk)",
        "name_en": "Netherlands",
        "aliases": "Holland",
    } | token(party)
    assert client.post(url, data).status_code == 200
    party.refresh_from_db()
    assert party.name_nl == "Nederland"
    assert client.post(url, {**data, "name_en": "a\x07"}).status_code == 200
    assert client.post(url, {**data, "reason": "Volledige naam"}).status_code == 302
    party.refresh_from_db()
    assert (party.name_nl, party.sort_key, party.code) == ("Nederland (Koninkrijk)", "nederland koninkrijk", "NL")
    row = party.history.first()
    assert (row.history_change_reason, row.history_action, row.history_user) == (
        "Volledige naam",
        "reference.edit",
        administrator,
    )
