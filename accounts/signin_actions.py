"""The writes of signing in: sessions that end, second factors, people of the single sign-on."""

import secrets
from hashlib import sha256

from axes.utils import reset
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.choices import Role
from accounts.models import User

RECOVERY_CODES = 10


def end_sessions(person: User) -> None:
    """Log this person out everywhere, at once: no session begun before now is taken any more."""
    with transaction.atomic():
        person.session_generation = _locked(person).session_generation + 1
        person.save(update_fields=["session_generation"])


def release_lock(person: User) -> int:
    """Let somebody who failed too often try again now. How many counts of failures were taken away."""
    return int(reset(username=person.username))


def take_second_factor(person: User, secret: str) -> tuple[TOTPDevice, list[str]]:
    """Keep `secret` (hexadecimal digits) as this person's second factor; with it the recovery codes, shown once.

    What was there before is no longer taken.
    """
    with transaction.atomic():
        _forget_devices(_locked(person))
        device = TOTPDevice(user=person, name="app", key=secret, confirmed=True)
        device.save()
        person.second_factor_since = timezone.now()
        person.save(update_fields=["second_factor_since"])
        return device, _new_codes(person)


def renew_recovery_codes(person: User) -> list[str]:
    """New recovery codes, shown once; those before are no longer taken."""
    with transaction.atomic():
        _locked(person)
        return _new_codes(person)


def remove_second_factor(person: User) -> None:
    """For who lost telephone and codes: the person makes a new one at the next log-in. Ends all sessions."""
    with transaction.atomic():
        _forget_devices(_locked(person))
        person.second_factor_since = None
        person.save(update_fields=["second_factor_since"])
        end_sessions(person)


def take_from_single_sign_on(*, subject: str, role: Role, first_name: str, last_name: str, email: str) -> User:
    """The person whom the single sign-on calls `subject`, with the role and name it tells now; made if new.

    A role that differs ends the sessions that were begun with the other one.
    """
    with transaction.atomic():
        username = f"acm-{sha256(subject.encode()).hexdigest()[:20]}"
        person, new = User.objects.select_for_update().get_or_create(
            subject=subject, defaults={"username": username, "password": make_password(None)}
        )
        if not new and person.role != role:
            person.session_generation += 1
        person.role, person.is_staff = role, role == Role.ADMINISTRATOR
        person.first_name, person.last_name, person.email = first_name[:150], last_name[:150], email[:254]
        person.save()
    return person


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _forget_devices(person: User) -> None:
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()


def _new_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice(user=person, name="codes", confirmed=True)
    device.save()
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
