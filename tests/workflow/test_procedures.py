from dataclasses import replace
from datetime import date

import pytest

from treaties.choices import ActKind, Actor, DocumentKind, Scheme, Stage
from workflow import procedures
from workflow.choices import Track
from workflow.procedures import ALL, Procedure, bodies
from workflow.procedures.accession import ACCESSION
from workflow.procedures.amendment import AMENDMENT
from workflow.procedures.association import ASSOCIATION
from workflow.procedures.denunciation import DENUNCIATION
from workflow.procedures.eu_mixed import EU_MIXED
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.language import Approved, Done, Either, HasParent, Need, Step, Text
from workflow.procedures.mixed import MIXED
from workflow.procedures.mou import MOU
from workflow.procedures.programme import PROGRAMME
from workflow.procedures.simplified import SIMPLIFIED
from workflow.procedures.technical import TECHNICAL

every_procedure = pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
every_step = pytest.mark.parametrize(
    "step", [step for procedure in ALL for step in procedure.steps], ids=lambda step: step.code
)


def test_the_procedures_and_their_versions() -> None:
    assert [(procedure.code, procedure.version) for procedure in ALL] == [
        ("exclusive", 1),
        ("mixed", 1),
        ("mou", 1),
        ("accession", 1),
        ("simplified", 1),
        ("eu_mixed", 1),
        ("amendment", 1),
        ("technical", 1),
        ("programme", 1),
        ("association", 1),
        ("denunciation", 1),
    ]


def test_a_procedure_is_found_by_code_and_version() -> None:
    assert procedures.get("mixed", 1) is MIXED
    assert procedures.latest("mou") is MOU


@pytest.mark.parametrize("code", ["", "Exclusive", "eu"])
def test_an_unknown_procedure_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        procedures.latest(code)
    with pytest.raises(KeyError):
        procedures.get(code, 1)


def test_a_version_that_never_was_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        procedures.get("exclusive", 99)


