"""The addresses of the sign-in and of one's own account."""

from django.urls import path

from accounts import oidc_views, views

urlpatterns = [
    path("login/code/", views.code, name="login-code"),
    path("login/again/", views.again, name="login-again"),
    path("login/oidc/", oidc_views.StartView.as_view(), name="oidc-start"),
    path("login/oidc/callback/", oidc_views.CallbackView.as_view(), name="oidc_authentication_callback"),
    path("account/", views.account, name="account"),
    path("account/password/", views.PasswordView.as_view(), name="account-password"),
    path("account/second-factor/", views.second_factor_page, name="account-second-factor"),
    path("account/log-out-everywhere/", views.log_out_everywhere, name="account-log-out-everywhere"),
]
