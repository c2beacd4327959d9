"""The house rules, read from the syntax tree: what the eye would miss in a review fails here."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "audit", "imports", "registry", "reporting", "treaties", "workflow")
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)

# Methods by which rows are written; `update` is a dictionary's too, hence the reasons below.
WRITES = {
    "save",
    "delete",
    "create",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "asave",
    "adelete",
    "acreate",
    "aupdate",
    "abulk_create",
    "abulk_update",
    "aget_or_create",
    "aupdate_or_create",
    "_raw_delete",
}
# Where rows may be written, and why there.
WRITERS = {
    "accounts/actions.py": {"save": "people", "get_or_create": "the register itself as a person"},
    "accounts/signin_actions.py": {
        "save": "people of the single sign-on, second factors, the end of sessions",
        "delete": "second factors that are no longer taken",
        "bulk_create": "recovery codes",
        "get_or_create": "a person who comes by the single sign-on for the first time, perhaps twice at once",
    },
    "accounts/sessions.py": {"update": "the stamps of a session"},
    "audit/actions.py": {"save": "the change that is being opened"},
    "audit/idempotency.py": {
        "save": "answers that are kept for a day",
        "delete": "those older than that",
        "update": "the hash of a request",
    },
    "audit/trail.py": {
        "save": "entries of the trail, and names beside them",
        "bulk_create": "which columns go into digests",
        "delete": "names that are erased",
    },
    "audit/runs.py": {"save": "what came of a verification"},
    "treaties/fixity.py": {"update": "the hash of a file"},
    "treaties/actions/common.py": {"save": "rows of the record", "delete": "rows that a person takes away"},
    "treaties/actions/documents.py": {"save": "papers that come on file"},
    "treaties/actions/numbers.py": {"save": "a number that comes with something else"},
    "treaties/actions/record.py": {"save": "the record", "delete": "titles and links that are no longer given"},
    "treaties/actions/relations.py": {"save": "a relation that comes with something else"},
    "treaties/clause_actions.py": {"save": "entry-into-force clauses", "delete": "those that are withdrawn"},
    "treaties/publishing_actions.py": {"save": "requests, decisions and outcomes of publication; who may see a record"},
    "treaties/bulk_edit_actions.py": {
        "bulk_update": "many records in a few statements",
        "bulk_create": "their new themes and parties",
        "delete": "themes that are taken off",
    },
    "treaties/reference_data.py": {"save": "parties, themes and synonyms, from their files"},
    "treaties/admin.py": {"save": "parties, themes and synonyms, by hand, inside a change"},
    "treaties/spelling.py": {
        "bulk_create": "words that can be offered: derived, no history",
        "delete": "the same, made again",
    },
    "treaties/bulk_actions.py": {
        "save": "what lists change in single records",
        "delete": "titles and links given no more",
    },
    "treaties/bulk_revert.py": {
        "save": "what a record held before",
        "update": "retracted acts, withdrawn treaties",
        "_raw_delete": "links that an import made, after their history",
    },
    "treaties/saved_actions.py": {
        "save": "saved searches: personal, no part of the record",
        "delete": "those never shared",
    },
    "imports/actions.py": {"save": "imports, mended rows, spellings", "update": "a dictionary of counts"},
    "imports/staging.py": {"bulk_update": "what a source said last"},
    "imports/undoing.py": {"bulk_update": "what a source said before", "delete": "numbers of a list taken back"},
    "treaties/search.py": {"bulk_create": "search documents: derived, no history", "update": "their stage"},
    "treaties/search_bulk.py": {"bulk_create": "cards of lists: derived, no history"},
    "treaties/document_reading.py": {"update_or_create": "texts of documents: derived from their bytes, no history"},
    "treaties/load/actions.py": {"bulk_create": "history of one treaty of load data; all else of it by COPY"},
    "workflow/actions/consents.py": {"save": "requests"},
    "workflow/actions/delegations.py": {"save": "delegations, and that they were taken back"},
    "workflow/actions/dossiers.py": {"save": "dossiers, and what is determined about them"},
    "workflow/recording.py": {"save": "events and decisions, for the actions"},
    "reporting/actions.py": {"save": "obligations and reports"},
    "imports/exchange/filling.py": {
        "save": "parties and themes that an export says otherwise, files; all else in sets, with their history",
        "delete": "names of parties that the export does not give",
    },
    # No rows:
    "treaties/exports.py": {"save": "a workbook"},
    "treaties/load/words.py": {"update": "counts of words"},
    "imports/exchange/restoring.py": {"delete": "files that a failed load had stored"},
    "imports/reading.py": {"update": "the hash of a file"},
    "registry/messages.py": {"update": "a catalogue of translations"},
}
# Writes that pass by `save()`, and so by the history that hangs on it: in these modules only. Each line says whose rows
# they are; of a table of the trail also how its history comes about.
PAST_SAVE: dict[str, str] = {
    "accounts/sessions.py": "stamps of a session: a dictionary",
    "accounts/signin_actions.py": "recovery codes: no record",
    "audit/idempotency.py": "the hash of a request",
    "audit/trail.py": "shapes of rows: they only grow",
    "imports/actions.py": "a dictionary of counts",
    "imports/exchange/filling.py": "every model of an export: bulk_create_with_history in the open change",
    "imports/reading.py": "the hash of a file",
    "imports/staging.py": "rows of an import and what a source said last: no record",
    "imports/undoing.py": "what a source said before: no record",
    "registry/messages.py": "a catalogue of translations",
    "treaties/bulk_edit_actions.py": "Treaty, TreatyTheme, TreatyParty: simple_history's bulk functions in the change",
    "treaties/bulk_revert.py": "Act, Treaty, TreatyParty: bulk_rows.write_history for the same keys",
    "treaties/bulk_rows.py": "any model of a list: COPY, then write_history from the open change",
    "treaties/counts.py": "counts of facets: derived",
    "treaties/fixity.py": "the hash of a file",
    "treaties/load/actions.py": "Treaty of load data: its history rows are made in the same function",
    "treaties/load/documents.py": "search documents of load data: derived",
    "treaties/load/tables.py": "every model of load data: COPY, then `history` for all of it, in the open change",
    "treaties/load/words.py": "counts of words",
    "treaties/search.py": "search documents: derived",
    "treaties/search_bulk.py": "search documents and cards: derived",
    "treaties/spelling.py": "words that can be offered: derived",
}
PASSING = {"update", "bulk_create", "bulk_update", "abulk_create", "abulk_update", "aupdate", "_raw_delete"}
RAW = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\S+(?:\s+AS\s+\S+)?\s+SET|DELETE\s+FROM|COPY\s+\S+\s*\(|MERGE\s+INTO)")
# Imports inside a function, and why.
LATE_IMPORTS = {
    ("registry/apps.py", "ready"): "as the next one",
    ("workflow/apps.py", "ready"): "system checks register themselves on import, once apps are ready",
    ("audit/apps.py", "ready"): "what the trail listens to connects itself, once apps are ready",
}

LONGEST_FUNCTION, LONGEST_FILE, NINE_IN_TEN = 50, 400, 25


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def writes(path: str) -> set[str]:
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in WRITES}


def imported(path: str) -> set[str]:
    """The modules a file names in its imports, wherever they stand."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or ".")
    return names


