"""Forms of the record. They read types from what was typed; what may be written is judged by the actions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker
from treaties import papers
from treaties.actions import Record, TitleText
from treaties.choices import (
    Access,
    DocumentKind,
    Kind,
    Language,
    PartyKind,
    Qualification,
    TitleKind,
)
from treaties.fields import PartialDateField
from treaties.models import Document, Party, Theme, Treaty

# The languages that have a field of their own; titles in others are kept as they are.
TITLE_LANGUAGES = (Language.NL, Language.EN, Language.FR, Language.DE)
FILE_NOT_KEPT = _("Browsers do not keep a chosen file: choose it again.")

Choices = Sequence[tuple[str, Any]]


class Judged:
    """A field that must be filled in. That it is not, the action says: with everything else, and with the law."""

    def validate(self, value: Any) -> None:
        field: Any = self
        needed, field.required = field.required, False
        try:
            super().validate(value)  # type: ignore[misc]
        finally:
            field.required = needed


class JudgedText(Judged, forms.CharField):
    pass


class JudgedChoice(Judged, forms.ChoiceField):
    pass


class JudgedDate(Judged, PartialDateField):
    pass


class ActionForm(forms.Form):
    """A form that asks one action to do something, and shows what the action answers.

    `submission` is new for every page, so that the action knows the same form when it comes twice.
    """

    submission = forms.UUIDField(
        label=_("This page"),
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("load it again and send it once more."), "invalid": _("load it again.")},
    )

    # Fields that the action calls otherwise.
    RENAMED: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # What the action refused that belongs to no field, and the sentence of a conflict.
        self.blockers: list[Blocker] = []
        self.conflict: object = ""

    def take(self, blockers: Iterable[Blocker]) -> None:
        """Show refusals: beside the field they name, and the others above the form."""
        for blocker in blockers:
            name = self.RENAMED.get(blocker.field, blocker.field)
            if name in self.fields:
                self.add_error(name, _sentence(blocker))
            else:
                self.add_error(None, _sentence(blocker))
                self.blockers.append(blocker)
        self.forget_files()

    def forget_files(self) -> None:
        """A refused page comes back without the chosen file; say so beside its field."""
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField) and self.files.get(name) and not self.has_error(name):
                self.add_error(name, FILE_NOT_KEPT)


def _sentence(blocker: Blocker) -> ValidationError:
    text = (
        format_html('{} <span class="law">{}</span>', blocker.sentence, blocker.law)
        if blocker.law
        else str(blocker.sentence)
    )
    return ValidationError(text, code=blocker.code)


def labelled(choices: type[TextChoices]) -> Choices:
    """Choices as options: the labels begin with a capital there."""
    return [(value, capfirst(str(label))) for value, label in choices.choices]


def text(label: Any, *, help_text: Any = "", rows: int = 0, needed: bool = False, **attrs: Any) -> forms.CharField:
    """A text of any length: the action says when it is too long, and the page keeps all of it."""
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return JudgedText(label=label, help_text=help_text, required=needed, strip=False, widget=widget)


def choice(label: Any, options: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, **kwargs)


def offer(form: forms.Form, name: str, choices: Choices) -> Any:
    """Put the options in a choice field of `form`; the field."""
    field: Any = form.fields[name]
    field.choices = choices
    return field


class CodesField(forms.MultipleChoiceField):
    """Codes chosen from a list. Whether each exists is the action's to say, by name."""

    def valid_value(self, value: str) -> bool:
        ProhibitNullCharactersValidator()(value)
        if len(value) > 200:
            raise ValidationError(_("This is not a code."), code="code")
        return True


class PartySelect(forms.SelectMultiple):
    """A list box whose options carry the other names people search by, for the filter of party-picker.js."""

    words: dict[str, str]

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if words := self.words.get(str(value)):
            option["attrs"]["data-words"] = words
        return option


