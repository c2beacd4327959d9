"""The pages of what an instrument is bound to: parties, numbers, other instruments, papers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from treaties.actions import (
    DocumentEntry,
    Number,
    PartyEntry,
    RelationEntry,
)
from treaties.actions.relations import reference_of
from treaties.choices import (
    INVERSE,
    Access,
    DocumentKind,
    Language,
    RelationKind,
    Scheme,
    TextStanding,
)
from treaties.forms.base import text
from treaties.forms.pages import RowsForm, places
from treaties.forms.rows import (
    DATE_HINT,
    NOBODY,
    PARTY_HINT,
    SOURCE,
    DayField,
    Offers,
    PartyField,
    RowForm,
    joined,
    needed,
    offer_documents,
    optional,
    when_field,
)
from treaties.models import (
    Document,
    Identifier,
    Relation,
    Treaty,
    TreatyParty,
)


class PartyRow(RowForm):
    party = PartyField(label=_("Party"), help_text=PARTY_HINT)
    named_as = text(_("Named in the text as"), help_text=_("For example: the Kingdom of Belgium."))
    territory = PartyField(
        label=_("For the territory"), required=False, help_text=_("Where it is bound for a part of it only.")
    )
    GROUPS = ((None, ("party", "named_as", "territory")),)

    def entry(self) -> PartyEntry:
        data = self.cleaned_data
        return PartyEntry(data["party"], data["named_as"], data["territory"], pk=data["id"], gone=data["gone"])


class PartiesForm(RowsForm):
    SECTION, ROW, MODEL = "parties", PartyRow, TreatyParty

    def on_record(self) -> Iterable[TreatyParty]:
        return self.treaty.party_links.all()

    def told(self, row: TreatyParty) -> str:
        return self.offers.parties.name(row.party_id)


class NumberRow(RowForm):
    scheme = needed(_("Kind of number"), Scheme)
    value = text(_("Number"), needed=True)
    note = text(_("Of what"), help_text=_("For example: the decree, an annex."))
    since = DayField(label=_("Since"), required=False, help_text=_("The day, for example 9/3/2007."))
    url = text(_("Address"), inputmode="url")
    source = text(_("Source"), help_text=SOURCE)
    GROUPS = ((None, ("scheme", "value", "note")), (None, ("since", "url", "source")))

    def entry(self) -> Number:
        data = dict(self.cleaned_data)
        return Number(pk=data.pop("id"), **data)


class NumbersForm(RowsForm):
    SECTION, ROW, MODEL = "numbers", NumberRow, Identifier

    def on_record(self) -> Iterable[Identifier]:
        return self.treaty.identifiers.all()

    def told(self, row: Identifier) -> str:
        return capfirst(str(row))

    def offered(self, data: Any) -> Offers:
        return Offers(parties=NOBODY)


class RelationRow(RowForm):
    kind = needed(_("This treaty …"), RelationKind)
    other = text(_("Reference of the other treaty"), help_text=_("Or the address of its page."))
    outside = text(
        _("Or an instrument outside the register"), help_text=_("For example: Council Decision (EU) 2017/37.")
    )
    when = when_field(_("Since"), DATE_HINT)
    article = text(_("Article"), help_text=_("Where the instrument says so."))
    address = text(_("Address"), help_text=_("Where the other instrument can be read."), inputmode="url")
    note = text(_("Note"))
    source = text(_("Source"), help_text=SOURCE)

    COLUMNS = {"when": ("on", "precision")}
    GROUPS = (
        (None, ("kind", "other", "outside")),
        (None, ("when", "article", "address")),
        (_("Note and source"), ("note", "source")),
    )

    @classmethod
    def _raw(cls, row: Any, name: str, one: forms.Field, offers: Offers) -> str:
        if name == "other":
            return offers.references.get(row.other_id or 0, "")
        return super()._raw(row, name, one, offers)

    @property
    def other_title(self) -> str:
        """The title of the treaty that is named, where the person may know of it."""
        return self.offers.titles.get(reference_of(str(self["other"].value() or "")), "")

    def entry(self) -> RelationEntry:
        data = dict(self.cleaned_data)
        return RelationEntry(pk=data.pop("id"), **data)


class RelationsForm(RowsForm):
    SECTION, ROW, MODEL = "relations", RelationRow, Relation

    def on_record(self) -> Iterable[Relation]:
        known = Q(other=None) | Q(other__in=Treaty.objects.visible_to(self.person))
        return self.treaty.relations.filter(known).select_related("other").prefetch_related("other__titles")

    def told(self, row: Relation) -> str:
        return joined(row.get_kind_display(), row.other.reference if row.other else row.outside)

    def may_tell(self, base: Any) -> bool:
        """None that was to a treaty the person may not know of now."""
        other = base.other_id if base else None
        return other is None or Treaty.objects.visible_to(self.person).filter(pk=other).exists()

    def offered(self, data: Any) -> Offers:
        others = [row.other for row in self.present.values() if row.other]
        typed = {reference_of(data.get(f"relations-{place}-other", "")) for place in places("relations", data or {})}
        known = Treaty.objects.visible_to(self.person)
        named = known.filter(reference__in=typed - {""}).prefetch_related("titles")
        return Offers(
            parties=NOBODY,
            references={other.pk: other.reference for other in others},
            titles={one.reference: one.title for one in [*others, *named]},
        )

    def inverse(self) -> list[tuple[Any, Treaty]]:
        """What other treaties say of this one; it is changed on their pages."""
        known = Treaty.objects.visible_to(self.person)
        rows = self.treaty.inverse_relations.filter(treaty__in=known).select_related("treaty")
        return [
            (capfirst(str(INVERSE[RelationKind(row.kind)])), row.treaty)
            for row in rows.prefetch_related("treaty__titles")
        ]


class DocumentRow(RowForm):
    title = text(_("Title"), needed=True)
    kind = needed(_("Kind of paper"), DocumentKind)
    language = needed(_("Language"), Language)
    standing = optional(_("Standing of the text"), TextStanding)
    replaces = forms.ChoiceField(label=_("Comes after the version"), required=False)
    access = needed(_("Who may see it"), Access)
    source = text(_("Source"), help_text=SOURCE)
    GROUPS = ((None, ("title",)), (None, ("kind", "language", "standing", "replaces", "access", "source")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["gone"]
        offer_documents(self, "replaces")
        if self.offers.levels:
            offered: Any = self.fields["access"]
            offered.choices = [choice for choice in offered.choices if choice[0] in ("", *self.offers.levels)]

    def entry(self) -> DocumentEntry:
        data = dict(self.cleaned_data)
        return DocumentEntry(pk=data.pop("id") or 0, replaces=self.offers.documents.get(data.pop("replaces")), **data)


class DocumentsForm(RowsForm):
    SECTION, ROW, MODEL = "documents", DocumentRow, Document
    GROWS = False

    def on_record(self) -> Iterable[Document]:
        return Document.objects.visible_to(self.person).filter(treaty=self.treaty)

    def told(self, row: Document) -> str:
        return joined(Truncator(strip_tags(row.title)).chars(80), row.filename, f"sha256 {row.sha256[:12]}")

    def offered(self, data: Any) -> Offers:
        levels = tuple(level.value for level in Access if self.person.reads(level, self.treaty.department_id))
        return Offers(parties=NOBODY, documents={str(pk): row for pk, row in self.present.items()}, levels=levels)
