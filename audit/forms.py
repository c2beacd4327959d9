"""What somebody looks for in the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.choices import Action, Mark
from audit.queries import Asked


class TrailForm(forms.Form):
    person = forms.CharField(label=_("Person"), required=False, max_length=310, help_text=_("A name or user name."))
    action = forms.ChoiceField(
        label=_("What was done"), required=False, choices=[("", "—"), *Action.choices, *Mark.choices]
    )
    about = forms.CharField(
        label=_("About"), required=False, max_length=200, help_text=_("A reference, or the name of a request.")
    )
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def asked(self) -> Asked:
        """Of a valid form."""
        return Asked(**self.cleaned_data)
