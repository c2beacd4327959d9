"""The pages of what was done: dated acts, and reservations, declarations and objections."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from treaties import keepers
from treaties.actions import (
    ActEntry,
    DeclarationEntry,
)
from treaties.choices import (
    ActKind,
    DeclarationKind,
    FullPowers,
    Language,
    SignatureManner,
)
from treaties.forms.base import text
from treaties.forms.pages import RowsForm
from treaties.forms.rows import (
    DATE_HINT,
    PARTY_HINT,
    SOURCE,
    Offers,
    PartyField,
    RowForm,
    documents_of,
    joined,
    needed,
    offer_documents,
    optional,
    when_field,
)
from treaties.models import (
    Act,
    Declaration,
)


class ActRow(RowForm):
    kind = needed(_("Act"), ActKind)
    when = when_field(_("Date"), DATE_HINT)
    party = PartyField(label=_("By or for"), required=False, help_text=_("Empty: for the instrument as a whole."))
    place = text(_("Place"))
    manner = optional(_("Manner of signature"), SignatureManner)
    signatory = text(_("Signatory"))
    capacity = text(_("In the capacity of"))
    full_powers = optional(_("Full powers"), FullPowers)
    effect = when_field(_("Date of effect"), _("Where that is another day."))
    territory = PartyField(label=_("For the territory"), required=False, help_text=_("Empty: all of it."))
    scope = text(_("Part of the instrument"), help_text=_("Empty: all of it."))
    number = text(_("Number"), help_text=_("Of a publication or decree, for example NUMAC."))
    page = text(_("Page"))
    address = text(_("Address"), inputmode="url")
    document = forms.ChoiceField(label=_("Document"), required=False)
    source = text(_("Source"), help_text=SOURCE)
    note = text(_("Note"), rows=2)

    FOLDED = True
    COLUMNS = {"when": ("on", "precision"), "effect": ("effect_on", "effect_precision")}
    GROUPS = (
        (None, ("kind", "when", "party", "place")),
        (_("Of a signature"), ("manner", "signatory", "capacity", "full_powers")),
        (_("Effect and extent"), ("effect", "territory", "scope")),
        (_("Publication and document"), ("number", "page", "address", "document")),
        (pgettext_lazy("where it comes from", "Source and note"), ("source", "note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_documents(self, "document")

    def entry(self) -> ActEntry:
        data = dict(self.cleaned_data)
        document = self.offers.documents.get(data.pop("document"))
        return ActEntry(pk=data.pop("id"), document=document, **data)


class ActsForm(RowsForm):
    SECTION, ROW, MODEL = "acts", ActRow, Act

    def on_record(self) -> Iterable[Act]:
        """What can be corrected here. `elsewhere` has the others, each with where it is corrected."""
        acts = list(self.treaty.acts.filter(is_retracted=False).select_related("party"))
        kept = keepers.kept([act.pk for act in acts])
        self.elsewhere = [(act, kept[act.pk]) for act in acts if act.pk in kept]
        return [act for act in acts if act.pk not in kept]

    def told(self, row: Act) -> str:
        return joined(row.get_kind_display(), row.party_name, row.when if row.on else "")

    def offered(self, data: Any) -> Offers:
        return Offers(documents=documents_of(self.treaty, self.person))


class DeclarationRow(RowForm):
    kind = needed(_("Kind"), DeclarationKind)
    party = PartyField(label=_("Made by"), help_text=PARTY_HINT)
    when = when_field(_("Date"), DATE_HINT)
    objects_to = forms.ChoiceField(
        label=_("Objects to"), required=False, help_text=_("Of an objection: a reservation that is saved already.")
    )
    language = needed(_("Language"), Language)
    article = text(_("Article"))
    source = text(_("Source"), help_text=SOURCE)
    withdrawn = when_field(_("Withdrawn on"), _("It keeps its text, and holds no longer from that day."))
    # Last: from here on the name is the field's.
    text = text(_("Text"), rows=4, needed=True)

    FOLDED = True
    COLUMNS = {"when": ("on", "precision"), "withdrawn": ("withdrawn_on", "withdrawn_precision")}
    GROUPS = (
        (None, ("kind", "party", "when", "objects_to")),
        (None, ("language", "article")),
        (None, ("text",)),
        (_("Withdrawal and source"), ("withdrawn", "source")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["objects_to"]
        field.choices = [("", "–"), *((key, told) for key, (_row, told) in self.offers.reservations.items())]

    def entry(self) -> DeclarationEntry:
        data = dict(self.cleaned_data)
        objected, _told = self.offers.reservations.get(data.pop("objects_to"), (None, ""))
        return DeclarationEntry(pk=data.pop("id"), objects_to=objected, **data)


class DeclarationsForm(RowsForm):
    SECTION, ROW, MODEL = "declarations", DeclarationRow, Declaration

    def on_record(self) -> Iterable[Declaration]:
        return self.treaty.declarations.filter(is_retracted=False).select_related("party")

    def told(self, row: Declaration) -> str:
        return joined(row.get_kind_display(), row.party.name, row.when if row.on else "", row.article)

    def offered(self, data: Any) -> Offers:
        rows = {str(pk): (row, self.told(row)) for pk, row in self.present.items()}
        return Offers(reservations={key: one for key, one in rows.items() if one[0].kind == "reservation"})
