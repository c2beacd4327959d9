from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from registry.checks import FOLDERS, folders_apart


def test_the_folders_of_the_settings_lie_apart() -> None:
    assert folders_apart(None) == []


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (("a", "a/b", "c"), ["QUARANTINE_DIR lies in MEDIA_ROOT."]),
        (("a/b", "c", "a"), ["MEDIA_ROOT lies in STATIC_ROOT."]),
        (("a", "b", "b/../a"), ["MEDIA_ROOT lies in STATIC_ROOT."]),
        (("link", "b", "a"), ["MEDIA_ROOT lies in STATIC_ROOT."]),
        (("a", "ab", "abc"), []),
    ],
)
def test_one_in_another_is_refused(tmp_path: Path, places: tuple[str, ...], told: list[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    named = {name: tmp_path / place for name, place in zip(FOLDERS, places, strict=True)}
    with override_settings(**named):
        assert [message.msg for message in folders_apart(None)] == told


def test_the_register_does_not_start_so(tmp_path: Path) -> None:
    with (
        override_settings(MEDIA_ROOT=tmp_path / "static" / "files", STATIC_ROOT=tmp_path / "static"),
        pytest.raises(SystemCheckError, match="MEDIA_ROOT lies in STATIC_ROOT"),
    ):
        call_command("check")
