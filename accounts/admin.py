from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static import admin as _static_admin  # noqa: F401 (registers, so that it can be undone)
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as _totp_admin  # noqa: F401
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import signin_actions
from accounts.choices import WITHOUT_LOGIN, Deed
from accounts.models import Department, User, may

# What somebody may do is the role; groups would be a second, untold way.
admin.site.unregister(Group)
# Nobody reads the secret of somebody else.
admin.site.unregister([TOTPDevice, StaticDevice])


class PersonForm(UserChangeForm):
    """A person, and the version that the page was made of."""

    seen = forms.IntegerField(widget=forms.HiddenInput, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean_seen(self) -> int:
        """Somebody else was first: who and when, and nothing of theirs is overwritten. The row is held from here.

        A form that says what stands there already was sent twice: there is nothing to overwrite.
        """
        seen: int = self.cleaned_data["seen"]
        held = User.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=self.instance.pk)
        if held.version != seen and {*self.changed_data} - {"seen"} and held.changed_by and held.changed_at:
            told = {"who": held.changed_by.name, "when": f"{timezone.localtime(held.changed_at):%d-%m-%Y %H:%M}"}
            sentence = _("%(who)s changed this on %(when)s. Open the page again: it shows how it stands now.") % told
            self.add_error(None, ValidationError(sentence, code="conflict"))
        return seen


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People and their roles. What a role may do is code (`accounts.choices.RULES`), not rows."""

    form = PersonForm
    list_display = ("username", "last_name", "role", "department", "is_active", "second_factor_since")
    actions = ("log_out_everywhere", "release_lock", "remove_second_factor")
    readonly_fields = ("second_factor_since",)
    list_filter = ("role", "department", "is_active")
    fieldsets = (
        (None, {"fields": ("seen", "username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "department", "subject")}),
        (_("What this person may do"), {"fields": ("role", "is_active", "is_staff", "is_demo", "second_factor_since")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "role", "department", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    has_add_permission = has_module_permission

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are deactivated: the trail keeps pointing at them."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """409 where somebody else was first."""
        answer = super().changeform_view(request, *args, **kwargs)
        page = getattr(answer, "context_data", None) or {}
        if "adminform" in page and page["adminform"].form.has_error(NON_FIELD_ERRORS, "conflict"):
            answer.status_code = 409
        return answer

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Another role, or an account that is closed or opened: what began before then ends."""
        if not obj.may_log_in and obj.role in WITHOUT_LOGIN:
            obj.set_unusable_password()
        if change and {*form.changed_data} - {"seen"}:
            actor: Any = request.user
            obj.version += 1
            obj.changed_by, obj.changed_at = actor, timezone.now()
        super().save_model(request, obj, form, change)
        if change and {"role", "is_active"} & set(form.changed_data):
            signin_actions.end_sessions(obj)

    @admin.action(description=_("Log out everywhere"), permissions=["change"])
    def log_out_everywhere(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            signin_actions.end_sessions(person)
        messages.success(request, _("The sessions of these people have ended."))

    @admin.action(description=_("Let them try again now: too many failed log-ins"), permissions=["change"])
    def release_lock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            signin_actions.release_lock(person)
        messages.success(request, _("These people can log in again."))

    @admin.action(description=_("Remove the second factor: telephone and codes are lost"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            signin_actions.remove_second_factor(person)
        messages.success(request, _("These people make a new second factor at their next log-in."))


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """Departments: their names can change; the code is in histories and keys, so it stays."""

    list_display = ("code", "name_nl", "name_en", "is_demo")
    search_fields = ("code", "name_nl", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_view_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    has_add_permission = has_module_permission

    def has_change_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        return may(request.user, Deed.MANAGE)

    def has_delete_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        """Treaties and histories point at it."""
        return False
