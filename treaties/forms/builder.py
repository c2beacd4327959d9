"""The builder of searches. Its fields read what is typed as terms; nothing typed is lost when one cannot be read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from treaties import boolean, builder, terms
from treaties.choices import Kind, Qualification, Stage, Status
from treaties.fields import PartialDateField
from treaties.filters import SORTS
from treaties.forms.base import labelled, offer
from treaties.forms.treaty import PartySelect, party_options, theme_options
from treaties.texts import unfit
from treaties.within import WithinField

DATE_HINT = _("For example 9/3/2007, March 2007 or 2007.")


class TypedField(forms.CharField):
    """A text of at most a query's length, of which nothing is cut off."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        if problem := unfit(str(value or ""), limit=terms.QUERY_LIMIT):
            raise ValidationError(problem, code="text")
        return self.read(super().clean(value))

    def read(self, text: str) -> Any:
        return text


class TermsField(TypedField):
    """Words and quotes, as a tuple of terms."""

    may_join = False

    def read(self, text: str) -> tuple[str, ...]:
        try:
            return boolean.terms(text, may_join=self.may_join)
        except boolean.Unreadable as unreadable:
            raise ValidationError(str(unreadable.sentence), code="unreadable") from unreadable


class JoinedField(TermsField):
    may_join = True


class PhraseField(TypedField):
    def read(self, text: str) -> str:
        return boolean.phrase(text)


def _boxes(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=lambda: labelled(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


def _listed(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=PartySelect(attrs={"size": 8}))


class BuilderForm(forms.Form):
    """Every field of the list's address, the words in four rows."""

    every = TermsField(
        label=_("All of these words"), help_text=_("Quotation marks keep words together: “lower Scheldt”.")
    )
    phrase = PhraseField(label=_("This exact phrase"))
    some = JoinedField(label=_("Any of these words"), help_text=_("One of them is enough."))
    none = TermsField(label=_("None of these words"))
    as_typed = TypedField(
        label=_("Words as typed"),
        help_text=_("The rows above cannot say this search. It is kept as it is; empty this field to use the rows."),
    )
    within = WithinField(label=_("Within these"), required=False)
    country = _listed(_("Country or party"))
    theme = _listed(_("Theme"))
    kind = _boxes(_("Kind"), Kind)
    qualification = _boxes(_("Qualification"), Qualification)
    status = _boxes(_("Status"), Status)
    stage = _boxes(_("Stage"), Stage)
    signed_after = PartialDateField(label=_("Signed from"), required=False, help_text=DATE_HINT)
    signed_before = PartialDateField(label=_("Signed until"), required=False, help_text=DATE_HINT)
    sort = forms.ChoiceField(label=_("Sort"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        options, words = party_options()
        offer(self, "country", options).widget.words = words
        offer(self, "theme", theme_options(set(self["theme"].value() or ()))).widget.words = {}
        usual = _("As usual: best match for words, else newest signature first")
        offer(self, "sort", [("", usual), *((name, capfirst(str(label))) for name, label in SORTS.items())])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._judge_words(data)
        first, last = data.get("signed_after"), data.get("signed_before")
        if first and last and first.on and last.last and last.last < first.on:
            self.add_error("signed_before", _("This lies before “Signed from”: nothing can be found."))
        return data

    def _judge_words(self, data: dict[str, Any]) -> None:
        """What the rows say together: not two ways, no contradiction, not longer than the list reads."""
        rows = [name for name in ("every", "phrase", "some", "none") if data.get(name)]
        if data.get("as_typed") and rows:
            self.add_error("as_typed", _("Use either this field or the rows above, not both."))
            return
        words = boolean.Words(data.get("every") or (), data.get("phrase") or "", (), data.get("none") or ())
        for term in words.contradictions:
            self.add_error("none", _("%(term)s is asked for above: nothing can be found.") % {"term": term})
        if len(words.none) > boolean.MOST_LEFT_OUT:
            sentence = _("At most %(most)d words or quotes can be left out.") % {"most": boolean.MOST_LEFT_OUT}
            self.add_error("none", sentence)
        if len(builder.query(data)) > terms.QUERY_LIMIT:
            longer = _("Together the words make a query of more than %(limit)d characters. Use fewer.")
            self.add_error("some" if data.get("some") else "every", longer % {"limit": terms.QUERY_LIMIT})

    @property
    def has_as_typed(self) -> bool:
        """Whether the field of a query that the rows cannot say is shown."""
        return bool(self["as_typed"].value())
