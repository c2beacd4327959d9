"""One row of a page that edits a record: its fields, and how a row on record is shown in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from treaties.dates import PartialDate, parse
from treaties.fields import PartialDateField
from treaties.forms.base import Judged
from treaties.models import Document, Party, Treaty


class PartyNames:
    """Every party, to be found by its code or any name it is known by; read once for a page."""

    def __init__(self) -> None:
        self.all = list(Party.objects.all())
        self.by_key = {party.pk: party for party in self.all}
        own = _clear((party.pk, _own_names(party)) for party in self.all)
        # What somebody is also called is found where nobody is called so.
        self._names = _clear((party.pk, party.aliases) for party in self.all) | own
        self._codes = {party.code.casefold(): party.pk for party in self.all}

    def find(self, typed: str) -> Party | None:
        """The party that `typed` names: a name that is nobody else's, a code, or both as `name (code)`."""
        words = typed.strip().casefold()
        in_brackets = words.rpartition("(")[2].removesuffix(")").strip()
        key = self._names.get(words) or self._codes.get(words) or self._codes.get(in_brackets)
        return self.by_key.get(key) if key else None

    def called(self, typed: str) -> list[str]:
        """The parties that `typed` could be, where it names more than one."""
        words = typed.strip().casefold()
        found = [one for one in self.all if words in map(str.casefold, filter(None, (*_own_names(one), *one.aliases)))]
        return [self.name(one.pk) for one in found]

    def name(self, key: int | None) -> str:
        """The name in the reader's language, with the code where the name alone is not clear."""
        party = self.by_key.get(key or 0)
        if party is None:
            return ""
        return party.name if self._names.get(party.name.casefold()) == party.pk else f"{party.name} ({party.code})"

    def options(self) -> Iterator[tuple[str, str]]:
        """What is offered while somebody types, and the other words beside it."""
        for party in self.all:
            yield self.name(party.pk), ", ".join(dict.fromkeys((party.code, party.name_nl, party.name_en)))


def _own_names(party: Party) -> Sequence[str]:
    return party.name_nl, party.name_en, party.name_fr, party.name_de


