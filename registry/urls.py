"""Every address of the register. They are promised: see docs/addresses.md before changing one."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from registry import health, views
from registry.login import LoginView

# What is too large or too many is told on a page of its own.
handler400 = "registry.limits.bad"

urlpatterns = [
    path("", views.home, name="home"),
    # Before the record: "treaties/bulk/" would be read as a reference there.
    path("", include("workflow.urls")),
    path("", include("treaties.urls")),
    path("", include("reporting.urls")),
    path("", include("imports.urls")),
    path("", include("audit.urls")),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("", include("accounts.urls")),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
