"""The page of the titles and of what an instrument is."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treaties import publishing
from treaties.actions import (
    Basics,
    TitleEntry,
)
from treaties.choices import (
    Access,
    Kind,
    Language,
    Qualification,
    TitleKind,
)
from treaties.forms.base import labelled, text
from treaties.forms.pages import RowsForm
from treaties.forms.rows import (
    PARTY_HINT,
    PartyField,
    RowForm,
    joined,
    needed,
)
from treaties.forms.treaty import AboutForm
from treaties.meanwhile import past
from treaties.models import (
    Theme,
    Title,
    Treaty,
    TreatyTheme,
)


class TitleRow(RowForm):
    language = needed(_("Language"), Language)
    kind = needed(_("Kind of title"), TitleKind)
    text = text(_("Title"), rows=2, needed=True)
    GROUPS = ((None, ("language", "kind")), (None, ("text",)))

    def entry(self) -> TitleEntry:
        data = self.cleaned_data
        return TitleEntry(data["language"], data["kind"], data["text"], pk=data["id"], gone=data["gone"])


class BasicsForm(RowsForm, AboutForm):
    """Titles in any language and kind, and what the instrument is."""

    SECTION, ROW, MODEL = "titles", TitleRow, Title
    depositary = PartyField(label=_("Depositary"), required=False, help_text=PARTY_HINT)
    authentic_languages = forms.MultipleChoiceField(
        label=_("Authentic languages"),
        required=False,
        choices=lambda: labelled(Language),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which its text binds (Vienna Convention, art. 33)."),
    )
    territory = text(_("Territorial scope"), help_text=_("Of the instrument as a whole, as its text has it."))

    COLUMNS = (
        "kind",
        "qualification",
        "access",
        "summary_nl",
        "summary_en",
        "note",
        "sources",
        "territory",
        "authentic_languages",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["depositary"]
        field.names = self.offers.parties
        self.fields["reason"].required = True
        if publishing.is_public(self.treaty.access):
            sentence = _("A public record is taken out of the public part on a page of its own, with the reason.")
            self.fields["access"].help_text = sentence

    @property
    def access_now(self) -> str:
        return self.treaty.access

    @property
    def held_by(self) -> str | None:
        return self.treaty.department_id or self.person.department_id

    def on_record(self) -> Iterable[Title]:
        return self.treaty.titles.all()

    def told(self, row: Title) -> str:
        return joined(row.get_kind_display(), row.get_language_display())

    def initial_of(self, treaty: Treaty) -> dict[str, Any]:
        return {
            **{name: getattr(treaty, name) for name in self.COLUMNS},
            "depositary": self.offers.parties.name(treaty.depositary_id),
            "department": treaty.department_id or "",
            "themes": [link.theme.slug for link in treaty.theme_links.all()],
        }

    def field_of_past(self, name: str, before: Any) -> Any:
        if name == "depositary":
            return self.offers.parties.name(before.depositary_id)
        if name == "department":
            return before.department_id or ""
        if name == "themes":
            links = past(TreatyTheme, self.treaty, self.cleaned_data["version"]).base.values()
            return list(Theme.objects.filter(pk__in=[link.theme_id for link in links]).values_list("slug", flat=True))
        return super().field_of_past(name, before)

    def basics(self) -> Basics:
        """What was typed beside the titles, as the action takes it."""
        data = self.cleaned_data
        names = ("depositary", "territory", "summary_nl", "summary_en", "note", "sources", "themes")
        return Basics(
            kind=Kind(data["kind"]),
            qualification=Qualification(data["qualification"]),
            access=Access(data["access"]),
            department=data.get("department"),
            authentic_languages=[Language(one) for one in data["authentic_languages"]],
            **{name: data[name] for name in names},
        )
