"""The measures of relevance, the judged queries, and the page that tells of them."""

import re
from collections.abc import Mapping
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.relevance import judged, report
from bench.relevance.asking import Answer, Measured, spelling
from bench.relevance.judged import Query
from bench.relevance.metrics import dcg, mean, ndcg, once, recall
from workflow.loading import cases
from workflow.loading.reading import read_file

NAMES = st.sampled_from("abcdefghijklmnop")
GRADED = st.dictionaries(NAMES, st.integers(0, 3), min_size=1).filter(lambda grades: any(grades.values()))


# --- Measures ----------------------------------------------------------------------------------------


def test_a_known_gain() -> None:
    # The example of the article on Wikipedia, with the exponential gain.
    assert dcg([3, 2, 3, 0, 1, 2]) == pytest.approx(7 + 3 / log2(3) + 7 / 2 + 0 + 1 / log2(6) + 3 / log2(7))


def test_a_gain_ends_where_the_page_is_cut() -> None:
    assert dcg([3, 3, 3], at=2) == pytest.approx(7 + 7 / log2(3))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["a", "b"], 1.0),
        (["a"], 7 / (7 + 3 / log2(3))),
        (["b", "a"], (3 + 7 / log2(3)) / (7 + 3 / log2(3))),
        (["x", "a", "b"], (7 / log2(3) + 3 / 2) / (7 + 3 / log2(3))),
        ([], 0.0),
        (["x"], 0.0),
        (["x"] + [str(number) for number in range(9)] + ["a"], 0.0),
        # The same treaty again costs no place.
        (["a", "a", "b"], 1.0),
    ],
)
def test_known_values(found: list[str], expected: float) -> None:
    assert ndcg(found, {"a": 3, "b": 2}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(["a", "x", "b"], 1.0), (["b"], 0.5), (["x"], 0.0), ([*map(str, range(25)), "a"], 0.0), (["a", "a"], 0.5)],
)
def test_recall_counts_what_stands_on_the_first_page(found: list[str], expected: float) -> None:
    assert recall(found, {"a": 3, "b": 1, "c": 0}) == expected


def test_recall_asks_for_no_more_than_a_page_holds() -> None:
    many = {str(number): 3 for number in range(40)}
    assert recall(list(many)[:25], many) == 1.0


@pytest.mark.parametrize("measure", [ndcg, recall])
def test_a_query_that_nothing_answers_measures_nothing(measure: object) -> None:
    with pytest.raises(ValueError, match="no treaty is judged of use"):
        measure(["a"], {"a": 0})  # type: ignore[operator]


@given(st.lists(NAMES), GRADED)
def test_measures_are_between_nothing_and_perfect(found: list[str], grades: Mapping[str, int]) -> None:
    assert 0 <= ndcg(found, grades) <= 1
    assert 0 <= recall(found, grades) <= 1


@given(GRADED, st.lists(NAMES))
def test_the_best_order_is_perfect_whatever_follows(grades: Mapping[str, int], rest: list[str]) -> None:
    best = sorted((name for name in grades if grades[name]), key=lambda name: -grades[name])
    assert ndcg([*best, *rest], grades) == pytest.approx(1)
    assert recall([*best, *rest], grades) == 1


@given(st.permutations("abcdef"), GRADED, st.integers(0, 4))
def test_to_put_the_better_of_two_neighbours_first_never_costs(
    order: list[str], grades: Mapping[str, int], place: int
) -> None:
    pair = order[place : place + 2]
    better = sorted(pair, key=lambda name: -grades.get(name, 0))
    gain = ndcg([*order[:place], *better, *order[place + 2 :]], grades) - ndcg(order, grades)
    assert gain >= 0
    assert (gain > 0) == (better != pair)


@given(st.lists(NAMES))
def test_each_name_once_in_its_order(names: list[str]) -> None:
    kept = once(names)
    assert len(kept) == len(set(kept))
    assert set(kept) == set(names)
    assert kept == sorted(kept, key=names.index)


def test_the_mean_of_nothing_is_nothing() -> None:
    assert mean([]) == 0.0
    assert mean([1, 0, 0.5]) == 0.5


# --- The judged queries ------------------------------------------------------------------------------


def test_there_are_enough_queries_of_every_kind() -> None:
    queries = judged.queries()
    of_cases, of_world = ([query for query in queries if (query.part == "world") == is_world] for is_world in (0, 1))
    assert len(of_cases) >= 150
    assert {query.language for query in of_cases} == {"nl", "en", "fr", "de", "mul", "-"}
    assert {query.language for query in of_world} >= {"nl", "en", "fr"}
    assert {query.type for query in queries} == {
        *("short name", "phrase", "identifier", "party", "country and theme", "date", "misspelling", "synonym"),
        *("mixed", "quotes", "minus", "or", "one word", "prefix"),
    }


def test_no_query_is_judged_twice() -> None:
    asked = [(query.part, query.text.casefold()) for query in judged.queries()]
    assert sorted(asked) == sorted(set(asked))


def test_every_name_that_is_judged_is_explained_and_the_other_way_round() -> None:
    assert judged.named(judged.queries()) == {key.name for key in judged.records()}


