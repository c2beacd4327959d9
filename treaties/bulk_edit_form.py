"""The form by which several records are changed at once. It reads types; what may be is judged by the action."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treaties import bulk_edit
from treaties.bulk_edit import BulkEdit
from treaties.choices import Access, Kind, Qualification
from treaties.forms import (
    ActionForm,
    CodesField,
    PartySelect,
    choice,
    labelled,
    offer,
    party_options,
    text,
    theme_options,
)
from treaties.forms.treaty import access_options
from treaties.models import Treaty

_SAME = ("", _("Leave as it is"))


def _or_same(choices: Any) -> Any:
    return lambda: [_SAME, *labelled(choices)]


class BulkEditForm(ActionForm):
    """What must change in all chosen records. `records` names them, with the version of each that was shown."""

    records = forms.CharField(label=_("Records"), required=False, widget=forms.HiddenInput)
    # The parameters of the list the person came from.
    back = forms.CharField(label=_("This page"), required=False, widget=forms.HiddenInput)
    add_themes = CodesField(label=_("Add themes"), required=False, widget=forms.CheckboxSelectMultiple)
    remove_themes = CodesField(label=_("Remove themes"), required=False, widget=forms.CheckboxSelectMultiple)
    kind = choice(_("Kind"), _or_same(Kind), required=False)
    qualification = choice(
        _("Qualification"),
        _or_same(Qualification),
        required=False,
        help_text=_("Of a treaty with a dossier it is changed in the dossier."),
    )
    access = choice(_("Who may see it"), lambda: [_SAME, *access_options(Access.GOVERNMENT)], required=False)
    add_parties = CodesField(
        label=_("Add parties"), required=False, widget=PartySelect(attrs={"size": 8, "data-picker": ""})
    )
    sources = text(
        _("Add sources"), rows=2, help_text=_("One address or citation per line; they come after what is there.")
    )
    reason = text(_("Why"), rows=2, help_text=_("For the history of each record."), needed=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options, words = party_options()
        offer(self, "add_parties", options).widget.words = words
        offer(self, "add_themes", theme_options(set()))

    def offer_removal(self, treaties: Sequence[Treaty]) -> None:
        """The themes that the chosen records have, most frequent first, each with how many have it."""
        themes = {link.theme.slug: link.theme for treaty in treaties for link in treaty.theme_links.all()}
        counts = Counter(link.theme.slug for treaty in treaties for link in treaty.theme_links.all())
        offer(self, "remove_themes", [(slug, f"{themes[slug].name} ({n})") for slug, n in counts.most_common()])

    def theme_groups(self) -> list[tuple[str, list[Any], int]]:
        """Per policy domain the boxes of themes to add, and how many are ticked."""
        boxes = iter(self["add_themes"].subwidgets)
        offered: Any = self.fields["add_themes"]
        groups = [(name, [next(boxes) for _option in options]) for name, options in offered.choices]
        return [(name, found, sum(box.data["selected"] for box in found)) for name, found in groups]

    @property
    def versions(self) -> dict[str, int]:
        """Reference → the version that was shown."""
        return bulk_edit.seen(str(self["records"].value() or ""))

    def edit(self) -> BulkEdit:
        data = self.cleaned_data
        names = ("add_themes", "remove_themes", "kind", "qualification", "access", "add_parties", "sources")
        return BulkEdit(**{name: data[name] for name in names})
