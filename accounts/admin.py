from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User, may

# What somebody may do is the role; groups would be a second, untold way.
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People and their roles. What a role may do is code (`accounts.choices.MAY`), not rows."""

    list_display = ("username", "last_name", "role", "department", "is_active")
    list_filter = ("role", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "department")}),
        (_("What this person may do"), {"fields": ("role", "is_active", "is_staff", "is_demo")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "role", "usable_password", "password1", "password2")}),
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
