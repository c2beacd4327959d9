"""Forms of delegations. They read types from what was typed; the guards judge."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.choices import RULES, Deed
from accounts.models import Department, User
from treaties.forms import ActionForm, Choices, JudgedChoice, JudgedDate, offer, text
from treaties.forms.base import CodesField
from workflow import procedures

_DAY_HINT = _("The day, for example 9/3/2026.")


class DelegationForm(ActionForm):
    """Who acts for whom, from when to when, and for which dossiers."""

    absent = JudgedChoice(label=_("Who is absent"))
    delegate = JudgedChoice(label=_("Who acts instead"))
    begins = JudgedDate(label=_("First day"), help_text=_DAY_HINT)
    ends = JudgedDate(label=_("Last day"), help_text=_("At most half a year."))
    procedures = CodesField(
        label=_("Procedures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for all."),
    )
    department = forms.ChoiceField(
        label=_("Dossiers of the department"), required=False, help_text=_("The department of the dossier manager.")
    )
    reason = text(_("Reason"), rows=2, needed=True)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        """`person` fills it in: an administrator for anybody who decides, another for themselves."""
        super().__init__(*args, **kwargs)
        self.person = person
        people = User.objects.filter(is_active=True).order_by("last_name", "first_name", "username")
        if person.may(Deed.MANAGE):
            offer(self, "absent", _named(_who(people, Deed.DECIDE_CONSENT))).initial = str(person.pk)
        else:
            del self.fields["absent"]
        offer(self, "delegate", [("", "---------"), *_named(_who(people, Deed.RECORD_EVENT).exclude(pk=person.pk))])
        published = procedures.published(timezone.localdate())
        offer(self, "procedures", [(one.code, capfirst(str(one.label))) for one in published])
        departments = Department.objects.filter(people__in=people).distinct()
        offer(self, "department", [("", _("All")), *((one.code, one.name) for one in departments)])

    def absent_person(self) -> User:
        """Who hands over: the one chosen, or who fills it in."""
        return User.objects.get(pk=self.cleaned_data["absent"]) if "absent" in self.fields else self.person

    def delegate_person(self) -> User | None:
        chosen = self.cleaned_data["delegate"]
        return User.objects.get(pk=chosen) if chosen else None

    def clean_begins(self) -> Any:
        return self._day("begins")

    def clean_ends(self) -> Any:
        return self._day("ends")

    def _day(self, name: str) -> Any:
        when = self.cleaned_data[name]
        if when.on and when.on != when.last:
            raise forms.ValidationError(_("Give the day too."), code="day")
        return when.on


class RevokeForm(ActionForm):
    """A delegation that is taken back."""

    reason = text(_("Why do you take it back?"), rows=2, needed=True)


def _who(people: QuerySet[User], deed: Deed) -> QuerySet[User]:
    return people.filter(role__in=[role for role, rule in RULES.items() if deed in rule.deeds])


def _named(people: QuerySet[User]) -> Choices:
    return [(str(person.pk), person.name) for person in people]
