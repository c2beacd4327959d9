from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from reporting.fields import PartialDateColumn
from reporting.models import Obligation, Report
from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate

pytestmark = pytest.mark.django_db


def test_a_column_gives_back_what_it_took(make_obligation: Any, make_report: Any) -> None:
    made = make_report(make_obligation(), report_due="2024", report_submitted="2024-05", observations_on="2025-06-08")
    report = Report.objects.get(pk=made.pk)
    assert report.report_due == PartialDate(date(2024, 1, 1), Precision.YEAR)
    assert report.report_submitted == PartialDate(date(2024, 5, 1), Precision.MONTH)
    assert report.observations_on == PartialDate(date(2025, 6, 8))
    assert report.closed_on == UNKNOWN
    assert report.history.get().report_due == report.report_due
    assert Report.objects.filter(report_submitted=report.report_submitted).exists()


@pytest.mark.parametrize("stored", ["2024-13", "spring", "2024-1", "2024-05-32"])
def test_the_database_takes_nothing_else(stored: str, make_obligation: Any, make_report: Any) -> None:
    report = make_report(make_obligation())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reporting_report SET report_due = %s WHERE id = %s", [stored, report.pk])


def test_the_migration_need_not_say_what_is_always_so() -> None:
    name, path, args, kwargs = PartialDateColumn("due").deconstruct()
    assert (name, path, args, kwargs) == (None, "reporting.fields.PartialDateColumn", [], {"verbose_name": "due"})


def test_it_is_written_out_as_text(make_obligation: Any, make_report: Any) -> None:
    report = make_report(make_obligation(), report_due="2024-05")
    assert Report._meta.get_field("report_due").value_to_string(report) == "2024-05"
    assert Obligation.objects.count() == 1
