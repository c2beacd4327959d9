from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from reporting import actions
from reporting.cycle import DATE_NAMES, Dates
from reporting.guards import ObligationEntry, ReportEntry
from reporting.models import Obligation, Report
from treaties.dates import parse
from treaties.models import Treaty


def dates(**when: str) -> Dates:
    """`dates(report_due="2024-05")`: as people write them."""
    return Dates(**{name: parse(text) for name, text in when.items()})


@pytest.fixture
def make_obligation(staff: User, make_treaty: Callable[..., Treaty]) -> Callable[..., Obligation]:
    """`make_obligation("Comité", cycle_years=5)`: under a treaty of its own, unless `treaty` says otherwise."""

    def make(body_nl: str = "Comité voor cultuur", **kw: Any) -> Obligation:
        if "treaty" not in kw and not kw.get("is_political"):
            kw["treaty"] = make_treaty()
        return actions.add_obligation(actor=staff, entry=ObligationEntry(body_nl=body_nl, **kw), reason="from the file")

    return make


@pytest.fixture
def make_report(staff: User) -> Callable[..., Report]:
    """`make_report(obligation, "2", report_due="2024", note="…")`."""

    def make(obligation: Obligation, label: str = "1", **kw: Any) -> Report:
        own = {name: kw.pop(name) for name in DATE_NAMES if name in kw}
        entry = ReportEntry(label, dates(**own), **kw)
        return actions.add_report(actor=staff, obligation=obligation, entry=entry, reason="from the file")

    return make