@pytest.mark.parametrize("path", FILES)
def test_rows_are_written_by_actions_and_loaders_only(path: str) -> None:
    assert writes(path) <= set(WRITERS.get(path, ()))


def test_no_permission_to_write_outlives_its_use() -> None:
    assert {path: set(allowed) for path, allowed in WRITERS.items()} == {path: writes(path) for path in WRITERS}


def passes_by_save(source: str) -> list[str]:
    """Where a module writes rows without `save()`: the method that is called, or the SQL that is spelled."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found += [name] if name in PASSING or name.startswith(("bulk_create_with", "bulk_update_with")) else []
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            found += [match[1] for match in RAW.finditer(text)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [match[1] for match in RAW.finditer(node.value)]
    return found


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_written_past_the_history(path: str) -> None:
    found = passes_by_save((ROOT / path).read_text(encoding="utf-8"))
    assert not found or path in PAST_SAVE, f"{path} writes past save(): {found}. How does its history come about?"
    assert found or path not in PAST_SAVE, f"{path} needs no line in PAST_SAVE any more"


@pytest.mark.parametrize(
    "planted",
    [
        "Treaty.objects.filter(pk=1).update(note='')",
        "Act.objects.bulk_create(rows)",
        "Title._base_manager.bulk_update(rows, ['text'])",
        "bulk_create_with_history(rows, Treaty)",
        "cursor.execute('UPDATE treaties_treaty SET note = %s', [''])",
        "cursor.execute(f'INSERT  INTO {table} VALUES (1)')",
        "cursor.execute('DELETE FROM treaties_act')",
        "cursor.copy('COPY treaties_title (id) FROM STDIN')",
        "rows._raw_delete(using)",
    ],
)
def test_what_passes_by_the_history_is_seen(planted: str) -> None:
    assert passes_by_save(planted) != []


def test_what_only_reads_is_not_taken_for_a_write() -> None:
    assert passes_by_save("rows = Treaty.objects.select_for_update().filter(note='update it')") == []


@pytest.mark.parametrize("path", FILES)
def test_imports_stand_at_the_top(path: str) -> None:
    late = {
        (path, function.name)
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late <= set(LATE_IMPORTS)


@pytest.mark.parametrize("path", FILES)
def test_files_and_functions_stay_short(path: str) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert {
        function.name: length(function) for function in functions(path) if length(function) > LONGEST_FUNCTION
    } == {}


def test_nine_functions_in_ten_are_shorter_still() -> None:
    lengths = [length(function) for path in FILES for function in functions(path)]
    assert len(lengths) > 200
    assert quantiles(lengths, n=10)[-1] <= NINE_IN_TEN


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith(("accounts/", "audit/", "treaties/"))])
def test_the_record_knows_nothing_of_the_procedure(path: str) -> None:
    above = ("workflow", "reporting", "registry")
    assert {name for name in imported(path) if name.split(".")[0] in above} == set()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.startswith(("workflow/procedures/", "workflow/clocks"))]
)
def test_procedures_and_clocks_touch_no_database(path: str) -> None:
    touching = {name for name in imported(path) if "models" in name.split(".") or name.startswith("django.db")}
    assert touching == set()


def test_nothing_decides_by_reading_the_trail() -> None:
    """Guards and engine judge by facts, never by the log of changes."""
    for path in ("workflow/guards.py", "workflow/engine.py", "workflow/conditions.py", "treaties/status.py"):
        assert "audit.models" not in imported(path)
        assert ".history" not in (ROOT / path).read_text(encoding="utf-8")


def test_the_contracts_between_modules_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "0 broken" in done.stdout
