"""A list brought in: staged, judged, mended, confirmed and taken back."""

import io
from typing import Any

import pytest

from accounts.models import User
from audit.models import Change
from audit.refusals import Conflict, Refused
from imports import actions, queries
from imports.choices import DateOrder, ListKind, Outcome, RunState, UnknownParties
from imports.models import ImportRun, SourceKey
from tests.facets import country_codes
from treaties import actions as record
from treaties.choices import Access, ActKind, Kind, Language
from treaties.models import Act, Party, SearchDocument, Title, Treaty, TreatyParty

HEADER = "source,source_id,title,kind,signed_on,in_force_on,ended_on,parties,subject,url\n"
CULTURE = (
    "uk,12,Agreement between the Netherlands and France on culture,bilateral,1990-05-01,1991-02,,NLD;FRA,Culture,"
    "https://example.org/12\n"
)
MOU = "uk,13,Memorandum of Understanding on the exchange of teachers,,2001-03-04,2001-05-06,,Belgium;Zaïre,,\n"


def brought(actor: User, text: str | bytes, **kw: Any) -> ImportRun:
    """The file staged and judged."""
    content = text if isinstance(text, bytes) else text.encode()
    given = {name: kw.pop(name) for name in ("unknown_parties", "register_missing") if name in kw}
    run = actions.stage(actor=actor, file=io.BytesIO(content), filename="list.csv", **kw)
    if given:
        run = actions.map_columns(actor=actor, run=run, **given)
    return actions.judge(actor=actor, run=run)


def imported(actor: User, text: str, **kw: Any) -> ImportRun:
    return actions.confirm(actor=actor, run=brought(actor, text, **kw))


def told(run: ImportRun, number: int = 2) -> list[str]:
    """Codes of the problems of a row."""
    return [problem.code for problem in queries.problems(run.rows.get(number=number))]


def histories() -> int:
    return sum(model.history.count() for model in (Treaty, Title, Act, TreatyParty))  # type: ignore[attr-defined]


def test_a_list_becomes_records_with_a_trail(staff: User) -> None:
    run = brought(staff, HEADER + CULTURE + MOU)
    assert (run.state, run.counts, run.row_count) == (RunState.JUDGED, {"new": 2}, 2)
    assert not Treaty.objects.exists()
    run = actions.confirm(actor=staff, run=run, reason="the old register")
    first, second = (row.treaty for row in queries.rows(run))
    assert first is not None
    assert second is not None
    assert (first.kind, first.qualification, first.access) == (Kind.AGREEMENT, "undetermined", Access.PUBLIC)
    assert first.titles.get().language == Language.EN
    assert [(act.kind, act.when.iso, act.source) for act in first.acts.all()] == [
        (ActKind.SIGNATURE, "1990-05-01", "https://example.org/12"),
        (ActKind.ENTRY_INTO_FORCE, "1991-02", "https://example.org/12"),
    ]
    assert sorted(link.party.code for link in first.party_links.all()) == ["FR", "NL"]
    assert first.source_lines == ["uk, 12", "https://example.org/12"]
    assert first.note == "Onderwerp volgens de bron: Culture"
    # The name of the day of signature: in 2001 Zaïre was Congo again.
    assert (second.kind, sorted(link.party.code for link in second.party_links.all())) == (Kind.MOU, ["BE", "CD"])
    assert {act.kind for act in second.acts.all()} == {ActKind.SIGNATURE, ActKind.EFFECT}
    assert SearchDocument.objects.get(treaty=first).status == "in_force"
    change = Change.objects.get(action="import.confirm")
    assert change.reason == f"list.csv (SHA-256 {run.sha256}). the old register"
    assert first.history.get().history_change == change


def test_the_same_list_twice_changes_nothing(staff: User) -> None:
    imported(staff, HEADER + CULTURE + MOU)
    before = histories()
    again = imported(staff, HEADER + CULTURE + MOU)
    assert again.counts == {"same": 2}
    assert histories() == before


