"""The pages of imports: what they show, to whom, and what a sent form does."""

import csv
import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Change
from imports import actions
from imports.models import ImportRun, PartySpelling
from tests import doors
from tests.factories import PDF
from tests.imports.lists import HEADER, MESSY, as_csv, as_xlsx, columns_of, many
from treaties.models import Title, Treaty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
MAPPING = {"Titel": "title", "Partijen": "parties", "Ondertekend op": "signed_on"}


@pytest.fixture(autouse=True)
def _work_apart(tmp_path: Any) -> Any:
    with override_settings(VAR_DIR=tmp_path):
        yield


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def bring(staff: User) -> Any:
    """`bring(rows)`: an import of the list, judged."""

    def make(rows: Any = MESSY, *, judged: bool = True, **given: Any) -> ImportRun:
        file = io.BytesIO(as_csv(rows))
        given = {"filename": "verdragen.csv", "source": "Archief"} | given
        run = actions.stage(actor=staff, file=file, **given)
        return actions.judge(actor=staff, run=run) if judged else run

    return make


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def sent(client: Client, url: str, status: int = 302, **given: Any) -> Any:
    response = client.post(url, {"submission": str(uuid4()), **given})
    assert response.status_code == status, response.content.decode()[-3000:]
    return response


def upload(content: bytes, name: str = "verdragen.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_empty_page_says_what_it_is_for(browser: Client) -> None:
    page = text(browser, "/import/")
    assert "No imports yet" in page
    assert "one treaty per row" in page
    assert 'type="file"' in page


def test_a_file_becomes_an_import(browser: Client, staff: User) -> None:
    response = sent(browser, "/import/", file=upload(as_csv()), kind="treaties", source="Archief")
    run = ImportRun.objects.get()
    assert response["Location"] == f"/import/{run.pk}/"
    assert (run.filename, run.row_count, run.source, run.brought_by) == ("verdragen.csv", 5, "Archief", staff)
    page = text(browser, response["Location"])
    for words in ("UTF-8", "every byte of the file is valid UTF-8", "semicolon", run.sha256, "Kleur", "blauw"):
        assert words in page
    listed = text(browser, "/import/")
    assert "verdragen.csv" in listed
    assert run.sha256[:12] in listed


def test_a_large_file_comes_from_disk(browser: Client) -> None:
    rows = [("x" * 1000, "Nederland", str(1900 + n % 100), "") for n in range(3000)]
    sent(browser, "/import/", file=upload(as_csv(rows)), kind="treaties", source="Archief")
    assert ImportRun.objects.get().row_count == 3000


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (PDF, "PDF"),
        (b"a;b\n1;\0\n", "NUL"),
        (b"PK\x03\x04 nothing", "damaged"),
        (_bomb(), "unpacks to more"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old workbook"),
        (b'a;b\n"1;2\n3;4\n', "quote"),
    ],
    ids=["empty", "pdf", "nul", "damaged", "bomb", "xls", "quote"],
)
def test_a_wrong_file_is_refused_in_a_sentence_beside_the_field(browser: Client, content: bytes, words: str) -> None:
    response = sent(browser, "/import/", 422, file=upload(content), kind="participation", source="Mijn bron")
    page = response.content.decode()
    assert words in page
    assert 'id="id_file_error"' in page
    assert "Mijn bron" in page
    assert 'value="participation"' in page
    assert not ImportRun.objects.exists()


def test_without_a_file_it_says_so(browser: Client) -> None:
    page = sent(browser, "/import/", 422, kind="treaties", source="a\0b").content.decode()
    assert 'id="id_file_error"' in page
    assert 'id="id_source_error"' in page


def test_a_file_sent_twice_is_brought_once(browser: Client) -> None:
    submission = str(uuid4())
    for _time in range(2):
        sent(browser, "/import/", file=upload(as_csv()), kind="treaties", source="x", submission=submission)
    assert ImportRun.objects.count() == 1


