"""A slice of real lists comes in, adds up by source, and changes nothing the second time."""

import csv
import io
import os
from collections import Counter
from pathlib import Path

import pytest

from accounts.models import User
from imports import actions, queries
from imports.choices import ListKind, RunState, UnknownParties
from imports.models import ImportRun
from treaties.models import Act, SearchDocument, Title, Treaty, TreatyParty

SAMPLES = os.environ.get("SAMPLE_DATA")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLE_DATA is not set")
STEP = {"treaties-large.csv": 80, "participation.csv": 160}


def sliced(name: str) -> tuple[bytes, Counter[str]]:
    """Every so many rows of a sample file, and how many they are of each source."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    sources: Counter[str] = Counter()
    with (Path(SAMPLES or "") / name).open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number % STEP[name] == 0:
                writer.writerow(row)
                sources[row[0]] += number > 0
    return kept.getvalue().encode(), +sources


def bring_in(actor: User, name: str, kind: ListKind) -> ImportRun:
    content, sources = sliced(name)
    run = actions.stage(actor=actor, file=io.BytesIO(content), filename=name, kind=kind)
    run = actions.map_columns(actor=actor, run=run, unknown_parties=UnknownParties.NOTE, register_missing=True)
    run = actions.judge(actor=actor, run=run)
    run = actions.confirm(actor=actor, run=run, without_refused=True)
    assert run.state == RunState.CONFIRMED
    assert {source: sum(counts.values()) for source, counts in queries.by_source(run).items()} == sources
    return run


def test_real_lists_come_in_and_a_second_time_change_nothing(staff: User) -> None:
    for name, kind in (("treaties-large.csv", ListKind.TREATIES), ("participation.csv", ListKind.PARTICIPATION)):
        run = bring_in(staff, name, kind)
        assert set(run.counts) <= {"new", "refused"}
        assert run.counts.get("refused", 0) <= run.row_count / 100
        models = (Treaty, Title, Act, TreatyParty)
        before = [model.history.count() for model in models]  # type: ignore[attr-defined]
        again = bring_in(staff, name, kind)
        assert set(again.counts) <= {"same", "refused"}
        assert [model.history.count() for model in models] == before  # type: ignore[attr-defined]
    assert Treaty.objects.count() == SearchDocument.objects.count()
    assert Treaty.objects.count() == Treaty.history.filter(history_type="+").count()  # type: ignore[attr-defined]
    assert not Treaty.objects.exclude(qualification="undetermined").exists()
