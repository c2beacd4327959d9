"""What every page knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.demo import DEMO_PEOPLE

VERSION = "0.1.0"


def site(request: HttpRequest) -> dict[str, Any]:
    """`site.version`, `site.demo`, `site.demo_people` (only in demo mode), `site.contact`,
    `site.single_sign_on` (whether it is there)."""
    return {
        "site": {
            "version": VERSION,
            "demo": settings.DEMO,
            "demo_people": DEMO_PEOPLE if settings.DEMO else (),
            "contact": settings.CONTACT,
            "single_sign_on": settings.OIDC_ENABLED,
        }
    }