def test_a_row_that_changed_is_told_field_by_field_and_written(staff: User) -> None:
    imported(staff, HEADER + CULTURE + MOU)
    changed = CULTURE.replace("1990-05-01", "1990-05-02").replace("NLD;FRA", "NLD;DEU").replace("culture", "cultures")
    run = brought(staff, HEADER + changed.replace("cultures", "culture"))
    row = run.rows.get()
    assert [(one.field, one.register, one.file) for one in queries.differences(row)] == [
        ("signed_on", "1990-05-01", "1990-05-02"),
        ("parties", "FR; NL", "DE; NL"),
    ]
    actions.confirm(actor=staff, run=run)
    treaty = Treaty.objects.get(titles__text__contains="culture")
    standing = treaty.acts.filter(is_retracted=False, kind=ActKind.SIGNATURE)
    assert [act.when.iso for act in standing] == ["1990-05-02"]
    assert treaty.acts.filter(is_retracted=True).count() == 1
    assert sorted(link.party.code for link in treaty.party_links.all()) == ["DE", "NL"]
    assert imported(staff, HEADER + changed.replace("cultures", "culture")).counts == {"same": 1}
    # The same number, date and nearly the same title: the title was mended at the source.
    assert imported(staff, HEADER + changed).counts == {"changed": 1}
    assert treaty.titles.get().text.endswith("cultures")


def test_what_somebody_changed_here_is_not_overwritten(staff: User, staff2: User) -> None:
    run = imported(staff, HEADER + CULTURE)
    treaty = run.rows.get().treaty
    assert treaty is not None
    record.retract_act(actor=staff2, act=treaty.acts.get(kind=ActKind.SIGNATURE), reason="wrong")
    run = brought(staff, HEADER + CULTURE.replace("1990-05-01", "1990-05-02"))
    assert told(run) == ["changed_here"]
    # The list did not change: what was corrected here stays as it is.
    assert imported(staff, HEADER + CULTURE).counts == {"same": 1}
    assert treaty.acts.filter(is_retracted=False).count() == 1


def test_refused_rows_are_left_out_only_when_somebody_says_so(staff: User) -> None:
    run = brought(staff, HEADER + CULTURE + "uk,14,Treaty,,1990-13-01,,,Atlantis,,\n")
    (problem, party) = queries.problems(run.rows.get(number=3))
    assert (problem.code, problem.column, problem.value) == ("date_impossible", "signed_on", "1990-13-01")
    assert party.code == "unknown_party"
    with pytest.raises(Refused) as refusal:
        actions.confirm(actor=staff, run=run)
    assert refusal.value.blockers[0].code == "rows_refused"
    assert not Treaty.objects.exists()
    run = actions.confirm(actor=staff, run=run, without_refused=True)
    assert Treaty.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        actions.confirm(actor=staff, run=run)
    assert refusal.value.blockers[0].code == "confirmed_already"


def test_a_row_is_mended_and_judged_again(staff: User, staff2: User) -> None:
    run = brought(staff, HEADER + CULTURE + "uk,14,Treaty on tin,,1990-13-01,,,Atlantis,,\n")
    row = actions.mend_row(actor=staff2, run=run, number=3, cells={"signed_on": "1990-12-01"})
    assert (row.outcome, told(run, 3), row.mended_by) == (Outcome.REFUSED, ["unknown_party"], staff2)
    party = Party.objects.get(code="FR")
    spelling = actions.remember_spelling(actor=staff, text="ATLANTIS", party=party)
    assert spelling.history.get().history_actor == "An Beheerder"
    run = actions.judge(actor=staff, run=run)
    assert run.counts == {"new": 2}
    assert run.rows.get(number=3).cells[4] == "1990-13-01"
    row = actions.mend_row(
        actor=staff, run=run, number=3, cells=dict(zip(run.header, run.rows.get(number=2).cells, strict=True))
    )
    assert (row.outcome, row.notes[0]["code"]) == (Outcome.REPEATED, "repeats")
    run.refresh_from_db()
    assert run.counts == {"new": 1, "repeated": 1}
    with pytest.raises(Refused):
        actions.mend_row(actor=staff, run=run, number=99, cells={"nothing": ""})


