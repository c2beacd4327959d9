from datetime import date

import pycountry
import pytest

from audit.models import Change
from treaties import reference_data
from treaties.choices import NameKind, PartyKind
from treaties.models import Party, PartyName, Theme
from treaties.sorting import sort_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_all_parties_and_themes_are_there() -> None:
    assert (Party.objects.count(), Theme.objects.count()) == (602, 70)


def test_loading_again_writes_nothing_but_the_change_itself() -> None:
    def count() -> int:
        return Party.history.count() + PartyName.history.count() + Theme.history.count()

    rows, changes = count(), Change.objects.count()
    assert reference_data.load() == {"parties": 0, "names": 0, "themes": 0, "synonyms": 0}
    assert count() == rows
    assert Change.objects.count() <= changes + 1


def test_only_what_differs_is_written_again() -> None:
    from accounts.actions import service_account
    from audit.actions import change
    from audit.choices import Action

    party = Party.objects.get(code="DE")
    with change(service_account(), action=Action.REFERENCE_EDIT, reason="x"):
        party.name_en = "Elsewhere"
        party.save()
    assert reference_data.load() == {"parties": 1, "names": 0, "themes": 0, "synonyms": 0}
    party.refresh_from_db()
    assert (party.name_en, party.history.count()) == ("Germany", 3)


def test_the_load_stands_in_the_trail_as_done_by_the_register() -> None:
    row = Party.objects.get(code="NL").history.last()
    assert (row.history_actor, row.history_action, row.history_change_reason) == (
        "Verdragenregister",
        "reference.load",
        "fixtures/reference",
    )


def test_parts_know_their_whole() -> None:
    assert Party.objects.get(code="BE-VLG", parent__code="BE").name == "Vlaams Gewest"
    domain = "kanselarij-bestuur-buitenlandse-zaken-en-justitie"
    assert Theme.objects.get(slug="toerisme", parent__slug=domain).name == "Toerisme"


def test_every_successor_is_a_party_itself() -> None:
    codes = set(Party.objects.values_list("code", flat=True))
    successors = {code for codes_of in Party.objects.values_list("successors", flat=True) for code in codes_of}
    assert successors <= codes


def test_every_party_has_a_dutch_name_and_its_own_sort_key() -> None:
    assert not Party.objects.filter(name_nl="").exists()
    assert all(party.sort_key == sort_key(party.name_nl) for party in Party.objects.all())


def test_a_retired_theme_is_marked_and_dated() -> None:
    assert Theme.objects.get(slug="bestuurszaken").is_deprecated
    assert str(Theme.objects.get(slug="toerisme").valid_from) == "2024-01-01"


def test_no_two_parties_of_one_kind_have_the_same_dutch_name() -> None:
    names = list(Party.objects.values_list("kind", "name_nl"))
    assert len(names) == len(set(names))


class TestAlpha3:
    def test_every_state_and_territory_has_the_code_of_iso(self) -> None:
        countries = Party.objects.filter(kind__in=(PartyKind.STATE, PartyKind.TERRITORY, PartyKind.FORMER_STATE))
        today = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
        former = {country.alpha_4: country.alpha_3 for country in pycountry.historic_countries}
        expected = {party.code: (today | former | {"XK": "XKX"}).get(party.code, "") for party in countries}
        assert {party.code: party.iso3 for party in countries} == expected
        # Everything in ISO 3166-1 is a party, so that no code of a list of treaties is unknown.
        assert set(today) <= set(expected)

    @pytest.mark.parametrize(("code", "iso3"), [("BE", "BEL"), ("DDDE", "DDR"), ("SUHH", "SUN"), ("XK", "XKX")])
    def test_a_few_by_name(self, code: str, iso3: str) -> None:
        assert Party.objects.get(iso3=iso3).code == code

    def test_no_code_is_given_twice(self) -> None:
        codes = list(Party.objects.exclude(iso3="").values_list("iso3", flat=True))
        assert len(codes) == len(set(codes))

    def test_a_region_and_an_organisation_have_none(self) -> None:
        others = Party.objects.exclude(kind__in=(PartyKind.STATE, PartyKind.TERRITORY, PartyKind.FORMER_STATE))
        assert set(others.values_list("iso3", flat=True)) == {""}


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("DDDE", date(1949, 10, 7), date(1990, 10, 3)),
        ("SUHH", date(1922, 12, 30), date(1991, 12, 26)),
        ("CSHH", date(1918, 10, 28), date(1992, 12, 31)),
        ("ZRCD", date(1971, 10, 27), date(1997, 5, 17)),
        ("CZ", date(1993, 1, 1), None),
        # Goes on what it was under international law: no first day.
        ("DE", None, None),
        ("RU", None, None),
        # Not agreed when it began.
        ("BYAA", None, date(1991, 9, 19)),
    ],
)
def test_how_long_a_state_existed(code: str, start: date | None, end: date | None) -> None:
    party = Party.objects.get(code=code)
    assert (party.valid_from, party.valid_to) == (start, end)


