"""Forms of reporting. They read types from what was typed; what may be recorded is judged by the guards."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from reporting.choices import FirstDueFrom
from reporting.cycle import DATE_NAMES, Dates
from reporting.guards import ObligationEntry, ReportEntry
from reporting.models import Obligation, Report
from treaties.forms import ActionForm, JudgedDate, choice, labelled, text
from treaties.models import Treaty
from workflow.forms import DATE_HINT

# The fields of a report under the headings of its form.
REPORT_GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Report"), ("label", "period_from", "period_to")),
    (_("Flemish contribution"), ("contribution_due", "contribution_sent")),
    (_("State report"), ("report_due", "report_submitted")),
    (_("List of issues"), ("issues_received", "issues_answered")),
    (_("Dialogue"), ("dialogue_from", "dialogue_to", "delegation_head")),
    (_("Observations and follow-up"), ("observations_on", "follow_up_due", "follow_up_sent", "closed_on")),
    (_("Keeping it"), ("links", "note", "source", "reason")),
)


class KeptForm(ActionForm):
    """A form of a row that may be in the register already: then with the version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"), initial=0)

    def renew(self, now: Mapping[str, Any]) -> list[tuple[Any, str, str]]:
        """After somebody else saved: take over the version of `now`, so that saving again is a choice.

        Each field that differs, with what is on record now and what was typed.
        """
        given: Any = self.data
        data = given.copy()
        data["version"] = now["version"]
        self.data = data
        names = [name for name in self.fields if name in now and name != "version"]
        shown = [(name, self._shown(name, now[name]), self._shown(name, self[name].value())) for name in names]
        return [(self.fields[name].label, theirs, mine) for name, theirs, mine in shown if theirs != mine]

    def _shown(self, name: str, value: Any) -> str:
        """A value in words: the label of what was chosen, a date as people read it."""
        field: Any = self.fields[name]
        if isinstance(field, JudgedDate):
            when = field.clean(field.prepare_value(value))
            return str(when) if when.on else ""
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if field.to_python(value) else _("no"))
        labels = {key: str(label) for key, label in getattr(field, "choices", ())}
        return labels.get(value, "" if value is None else str(value).strip())


class ObligationForm(KeptForm):
    """What the register says of an obligation to report."""

    treaty = text(_("Reference of the treaty"), help_text=_("As on its page, for example T0A1B2C3."))
    is_political = forms.BooleanField(
        label=_("Political commitment, without legal basis"),
        required=False,
        help_text=_("For example the Universal Periodic Review. Then there need not be a treaty."),
    )
    body_nl = text(_("Monitoring body in Dutch"), needed=True)
    body_en = text(_("Monitoring body in English"))
    first_due_months = forms.IntegerField(
        label=_("First report: months after"), required=False, help_text=_("Empty when the treaty sets none.")
    )
    first_due_from = choice(_("Counted from"), lambda: labelled(FirstDueFrom))
    cycle_years = forms.IntegerField(
        label=_("Cycle in years"), required=False, help_text=_("Empty when there is none, or it is not known.")
    )
    coordinator = text(_("Coordinator"), help_text=_("Who brings the Belgian report together."))
    flemish_lead = text(_("Flemish lead entity"), help_text=_("Who brings the Flemish contribution together."))
    note = text(_("Note"), rows=3)
    source = text(_("Source"), help_text=_("Where this can be read: an address or a citation."))
    reason = text(_("Why"), needed=True, help_text=_("For the history: where this comes from."))

    def __init__(self, *args: Any, person: Person, obligation: Obligation | None = None, **kwargs: Any) -> None:
        initial = {**(obligation_initial(obligation) if obligation else {}), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.person = person

    def clean_treaty(self) -> Treaty | None:
        """The treaty with that reference, among those the person may know of."""
        reference = self.cleaned_data["treaty"].strip().upper()
        if not reference:
            return None
        known = Treaty.objects.visible_to(self.person)
        if "\0" in reference or (found := known.filter(reference=reference).first()) is None:
            raise ValidationError(_("There is no treaty with this reference."), code="unknown_treaty")
        return found

    def entry(self) -> ObligationEntry:
        names = ObligationEntry.__dataclass_fields__
        return ObligationEntry(**{name: self.cleaned_data[name] for name in names})


class ReportForm(KeptForm):
    """One report, with every date as far as it is known."""

    label = text(_("Number of the report"), needed=True, help_text=_("For example 7, or 2-3 for two in one."))
    period_from = JudgedDate(label=_("Period from"), required=False, help_text=DATE_HINT)
    period_to = JudgedDate(label=_("Period to"), required=False)
    contribution_due = JudgedDate(label=_("Flemish contribution due"), required=False)
    contribution_sent = JudgedDate(label=_("Flemish contribution sent"), required=False)
    report_due = JudgedDate(label=_("State report due"), required=False)
    report_submitted = JudgedDate(label=_("State report submitted"), required=False)
    issues_received = JudgedDate(label=_("List of issues received"), required=False)
    issues_answered = JudgedDate(label=_("List of issues answered"), required=False)
    dialogue_from = JudgedDate(label=_("First or only day of the dialogue"), required=False)
    dialogue_to = JudgedDate(label=_("Last day of the dialogue"), required=False)
    delegation_head = text(_("Head of the delegation"))
    observations_on = JudgedDate(label=_("Concluding observations"), required=False)
    follow_up_due = JudgedDate(label=_("Interim follow-up due"), required=False)
    follow_up_sent = JudgedDate(label=_("Interim follow-up sent"), required=False)
    closed_on = JudgedDate(
        label=_("Closed"), required=False, help_text=_("When nothing more is expected for this report.")
    )
    links = text(_("Links"), rows=3, help_text=_("One address or citation per line."))
    note = text(_("Note"), rows=3)
    source = text(_("Source"), help_text=_("Where this can be read: an address or a citation."))
    reason = text(_("Why"), needed=True, help_text=_("For the history: where this comes from."))

    def __init__(self, *args: Any, report: Report | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=report_initial(report) if report else {}, **kwargs)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in REPORT_GROUPS]

    def entry(self) -> ReportEntry:
        data = self.cleaned_data
        own = {name: data[name] for name in ReportEntry.__dataclass_fields__ if name != "dates"}
        return ReportEntry(dates=Dates(**{name: data[name] for name in DATE_NAMES}), **own)


def obligation_initial(obligation: Obligation) -> dict[str, Any]:
    """The obligation as the fields show it."""
    names = [name for name in ObligationEntry.__dataclass_fields__ if name != "treaty"]
    treaty = obligation.treaty.reference if obligation.treaty else ""
    return {"treaty": treaty, "version": obligation.version, **{name: getattr(obligation, name) for name in names}}


def report_initial(report: Report) -> dict[str, Any]:
    """The report as the fields show it."""
    names = [name for name in ReportEntry.__dataclass_fields__ if name != "dates"]
    return {name: getattr(report, name) for name in (*names, *DATE_NAMES, "version")}
