"""Taking back: what a dossier is about is left; participation leaves without a trace in the record as it stands."""

from accounts.models import User
from imports import actions, queries
from imports.choices import ListKind, UnknownParties
from imports.models import SourceKey
from tests.facets import country_codes
from tests.imports.test_actions import CULTURE, HEADER, MOU, PARTICIPATION, TITLE, imported
from treaties.models import Act, TreatyParty
from workflow import actions as procedure


def test_a_treaty_with_a_dossier_is_left(staff: User) -> None:
    run = imported(staff, HEADER + CULTURE + MOU)
    first = queries.rows(run)[0].treaty
    assert first is not None
    procedure.open_dossier(actor=staff, treaty=first, procedure="exclusive", reason="it goes on")
    done = actions.undo(actor=staff, run=run, reason="the wrong list")
    assert (done.put_back, done.left) == (1, [first.reference])
    first.refresh_from_db()
    assert first.access == "public"


def test_participation_is_taken_back(staff: User) -> None:
    treaty = imported(staff, HEADER + CULTURE).rows.get().treaty
    assert treaty is not None
    before = treaty.note, sorted(treaty.party_links.values_list("party__code", flat=True))
    rows = f"uk,12,{TITLE},Germany,DEU,,1999-01-02,accession,,\nuk,12,{TITLE},Atlantis,,1990-05-01,,,,\n"
    run = imported(staff, PARTICIPATION + rows, kind=ListKind.PARTICIPATION, unknown_parties=UnknownParties.NOTE)
    treaty.refresh_from_db()
    assert "Atlantis" in treaty.note
    assert country_codes(treaty.search) == ["DE", "FR", "NL"]
    actions.undo(actor=staff, run=run, reason="the wrong list")
    treaty.refresh_from_db()
    treaty.search.refresh_from_db()
    assert country_codes(treaty.search) == ["FR", "NL"]
    assert (treaty.note, sorted(treaty.party_links.values_list("party__code", flat=True))) == before
    assert not treaty.acts.filter(party__code="DE", is_retracted=False).exists()
    assert SourceKey.objects.get().party is None
    assert [row.history_type for row in Act.history.filter(party__code="DE").order_by("history_id")] == ["+", "~"]
    gone = TreatyParty.history.filter(party__code="DE").order_by("history_id")
    assert [(row.history_type, row.history_action) for row in gone] == [("+", "import.confirm"), ("-", "import.undo")]
    assert imported(
        staff, PARTICIPATION + rows, kind=ListKind.PARTICIPATION, unknown_parties=UnknownParties.NOTE
    ).counts == {"new": 2}
