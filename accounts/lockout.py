"""What somebody reads who failed to log in too often, whether or not there is such an account."""

import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Over a socket file there is no address.
UNKNOWN = "0.0.0.0"  # noqa: S104 (nothing listens there)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """429, with when and how to go on. The same for every user name."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    answer = render(request, "registration/locked.html", {"minutes": seconds // 60}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: behind a proxy the last address in the list, which the proxy itself wrote.

    The others before it were written by whoever sent the request.
    """
    if settings.BEHIND_PROXY:
        told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        if _is_address(told):
            return told
    told = str(request.META.get("REMOTE_ADDR", ""))
    return told if _is_address(told) else UNKNOWN


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
