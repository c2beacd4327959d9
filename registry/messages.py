"""The texts to translate: found in the code and the templates, kept in locale/<language>/LC_MESSAGES/django.po.

Does what `makemessages` does, without the gettext programs: Django makes Python of a template, Babel reads the
Python. English is the language of the code; every other language in the settings has a catalogue.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.template import Engine
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
TEMPLATE_SUFFIXES = frozenset({".html", ".txt", ".xml"})
LEFT_OUT = frozenset({"migrations", "__pycache__"})
TRANSLATOR_COMMENTS = ("Translators",)
LINE_WIDTH = 120

_PLAIN, _PLURAL, _IN_CONTEXT, _PLURAL_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _PLAIN,
    "gettext": _PLAIN,
    "gettext_lazy": _PLAIN,
    "gettext_noop": _PLAIN,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _PLURAL_IN_CONTEXT,
    "npgettext_lazy": _PLURAL_IN_CONTEXT,
}

# No dates and no program versions: the same texts make the same file, whoever makes it and when.
HEADER = """\
# Texts of the Treaty Register of Flanders, kept up to date by `manage.py messages`.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

Found = tuple[int, str | tuple[str, ...], list[str], str | None]

# %(name)s, %s, %d … or the escaped %%.
_PLACEHOLDER = re.compile(r"%(?:\((?P<name>[^)]*)\))?(?P<type>[-#0+.\d]*[a-zA-Z%])")


def languages() -> list[str]:
    """The languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def path_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def in_source() -> Catalog:
    """Every text the code and the templates ask a translation for."""
    catalog = Catalog(fuzzy=False)
    for path in sorted(_files()):
        place = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, text, comments, context in texts_in(path):
            catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def texts_in(path: Path) -> Iterator[Found]:
    """The texts of one file: line, text (or singular and plural), comments for translators, context."""
    return extract(
        "python", _as_python(path), keywords=KEYWORDS, comment_tags=TRANSLATOR_COMMENTS, strip_comment_tags=True
    )


def kept(language: str) -> Catalog:
    """The catalogue as it stands in its file; empty where there is none yet."""
    path = path_of(language)
    return _read(path.read_bytes() if path.exists() else b"", language)


def updated(language: str) -> Catalog:
    """The catalogue with the texts of today: new ones untranslated, those that are gone left out."""
    catalog = kept(language)
    catalog.update(in_source(), no_fuzzy_matching=True, update_creation_date=False)
    return catalog


def as_file(catalog: Catalog, language: str) -> bytes:
    """The catalogue as its file is written: sorted by text, places without line numbers."""
    header = HEADER.format(language=language, plural_forms=catalog.plural_forms)
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=LINE_WIDTH,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return (header + body.getvalue().decode().strip() + "\n").encode()


def write(language: str) -> Catalog:
    """Bring the file up to date; it is left alone when nothing differs."""
    catalog = updated(language)
    path, content = path_of(language), as_file(catalog, language)
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return catalog


def problems(language: str) -> list[str]:
    """Everything for which the catalogue is not fit to be used, a sentence each.

    In which files a text stands is for the translator to know; a text that only moved is no problem.
    """
    catalog = updated(language)
    # Babel keeps what the source no longer says apart, as obsolete.
    gone = [f"no longer in the source: {_texts(message.id)[0]!r}" for message in catalog.obsolete.values()]
    return gone + [problem for message in catalog if message.id for problem in _message_problems(message)]


def _message_problems(message: Message) -> Iterator[str]:
    text = _texts(message.id)[0]
    translations = _texts(message.string or "")
    if not all(translations):
        yield f"not translated: {text!r}"
        return
    if message.fuzzy:
        yield f"marked fuzzy: {text!r}"
    plural = len(translations) > 1
    wanted, everything = placeholders(_texts(message.id)[-1]), set().union(*map(placeholders, _texts(message.id)))
    for place, translation in enumerate(translations):
        given = placeholders(translation)
        # "1 treaty" may leave out the number that "%(count)s treaties" shows.
        if given != wanted and not (plural and place == 0 and given <= everything):
            yield f"placeholders differ: {text!r} has {sorted(wanted)}, {translation!r} has {sorted(given)}"


def placeholders(text: str) -> set[str]:
    """What is filled in, by name and type: `%(who)s` is `who:s`. The escaped `%%` fills in nothing."""
    found = _PLACEHOLDER.finditer(text)
    return {f"{one['name'] or ''}:{one['type']}" for one in found if not one["type"].endswith("%")}


def _texts(value: str | Iterable[str]) -> list[str]:
    """The forms of a text: one, or singular and plural."""
    return [value] if isinstance(value, str) else list(value)


def _read(content: bytes, language: str) -> Catalog:
    return read_po(BytesIO(content), locale=language)


def _files() -> Iterator[Path]:
    """Python files and templates of the project's own apps, and the common templates."""
    base = Path(settings.BASE_DIR)
    own = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == base]
    for folder in [*own, *(Path(folder) for folder in Engine.get_default().dirs)]:
        for path in folder.rglob("*"):
            if not LEFT_OUT.intersection(path.parts) and path.suffix in TEMPLATE_SUFFIXES | {".py"}:
                yield path


def _as_python(path: Path) -> BytesIO:
    """The file, as Python; of a template only the calls matter, so its lines need no indentation."""
    if path.suffix == ".py":
        return BytesIO(path.read_bytes())
    lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
    return BytesIO("\n".join(line.strip() for line in lines).encode())
