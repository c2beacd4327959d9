"""What is written at once is, column by column, what the actions write one by one."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from tests.factories import a_record
from treaties import actions, bulk_actions
from treaties.actions import Number, TitleText
from treaties.bulk_actions import Joining, NewAct, NewTreaty
from treaties.choices import ActKind, Kind, Language, Precision, Scheme
from treaties.dates import PartialDate
from treaties.models import Act, Identifier, Party, Title, Treaty, TreatyParty, TreatyTheme

PARTS = (Title, TreatyParty, TreatyTheme, Identifier, Act)
# What differs between two records whatever way they are written: their own keys, and moments.
OWN = {"version", "id", "treaty_id", "history_id", "reference", "created_at", "changed_at", "history_date"}
RECORD = a_record(
    titles=[TitleText(Language.NL, " Verdrag van Dínan\u0301 "), TitleText(Language.EN, "Treaty of Dinant")],
    kind=Kind.CONVENTION,
    parties={"NL": "Koninkrijk der Nederlanden", "BE-VLG": ""},
    numbers=[Number(Scheme.CELEX, "32017D0037", note="x"), Number(Scheme.OTHER, "12")],
    summary_en="about rivers",
    note="a note",
    sources="https://example.org/1",
)


def acts() -> list[NewAct]:
    party = Party.objects.get(code="NL").pk
    return [
        NewAct(ActKind.SIGNATURE, PartialDate(date(1990, 5, 1), Precision.MONTH), source="https://example.org/1"),
        NewAct(ActKind.RATIFICATION, PartialDate(date(1991, 5, 2)), party=party, note="as told"),
    ]


def rows(model: type[Any], treaty: Treaty) -> list[dict[str, Any]]:
    """The rows of the treaty and their history, without what is each record's own."""
    own = {"pk": treaty.pk} if model is Treaty else {"treaty": treaty.pk}
    now = list(model.objects.filter(**own).order_by("pk").values())
    past = {"id": treaty.pk} if model is Treaty else {"treaty": treaty.pk}
    then = list(model.history.filter(**past).order_by("id", "history_id").values())
    # Acts recorded one by one raise the version once: that row of the history is no fact of the record.
    then = then[:1] if model is Treaty else then
    return [{name: value for name, value in row.items() if name not in OWN} for row in (*now, *then)]


def one_by_one(staff: User) -> Treaty:
    treaty = actions.register_treaty(actor=staff, record=RECORD, reason="a list")
    parties = {party.pk: party for party in Party.objects.filter(code="NL")}
    for act in acts():
        actions.record_act(
            actor=staff,
            treaty=treaty,
            kind=act.kind,
            when=act.when,
            party=parties.get(act.party or 0),
            note=act.note,
            source=act.source,
            reason="a list",
        )
    return treaty


def test_a_treaty_written_at_once_is_as_one_written_by_the_actions(staff: User) -> None:
    with change(staff, action=Action.IMPORT_CONFIRM, reason="a list"):
        single = one_by_one(staff)
        (many,) = bulk_actions.register_many(actor=staff, treaties=[NewTreaty(RECORD, acts())], reason="a list")
    for model in (Treaty, *PARTS):
        assert rows(model, many) == rows(model, single), model
    assert [title.text for title in many.titles.all()] == ["Verdrag van Dínań", "Treaty of Dinant"]
    assert many.history.get().history_action == Action.IMPORT_CONFIRM
    assert search_of(many) == search_of(single)


def search_of(treaty: Treaty) -> dict[str, Any]:
    own = {"treaty_id", "changed_at", "words"}
    (row,) = type(treaty).objects.filter(pk=treaty.pk).values("search__words")
    document = {name: value for name, value in vars(treaty.search).items() if name not in own and name[0] != "_"}
    return document | {"words": sorted(row["search__words"].replace(treaty.reference.lower(), "REF").split())}


def test_many_are_registered_with_as_many_statements_as_a_few(staff: User) -> None:
    counts, done = [], acts()
    for number in (2, 90):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plain = [NewTreaty(a_record(title=f"Verdrag {place}"), done) for place in range(number)]
            made = bulk_actions.register_many(actor=staff, treaties=plain, reason="a list")
        assert len({treaty.reference for treaty in made}) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_is_written_when_one_of_them_cannot_be(staff: User) -> None:
    wrong = [NewTreaty(a_record()), NewTreaty(a_record(parties=["ATLANTIS"])), NewTreaty(a_record(title=" "))]
    with pytest.raises(Refused) as refusal:
        bulk_actions.register_many(actor=staff, treaties=wrong, reason="a list")
    assert [blocker.code for blocker in refusal.value.blockers] == ["unknown_party", "text"]
    assert not Treaty.objects.exists()


def test_only_who_may_edit_registers_many(reader: User) -> None:
    with pytest.raises(Refused):
        bulk_actions.register_many(actor=reader, treaties=[NewTreaty(a_record())], reason="a list")


def test_parties_and_acts_join_a_treaty_that_is_there(staff: User) -> None:
    treaty = actions.register_treaty(actor=staff, record=a_record(parties=["NL"]), reason="a list")
    france, netherlands = (Party.objects.get(code=code).pk for code in ("FR", "NL"))
    act = NewAct(ActKind.ACCESSION, PartialDate(date(2001, 2, 3)), party=france)
    joining = Joining(treaty.pk, {france: "République française", netherlands: "again"}, [act])
    bulk_actions.join_many(actor=staff, joinings=[joining], reason="a list")
    assert list(treaty.party_links.values_list("party__code", "named_as").order_by("party__code")) == [
        ("FR", "République française"),
        ("NL", ""),
    ]
    assert Act.history.get().history_type == "+"
    treaty.search.refresh_from_db()
    assert treaty.search.country_codes == ["FR", "NL"]