def test_columns_are_named_and_the_rows_judged(browser: Client, bring: Any) -> None:
    run = bring(judged=False, source="")
    url = f"/import/{run.pk}/columns/"
    given = columns_of(HEADER, MAPPING, source="Archief", date_order="day_first", unknown_parties="refuse", version=1)
    twice = sent(browser, url, 422, **given | {"column_3": "title"}).content.decode()
    assert "The column “Titel” is this field already." in twice
    assert "Archief" in twice
    sent(browser, url, **given)
    run.refresh_from_db()
    assert (run.state, run.mapping, run.source, run.date_order) == ("judged", MAPPING, "Archief", "day_first")
    assert run.counts == {"new": 1, "repeated": 1, "refused": 3}


def test_the_preview_says_what_is_wrong_and_what_to_do(browser: Client, bring: Any) -> None:
    run = bring()
    page = text(browser, f"/import/{run.pk}/?part=refused")
    for words in (
        "The day “31/02/1995” does not exist.",
        "Correct the day or the month.",
        "The register knows no party “Vietnam, Dem. Rep.”.",
        "Mend row 3",
        "Mend row 5",
    ):
        assert words in page
    assert "Verdrag over de zee" not in page
    assert "Row 6" in text(browser, f"/import/{run.pk}/?part=repeated")
    assert "Date of signature: 1995-04-03" in text(browser, f"/import/{run.pk}/?part=new")
    for anything in ("?part=nothing", "?part=%00&page=x", "?page=99"):
        assert "Verdrag over de zee" in text(browser, f"/import/{run.pk}/{anything}")


def test_a_difference_shows_old_and_new(browser: Client, bring: Any, staff: User) -> None:
    first = bring(many(1))
    actions.confirm(actor=staff, run=first, reason="eerste")
    (title, _parties, signed, colour) = many(1)[0]
    run = bring([(title, "Nederland", signed, colour)])
    page = text(browser, f"/import/{run.pk}/?part=changed")
    assert "<del>Vlaams Gewest; Nederland</del>" in page.replace(
        "Flemish Region; Netherlands", "Vlaams Gewest; Nederland"
    )
    assert "<ins>Netherlands</ins>" in page


@pytest.mark.parametrize("count", [1, 30, 120])
def test_the_pages_ask_the_same_number_of_queries(browser: Client, bring: Any, count: int) -> None:
    bad = [(f"Verdrag {n}", f"Nergensland {n}", "31/02/1995", "") for n in range(count)]
    run = bring(bad)
    numbers = []
    for url in ("/import/", f"/import/{run.pk}/", f"/import/{run.pk}/parties/", f"/import/{run.pk}/rows/2/"):
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        numbers.append(len(captured))
    assert numbers == [4, 7, 9, 5]


def test_the_list_of_imports_asks_the_same_number_of_queries(browser: Client, bring: Any) -> None:
    numbers = []
    for count in (1, 9):
        for n in range(count):
            bring(many(1, n), judged=False)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/import/").status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_a_row_is_mended_and_judged_again(browser: Client, bring: Any) -> None:
    run = bring()
    url = f"/import/{run.pk}/rows/3/?part=refused&page=1"
    page = text(browser, url)
    assert "The day “31/02/1995” does not exist." in page
    assert 'id="id_cell_2_error"' in page
    cells = dict(zip(("cell_0", "cell_1", "cell_2", "cell_3"), MESSY[1], strict=True))
    again = sent(browser, url, version=1, **cells | {"cell_2": "30/02/1995"})
    assert again["Location"] == f"/import/{run.pk}/rows/3/?part=refused&page=1"
    assert "The day “30/02/1995” does not exist." in text(browser, again["Location"])
    done = sent(browser, url, version=2, **cells | {"cell_2": "28/02/1995"})
    assert done["Location"] == f"/import/{run.pk}/?part=refused&page=1#row-3"
    row = run.rows.get(number=3)
    assert (row.outcome, row.mended[2], row.cells[2]) == ("new", "28/02/1995", "31/02/1995")
    assert "Row 3 is mended, and judged again: new." in text(browser, done["Location"])
    assert "31/02/1995" in text(browser, url)


