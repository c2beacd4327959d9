"""`manage.py serve` as a real process, and the catalogues it compiles before."""

import gettext
import json
import os
import re
import signal
import socket
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from registry.postgres.launcher import Cluster

from .clusters import kill, stopped_afterwards, wait_for
from .serving import Served, answers, ask, free_port, served


def test_serves_until_ctrl_c_and_keeps_the_data(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as cluster:
        with served(tmp_path) as site:
            assert ask(site.port, "/groups?name=one", "POST").text == "1"
            assert cluster.status() == "running"
            code, printed, complaints = site.interrupt()
        assert (code, complaints) == (0, "")
        assert f"http://127.0.0.1:{site.port}/" in printed
        assert "staff, staff2, reviewer, records, admin, auditor; the password is: demo" in printed
        assert len(printed.splitlines()) < 10
        assert not answers(site.port)
        assert cluster.status() == "stopped"

        with served(tmp_path) as site:
            assert ask(site.port, "/groups").text == "1"
            assert json.loads(ask(site.port, "/readyz").text)["checks"] == {"database": "ok", "migrations": "ok"}
        assert cluster.status() == "stopped"


def test_without_demo_no_logins_are_printed(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as cluster:
        with served(tmp_path, DEBUG="0") as site:
            assert (tmp_path / "static").is_dir()
            _, printed, _ = site.interrupt()
        assert f"http://127.0.0.1:{site.port}/" in printed
        assert "password" not in printed
        assert cluster.status() == "stopped"


def test_a_served_register_releases_what_is_due_again_and_again(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")):
        with served(tmp_path, SMALL_RELEASE="1", RELEASE_SECONDS="0.2") as site:
            # More than the two workers could leave by one run each, and each failed at its first.
            assert wait_for(lambda: int(ask(site.port, "/groups").text) > 2, 30)
            code, _, complaints = site.interrupt()
        assert code == 0
        assert complaints.count("What is due could not be released; it is tried again") == 2
        assert complaints.count("CommandError: This event cannot be released") == 2


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_service_manager_or_a_closed_terminal_stops_all_of_it(tmp_path: Path, how: signal.Signals) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as cluster:
        with served(tmp_path) as site:
            os.kill(site.pid, how)
            code, _, complaints = site.ended()
        assert (code, complaints) == (0, "")
        assert not answers(site.port)
        assert cluster.status() == "stopped"


def test_when_it_is_killed_its_workers_stop_the_database(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as cluster, served(tmp_path) as site:
        assert ask(site.port, "/groups").text == "0"
        kill(site.pid)
        site.ended()
        assert wait_for(lambda: cluster.status() == "stopped", 30)
        assert not answers(site.port)


def test_ctrl_c_while_it_prepares_leaves_nothing(tmp_path: Path) -> None:
    with stopped_afterwards(Cluster(tmp_path / "postgres")) as cluster:
        site = Served(free_port(), tmp_path)
        assert wait_for(lambda: cluster.status() == "running", 30)
        code, _, complaints = site.interrupt()
        assert (code, complaints) == (130, "")
        assert cluster.status() == "stopped"


def test_a_used_port_is_one_sentence_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = Served(port, tmp_path).ended()
    sentence = f"Port {port} is in use by another program: stop that one, or choose another port, as in PORT=8080."
    assert ended == (1, "", f"CommandError: {sentence}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_does_not_exist(tmp_path: Path) -> None:
    code, _, complaints = Served(70000, tmp_path).ended()
    assert code == 1
    assert re.fullmatch(r"CommandError: The address 127\.0\.0\.1:70000 cannot be used: .*\n", complaints)


def test_no_database_is_one_sentence(tmp_path: Path) -> None:
    code, _, complaints = Served(free_port(), tmp_path, POSTGRES_BIN="/nonexistent").ended()
    assert code == 1
    assert complaints.startswith("CommandError: The database cannot be used. POSTGRES_BIN names /nonexistent")
    assert complaints.count("\n") == 1


CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Treaty"
msgstr "Verdrag"

#, fuzzy
msgid "Party"
msgstr "Feest"
"""


def test_catalogues_are_compiled_when_they_changed(tmp_path: Path, settings: LazySettings) -> None:
    source = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    settings.LOCALE_PATHS = [tmp_path]
    compiled = source.with_suffix(".mo")

    call_command("compilemessages", verbosity=0)
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.gettext(text) for text in ("Treaty", "Party")] == ["Verdrag", "Party"]

    compiled.write_bytes(b"kept")
    call_command("compilemessages", verbosity=0)
    assert compiled.read_bytes() == b"kept"

    os.utime(source, (compiled.stat().st_mtime + 2,) * 2)
    call_command("compilemessages", verbosity=0)
    assert compiled.read_bytes() != b"kept"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
