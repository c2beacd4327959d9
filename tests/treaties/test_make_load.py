"""Load data is what the record would give, only in an empty register, and says what it is."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from audit.models import Change
from treaties.choices import UNIQUE_SCHEMES, Kind, Qualification, Stage, Status
from treaties.load import actions
from treaties.load.shape import KINDS, MOST_PARTIES, NOTE, Maker, Named
from treaties.load.words import PLANTED, planted, vocabulary
from treaties.models import Identifier, SearchDocument, Title, Treaty, TreatyParty, TreatyTheme

COUNT = 60


@pytest.fixture
def load(reference_data: None) -> str:
    out = StringIO()
    call_command("make_load", treaties=COUNT, seed=7, stdout=out)
    return out.getvalue()


def test_documents_cards_and_counts_are_what_the_record_gives(load: str) -> None:
    out = StringIO()
    call_command("rebuild_search", check=True, verbosity=2, stdout=out)
    assert out.getvalue().startswith(f"{COUNT} search documents are what the record gives")
    assert load.startswith(f"{COUNT} treaties of load data, ")


def test_every_treaty_says_that_it_is_load_data(load: str) -> None:
    assert Treaty.objects.filter(is_demo=True, note__startswith=NOTE).count() == COUNT
    assert Title.objects.filter(language="nl").count() == Title.objects.filter(language="en").count() == COUNT
    (change,) = Change.objects.filter(reason=actions.REASON)
    assert Treaty.history.filter(history_type="+", history_change=change).count() == COUNT


def test_one_treaty_was_changed_often(load: str) -> None:
    first = Treaty.objects.get(reference=actions.often_changed())
    rows = Treaty.history.filter(id=first.pk)
    assert rows.count() == actions.MOST_HISTORY
    assert rows.latest("history_date").version == first.version == actions.MOST_HISTORY
    assert SearchDocument.objects.get(pk=first.pk).changed_at == rows.latest("history_date").history_date


def test_what_points_elsewhere_points_at_something(load: str) -> None:
    """Keys are not checked while load data is written: so they are here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text LIKE 'treaties_%'"
        )
        found = cursor.fetchall()
        assert len(found) > 30
        for table, name in found:
            definition = f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}'"  # noqa: S608
            cursor.execute(definition)
            (said,) = cursor.fetchone()
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT checked_again {said.split(' DEFERRABLE')[0]}")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT checked_again")


def test_the_indexes_are_there_again(load: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'treaties_searchdocument'")
        names = {name for (name,) in cursor.fetchall()}
    assert names >= {index.name for index in SearchDocument._meta.indexes}


def test_new_records_go_on_after_load_data(load: str, make_treaty: object) -> None:
    made = make_treaty(title="Verdrag na de proefgegevens")  # type: ignore[operator]
    assert made.pk > max(Treaty.objects.exclude(pk=made.pk).values_list("pk", flat=True))
    assert made.titles.get().pk > max(Title.objects.exclude(treaty=made).values_list("pk", flat=True))


def test_the_list_shows_them(load: str) -> None:
    listed = Client(headers={"accept-language": "en"}).get("/treaties/")
    public = Treaty.objects.filter(access="public").count()
    assert listed.status_code == 200
    assert listed.context["list"].page.total == public


def test_a_register_with_anything_in_it_is_refused(load: str) -> None:
    with pytest.raises(CommandError, match=r"niet leeg|not empty"):
        call_command("make_load", treaties=1)
    assert Treaty.objects.count() == COUNT


def test_a_change_that_left_no_treaty_is_something_too(reference_data: None, staff: object) -> None:
    with actions.change(staff, action=actions.Action.ACT_RECORD, reason="x"):  # type: ignore[arg-type]
        pass
    assert [blocker.code for blocker in actions.against(5)] == ["not_empty"]


@pytest.mark.parametrize("count", [0, 1_000_001])
def test_too_few_and_too_many_are_refused(reference_data: None, count: int) -> None:
    assert [blocker.code for blocker in actions.against(count)] == ["how_many"]


PARTIES = [Named(f"P{place}", f"Partij {place}", f"Party {place}") for place in range(60)]
OWN = [Named(code, code, code) for code in ("BE", "X-BE-VG", "BE-VLG", "NL", "FR")]
THEMES = [Named(f"t{place}", "Thema", "Theme") for place in range(9)]


def maker(seed: int) -> Maker:
    return Maker([*OWN, *PARTIES], THEMES, {"nl": ["haven", "water"], "en": ["port"], "fr": ["port"]}, seed=seed)


def test_the_same_seed_draws_the_same() -> None:
    assert list(maker(3).make(50)) == list(maker(3).make(50))
    assert list(maker(3).make(50)) != list(maker(4).make(50))


def test_shape() -> None:
    drawn = list(maker(1).make(6_000))
    assert {one.kind for one in drawn} == set(KINDS) == set(Kind)
    assert {one.qualification for one in drawn} == set(Qualification)
    assert {one.stage for one in drawn} == {"", *Stage.values}
    assert len({one.reference for one in drawn}) == len(drawn)
    assert 2 <= max(len(one.parties) for one in drawn) <= MOST_PARTIES
    assert 0.10 < sum("NL" in one.parties for one in drawn) / len(drawn) < 0.22
    assert 0.01 < sum(one.access == "government" for one in drawn) / len(drawn) < 0.03
    unique = [number for one in drawn for number in one.numbers if number[0] in UNIQUE_SCHEMES]
    assert len(set(unique)) == len(unique)


@pytest.mark.parametrize("word", PLANTED[1:], ids=lambda one: one.word)
def test_planted_words_stand_in_their_share(word: object) -> None:
    drawn = list(maker(1).make(8_000))
    share = sum(word.word in one.titles[0][1] for one in drawn) / len(drawn)  # type: ignore[attr-defined]
    assert share == pytest.approx(word.share, rel=0.25)  # type: ignore[attr-defined]


def test_planted_words_stand_nowhere_else() -> None:
    known = vocabulary()
    assert [word for words in known.values() for word in words if word in set(planted().values())] == []
    assert len(known["nl"]) > 1_500
    assert len(known["en"]) > 1_200


def test_all_statuses_come_about(reference_data: None) -> None:
    actions.make_load(treaties=400, seed=2)
    found = set(SearchDocument.objects.values_list("status", flat=True))
    assert found >= set(Status.values) - {"unknown"}
    assert TreatyParty.objects.values("party").distinct().count() > 100
    assert TreatyTheme.objects.values("theme").distinct().count() > 10
    assert Identifier.objects.filter(scheme="unts").exists()
