"""What the register says of an instrument itself: registering it."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from treaties import publishing
from treaties.actions import Record, TitleText
from treaties.choices import Access, Kind, Language, PartyKind, Qualification, TitleKind
from treaties.forms.base import ActionForm, Choices, CodesField, choice, labelled, offer, offer_levels, text
from treaties.models import Party, Theme

# The languages that have a field of their own when an instrument is registered.
TITLE_LANGUAGES = (Language.NL, Language.EN, Language.FR, Language.DE)


def access_options(access: str) -> Choices:
    """Who may see a record, as far as a page that edits it can change that from `access`."""
    return [(one.value, capfirst(str(one.label))) for one in publishing.levels(access)][::-1]


class PartySelect(forms.SelectMultiple):
    """A list box whose options carry the other names people search by, for the filter of party-picker.js."""

    words: dict[str, str]

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if words := self.words.get(str(value)):
            option["attrs"]["data-words"] = words
        return option


class AboutForm(ActionForm):
    """What an instrument is and what it is about, without its titles and parties."""

    kind = choice(_("Kind"), lambda: labelled(Kind))
    qualification = choice(
        _("Qualification"),
        lambda: labelled(Qualification),
        help_text=_("Whose competences it touches. It can be determined later."),
    )
    themes = CodesField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    summary_nl = text(_("Summary in Dutch"), rows=4, lang="nl")
    summary_en = text(_("Summary in English"), rows=4, lang="en")
    access = choice(
        _("Who may see it"),
        lambda: access_options(Access.GOVERNMENT),
        widget=forms.RadioSelect,
        initial=Access.GOVERNMENT,
        help_text=_("A record becomes public when somebody asks for it and somebody else approves."),
    )
    department = choice(
        _("Department"),
        [],
        required=False,
        help_text=_("Which department holds it. What is confidential is read by that department only."),
    )
    note = text(_("Note"), rows=3, help_text=_("What is odd or unsure in the facts, for readers."))
    sources = text(_("Sources"), rows=3, help_text=_("One address or citation per line."))
    reason = text(_("Why"), help_text=_("For the history: where this comes from."))

    person: User

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        """`person` fills it in; a page of rows has said so before."""
        super().__init__(*args, **kwargs)
        if person is not None:
            self.person = person
        offer(self, "themes", theme_options(set(self["themes"].value() or ())))
        departments = [(one.code, one.name) for one in Department.objects.all()]
        if departments:
            offer(self, "department", [("", "–"), *departments])
        else:
            del self.fields["department"]
        offer_levels(self, "access", self.person, self.held_by, among=publishing.levels(self.access_now))

    @property
    def access_now(self) -> str:
        """Of a new record, that it is not public: it becomes so by a way of its own."""
        return Access.GOVERNMENT

    @property
    def held_by(self) -> str | None:
        """The department for which levels are offered: a person may always set what his own department reads."""
        return self.person.department_id

    def theme_groups(self) -> list[tuple[str, list[Any], int]]:
        """Per policy domain its boxes, and how many are ticked."""
        boxes = iter(self["themes"].subwidgets)
        offered: Any = self.fields["themes"]
        groups = [(name, [next(boxes) for _option in options]) for name, options in offered.choices]
        return [(name, found, sum(box.data["selected"] for box in found)) for name, found in groups]


class TreatyForm(AboutForm):
    """A new instrument, with its titles and parties."""

    title_nl = text(_("Title in Dutch"), rows=2, lang="nl", help_text=_("Give the title in at least one language."))
    title_en = text(_("Title in English"), rows=2, lang="en")
    title_fr = text(_("Title in French"), rows=2, lang="fr")
    title_de = text(_("Title in German"), rows=2, lang="de")
    short_name = text(_("Short name in Dutch"), help_text=_("What people call it, for example “Grensleieverdrag”."))
    parties = CodesField(label=_("Parties"), required=False, widget=PartySelect(attrs={"size": 8, "data-picker": ""}))
    # In the order of the page, which is that of the list of what is wrong.
    field_order = ("submission", "title_nl", "title_en", "title_fr", "title_de", "short_name", "kind", "qualification")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        options, words = party_options()
        offer(self, "parties", options).widget.words = words
        if "department" in self.fields:
            self.fields["department"].initial = person.department_id

    def record(self) -> Record:
        """What was typed, as the action takes it."""
        data = self.cleaned_data
        texts = ("summary_nl", "summary_en", "note", "sources")
        return Record(
            kind=Kind(data["kind"]),
            titles=self._titles(),
            qualification=Qualification(data["qualification"]),
            parties=dict.fromkeys(data["parties"], ""),
            themes=data["themes"],
            access=Access(data["access"]),
            department=data.get("department"),
            **{name: data[name] for name in texts},
        )

    def _titles(self) -> list[TitleText]:
        """Titles of only spaces are passed on too: the action says what is wrong with them."""
        given = [(language, TitleKind.OFFICIAL, f"title_{language}") for language in TITLE_LANGUAGES]
        given.append((Language.NL, TitleKind.SHORT, "short_name"))
        return [
            TitleText(language, self.cleaned_data[name], kind)
            for language, kind, name in given
            if self.cleaned_data[name]
        ]


def party_options() -> tuple[Choices, dict[str, str]]:
    """Every party by kind, Belgian entities first, and the words each is also found by."""
    first = (PartyKind.BELGIAN_ENTITY, PartyKind.STATE, PartyKind.REGION, PartyKind.ORGANISATION)
    kinds = [*first, *(kind for kind in PartyKind if kind not in first)]
    groups: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    words = {}
    for party in Party.objects.all():
        groups[party.kind].append((party.code, party.name))
        words[party.code] = " ".join((party.code, party.name_nl, party.name_en, *party.aliases))
    return [(capfirst(str(PartyKind(kind).label)), options) for kind, options in groups.items()], words


def theme_options(chosen: set[str]) -> Choices:
    """Policy fields under their domain, the domain itself first. What is no longer used shows only where chosen."""
    themes = list(Theme.objects.all())
    names = {theme.pk: theme.name for theme in themes}
    groups: dict[int, list[tuple[str, str]]] = {theme.pk: [] for theme in themes if theme.parent_id is None}
    for theme in sorted(themes, key=lambda theme: theme.parent_id is not None):
        if not theme.is_deprecated or theme.slug in chosen:
            groups[theme.parent_id or theme.pk].append((theme.slug, theme.name))
    return [(names[pk], options) for pk, options in groups.items() if options]
