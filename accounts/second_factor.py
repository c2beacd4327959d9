"""The code of six digits after the password (TOTP, RFC 6238), and recovery codes for who lost the telephone."""

import base64
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.db import transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.choices import SECOND_FACTOR_ROLES
from accounts.models import User

# Who comes by the single sign-on gave a second factor there.
SINGLE_SIGN_ON = "accounts.oidc.RegisterBackend"


def required_of(person: User) -> bool:
    """Whether this person's role asks for a second factor in this register."""
    return settings.REQUIRE_TOTP and person.role in SECOND_FACTOR_ROLES


def awaited(request: HttpRequest) -> bool:
    """Whether somebody gave the password and not yet the code that is needed too."""
    person = request.user
    if not isinstance(person, User) or request.session.get(BACKEND_SESSION_KEY) == SINGLE_SIGN_ON:
        return False
    needed = person.second_factor_since is not None or required_of(person)
    return needed and getattr(person, "otp_device", None) is None


def matching_device(person: User, code: str) -> Device | None:
    """The device that takes this code; None for a wrong one, one used before, or one too soon after wrong ones.

    Six digits are asked of the app, anything else of the recovery codes, which are used up. The rows are locked: of two
    requests with one code, one succeeds.
    """
    kind = TOTPDevice if code.isdigit() and len(code) == 6 else StaticDevice
    with transaction.atomic():
        for device in kind.objects.devices_for_user(person, confirmed=True).select_for_update():
            if device.verify_is_allowed()[0] and device.verify_token(code):
                return device
    return None


def as_text(secret: str) -> str:
    """The secret as people type it: base 32, in groups of four. `secret` is in hexadecimal digits."""
    written = base64.b32encode(bytes.fromhex(secret)).decode().rstrip("=")
    return " ".join(written[start : start + 4] for start in range(0, len(written), 4))


def address(person: User, secret: str) -> str:
    """The `otpauth:` address that authenticator apps read."""
    issuer = settings.OTP_TOTP_ISSUER
    query = urlencode({"secret": as_text(secret).replace(" ", ""), "issuer": issuer, "digits": 6, "period": 30})
    return f"otpauth://totp/{quote(issuer)}:{quote(person.username)}?{query}"


def drawing(text: str) -> SafeString:
    """The QR code as an SVG element without style or script, which the security policy lets through."""
    image = segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000")
    # Made by segno of black and white squares: nothing that anybody typed stands in it.
    return mark_safe(image)  # noqa: S308
