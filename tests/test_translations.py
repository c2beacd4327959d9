"""Every text is there in Dutch and in English, fills in the same things, and reaches the page."""

import gettext
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from django.core.management import call_command
from django.core.management.base import CommandError
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from registry import messages
from registry.management.commands.compilemessages import compile_catalog
from treaties.choices import Access
from treaties.publishing_actions import ask_publication
from workflow import actions
from workflow.models import Dossier
from workflow.procedures import ALL, law
from workflow.procedures.language import Text

# Sentences of a procedure that are rightly the same in both languages.
SAME_IN_BOTH: frozenset[str] = frozenset()


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    call_command("compilemessages", verbosity=0)


@pytest.mark.parametrize("language", messages.languages())
def test_the_catalogue_is_complete_and_up_to_date(language: str) -> None:
    assert messages.problems(language) == []


def test_dutch_is_the_only_language_with_a_catalogue() -> None:
    assert messages.languages() == ["nl"]


# The tool


@pytest.fixture
def small(tmp_path: Path, settings: Settings) -> Callable[[str, dict[Any, Any]], None]:
    """Extract a template's texts, translate them, and compile them where Django looks first."""
    settings.LOCALE_PATHS = [str(tmp_path), *settings.LOCALE_PATHS]

    def make(source: str, dutch: dict[Any, Any]) -> None:
        path = tmp_path / "page.html"
        path.write_text(source, encoding="utf-8")
        catalog = Catalog(locale="nl")
        for _line, text, _comments, context in messages.texts_in(path):
            catalog.add(text, dutch[text], context=context)
        po = messages.path_of("nl")
        po.parent.mkdir(parents=True)
        po.write_bytes(messages.as_file(catalog, "nl"))
        compile_catalog(po, po.with_suffix(".mo"))

    return make


@pytest.mark.parametrize(
    ("source", "dutch", "context", "expected"),
    [
        pytest.param(
            "{% blocktranslate with who=name %}{{ who }} has 100 % of {{ what }}{% endblocktranslate %}",
            {"%(who)s has 100 %% of %(what)s": "%(who)s heeft 100 %% van %(what)s"},
            {"name": "An", "what": "x"},
            "An heeft 100 % van x",
            id="percent sign and variables",
        ),
        pytest.param(
            "{% translate '5 % of all' %}",
            {"5 %% of all": "5 %% van alles"},
            {},
            "5 % van alles",
            id="percent sign without variables",
        ),
        pytest.param(
            "{% blocktranslate trimmed %}\n   one\n   two\n{% endblocktranslate %}",
            {"one two": "een twee"},
            {},
            "een twee",
            id="trimmed",
        ),
        pytest.param(
            "{% blocktranslate count n=n trimmed %}\n one day\n{% plural %}\n {{ n }} days\n{% endblocktranslate %}",
            {("one day", "%(n)s days"): ("één dag", "%(n)s dagen")},
            {"n": 3},
            "3 dagen",
            id="plural",
        ),
        pytest.param(
            "{% blocktranslate count n=n %}one day{% plural %}{{ n }} days{% endblocktranslate %}",
            {("one day", "%(n)s days"): ("één dag", "%(n)s dagen")},
            {"n": 1},
            "één dag",
            id="singular",
        ),
        pytest.param(
            "{% translate 'in effect' context 'of an MoU' %}",
            {"in effect": "heeft uitwerking"},
            {},
            "heeft uitwerking",
            id="context",
        ),
        pytest.param(
            "{% blocktranslate context 'a' asvar x %}b {{ y }}{% endblocktranslate %}<{{ x }}>",
            {"b %(y)s": "c %(y)s"},
            {"y": "&"},
            "<c &amp;>",
            id="asvar, and escaped",
        ),
        pytest.param(
            "{% url 'home' as h %}{% translate 'a' as x %}  {{ _('b')|upper }}\n      {{ x }}",
            {"a": "aa", "b": "bb"},
            {},
            "  BB\n      aa",
            id="other places, other indentation",
        ),
    ],
)
def test_what_is_extracted_is_what_is_looked_up(
    small: Callable[[str, dict[Any, Any]], None], source: str, dutch: dict[Any, Any], context: dict, expected: str
) -> None:
    small(source, dutch)
    with override("nl"):
        assert Template("{% load i18n %}" + source).render(Context(context)) == expected


