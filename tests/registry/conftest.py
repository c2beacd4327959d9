"""Fixtures for the tests of the launcher."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry.postgres.launcher import Cluster

from .clusters import connect, stopped_afterwards


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a stopped cluster with one table, to be copied: faster than making one for each test."""
    one = Cluster(tmp_path_factory.mktemp("initialised") / "postgres")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTGRES_DURABLE", "0")
        try:
            with connect(one) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 'kept' AS word")
        finally:
            one.stop()
    return one.data


@pytest.fixture
def new_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster that does not exist yet, without fsync; pytest's folder is closed to other users."""
    monkeypatch.setenv("POSTGRES_DURABLE", "0")
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as one:
        yield one


@pytest.fixture
def cluster(new_cluster: Cluster, initialised: Path) -> Iterator[Cluster]:
    """A stopped cluster with one row in the table `kept`; the same data for every test, which must not harm it."""
    with lent(initialised, new_cluster):
        yield new_cluster


@pytest.fixture
def copied_cluster(new_cluster: Cluster, initialised: Path) -> Cluster:
    """As `cluster`, with data of its own that may be harmed."""
    copy_data(initialised, new_cluster)
    return new_cluster


@contextmanager
def lent(source: Path, target: Cluster) -> Iterator[None]:
    """The data itself, moved and afterwards moved back."""
    target.directory.mkdir(parents=True)
    source.rename(target.data)
    try:
        yield
    finally:
        target.stop()
        target.data.rename(source)


def copy_data(source: Path, target: Cluster) -> None:
    """A copy that keeps owners, modes and times."""
    target.directory.mkdir(parents=True)
    subprocess.run(["cp", "-a", str(source), str(target.data)], check=True)
