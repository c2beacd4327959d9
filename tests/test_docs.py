"""The documents are tested like code: links lead somewhere, commands exist, lists are complete."""

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from urllib.parse import unquote

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from accounts.choices import Role
from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from treaties.facets import listed
from treaties.filters import SORTS, TreatyFilter

BASE = Path(__file__).resolve().parent.parent
OWN_FOLDERS = ("docs", "fixtures", "tests")
DOCUMENTS = sorted([*BASE.glob("*.md"), *(path for name in OWN_FOLDERS for path in (BASE / name).rglob("*.md"))])
DECISIONS = sorted((BASE / "docs" / "decisions").glob("*.md"))
# Made from the running register for each version: missing while it is being written.
MADE_LATER = {"docs/screenshots/home.png"}

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def text_of(name: str) -> str:
    return (BASE / name).read_text(encoding="utf-8")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(BASE).as_posix() for path in paths]


@pytest.mark.parametrize("name", names(DOCUMENTS))
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (BASE / name).parent
    links = LINK.findall(CODE.sub("", text_of(name)))
    files = [unquote(link.split("#")[0]) for link in links if not re.match(r"(https?|mailto):|#", link)]
    missing = [file for file in files if not (folder / file).exists() and file not in MADE_LATER]
    assert missing == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_is_a_target(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    commands = set(re.findall(r"\bmake ([a-z-]+)\b", " ".join(CODE.findall(text_of(name)))))
    assert commands >= {"run", "test"}
    assert commands <= targets


def test_readme_gives_the_two_commands_on_lines_of_their_own() -> None:
    assert {"make run", "make test"} <= set(text_of("README.md").splitlines())


def test_readme_names_the_demonstration_people() -> None:
    readme = text_of("README.md")
    assert [person.username for person in DEMO_PEOPLE if f"`{person.username}`" not in readme] == []
    assert f"`{DEMO_PASSWORD}`" in readme


def test_readme_maps_every_folder() -> None:
    ignored = {line.strip("/") for line in text_of(".gitignore").splitlines()}
    folders = [path.name for path in BASE.iterdir() if path.is_dir() and not path.name.startswith(".")]
    assert [name for name in folders if name not in ignored and f"`{name}/`" not in text_of("README.md")] == []


def test_every_management_command_in_the_documents_exists() -> None:
    own = {path.stem for path in BASE.glob("*/management/commands/*.py")}
    known = own | {"check", "makemigrations", "migrate", "createsuperuser", "shell", "dbshell", "collectstatic"}
    named = {found for path in DOCUMENTS for found in re.findall(r"manage\.py ([a-z_]+)", path.read_text())}
    assert named - known == set()


def direct_dependencies() -> Iterator[str]:
    for name in ("requirements.in", "requirements-dev.in"):
        for line in text_of(name).splitlines():
            if found := re.match(r"[A-Za-z][A-Za-z0-9._-]*", line):
                yield found[0].lower()


@pytest.mark.parametrize("package", list(direct_dependencies()))
def test_every_dependency_has_its_reason(package: str) -> None:
    assert f"\n| {package} |" in text_of("docs/decisions/0002-dependencies.md")


def test_no_reason_is_given_for_a_dependency_that_is_gone() -> None:
    rows = re.findall(r"^\| ([a-z][a-z0-9-]+) \|", text_of("docs/decisions/0002-dependencies.md"), re.MULTILINE)
    assert set(rows) - {"package"} == set(direct_dependencies())


@pytest.mark.parametrize("name", names(DECISIONS))
def test_every_decision_has_context_decision_and_consequences(name: str) -> None:
    text = text_of(name)
    number = Path(name).name[:4]
    assert text.startswith(f"# {number} ")
    assert re.findall(r"^## (Context|Decision|Consequences)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_readme_lists_every_decision() -> None:
    assert [name for name in names(DECISIONS) if f"]({name})" not in text_of("README.md")] == []


@pytest.mark.parametrize(
    "checklist",
    ["A step of a procedure", "A field of the record", "A page", "A role", "A dependency", "A translation"],
)
def test_contributing_has_the_checklist(checklist: str) -> None:
    section = text_of("CONTRIBUTING.md").split(f"\n### {checklist}\n")
    assert len(section) == 2
    assert len(re.findall(r"^\d\. ", section[1].split("\n#")[0], re.MULTILINE)) >= 3


def table_rows(name: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text_of(name).splitlines() if "|" in line]


# Something that fits each place in an address where "1" does not.
SAMPLES = {"sha256": "a" * 64}


def addresses() -> dict[str, str]:
    """Name → address, from the table of docs/addresses.md."""
    found: dict[str, str] = {}
    for row in table_rows("docs/addresses.md"):
        if len(row) == 4 and row[0].startswith("`/"):
            found |= dict(zip(re.findall(r"`([^`]+)`", row[1]), re.findall(r"`([^`]+)`", row[0]), strict=True))
    return found


@pytest.mark.parametrize(("name", "address"), addresses().items())
def test_every_promised_address_exists(name: str, address: str) -> None:
    variables = re.findall(r"<(\w+)>", address)
    try:
        actual = reverse(name, args=[SAMPLES.get(variable, "1") for variable in variables])
    except NoReverseMatch:
        actual = "no pattern of this name"
    assert actual == re.sub(r"<(\w+)>", lambda found: SAMPLES.get(found[1], "1"), address)


def pattern_names(resolver: URLResolver | None = None) -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if not entry.namespace:
                yield from pattern_names(entry)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name


def test_every_address_is_promised() -> None:
    assert sorted(set(pattern_names()) - set(addresses())) == []


def test_every_search_parameter_is_promised() -> None:
    text = text_of("docs/addresses.md")
    assert [name for name in [*TreatyFilter.base_filters, "page"] if f"`{name}`" not in text] == []
    for name in ("kind", "qualification", "status", "stage", "awaited", "language", "continent"):
        assert [value for value in listed(name) if f"`{value}`" not in text] == []
    assert [value for value in SORTS if f"`{value}`" not in text] == []


def test_the_licence_is_complete() -> None:
    licence = text_of("LICENSE")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [number for number in range(1, 16) if f"\n{number}." not in licence] == []
    assert "Compatible Licences" in licence


APPS = "accounts|audit|registry|reporting|treaties|workflow"
SPELLED = re.compile(rf"`((?:{APPS})(?:\.[A-Za-z_]\w*)+)`")
FILED = re.compile(rf"`((?:{APPS}|templates|tools|tests|docs|locale|fixtures)/[\w./-]*)`")


@pytest.mark.parametrize("name", [*names(DECISIONS), "docs/architecture.md", "README.md", "CONTRIBUTING.md"])
def test_every_name_of_code_in_the_documents_exists(name: str) -> None:
    text = text_of(name)
    assert [path for path in FILED.findall(text) if not (BASE / path).exists()] == []
    for dotted in SPELLED.findall(text):
        assert resolve_name(dotted)


def test_every_role_is_explained_in_the_readme() -> None:
    readme = text_of("README.md").lower()
    with override("en"):
        assert [role for role in Role if role != Role.READER and str(role.label).lower() not in readme] == []