def test_of_two_who_mend_one_row_the_second_is_told(staff: User, staff2: User) -> None:
    run = brought(staff, HEADER + CULTURE)
    mended = actions.mend_row(actor=staff2, run=run, number=2, cells={"signed_on": "1990-12-01"}, version=1)
    assert mended.version == 2
    with pytest.raises(Conflict) as told_who:
        actions.mend_row(actor=staff, run=run, number=2, cells={"signed_on": "1991"}, version=1)
    assert "Bart Beheerder" in str(told_who.value.sentence)
    assert run.rows.get(number=2).mended_by == staff2
    again = actions.mend_row(actor=staff, run=run, number=2, cells={"signed_on": "1991"}, version=2)
    assert (again.mended_by, again.version) == (staff, 3)


def test_rows_of_one_number_that_say_otherwise_are_refused(staff: User) -> None:
    run = brought(staff, HEADER + CULTURE + CULTURE + CULTURE.replace("1990-05-01", "1990-05-02"))
    assert run.counts == {"new": 1, "repeated": 1, "refused": 1}
    assert told(run, 4) == ["contradicts"]


def test_the_register_changed_since_the_judgement(staff: User) -> None:
    run, other = brought(staff, HEADER + CULTURE), brought(staff, HEADER + CULTURE)
    actions.confirm(actor=staff, run=other)
    with pytest.raises(Conflict):
        actions.confirm(actor=staff, run=run)
    assert Treaty.objects.count() == 1


def test_taking_back_leaves_what_somebody_changed(staff: User, staff2: User) -> None:
    run = imported(staff, HEADER + CULTURE + MOU)
    first, second = (row.treaty for row in queries.rows(run))
    assert first is not None
    assert second is not None
    record.qualify(actor=staff2, treaty=second, qualification="mixed", reason="looked")  # type: ignore[arg-type]
    done = actions.undo(actor=staff, run=run, reason="the wrong list")
    assert (done.put_back, done.left, done.run.left) == (1, [second.reference], [second.reference])
    first.refresh_from_db()
    assert first.access == Access.GOVERNMENT
    assert "teruggenomen" in first.note
    assert not first.party_links.exists()
    assert not first.acts.filter(is_retracted=False).exists()
    assert [row.history_type for row in first.history.order_by("history_id")] == ["+", "~"]
    assert first.search.access == Access.GOVERNMENT
    assert country_codes(first.search) == []
    second.refresh_from_db()
    assert second.access == Access.PUBLIC
    assert SourceKey.objects.get().treaty == second
    again = imported(staff, HEADER + CULTURE + MOU)
    assert again.counts == {"new": 1, "same": 1}
    with pytest.raises(Refused):
        actions.undo(actor=staff, run=run, reason="again")


def test_taking_back_a_change_brings_back_what_was(staff: User) -> None:
    run = imported(staff, HEADER + CULTURE)
    treaty = run.rows.get().treaty
    assert treaty is not None
    before = list(treaty.acts.values("kind", "on")), sorted(treaty.party_links.values_list("party"))
    text = CULTURE.replace("1991-02", "1991-03").replace("NLD;FRA", "NLD;DEU").replace("Culture,", "Art,")
    changed = imported(staff, HEADER + text.replace("on culture", "on Culture"))
    assert changed.counts == {"changed": 1}
    actions.undo(actor=staff, run=changed, reason="a mistake of the source")
    treaty.refresh_from_db()
    now = (
        list(treaty.acts.filter(is_retracted=False).values("kind", "on")),
        sorted(treaty.party_links.values_list("party")),
    )
    assert now == before
    assert treaty.note == "Onderwerp volgens de bron: Culture"
    assert treaty.titles.get().text.endswith("on culture")
    assert imported(staff, HEADER + CULTURE).counts == {"same": 1}


PARTICIPATION = "source,treaty_id,treaty_title,party,party_iso3,signed_on,bound_on,bound_by,in_force_on,ended_on\n"
TITLE = "Agreement between the Netherlands and France on culture"


