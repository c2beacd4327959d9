"""Forms of the procedure. They read types from what was typed; what may be recorded is judged by the guards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from treaties.choices import Qualification, Scheme
from treaties.dates import PartialDate
from treaties.forms import (
    ActionForm,
    Choices,
    FileMixin,
    JudgedChoice,
    JudgedDate,
    TreatyForm,
    choice,
    moment,
    offer,
    offer_levels,
    text,
)
from treaties.models import Party
from workflow import procedures
from workflow.actions import Finding, Paper
from workflow.choices import DOSSIER_LEVELS, Authority, Consent, Origin
from workflow.guards import Happening
from workflow.models import Delegation, Dossier, Event
from workflow.procedures import bodies
from workflow.procedures.language import Step
from workflow.procedures.moves import REQUALIFIED

DATE_HINT = _("For example 9/3/2007, March 2007 or 2007.")
FULL_DATE_HINT = _("The day, for example 9/3/2007.")
# Fields that say why a paper is not needed begin with this, then the kind of paper.
WAIVE = "waive_"

EVENT_FIELDS = (
    "submission",
    "when",
    "until",
    "outcome",
    "treaty",
    "body",
    "entity",
    "place",
    "number",
    "note",
    "source",
    "embargo_until",
    "file",
)


def procedure_options() -> Choices:
    """The procedures with what each is for."""
    return [
        (one.code, format_html('<span>{}<span class="field__hint">{}</span></span>', one.label, _spaced(one.help)))
        for one in procedures.published(timezone.localdate())
    ]


def _spaced(help_text: object) -> str:
    return f" – {help_text}"


def consent_options() -> Choices:
    """The Chancellery's outcomes, in the reader's language and the other one: decisions are quoted in Dutch."""
    options = []
    for value, label in Consent.choices:
        said = {}
        for language in ("nl", "en"):
            with override(language):
                said[language] = str(label)
        mine, other = ("en", "nl") if (get_language() or "").startswith("en") else ("nl", "en")
        options.append((value, _both(capfirst(said[mine]), other, said[other])))
    return options


def _both(mine: str, language: str, other: str) -> str:
    if mine.lower() == other.lower():
        return mine
    return format_html('<span>{} <span class="muted" lang="{}">({})</span></span>', mine, language, other)


class NewTreatyForm(TreatyForm):
    """A new instrument, and the procedure its dossier follows."""

    procedure = choice(_("Procedure"), procedure_options, widget=forms.RadioSelect)


class DossierForm(ActionForm):
    """A dossier for a treaty that has none."""

    procedure = choice(_("Procedure"), procedure_options, widget=forms.RadioSelect)
    origin = choice(
        _("How it is followed"),
        lambda: [(value, capfirst(str(label))) for value, label in Origin.choices],
        widget=forms.RadioSelect,
        initial=Origin.LIVE,
        help_text=_("A dossier of the past is put together from sources, by an administrator."),
    )
    reason = text(_("Why"), help_text=_("For the history. Empty: “a dossier was opened”."))


class EventForm(FileMixin, ActionForm):
    """What happened in one step of a dossier. Its fields are those the step knows."""

    RENAMED = {"title": "document_title"}

    when = JudgedDate(label=_("When"), help_text=DATE_HINT)
    outcome = JudgedChoice(label=_("How did it end?"), widget=forms.RadioSelect)
    until = JudgedDate(label=_("New last day"), help_text=FULL_DATE_HINT)
    treaty = JudgedChoice(label=_("Which treaty"))
    body = JudgedChoice(label=_("Advisory council"))
    entity = JudgedChoice(label=_("By or for whom"))
    place = text(_("Place"))
    number = text(_("Number"))
    note = text(_("Note"), rows=3)
    source = text(_("Source"), help_text=_("Where this can be read: an address or a citation."))
    embargo_until = moment(
        _("Embargo until"),
        help_text=_("Day and hour, Belgian time. Until then the public part says nothing of it. Empty: no embargo."),
    )
    despite_reason = text(_("Record it all the same, because …"), rows=3)
    field_order: Sequence[str] = EVENT_FIELDS

    def __init__(
        self, *args: Any, dossier: Dossier, step: Step, entities: Sequence[Party], person: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.entities = {party.code: party for party in entities}
        self.fields["file"].required = False
        self.offer_versions(person, *dossier.treaties)
        offer(self, "outcome", _outcomes(step))
        offer(self, "entity", [("", "–"), *((party.code, party.name) for party in entities)])
        self.fields["when"].required = dossier.origin == Origin.LIVE
        self.fields["entity"].required = step.per_entity
        if step.per_entity:
            self.fields["entity"].label = _("Belgian entity")
        if step.number:
            self.fields["number"].label = capfirst(str(Scheme(step.number).label))
        self._offer_what_the_step_knows(dossier, step)

    def _offer_what_the_step_knows(self, dossier: Dossier, step: Step) -> None:
        """A field that the step does not know is not asked."""
        self.treaties = {treaty.reference: treaty for treaty in dossier.treaties}
        offer(self, "treaty", [("", _("all of them")), *((key, str(one.title)) for key, one in self.treaties.items())])
        offer(self, "body", [("", "–"), *((one.code, str(one.label)) for one in bodies.ALL)])
        if step.outcome_optional:
            self.fields["outcome"].required = False
            offer(self, "outcome", [("", _("not known")), *_outcomes(step)])
        known = {
            "outcome": bool(_outcomes(step)),
            "treaty": step.per_treaty and len(self.treaties) > 1,
            "body": step.per_body,
            "until": step.names_last_day,
        }
        for name in [name for name, is_known in known.items() if not is_known]:
            del self.fields[name]

    def happening(self) -> Happening:
        data = self.cleaned_data
        return Happening(
            step=self.step.code,
            entity=self.entities.get(data["entity"]),
            outcome=data.get("outcome", ""),
            treaty=self.treaties.get(data.get("treaty", "")),
            body=data.get("body", ""),
            until=data["until"].on if data.get("until") else None,
            **{name: data[name] for name in ("when", "place", "number", "note", "source", "embargo_until")},
        )

    def attached(self) -> Paper | None:
        paper = self.paper()
        return Paper(**paper) if paper else None


class CorrectionForm(EventForm):
    """What really happened instead of an event, or that it did not happen at all."""

    SUPERSEDE, TAKE_BACK = "supersede", "take_back"

    how = choice(
        _("What was wrong"),
        [
            (SUPERSEDE, _("It happened, but otherwise: record it as below")),
            (TAKE_BACK, _("It did not happen: take it back")),
        ],
        widget=forms.RadioSelect,
        initial=SUPERSEDE,
    )
    reason = text(_("Why do you correct it?"), rows=3, needed=True)
    field_order = ("submission", "how", "reason", *EVENT_FIELDS[1:])

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        names = ("outcome", "place", "number", "note", "source", "when")
        initial = {name: getattr(event, name) for name in names}
        initial["entity"] = event.entity.code if event.entity else ""
        initial["treaty"] = event.treaty.reference if event.treaty else ""
        initial |= {"body": event.body, "until": PartialDate(event.until) if event.until else None}
        is_told = event.embargo_until is None or hasattr(event, "release")
        initial["embargo_until"] = None if is_told else event.embargo_until
        super().__init__(*args, initial=initial, **kwargs)
        self.event = event
        for name in ("file", "document_kind", "document_language", "document_title", "about"):
            self.fields.pop(name, None)

    def corrected(self) -> Happening | None:
        """What really happened, with the papers of the event it replaces; None when it is taken back."""
        if self.cleaned_data["how"] == self.TAKE_BACK:
            return None
        return replace(self.happening(), documents=list(self.event.documents.all()))


class AskForm(ActionForm):
    """A request for the consent of the Government of Flanders."""

    note = text(_("Explanation for the reviewer"), rows=4)

    def __init__(self, *args: Any, waivable: Mapping[str, str], **kwargs: Any) -> None:
        """`waivable` are the papers that lack and can be done without: label by kind."""
        super().__init__(*args, **kwargs)
        for kind, label in waivable.items():
            asked = _("Go on without “%(paper)s”, because …") % {"paper": label}
            self.fields[f"{WAIVE}{kind}"] = text(asked, rows=2)

    @property
    def waivers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(WAIVE)]

    def waived(self) -> dict[str, str]:
        """The reasons to go without a paper, by its kind."""
        return {
            name.removeprefix(WAIVE): value
            for name, value in self.cleaned_data.items()
            if name.startswith(WAIVE) and value.strip()
        }


class WithdrawForm(ActionForm):
    """A request that is taken back."""

    reason = text(_("Why do you withdraw it?"), rows=3, needed=True)


class FindingForm(ActionForm):
    """Something that was determined: by whom, when, why, and where that can be read."""

    determined_by = choice(_("Determined by"), lambda: _capitalised(Authority.choices))
    when = JudgedDate(label=_("When"), help_text=DATE_HINT)
    reason = text(_("Why"), needed=True, rows=2)
    source = text(_("Source"), help_text=_("For example the decision of the Interministerial Conference."))

    def finding(self) -> Finding:
        data = self.cleaned_data
        return Finding(Authority(data["determined_by"]), data["when"], data["source"])


class EntityForm(FindingForm):
    """A Belgian entity whose full powers and assent are required."""

    entity = forms.ChoiceField(label=_("Belgian entity"))
    acts = forms.IntegerField(
        label=_("Number of acts of assent"),
        initial=1,
        help_text=_("Two where one parliament votes two decrees, or where two chambers vote."),
    )
    field_order = ("submission", "entity", "acts", "determined_by", "when", "reason", "source")

    def __init__(self, *args: Any, entities: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entities = {party.code: party for party in entities}
        offer(self, "entity", [("", _("Choose")), *((party.code, party.name) for party in entities)])

    def party(self) -> Party:
        return self.entities[self.cleaned_data["entity"]]


def requalified_options() -> Choices:
    """The procedures that depend on the qualification."""
    codes = {one.code for one in procedures.published(timezone.localdate()) if one.has(REQUALIFIED)}
    return [option for option in procedure_options() if option[0] in codes]


class RequalifyForm(FindingForm):
    """What the treaty turns out to be, and the procedure that follows from it."""

    qualification = choice(_("The treaty is"), lambda: _capitalised(Qualification.choices))
    procedure = choice(_("Procedure from now on"), requalified_options, widget=forms.RadioSelect)
    field_order = ("submission", "qualification", "procedure", "determined_by", "when", "reason", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "determined_by", [one for one in _capitalised(Authority.choices) if one[0] != Authority.REGISTER])


class AccessForm(ActionForm):
    """Who may know of the dossier. `version` is that of the dossier on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))
    access = JudgedChoice(label=_("Who may know of the dossier"), widget=forms.RadioSelect)
    reason = text(_("Why"), needed=True, rows=2)

    def __init__(self, *args: Any, dossier: Dossier, person: User, **kwargs: Any) -> None:
        initial = {"access": dossier.access, "version": dossier.version}
        super().__init__(*args, initial=initial, **kwargs)
        offer_levels(self, "access", person, dossier.treaty.department_id, among=DOSSIER_LEVELS)

    def renew(self, version: int) -> None:
        """After somebody changed the dossier: sending again is a choice."""
        given: Any = self.data
        self.data = data = given.copy()
        data["version"] = version


