"""The papers a gate is decided on: on file, out of date, missing or waived; and what is kept of them."""

from collections.abc import Callable

import pytest
from django.db import Error, connection, transaction
from django.utils import translation

from accounts.models import User
from tests.factories import add_evidence, add_pdf, read
from tests.workflow.rows import refused
from treaties.choices import DocumentKind
from treaties.dates import parse
from treaties.models import Document, Treaty
from workflow import actions, evidence, queries
from workflow.choices import PaperState
from workflow.evidence import Paper
from workflow.guards import Happening
from workflow.models import Approval, Dossier
from workflow.procedures import ALL

pytestmark = pytest.mark.django_db

Open = Callable[..., Dossier]
Go = Callable[..., Dossier]

PRELIMINARY, MEMORANDUM = DocumentKind.PRELIMINARY_DRAFT, DocumentKind.MEMORANDUM
FINANCE, EXPLANATORY = DocumentKind.FINANCE_ADVICE, DocumentKind.EXPLANATORY_MEMORANDUM
COUNCIL_OF_STATE = DocumentKind.COUNCIL_OF_STATE_ADVICE


def papers(dossier: Dossier, step: str, waived: dict[str, str] | None = None) -> dict[DocumentKind, Paper]:
    return {paper.kind: paper for paper in evidence.of_gate(dossier, dossier.procedure.step(step), waived)}


def states(dossier: Dossier, step: str, waived: dict[str, str] | None = None) -> dict[DocumentKind, PaperState]:
    return {kind: paper.state for kind, paper in papers(dossier, step, waived).items()}


def lacks(dossier: Dossier, step: str, waived: dict[str, str] | None = None) -> list[str]:
    found = evidence.of_gate(dossier, dossier.procedure.step(step), waived)
    return [blocker.code for blocker in evidence.lacking(found, waived)]


