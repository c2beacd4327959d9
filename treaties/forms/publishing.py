"""Asking that a record becomes public, deciding it, and taking it out again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treaties.choices import PublicationVerdict
from treaties.forms.base import ActionForm, choice, moment, offer, text


class _Versioned(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"))


class AskPublicationForm(_Versioned):
    """A request to make a record public."""

    reason = text(_("Why it can be public"), rows=3, needed=True)
    not_before = moment(
        _("Not before"),
        help_text=_("Day and hour, Belgian time, for example when it is signed. Empty: as soon as it is approved."),
    )


class DecidePublicationForm(_Versioned):
    """What is decided on a request; who asked can only withdraw it."""

    verdict = choice(_("Decision"), [], widget=forms.RadioSelect)
    reason = text(_("Reason"), rows=3, help_text=_("Needed when it does not become public."))
    field_order = ("submission", "version", "verdict", "reason")

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            (PublicationVerdict.APPROVED.value, _("Approve: everybody may see it")),
            (PublicationVerdict.REFUSED.value, _("Refuse")),
        ]
        offer(self, "verdict", [(PublicationVerdict.WITHDRAWN.value, _("Withdraw my request"))] if own else options)


class ReasonForm(_Versioned):
    """Why something is stopped or taken back."""

    reason = text(_("Why"), rows=3, needed=True)