def _capitalised(choices: Sequence[tuple[str, Any]]) -> Choices:
    return [(value, capfirst(str(label))) for value, label in choices]


class DecideForm(ActionForm):
    """What the Government decided. `version` is that of the dossier on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))
    approval = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))
    outcome = JudgedChoice(label=_("Decision"), choices=consent_options, widget=forms.RadioSelect)
    decided_on = JudgedDate(label=_("Date of the decision"), help_text=FULL_DATE_HINT)
    number = text(
        _("Number of the decision"),
        help_text=_("As the Chancellery gives it."),
        placeholder="VR 2026 1210 DOC.0099/1",
    )
    reason = text(
        _("Reason"),
        rows=3,
        help_text=_("Needed when it is postponed, refused or withdrawn: what the dossier manager goes by."),
    )
    delegation = forms.ChoiceField(
        label=_("Whose decision you record"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This delegation does not hold any more. Choose again.")},
    )
    field_order = ("submission", "version", "approval", "delegation", "outcome", "decided_on", "number", "reason")

    def __init__(self, *args: Any, held: Sequence[Delegation] = (), own: bool = True, **kwargs: Any) -> None:
        """`held` are the delegations the person can act by in this dossier; `own`: whether they decide themselves."""
        super().__init__(*args, **kwargs)
        self.held, self.own = {str(row.pk): row for row in held}, own
        if not held:
            del self.fields["delegation"]
            return
        options = [(key, _for(row)) for key, row in self.held.items()]
        field = offer(self, "delegation", [*([("", _("My own"))] if own else []), *options])
        field.initial = "" if own else options[0][0]

    def chosen(self) -> Delegation | None:
        """By which delegation it is decided; None for the person's own."""
        return self.held.get(self.cleaned_data.get("delegation", ""))

    def clean_delegation(self) -> str:
        value: str = self.cleaned_data["delegation"]
        if not value and not self.own:
            raise forms.ValidationError(_("Choose for whom you record it."), code="delegation")
        return value

    def renew(self, version: int) -> None:
        """After somebody changed the dossier: the page shows it as it is now, and sending again is a choice."""
        given: Any = self.data
        data = given.copy()
        data["version"] = version
        self.data = data

    def clean_decided_on(self) -> Any:
        when = self.cleaned_data["decided_on"]
        if when.on and when.on != when.last:
            raise forms.ValidationError(_("Give the day too: a decision is dated to the day."), code="day")
        return when.on


def _for(delegation: Delegation) -> str:
    words = {"name": delegation.absent.name, "date": PartialDate(delegation.ends)}
    return gettext("For %(name)s, by delegation until %(date)s") % words


def _outcomes(step: Step) -> Choices:
    if step.gate:
        return consent_options()
    return [(outcome.code, capfirst(str(outcome.label))) for outcome in step.outcomes]
