from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from treaties.choices import Actor, DocumentKind, RelationKind, Stage
from workflow import checks
from workflow.checks import problems, procedures_are_sound, version_problems
from workflow.choices import Track
from workflow.procedures import ALL, Procedure
from workflow.procedures.amendment import AMENDMENT
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.language import (
    NO_TEXT,
    AllEntities,
    Answered,
    Approved,
    Condition,
    Done,
    Either,
    Evidence,
    HasParent,
    Need,
    Not,
    Outcome,
    Pause,
    Step,
    Suspended,
    Suspension,
    Term,
    Text,
    papers,
)
from workflow.procedures.mixed import MIXED
from workflow.procedures.mou import MOU

T = Text("nl", "en")


def step(code: str, *conditions: Condition, **kw: Any) -> Step:
    needs = tuple(Need(f"need{place}", condition, T) for place, condition in enumerate(conditions))
    plain = Step(code, T, Stage.NEGOTIATION, Actor.DEPARTMENT, T, needs, T)
    return replace(plain, **kw)


GATE = step("gate", gate=True, evidence=papers(DocumentKind.MEMORANDUM))
END = step("end", stage=Stage.DONE)


def need(condition: Condition) -> Need:
    return Need("n", condition, T)


def changed(whole: Procedure, code: str, **how: Any) -> Procedure:
    """A procedure of which one step is otherwise."""
    return replace(whole, steps=tuple(replace(one, **how) if one.code == code else one for one in whole.steps))


def procedure(*steps: Step) -> Procedure:
    return Procedure("p", 1, T, T, (step("start"), *steps, END))


@pytest.mark.parametrize("sound", ALL, ids=lambda procedure: procedure.code)
def test_the_procedures_in_use_are_sound(sound: Procedure) -> None:
    assert list(problems(sound)) == []


def test_the_register_starts_with_them() -> None:
    assert procedures_are_sound(None) == []


def test_a_small_sound_procedure_is_sound() -> None:
    term = Term(30, T, ("answer",), T)
    whole = procedure(
        replace(GATE, needs=(Need("start", Done("start"), T),)),
        step("ask", Approved("gate"), term=term),
        step("answer", optional=True, outcomes=(Outcome("yes", T), Outcome("no", T))),
        step("each", per_entity=True, repeatable=True),
        step("go", Answered("ask"), AllEntities("each"), Either((Approved("gate"), Done("answer", ("yes",))))),
    )
    assert list(problems(whole)) == []


@pytest.mark.parametrize(
    ("malformed", "told"),
    [
        (procedure(step("a"), step("a")), "step “a” stands twice"),
        (procedure(step("a", label=Text("nl", ""))), "step “a” lacks a label or help text in Dutch or English"),
        (procedure(step("a", help=NO_TEXT)), "step “a” lacks a label or help text in Dutch or English"),
        (procedure(replace(GATE, evidence=())), "step “gate” is a gate and asks for no evidence"),
        (procedure(replace(GATE, law=NO_TEXT)), "step “gate” is a gate and cites no law"),
        (
            procedure(replace(GATE, outcomes=(Outcome("yes", T),))),
            "step “gate” is a gate and has outcomes of its own; the Chancellery's apply",
        ),
        (procedure(step("a", term=Term(0, T, ("end",), T))), "step “a” starts a term of 0 days"),
        (procedure(step("a", term=Term(5, T, (), T))), "step “a” starts a term that nothing answers"),
        (procedure(step("a", term=Term(5, T, ("b",), T))), "step “a” starts a term answered by unknown step “b”"),
        (
            procedure(step("a", outcomes=(Outcome("quick", T, Term(-1, T, ("end",), T)),))),
            "step “a” starts a term of -1 days",
        ),
        (
            procedure(step("a", needs=(Need("n", Done("start"), Text("", "en")),))),
            "step “a”, need “n”: no sentence in Dutch or English",
        ),
        (procedure(step("a", Done("b"))), "step “a”, need “need0”: unknown step “b”"),
        (procedure(step("a", Either((Done("start"), Done("b"))))), "step “a”, need “need0”: unknown step “b”"),
        (procedure(step("a", Done("a"))), "step “a”, need “need0”: waits for “a”, which comes after it"),
        (procedure(step("a", Done("b")), step("b")), "step “a”, need “need0”: waits for “b”, which comes after it"),
        (procedure(step("a", Approved("start"))), "step “a”, need “need0”: “start” is not a gate"),
        (
            procedure(step("a", Either((Approved("start"), Done("start"))))),
            "step “a”, need “need0”: “start” is not a gate",
        ),
        (
            procedure(step("a", outcomes=(Outcome("yes", T),)), step("b", Done("a", ("yse",)))),
            "step “b”, need “need0”: “a” never ends with “yse”",
        ),
        (
            procedure(step("b", Answered("start"))),
            "step “b”, need “need0”: “start” starts no term",
        ),
        (
            procedure(step("b", AllEntities("start"))),
            "step “b”, need “need0”: “start” is not taken per entity",
        ),
        (Procedure("p", 1, T, T, (step("start"),)), "no step ends it"),
        (Procedure("p", 1, T, T, (step("start", Done("end")), END)), "the first step needs something"),
        (Procedure("p", 1, T, T, ()), "the first step needs something"),
    ],
)
def test_a_malformed_procedure_is_refused_with_the_place(malformed: Procedure, told: str) -> None:
    assert told in list(problems(malformed))


