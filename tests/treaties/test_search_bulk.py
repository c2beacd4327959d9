"""Both ways of making a search document make the same one."""

from collections.abc import Callable
from datetime import date

from django.db import connection

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from treaties import actions, search, search_bulk
from treaties.actions import Number, TitleText
from treaties.choices import ActKind, Kind, Language, Scheme, TitleKind
from treaties.dates import PartialDate
from treaties.models import Party, SearchDocument, Treaty


def documents() -> list[dict[str, object]]:
    return list(SearchDocument.objects.order_by("treaty").values())


def test_many_documents_are_made_as_one_is(make_treaty: Callable[..., Treaty], staff: User) -> None:
    first = make_treaty(
        titles=[
            TitleText(Language.NL, "Verdrag over de Schelde <b>'; DROP"),
            TitleText(Language.FR, "Traité sur l'Escaut"),
            TitleText(Language.NL, "Scheldeverdrag", TitleKind.SHORT),
            TitleText(Language.OTHER, "Договор 100% %s"),
        ],
        numbers=[Number(Scheme.PARLIAMENT, "1160 (2010-2011) nr. 1"), Number(Scheme.COUNCIL_OF_STATE, "62.109/1")],
        parties={"NL": "Koninkrijk", "BE-VLG": "", "SUHH": "", "DE": ""},
        summary_nl="over rivieren",
    )
    netherlands = Party.objects.get(code="NL")
    with change(staff, action=Action.ACT_RECORD, reason="x"):
        for day, kind in enumerate((ActKind.SIGNATURE, ActKind.ENTRY_INTO_FORCE, ActKind.END), start=3):
            act = actions.record_act(
                actor=staff,
                treaty=first,
                kind=kind,
                when=PartialDate(date(2001, 1, day)),
                place="Gent",
                party=netherlands,
                number="NUMAC 12/3",
                reason="x",
            )
        actions.retract_act(actor=staff, act=act, reason="x")
    others = [make_treaty(title=f"Memorandum {place}", kind=Kind.MOU, parties=[], themes=[]) for place in range(3)]
    single = documents()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treaties_searchdocument SET words = '', title_key = '', status = 'x', facets = '{}'")
    search_bulk.refresh_many([first.pk, *(treaty.pk for treaty in others)])
    assert documents() == single
    SearchDocument.objects.all()._raw_delete("default")
    search_bulk.refresh_many([treaty.pk for treaty in Treaty.objects.all()])
    assert documents() == single


def test_a_day_can_be_given(make_treaty: Callable[..., Treaty], staff: User) -> None:
    treaty = make_treaty()
    actions.record_act(
        actor=staff, treaty=treaty, kind=ActKind.ENTRY_INTO_FORCE, when=PartialDate(date(2030, 1, 2)), reason="x"
    )
    search.refresh(treaty, today=date(2031, 1, 1))
    single = documents()
    search_bulk.refresh_many([treaty.pk], today=date(2031, 1, 1))
    assert documents() == single
    assert single[0]["status"] == "in_force"
