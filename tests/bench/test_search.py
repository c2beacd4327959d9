"""What the benches reckon with and write down; nothing here takes or judges a time."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench import http, plot, report
from bench.classes import exponent, questions, summary
from bench.peers import systems

FACTS = {
    "words": {"0.01": "barnsteen", "1": "vuurtoren", "5": "zeekraal", "30": "veerdienst", "30b": "kaartverkoop"},
    "large": "NL",
    "small": "BT",
    "theme": "cultuur",
    "treaty": "TAAAAAAA",
}


def test_summary_is_the_median_and_the_middle_half() -> None:
    found = summary([5.0, 1.0, 2.0, 4.0, 3.0])
    assert found == {"p50": 3.0, "p95": 5.0, "low": 2.0, "high": 4.0, "n": 5}


@pytest.mark.parametrize(("power", "expected"), [(0, 0.0), (0.5, 0.5), (1, 1.0)])
def test_exponent_is_that_of_the_growth(power: float, expected: float) -> None:
    sizes = [10_000, 100_000, 1_000_000]
    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(expected)
    assert exponent([10], [1.0]) is None


def test_questions_are_those_of_the_issue() -> None:
    found = {one.name: one.path for one in questions(FACTS)}
    assert len(found) == 14
    assert found["country + theme"] == "/treaties/?country=NL&theme=cultuur"
    assert found["two words in 30 %"] == "/treaties/?q=veerdienst+kaartverkoop"
    assert found["treaty, 200 rows of history"] == "/treaties/TAAAAAAA/"


@pytest.mark.parametrize("name", systems.NAMES)
def test_every_peer_is_asked_the_same(name: str) -> None:
    paths = {one.name: systems.path(name, one.asked) for one in questions(FACTS)[:11]}
    assert [one for one, path in paths.items() if path is None] == (
        ["page 400"] if name.startswith("datasette") else []
    )
    assert all("veerdienst" in (paths[one] or "") for one in ("word in 30 %", "word in 30 % + country"))
    assert all("NL" in (paths[one] or "") for one in ("country, large", "country + theme"))
    assert all("cultuur" in (paths[one] or "") for one in ("country + theme",))


def test_pinned_versions_are_exact() -> None:
    for name in set(systems.NAMES) - set(systems.SAME):
        lines = (systems.HERE / name / "requirements.txt").read_text().splitlines()
        assert lines[1:]
        assert [line for line in lines if not line.startswith("#") and "==" not in line] == []


def test_a_plot_is_svg_that_says_its_names_and_values() -> None:
    drawn = plot.log_log("Growth <b>", {"one & two": [(10, 1.5), (1000, 4.25)]}, x="treaties", y="ms", goal=25)
    root = ET.fromstring(drawn)  # noqa: S314 (our own)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Growth <b>" in texts
    assert "one & two: 4.2" in texts
    assert "goal 25" in texts


def cost(ms: float) -> dict[str, float | int]:
    return {"p50": ms, "p95": ms, "low": ms, "high": ms, "n": 1, "status": 200}


def test_goals_that_are_not_met_are_said() -> None:
    rows = report.beaten({"word in 30 %": {"ours": cost(10), "admin": cost(250), "wagtail": cost(99)}})
    assert [(row[1], row[2]) for row in rows] == [("met", "25.0 ×"), ("**not met**", "9.9 ×")]
    assert report.fastest({"ours": cost(3), "sqlite": cost(2), "wagtail": cost(1) | {"status": 500}}) == "SQLite FTS5"


def test_a_server_is_stopped_after_an_error(tmp_path: Path) -> None:
    port = http.free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    process = None
    try:
        with http.served(command, port, cwd=tmp_path, log=tmp_path / "log") as process:
            client = http.Client(port)
            assert client.get("/").status == 200
            client.close()
            raise LookupError
    except LookupError:
        pass
    assert process is not None
    assert process.poll() is not None


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(RuntimeError, match="no such thing"), http.served(command, http.free_port(), log=tmp_path / "l"):
        pass
