"""Administration of the record: reference data by an audited way, everything else to look at only."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import may
from audit.actions import change
from audit.choices import Action
from audit.idempotency import SENT_OTHERWISE, sent_otherwise
from audit.models import Change
from treaties import asking, known_names, search, terms
from treaties.models import Act, Document, Party, PartyName, SynonymGroup, Theme, Treaty
from treaties.sorting import sort_key
from treaties.texts import unfit


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at. Nobody adds, changes or deletes them here, superusers included: that is for the actions."""

    actions = None
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReasonForm(forms.ModelForm):
    """A reference row, and why it is changed: no write without a reason."""

    reason = forms.CharField(
        label=_("Why"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("For the history.")
    )

    # New for every page: the same form sent twice is done once.
    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, label="")
    # The newest row of the history that the page was made of.
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = self._newest()
        self.fields["seen"].initial = newest.pk if newest else 0

    def _newest(self) -> Any:
        row: Any = self.instance
        return row.history.order_by("-pk").first() if row.pk else None

    def clean_seen(self) -> int:
        """Somebody else was first: who and when, and nothing of theirs is overwritten. The row is held from here."""
        seen: int = self.cleaned_data["seen"]
        token = self.data.get("submission", "")
        if _is_token(token) and sent_otherwise(token):
            self._begin_anew()
            self.add_error(None, ValidationError(SENT_OTHERWISE, code="conflict"))
            return seen
        if self.instance.pk:
            type(self.instance)._default_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
        newest = self._newest()
        if newest and newest.pk != seen and not Change.objects.filter(submission=self.data.get("submission")).exists():
            told = {"who": newest.history_actor, "when": f"{timezone.localtime(newest.history_date):%d-%m-%Y %H:%M}"}
            sentence = _("%(who)s changed this on %(when)s. Open the page again: it shows how it stands now.") % told
            self.add_error(None, ValidationError(sentence, code="conflict"))
        return seen

    def _begin_anew(self) -> None:
        """What was typed is a form of its own from here on, made of the row as it stands."""
        given: Any = self.data
        data, newest = given.copy(), self._newest()
        data["submission"], data["seen"] = str(uuid4()), str(newest.pk if newest else 0)
        self.data = data

    def clean(self) -> dict[str, Any] | None:
        """Texts as the record takes them: nothing a database or a reader chokes on."""
        cleaned = super().clean()
        for name, value in list((cleaned or {}).items()):
            if isinstance(value, str) and (problem := unfit(value, limit=4_000)):
                self.add_error(name, ValidationError(problem))
        return cleaned


