from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from tests.factories import add_pdf
from treaties.actions import TitleText
from treaties.choices import Access, DocumentKind, Kind, Language, Precision, Qualification, Scheme, TitleKind
from treaties.models import (
    Act,
    Document,
    Identifier,
    Party,
    Relation,
    SearchDocument,
    Theme,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


@pytest.fixture
def refused(staff: User) -> Callable[[str], AbstractContextManager[object]]:
    """The database refuses what is written inside, by the constraint of that name."""

    def by(constraint: str) -> AbstractContextManager[object]:
        from contextlib import ExitStack

        stack = ExitStack()
        stack.enter_context(pytest.raises(IntegrityError, match=constraint))
        stack.enter_context(transaction.atomic())
        stack.enter_context(change(staff, action=Action.UPKEEP, reason="x"))
        return stack

    return by


Refusing = Callable[[str], AbstractContextManager[object]]


def test_a_date_is_unknown_exactly_when_it_is_empty(make_treaty: Make, refused: Refusing) -> None:
    treaty = make_treaty()
    with refused("act_date_or_unknown"):
        Act(treaty=treaty, kind="signature", on=None, precision=Precision.DAY).save()
    with refused("act_date_or_unknown"):
        Act(treaty=treaty, kind="signature", on="2007-01-01", precision=Precision.UNKNOWN).save()


def test_a_title_is_not_blank(make_treaty: Make, refused: Refusing) -> None:
    with refused("title_not_blank"):
        Title(treaty=make_treaty(), language="fr", text=" \n ").save()


def test_a_treaty_has_one_title_per_language_and_kind(make_treaty: Make, refused: Refusing) -> None:
    with refused("one_title_per_language_and_kind"):
        Title(treaty=make_treaty(), language="nl", text="Nog een").save()


def test_a_party_and_a_theme_stand_once(make_treaty: Make, refused: Refusing) -> None:
    treaty = make_treaty()
    with refused("party_once"):
        TreatyParty(treaty=treaty, party=Party.objects.get(code="NL")).save()
    with refused("theme_once"):
        TreatyTheme(treaty=treaty, theme=Theme.objects.get(slug="buitenlands-beleid")).save()


@pytest.mark.parametrize("value", ["", " 817", "817 "])
def test_an_identifier_has_no_white_space_around(value: str, make_treaty: Make, refused: Refusing) -> None:
    with refused("identifier_trimmed"):
        Identifier(treaty=make_treaty(), scheme=Scheme.FDFA, value=value).save()


def test_a_treaty_is_not_related_to_itself(make_treaty: Make, refused: Refusing) -> None:
    treaty = make_treaty()
    with refused("not_related_to_itself"):
        Relation(treaty=treaty, kind="amends", other=treaty).save()


def test_a_hash_is_a_hash(make_treaty: Make, refused: Refusing) -> None:
    with refused("document_sha256_form"):
        Document(treaty=make_treaty(), kind="other", language="nl", title="x", size=1, sha256="ABC").save()


@pytest.mark.parametrize(("kind", "is_treaty"), [(kind, kind not in (Kind.MOU, Kind.PROGRAMME)) for kind in Kind])
def test_mous_and_programmes_are_no_treaties(kind: Kind, is_treaty: bool) -> None:
    assert Treaty(kind=kind).is_treaty == is_treaty


@pytest.mark.parametrize("qualification", Qualification)
def test_mixed_and_eu_mixed_are_mixed(qualification: Qualification) -> None:
    assert Treaty(qualification=qualification).is_mixed == (qualification in ("mixed", "eu_mixed"))


@pytest.mark.parametrize(
    ("titles", "dutch", "english"),
    [
        ([("nl", "official", "NL"), ("en", "official", "EN")], "NL", "EN"),
        ([("en", "translation", "EN vert."), ("nl", "official", "NL")], "NL", "EN vert."),
        ([("fr", "official", "FR"), ("nl", "translation", "NL vert.")], "NL vert.", "NL vert."),
        ([("de", "official", "DE")], "DE", "DE"),
        ([("nl", "short", "kort"), ("nl", "official", "lang")], "lang", "lang"),
        ([("en", "short", "short"), ("nl", "official", "NL")], "NL", "short"),
    ],
)
def test_the_title_is_in_the_language_of_the_reader_where_there_is_one(
    titles: list[tuple[str, str, str]], dutch: str, english: str, make_treaty: Make
) -> None:
    treaty = make_treaty(titles=[TitleText(Language(lang), text, TitleKind(kind)) for lang, kind, text in titles])
    assert treaty.title == dutch
    with translation.override("en"):
        assert treaty.title == english


def test_without_a_title_the_reference_stands_in(make_treaty: Make, staff: User) -> None:
    treaty = make_treaty()
    with change(staff, action=Action.UPKEEP, reason="x"):
        treaty.titles.get().delete()
    assert str(treaty) == treaty.reference


def test_a_summary_in_one_language_serves_both() -> None:
    assert Treaty(summary_nl="nl", summary_en="en").summary == "nl"
    assert Treaty(summary_en="en").summary == "en"
    with translation.override("en"):
        assert Treaty(summary_nl="nl", summary_en="en").summary == "en"
        assert Treaty(summary_nl="nl").summary == "nl"


def test_names_are_in_the_language_of_the_reader_and_dutch_where_unknown() -> None:
    germany = Party.objects.get(code="DE")
    assert str(germany) == "Duitsland"
    with translation.override("en"):
        assert str(germany) == "Germany"
        assert Party(name_nl="Ergens").name == "Ergens"


@pytest.mark.parametrize(
    ("code", "found_under"),
    [
        ("DE", ["DE"]),
        ("DE-BY", ["DE-BY", "DE"]),
        ("DDDE", ["DDDE", "DE"]),
        ("ANHH", ["ANHH", "NL", "BQ", "CW", "SX"]),
        ("X-EU", ["X-EU"]),
        ("X-BE-FED", ["X-BE-FED", "BE"]),
    ],
)
def test_a_party_is_found_under_the_whole_it_is_part_of_and_its_successors(code: str, found_under: list[str]) -> None:
    assert Party.objects.get(code=code).country_codes == found_under


@pytest.mark.parametrize(
    ("name", "sees_internal"),
    [("", False), ("reader", False), ("auditor", True), ("staff2", True), ("reviewer", True), ("administrator", True)],
)
def test_internal_records_are_seen_by_role_only(
    name: str, sees_internal: bool, make_treaty: Make, reviewer: User, request: pytest.FixtureRequest
) -> None:
    public, internal = make_treaty(), make_treaty(access=Access.GOVERNMENT)
    for treaty in (public, internal):
        add_pdf(reviewer, treaty, DocumentKind.SIGNED_TEXT, access=Access.PUBLIC)
        add_pdf(reviewer, treaty, DocumentKind.MEMORANDUM)
    person = request.getfixturevalue(name) if name else AnonymousUser()
    seen = Treaty.objects.visible_to(person).count()
    papers = Document.objects.visible_to(person).count()
    found = SearchDocument.objects.visible_to(person).count()
    # A public paper of an internal treaty is not public.
    assert (seen, found, papers) == ((2, 2, 4) if sees_internal else (1, 1, 1))


def test_somebody_deactivated_sees_only_what_is_public(make_treaty: Make, staff: User) -> None:
    make_treaty(access=Access.GOVERNMENT)
    staff.is_active = False
    assert not Treaty.objects.visible_to(staff).exists()