def test_participation_joins_the_treaty_of_its_number_and_title(staff: User) -> None:
    treaty = imported(staff, HEADER + CULTURE).rows.get().treaty
    assert treaty is not None
    rows = f"uk,12,{TITLE},France,FRA,1990-05-01,1990-06-07,ratification,1991-02-03,\n"
    rows += f"uk,12,{TITLE},DГјrer,DEU,,1999-01-02,accession,,2010-05-06\n"
    run = imported(staff, PARTICIPATION + rows, kind=ListKind.PARTICIPATION)
    assert run.counts == {"new": 2}
    assert sorted(link.party.code for link in treaty.party_links.all()) == ["DE", "FR", "NL"]
    acts = treaty.acts.filter(party__code="DE").order_by("on")
    assert [(act.kind, act.when.iso) for act in acts] == [
        (ActKind.ACCESSION, "1999-01-02"),
        (ActKind.END, "2010-05-06"),
    ]
    before = histories()
    assert imported(staff, PARTICIPATION + rows, kind=ListKind.PARTICIPATION).counts == {"same": 2}
    assert histories() == before
    run = imported(staff, PARTICIPATION + rows.replace("1999-01-02", "1999-01-03"), kind=ListKind.PARTICIPATION)
    assert run.counts == {"same": 1, "changed": 1}
    standing = treaty.acts.filter(party__code="DE", is_retracted=False, kind=ActKind.ACCESSION)
    assert [act.when.iso for act in standing] == ["1999-01-03"]


def test_participation_in_a_treaty_that_is_not_there(staff: User) -> None:
    rows = (
        "uk,99,Convention on salt,France,FRA,1990-05-01,1990-06-07,as agreed by both,,\n"
        "uk,99,Convention on salt,Atlantis,,1990-05-01,,,,\n"
    )
    assert brought(staff, PARTICIPATION + rows, kind=ListKind.PARTICIPATION).counts == {"refused": 2}
    run = imported(
        staff,
        PARTICIPATION + rows,
        kind=ListKind.PARTICIPATION,
        register_missing=True,
        unknown_parties=UnknownParties.NOTE,
    )
    assert run.counts == {"new": 2}
    treaty = Treaty.objects.get()
    assert treaty.kind == Kind.CONVENTION
    assert treaty.note.endswith("Partij volgens de bron die het register niet kent: Atlantis (signed_on 1990-05-01)")
    (act,) = treaty.acts.filter(kind=ActKind.NOTIFICATION)
    assert act.note == "In de bron: “as agreed by both”."


def test_columns_are_mapped_by_hand(staff: User) -> None:
    run = actions.stage(actor=staff, file=io.BytesIO(b"what;when\nTreaty on tin;03/04/1990\n"), filename="x.csv")
    assert (run.mapping, run.delimiter) == ({}, ";")
    with pytest.raises(Refused) as refusal:
        actions.judge(actor=staff, run=run)
    assert {blocker.code for blocker in refusal.value.blockers} == {"no_title", "no_source"}
    with pytest.raises(Refused) as refusal:
        actions.map_columns(actor=staff, run=run, mapping={"what": "title", "when": "title", "who": "nothing"})
    assert [blocker.code for blocker in refusal.value.blockers] == ["no_such_column", "field_twice", "no_such_field"]
    mapping = {"what": "title", "when": "signed_on"}
    run = actions.map_columns(actor=staff, run=run, mapping=mapping, source="old")
    run = actions.judge(actor=staff, run=run)
    assert told(run) == ["date_doubtful"]
    run = actions.map_columns(actor=staff, run=run, date_order=DateOrder.DAY_FIRST)
    assert actions.judge(actor=staff, run=run).counts == {"new": 1}


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"title\n", b'a,b\n"x,1\n']
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(staff: User, content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        actions.stage(actor=staff, file=io.BytesIO(content), filename="x.csv")
    (blocker,) = refusal.value.blockers
    assert (blocker.code, blocker.field) == ("unreadable", "file")
    assert str(blocker.sentence).endswith(".")
    assert not ImportRun.objects.exists()


def test_only_who_may_edit_the_record_brings_lists_in(auditor: User, staff: User) -> None:
    run = brought(staff, HEADER + CULTURE)
    for act in (
        lambda: brought(auditor, HEADER + CULTURE),
        lambda: actions.judge(actor=auditor, run=run),
        lambda: actions.map_columns(actor=auditor, run=run, source="x"),
        lambda: actions.mend_row(actor=auditor, run=run, number=2, cells={}),
        lambda: actions.remember_spelling(actor=auditor, text="x", party=Party.objects.get(code="FR")),
        lambda: actions.confirm(actor=auditor, run=run),
        lambda: actions.undo(actor=auditor, run=run, reason="x"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.blockers[0].code == "not_allowed"
    assert list(queries.runs(auditor)) == [run]