def test_a_second_run_changes_nothing() -> None:
    content = messages.path_of("nl").read_bytes()
    assert messages.as_file(messages.kept("nl"), "nl") == content


def test_a_text_that_is_gone_is_a_problem(tmp_path: Path, settings: Settings) -> None:
    content = messages.path_of("nl").read_bytes()
    settings.LOCALE_PATHS = [str(tmp_path)]
    path = messages.path_of("nl")
    path.parent.mkdir(parents=True)
    path.write_bytes(content + b'\nmsgid "Never in the source"\nmsgstr "Nooit"\n')
    assert messages.problems("nl") == ["no longer in the source: 'Never in the source'"]


def test_the_file_has_no_dates_and_no_line_numbers() -> None:
    text = messages.path_of("nl").read_text(encoding="utf-8")
    assert "Date" not in text.split("\n\n")[0]
    assert [line for line in text.splitlines() if line.startswith("#: ") and line[-1].isdigit()] == []


def problems_of(entry: str) -> list[str]:
    catalog = read_po(BytesIO(entry.encode()), locale="nl")
    return [problem for message in catalog if message.id for problem in messages._message_problems(message)]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "a"\nmsgstr ""', "not translated: 'a'"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] ""', "not translated: 'a'"),
        ('#, fuzzy\nmsgid "a"\nmsgstr "b"', "marked fuzzy: 'a'"),
        ('msgid "%(a)s"\nmsgstr "%(b)s"', "placeholders differ: '%(a)s' has ['a:s'], '%(b)s' has ['b:s']"),
        ('msgid "%(a)s"\nmsgstr "%(a)d"', "placeholders differ: '%(a)s' has ['a:s'], '%(a)d' has ['a:d']"),
        (
            'msgid "one"\nmsgid_plural "%(n)s"\nmsgstr[0] "een"\nmsgstr[1] "veel"',
            "placeholders differ: 'one' has ['n:s'], 'veel' has []",
        ),
    ],
)
def test_what_is_wrong_with_an_entry(entry: str, problem: str) -> None:
    assert problems_of(entry) == [problem]


def test_the_singular_may_leave_out_the_number() -> None:
    entry = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "één dag"\nmsgstr[1] "%(n)s dagen"'
    assert problems_of(entry) == []