class ReferenceAdmin(ReadOnlyAdmin):
    """Parties, their names and themes: added and changed by who manages the reference data, never deleted."""

    form = ReasonForm

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """409 where somebody else was first; a form that came before leads where it led then."""
        sent = request.POST.get("submission", "")
        known = _is_token(sent) and Change.objects.filter(submission=sent, actor_id=request.user.pk).exists()
        if known and not sent_otherwise(sent):
            messages.info(request, _("This form was already sent; it was recorded once."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        answer = super().changeform_view(request, *args, **kwargs)
        page = getattr(answer, "context_data", None) or {}
        if "adminform" in page and page["adminform"].form.has_error(NON_FIELD_ERRORS, "conflict"):
            answer.status_code = 409
        return answer

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """One change in the trail; the search documents of the treaties that name it are made again."""
        _save(request, obj, form)


def _is_token(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _opened(request: HttpRequest, form: Any) -> Any:
    data = form.cleaned_data
    actor: Any = request.user
    return change(actor, action=Action.REFERENCE_EDIT, reason=data["reason"], submission=data["submission"])


def _save(request: HttpRequest, row: Any, form: Any) -> None:
    # Only who is logged in comes here: the permissions above ask for it.
    with _opened(request, form):
        if isinstance(row, Party | Theme):
            row.sort_key = sort_key(row.name_nl)
        row.save()
        known_names.forget()
        named = row.party if isinstance(row, PartyName) else row
        is_theme = isinstance(named, Theme)
        search.touch_named([] if is_theme else [named.pk], [named.pk] if is_theme else [])


@admin.register(Party)
class PartyAdmin(ReferenceAdmin):
    list_display = ("code", "iso3", "name_nl", "name_en", "kind", "parent")
    list_filter = ("kind", "continent")
    list_select_related = ("parent",)
    search_fields = ("code", "iso3", "name_nl", "name_en", "aliases")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """A code is in addresses that people keep: it does not change."""
        return ("code",) if obj else ()


@admin.register(PartyName)
class PartyNameAdmin(ReferenceAdmin):
    """Names with their period: a former name is found, and said to be one."""

    list_display = ("text", "language", "kind", "party", "valid_from", "valid_to")
    list_filter = ("kind", "language")
    list_select_related = ("party",)
    search_fields = ("text", "party__code", "party__name_nl", "party__name_en")
    autocomplete_fields = ("party",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """A name does not go over to another party: its treaties would not know."""
        return ("party",) if obj else ()


@admin.register(Theme)
class ThemeAdmin(ReferenceAdmin):
    list_display = ("slug", "name_nl", "name_en", "parent", "is_deprecated")
    list_filter = ("is_deprecated", "parent")
    list_select_related = ("parent",)
    search_fields = ("slug", "name_nl", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """A slug is in addresses that people keep: it does not change."""
        return ("slug",) if obj else ()


class Lines(forms.CharField):
    """A list of texts, each on its own line; the same line once."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(
            dict.fromkeys(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != self.to_python(data)


class SynonymForm(ReasonForm):
    words = Lines(
        label=_("Words that mean the same"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One word or phrase on each line, in any language. At least two."),
    )

    def clean_words(self) -> list[str]:
        """Fewer than two is no group, and each is short; a sentence says so."""
        words: list[str] = self.cleaned_data["words"]
        if problem := next(filter(None, (unfit(word, limit=_LONGEST) for word in words)), ""):
            raise ValidationError(problem)
        if len(terms.keys(words)) < _FEWEST:
            raise ValidationError(_("Enter at least two words or phrases, each on its own line."))
        return words


# Words of a group of synonyms, and characters of each.
_FEWEST, _LONGEST = 2, 200


@admin.register(SynonymGroup)
class SynonymGroupAdmin(ReferenceAdmin):
    """Words that mean the same to who searches. A group that is no longer wanted is switched off."""

    form = SynonymForm
    list_display = ("code", "__str__", "is_used", "note")
    list_filter = ("is_used",)
    search_fields = ("code", "words", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """A code ties the group to the file it came from."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """One change in the trail. It counts from the next search: nothing of a record is made again."""
        _save_synonyms(request, obj, form)


def _save_synonyms(request: HttpRequest, group: SynonymGroup, form: Any) -> None:
    with _opened(request, form):
        group.keys = terms.keys(group.words)
        group.save()
        asking.learn(group.words, is_reference=True)


@admin.register(Treaty)
class TreatyAdmin(ReadOnlyAdmin):
    list_display = ("reference", "title", "kind", "qualification", "access", "changed_at")
    list_filter = ("kind", "qualification", "access", "is_demo")
    search_fields = ("reference", "titles__text")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Treaty]:
        return super().get_queryset(request).prefetch_related("titles")


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("treaty", "kind", "when", "party", "number", "is_retracted")
    list_filter = ("kind", "is_retracted")
    list_select_related = ("treaty", "party")
    search_fields = ("treaty__reference", "number")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Act]:
        return super().get_queryset(request).prefetch_related("treaty__titles")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("title", "treaty", "kind", "language", "access", "added_at")
    list_filter = ("kind", "access", "language")
    list_select_related = ("treaty",)
    search_fields = ("title", "treaty__reference", "sha256")
    # Files are served by a page that checks who asks, never by their address in the store.
    exclude = ("file",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Document]:
        return super().get_queryset(request).prefetch_related("treaty__titles")
