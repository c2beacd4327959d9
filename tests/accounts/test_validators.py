import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.validators import listed


def sum_of(password: str) -> str:
    return hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()


def write(path: Path, passwords: set[str], ending: str) -> None:
    lines = sorted(sum_of(password) for password in passwords)
    path.write_bytes("".join(f"{line}:{len(line) * index}{ending}" for index, line in enumerate(lines)).encode())


@given(
    there=st.sets(st.text(), max_size=40),
    others=st.sets(st.text(), max_size=10),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_exactly_what_stands_in_the_list_is_found(
    tmp_path_factory: pytest.TempPathFactory, there: set[str], others: set[str], ending: str
) -> None:
    path = tmp_path_factory.mktemp("list") / "sums.txt"
    write(path, there, ending)
    assert {password for password in there | others if listed(path, password)} == there


def test_a_leaked_password_is_refused(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "sums.txt"
    write(path, {"veertien-schapen-grazen", "iets-anders"}, "\n")
    validate_password("veertien-schapen-grazen")
    settings.PASSWORD_BREACH_LIST = str(path)
    with pytest.raises(ValidationError) as refused:
        validate_password("veertien-schapen-grazen")
    assert [error.code for error in refused.value.error_list] == ["password_leaked"]
    validate_password("vijftien-schapen-grazen")


def test_a_list_that_is_gone_lets_nothing_pass(tmp_path: Path, settings: Any) -> None:
    settings.PASSWORD_BREACH_LIST = str(tmp_path / "gone.txt")
    with pytest.raises(FileNotFoundError):
        validate_password("veertien-schapen-grazen")


@pytest.mark.parametrize("password", ["elf-tekens!", "password12345", "123456789012"])
def test_short_common_or_numeric_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)
