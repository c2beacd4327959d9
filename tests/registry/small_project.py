"""A Django project as small as can be, for the tests of what runs the register: its settings.

With SMALL_HOST the plain backend is used on that socket folder, as with DATABASE_URL in production; with SMALL_RELEASE
something can become due (`tests.registry.releasing`).
"""

import os
from pathlib import Path

VAR_DIR = Path(os.environ["VAR_DIR"])
SECRET_KEY = "small"
DEBUG = os.environ.get("DEBUG") == "1"
DEMO = DEBUG
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "registry",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
if os.environ.get("SMALL_RELEASE"):
    INSTALLED_APPS.append("tests.registry.releasing")
MIDDLEWARE = [
    "registry.middleware.DatabaseUnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]
ROOT_URLCONF = "tests.registry.small_urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": ["templates"]}]
STATIC_URL = "static/"
STATICFILES_DIRS = ["static"]
STATIC_ROOT = VAR_DIR / "static"
LOCALE_PATHS: list[str] = []
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
OPTIONS = {"options": "-c statement_timeout=500 -c lock_timeout=300", "connect_timeout": 5}
if os.environ.get("SMALL_HOST"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "register",
            "USER": "register",
            "HOST": os.environ["SMALL_HOST"],
        }
    }
else:
    DATABASES = {"default": {"ENGINE": "registry.postgres", "NAME": "register"}}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": OPTIONS}  # type: ignore[dict-item]
LOGGING_CONFIG = None