def test_check_fails_and_writes_nothing_when_the_source_has_more(tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [str(tmp_path)]
    with pytest.raises(CommandError, match="problem"):
        call_command("messages", "--check", stdout=_Nowhere())
    assert list(tmp_path.rglob("*")) == []


def test_an_update_keeps_translations_and_drops_what_is_gone(tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [str(tmp_path)]
    catalog = Catalog(locale="nl")
    catalog.add("Treaties", "Verdragen")
    catalog.add("Never in the source", "Nooit")
    path = messages.path_of("nl")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    written = messages.write("nl")
    kept = written.get("Treaties")
    assert kept is not None
    assert kept.string == "Verdragen"
    assert "Never in the source" not in path.read_text(encoding="utf-8")


class _Nowhere:
    def write(self, _text: str) -> None:
        """Django's command writes its lines here."""


# Texts of the procedures


def sentences(value: object) -> Iterator[Text]:
    """Every `Text` in a procedure, however deep."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from sentences(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from sentences(getattr(value, name))


LAWS = [value for value in vars(law).values() if isinstance(value, Text) and value.nl]


@pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: f"{procedure.code}-{procedure.version}")
def test_procedures_speak_both_languages(procedure: Any) -> None:
    found = [text for text in sentences(procedure) if text.nl or text.en]
    assert len(found) > 20
    assert [text for text in found if not text.nl.strip() or not text.en.strip()] == []
    assert [text for text in found if text.nl == text.en and text.nl not in SAME_IN_BOTH] == []


def test_laws_are_cited_in_both_languages() -> None:
    assert [text for text in LAWS if not text.en or text.nl == text.en] == []


# Pages

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt", "content"}


def is_spoken(attribute: str) -> bool:
    return attribute in SPOKEN_ATTRIBUTES or attribute.startswith("data-label") or attribute == "data-copied"


class Words(HTMLParser):
    """The texts of a page in the language of the page; what is marked as another language is left out.

    So is the text of a drawing, which is broken into lines; its boxes say it whole in their labels.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.languages = [language]
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        spoken = values.get("lang") or self.languages[-1]
        if tag not in VOID:
            self.languages.append("" if tag in ("script", "style", "code", "text", "tspan") else spoken)
        if spoken == self.language:
            self.found |= {value.strip() for name, value in attrs if value and is_spoken(name)}

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if self.languages[-1] == self.language and data.strip():
            self.found.add(" ".join(data.split()))


def words_of(html: str, language: str) -> set[str]:
    parser = Words(language)
    parser.feed(html)
    return {word.casefold() for word in parser.found}


@pytest.fixture(scope="module")
def pairs() -> dict[str, set[str]]:
    """The texts of each language that are no text of the other."""
    compiled = messages.path_of("nl").with_suffix(".mo")
    with compiled.open("rb") as file:
        texts: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    both = [(_plain(key), value) for key, value in texts.items() if key and "%" not in value]
    english, dutch = {key.casefold() for key, _value in both}, {value.casefold() for _key, value in both}
    return {"en": english - dutch, "nl": dutch - english}


def _plain(key: str | tuple[str, int]) -> str:
    return (key if isinstance(key, str) else key[0]).split("\x04")[-1]


def test_the_words_of_a_page_are_found() -> None:
    html = '<p title="a">b <b lang="en">c</b><br>d</p><input placeholder="e"><script>f</script>'
    assert words_of(html, "nl") == {"a", "b", "d", "e"}


def assert_speaks(
    client: Client, address: str, language: str, pairs: dict[str, set[str]], status: int = 200, data: Iterable[str] = ()
) -> None:
    """The page says something in `language` and nothing in the other one; `data` are words of the record."""
    response = client.get(address, headers={"accept-language": language})
    other = "en" if language == "nl" else "nl"
    found = words_of(response.content.decode(), language) - {word.casefold() for word in data}
    assert response.status_code == status, address
    assert found & pairs[language] != set(), address
    assert sorted(found & pairs[other]) == [], address


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "address", ["/", "/treaties/", "/countries/", "/accessibility/", "/login/", "/glossary/", "/glossary/?q=zzz"]
)
def test_public_pages_speak_one_language(
    client: Client, make_treaty: Callable[..., Any], pairs: dict[str, set[str]], address: str, language: str
) -> None:
    make_treaty()
    assert_speaks(client, address, language, pairs)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_that_is_not_there_speaks_one_language(client: Client, pairs: dict, language: str) -> None:
    assert_speaks(client, "/treaties/T0000000/", language, pairs, status=404)


@pytest.fixture
def asked(
    make_dossier: Callable[..., Dossier],
    give_evidence: Callable[..., None],
    advance: Callable[..., Dossier],
    staff: User,
) -> Any:
    """A request for the mandate of a mixed treaty, not decided."""
    dossier = advance(make_dossier("mixed", entities=["X-BE-FED"]), until="conference")
    give_evidence(dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=dossier, step="mandate")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_of_the_staff_speak_one_language(
    client: Client, asked: Any, reviewer: User, pairs: dict, language: str
) -> None:
    client.force_login(reviewer)
    dossier = asked.dossier
    titles = dossier.treaty.documents.values_list("title", flat=True)
    for address in (
        dossier.treaty.get_absolute_url(),
        "/desk/",
        "/desk/new/",
        dossier.get_absolute_url(),
        f"{dossier.get_absolute_url()}record/text_agreed/",
        "/review/",
        f"/review/{asked.pk}/",
    ):
        assert_speaks(client, address, language, pairs, data=titles)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_of_publication_and_of_the_trail_speak_one_language(
    client: Client, staff: User, administrator: User, make_treaty: Callable[..., Any], pairs: dict, language: str
) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    reference = treaty.reference
    # The reason, and what the service account is called.
    request = ask_publication(actor=staff, treaty=treaty, reason="Ondertekend.", not_before=None)
    client.force_login(administrator)
    for address in (
        "/publications/",
        request.get_absolute_url(),
        f"/treaties/{reference}/publication/",
        f"/treaties/{reference}/preview/",
        f"/treaties/{reference}/history/",
        "/audit/",
        f"/audit/about/{reference}/",
        f"/audit/people/{staff.pk}/",
    ):
        assert_speaks(client, address, language, pairs, data=["Ondertekend.", "Verdragenregister"])