def test_the_second_of_two_who_mend_one_row_is_told(browser: Client, bring: Any, staff2: User) -> None:
    run = bring()
    url = f"/import/{run.pk}/rows/3/"
    assert 'name="version" value="1"' in text(browser, url)
    actions.mend_row(actor=staff2, run=run, number=3, cells={"Kleur": "rood", "Ondertekend op": "1996"}, version=1)
    cells = dict(zip(("cell_0", "cell_1", "cell_2", "cell_3"), MESSY[1], strict=True)) | {"cell_2": "28/02/1995"}
    page = sent(browser, url, 409, version=1, **cells).content.decode()
    assert "Bart Beheerder mended this row at" in page
    assert "As it stands now, where you typed something else" in page
    assert "rood" in page
    assert "<dd>1996</dd>" in page
    assert 'value="28/02/1995"' in page
    assert run.rows.get(number=3).mended[2] == "1996"
    # Having seen it, it can be sent again.
    assert 'name="version" value="2"' in page
    sent(browser, url, version=2, **cells)
    assert (run.rows.get(number=3).mended[2], run.rows.get(number=3).version) == ("28/02/1995", 3)


def test_a_row_is_not_mended_without_the_version_of_the_page(browser: Client, bring: Any) -> None:
    run = bring()
    page = sent(browser, f"/import/{run.pk}/rows/3/", 422, cell_0="Een titel").content.decode()
    assert "load it again and send it once more." in page
    assert run.rows.get(number=3).mended is None


def test_saving_can_lead_to_the_next_refused_row(browser: Client, bring: Any) -> None:
    run = bring()
    cells = dict(zip(("cell_0", "cell_1", "cell_2", "cell_3"), MESSY[1], strict=True))
    done = sent(browser, f"/import/{run.pk}/rows/3/", version=1, **cells | {"cell_2": "1995", "next": "1"})
    assert done["Location"].startswith(f"/import/{run.pk}/rows/4/")


def test_what_was_typed_in_a_row_is_kept(browser: Client, bring: Any) -> None:
    run = bring()
    cells = {"cell_0": "Een titel", "cell_1": "a\0b", "cell_2": "1995", "cell_3": "paars"}
    page = sent(browser, f"/import/{run.pk}/rows/3/", 422, version=1, **cells).content.decode()
    assert "Een titel" in page
    assert "paars" in page
    assert 'id="id_cell_1_error"' in page
    assert run.rows.get(number=3).mended is None
    assert browser.get(f"/import/{run.pk}/rows/99/").status_code == 404


def test_a_party_is_named_once_and_known_from_then_on(browser: Client, bring: Any) -> None:
    run = bring()
    url = f"/import/{run.pk}/parties/"
    page = text(browser, url)
    assert "“Vietnam, Dem. Rep.”" in page
    assert "Viëtnam" in page or "Vietnam</button>" in page
    nobody = sent(browser, url, 422, text="Vietnam, Dem. Rep.").content.decode()
    assert "Choose which party is meant." in nobody
    sent(browser, url, 422, text="x", party="a\0")
    sent(browser, url, text="Vietnam, Dem. Rep.", suggested="VN")
    assert PartySpelling.objects.get().party.code == "VN"
    page = text(browser, f"{url}?page=1")
    assert "it stands in 1 row." in page
    assert "1 name is known now" in page
    sent(browser, f"/import/{run.pk}/judge/")
    assert run.rows.get(number=4).outcome == "new"
    assert "Every party is clear" in text(browser, url)


