"""The form of the entry-into-force clause. It reads types; which numbers a rule asks for is judged by the action."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from treaties.choices import ForceRule
from treaties.clause_actions import Clause
from treaties.fields import PartialDateField
from treaties.forms import ActionForm, choice, labelled, text
from treaties.forms.pages import Difference, Meanwhile
from treaties.forms.rows import shown
from treaties.meanwhile import past
from treaties.models import ForceClause, Treaty


def _number(label: Any, help_text: Any = "") -> forms.IntegerField:
    """A whole number; how large it may be is the action's to say."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 6})
    return forms.IntegerField(label=label, required=False, help_text=help_text, widget=widget)


class ClauseForm(ActionForm):
    """What a treaty says of its own entry into force."""

    RENAMED = {"text": "wording"}
    RENAMED_BACK = {"wording": "text"}

    rule = choice(_("Rule"), lambda: labelled(ForceRule), widget=forms.RadioSelect)
    months = _number(_("Months"), _("Of a rule that counts months: 2 for “the second month after”."))
    days = _number(_("Days"), _("Of a rule that counts days."))
    count = _number(_("Which ratification"), _("Of a rule that counts ratifications: 50 for the fiftieth."))
    on = PartialDateField(label=_("Fixed day"), required=False, help_text=_("Of a clause that names a day itself."))
    article = text(_("Article"), help_text=_("For example: article 9."))
    wording = text(_("Text of the clause"), rows=3, help_text=_("As the treaty has it."))
    source = text(_("Source"), help_text=_("Where this can be read: an address or a citation."), needed=True)
    reason = text(_("Why"), help_text=_("For the history: where this comes from."), needed=True)
    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))

    def __init__(self, *args: Any, treaty: Treaty, clause: ForceClause | None = None, **kwargs: Any) -> None:
        initial = {**(_initial(clause) if clause else {}), "version": treaty.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.treaty = treaty

    def renew(self, treaty: Treaty, present: ForceClause | None) -> Meanwhile:
        """After somebody else saved: take over the version as it is now, and tell every field that differs."""
        given: Any = self.data
        data = given.copy()
        told, now = Meanwhile(), _initial(present) if present else {}
        history = past(ForceClause, treaty, self.cleaned_data["version"])
        for name in ("rule", "months", "days", "count", "on", "article", "wording", "source"):
            field = self.fields[name]
            theirs, mine = now.get(name), self[name].value()
            words = (shown(field, theirs), shown(field, mine))
            if words[0] != words[1]:
                columns = (self.RENAMED_BACK.get(name, name),)
                stamp = history.stamp(present.pk, columns) if present else None
                told.differences.append(Difference("", field.label, *words, stamp))
        data["version"] = str(treaty.version)
        self.data = data
        return told

    def clean_on(self) -> Any:
        when = self.cleaned_data["on"]
        if when.on and when.on != when.last:
            raise ValidationError(_("Give the day too."), code="day")
        return when.on

    def clause(self) -> Clause:
        """What was typed, as the action takes it."""
        data = self.cleaned_data
        names = ("months", "days", "count", "on", "article", "source")
        return Clause(rule=ForceRule(data["rule"]), text=data["wording"], **{name: data[name] for name in names})


class ClauseWithdrawalForm(ActionForm):
    """A clause that is taken back."""

    reason = text(_("Why do you withdraw it?"), needed=True)
    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))

    def __init__(self, *args: Any, treaty: Treaty, **kwargs: Any) -> None:
        super().__init__(*args, prefix="withdraw", initial={"version": treaty.version}, **kwargs)

    def renew(self, treaty: Treaty, _present: ForceClause | None) -> None:
        """After somebody else saved: take over the version as it is now, so that withdrawing is a choice."""
        given: Any = self.data
        self.data = data = given.copy()
        data["withdraw-version"] = str(treaty.version)


def _initial(clause: ForceClause) -> dict[str, Any]:
    names = ("rule", "months", "days", "count", "article", "source")
    day = clause.on.isoformat() if clause.on else ""
    return {**{name: getattr(clause, name) for name in names}, "on": day, "wording": clause.text}