def test_the_cases_are_judged_by_the_references_of_the_fixtures() -> None:
    rows = [
        row
        for path in cases.FOLDER.glob("*.toml")
        for row in read_file(path, cases.FILE_KEYS).rows("treaties", cases.TREATY_KEYS)
    ]
    assert {key.key for key in judged.records() if key.kind == "case"} == {row.text("reference") for row in rows}


def test_what_is_asked_of_the_cases_means_one_of_them() -> None:
    own = {key.name for key in judged.records() if key.kind == "case"}
    for query in judged.queries():
        if query.part != "world":
            assert any(grade == 3 and name in own for name, grade in query.grades.items()), query.text


@pytest.mark.parametrize(
    "line",
    ["cases\tdate\tnl\tmaart\t", "moon\tdate\tnl\tmaart\ta=3", "cases\tdate\tnl\tmaart\ta=4", "a\tb\tc\td\te\tf\tg"],
)
def test_what_is_no_judged_query_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "queries.tsv"
    path.write_text(f"# A remark.\npart\ttype\tlanguage\tquery\tjudged\tnote\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"not a judged query|more cells than columns"):
        judged.queries(path)


# --- Suggestions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            '<p>Bedoelde u <a data-spelling href="/treaties/?q=verdrag+van+Qu%C3%A9bec&amp;sort=title">x</a>?',
            "verdrag van Québec",
        ),
        ('<a href="/treaties/?q=other">other</a><a class="x" href="?q=sluis" data-spelling="">sluis</a>', "sluis"),
        ('<a data-spelling href="?q=first">a</a><a data-spelling href="?q=second">b</a>', "first"),
        ('<a href="/treaties/?q=other">other</a>', ""),
        ("<a data-spelling>no address</a>", ""),
    ],
)
def test_the_suggestion_is_read_from_the_link_of_the_page(page: str, expected: str) -> None:
    assert spelling(page) == expected


def test_a_suggestion_is_followed_where_nothing_was_found_and_only_there() -> None:
    assert Answer([], "sluis", ("T1", "T2")).at_one_remove == ["T1", "T2"]
    assert Answer(["T3"]).at_one_remove == ["T3"]
    assert Answer([]).at_one_remove == []


# --- The page ----------------------------------------------------------------------------------------


def measured(text: str, found: list[str], suggested: list[str], grades: Mapping[str, int]) -> Measured:
    followed = found or suggested
    return Measured(
        query=Query("cases", "one word", "nl", text, grades),
        found=found,
        ndcg=ndcg(found, grades),
        recall=recall(found, grades),
        suggestion="" if found else "sluis",
        ndcg_followed=ndcg(followed, grades),
        recall_followed=recall(followed, grades),
        is_empty=not found,
        is_empty_followed=not followed,
    )


def a_run(*found: list[str]) -> report.Run:
    some = [measured(f"query {number}", one, ["a"], {"a": 3}) for number, one in enumerate(found)]
    return report.Run("cases", "The real cases", some)


def test_the_page_tells_the_means_with_and_without_the_suggestion() -> None:
    told = report.page([a_run(["a"], [])], "A machine.")
    assert "| The real cases | 2 | 0.500 | 0.500 | 50.0% | 1.000 | 1.000 | 0.0% |" in told
    assert "| `query 1` | one word | a | nothing | 0.00 | sluis |" in told


def test_the_page_names_no_record_that_is_not_judged() -> None:
    assert "| `query 0` | one word | a | another, a | 0.63 |  |" in report.page(
        [a_run(["TXXXXXXX", "a"])], "A machine."
    )


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    held = report.lines([a_run(["x", "a"], [])])
    report.write_lines(tmp_path / "results.tsv", held)
    assert report.read_lines(tmp_path / "results.tsv") == held


def test_another_file_is_no_result(tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text("part\tquery\n", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no results"):
        report.read_lines(tmp_path / "other.tsv")


def test_a_comparison_tells_what_moved() -> None:
    told = report.comparison(report.lines([a_run(["x", "a"], ["a"])]), report.lines([a_run(["a"], ["a"], ["a"])]))
    assert "| cases | 2 | 0.815 → 1.000 | 1.000 → 1.000 | 0.0% → 0.0% | 0.815 → 1.000 |" in told
    assert "1 of 2 queries moved:" in told
    assert "- +0.37 (0.63 → 1.00) `query 0` (cases, one word)" in told


# --- What the documents say of it --------------------------------------------------------------------

EXPLAINED = re.compile(r"^### `(.+)`\n\nnDCG@10 (\d\.\d\d) \(([a-z-]+)\)", re.MULTILINE)


def test_the_queries_that_are_explained_are_ten_with_the_figures_of_the_results() -> None:
    explained = EXPLAINED.findall((judged.HERE.parent.parent / "docs" / "search.md").read_text(encoding="utf-8"))
    reached = {
        (one.run, one.query): f"{one.ndcg_followed:.2f}" for one in report.read_lines(judged.HERE / "results.tsv")
    }
    assert len(explained) == 10
    assert {query: figure for query, figure, _run in explained} == {
        query: reached[run, query] for query, _figure, run in explained
    }


def test_the_results_are_of_the_queries_as_they_are_judged_now() -> None:
    asked = {(query.type, query.language, query.text) for query in judged.queries()}
    results = report.read_lines(judged.HERE / "results.tsv")
    assert {(one.type, one.language, one.query) for one in results} == asked