class TestStates:
    def test_what_is_on_file_and_what_is_missing(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        document = add_pdf(staff, dossier.treaty, MEMORANDUM)
        found = papers(dossier, "consent_to_sign")
        assert [(kind, one.state, one.document) for kind, one in found.items()] == [
            (MEMORANDUM, PaperState.PRESENT, document),
            (DocumentKind.TREATY_TEXT, PaperState.MISSING, None),
        ]
        assert [one.suffices for one in found.values()] == [True, False]
        assert lacks(dossier, "consent_to_sign") == ["evidence_missing_treaty_text"]

    def test_the_newest_paper_of_its_kind_counts(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        add_pdf(staff, dossier.treaty, MEMORANDUM, "old")
        newest = add_pdf(staff, dossier.treaty, MEMORANDUM, "new")
        found = evidence.of_gate(dossier, dossier.procedure.step("mandate"))
        assert [(one.kind, one.document) for one in found] == [(MEMORANDUM, newest)]
        assert [entry["sha256"] for entry in evidence.frozen(found)] == [newest.sha256]

    def test_papers_of_every_treaty_of_the_package_count(
        self, make_dossier: Open, make_treaty: Callable[..., Treaty], staff: User
    ) -> None:
        other = make_treaty(title="Tweede")
        dossier = make_dossier(package=[other])
        document = add_pdf(staff, other, MEMORANDUM)
        assert papers(dossier, "mandate")[MEMORANDUM].document == document
        add_pdf(staff, make_treaty(title="Ander"), MEMORANDUM)
        assert papers(dossier, "mandate")[MEMORANDUM].document == document

    def test_what_was_read_once_is_not_read_again(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        add_pdf(staff, dossier.treaty, MEMORANDUM)
        found = evidence.of_gate(dossier, dossier.procedure.step("mandate"), newest={})
        assert [one.state for one in found] == [PaperState.MISSING]


class TestOutOfDate:
    @pytest.fixture
    def advised(self, make_dossier: Open, staff: User) -> Dossier:
        """An advice of the Inspectorate of Finance on the first version of the preliminary draft."""
        dossier = make_dossier()
        add_pdf(staff, dossier.treaty, PRELIMINARY, "version 1")
        gates = [dossier.procedure.step(code) for code in ("approval_in_principle", "final_approval")]
        for kind in {one.kind for gate in gates for one in gate.evidence} - {PRELIMINARY}:
            add_pdf(staff, dossier.treaty, kind)
        return dossier

    def test_on_the_version_on_file_it_is_present(self, advised: Dossier) -> None:
        assert papers(advised, "approval_in_principle")[FINANCE].document.about.kind == PRELIMINARY  # type: ignore[union-attr]
        assert set(states(advised, "approval_in_principle").values()) == {PaperState.PRESENT}

    def test_after_a_new_version_what_was_given_on_it_is_out_of_date(self, advised: Dossier, staff: User) -> None:
        add_pdf(staff, advised.treaty, PRELIMINARY, "version 2")
        now = states(advised, "approval_in_principle")
        assert now.pop(FINANCE) == PaperState.OUT_OF_DATE
        assert set(now.values()) == {PaperState.PRESENT}
        assert {MEMORANDUM, PRELIMINARY, EXPLANATORY} <= set(now)
        assert states(advised, "final_approval")[COUNCIL_OF_STATE] == PaperState.OUT_OF_DATE
        assert lacks(advised, "approval_in_principle") == ["evidence_out_of_date_finance_advice"]

    def test_the_same_content_again_is_the_same_version(self, advised: Dossier, staff: User) -> None:
        add_pdf(staff, advised.treaty, PRELIMINARY, "version 1")
        assert Document.objects.filter(kind=PRELIMINARY).values("sha256").distinct().count() == 1
        assert states(advised, "approval_in_principle")[FINANCE] == PaperState.PRESENT

    def test_back_to_the_first_version_it_is_in_date_again(self, advised: Dossier, staff: User) -> None:
        add_pdf(staff, advised.treaty, PRELIMINARY, "version 2")
        add_pdf(staff, advised.treaty, PRELIMINARY, "version 1")
        assert states(advised, "approval_in_principle")[FINANCE] == PaperState.PRESENT

    def test_a_new_advice_on_the_new_version_is_present(self, advised: Dossier, staff: User) -> None:
        second = add_pdf(staff, advised.treaty, PRELIMINARY, "version 2")
        newer = add_pdf(staff, advised.treaty, FINANCE, "again", about=second)
        assert papers(advised, "approval_in_principle")[FINANCE].document == newer
        assert states(advised, "approval_in_principle")[FINANCE] == PaperState.PRESENT


class TestWaiving:
    def test_with_a_reason_a_missing_paper_suffices(self, make_dossier: Open) -> None:
        dossier = make_dossier()
        found = papers(dossier, "mandate", {"memorandum": "  mondeling beslist "})[MEMORANDUM]
        assert (found.state, found.reason, found.document, found.suffices) == (
            PaperState.WAIVED,
            "mondeling beslist",
            None,
            True,
        )
        assert lacks(dossier, "mandate", {"memorandum": "mondeling beslist"}) == []

    def test_one_that_is_out_of_date_too_and_it_stays_named(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        add_pdf(staff, dossier.treaty, PRELIMINARY, "version 1")
        advice = add_pdf(staff, dossier.treaty, FINANCE)
        add_pdf(staff, dossier.treaty, PRELIMINARY, "version 2")
        found = papers(dossier, "approval_in_principle", {"finance_advice": "geen geld gemoeid"})[FINANCE]
        assert (found.state, found.document) == (PaperState.WAIVED, advice)
        (entry,) = evidence.frozen([found])
        assert entry == {
            "kind": "finance_advice",
            "state": "waived",
            "reason": "geen geld gemoeid",
            "document": advice.pk,
            "title": advice.title,
            "language": "nl",
            "sha256": advice.sha256,
        }

    @pytest.mark.parametrize("reason", ["", "   ", "\n"])
    def test_a_blank_reason_waives_nothing(self, reason: str, make_dossier: Open) -> None:
        assert lacks(make_dossier(), "mandate", {"memorandum": reason}) == ["evidence_missing_memorandum"]

    def test_what_is_on_file_is_not_waived(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        add_pdf(staff, dossier.treaty, MEMORANDUM)
        found = papers(dossier, "mandate", {"memorandum": "niet nodig"})[MEMORANDUM]
        assert (found.state, found.reason) == (PaperState.PRESENT, "")

    def test_what_the_law_asks_for_cannot_be_waived(self, make_dossier: Open) -> None:
        dossier = make_dossier()
        waived = {"treaty_text": "volgt", "memorandum": "volgt"}
        assert states(dossier, "consent_to_sign", waived) == {
            MEMORANDUM: PaperState.WAIVED,
            DocumentKind.TREATY_TEXT: PaperState.MISSING,
        }
        assert lacks(dossier, "consent_to_sign", waived) == [
            "evidence_needed_treaty_text",
            "evidence_missing_treaty_text",
        ]

    def test_in_each_procedure_the_text_that_is_decided_on_is_needed(self) -> None:
        needed = {
            one.kind for procedure in ALL for gate in procedure.gates for one in gate.evidence if not one.waivable
        }
        assert {
            DocumentKind.TREATY_TEXT,
            PRELIMINARY,
            DocumentKind.DRAFT_DECREE,
            DocumentKind.ADOPTED_TEXT,
            DocumentKind.RATIFICATION_ORDER,
        } <= needed
        assert MEMORANDUM not in needed

    def test_asking_keeps_the_reason_for_who_decides(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "initiative")
        approval = actions.ask_consent(
            actor=staff, dossier=dossier, step="mandate", waived={"memorandum": " mondeling "}
        )
        kept = Approval.objects.get(pk=approval.pk)
        assert kept.evidence == [{"kind": "memorandum", "state": "waived", "reason": "mondeling"}]
        assert kept.evidence_sha256 == queries.digest(kept.evidence)
        assert queries.review_sheet(kept)["evidence"] == kept.evidence

    def test_a_refused_waiver_is_said_with_all_the_rest(self, make_dossier: Open, staff: User) -> None:
        dossier = make_dossier()
        expected = ["text_agreed", "evidence_missing_memorandum", "evidence_needed_treaty_text"]
        with translation.override("en"), refused(*expected, "evidence_missing_treaty_text") as answer:
            actions.ask_consent(
                actor=staff, dossier=dossier, step="consent_to_sign", waived={"treaty_text": "volgt", "memorandum": " "}
            )
        assert [blocker.sentence for blocker in answer.blockers[1:]] == [
            "A paper is missing: memorandum to the Government of Flanders.",
            "The law asks for this paper, it cannot be waived: text of the instrument.",
            "A paper is missing: text of the instrument.",
        ]

    def test_a_reason_that_cannot_be_kept_is_refused(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier(), "initiative")
        for reason in ("a\x00b", "x" * 501):
            with refused("text") as answer:
                actions.ask_consent(actor=staff, dossier=dossier, step="mandate", waived={"memorandum": reason})
            assert answer.blockers[0].field == "evidence"


class TestConditions:
    """The advice of the Inspectorate of Finance on a memorandum of understanding: only with a money clause."""

    @pytest.mark.parametrize(
        ("outcome", "kinds"),
        [
            ("consent_needed", [MEMORANDUM, DocumentKind.TREATY_TEXT]),
            ("money", [MEMORANDUM, DocumentKind.TREATY_TEXT, FINANCE]),
        ],
    )
    def test_asked_only_where_the_condition_holds(
        self, outcome: str, kinds: list[DocumentKind], make_dossier: Open, advance: Go
    ) -> None:
        dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": outcome})
        assert list(papers(dossier, "consent_to_sign")) == kinds

    def test_and_before_it_can_hold_it_is_not(self, make_dossier: Open) -> None:
        assert FINANCE not in papers(make_dossier("mou"), "consent_to_sign")

    def test_asking_without_it_is_refused(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": "money"})
        for kind in (MEMORANDUM, DocumentKind.TREATY_TEXT):
            add_pdf(staff, dossier.treaty, kind)
        with refused("evidence_missing_finance_advice"):
            actions.ask_consent(actor=staff, dossier=dossier, step="consent_to_sign")

    def test_after_the_check_was_taken_back_it_is_not_asked(self, make_dossier: Open, advance: Go, staff: User) -> None:
        dossier = advance(make_dossier("mou"), "wording_check", outcomes={"wording_check": "money"})
        event = dossier.events.get(step="wording_check")
        actions.correct_event(
            actor=staff,
            event=event,
            happening=Happening("wording_check", parse("2024-03-01"), outcome="consent_needed"),
            reason="no money",
            despite_reason="x",
        )
        assert FINANCE not in papers(read(dossier), "consent_to_sign")


class TestGone:
    @pytest.fixture
    def asked(self, make_dossier: Open, advance: Go, staff: User) -> Approval:
        dossier = advance(make_dossier(), "initiative")
        add_evidence(staff, dossier, "mandate")
        return actions.ask_consent(actor=staff, dossier=dossier, step="mandate")

    def test_nothing_is_gone_while_it_is_on_file(self, asked: Approval, staff: User) -> None:
        assert evidence.gone(asked.evidence) == []
        add_pdf(staff, asked.dossier.treaty, MEMORANDUM, "newer")
        assert evidence.gone(asked.evidence) == []

    def test_what_was_waived_was_never_there(self) -> None:
        assert evidence.gone([{"kind": "memorandum", "state": "waived", "reason": "x"}]) == []

    def test_the_database_does_not_let_a_paper_go(self, asked: Approval) -> None:
        with pytest.raises(Error, match="refused"), transaction.atomic():
            Document.objects.filter(pk=asked.evidence[0]["document"])._raw_delete("default")

    @pytest.mark.parametrize("how", ["deleted", "changed"])
    def test_what_is_no_longer_there_or_another_is_gone(self, how: str, asked: Approval) -> None:
        """As if the owner of the tables had switched the triggers off."""
        table, pk = Document._meta.db_table, asked.evidence[0]["document"]
        statements = {
            "deleted": f"DELETE FROM {table} WHERE id = %s",  # noqa: S608 (our own table)
            "changed": f"UPDATE {table} SET sha256 = repeat('0', 64) WHERE id = %s",  # noqa: S608 (our own table)
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statements[how], [pk])
            cursor.execute("SET LOCAL session_replication_role = origin")
            assert evidence.gone(asked.evidence) == [asked.evidence[0]["title"]]
            transaction.set_rollback(True)
