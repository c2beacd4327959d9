"""Who runs the server: an ordinary user himself, root through an unprivileged user."""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.postgres import account as accounts
from registry.postgres.account import account_for
from registry.postgres.errors import ClusterError
from registry.postgres.launcher import Cluster

from .clusters import AS_ROOT, CLIENT, ask, client, ordinary_place, postmaster, stopped_afterwards
from .conftest import copy_data

root_only = pytest.mark.skipif(not AS_ROOT, reason="only root has this choice")
linux_root_only = pytest.mark.skipif(not (AS_ROOT and sys.platform == "linux"), reason="only root on Linux")
DAC_READ_SEARCH = 1 << 2  # capability(7), linux/capability.h


def process_status(pid: int) -> dict[str, str]:
    """/proc/<pid>/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder every user may enter."""
    with tempfile.TemporaryDirectory(prefix="register-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_server_is_never_root(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.data.stat().st_uid != 0
    if sys.platform == "linux":
        assert "0" not in process_status(postmaster(cluster))["Uid"].split()


@linux_root_only
def test_below_a_closed_folder_the_server_may_enter_and_read_and_nothing_more(cluster: Cluster, tmp_path: Path) -> None:
    closed = tmp_path.parent
    modes = {folder: folder.stat().st_mode for folder in tmp_path.parents}
    assert not stat.S_IMODE(closed.stat().st_mode) & 0o011
    assert ask(cluster, "SELECT word FROM kept") == "kept"
    status = process_status(postmaster(cluster))
    for kind in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
        assert int(status[kind], 16) == DAC_READ_SEARCH
    assert {folder: folder.stat().st_mode for folder in tmp_path.parents} == modes


@linux_root_only
def test_where_every_user_may_enter_the_server_has_no_capability(
    open_place: Path, initialised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped_afterwards(Cluster(open_place / "postgres")) as one:
        copy_data(initialised, one)
        if accounts._closed(accounts._unprivileged(one.data), (Path(sys.prefix), Path.cwd())):
            pytest.skip("the project itself is in a closed folder")
        one.start()
        status = process_status(postmaster(one))
        assert int(status["CapEff"], 16) == 0
        assert status["Groups"] in ("", str(pwd.getpwuid(one.data.stat().st_uid).pw_gid))


@root_only
def test_root_keeps_the_owner_of_the_data(open_place: Path, initialised: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    with stopped_afterwards(Cluster(open_place / "postgres")) as one:
        copy_data(initialised, one)
        for path in (one.data, *one.data.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        assert ask(one, "SELECT word FROM kept") == "kept"
        assert os.stat(f"/proc/{postmaster(one)}").st_uid == nobody.pw_uid


@root_only
def test_data_that_root_has_copied_is_given_back(cluster: Cluster) -> None:
    for path in (cluster.data, *cluster.data.rglob("*")):
        os.chown(path, 0, 0)
    assert cluster.data.stat().st_uid == 0
    assert ask(cluster, "SELECT word FROM kept") == "kept"
    assert {path.stat().st_uid for path in cluster.data.rglob("*")} == {cluster.data.stat().st_uid}


@root_only
def test_no_way_in_is_one_clear_sentence(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "CAPABILITIES", ())
    with pytest.raises(ClusterError, match=r"does not run as root, and the user \w+ may not enter .*ordinary user"):
        cluster.start()
    assert cluster.status() == "stopped"


@linux_root_only
def test_the_second_capability_does_where_the_first_is_missing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "CAPABILITIES", ("no_such_capability", "dac_override"))
    assert ask(cluster, "SELECT word FROM kept") == "kept"


@root_only
def test_without_an_unprivileged_user_root_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.getpwuid(0))
    with pytest.raises(ClusterError, match="no user postgres or nobody"):
        account_for(tmp_path / "data", ())


def test_an_ordinary_user_cold_and_from_another_process() -> None:
    with ordinary_place() as (folder, account), stopped_afterwards(Cluster(folder / "postgres")) as one:
        with client(one.directory, CLIENT, account) as first, client(one.directory, CLIENT, account) as second:
            assert first.stdout.readline() == second.stdout.readline() != ""
            uid = os.geteuid() if account.uid is None else account.uid
            assert one.data.stat().st_uid == uid
            assert (one.directory / "lock").stat().st_uid == uid
        assert one.status() == "stopped"


@root_only
def test_an_ordinary_user_and_the_database_of_another(initialised: Path) -> None:
    with ordinary_place() as (folder, account):
        theirs = folder / "postgres"
        shutil.copytree(initialised, theirs / "data")
        (theirs / "lock").touch(mode=0o600)
        with client(theirs, CLIENT, account) as refused:
            _, errors = refused.communicate()
        assert refused.returncode == 1
        assert "belongs to another user: run this as that user or as root, or set VAR_DIR" in errors.splitlines()[-1]
