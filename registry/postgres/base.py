"""Django's PostgreSQL backend on an embedded server that starts at the first connection.

Reading the settings, or a command that needs no database, starts nothing. The cluster is in `VAR_DIR/postgres`;
HOST, PORT and USER are filled in when it runs, and the database NAME is made when it is missing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base, client
from django.db.utils import OperationalError
from psycopg import sql

from .binaries import find_binaries
from .errors import ClusterError
from .lease import Lease, lease

# A page does not wait longer than this for a server that has to be started again.
AGAIN_SECONDS = 20.0

_made: set[tuple[str, str]] = set()


@contextmanager
def _as_operational_error() -> Iterator[None]:
    """What Django and the middleware know as "the database cannot be reached"."""
    try:
        yield
    except ClusterError as error:
        raise OperationalError(str(error)) from error


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that belongs to the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        """Start or find the server, then psql. Raises FileNotFoundError where there is no psql."""
        self.connection.ensure_connection()
        self.connection.close()
        own = find_binaries().folder / "psql"
        if own.exists():
            type(self).executable_name = str(own)
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to the embedded server."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's, after starting or finding the server. Raises OperationalError with the reason if it cannot."""
        self._use(self._lease().parameters)
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As Django's; a server that died since it was last asked is started again, once.

        One that is stopping or recovering is not waited for: raises psycopg.OperationalError at once.
        """
        try:
            self._make_database(conn_params)
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            held = self._lease()
            if held.cluster.status() != "stopped":
                raise
        with _as_operational_error():
            self._use(held.renew(AGAIN_SECONDS))
        return super().get_new_connection(super().get_connection_params())

    def _lease(self) -> Lease:
        with _as_operational_error():
            return lease(Path(settings.VAR_DIR) / "postgres")

    def _use(self, parameters: dict[str, str]) -> None:
        for setting, parameter in (("HOST", "host"), ("PORT", "port"), ("USER", "user")):
            self.settings_dict[setting] = parameters[parameter]

    def _make_database(self, conn_params: dict[str, Any]) -> None:
        """Create the database when the cluster has none of that name; looked at once for each process."""
        name = conn_params["dbname"]
        address = {key: conn_params[key] for key in ("host", "port", "user")}
        if name == "postgres" or (address["host"], name) in _made:
            return
        with (
            _as_operational_error(),
            self._lease().cluster.exclusive(),
            psycopg.connect(**address, dbname="postgres", autocommit=True) as connection,
        ):
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        _made.add((address["host"], name))
