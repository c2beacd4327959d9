import os
from pathlib import Path

from treaties import processes


def test_a_lock_is_held_once_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "x.lock"
    with processes.locked(path) as first:
        assert first is not None
        with processes.locked(path) as second:
            assert second is None
    with processes.locked(path) as third:
        assert third is not None


def test_a_lock_that_was_handed_on_is_held_until_the_last_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with processes.locked(path) as lock:
        assert lock is not None
        handed_on = os.dup(lock)
    with processes.inherited(handed_on), processes.locked(path) as other:
        assert other is None
    with processes.locked(path) as other:
        assert other is not None
