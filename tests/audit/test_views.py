"""The page of the trail: for auditors and administrators, narrowed by who, what, about and when."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from audit import trail
from audit.choices import Mark
from audit.models import TrailEntry
from audit.verification import verify
from tests import factories
from tests.factories import REASON
from treaties.choices import Access, DocumentKind
from treaties.models import Treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


def seqs(client: Client, query: str) -> list[int]:
    return [row["entry"].seq for row in client.get(f"/audit/?{query}").context["rows"]]


def test_it_tells_who_did_what_and_why(asking: Client, make_treaty: Callable[..., Treaty]) -> None:
    treaty = make_treaty()
    page = asking.get("/audit/").content.decode()
    assert [words in page for words in ("An Beheerder", REASON, treaty.reference)] == [True, True, True]


@pytest.mark.parametrize(
    "query", ["person=An+Beheerder&about={}", "action=treaty.register", "first=2020-01-01&about={}"]
)
def test_it_is_narrowed(asking: Client, make_treaty: Callable[..., Treaty], query: str) -> None:
    treaty = make_treaty()
    entry = TrailEntry.objects.get(action="treaty.register")
    assert seqs(asking, query.format(treaty.reference)) == [entry.seq]
    assert seqs(asking, "last=2020-01-01") == []


@pytest.mark.parametrize("query", ["first=2024-02-30", "action=nothing", "person=%00", "about=" + "x" * 100_000])
def test_what_cannot_be_is_said_beside_the_field(asking: Client, query: str) -> None:
    answer = asking.get(f"/audit/?{query}")
    assert (answer.status_code, answer.context["rows"]) == (422, [])
    assert len(answer.context["form"].errors) == 1


def test_an_erased_name_is_a_number(asking: Client, make_treaty: Callable[..., Treaty], staff: User) -> None:
    make_treaty()
    trail.erase_names(actor=staff, person=str(staff.pk))
    rows = asking.get("/audit/?action=treaty.register").context["rows"]
    assert [(row["name"], row["entry"].actor) for row in rows] == [("", str(staff.pk))]
    assert verify().problems == []


def test_the_same_number_of_queries_for_one_entry_and_for_thirty(
    asking: Client, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    trail.note(actor=staff, action=Mark.EXPORT)
    for _ in range(2):
        with django_assert_num_queries(6):
            asking.get("/audit/?action=export")
        for _ in range(30):
            trail.note(actor=staff, action=Mark.EXPORT)


def test_a_list_taken_out_by_staff_is_told(client: Client, staff: User) -> None:
    client.get("/treaties.csv")
    before = TrailEntry.objects.latest("seq")
    assert before.action != "export"
    client.force_login(staff)
    client.get("/treaties.csv?q=secret+name")
    entry = TrailEntry.objects.latest("seq")
    assert (entry.action, entry.actor, entry.object_type) == ("export", str(staff.pk), "treaties")
    assert "secret" not in entry.payload


class TestExport:
    def test_the_whole_trail_is_what_a_stranger_verifies(
        self, client: Client, auditor: User, make_treaty: Callable[..., Treaty], tmp_path: Path
    ) -> None:
        make_treaty()
        client.force_login(auditor)
        path = tmp_path / "trail.jsonl"
        path.write_bytes(b"".join(client.get("/audit/entries.jsonl").streaming_content))  # type: ignore[attr-defined]
        lines = [json.loads(line)["entry"] for line in path.read_text(encoding="utf-8").splitlines()]
        assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
        # The last one tells of the export itself.
        assert (lines[-1]["action"], lines[-1]["actor"], lines[-1]["object"]["type"]) == (
            "export",
            str(auditor.pk),
            "trail",
        )
        script = Path(settings.BASE_DIR) / "tools" / "verify_trail.py"
        subprocess.run([sys.executable, "-I", str(script), "check", str(path)], check=True)

    def test_exactly_the_entries_that_were_asked(
        self, client: Client, auditor: User, staff: User, make_treaty: Callable[..., Treaty]
    ) -> None:
        treaty = make_treaty()
        make_treaty(title="Een ander")
        client.force_login(auditor)
        answer = client.get("/audit/entries.jsonl", {"about": treaty.reference, "person": str(staff.pk)})
        lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]
        assert [line["entry"]["object"]["reference"] for line in lines] == [treaty.reference]
        assert lines[0]["opened"]["name"] == staff.name
        assert client.get("/audit/entries.jsonl", {"first": "nonsense"}).status_code == 404


def test_what_one_person_did(client: Client, auditor: User, staff: User, make_treaty: Callable[..., Treaty]) -> None:
    make_treaty()
    make_treaty(title="Een ander")
    client.force_login(auditor)
    answer = client.get(f"/audit/people/{staff.pk}/")
    assert [(code, n) for code, _label, n in answer.context["deeds"]] == [("treaty.register", 2)]
    assert answer.context["called"] == [staff.name]
    assert {row["entry"].actor for row in answer.context["rows"]} == {str(staff.pk)}
    assert client.get("/audit/people/999999999/").status_code == 404


def test_who_took_a_paper_that_is_not_public(
    client: Client, auditor: User, staff: User, reviewer: User, make_treaty: Callable[..., Treaty]
) -> None:
    treaty = make_treaty()
    paper = factories.add_pdf(staff, treaty, DocumentKind.TREATY_TEXT, access=Access.GOVERNMENT)
    shown = factories.add_pdf(reviewer, treaty, DocumentKind.SIGNED_TEXT, access=Access.PUBLIC)
    client.force_login(staff)
    for one in (paper, shown):
        assert b"".join(client.get(f"/treaties/{treaty.reference}/documents/{one.sha256}/"))
    entry = TrailEntry.objects.get(action="download")
    assert (entry.actor, entry.object_reference, entry.payload_value) == (
        str(staff.pk),
        treaty.reference,
        {"sha256": paper.sha256},
    )
    client.force_login(auditor)
    answer = client.get(f"/audit/about/{treaty.reference}/")
    with translation.override("en"):
        done = {(one["name"], str(one["did"])): one["n"] for one in answer.context["people"]}
        assert done[staff.name, "took a paper that is not public"] == 1
    assert client.get("/audit/about/T00000000/").status_code == 404