def test_beside_the_main_line_a_step_may_wait_for_a_later_one() -> None:
    assert list(problems(procedure(step("a", Done("b"), track=Track.BELGIAN), step("b")))) == []


def test_a_step_may_ask_that_a_later_one_has_not_happened() -> None:
    assert list(problems(procedure(step("a", Not(Done("b"))), step("b")))) == []


def test_everything_wrong_is_told_at_once() -> None:
    assert len(list(problems(procedure(step("a", Done("x")), replace(GATE, evidence=(), law=NO_TEXT))))) == 3


TERM = Term(30, T, ("end",), T)
STOPS = (Outcome("stopped", T), Outcome("resumed", T))
RULE = Suspension("objection", "finding", "lifted", "confirmed", "released", 30, 30, T, T, T)


@pytest.mark.parametrize(
    ("malformed", "told"),
    [
        (replace(procedure(), label=Text("nl", "")), "lacks a label or help text in Dutch or English"),
        (procedure(step("a", law=Text("nl", ""))), "step “a” cites its law in one language"),
        (procedure(step("a", evidence=papers(DocumentKind.MEMORANDUM))), "step “a” asks for evidence and is no gate"),
        (
            procedure(replace(GATE, evidence=(Evidence(DocumentKind.FINANCE_ADVICE, when=Done("start", ("money",))),))),
            "step “gate” asks for finance_advice when “start” never ends with “money”",
        ),
        (
            procedure(replace(GATE, evidence=(Evidence(DocumentKind.FINANCE_ADVICE, when=Done("nothing")),))),
            "step “gate” asks for finance_advice when unknown step “nothing”",
        ),
        (procedure(step("a", outcomes=(Outcome("x", T), Outcome("x", T)))), "step “a” has outcome “x” twice"),
        (
            procedure(step("a", outcomes=(Outcome("x", Text("", "en")),))),
            "step “a” has outcome “x” without a label in Dutch or English",
        ),
        (procedure(step("a", reopens=("nothing",))), "step “a” reopens unknown step “nothing”"),
        (
            procedure(step("a", outcomes=(Outcome("x", T, reopens=("nothing",)),))),
            "step “a” reopens unknown step “nothing”",
        ),
        (procedure(step("a", reopens=("start", "a"))), "step “a” reopens itself"),
        (procedure(step("a", reopens=("b",)), step("b")), "step “a” reopens “b” first, which comes after it"),
        (
            procedure(step("a", term=TERM, names_last_day=True)),
            "step “a” starts a term of 30 days and names a last day of its own",
        ),
        (
            procedure(step("a", term=replace(TERM, label=NO_TEXT))),
            "step “a” starts a term without a label in Dutch or English",
        ),
        (
            procedure(step("a", term=replace(TERM, extended_by=("b",)))),
            "step “a” starts a term extended by unknown step “b”",
        ),
        (
            procedure(step("a", term=replace(TERM, extended_by=("b",))), step("b")),
            "step “a” starts a term extended by “b”, which names no last day",
        ),
        (
            procedure(step("a", term=replace(TERM, stopped_by="b"))),
            "step “a” starts a term stopped by unknown step “b”",
        ),
        (
            procedure(step("a", term=replace(TERM, stopped_by="b")), step("b", outcomes=STOPS[:1])),
            "step “a” starts a term stopped by “b”, which lacks the outcomes stopped and resumed",
        ),
        (procedure(step("a", Either(()))), "step “a”, need “need0”: lists nothing of which one should hold"),
        (procedure(step("a", Not(Done("nothing")))), "step “a”, need “need0”: unknown step “nothing”"),
        (
            procedure(step("a", HasParent())),
            "step “a”, need “need0”: asks for a parent, and the procedure names no relation to one",
        ),
        (
            procedure(step("a", Suspended())),
            "step “a”, need “need0”: speaks of a suspension, and the procedure has none",
        ),
        (
            procedure(step("each", per_entity=True), step("a", AllEntities("each", ("yes",), no="no"))),
            "step “a”, need “need0”: “each” never ends with “no”",
        ),
        (
            procedure(GATE, step("a", Done("gate", ("sometimes",)))),
            "step “a”, need “need0”: “gate” never ends with “sometimes”",
        ),
        (replace(procedure(), pause=Pause("start", "never")), "its pause names unknown step “never”"),
        (replace(procedure(), suspension=RULE), "its suspension names unknown step “released”"),
        (
            replace(
                procedure(*(step(code) for code in ("objection", "finding", "confirmed", "released"))), suspension=RULE
            ),
            "its suspension is lifted by “lifted”, with which “finding” never ends",
        ),
        (
            procedure(step("a", Done("b")), step("b", Done("a"), track=Track.BELGIAN)),
            "step “a” can never be taken: a dead end",
        ),
        (
            procedure(step("a", Done("b"), track=Track.BELGIAN), step("b", Done("a"), optional=True)),
            "step “b” can never be taken",
        ),
        (
            procedure(
                step("a", Done("b"), track=Track.BELGIAN), step("b", Done("a"), optional=True), step("c", Done("b"))
            ),
            "step “c” can never be taken: a dead end",
        ),
    ],
)
def test_what_the_lint_finds_is_told_with_the_place(malformed: Procedure, told: str) -> None:
    assert told in list(problems(malformed))