def test_new_dossiers_begin_with_the_newest_version(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = replace(EXCLUSIVE, version=2)
    monkeypatch.setattr(procedures, "ALL", (*ALL, newer))
    assert procedures.latest("exclusive") is newer
    assert procedures.get("exclusive", 1) is EXCLUSIVE


def test_a_version_that_is_not_valid_yet_or_a_draft_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    second = replace(EXCLUSIVE, version=2, valid_from=date(2030, 1, 1))
    draft = replace(EXCLUSIVE, version=3, valid_from=None)
    monkeypatch.setattr(procedures, "ALL", (*ALL, second, draft))
    assert procedures.latest("exclusive", date(2029, 12, 31)) is EXCLUSIVE
    assert procedures.latest("exclusive", date(2030, 1, 1)) is second
    assert procedures.get("exclusive", 3) is draft
    assert draft not in procedures.published(date(2031, 1, 1))


@every_procedure
def test_an_unknown_step_is_a_key_error(procedure: Procedure) -> None:
    with pytest.raises(KeyError):
        procedure.step("nothing")


@pytest.mark.parametrize(
    ("procedure", "gates"),
    [
        (
            EXCLUSIVE,
            [
                "mandate",
                "consent_to_sign",
                "approval_in_principle",
                "second_approval_in_principle",
                "final_approval",
                "sanction_and_promulgation",
                "international_ratification",
            ],
        ),
        (
            MIXED,
            [
                "mandate",
                "consent_to_sign",
                "approval_in_principle",
                "second_approval_in_principle",
                "final_approval",
                "sanction_and_promulgation",
            ],
        ),
        (MOU, ["consent_to_sign"]),
        (
            ACCESSION,
            [
                "mandate",
                "approval_in_principle",
                "second_approval_in_principle",
                "final_approval",
                "sanction_and_promulgation",
                "international_ratification",
            ],
        ),
        (
            SIMPLIFIED,
            [
                "mandate",
                "consent_to_sign",
                "approval_in_principle",
                "second_approval_in_principle",
                "final_approval",
                "sanction_and_promulgation",
            ],
        ),
        (TECHNICAL, ["consent_to_object"]),
        (PROGRAMME, ["consent_to_sign"]),
        (ASSOCIATION, ["flemish_position"]),
        (DENUNCIATION, ["consent_to_denounce"]),
    ],
)
def test_the_government_of_flanders_consents_at(procedure: Procedure, gates: list[str]) -> None:
    assert [step.code for step in procedure.gates] == gates


@pytest.mark.parametrize(
    ("procedure", "stages"),
    [
        (
            EXCLUSIVE,
            [
                Stage.NEGOTIATION,
                Stage.SIGNING,
                Stage.ADVICE,
                Stage.COUNCIL_OF_STATE,
                Stage.ASSENT,
                Stage.PROMULGATION,
                Stage.ENTRY_INTO_FORCE,
                Stage.DONE,
            ],
        ),
        (MOU, [Stage.NEGOTIATION, Stage.SIGNING, Stage.ENTRY_INTO_FORCE, Stage.DONE]),
    ],
)
def test_stages_come_in_the_order_of_the_government(procedure: Procedure, stages: list[Stage]) -> None:
    assert list(procedure.stages) == stages


def test_an_mou_leaves_nothing_that_only_treaties_have() -> None:
    left = {step.leaves for step in MOU.steps}
    assert not left & {ActKind.ENTRY_INTO_FORCE, ActKind.RATIFICATION, ActKind.DECREE, ActKind.ASSENT}
    assert ActKind.EFFECT in left


def test_two_ratifications_are_told_apart() -> None:
    """The sanction of the decree is internal; ratification binds towards the other party."""
    assert EXCLUSIVE.step("sanction_and_promulgation").leaves == ActKind.DECREE
    assert EXCLUSIVE.step("international_ratification").leaves == ActKind.RATIFICATION


def test_decree_and_text_are_published_apart() -> None:
    for procedure in (EXCLUSIVE, MIXED):
        assert procedure.step("decree_published").leaves == ActKind.DECREE_PUBLICATION
        assert procedure.step("text_published").leaves == ActKind.TEXT_PUBLICATION


@pytest.mark.parametrize(
    ("outcome", "days"),
    [("30_days", 30), ("45_days", 45), ("60_days", 60), ("5_working_days", 5), ("8_working_days", 8)],
)
def test_the_council_of_state_has_the_term_asked_for(outcome: str, days: int) -> None:
    term = EXCLUSIVE.step("council_of_state_requested").term_after(outcome)
    assert term
    assert (term.days, term.summer) == (days, outcome in ("30_days", "45_days"))


def test_the_federal_government_has_thirty_days() -> None:
    term = EXCLUSIVE.step("information_negotiation").term_after("")
    assert term
    assert (term.days, str(term.law)) == (30, "BWHI art. 81, § 2")


@every_step
def test_every_step_is_said_in_dutch_and_english(step: Step) -> None:
    for text in (step.label, step.help):
        assert text.nl
        assert text.en
        assert text.nl != text.en or step.code == "mandate"


@every_step
def test_every_gate_cites_its_law_and_asks_for_the_memorandum(step: Step) -> None:
    if step.gate:
        assert step.law.nl
        assert DocumentKind.MEMORANDUM in [evidence.kind for evidence in step.evidence]
        assert (step.actor, step.track, step.number) == (Actor.GOVERNMENT, Track.MAIN, Scheme.VR_DOC)


@every_procedure
def test_procedures_hold_data_only(procedure: Procedure) -> None:
    """Frozen, comparable and hashable all the way down: nothing in it can run or be changed."""
    assert hash(procedure) == hash(replace(procedure))
    assert "function" not in repr(procedure)


def test_a_text_speaks_the_language_of_the_reader() -> None:
    from django.utils import translation

    text = Text("ja", "yes")
    assert str(text) == "ja"
    with translation.override("en-gb"):
        assert str(text) == "yes"


def test_conditions_compare_by_what_they_say() -> None:
    need = Need("a", Either((Approved("x"), Done("y", ("z",)))), Text("a", "b"))
    assert need == Need("a", Either((Approved("x"), Done("y", ("z",)))), Text("a", "b"))


def leaves(procedure: Procedure) -> set[ActKind]:
    return {step.leaves for step in procedure.steps if step.leaves}


def test_nobody_signs_an_accession_and_the_deposit_binds() -> None:
    assert not ACCESSION.has("signature")
    assert ActKind.DEPOSIT in leaves(ACCESSION)
    assert not {ActKind.SIGNATURE, ActKind.RATIFICATION} & leaves(ACCESSION)
    assert [need.code for need in ACCESSION.step("approval_in_principle").needs] == ["text_agreed", "mandate"]


def test_two_letters_conclude_a_treaty_in_simplified_form_and_nobody_ratifies() -> None:
    assert [need.code for need in SIMPLIFIED.step("approval_in_principle").needs] == ["letter_sent", "letter_received"]
    assert not SIMPLIFIED.has("international_ratification")
    assert "decree" in [need.code for need in SIMPLIFIED.step("entry_into_force").needs]


def test_an_amendment_follows_the_steps_of_an_exclusive_treaty_with_a_parent_first() -> None:
    assert [step.code for step in AMENDMENT.steps] == [step.code for step in EXCLUSIVE.steps]
    assert [step.code for step in AMENDMENT.steps if step not in EXCLUSIVE.steps] == ["mandate"]
    assert AMENDMENT.step("mandate").needs[-1].condition == HasParent()


@pytest.mark.parametrize("procedure", [ASSOCIATION, TECHNICAL, MOU, PROGRAMME, DENUNCIATION], ids=lambda one: one.code)
def test_some_procedures_take_no_decree(procedure: Procedure) -> None:
    assert not {ActKind.DECREE, ActKind.DECREE_PUBLICATION} & leaves(procedure)


def test_the_union_concludes_before_its_mixed_agreement_enters_into_force() -> None:
    assert [need.code for need in EU_MIXED.step("entry_into_force").needs] == ["deposited", "eu_concluded"]
    assert str(EU_MIXED.step("eu_conclusion_decision").law) == "VWEU art. 218, lid 6"
    assert {step.code for step in MIXED.steps} < {step.code for step in EU_MIXED.steps}


def test_a_denunciation_leaves_the_notice_and_the_end() -> None:
    assert leaves(DENUNCIATION) == {ActKind.DENUNCIATION, ActKind.END, ActKind.NOTICE_PUBLICATION}
    assert {outcome.code for outcome in DENUNCIATION.step("denunciation_notice").outcomes} == {
        "by_government",
        "by_king",
        "by_federal",
    }
    assert DENUNCIATION.step("assent_to_denounce").optional


@every_procedure
def test_a_dossier_of_every_procedure_can_be_put_on_hold_and_ends(procedure: Procedure) -> None:
    assert procedure.pause
    assert {"put_on_hold", "resumed", "ended"} <= set(procedure.places)


@every_procedure
def test_a_step_that_means_the_same_has_the_same_code_and_act(procedure: Procedure) -> None:
    """A dossier may change procedure: what happened under one has to be understood under the other."""
    for step in procedure.steps:
        known = procedures.step_of(EXCLUSIVE, step.code)
        # Accession is bound by the deposit, so that its own decision to ratify leaves no act.
        assert step.leaves == known.leaves or (procedure, step.code) in {
            (ACCESSION, "text_agreed"),
            (ACCESSION, "international_ratification"),
        }
        assert step.gate == known.gate
        assert step.per_entity == known.per_entity


class TestBodies:
    def test_councils_are_found_by_code(self) -> None:
        assert str(bodies.get("serv").label).endswith("(SERV)")  # type: ignore[union-attr]
        assert bodies.get("nothing") is None

    def test_every_council_of_the_sources_is_there_once(self) -> None:
        codes = [body.code for body in bodies.ALL]
        assert sorted(codes) == sorted(set(codes))
        assert {"sariv", "serv", "vlor", "mora", "minaraad", "salv", "sarc", "saro", "woonraad", "vlabest"} <= set(
            codes
        )

    @pytest.mark.parametrize(
        ("code", "day", "was_there"),
        [
            ("sariv", date(2014, 9, 22), True),
            ("sariv", date(2014, 9, 23), False),
            ("vlabest", date(2015, 6, 24), True),
            ("vlabest", date(2015, 6, 25), False),
            # No date is known: nothing is ruled out.
            ("serv", date(1980, 1, 1), True),
            ("serv", date(2040, 1, 1), True),
        ],
    )
    def test_a_council_exists_as_far_as_known(self, code: str, day: date, was_there: bool) -> None:
        body = bodies.get(code)
        assert body
        assert body.valid_on(day) == was_there
        assert (body in bodies.valid_on(day)) == was_there

    def test_a_first_day_counts_too(self) -> None:
        body = bodies.Body("x", Text("x", "x"), valid_from=date(2020, 1, 2))
        assert [body.valid_on(date(2020, 1, day)) for day in (1, 2, 3)] == [False, True, True]

    @pytest.mark.parametrize("body", bodies.ALL, ids=lambda body: body.code)
    def test_a_council_is_named_in_both_languages(self, body: bodies.Body) -> None:
        assert body.label.nl
        assert body.label.en
        assert bool(body.note.nl) == bool(body.note.en)
