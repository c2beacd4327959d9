"""Django's PostgreSQL backend for a server that somebody else can stand in for: it is not waited for without end.

A server that hangs, or a machine that is frozen, keeps its connections and answers nothing: the server's own
`statement_timeout` does not help then. Each answer has a time limit on our side, and no answer is "it is away".
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

# Beyond what the server itself allows a statement.
GRACE_SECONDS = 1.0
# For a question that is answered at once or not at all.
PROBE_SECONDS = 2.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a replica."""

    limit: float | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As Django's, with a limit in seconds to each answer. Raises psycopg.OperationalError beyond it."""
        connection = super().get_new_connection(conn_params)
        patient = connection.wait

        def wait(generator: Generator[Any, Any, Any], **options: Any) -> Any:
            limit = self.limit or settings.STATEMENT_TIMEOUT_MS / 1000 + GRACE_SECONDS
            try:
                return patient(generator, **{"timeout": limit} | options)
            except psycopg.errors._WaitTimeout as error:
                connection.pgconn.finish()  # an answer that still comes would be taken for the next one's
                raise psycopg.OperationalError(f"no answer within {limit:.0f} seconds") from error

        connection.wait = wait
        return connection

    def is_usable(self) -> bool:
        """As Django's; False also for a server that hangs."""
        with self.probing():
            return super().is_usable()

    @contextmanager
    def probing(self) -> Iterator[None]:
        """Inside, answers come at once or not at all."""
        before, self.limit = self.limit, PROBE_SECONDS
        try:
            yield
        finally:
            self.limit = before
