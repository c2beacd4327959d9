"""Settings of the tests: production's, with what a test machine cannot have."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ["DEBUG"] = "0"
# Not those of a developer's .env: a test that wants replicas starts them.
os.environ.setdefault("DATABASE_REPLICA_URLS", "")

from registry.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
# Manifest storage answers 404 for every file when nothing was collected.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests log in as anybody, many times; those of the sign-in itself switch these on.
AXES_ENABLED = False
REQUIRE_TOTP = False
# A variable a template expects and does not get is a failing test, not an empty place.
# A test that wants documents read says so.
READ_DOCUMENTS = False