def _clear(named: Iterable[tuple[int, Sequence[str]]]) -> dict[str, int]:
    """The names that one party has and no other, with its key."""
    found: dict[str, set[int]] = {}
    for key, names in named:
        for name in filter(None, names):
            found.setdefault(name.casefold(), set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


class PartyField(Judged, forms.CharField):
    """A party by its name or code; `names` is given by the page."""

    names: PartyNames

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "party-names", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> Party | None:
        typed = super().clean(value)
        found = self.names.find(typed) if typed else None
        if typed and found is None:
            several = self.names.called(typed)
            sentence = _("There is no country or party “%(code)s”.")
            if several:
                sentence = _("More than one party is called “%(code)s”. Write one of: %(names)s.")
            said = sentence % {"code": typed[:60], "names": "; ".join(several)}
            raise ValidationError(said, code="unknown_party")
        return found


class DayField(PartialDateField):
    """A whole day, or nothing."""

    def clean(self, value: Any) -> Any:
        when = super().clean(value)
        if when.on and when.on != when.last:
            raise ValidationError(_("Give the day too."), code="day")
        return when.on


def optional(label: Any, options: Any, **kwargs: Any) -> forms.ChoiceField:
    """A choice that can be left open."""
    return forms.ChoiceField(label=label, required=False, choices=lambda: [("", "–"), *_capitalised(options)], **kwargs)


def needed(label: Any, options: Any, **kwargs: Any) -> forms.ChoiceField:
    """A choice that a new row does not make by itself."""
    return forms.ChoiceField(label=label, choices=lambda: [("", _("Choose")), *_capitalised(options)], **kwargs)


def _capitalised(options: type[models.TextChoices]) -> list[tuple[str, str]]:
    return [(value, str(label)[:1].upper() + str(label)[1:]) for value, label in options.choices]


@dataclass
class Offers:
    """What the rows of a page choose from, read once."""

    parties: PartyNames = field(default_factory=PartyNames)
    documents: Mapping[str, Document] = field(default_factory=dict)
    # Reservations an objection can be made to, by key, each with how it is told.
    reservations: Mapping[str, Any] = field(default_factory=dict)
    # References of the treaties that rows on record point at, by key; titles of all that rows name, by reference.
    references: Mapping[int, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    # Levels that the person may set on papers.
    levels: tuple[str, ...] = ()


class RowForm(forms.Form):
    """One row of a page."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, label=_("This row"))
    gone = forms.BooleanField(required=False, label=_("Take it away"))

    # Fields that stand together, each group with its heading; the first has none.
    GROUPS: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    # The columns of a field, where they are not called as the field.
    COLUMNS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # Long rows are folded where they are on record already.
    FOLDED: ClassVar[bool] = False

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        kwargs |= {"label_suffix": "", "use_required_attribute": False}
        super().__init__(*args, **kwargs)
        self.offers = offers
        # How the row is told on record; empty for a new one.
        self.told = ""
        for one in self.fields.values():
            if isinstance(one, PartyField):
                one.names = offers.parties

    @property
    def is_new(self) -> bool:
        return not str(self["id"].value() or "").strip()

    @property
    def counts(self) -> bool:
        """Whether it says anything: a new row that is blank, or left out again, does not."""
        if not self.is_new:
            return True
        return self.has_changed() and not self.cleaned_data.get("gone")

    @property
    def heading(self) -> str:
        """What stands above its fields."""
        return self.told or str(_("New row"))

    @property
    def folds(self) -> bool:
        return self.FOLDED and not self.is_new

    @property
    def gone_label(self) -> str:
        return str(_("Leave this row out") if self.is_new else self.fields["gone"].label)

    @property
    def other_title(self) -> str:
        """The title of what the row names, where it names another treaty."""
        return ""

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Heading, fields, and whether anything is filled in or wrong there."""
        shown = [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]
        return [(heading, all_, any(one.value() or one.errors for one in all_)) for heading, all_ in shown]

    @classmethod
    def raw(cls, row: Any, offers: Offers) -> dict[str, Any]:
        """A row on record, or of its history, as the fields show it."""
        return {
            name: cls._raw(row, name, one, offers)
            for name, one in cls.base_fields.items()
            if name not in ("id", "gone")
        }

    @classmethod
    def columns(cls, name: str, row: Any) -> tuple[str, ...]:
        found = cls.COLUMNS.get(name, (name,))
        return tuple(f"{one}_id" if hasattr(row, f"{one}_id") else one for one in found)

    @classmethod
    def _raw(cls, row: Any, name: str, one: forms.Field, offers: Offers) -> str:
        values = [getattr(row, column) for column in cls.columns(name, row)]
        if isinstance(one, PartyField):
            return offers.parties.name(values[0])
        if len(values) == 2:
            return PartialDate(*values).iso
        return "" if values[0] is None else str(values[0])

    def shown(self, name: str, raw: str) -> str:
        """A value in words: dates as people write them, the label of what was chosen."""
        return shown(self.fields[name], raw)

    def same(self, name: str, one: str, other: str) -> bool:
        """Whether two values of a field say the same."""
        return self.shown(name, one).strip() == self.shown(name, other).strip()


def shown(one: forms.Field, raw: Any) -> str:
    """A value of a field in words; nothing where it was not sent."""
    raw = "" if raw is None else raw
    if isinstance(one, PartialDateField):
        try:
            return str(parse(raw)) if str(raw).strip() else ""
        except ValueError:
            return str(raw)
    if isinstance(one, PartyField):
        party = one.names.find(str(raw))
        return party.name if party else str(raw)
    options: Any = getattr(one, "choices", None)
    if options is None:
        return str(raw).replace("\r\n", "\n").strip()
    labels: dict[str, Any] = {}
    for key, label in options:
        labels |= dict(label) if isinstance(label, list | tuple) else {str(key): label}
    codes = raw if isinstance(raw, list) else [raw]
    return ", ".join(sorted(str(labels.get(str(code), code)) for code in codes if code))


class _Nobody(PartyNames):
    """For pages on which nobody is named: nothing is read."""

    def __init__(self) -> None:
        self.all, self.by_key, self._names, self._codes = [], {}, {}, {}


NOBODY = _Nobody()


DATE_HINT = _("For example 9/3/2007, March 2007 or 2007.")
PARTY_HINT = _("A name or code; choose from what is offered while you type.")
SOURCE = _("Where this can be read: an address or a citation.")


def when_field(label: Any, help_text: Any = "") -> PartialDateField:
    return PartialDateField(label=label, required=False, help_text=help_text)


def joined(*parts: Any) -> str:
    return capfirst(" – ".join(str(part) for part in parts if part))


def offer_documents(row: RowForm, name: str) -> None:
    field: Any = row.fields[name]
    field.choices = [("", "–"), *((key, one.title) for key, one in row.offers.documents.items())]


def documents_of(treaty: Treaty, person: User) -> dict[str, Document]:
    return {str(one.pk): one for one in Document.objects.visible_to(person).filter(treaty=treaty)}
