"""Settings of the register, from the environment (12-factor) or the file `.env` beside manage.py.

`DEBUG` is off unless asked for; with it off nothing has a default that would be unsafe.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG: bool = env.bool("DEBUG", default=False)
# Demo people are named on the login page, and the demo loader works, only where this is true.
DEMO: bool = env.bool("DEMO", default=DEBUG) and DEBUG
SECRET_KEY: str = env("SECRET_KEY", default="development-only-key-never-in-production" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is empty: set it in the environment (or DEBUG=1 for development).")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Whom readers can write to; shown in the accessibility statement.
CONTACT: str = env("CONTACT", default="")
# Off where making a PDF costs the server more than it has: the sheet can be printed without it.
PDF_SHEETS = env.bool("PDF_SHEETS", default=True)
# Off where the text of documents is read at night only, by `manage.py read_documents`.
READ_DOCUMENTS = env.bool("READ_DOCUMENTS", default=True)
# Where everything the running register writes lives: database, uploaded files, sockets.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "reporting",
    "imports",
    "workflow",
    "treaties",
    "audit",
    "accounts",
    "registry",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_filters",
    "django_htmx",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    # The first: what it adds stands on every answer, those for static files included.
    "registry.headers.HeadersMiddleware",
    "audit.middleware.RequestIdMiddleware",
    # Before anything reads what was sent.
    "registry.limits.LimitsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "registry.middleware.DatabaseUnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    # Before the log-in is asked for: it ends sessions that lasted long enough.
    "accounts.middleware.SignInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Both call the view themselves: the last two. One is for what writes, the other for what reads.
    "audit.idempotency.IdempotencyMiddleware",
    "registry.replicas.ReplicaMiddleware",
]
ROOT_URLCONF = "registry.urls"
WSGI_APPLICATION = "registry.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "registry.context.site",
            ],
        },
    },
]

# PostgreSQL is the one engine. `registry.postgres` is Django's own backend that starts the
# embedded server at the first connection; with DATABASE_URL the plain backend talks to that server.
if env("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "registry.postgres", "NAME": "register"}}
STATEMENT_TIMEOUT_MS: int = env.int("STATEMENT_TIMEOUT_MS", default=10_000)
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] |= {
    # A request never waits longer than this for an answer or a lock (milliseconds).
    "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=3000"
    " -c idle_in_transaction_session_timeout=30000",
    "connect_timeout": 5,
}
# Standbys of the same database, from which public pages are read: see registry/replicas.py.
for _number, _url in enumerate(env.list("DATABASE_REPLICA_URLS", default=[]), start=1):
    _replica = env.db_url_config(_url) | {"ENGINE": "registry.standby"}
    _replica |= {name: DATABASES["default"][name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")}
    _replica["TEST"] = {"MIRROR": "default"}
    _replica["OPTIONS"] = _replica.get("OPTIONS", {}) | {
        # Nothing can be written there, also when it is no standby any more; a page does not wait for one that is gone.
        "options": DATABASES["default"]["OPTIONS"]["options"] + " -c default_transaction_read_only=on",
        "connect_timeout": 2,
        "tcp_user_timeout": 3000,
    }
    DATABASES[f"replica{_number}"] = _replica
if len(DATABASES) > 1:
    DATABASE_ROUTERS = ["registry.replicas.ReadRouter"]
# In seconds: how far behind a replica may be, how often that is asked, how long one that failed is left alone.
REPLICA_MAX_LAG: float = env.float("REPLICA_MAX_LAG", default=10)
REPLICA_CHECK_SECONDS: float = env.float("REPLICA_CHECK_SECONDS", default=1)
REPLICA_RETRY_SECONDS: float = env.float("REPLICA_RETRY_SECONDS", default=10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
# The first makes new hashes; the second reads those made before, and they are made again at the next log-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.validators.BreachListValidator"},
]
# A file of SHA-1 sums of leaked passwords, sorted, one a line; searched where it lies, nothing is sent anywhere.
PASSWORD_BREACH_LIST: str = env("PASSWORD_BREACH_LIST", default="")

# Who failed five times from one address waits a quarter of an hour, or until an administrator releases the account.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
# Who logged in when is for the trail; a second list would be personal data without a purpose.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# A code of six digits after the password, for some roles (accounts.choices.SECOND_FACTOR_ROLES).
REQUIRE_TOTP: bool = env.bool("REQUIRE_TOTP", default=not DEBUG)
OTP_TOTP_ISSUER = "Verdragenregister"
# In seconds: without a request a session ends; however busy, it ends; before a decision the password is asked again.
SESSION_IDLE_SECONDS: int = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS: int = env.int("SESSION_ABSOLUTE_SECONDS", default=8 * 3600)
PROOF_IDLE_SECONDS: int = env.int("PROOF_IDLE_SECONDS", default=10 * 60)

# Single sign-on by OpenID Connect: off without a client. Made for ACM/IDM of Flanders; see docs/running.md.
OIDC_RP_CLIENT_ID: str = env("OIDC_CLIENT_ID", default="")
OIDC_ENABLED = bool(OIDC_RP_CLIENT_ID)
OIDC_RP_CLIENT_SECRET: str = env("OIDC_CLIENT_SECRET", default="")
OIDC_ISSUER: str = env("OIDC_ISSUER", default="")
OIDC_OP_AUTHORIZATION_ENDPOINT: str = env("OIDC_AUTHORIZATION_ENDPOINT", default="")
OIDC_OP_TOKEN_ENDPOINT: str = env("OIDC_TOKEN_ENDPOINT", default="")
OIDC_OP_JWKS_ENDPOINT: str = env("OIDC_JWKS_ENDPOINT", default="")
# Empty: the identity token holds all claims.
OIDC_OP_USER_ENDPOINT: str = env("OIDC_USER_ENDPOINT", default="")
OIDC_RP_SCOPES: str = env("OIDC_SCOPES", default="openid profile vo")
OIDC_RP_SIGN_ALGO: str = env("OIDC_SIGN_ALGORITHM", default="RS256")
# The claim that is the same for one person for ever: `sub` or `vo_id`; never an e-mail address, never `rrn`.
OIDC_SUBJECT_CLAIM: str = env("OIDC_SUBJECT_CLAIM", default="vo_id")
# The claim with the roles, and what each is here: the first of the mapping that the claim holds counts.
OIDC_ROLE_CLAIM: str = env("OIDC_ROLE_CLAIM", default="")
OIDC_ROLES: dict[str, str] = env.json("OIDC_ROLES", default={})
# Whether somebody with a role who was never here before becomes a person of the register.
OIDC_CREATE_PEOPLE: bool = env.bool("OIDC_CREATE_PEOPLE", default=True)
if OIDC_ENABLED:
    # Signatures with a key pair only: with HS256 whoever knows the public key could sign, `none` is no signature.
    if OIDC_RP_SIGN_ALGO not in ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"):
        raise ImproperlyConfigured("OIDC_SIGN_ALGORITHM must be one with a key pair, as RS256 or ES256.")
    if "rrn" in OIDC_RP_SCOPES.split() or OIDC_SUBJECT_CLAIM in ("rrn", "email"):
        raise ImproperlyConfigured("OIDC_SCOPES, OIDC_SUBJECT_CLAIM: no national number, no e-mail address.")
    for _name in ("ISSUER", "AUTHORIZATION_ENDPOINT", "TOKEN_ENDPOINT", "JWKS_ENDPOINT", "ROLE_CLAIM", "ROLES"):
        if not env(f"OIDC_{_name}", default=""):
            raise ImproperlyConfigured(f"OIDC_{_name} is empty: the single sign-on needs it.")
# So often, in seconds, the provider is asked whether somebody still has the role; 0: at the log-in only.
OIDC_RECHECK_SECONDS: int = env.int("OIDC_RECHECK_SECONDS", default=300)
OIDC_USE_PKCE, OIDC_USE_NONCE, OIDC_VERIFY_SSL, OIDC_VERIFY_KID = True, True, True, True
OIDC_TIMEOUT = 10
AUTHENTICATION_BACKENDS = [
    # The first: it lets nobody further who is locked out.
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PasswordBackend",
    *(["accounts.oidc.RegisterBackend"] if OIDC_ENABLED else []),
]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
# Files of treaties and dossiers: never served by address, only through a view that checks who asks.
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The virus scanner that is asked about each upload: `/path/of/clamd.socket` or `host:port`; empty: none is asked.
CLAMAV_ADDRESS: str = env("CLAMAV_ADDRESS", default="")
# How long it may take for one file.
CLAMAV_SECONDS: float = env.float("CLAMAV_SECONDS", default=30)
# Where files are kept in which it found something: never under the static files, never served.
QUARANTINE_DIR: str = env("QUARANTINE_DIR", default=str(VAR_DIR / "quarantine"))
# Largest uploaded document, in bytes.
DOCUMENT_MAX_BYTES = 25 * 1024 * 1024
# Largest request, in bytes: a list may have 200 MB (`imports`), and a form goes with it.
REQUEST_MAX_BYTES: int = env.int("REQUEST_MAX_BYTES", default=210 * 1024 * 1024)
# Of a form, without its files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A page of rows has some twenty fields for each: the acts of a treaty with two hundred parties fit.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# What an entry of the trail is about when its rows name several: the most telling first.
AUDIT_OBJECTS = ["workflow.Dossier", "treaties.Treaty", "imports.ImportRun", "reporting.Obligation"]
# Where the roots of days are written, outside the database (`manage.py audit anchor`), and who gets them by mail.
AUDIT_ANCHOR_DIR: str = env("AUDIT_ANCHOR_DIR", default=str(VAR_DIR / "anchors"))
AUDIT_ANCHOR_MAIL: list[str] = env.list("AUDIT_ANCHOR_MAIL", default=[])

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_DATE_INDEX = "composite"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# How long the browser keeps the cookie after the last write; the limits above are kept by the server.
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
# Lax, not Strict: who comes back from the single sign-on must still have the session in which it began.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=True)
    if SESSION_COOKIE_SECURE:
        # Browsers take these names only over TLS, from this host itself, for all its paths.
        SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Django's own console handler would say everything twice.
    # WeasyPrint tells every step of every PDF.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
}