def test_only_former_states_and_what_came_to_an_end_have_a_last_day() -> None:
    ended = Party.objects.exclude(valid_to__isnull=True)
    assert all(party.successors or party.kind == PartyKind.ORGANISATION for party in ended)
    assert not Party.objects.filter(kind=PartyKind.FORMER_STATE, valid_to__isnull=True).exists()


SOVIET = "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ"


@pytest.mark.parametrize(
    ("code", "successors"),
    [
        ("DDDE", "DE"),
        ("CSHH", "CZ SK"),
        ("SUHH", SOVIET),
        ("YUCS", "BA HR ME MK RS SI"),
        ("CSXX", "ME RS"),
        ("ANHH", "BQ CW SX"),
        ("RHZW", "ZW"),
        ("X-AUSTRIA-HUNGARY", "AT HU"),
        ("X-UAR", "EG SY"),
        ("X-BELGIAN-CONGO", "CD"),
        ("X-EEC", "X-EU"),
        ("X-OEEC", "X-OECD"),
    ],
)
def test_who_came_after(code: str, successors: str) -> None:
    assert Party.objects.get(code=code).successors == successors.split()


class TestNames:
    @pytest.mark.parametrize(
        ("code", "language", "text", "start", "end"),
        [
            ("CD", "nl", "Zaïre", "1971-10-27", "1997-05-17"),
            ("DE", "nl", "Bondsrepubliek Duitsland", "1949-05-23", None),
            ("DE", "en", "Federal Republic of Germany", "1949-05-23", None),
            ("BF", "nl", "Opper-Volta", "1960-08-05", "1984-08-04"),
            ("LK", "fr", "Ceylan", "1948-02-04", "1972-05-22"),
            ("MM", "nl", "Birma", "1948-01-04", "1989-06-18"),
            ("IR", "nl", "Perzië", None, "1935-03-22"),
            ("TH", "en", "Siam", None, "1939-06-24"),
            ("BJ", "de", "Dahomey", "1960-08-01", "1975-11-30"),
            ("ZW", "nl", "Rhodesië", None, "1980-04-18"),
            ("SZ", "nl", "Swaziland", "1968-09-06", "2018-04-19"),
            ("MK", "nl", "Macedonië", "1991-09-08", "2019-02-12"),
            ("TR", "en", "Turkey", None, "2022-06-01"),
            ("X-EEC", "nl", "Europese Gemeenschap", "1993-11-01", "2009-12-01"),
        ],
    )
    def test_each_with_its_period(
        self, code: str, language: str, text: str, start: str | None, end: str | None
    ) -> None:
        name = PartyName.objects.get(party__code=code, language=language, text=text)
        assert [day and day.isoformat() for day in (name.valid_from, name.valid_to)] == [start, end]

    @pytest.mark.parametrize(
        ("code", "language", "text"), [("DE", "nl", "Duits"), ("NL", "nl", "Nederlands"), ("CA-QC", "nl", "Quebecse")]
    )
    def test_adjectives(self, code: str, language: str, text: str) -> None:
        assert PartyName.objects.filter(
            party__code=code, language=language, text=text, kind=NameKind.ADJECTIVE
        ).exists()

    def test_no_name_ends_before_it_begins_or_outlives_its_party(self) -> None:
        names = PartyName.objects.exclude(valid_to__isnull=True).select_related("party")
        late = [name for name in names if name.party.valid_to and name.valid_to and name.valid_to > name.party.valid_to]
        assert late == []

    def test_every_row_of_the_file_is_its_own(self) -> None:
        rows = list(reference_data._rows("party_names.csv"))
        keys = [tuple(row[name] for name in ("party", "language", "kind", "text", "valid_from")) for row in rows]
        assert len(keys) == len(set(keys)) == PartyName.objects.count()
