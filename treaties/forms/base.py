"""What the forms of the register are made of. They read types from what was typed; the actions judge."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.choices import Access
from accounts.models import User
from audit.refusals import Blocker
from treaties.fields import PartialDateField

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
    def to_python(self, value: Any) -> str:
        """Lines end as the record keeps them: browsers send another sign than files have."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


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
                self.add_error(name, sentence_of(blocker))
            else:
                self.add_error(None, sentence_of(blocker))
                self.blockers.append(blocker)
        self.forget_files()

    def renew_token(self) -> None:
        """What was typed is a form of its own from here on, and can be sent."""
        given: Any = self.data
        data = given.copy()
        data[self.add_prefix("submission")] = str(uuid4())
        self.data = data
        self.forget_files()

    def forget_files(self) -> None:
        """A refused page comes back without the chosen file; say so beside its field."""
        for name, field in self.fields.items():
            if isinstance(field, forms.FileField) and self.files.get(name) and not self.has_error(name):
                self.add_error(name, FILE_NOT_KEPT)


def sentence_of(blocker: Blocker) -> ValidationError:
    text = (
        format_html('{} <span class="law">{}</span>', blocker.sentence, blocker.law)
        if blocker.law
        else str(blocker.sentence)
    )
    return ValidationError(text, code=blocker.code)


def labelled(choices: type[TextChoices]) -> Choices:
    """Choices as options: the labels begin with a capital there."""
    return [(value, capfirst(str(label))) for value, label in choices.choices]


def offer_levels(form: forms.Form, name: str, person: User, department: str | None, **more: Any) -> None:
    """The levels that `person` reads of what this department holds, the least open first; one that he may not read
    is not his to set. `among` narrows them further; `first` are options that come before them."""
    among, first = more.get("among", Access), more.get("first", ())
    levels = [level for level in reversed(Access) if level in among and person.reads(level, department)]
    offer(form, name, [*first, *((level.value, capfirst(str(level.label))) for level in levels)])


def text(label: Any, *, help_text: Any = "", rows: int = 0, needed: bool = False, **attrs: Any) -> forms.CharField:
    """A text of any length: the action says when it is too long, and the page keeps all of it."""
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return JudgedText(label=label, help_text=help_text, required=needed, strip=False, widget=widget)


def moment(label: Any, *, help_text: Any = "") -> forms.DateTimeField:
    """A day and an hour in Belgian time, or nothing. That it must still come, the action says."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, required=False, widget=widget)


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
