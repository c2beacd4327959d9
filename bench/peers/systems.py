"""The systems that are compared: how each is set up, served and asked the same question."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench import cluster, http, loaded

HERE = Path(__file__).resolve().parent
NAMES = ("admin", "wagtail", "datasette", "datasette_whole", "sqlite")
# The same peer with all its facets counted, however long that takes.
SAME = {"datasette_whole": "datasette"}


@dataclass
class Place:
    """Where everything of one run is: `size` treaties, exported to `folder`; `server` are libpq names."""

    size: int
    folder: Path
    server: Mapping[str, str]

    @property
    def environments(self) -> Path:
        return self.folder.parent / "environments"

    def python(self, name: str) -> Path:
        return self.environments / SAME.get(name, name) / "bin" / "python"

    def environment(self, name: str) -> dict[str, str]:
        own = {
            "PEER_HOST": self.server["host"],
            "PEER_USER": self.server["user"],
            "PEER_DB": f"peer_{name}_{self.size}",
            "PEER_FILE": str(self.folder / "register.db"),
            "DJANGO_SETTINGS_MODULE": "settings",
        }
        return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | own


def install(place: Place, name: str) -> None:
    """An environment of its own with exactly what `requirements.txt` pins; nothing where it is there already."""
    if name in SAME:
        return
    folder, pinned = place.environments / name, HERE / name / "requirements.txt"
    done = folder / "installed.txt"
    if done.exists() and done.read_text() == pinned.read_text():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603
    pip = [str(place.python(name)), "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", str(pinned)]
    subprocess.run(pip, check=True)  # noqa: S603
    done.write_text(pinned.read_text())


def fill(place: Place, name: str) -> None:
    """The exported records into a peer; nothing where they are in it already."""
    done = place.folder / f"{name}.filled"
    exported = str((place.folder / "records.jsonl").stat().st_mtime)
    if name.startswith("datasette") or (done.exists() and done.read_text() == exported):
        return  # Datasette shows the file of SQLite
    if name in {"admin", "wagtail"}:
        database = f"peer_{name}_{place.size}"
        with psycopg.connect(**place.server, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {database}")
    command = [str(place.python(name)), str(HERE / name / "fill.py"), str(place.folder)]
    subprocess.run(command, check=True, env=place.environment(name), cwd=HERE / name)  # noqa: S603
    done.write_text(exported)


@contextmanager
def running(place: Place, names: tuple[str, ...]) -> Iterator[dict[str, http.Client]]:
    """Name → a client of its server, `ours` among them; all are stopped at the end."""
    with ExitStack() as stack:
        clients = {}
        for name in ("ours", *names):
            port = http.free_port()
            command, env, cwd = _server(place, name, port)
            log = place.folder / f"{name}.log"
            stack.enter_context(http.served(command, port, env=env, cwd=cwd, log=log))
            clients[name] = http.Client(port, _headers(place, name))
            stack.callback(clients[name].close)
        yield clients


def _server(place: Place, name: str, port: int) -> tuple[list[str], dict[str, str], Path]:
    if name == "ours":
        command = http.gunicorn(sys.executable, "registry.wsgi:application", port)
        return command, loaded.environment(place.size), cluster.BASE
    python, env, cwd = place.python(name), place.environment(name), HERE / SAME.get(name, name)
    if name.startswith("datasette"):
        limits = ["--setting", "sql_time_limit_ms", "60000"]
        limits += ["--setting", "facet_time_limit_ms", "20000"] if name == "datasette_whole" else []
        file, metadata = str(place.folder / "register.db"), str(cwd / "metadata.json")
        where = ["--host", "127.0.0.1", "--port", str(port), "--metadata", metadata]
        # Immutable: counts of the whole table are kept, which is to its advantage.
        return [str(python), "-m", "datasette", "serve", "--immutable", file, *where, *limits], env, cwd
    application = "view:application" if name == "sqlite" else "django.core.wsgi:get_wsgi_application()"
    return http.gunicorn(python, application, port), env, cwd


def _headers(place: Place, name: str) -> dict[str, str]:
    cookie = place.folder / f"{name}.cookie"
    own = {"Cookie": f"sessionid={cookie.read_text()}"} if cookie.exists() else {}
    return {"Accept-Language": "nl", "Accept": "text/html"} | own


def path(name: str, asked: Mapping[str, str]) -> str | None:
    """The address by which a peer is asked the same; None where it cannot be asked."""
    if name == "sqlite":
        return f"/?{urlencode(asked)}"
    if name.startswith("datasette"):
        return _datasette(asked)
    place = {
        "admin": ("/admin/register/treaty/", {"country": "countries__code__exact", "theme": "themes__slug__exact"}),
        "wagtail": ("/cms/snippets/register/treaty/", {"country": "countries", "theme": "themes"}),
    }
    base, names = place[name]
    names |= {"page": "p"}
    return f"{base}?{urlencode({names.get(key, key): value for key, value in asked.items()})}"


def _datasette(asked: Mapping[str, str]) -> str | None:
    names = {"q": "_search", "country": "countries__arraycontains", "theme": "themes__arraycontains"}
    if "page" in asked:
        return None  # it goes from page to page only
    return f"/register/treaties?{urlencode({names[key]: value for key, value in asked.items()})}"
