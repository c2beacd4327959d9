"""A drawn procedure: everything in its place, nothing over something else, and what it shows said in words."""

import re
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import override

from tests.workflow.facts import FIRST, facts, path
from treaties.choices import Stage
from workflow import procedures
from workflow.choices import Track
from workflow.engine import Assessment, assess
from workflow.presentation import geometry
from workflow.presentation.drawing import Drawing, drawing, plan
from workflow.presentation.geometry import Box
from workflow.procedures import Procedure

BOTH = pytest.mark.parametrize("language", ["nl", "en"])
EACH = pytest.mark.parametrize("procedure", procedures.ALL, ids=lambda one: f"{one.code}-{one.version}")
MIXED = procedures.latest("mixed")


def boxes(drawn: Drawing) -> list[Box]:
    return [box for lane in drawn.lanes for box in lane.boxes]


def box(drawn: Drawing, code: str) -> Box:
    return next(one for one in boxes(drawn) if one.words.code == code)


def until(procedure: Procedure, step: str) -> Assessment:
    told = path(procedure, step)
    last = max(fact.when.on for fact in told if fact.when.on)
    return assess(procedure, told, last + timedelta(days=1))


def overlap(one: Box, other: Box) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not beside and one.y < other.bottom and other.y < one.bottom


@BOTH
@EACH
def test_every_step_stands_once_in_the_column_of_its_stage(procedure: Procedure, language: str) -> None:
    with override(language):
        drawn = plan(procedure)
    expected = {step.code for step in procedure.steps if step.track != Track.COURSE}
    assert sorted(one.words.code for one in boxes(drawn)) == sorted(expected)
    for one in boxes(drawn):
        assert procedure.stages[one.column] == procedure.step(one.words.code).stage
    with override(language):
        tracks = [track.label for track in Track if any(step.track == track for step in procedure.steps)]
        assert [lane.label for lane in drawn.lanes] == [
            capfirst(str(one)) for one in tracks if one != Track.COURSE.label
        ]


@BOTH
@EACH
def test_nothing_lies_over_something_else_or_outside(procedure: Procedure, language: str) -> None:
    with override(language):
        drawn = drawing(assess(procedure, [], FIRST))
    assert [
        (one.words.code, other.words.code) for one, other in combinations(boxes(drawn), 2) if overlap(one, other)
    ] == []
    for one in boxes(drawn):
        assert one.x >= 0
        assert one.x + one.width <= drawn.width
        assert one.bottom <= drawn.height
        for line in (*one.lines, *one.notes):
            assert one.y < line.y < one.bottom
            assert geometry.extent(line.text, geometry.NOTE_SIZE) <= one.width


def test_the_main_line_leads_from_each_required_step_to_the_next() -> None:
    drawn = plan(MIXED)
    required = [step for step in MIXED.steps if step.track == Track.MAIN and not step.optional]
    optional = [step for step in MIXED.steps if step.track == Track.MAIN and step.optional]
    assert len([line for line in drawn.connectors if not line.is_side]) == len(required) - 1
    assert len([line for line in drawn.connectors if line.is_side]) == len(optional)


def test_the_dossier_stands_where_the_engine_says() -> None:
    now = until(MIXED, "mandate")
    with override("en"):
        drawn = drawing(now)
    assert drawn.here is not None
    assert now.next is not None
    assert drawn.here.words.code == now.next.step.code
    assert drawn.here.words.name.startswith(f"Here: {now.next.step.label.en}: ")
    assert [one.words.code for one in boxes(drawn) if one.words.here] == [now.next.step.code]
    assert now.next.step.label.en in drawn.summary


def test_what_happened_says_when() -> None:
    now = assess(MIXED, facts(("initiative", "8/1/2024")), date(2024, 2, 1))
    with override("en"):
        done = box(drawing(now), "initiative")
    assert (done.words.look, done.words.icon, done.words.note) == ("done", "check", "Done, 8 January 2024")
    assert done.words.name == "Initiative: done, 8 January 2024"


def test_a_completed_procedure_is_nowhere() -> None:
    mou = procedures.latest("mou")
    now = assess(mou, path(mou, "ended"), date(2030, 1, 1))
    assert now.stage == Stage.DONE
    with override("en"):
        drawn = drawing(now)
    assert drawn.here is None
    assert drawn.summary == "The procedure is completed."


def test_a_gate_has_cut_corners_and_a_double_border() -> None:
    drawn = plan(MIXED)
    assert {one.words.code for one in boxes(drawn) if one.inner} == {step.code for step in MIXED.gates}
    gate, step = box(drawn, "mandate"), box(drawn, "initiative")
    assert (gate.outline.count("L"), step.outline.count("L")) == (3, 0)


@pytest.mark.parametrize(("text", "room", "lines"), [
    ("Advies van de Raad van State", 110, ["Advies van de Raad", "van State"]),
    ("Bekendmakingsverplichtingen", 80, ["Bekendmakin-", "gsverplichtin-", "gen"]),
    ("", 100, [""]),
])  # fmt: skip
def test_words_are_wrapped(text: str, room: int, lines: list[str]) -> None:
    assert geometry.wrap(text, room) == lines
    assert all(geometry.extent(line) <= room for line in lines)


@BOTH
@EACH
def test_it_is_an_svg_without_style_in_which_every_link_says_where_it_leads(
    procedure: Procedure, language: str
) -> None:
    with override(language):
        html = render_to_string("workflow/_drawing.html", {"drawing": drawing(assess(procedure, [], FIRST))})
    assert not re.search(r"\bstyle=|<style|<script|\bon\w+=", html)
    links = re.findall(r'<a class="drawing__step[^"]*" href="#step-(\w+)" aria-label="([^"]+)"', html)
    assert len(links) == len([step for step in procedure.steps if step.track != Track.COURSE])
    assert [code for code, name in links if len(name) < 5] == []
    assert html.count('aria-current="step"') == 1


def test_without_a_drawing_there_is_nothing() -> None:
    assert render_to_string("workflow/_drawing.html", {"drawing": None}).strip() == ""
