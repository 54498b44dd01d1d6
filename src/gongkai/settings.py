"""Django settings, all of them derived from the home and a handful of environment variables (docs/operating.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from gongkai import home as _home
from gongkai.base.hosts import AllowedHosts


def _number(name: str, default: int) -> int:
    given = os.environ.get(name, "").strip() or str(default)
    if not (given.isascii() and given.isdigit()):
        raise ImproperlyConfigured(f"{name}={given} 应为不小于 0 的整数。")
    return int(given)


HOME = _home.current()
ENVIRONMENT = _home.environment(HOME)
IN_PRODUCTION = ENVIRONMENT == _home.PRODUCTION
IN_TEST = ENVIRONMENT == _home.TEST

DEBUG = False
# A home that was never made has no keys; `check`, `--help` and the like still work, with keys that die with the process.
SECRET_KEY = HOME.keys.secret if HOME.keys_file.exists() else secrets.token_urlsafe(50)

HTTPS = os.environ.get("GONGKAI_HTTPS", "1" if IN_PRODUCTION else "0") == "1"
ALLOWED_HOSTS = [
    host.strip() for host in os.environ.get("GONGKAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
if not IN_TEST:  # Django's test runner copies the list before there is a database to ask
    ALLOWED_HOSTS = AllowedHosts(ALLOWED_HOSTS)

INSTALLED_APPS = [
    "gongkai.base",
    "gongkai.organs",
    "gongkai.review",
    "gongkai.catalogue",
    "gongkai.documents",
    "gongkai.documents.bulk",
    "gongkai.documents.interpretation",
    "gongkai.keyareas",
    "gongkai.requests",
    "gongkai.remedies",
    "gongkai.monitoring",
    "gongkai.accounts",
    "gongkai.figures",
    "gongkai.annualreport",
    "gongkai.annualreport.rounds",
    "gongkai.annualreport.library",
    "gongkai.annualreport.rendering",
    "gongkai.search",
    "gongkai.portal",
    "gongkai.desk",
    "gongkai.demo",
    "csp",
    "django_tables2",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongkai.portal.hosts.SiteMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gongkai.desk.shell.middleware.DeskMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "gongkai.urls"
WSGI_APPLICATION = "gongkai.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.portal.context.site",
                "gongkai.desk.shell.context.desk",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("GONGKAI_DATABASE_URL") or f"sqlite:///{HOME.path / 'gongkai.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a writer waits its turn at BEGIN instead of failing half-way. FULL: an acknowledged submission
    # survives loss of power, not only of the process.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
    if IN_TEST:
        # A real file, as in production: tests of concurrency mean something. It dies with the process that made it.
        DATABASES["default"]["TEST"] = {"NAME": str(HOME.path / "test.sqlite3")}
        DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organs.Person"
LOGIN_URL = "desk:sign-in"
LOGIN_REDIRECT_URL = "desk:today"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if IN_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
# The search index is derived from the database and lies beside it.
SEARCH_FOLDER = HOME.search

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(HOME.files)},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IN_TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = IN_TEST
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

DJANGO_TABLES2_TEMPLATE = "desk/register/table.html"

# The portal's own particulars (docs/operating.md); those left empty are not shown.
SITE = {
    "name": os.environ.get("GONGKAI_SITE_NAME", "政府信息公开平台"),
    "domain": os.environ.get("GONGKAI_SITE_DOMAIN", ALLOWED_HOSTS[0]),
    "id_code": os.environ.get("GONGKAI_SITE_ID_CODE", "" if IN_PRODUCTION else "0000000000"),
    "icp": os.environ.get("GONGKAI_SITE_ICP", ""),
    "police": os.environ.get("GONGKAI_SITE_POLICE", ""),
    "host": os.environ.get("GONGKAI_SITE_HOST", ""),
    "contact": os.environ.get("GONGKAI_SITE_CONTACT", ""),
    "report_errors_url": os.environ.get("GONGKAI_SITE_REPORT_ERRORS_URL", ""),
}

# A closing site says so for so many days at least, and a site may be offline for so many days at most (06 §2.10, §4.1).
SITE_NOTICE_DAYS = _number("GONGKAI_SITE_NOTICE_DAYS", 30)
SITE_OFFLINE_DAYS = _number("GONGKAI_SITE_OFFLINE_DAYS", 30)

# A folder with Chinese typefaces, beside those of the system: without one no PDF can be made.
FONTS = os.environ.get("GONGKAI_FONTS", "").strip()

# Submissions one network address may send through the public form per hour; 0 switches the limit off.
# Behind a reverse proxy the reader's address is taken from X-Forwarded-For, as seen by the outermost trusted one.
TRUSTED_PROXIES = _number("GONGKAI_TRUSTED_PROXIES", 0)
SUBMISSIONS_PER_HOUR = _number("GONGKAI_SUBMISSIONS_PER_HOUR", 0 if IN_TEST else 20)

# Reports one network address may have checked per hour (0: no limit), the largest file taken, and how long one may be read.
CHECKS_PER_HOUR = _number("GONGKAI_CHECKS_PER_HOUR", 0 if IN_TEST else 60)
CHECK_MAX_MB = _number("GONGKAI_CHECK_MAX_MB", 20)
CHECK_SECONDS = _number("GONGKAI_CHECK_SECONDS", 20)

# Accounts one network address may open per hour (0: no limit); and the 统一身份认证 provider (OpenID Connect), if there is one.
ACCOUNTS_PER_HOUR = _number("GONGKAI_ACCOUNTS_PER_HOUR", 0 if IN_TEST else 10)
OIDC = {
    "issuer": os.environ.get("GONGKAI_OIDC_ISSUER", "").strip(),
    "client_id": os.environ.get("GONGKAI_OIDC_CLIENT_ID", "").strip(),
    "client_secret": os.environ.get("GONGKAI_OIDC_CLIENT_SECRET", "").strip(),
    "scope": os.environ.get("GONGKAI_OIDC_SCOPE", "openid profile phone email").strip(),
}

# After so many failures of an account, or from a network address, within the minutes given, signing in rests that long.
SIGN_IN_FAILURES = _number("GONGKAI_SIGN_IN_FAILURES", 5)
SIGN_IN_FAILURES_PER_ADDRESS = _number("GONGKAI_SIGN_IN_FAILURES_PER_ADDRESS", 50)
SIGN_IN_LOCK_MINUTES = _number("GONGKAI_SIGN_IN_LOCK_MINUTES", 10)

# The library of read reports: addresses in private networks are not fetched unless the operator says so; a figure that
# is so many times last year's (or the other way round) is told as an outlier, if one of the two reaches the floor; texts
# this alike (0 to 100) are told as copied.
FETCH_PRIVATE = os.environ.get("GONGKAI_FETCH_PRIVATE", "0") == "1"
OUTLIER_TIMES = max(2, _number("GONGKAI_OUTLIER_TIMES", 5))
OUTLIER_FLOOR = _number("GONGKAI_OUTLIER_FLOOR", 10)
ALIKE_PERCENT = min(100, _number("GONGKAI_ALIKE_PERCENT", 60))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
