"""System checks of where files lie: what is not public, what is infected and what everybody gets are never in one."""

from itertools import permutations
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

FOLDERS = ("MEDIA_ROOT", "QUARANTINE_DIR", "STATIC_ROOT")


@register(Tags.security)
def folders_apart(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`MEDIA_ROOT`, `QUARANTINE_DIR` and `STATIC_ROOT`, wherever links lead: none is another one or lies in it."""
    given = {name: str(getattr(settings, name, "") or "") for name in FOLDERS}
    places = {name: Path(path).resolve() for name, path in given.items() if path}
    found: list[CheckMessage] = []
    for inner, outer in permutations(places, 2):
        if places[inner].is_relative_to(places[outer]) and (places[inner] != places[outer] or inner < outer):
            hint = f"{inner} is {places[inner]}, {outer} is {places[outer]}: give each a folder of its own."
            found.append(Error(f"{inner} lies in {outer}.", hint=hint, id="registry.E001"))
    return found