def test_refused_rows_come_as_a_file_that_can_be_mended_and_brought_again(browser: Client, bring: Any) -> None:
    run = bring([*MESSY, ("=HYPERLINK(1)", "Nergensland", "1999", "-")])
    response = browser.get(f"/import/{run.pk}/refused.csv")
    assert response["Content-Disposition"] == f'attachment; filename="import-{run.pk}-refused.csv"'
    content = b"".join(response).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines[0] == ["why refused", *HEADER]
    assert [line[1] for line in lines[1:]] == ["Verdrag over de lucht", "Verdrag over het land", "", "'=HYPERLINK(1)"]
    assert lines[1][0] == "Ondertekend op: The day “31/02/1995” does not exist. Correct the day or the month."
    mended = content.replace("31/02/1995", "28/02/1995").encode()
    response = sent(browser, "/import/", file=upload(mended, "refused.csv"), kind="treaties", source="Archief")
    again = ImportRun.objects.first()
    assert again is not None
    assert again.mapping == MAPPING
    actions.judge(actor=run.brought_by, run=again)
    assert again.rows.get(number=2).outcome == "new"


def test_confirming_says_what_will_happen_and_writes_it_once(browser: Client, bring: Any) -> None:
    run = bring()
    url = f"/import/{run.pk}/confirm/"
    page = text(browser, url)
    for words in ("1 new treaty is registered.", "1 row repeats another one.", "3 refused rows are left out."):
        assert words in page
    seen = "new:1,noted:1,refused:3,repeated:1"
    assert f'value="{seen}"' in page
    assert "Leave out the refused rows" in page
    no_reason = sent(browser, url, 422, seen=seen, without_refused="on").content.decode()
    assert 'id="id_reason_error"' in no_reason
    with_refused = sent(browser, url, 422, seen=seen, reason="Overgenomen uit het archief").content.decode()
    assert "Overgenomen uit het archief" in with_refused
    assert "There is a problem" in with_refused
    submission = str(uuid4())
    given = {"seen": seen, "reason": "Overgenomen uit het archief", "without_refused": "on", "submission": submission}
    before = Treaty.objects.count()
    done = sent(browser, url, **given)
    assert done["Location"] == f"/import/{run.pk}/"
    page = text(browser, done["Location"])
    treaty = Treaty.objects.get(titles__text="Verdrag over de zee")
    for words in ("The list is imported.", "An Beheerder", "Overgenomen uit het archief", run.sha256, treaty.reference):
        assert words in page
    sent(browser, url, **given, status=302)
    assert Treaty.objects.count() == before + 1
    assert Change.objects.filter(action="import.confirm").count() == 1


def test_counts_that_are_no_longer_so_are_not_confirmed(browser: Client, bring: Any) -> None:
    run = bring()
    given = {"seen": "new:7", "reason": "x", "without_refused": "on"}
    page = sent(browser, f"/import/{run.pk}/confirm/", 422, **given).content.decode()
    assert "Rows were judged again since you opened this page." in page
    assert 'value="new:1,noted:1,refused:3,repeated:1"' in page
    run.refresh_from_db()
    assert run.state == "judged"


def test_when_the_register_changed_meanwhile_nothing_is_written(browser: Client, bring: Any, staff: User) -> None:
    first, second = bring(many(2)), bring(many(2), filename="again.csv")
    seen = "new:2,noted:0"
    sent(browser, f"/import/{first.pk}/confirm/", seen=seen, reason="x")
    count = Treaty.objects.count()
    page = sent(browser, f"/import/{second.pk}/confirm/", 409, seen=seen, reason="Toch nog eens").content.decode()
    assert "Not saved: somebody else was first" in page
    assert "Toch nog eens" in page
    assert "Judge the rows again" in page
    assert Treaty.objects.count() == count


def test_an_import_is_taken_back(browser: Client, bring: Any, staff: User) -> None:
    run = bring(many(2))
    actions.confirm(actor=staff, run=run, reason="x")
    url = f"/import/{run.pk}/undo/"
    page = text(browser, url)
    assert "Nothing is deleted" in page
    assert 'id="id_reason_error"' in sent(browser, url, 422).content.decode()
    done = sent(browser, url, reason="Verkeerd bestand")
    page = text(browser, done["Location"])
    for words in ("The import is taken back.", "Imported, and taken back", "Verkeerd bestand"):
        assert words in page
    treaty = Title.objects.get(text="Verdrag nummer 0").treaty
    assert treaty.access == "government"
    assert (
        "Only an import that was confirmed can be taken back." in sent(browser, url, 422, reason="x").content.decode()
    )


