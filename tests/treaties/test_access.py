"""Levels: who may set one, what the history tells of hidden times, old words, and the keys by which is counted."""

import json

import pytest
from django.db import connection
from django.test import Client

from accounts.actions import add_department, add_person
from accounts.choices import Access, Role
from accounts.models import User, access_key, access_keys
from audit.models import TrailEntry
from tests import factories
from tests.workflow.rows import refused
from treaties import counts, queries
from treaties import history as telling
from treaties.actions import ActEntry, DocumentEntry, describe_documents, edit_treaty, record_act, save_acts
from treaties.actions.common import level_problems
from treaties.choices import ActKind, DocumentKind
from treaties.dates import parse
from treaties.models import FacetChange, FacetCount, SearchDocument, Treaty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Staff of A and of B."""
    found = {}
    for code in ("A", "B"):
        department = add_department(code=code, name_nl=f"Departement {code}", name_en="")
        found[code] = add_person(username=code, role=Role.STAFF, department=department, last_name=code)
    return found


def test_who_could_not_read_a_level_does_not_set_it(people: dict[str, User], reviewer: User) -> None:
    def codes(who: User, level: Access, department: str | None) -> list[str]:
        return [one.code for one in level_problems(who, level, department)]

    assert codes(people["A"], Access.CONFIDENTIAL, "A") == []
    assert codes(people["A"], Access.CONFIDENTIAL, "B") == ["level"]
    assert codes(people["A"], Access.CONFIDENTIAL, None) == ["no_department"]
    assert codes(people["A"], Access.CONFIDENTIAL, "Z") == ["unknown_department"]
    assert codes(reviewer, Access.CONFIDENTIAL, "B") == []
    assert codes(reviewer, Access.SECRETARIAT, None) == ["level"]
    with refused("level"):
        factories.a_treaty(people["A"], access=Access.CONFIDENTIAL, department="B")
    assert not Treaty.objects.exists()


def test_a_change_of_a_hidden_time_is_left_out_whole(people: dict[str, User]) -> None:
    treaty = factories.a_treaty(people["A"], access=Access.GOVERNMENT, department="A", reason="first")
    for access, reason in (
        (Access.CONFIDENTIAL, "closed"),
        (Access.CONFIDENTIAL, "inside"),
        (Access.GOVERNMENT, "open"),
    ):
        record = factories.a_record(access=access, department="A", note=reason)
        edit_treaty(actor=people["A"], treaty=treaty, record=record, version=factories.version(treaty), reason=reason)
    told = {
        name: [entry.change.reason for entry in telling.entries(treaty, who, None)[1]] for name, who in people.items()
    }
    assert told == {"A": ["open", "inside", "closed", "first"], "B": ["open", "first"]}


def test_the_old_word_in_a_history_is_read_as_government(people: dict[str, User], reader: User) -> None:
    treaty = factories.a_treaty(people["A"], access=Access.GOVERNMENT)
    table = Treaty.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET access = 'internal' WHERE id = %s", [treaty.pk])  # noqa: S608 (our own table)
        cursor.execute("SET LOCAL session_replication_role = origin")
    (_page, (entry,)) = telling.entries(treaty, people["B"], None)
    assert str(Access.GOVERNMENT.label) in [one.new for one in entry.differences]
    assert not telling.entries(treaty, reader, None)[1]


def test_counts_are_kept_by_level_and_department(people: dict[str, User]) -> None:
    for code in ("A", "A", "B"):
        factories.a_treaty(people[code], access=Access.CONFIDENTIAL, department=code, title=f"Van {code}")
    assert sorted(SearchDocument.objects.values_list("access", flat=True)) == [
        "confidential:A", "confidential:A", "confidential:B",
    ]  # fmt: skip
    counts.fold()
    assert not FacetChange.objects.exists()
    totals = dict(FacetCount.objects.filter(a=0, b=0).values_list("access", "n"))
    assert totals == {"confidential:A": 2, "confidential:B": 1}
    for name, total in (("A", 2), ("B", 1)):
        assert queries.found(people[name], {}).qs.count() == total
    assert access_key("confidential", "A") == "confidential:A"
    assert access_key("government", "A") == "government"
    assert access_keys(people["A"]) == ["public", "government_wide", "government", "confidential:A"]


def test_a_department_that_is_changed_in_the_administration_leaves_an_entry(administrator: User) -> None:
    department = add_department(code="A", name_nl="Departement A", name_en="")
    client = Client()
    client.force_login(administrator)
    before = TrailEntry.objects.latest("seq").seq
    page = f"/admin/accounts/department/{department.pk}/change/"
    assert client.post(page, {"name_nl": "Departement Alfa", "name_en": "Alpha"}).status_code == 302
    (entry,) = TrailEntry.objects.filter(seq__gt=before, object_type="accounts.Department")
    assert (entry.action, entry.actor, entry.object_key) == ("permission.change", str(administrator.pk), "A")
    assert json.loads(entry.payload) == {
        "before": {"name_nl": "Departement A", "name_en": ""},
        "after": {"name_nl": "Departement Alfa", "name_en": "Alpha"},
    }


def test_what_points_at_a_paper_keeps_it_when_somebody_saves_who_may_not_read_it(people: dict[str, User]) -> None:
    treaty = factories.a_treaty(people["A"], access=Access.GOVERNMENT, department="A")
    paper = factories.add_pdf(people["A"], treaty, DocumentKind.TREATY_TEXT, access=Access.CONFIDENTIAL)
    newer = factories.add_pdf(people["A"], treaty, DocumentKind.TREATY_TEXT, "newer")
    said = {"kind": ActKind.SIGNATURE, "when": parse("2001-02-03")}
    act = record_act(actor=people["A"], treaty=treaty, document=paper, reason="x", **said)
    version = factories.version(treaty)
    after = DocumentEntry(newer.pk, "Tekst", newer.kind, "nl", newer.access, replaces=paper)
    describe_documents(actor=people["A"], treaty=treaty, rows=[after], version=version, reason="x")
    rows = [ActEntry(pk=act.pk, place="Brussel", **said)]
    save_acts(actor=people["B"], treaty=treaty, rows=rows, version=factories.version(treaty), reason="x")
    now = DocumentEntry(newer.pk, "Andere naam", newer.kind, "nl", newer.access)
    version = factories.version(treaty)
    describe_documents(actor=people["B"], treaty=treaty, rows=[now], version=version, reason="x")
    act.refresh_from_db()
    newer.refresh_from_db()
    assert (act.document, act.place) == (paper, "Brussel")
    assert (newer.replaces, newer.title) == (paper, "Andere naam")
