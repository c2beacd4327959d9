"""Settings of the benches: production's, with what a bench on loopback cannot have; `BENCH_DB` names the database."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-benches-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ["DEBUG"] = "0"
os.environ.setdefault("LOG_LEVEL", "ERROR")

from registry.settings import *  # noqa: F403
from registry.settings import DATABASES

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATABASES["default"]["NAME"] = os.environ.get("BENCH_DB", "bench")
# Load data and the facts of a query are read for longer than a page waits.
DATABASES["default"]["CONN_MAX_AGE"] = None