def test_the_history_of_a_treaty_says_who_imported_it_from_which_file(browser: Client, bring: Any, staff: User) -> None:
    run = bring(many(1))
    actions.confirm(actor=staff, run=run, reason="Overgenomen")
    treaty = Title.objects.get(text="Verdrag nummer 0").treaty
    page = text(browser, f"/treaties/{treaty.reference}/history/")
    assert "An Beheerder (Dossier manager) imported a file" in page
    for words in ("Overgenomen", "verdragen.csv", run.sha256[:12]):
        assert words in page


def test_an_auditor_looks_and_does_not_act(auditor: User, bring: Any) -> None:
    run = bring()
    client = Client(headers={"accept-language": "en"})
    client.force_login(auditor)
    assert 'type="file"' not in text(client, "/import/")
    page = text(client, f"/import/{run.pk}/")
    assert "Verdrag over de zee" in page
    for words in ("Mend row", "Confirm the import", "Judge the rows", "Say which party"):
        assert words not in page
    assert client.post("/import/", {"file": upload(as_csv())}).status_code == 403
    assert client.get(f"/import/{run.pk}/refused.csv").status_code == 200


def test_a_workbook_says_its_sheet_and_a_formula_is_refused(browser: Client) -> None:
    rows = [("Verdrag over de zee", "Nederland", "=DATE(1995;4;3)", "")]
    sent(browser, "/import/", file=upload(as_xlsx(rows), "x.xlsx"), kind="treaties", source="x")
    run = ImportRun.objects.get()
    assert "Sheet" in text(browser, f"/import/{run.pk}/")
    actions.judge(actor=run.brought_by, run=run)
    assert "This cell holds a formula" in text(browser, f"/import/{run.pk}/?part=refused")


def test_a_stale_page_of_columns_is_refused_with_who_was_first_and_can_be_sent_then(
    bring: Any, browser: Client, staff2: User
) -> None:
    run = bring(judged=False)
    door = doors.Door("columns", f"/import/{run.pk}/columns/")
    first, second = door.sending(browser), door.sending(browser)
    other = Client(headers={"accept-language": "en"})
    other.force_login(staff2)
    assert door.send(other, first | {"source": "Van een ander"}).status_code == 302
    answer = door.send(browser, second | {"source": "Van mij"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{staff2.name} said at" in page
    (form,) = [one for one in doors.forms(page) if "source" in one]
    assert form["source"] == "Van mij"
    run.refresh_from_db()
    assert (run.source, run.version, run.mapped_by) == ("Van een ander", 2, staff2)
    assert door.send(browser, form).status_code == 302
    run.refresh_from_db()
    assert (run.source, run.version) == ("Van mij", 3)


def test_a_page_of_columns_that_is_sent_twice_counts_once(bring: Any, browser: Client) -> None:
    run = bring(judged=False)
    door = doors.Door("columns", f"/import/{run.pk}/columns/")
    sending = door.sending(browser) | {"source": "Van mij"}
    answers = [door.send(browser, sending) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    run.refresh_from_db()
    assert run.version == 2


def test_who_tells_of_a_party_second_hears_what_the_first_said(bring: Any, browser: Client, staff2: User) -> None:
    run = bring()
    door = doors.Door("parties", f"/import/{run.pk}/parties/", {"text": "Dem. Rep.", "suggested": ""})
    first, second = door.sending(browser), door.sending(browser)
    other = Client(headers={"accept-language": "en"})
    other.force_login(staff2)
    assert door.send(other, first | {"party": "CD"}).status_code == 302
    answer = door.send(browser, second | {"party": "CG", "submission": str(uuid4())})
    assert answer.status_code == 409
    assert f"{staff2.name} said meanwhile that “Dem. Rep.” is" in answer.content.decode()
    assert PartySpelling.objects.get(plain="dem rep").party.code == "CD"
    # Who says the same is not refused.
    assert door.send(browser, second | {"party": "CD", "submission": str(uuid4())}).status_code == 302