class TreatyForm(ActionForm):
    """What the register says of an instrument."""

    title_nl = text(_("Title in Dutch"), rows=2, lang="nl", help_text=_("Give the title in at least one language."))
    title_en = text(_("Title in English"), rows=2, lang="en")
    title_fr = text(_("Title in French"), rows=2, lang="fr")
    title_de = text(_("Title in German"), rows=2, lang="de")
    short_name = text(_("Short name in Dutch"), help_text=_("What people call it, for example “Grensleieverdrag”."))
    kind = choice(_("Kind"), lambda: labelled(Kind))
    qualification = choice(
        _("Qualification"),
        lambda: labelled(Qualification),
        help_text=_("Whose competences it touches. It can be determined later."),
    )
    parties = CodesField(label=_("Parties"), required=False, widget=PartySelect(attrs={"size": 8, "data-picker": ""}))
    themes = CodesField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    summary_nl = text(_("Summary in Dutch"), rows=4, lang="nl")
    summary_en = text(_("Summary in English"), rows=4, lang="en")
    access = choice(
        _("Who may see it"),
        lambda: labelled(Access)[::-1],
        widget=forms.RadioSelect,
        initial=Access.INTERNAL,
        help_text=_("Only what is public can be found by people who are not logged in."),
    )
    note = text(_("Note"), rows=3, help_text=_("What is odd or unsure in the facts, for readers."))
    sources = text(_("Sources"), rows=3, help_text=_("One address or citation per line."))
    reason = text(_("Why"), help_text=_("For the history: where this comes from."))

    def __init__(self, *args: Any, treaty: Treaty | None = None, **kwargs: Any) -> None:
        self.treaty = treaty
        initial = {**(initial_of(treaty) if treaty else {}), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        options, words = _party_options()
        offer(self, "parties", options).widget.words = words
        offer(self, "themes", _theme_options(set(self["themes"].value() or ())))

    def theme_groups(self) -> list[tuple[str, list[Any], int]]:
        """Per policy domain its boxes, and how many are ticked."""
        boxes = iter(self["themes"].subwidgets)
        offered: Any = self.fields["themes"]
        groups = [(name, [next(boxes) for _option in options]) for name, options in offered.choices]
        return [(name, found, sum(box.data["selected"] for box in found)) for name, found in groups]

    def record(self) -> Record:
        """What was typed, as the action takes it; what has no field here stays as it was."""
        data, treaty = self.cleaned_data, self.treaty
        named = {link.party.code: link.named_as for link in treaty.party_links.all()} if treaty else {}
        texts = ("summary_nl", "summary_en", "note", "sources")
        return Record(
            kind=Kind(data["kind"]),
            titles=[*self._titles(), *_other_titles(treaty)],
            qualification=Qualification(data["qualification"]),
            parties={code: named.get(code, "") for code in data["parties"]},
            themes=data["themes"],
            access=Access(data["access"]),
            territory=treaty.territory if treaty else "",
            **{name: data[name] for name in texts},
        )

    def _titles(self) -> list[TitleText]:
        """Titles of only spaces are passed on too: the action says what is wrong with them."""
        kinds = title_kinds(self.treaty)
        given = [(language, kinds[language], f"title_{language}") for language in TITLE_LANGUAGES]
        given.append((Language.NL, TitleKind.SHORT, "short_name"))
        return [
            TitleText(language, self.cleaned_data[name], kind)
            for language, kind, name in given
            if self.cleaned_data[name]
        ]


class TreatyEditForm(TreatyForm):
    """The same, of an instrument that is in the register: with the version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))

    field_order = ("submission", "version")

    def __init__(self, *args: Any, treaty: Treaty, **kwargs: Any) -> None:
        super().__init__(*args, treaty=treaty, **kwargs)
        self.fields["reason"].required = True

    def renew(self, treaty: Treaty) -> list[tuple[Any, str, str]]:
        """After somebody else saved: take over the version as it is now, so that saving again is a choice.

        Each field that differs, with what is on record now and what was typed.
        """
        given: Any = self.data
        data = given.copy()
        data["version"] = treaty.version
        self.data = data
        now = initial_of(treaty)
        names = [name for name in self.fields if name in now and name != "version"]
        return [
            (self.fields[name].label, self._shown(name, now[name]), self._shown(name, self.cleaned_data[name]))
            for name in names
            if self._shown(name, now[name]) != self._shown(name, self.cleaned_data[name])
        ]

    def _shown(self, name: str, value: Any) -> str:
        """A value in words: the labels of what was chosen."""
        options: Any = getattr(self.fields[name], "choices", None)
        if options is None:
            return str(value).strip()
        labels: dict[str, Any] = {}
        for key, label in options:
            labels |= dict(label) if isinstance(label, list | tuple) else {key: label}
        codes = value if isinstance(value, list) else [value]
        return ", ".join(sorted(str(labels.get(code, code)) for code in codes))


def title_kinds(treaty: Treaty | None) -> dict[Language, TitleKind]:
    """Which title a language's field holds: the official one, or the translation where only that is known."""
    kinds = dict.fromkeys(TITLE_LANGUAGES, TitleKind.OFFICIAL)
    if treaty is None:
        return kinds
    present = {(title.language, title.kind) for title in treaty.titles.all()}
    for language in kinds:
        if (language, TitleKind.OFFICIAL) not in present and (language, TitleKind.TRANSLATION) in present:
            kinds[language] = TitleKind.TRANSLATION
    return kinds


def initial_of(treaty: Treaty) -> dict[str, Any]:
    """The record as the fields show it."""
    titles = {(title.language, title.kind): title.text for title in treaty.titles.all()}
    names = ("kind", "qualification", "access", "summary_nl", "summary_en", "note", "sources", "version")
    return {
        **{f"title_{language}": titles.get((language, kind), "") for language, kind in title_kinds(treaty).items()},
        "short_name": titles.get((Language.NL, TitleKind.SHORT), ""),
        "parties": [link.party.code for link in treaty.party_links.all()],
        "themes": [link.theme.slug for link in treaty.theme_links.all()],
        **{name: getattr(treaty, name) for name in names},
    }


def _other_titles(treaty: Treaty | None) -> list[TitleText]:
    """Titles that have no field here, kept as they are."""
    if treaty is None:
        return []
    shown = {(language, kind) for language, kind in title_kinds(treaty).items()} | {(Language.NL, TitleKind.SHORT)}
    return [
        TitleText(Language(title.language), title.text, TitleKind(title.kind))
        for title in treaty.titles.all()
        if (title.language, title.kind) not in shown
    ]


def _party_options() -> tuple[Choices, dict[str, str]]:
    """Every party by kind, Belgian entities first, and the words each is also found by."""
    first = (PartyKind.BELGIAN_ENTITY, PartyKind.STATE, PartyKind.REGION, PartyKind.ORGANISATION)
    kinds = [*first, *(kind for kind in PartyKind if kind not in first)]
    groups: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    words = {}
    for party in Party.objects.all():
        groups[party.kind].append((party.code, party.name))
        words[party.code] = " ".join((party.code, party.name_nl, party.name_en, *party.aliases))
    return [(capfirst(str(PartyKind(kind).label)), options) for kind, options in groups.items()], words


def _theme_options(chosen: set[str]) -> Choices:
    """Policy fields under their domain, the domain itself first. What is no longer used shows only where chosen."""
    themes = list(Theme.objects.all())
    names = {theme.pk: theme.name for theme in themes}
    groups: dict[int, list[tuple[str, str]]] = {theme.pk: [] for theme in themes if theme.parent_id is None}
    for theme in sorted(themes, key=lambda theme: theme.parent_id is not None):
        if not theme.is_deprecated or theme.slug in chosen:
            groups[theme.parent_id or theme.pk].append((theme.slug, theme.name))
    return [(names[pk], options) for pk, options in groups.items() if options]


class FileMixin(forms.Form):
    """A file with what it is; shared by the page of documents and the one of events."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, ODT or plain text."))
    document_kind = choice(_("Kind of paper"), lambda: labelled(DocumentKind), initial=DocumentKind.OTHER)
    document_language = choice(_("Language of the paper"), lambda: labelled(Language), initial=Language.NL)
    document_title = text(_("Title of the paper"), help_text=_("Empty: the name of the file."))

    # The versions on file among which the field `about` chooses, by their key; without any there is no such field.
    versions: Mapping[str, Document] = {}

    def offer_versions(self, *treaties: Treaty) -> None:
        """Ask which version the paper is about, where more than one of a paper is on file."""
        on_file = Document.objects.filter(treaty__in=treaties)
        self.versions = {str(document.pk): document for document in papers.to_choose(on_file)}
        if self.versions:
            self.fields["about"] = choice(
                _("About which version"),
                [("", "–"), *((key, _version(document)) for key, document in self.versions.items())],
                required=False,
                help_text=_("Of an advice or a translation: the version of the paper it was given on."),
            )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        # Before it is read: what is too large never comes into memory.
        if file and (file.size or 0) > settings.DOCUMENT_MAX_BYTES:
            megabytes = settings.DOCUMENT_MAX_BYTES // 1024**2
            raise ValidationError(_("This file is larger than %(limit)d MB.") % {"limit": megabytes}, code="file_size")
        return file

    def paper(self) -> dict[str, Any] | None:
        """The arguments that say what the file is; None without one."""
        data = self.cleaned_data
        if not (file := data.get("file")):
            return None
        return {
            "kind": DocumentKind(data["document_kind"]),
            "language": Language(data["document_language"]),
            "title": data["document_title"] or file.name,
            "filename": file.name,
            "content": file.read(),
            **({"about": self.versions.get(data["about"])} if self.versions else {}),
        }


def _version(document: Document) -> str:
    """A version as an option: which paper, what it is called, since when it is on file and the start of its hash."""
    day = formats.date_format(timezone.localtime(document.added_at), "j F Y H:i")
    return f"{capfirst(document.get_kind_display())}: {document.title} ({day}, sha256 {document.sha256[:12]})"


class DocumentForm(FileMixin, ActionForm):
    """A paper for the file of a treaty."""

    RENAMED = {"title": "document_title"}

    access = choice(
        _("Who may see it"), lambda: labelled(Access)[::-1], widget=forms.RadioSelect, initial=Access.INTERNAL
    )
    source = text(_("Source"), help_text=_("Where the paper comes from: an address or a citation."))
    reason = text(_("Why"), help_text=_("For the history. Empty: “a document was added”."))
    field_order = ("submission", "file", "document_kind", "about", "document_title", "document_language", "access")

    def __init__(self, *args: Any, treaty: Treaty | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if treaty:
            self.offer_versions(treaty)
        self.order_fields(self.field_order)
