"""Every setting of Ujima, read from the environment. Nothing else reads it.

UJIMA_ENV is "development" (the default: loopback, a secret made on first start and kept in the
data folder) or "production", which refuses to start on any default that would be unsafe there.
"""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from ujima.base.store.connections import data_folder, settings_for
from ujima.site.languages import offered
from ujima.site.secret import secret_key

ENV = os.environ.get("UJIMA_ENV", "development")
PRODUCTION = ENV == "production"
DEBUG = os.environ.get("UJIMA_DEBUG") == "1"
DATA = data_folder(os.environ)

if PRODUCTION:
    missing = [
        name
        for name in ("UJIMA_SECRET_KEY", "UJIMA_HOSTS", "UJIMA_DATABASE_URL")
        if not os.environ.get(name)
    ]
    if missing:
        raise ImproperlyConfigured(
            f"UJIMA_ENV=production needs {', '.join(missing)}. docs/running.md tells what each is."
        )
    if DEBUG:
        raise ImproperlyConfigured("UJIMA_DEBUG=1 shows source to visitors; not in production.")

SECRET_KEY = secret_key(os.environ, DATA)
if PRODUCTION and len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("UJIMA_SECRET_KEY must have at least 32 characters.")
ALLOWED_HOSTS = os.environ.get("UJIMA_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if PRODUCTION]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "ujima.audit",
    "ujima.people",
    "ujima.work",
    "ujima.quality",
    "ujima.pay",
    "ujima.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ujima.site.middleware.RequestLog",
    "ujima.site.middleware.PhoneFirst",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ujima.site.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ujima.web.refusals.RefusalPages",
]

ROOT_URLCONF = "ujima.site.urls"
WSGI_APPLICATION = "ujima.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ujima.web.context.who",
            ],
        },
    },
]

_STORE = settings_for("app", os.environ)
DATABASES = {
    "default": {
        **_STORE,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # The hot statements are prepared, and planned once a connection: planning them anew
            # for each call took as long as running them. Nothing else is prepared by itself.
            "prepare_threshold": sys.maxsize,
            "options": "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1",
            **_STORE["OPTIONS"],
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["ujima.people.actions.signing_in.PersonBackend"]
PASSWORD_HASHERS = [
    "ujima.people.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"

LANGUAGE_CODE = "en"
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
LANGUAGES = offered(LOCALE_PATHS[0])
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA / "files",
            "directory_permissions_mode": 0o700,
            "file_permissions_mode": 0o600,
        },
    },
    "staticfiles": {
        "BACKEND": os.environ.get(
            "UJIMA_STATIC",
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if (DATA / "static" / "staticfiles.json").exists() and not DEBUG
            else "django.contrib.staticfiles.storage.StaticFilesStorage",
        )
    },
}
WHITENOISE_USE_FINDERS = not (DATA / "static" / "staticfiles.json").exists()
WHITENOISE_MAX_AGE = 3600

# Uploads of units are streamed to disk; forms stay small.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT = int(os.environ.get("UJIMA_UPLOAD_LIMIT", 2 * 1024**3))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION and os.environ.get("UJIMA_PROXY_TLS") != "1"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("UJIMA_PROXY_TLS") == "1" else None
)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
X_FRAME_OPTIONS = "DENY"

# Requests a principal may make each minute before it is asked to wait; 0 switches the limit off.
API_REQUESTS_A_MINUTE = int(os.environ.get("UJIMA_API_REQUESTS_A_MINUTE", 600))
# Tokens that are none and that one address may send to a process each minute; 0 for any number.
BAD_TOKENS_A_MINUTE = int(os.environ.get("UJIMA_BAD_TOKENS_A_MINUTE", 60))
# Wrong tries at a name's password or PIN from one place before it rests, from all places together,
# and from one address at any names (a centre of 200 people behind one address mistypes less than
# that); and how many minutes they rest.
SIGN_IN_TRIES = 8
SIGN_IN_TRIES_A_NAME = 40
SIGN_IN_TRIES_AN_ADDRESS = 60
SIGN_IN_REST_MINUTES = 15
# Proxies of ours: only what comes from them is believed about the client's address.
PROXIES = frozenset(filter(None, os.environ.get("UJIMA_PROXIES", "").split(",")))
if PRODUCTION and os.environ.get("UJIMA_PROXY_TLS") == "1" and not PROXIES:
    raise ImproperlyConfigured(
        "UJIMA_PROXY_TLS=1 needs UJIMA_PROXIES, the proxy's address: without it all visitors seem "
        "to come from there, and limits on wrong tries would hold for all of them together."
    )

# What the platform takes on top of wages, in hundredths of a percent; a job keeps the fee it was
# drafted under.
FEE_BP = int(os.environ.get("UJIMA_FEE_BP", 200))

LOGGING_CONFIG = "ujima.site.logs.configure"
LOGGING = {"level": os.environ.get("UJIMA_LOG", "INFO")}
