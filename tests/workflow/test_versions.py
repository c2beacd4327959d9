"""What a version that is being prepared would change for the dossiers that run: on the page, and by the command."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests.workflow.facts import facts
from treaties.choices import Actor, Stage
from workflow import procedures
from workflow.choices import StepState
from workflow.engine import assess
from workflow.models import Dossier
from workflow.procedures import Procedure
from workflow.procedures.language import Done, Need, Step, Text
from workflow.versions import compare

MOU = procedures.latest("mou")
BUDGET = Step(
    code="budget_advice",
    label=Text("Begrotingsadvies", "Budget advice"),
    stage=Stage.NEGOTIATION,
    actor=Actor.COUNCILS,
    help=Text("Vraag het advies.", "Ask for the advice."),
    needs=(Need("draft", Done("draft"), Text("Er is nog geen ontwerp.", "There is no draft yet.")),),
)


def drafted(valid_from: date | None = None) -> Procedure:
    """The next version: an advice before the signature, and nothing is filed any more."""
    steps = [step for step in MOU.steps if step.code != "filed"]
    place = [step.code for step in steps].index("wording_check") + 1
    return replace(MOU, version=MOU.version + 1, valid_from=valid_from, steps=(*steps[:place], BUDGET, *steps[place:]))


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch) -> Procedure:
    draft = drafted()
    monkeypatch.setattr(procedures, "ALL", (*procedures.ALL, draft))
    return draft


TOLD = facts(
    ("initiative", "8/1/2024"), ("draft", "1/2/2024"), ("wording_check", "2/2/2024", "within_delegation"),
)  # fmt: skip
ON = date(2024, 3, 1)


def test_the_same_version_changes_nothing() -> None:
    now = assess(MOU, TOLD, ON)
    assert compare(now, now).is_none


def test_what_differs_is_the_next_step_who_is_awaited_and_the_stage() -> None:
    effect = compare(assess(MOU, TOLD, ON), assess(drafted(), TOLD, ON))
    assert effect.stage == (Stage.SIGNING, Stage.NEGOTIATION)
    assert effect.next_step is not None
    assert [step and step.code for step in effect.next_step] == ["signature", "budget_advice"]
    assert effect.awaited == (Actor.GOVERNMENT, Actor.COUNCILS)
    assert {(one.step.code, one.before, one.after) for one in effect.states} == {
        ("budget_advice", None, StepState.OPEN),
        ("filed", StepState.BLOCKED, None),
    }
    assert effect.lost == ()


def test_a_fact_whose_step_disappears_is_named() -> None:
    told = [*TOLD, *facts(("x", "1/1/2024"), ("x", "1/1/2024"), ("x", "1/1/2024"), ("filed", "1/3/2024"))[3:]]
    effect = compare(assess(MOU, told, ON), assess(drafted(), told, ON))
    assert [fact.step for fact in effect.lost] == ["filed"]
    assert not effect.is_none


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestDraft:
    def test_every_version_is_found(self, draft: Procedure) -> None:
        assert procedures.get("mou", draft.version) is draft
        assert procedures.versions("mou")[0] is draft
        assert procedures.latest("mou") is MOU
        with pytest.raises(KeyError):
            procedures.get("mou", 99)

    def test_the_command_says_what_each_open_dossier_would_see(
        self,
        draft: Procedure,
        make_dossier: Callable[..., Dossier],
        advance: Callable[..., Dossier],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": "within_delegation"})
        make_dossier("exclusive")
        call_command("procedure_effect", "mou")
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == f"{dossier.reference} (version {MOU.version})"
        assert "  Stage: signing → negotiation" in lines
        assert "  Next step: “Signature” → “Budget advice”" in lines
        assert "  “Budget advice” is new: can be done now" in lines
        assert lines[-1] == f"mou version {draft.version}: 1 of 1 open dossiers would change."
        dossier.refresh_from_db()
        assert dossier.procedure_version == MOU.version

    @pytest.mark.parametrize("asked", [("nothing",), ("mou", "99")])
    def test_the_command_knows_what_there_is(self, asked: tuple[str, ...]) -> None:
        with pytest.raises(CommandError, match="There is no procedure"):
            call_command("procedure_effect", *asked)

    def test_a_draft_is_for_the_staff(
        self, draft: Procedure, client: Client, staff: User, reader: User, make_dossier: Callable[..., Dossier]
    ) -> None:
        dossier = make_dossier("mou")
        url = f"/procedures/mou/?version={draft.version}"
        assert client.get(url).status_code == 404
        client.force_login(reader)
        assert client.get(url).status_code == 404
        client.force_login(staff)
        page = client.get(url, headers={"accept-language": "en"})
        assert page.status_code == 200
        assert [one.dossier for one in page.context["effects"]] == [dossier]
        assert page.context["view"].version.is_draft
        assert client.get("/procedures/mou/").context["view"].version.number == MOU.version

    def test_a_version_of_later_is_a_draft_until_its_day(self, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
        tomorrow, today = timezone.localdate() + timedelta(days=1), timezone.localdate()
        url = f"/procedures/mou/?version={MOU.version + 1}"
        for day, status in ((tomorrow, 404), (today, 200)):
            monkeypatch.setattr(procedures, "ALL", (MOU, drafted(day)))
            assert client.get(url).status_code == status
        assert client.get("/procedures/mou/").context["view"].version.number == MOU.version + 1
        old = client.get(f"/procedures/mou/?version={MOU.version}", headers={"accept-language": "en"})
        assert old.context["view"].version.validity.startswith("for dossiers opened before")

    def test_the_page_asks_the_same_number_of_queries(
        self, draft: Procedure, client: Client, staff: User, make_dossier: Callable[..., Dossier]
    ) -> None:
        client.force_login(staff)
        counts = []
        for more in (1, 4):
            for number in range(more):
                make_dossier("mou", title=f"{more} {number}")
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/procedures/mou/?version={draft.version}").status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1] <= DRAFT_QUERIES


DRAFT_QUERIES = 12