@pytest.mark.parametrize(
    "sound",
    [
        procedure(step("a", names_last_day=True, term=replace(TERM, days=0))),
        procedure(
            step("a", term=replace(TERM, extended_by=("b",), stopped_by="c")),
            step("b", names_last_day=True),
            step("c", outcomes=STOPS),
        ),
        procedure(step("a"), step("b", reopens=("a", "b2")), step("b2")),
        procedure(step("a", Not(Answered("b"))), step("b", term=TERM)),
        replace(procedure(step("a", HasParent())), parents=(RelationKind.AMENDS,)),
        procedure(step("a", outcomes=(Outcome("over", T, ends=True),))),
        Procedure("p", 1, T, T, (step("start", outcomes=(Outcome("over", T, ends=True),)),)),
        procedure(GATE, step("a", Done("gate", ("refused",)))),
    ],
)
def test_what_is_unusual_but_sound_is_not_refused(sound: Procedure) -> None:
    assert list(problems(sound)) == []


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ([(1, date.min), (2, date(2030, 1, 1))], []),
        ([(1, date.min), (2, None)], []),
        ([(1, date.min), (1, date(2030, 1, 1))], ["this version stands twice"]),
        ([(1, date.min), (2, date.min)], ["is valid from always, not later than v1"]),
        ([(2, date(2030, 1, 1)), (1, date(2031, 1, 1))], ["is valid from 2030-01-01, not later than v1"]),
    ],
)
def test_versions_follow_each_other(versions: list[tuple[int, date | None]], told: list[str]) -> None:
    every = [replace(procedure(), version=version, valid_from=since) for version, since in versions]
    assert [problem for _procedure, problem in version_problems(every)] == told


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What `manage.py check` says when these are the procedures; empty where it says nothing."""

    def run(*every: Procedure) -> str:
        monkeypatch.setattr(checks, "ALL", every)
        try:
            call_command("check", stdout=StringIO(), stderr=StringIO())
        except SystemCheckError as refused:
            return str(refused)
        return ""

    return run


class TestTheRegisterRefusesToStart:
    def test_it_starts_with_sound_ones(self, check: Callable[..., str]) -> None:
        assert check(*ALL) == ""

    def test_with_a_step_that_stands_twice(self, check: Callable[..., str]) -> None:
        told = check(replace(MOU, steps=(*MOU.steps, MOU.steps[1])))
        assert "(workflow.E001) mou v1: step “draft” stands twice" in told

    def test_with_a_need_of_an_unknown_step(self, check: Callable[..., str]) -> None:
        steps = tuple(one for one in EXCLUSIVE.steps if one.code != "text_agreed")
        told = check(replace(EXCLUSIVE, version=3, steps=steps))
        assert "exclusive v3: step “consent_to_sign”, need “text_agreed”: unknown step “text_agreed”" in told

    def test_with_a_step_that_can_never_be_taken(self, check: Callable[..., str]) -> None:
        told = check(changed(MIXED, "initiative", needs=(need(Done("ratification")),)))
        assert "mixed v1: step “mandate” can never be taken: a dead end" in told
        assert "mixed v1: step “initiative”, need “n”: waits for “ratification”, which comes after it" in told

    def test_with_a_gate_that_cites_no_law_and_asks_for_no_evidence(self, check: Callable[..., str]) -> None:
        told = check(changed(EXCLUSIVE, "mandate", law=NO_TEXT, evidence=()))
        assert "exclusive v1: step “mandate” is a gate and cites no law" in told
        assert "exclusive v1: step “mandate” is a gate and asks for no evidence" in told

    def test_with_a_term_that_never_ends(self, check: Callable[..., str]) -> None:
        told = check(changed(MIXED, "working_group", term=Term(0, T, (), T)))
        assert "mixed v1: step “working_group” starts a term of 0 days" in told
        assert "mixed v1: step “working_group” starts a term that nothing answers" in told

    def test_with_a_return_to_nowhere(self, check: Callable[..., str]) -> None:
        told = check(changed(EXCLUSIVE, "talks_reopened", reopens=("tekst",)))
        assert "exclusive v1: step “talks_reopened” reopens unknown step “tekst”" in told

    def test_with_a_parent_that_nothing_links(self, check: Callable[..., str]) -> None:
        told = check(replace(AMENDMENT, parents=()))
        assert (
            "amendment v1: step “mandate”, need “parent”: asks for a parent, and the procedure names no relation to one"
            in told
        )

    def test_with_two_versions_that_cannot_be_told_apart(self, check: Callable[..., str]) -> None:
        assert "mou v1: this version stands twice" in check(MOU, MOU)
        assert "mou v2: is valid from always, not later than v1" in check(MOU, replace(MOU, version=2))

    def test_with_a_label_in_one_language(self, check: Callable[..., str]) -> None:
        told = check(changed(MOU, "effect", label=Text("Uitwerking", "")))
        assert "mou v1: step “effect” lacks a label or help text in Dutch or English" in told


def test_an_error_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "ALL", (procedure(step("a"), step("a")),))
    errors = procedures_are_sound(None)
    assert [(error.id, error.msg, error.is_serious()) for error in errors] == [
        ("workflow.E001", "p v1: step “a” stands twice", True)
    ]
