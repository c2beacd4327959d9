"""Judging asks the database the same number of questions for a few rows and for many."""

import io

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from imports import actions, judging, queries
from tests.imports.test_actions import HEADER, brought, imported


def a_list(count: int) -> str:
    rows = (
        f"uk,{n},Treaty number {n} on the exchange of tin and zinc,,1990-05-{n % 28 + 1:02},,,NLD,,"
        for n in range(count)
    )
    return HEADER + "\n".join(rows) + "\n"


def test_the_number_of_questions_does_not_grow_with_the_rows(staff: User) -> None:
    imported(staff, a_list(10))
    counts = []
    for count in (20, 300):
        run = actions.stage(actor=staff, file=io.BytesIO(a_list(count).encode()), filename="x.csv")
        how, rows = judging.context(run), list(run.rows.order_by("number"))
        with CaptureQueriesContext(connection) as asked:
            verdicts = judging.judged(run, rows, how, judging.Seen())
        assert len(verdicts) == count
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_row_that_may_be_another_one_is_told(staff: User) -> None:
    imported(staff, a_list(1))
    twin = a_list(1).replace("uk,0", "un,7")
    run = brought(staff, twin)
    assert [note.code for note in queries.notes(run.rows.get())] == ["like_another"]
    other = a_list(1).replace("Treaty number 0 on the exchange of tin and zinc", "Convention on wool")
    run = brought(staff, other)
    assert run.counts == {"new": 1}
    assert [note.code for note in queries.notes(run.rows.get())] == ["same_number"]


def test_a_number_that_another_treaty_has_is_refused(staff: User) -> None:
    header = "source,source_id,title,identifiers\n"
    imported(staff, header + "uk,1,Treaty on tin,unts I-1; cets 5\n")
    run = brought(
        staff, header + "uk,2,Treaty on zinc,unts I-1\nuk,3,Treaty on salt,cets 6\nuk,4,Treaty on wool,cets 6\n"
    )
    assert run.counts == {"refused": 2, "new": 1}
    codes = [[problem.code for problem in queries.problems(row)] for row in queries.rows(run)]
    assert codes == [["number_taken"], [], ["number_taken"]]
    run = brought(staff, header + "uk,5,Treaty on lead,I-9\n")
    assert [problem.code for problem in queries.problems(run.rows.get())] == ["bad_identifier"]
