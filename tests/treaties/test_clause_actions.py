"""The entry-into-force clause: who may state it, what is refused, what stays in the history; and its page."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.refusals import AlreadyDone, Conflict, Refused
from tests.factories import version
from tests.treaties.pages import SCRIPT, MakeAct, page
from treaties.choices import ActKind, ForceRule
from treaties.clause_actions import Clause, state_clause, withdraw_clause
from treaties.models import ForceClause, Treaty
from workflow.loading import cases

pytestmark = pytest.mark.django_db

SECOND_MONTH = Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=2, article="art. 9", text="Zin.", source="S15")


@pytest.fixture
def treaty(make_treaty: Callable[..., Treaty]) -> Treaty:
    return make_treaty(parties={"NL": "", "BE-VLG": ""})


@pytest.fixture
def keep(staff: User, treaty: Treaty) -> Callable[..., ForceClause]:
    def state(clause: Clause = SECOND_MONTH, **kw: Any) -> ForceClause:
        return state_clause(**{"actor": staff, "treaty": treaty, "clause": clause, "reason": "read in the text"} | kw)

    return state


Keep = Callable[..., ForceClause]


class TestStating:
    def test_it_is_kept_as_it_was_said(self, keep: Keep, treaty: Treaty) -> None:
        keep(Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=2, article=" art. 9 ", text="Zin.", source="S15"))
        row = ForceClause.objects.get(treaty=treaty)
        assert (row.rule, row.months, row.days, row.count, row.on) == ("month_after_notifications", 2, None, None, None)
        assert (row.article, row.text, row.source) == ("art. 9", "Zin.", "S15")
        assert (row.history.get().history_actor, row.history.get().history_change_reason) == (
            "An Beheerder",
            "read in the text",
        )

    def test_there_is_one_and_what_it_was_stays_in_the_history(self, keep: Keep, treaty: Treaty) -> None:
        keep()
        keep(Clause(ForceRule.DAYS_AFTER_NOTIFICATIONS, days=30, source="S15"))
        row = ForceClause.objects.get()
        assert (row.rule, row.months, row.days) == ("days_after_notifications", None, 30)
        assert [one.rule for one in row.history.order_by("history_id")] == [
            "month_after_notifications",
            "days_after_notifications",
        ]

    def test_saying_the_same_twice_leaves_one_history_row(self, keep: Keep) -> None:
        keep()
        assert keep().history.count() == 1

    def test_no_entry_into_force_is_filled_in(self, keep: Keep, treaty: Treaty, act: MakeAct) -> None:
        act(treaty, ActKind.NOTIFICATION, "2008-01-15")
        act(treaty, ActKind.NOTIFICATION, "2008-01-10", "NL")
        keep()
        assert not treaty.acts.filter(kind=ActKind.ENTRY_INTO_FORCE).exists()

    @pytest.mark.parametrize(
        ("clause", "problems"),
        [
            (Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, source="S"), [("number_missing", "months")]),
            (Clause(ForceRule.DAYS_AFTER_NOTIFICATIONS, days=0, source="S"), []),
            (
                Clause(ForceRule.DAYS_AFTER_NOTIFICATIONS, months=1, source="S"),
                [("number_not_used", "months"), ("number_missing", "days")],
            ),
            (Clause(ForceRule.AFTER_RATIFICATIONS, count=3, days=90, source="S"), []),
            (Clause(ForceRule.AFTER_RATIFICATIONS, count=3, source="S"), [("days_or_months", "days")]),
            (
                Clause(ForceRule.AFTER_RATIFICATIONS, days=1, months=1, source="S"),
                [("days_or_months", "days"), ("number_missing", "count")],
            ),
            (
                Clause(ForceRule.MONTH_AFTER_RATIFICATIONS, source="S"),
                [("number_missing", "count"), ("number_missing", "months")],
            ),
            (Clause(ForceRule.ON_SIGNATURE, source="S"), []),
            (
                Clause(ForceRule.ON_SIGNATURE, months=1, days=1, count=1, on=date(2020, 1, 1), source="S"),
                [("number_not_used", name) for name in ("months", "days", "count", "on")],
            ),
            (Clause(ForceRule.FIXED_DATE, on=date(2020, 1, 1), source="S"), []),
            (Clause(ForceRule.FIXED_DATE, source="S"), [("number_missing", "on")]),
            (Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=0, source="S"), [("number_range", "months")]),
            (Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=121, source="S"), [("number_range", "months")]),
            (Clause(ForceRule.DAYS_AFTER_NOTIFICATIONS, days=-1, source="S"), [("number_range", "days")]),
            (Clause(ForceRule.DAYS_AFTER_NOTIFICATIONS, days=10**20, source="S"), [("number_range", "days")]),
            (
                Clause(ForceRule.ON_SIGNATURE, article="a" * 101, text="\x00", source=" "),
                [("text", "article"), ("text", "text"), ("source_missing", "source")],
            ),
        ],
    )
    def test_everything_that_is_wrong_is_said_at_once(
        self, clause: Clause, problems: list[tuple[str, str]], keep: Keep
    ) -> None:
        if not problems:
            assert keep(clause).rule == clause.rule
            return
        with pytest.raises(Refused) as refused:
            keep(clause)
        assert [(one.code, one.field) for one in refused.value.blockers] == problems
        assert not ForceClause.objects.exists()

    def test_without_a_reason_it_is_refused(self, keep: Keep) -> None:
        with pytest.raises(Refused) as refused:
            keep(reason=" ")
        assert [one.field for one in refused.value.blockers] == ["reason"]

    @pytest.mark.parametrize("name", ["auditor", "reader"])
    def test_who_may_not_change_the_record_is_refused(
        self, name: str, keep: Keep, treaty: Treaty, request: pytest.FixtureRequest
    ) -> None:
        person = request.getfixturevalue(name)
        with pytest.raises(Refused):
            keep(actor=person)
        with pytest.raises(Refused):
            withdraw_clause(actor=person, treaty=treaty, reason="x")

    def test_the_same_form_twice_counts_once(self, keep: Keep) -> None:
        token = uuid.uuid4()
        keep(submission=token)
        with pytest.raises(AlreadyDone):
            keep(Clause(ForceRule.ON_SIGNATURE, source="S"), submission=token)
        assert ForceClause.objects.get().rule == "month_after_notifications"


class TestWithdrawing:
    def test_it_is_gone_and_stays_in_the_history(self, keep: Keep, treaty: Treaty, staff: User) -> None:
        keep()
        withdraw_clause(actor=staff, treaty=treaty, reason="of another treaty")
        assert not ForceClause.objects.exists()
        rows = ForceClause.history.order_by("history_id")
        assert [(row.history_type, row.history_change_reason) for row in rows] == [
            ("+", "read in the text"),
            ("-", "of another treaty"),
        ]

    def test_what_is_not_there_cannot_be_withdrawn(self, treaty: Treaty, staff: User) -> None:
        with pytest.raises(Conflict):
            withdraw_clause(actor=staff, treaty=treaty, reason="x")


class TestThePageOfTheTreaty:
    def test_the_day_is_suggested_with_its_working_out(
        self, public: Client, keep: Keep, treaty: Treaty, act: MakeAct
    ) -> None:
        keep(Clause(ForceRule.MONTH_AFTER_NOTIFICATIONS, months=2, article="art. 9", text=SCRIPT, source="BS 2008"))
        act(treaty, ActKind.NOTIFICATION, "2008-01-15")
        address = f"/treaties/{treaty.reference}/"
        html = page(public, address)
        assert "Cannot be known yet" in html
        assert "No notification of Netherlands is known." in html
        assert SCRIPT not in html
        act(treaty, ActKind.NOTIFICATION, "2008-01-10", "NL")
        html = page(public, address)
        section = html.split('id="clause"')[1].split("</section>")[0]
        assert '<time datetime="2008-03-01">1 March 2008</time>' in section
        assert "Notification of Flanders: 15 January 2008." in section
        assert "BS 2008" in section
        assert "differ" not in section
        assert "Change the clause" not in html

    def test_a_stated_day_that_differs_is_flagged_and_kept(
        self, public: Client, keep: Keep, treaty: Treaty, act: MakeAct
    ) -> None:
        keep()
        act(treaty, ActKind.NOTIFICATION, "2008-01-15")
        act(treaty, ActKind.NOTIFICATION, "2008-01-10", "NL")
        act(treaty, ActKind.ENTRY_INTO_FORCE, "2008-02-01")
        html = page(public, f"/treaties/{treaty.reference}/")
        assert "The clause and the stated date differ" in html
        assert "would enter into force on 1 March 2008; stated is 1 February 2008. The stated date is kept." in html
        assert "In force since 1 February 2008" in html

    def test_without_a_clause_only_who_may_state_it_is_told(
        self, public: Client, inside: Client, treaty: Treaty
    ) -> None:
        assert 'id="clause"' not in page(public, f"/treaties/{treaty.reference}/")
        assert f'href="/treaties/{treaty.reference}/clause/"' in page(inside, f"/treaties/{treaty.reference}/")


class TestTheForm:
    def send(self, client: Client, treaty: Treaty, **data: str) -> Any:
        sent = {"submission": str(uuid.uuid4()), "version": version(treaty), **data}
        return client.post(f"/treaties/{treaty.reference}/clause/", sent)

    def test_it_states_changes_and_withdraws(self, inside: Client, treaty: Treaty) -> None:
        address = f"/treaties/{treaty.reference}/clause/"
        assert "Withdraw the clause" not in page(inside, address)
        answer = self.send(
            inside, treaty, rule="month_after_notifications", months="2", wording="Zin.", source="S15", reason="text"
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/treaties/{treaty.reference}/")
        assert ForceClause.objects.get().months == 2
        html = page(inside, address)
        assert 'name="months" value="2"' in html
        assert "Zin." in html
        answer = self.send(inside, treaty, rule="fixed_date", on="1/1/2005", source="S15", reason="text")
        assert ForceClause.objects.get().on == date(2005, 1, 1)
        withdrawal = {"withdraw": "1", "withdraw-submission": str(uuid.uuid4()), "withdraw-reason": "wrong treaty"}
        withdrawal["withdraw-version"] = str(version(treaty))
        assert inside.post(address, withdrawal).status_code == 302
        assert not ForceClause.objects.exists()
        assert "wrong treaty" in page(inside, f"/treaties/{treaty.reference}/history/")

    def test_a_refused_form_says_everything_and_keeps_what_was_typed(self, inside: Client, treaty: Treaty) -> None:
        answer = self.send(inside, treaty, rule="on_signature", months="2", wording="Mijn zin.", source="", reason="")
        html = answer.content.decode()
        assert answer.status_code == 422
        for sentence in ("This rule has no such number; leave it empty.", "Say where the clause can be read."):
            assert sentence in html
        assert "Mijn zin." in html
        assert "<title>Error:" in html

    @pytest.mark.parametrize(
        "wrong", [{"months": "two"}, {"on": "2005"}, {"on": "soon"}, {"rule": "other"}, {"days": "1" * 5000}]
    )
    def test_what_cannot_be_read_is_refused(self, wrong: dict[str, str], inside: Client, treaty: Treaty) -> None:
        data = {"rule": "month_after_notifications", "months": "2", "source": "S", "reason": "r", **wrong}
        assert self.send(inside, treaty, **data).status_code == 422
        assert not ForceClause.objects.exists()

    def test_who_comes_second_sees_what_differs_and_can_still_save(
        self, inside: Client, treaty: Treaty, keep: Keep, staff2: User
    ) -> None:
        seen = version(treaty)
        keep(actor=staff2)
        data = {"rule": "month_after_notifications", "months": "3", "wording": "Zin.", "source": "S15", "reason": "r"}
        answer = self.send(inside, treaty, version=str(seen), **data)
        assert answer.status_code == 409
        told = {one.label: (one.theirs, one.mine, one.stamp.who) for one in answer.context["meanwhile"].differences}
        assert told == {"Months": ("2", "3", "Bart Beheerder"), "Article": ("art. 9", "", "Bart Beheerder")}
        assert (ForceClause.objects.get().months, answer.context["form"]["version"].value()) == (2, str(seen + 1))
        assert self.send(inside, treaty, version=str(seen + 1), **data).status_code == 302
        assert ForceClause.objects.get().months == 3

    def test_withdrawing_without_a_reason_or_without_a_clause(self, inside: Client, treaty: Treaty, keep: Keep) -> None:
        address = f"/treaties/{treaty.reference}/clause/"
        keep()
        data = {"withdraw": "1", "withdraw-submission": str(uuid.uuid4()), "withdraw-reason": " "}
        data["withdraw-version"] = str(version(treaty))
        assert inside.post(address, data).status_code == 422
        ForceClause.objects.get()
        answers = [
            inside.post(address, {**data, "withdraw-submission": str(uuid.uuid4()), "withdraw-reason": "x"}).status_code
            for _time in range(2)
        ]
        assert answers == [302, 409]


class TestTheRealTreaties:
    @pytest.fixture
    def loaded(self, tmp_path: Path, db: None) -> None:
        for name in ("c01-scheldeverdragen", "c03-cultureel-verdrag"):
            (tmp_path / f"{name}.toml").write_text((cases.FOLDER / f"{name}.toml").read_text("utf-8"), "utf-8")
        cases.load(tmp_path)

    @pytest.mark.usefixtures("loaded")
    def test_the_cultural_treaty_shows_its_anomaly_with_its_source(self, public: Client) -> None:
        html = page(public, "/treaties/TJ4Q8BKP/")
        assert (
            "The stated entry into force, 1 July 1996, lies before the notification of Netherlands, 27 January 1997."
            in html
        )
        flagged = html.split("The dates do not agree")[1].split("</div>")[0]
        assert "https://www.etaamb.be/fr/document_n2003201585.html" in flagged
        assert "In force since 1 July 1996" in html
        # On a day between the two nothing is known of what came later.
        html = page(public, "/treaties/TJ4Q8BKP/?as_of=1996-12-31")
        assert "The dates do not agree" not in html
        assert "1997" not in html

    @pytest.mark.usefixtures("loaded")
    def test_the_fourth_scheldt_treaty_has_its_clause_and_no_day_of_it(self, public: Client) -> None:
        assert [clause.treaty.reference for clause in ForceClause.objects.all()] == ["TVVYEP7B"]
        section = page(public, "/treaties/TVVYEP7B/").split('id="clause"')[1].split("</section>")[0]
        assert "The first day of the second month after the last notification." in section
        assert "Cannot be known yet" in section
        assert "The date of the notification of Flanders is not known." in section
        assert "No notification of Netherlands is known." in section
        assert "etaamb.be" in section
