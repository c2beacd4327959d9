"""Words that mean the same: as data that people edit, and as a search uses them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from django.utils.http import urlencode

from accounts.actions import service_account
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.context import NoChange
from audit.models import Change
from tests.conftest import PASSWORD
from tests.doors import token
from treaties import asking, queries, terms
from treaties.models import KnownWord, SearchDocument, SynonymGroup, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def found(typed: str) -> list[Treaty]:
    rows = SearchDocument.objects.filter(words=asking.query(typed)).order_by("pk")
    return [row.treaty for row in rows.select_related("treaty")]


def why(typed: str) -> list[list[str]]:
    with translation.override("en"):
        filterset = queries.found(AnonymousUser(), QueryDict(urlencode({"q": typed})))
        rows = queries.rows(queries.in_order(filterset), typed)
        return [[": ".join(filter(None, (one.label, one.text))) for one in row.reasons] for row in rows]


def group(code: str, *words: str, is_used: bool = True) -> SynonymGroup:
    with change(service_account(), action=Action.REFERENCE_EDIT, reason="x"):
        return SynonymGroup.objects.create(code=code, words=list(words), keys=terms.keys(words), is_used=is_used)


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Memorandum van overeenstemming over erfgoed", "MoU"),
        ("Memorandum van overeenstemming over erfgoed", "mou's"),
        ("Memorandum van overeenstemming over erfgoed", "Memorandum of Understanding erfgoed"),
        ("Memorandum van overeenstemming over erfgoed", "erfgoed intentieverklaringen"),
        ("Memorandum van overeenstemming over erfgoed", "Absichtserklärung"),
        ("Memorandum van overeenstemming over erfgoed", "mémorandum d’entente"),
        ("MoU over erfgoed", "memorandum van overeenstemming"),
        ("Intentieverklaring over erfgoed", "memorandum of understanding"),
        ("Overeenkomst tot het vermijden van dubbele belasting met Japan", "DBV"),
        ("Overeenkomst tot het vermijden van dubbele belasting met Japan", "dubbelbelastingverdrag Japan"),
        ("Overeenkomst tot het vermijden van dubbele belasting met Japan", "dubbelbelastingverdragen"),
        ("Overeenkomst tot het vermijden van dubbele belasting met Japan", "double taxation convention"),
        ("Verdrag over de Schelde", "Escaut"),
        ("Verdrag over de Schelde", "Scheldt"),
        ("Verdrag over de Maas", "Meuse"),
        ("Akkoord van samenwerking in de Rijn", "Rhine"),
        ("Zetelakkoord met de Unie", "headquarters agreement"),
    ],
)
def test_what_means_the_same_is_found(title: str, typed: str, make_treaty: Make) -> None:
    treaty = make_treaty(title=title)
    assert found(typed) == [treaty]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        # Between quotes, or with a minus, it is what was typed.
        ("Memorandum van overeenstemming", '"MoU"'),
        ("Verdrag over de Schelde", '"Escaut"'),
        # A part of a phrase is not the phrase.
        ("MoU over erfgoed", "overeenstemming"),
        ("Memorandum over de prijzen en de overeenstemming", "MoU"),
        # Synonyms of synonyms are not looked for.
        ("Verdrag over de Maas", "Schelde"),
    ],
)
def test_what_does_not_mean_the_same_is_not(title: str, typed: str, make_treaty: Make) -> None:
    make_treaty(title=title)
    assert found(typed) == []


def test_minus_leaves_out_the_word_and_not_its_synonyms(make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag over de Schelde")
    make_treaty(title="Verdrag over de Escaut")
    assert found("verdrag -Escaut") == [treaty]


def test_synonyms_are_not_followed_further(make_treaty: Make) -> None:
    group("aa", "kwik", "kwek")
    group("bb", "kwek", "kwak")
    one = make_treaty(title="Verdrag over kwek")
    make_treaty(title="Verdrag over kwak")
    assert found("kwik") == [one]


def test_the_longest_phrase_counts(make_treaty: Make) -> None:
    group("cc", "rode zee", "aaa")
    group("dd", "zee", "bbb")
    assert [one.text for one in asking.read("rode zee").synonyms] == ["aaa"]
    assert [one.text for one in asking.read("diepe zee").synonyms] == ["bbb"]


def test_groups_that_are_switched_off_say_nothing() -> None:
    group("ee", "kwik", "kwek", is_used=False)
    assert asking.read("kwik").synonyms == ()


def test_a_word_of_many_groups_brings_in_a_limited_number() -> None:
    for number in range(9):
        group(f"g{number}", "kwik", *(f"anders{number}{other}" for other in "abcdefghijklmnopqrst"))
    assert len(asking.read("kwik").synonyms) == asking.GROUPS_LIMIT * asking.WORDS_LIMIT - asking.GROUPS_LIMIT


def test_why_it_was_found(make_treaty: Make) -> None:
    make_treaty(title="Memorandum van overeenstemming over erfgoed")
    assert why("MoU") == [["synonym of “MoU”: memorandum van overeenstemming"]]
    assert why("erfgoed MoU") == [["synonym of “MoU”: memorandum van overeenstemming"]]
    assert why("memorandum overeenstemming") == [[]]


class TestData:
    def test_a_few_that_the_register_comes_with(self) -> None:
        mou = SynonymGroup.objects.get(code="mou")
        assert {"MoU", "memorandum van overeenstemming", "intentieverklaring"} <= set(mou.words)
        assert mou.keys == terms.keys(mou.words)
        assert SynonymGroup.objects.count() >= 45

    def test_no_word_stands_in_two_groups(self) -> None:
        keys = [key for one in SynonymGroup.objects.all() for key in one.keys]
        assert sorted(keys) == sorted(set(keys))

    def test_it_is_written_in_a_change_and_never_deleted(self) -> None:
        with pytest.raises(NoChange):
            SynonymGroup.objects.create(code="x", words=["a", "b"], keys=["a", "b"])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM treaties_synonymgroup")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE treaties_historicalsynonymgroup SET code = 'x'")


class TestPage:
    @pytest.fixture
    def manager(self, client: Client, administrator: User) -> Client:
        client.login(username=administrator.username, password=PASSWORD)
        return client

    def test_a_group_added_by_hand_is_searched_and_in_the_trail(self, manager: Client, make_treaty: Make) -> None:
        treaty = make_treaty(title="Verdrag over kwik")
        data = {
            "code": "kwik",
            "words": "kwik\r\n quecksilber \n\nkwik",
            "is_used": "on",
            "note": "",
            "reason": "Asked.",
        }
        assert manager.post("/admin/treaties/synonymgroup/add/", data | token()).status_code == 302
        made = SynonymGroup.objects.get(code="kwik")
        assert (made.words, made.keys) == (["kwik", "quecksilber"], ["kwik", "quecksilber"])
        assert found("Quecksilber") == [treaty]
        assert made.history.get().history_change_reason == "Asked."
        assert Change.objects.filter(action=Action.REFERENCE_EDIT, reason="Asked.").count() == 1
        assert KnownWord.objects.get(word="quecksilber").is_reference

    def test_it_can_be_switched_off_and_its_code_stays(self, manager: Client) -> None:
        group("kwik", "kwik", "quecksilber")
        made = SynonymGroup.objects.get(code="kwik")
        data = {"code": "anders", "words": "kwik\nmercury", "note": "", "reason": "x"}
        assert manager.post(f"/admin/treaties/synonymgroup/{made.pk}/change/", data | token(made)).status_code == 302
        made.refresh_from_db()
        assert (made.code, made.words, made.keys, made.is_used) == (
            "kwik",
            ["kwik", "mercury"],
            ["kwik", "mercury"],
            False,
        )

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ("", "This field is required."),
            ("kwik", "Enter at least two words or phrases, each on its own line."),
            ("kwik\nKWIK", "Enter at least two words or phrases, each on its own line."),
            ("kwik\n%%%", "Enter at least two words or phrases, each on its own line."),
            ("kwik\na\x07b", "This text contains a character that cannot be stored."),
            ("kwik\n" + "x" * 201, "This text is longer than 200 characters."),
        ],
    )
    def test_a_mistake_is_a_sentence_and_nothing_is_written(self, words: str, sentence: str, manager: Client) -> None:
        data = {"code": "kwik", "words": words, "is_used": "on", "reason": "x"}
        response = manager.post("/admin/treaties/synonymgroup/add/", data | token(), headers={"accept-language": "en"})
        assert response.status_code == 200
        assert sentence in response.content.decode()
        assert not SynonymGroup.objects.filter(code="kwik").exists()

    def test_others_may_not(self, client: Client, staff: User) -> None:
        client.login(username=staff.username, password=PASSWORD)
        assert client.get("/admin/treaties/synonymgroup/").status_code in (302, 403)

    def test_the_list_shows_them(self, manager: Client) -> None:
        assert "memorandum van overeenstemming" in manager.get("/admin/treaties/synonymgroup/").content.decode()
