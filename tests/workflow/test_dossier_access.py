"""Who may know of a dossier: set by who may, with history and trail; and what a hidden paper shows of itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actions import add_department, add_person
from accounts.choices import Role
from accounts.models import User
from audit.models import TrailEntry
from audit.refusals import Conflict
from tests import factories
from tests.workflow.rows import refused
from treaties.choices import Access, DocumentKind
from treaties.models import SearchDocument
from workflow import actions
from workflow.models import Dossier
from workflow.presentation import review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
HIDDEN = "Zwijgende nota"


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Staff of A and of B."""
    found = {}
    for code in ("A", "B"):
        department = add_department(code=code, name_nl=f"Departement {code}", name_en="")
        found[code] = add_person(username=code, role=Role.STAFF, department=department, last_name=code)
    return found


@pytest.fixture
def dossier(make_dossier: Callable[..., Dossier], advance: Callable[..., Dossier], people: dict[str, User]) -> Dossier:
    """A dossier of a public treaty that A holds, at the gate of the mandate."""
    return advance(make_dossier(department="A"), "initiative")


def test_a_dossier_is_kept_apart_with_history_trail_and_nothing_told_outside(
    dossier: Dossier, people: dict[str, User], client: Client
) -> None:
    page = f"/treaties/{dossier.treaty.reference}/"
    assert SearchDocument.objects.get(pk=dossier.treaty_id).stage == dossier.stage
    assert "stages" in client.get(page).content.decode()
    kept = actions.set_access(
        actor=people["A"], dossier=dossier, access=Access.CONFIDENTIAL, version=dossier.version, reason="negotiations"
    )
    assert [kept.access, kept.version] == ["confidential", dossier.version + 1]
    row = kept.history.first()
    assert (row.access, row.history_change_reason, row.history_user) == ("confidential", "negotiations", people["A"])
    assert (row.history_action, row.prev_record.access) == ("dossier.edit", "government")
    assert TrailEntry.objects.filter(change=row.history_change).count() == 1
    assert {name for name, who in people.items() if Dossier.objects.visible_to(who).exists()} == {"A"}
    told = SearchDocument.objects.get(pk=dossier.treaty_id)
    assert (told.stage, told.awaited) == ("", "")
    assert "stages" not in client.get(page).content.decode()
    again = actions.set_access(
        actor=people["A"], dossier=kept, access=Access.GOVERNMENT, version=kept.version, reason="signed"
    )
    assert SearchDocument.objects.get(pk=dossier.treaty_id).stage == again.stage


def test_who_could_not_read_it_any_more_does_not_set_it(
    dossier: Dossier, people: dict[str, User], reader: User
) -> None:
    said: dict[str, Any] = {"dossier": dossier, "version": dossier.version, "reason": "x"}
    with refused("level"):
        actions.set_access(actor=people["B"], access=Access.CONFIDENTIAL, **said)
    with refused("level"):
        actions.set_access(actor=people["A"], access=Access.SECRETARIAT, **said)
    with refused("level"):
        actions.set_access(actor=people["A"], access=Access.PUBLIC, **said)
    with refused("not_allowed", "level"):
        actions.set_access(actor=reader, access=Access.GOVERNMENT, **said)
    with pytest.raises(Conflict):
        actions.set_access(actor=people["A"], access=Access.CONFIDENTIAL, **said | {"version": 0})
    assert Dossier.objects.get(pk=dossier.pk).access == "government"


def test_the_page_offers_the_levels_that_are_ones_own_and_keeps_what_was_typed(
    dossier: Dossier, people: dict[str, User], client: Client
) -> None:
    page = f"/dossiers/{dossier.reference}/access/"
    client.force_login(people["A"])
    shown = client.get(page).content.decode()
    assert [level for level in Access if f'value="{level}"' in shown] == ["government", "confidential"]
    bad = client.post(page, {"access": "nothing", "reason": "waarom \x00", "version": 1, "submission": "x"})
    assert bad.status_code == 422
    assert "waarom" in bad.content.decode()


@pytest.fixture
def with_paper(dossier: Dossier, people: dict[str, User]) -> Dossier:
    """Its memorandum, and a paper of its first event, are confidential to A."""
    for step in (dossier.procedure.step("mandate"),):
        factories.add_evidence(people["A"], dossier, step)
    newest = factories.record.add_document
    for kind in (one.kind for one in dossier.procedure.step("mandate").evidence):
        newest(
            actor=people["A"], treaty=dossier.treaty, kind=kind, language="nl", title=HIDDEN, filename="x.pdf",
            content=factories.pdf(f"{HIDDEN} {kind}"), access=Access.CONFIDENTIAL, reason="x",
        )  # fmt: skip
    return factories.read(dossier)


def test_a_paper_that_may_not_be_read_counts_and_is_not_named(
    with_paper: Dossier, people: dict[str, User], client: Client, reviewer: User
) -> None:
    paths = [f"/dossiers/{with_paper.reference}/", f"/dossiers/{with_paper.reference}/ask/mandate/"]
    paths += [f"/treaties/{with_paper.treaty.reference}/{part}" for part in ("", "history/", "sheet/", "edit/acts/")]
    seen = {}
    for name, person in people.items():
        client.force_login(person)
        seen[name] = [HIDDEN in client.get(path).content.decode() for path in paths]
    assert seen["B"] == [False] * len(paths)
    assert seen["A"][:3] == [True] * 3
    asked = actions.ask_consent(actor=people["B"], dossier=with_paper, step="mandate")
    for person, knows in ((people["B"], False), (people["A"], True), (reviewer, True)):
        titles = [paper.title for paper in review.evidence(asked.evidence, None, person)]
        assert (HIDDEN in titles) is knows
        assert all(paper.kind for paper in review.evidence(asked.evidence, None, person))


def test_an_event_shows_the_papers_that_may_be_read(
    with_paper: Dossier, people: dict[str, User], client: Client
) -> None:
    event = with_paper.events.order_by("pk").first()
    paper = with_paper.treaty.documents.filter(title=HIDDEN).first()
    happening = factories.Happening(step=event.step, when=event.when, documents=[paper])
    actions.correct_event(actor=people["A"], event=event, happening=happening, reason="with its paper")
    for name, knows in (("A", True), ("B", False)):
        client.force_login(people[name])
        page = client.get(f"/dossiers/{with_paper.reference}/").content.decode()
        assert (paper.sha256 in page) is knows
    assert paper.kind != DocumentKind.OTHER
