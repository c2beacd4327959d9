from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from accounts.models import User

pytestmark = pytest.mark.django_db
TAG = Template("{% load reporting_tags %}{% reporting_of treaty user %}")


def test_each_obligation_of_the_treaty_in_one_line(
    staff: User, make_treaty: Any, make_obligation: Any, make_report: Any
) -> None:
    treaty = make_treaty()
    make_obligation("Van een ander")
    for number in range(3):
        obligation = make_obligation(f"Comité {number}", treaty=treaty)
        make_report(obligation, report_due=date.today().isoformat())  # noqa: DTZ011 (any day)
    with CaptureQueriesContext(connection) as captured:
        html = TAG.render(Context({"treaty": treaty, "user": staff}))
    assert [html.count(f"Comité {number}") for number in range(3)] == [1, 1, 1]
    assert "Van een ander" not in html
    assert len(captured) == 4
    assert TAG.render(Context({"treaty": treaty, "user": AnonymousUser()})).strip() == ""
