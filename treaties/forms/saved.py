"""The form of a saved search: its name, and whether colleagues see it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from treaties.forms.base import ActionForm, text
from treaties.models import SavedSearch

SHARE_HINT = _(
    "Who may see what is not public sees it among the shared searches, with your name and what it asks. Share none "
    "that names something confidential."
)


class SavedSearchForm(ActionForm):
    """A new one, with the search to keep; or one that is kept, with the version the person saw."""

    # The same search under the same name is kept once: nothing else need tell a form that came twice.
    submission = None  # type: ignore[assignment]  # as Django leaves out a field of a parent

    name = text(_("Name"), needed=True, autocomplete="off")
    is_shared = forms.BooleanField(label=_("Share with colleagues"), required=False, help_text=SHARE_HINT)
    query = forms.CharField(widget=forms.HiddenInput, label=_("Search"), required=False, strip=False)
    version = forms.IntegerField(widget=forms.HiddenInput, label=_("This page"), required=False)

    def __init__(self, *args: Any, person: User, search: SavedSearch | None = None, **kwargs: Any) -> None:
        if search:
            kwargs["initial"] = {"name": search.name, "is_shared": search.is_shared, "version": search.version}
        super().__init__(*args, **kwargs)
        del self.fields["query" if search else "version"]
        # Who could not see it himself cannot share it; the action refuses it as well.
        if not person.may(Deed.READ_INTERNAL):
            del self.fields["is_shared"]

    def asked(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        asked = {"name": data["name"], "is_shared": data.get("is_shared", False)}
        if "version" in self.fields:
            return {**asked, "version": data["version"] or 0}
        return {**asked, "query": data["query"]}

    def renew(self, search: SavedSearch) -> None:
        """After a conflict: take over the version as it is now, so that saving again is a choice."""
        given: Any = self.data
        data = given.copy()
        data["version"] = search.version
        self.data = data
