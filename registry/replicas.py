"""Public pages are read from standbys of the database, where there are any (`DATABASE_REPLICA_URLS`).

`Watch` knows how far each replica has come, `ReadRouter` sends the reads of a request to the one that
`ReplicaMiddleware` chose for it. Positions are bytes of the primary's write-ahead log since its beginning.
Why it is built this way: docs/decisions/0015-read-replicas.md.
"""

import contextlib
import itertools
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, Error, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

logger = logging.getLogger(__name__)

# The one list of pages that may be read from a replica, by the names of their addresses. They read only, and need
# nothing newer than what the person who asks has written or seen.
PUBLIC_READS = frozenset(
    {
        "home",
        "treaty-list",
        "treaty-suggest",
        "treaty-list-csv",
        "treaty-list-xlsx",
        "treaty-list-json",
        "treaty-detail",
        "treaty-sheet",
        "treaty-sheet-pdf",
        "country-list",
        "country-detail",
        "theme-list",
        "theme-detail",
    }
)
# Who somebody is and what they may do is never read from a copy that may be behind.
ON_PRIMARY = frozenset({"accounts", "admin", "auth", "axes", "contenttypes", "otp_static", "otp_totp", "sessions"})
COOKIE = "register_position"
SALT = "registry.replicas"
# When the position of a write cannot be asked: later than any other.
UNKNOWN = 2**63 - 1
# "Canceled": the statement took too long. It would take as long on the primary.
TOO_LONG = "57014"
# Classes "connection exception" and "operator intervention" (shutting down, starting up): the server is away.
AWAY = ("08", "57P")

_reading: ContextVar[str] = ContextVar("reading_from", default=DEFAULT_DB_ALIAS)
_wrote: ContextVar[bool] = ContextVar("wrote", default=False)

# Not pg_current_wal_lsn: with synchronous_commit off a commit is done before it is written.
_PRIMARY = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint, system_identifier FROM pg_control_system()"
_REPLICA = (
    "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END, system_identifier"
    " FROM pg_control_system()"
)


@dataclass
class Replica:
    """What this process knows of one replica.

    `replayed`: the position it has reached; None while it is not used. `as_of`: the last moment (monotonic, seconds)
    at which it was seen to hold everything the primary held. `aside_until`: not asked before that moment.
    """

    alias: str
    replayed: int | None = None
    as_of: float = -math.inf
    aside_until: float = -math.inf


class Watch:
    """How far the replicas are, asked at most once in `REPLICA_CHECK_SECONDS` for each process.

    The lag is measured without clocks of other machines: the position of the primary is noted with the moment it was
    asked, and a replica that has reached it is no further behind than that moment.
    """

    def __init__(self, aliases: list[str]) -> None:
        self.replicas = [Replica(alias) for alias in aliases]
        self._seen: deque[tuple[float, int]] = deque()  # moment, position of the primary
        self._system: int | None = None
        self._primary_away_until = self._next_check = -math.inf
        self._turn = itertools.count()
        self._checking = threading.Lock()

    def choose(self, after: int = 0) -> str | None:
        """The alias of a replica that has reached the position `after` and is not too far behind; None: the primary."""
        self.check()
        good = [one for one in self.replicas if self._is_near(one) and (one.replayed or 0) >= after]
        return good[next(self._turn) % len(good)].alias if good else None

    def report(self) -> str:
        """How many replicas are in use, in words for whoever watches over the service."""
        self.check()
        return f"{sum(self._is_near(one) for one in self.replicas)} of {len(self.replicas)} in use"

    def put_aside(self, alias: str, error: BaseException | str) -> None:
        """Ask nothing of this replica for `REPLICA_RETRY_SECONDS`."""
        logger.warning("The database %s is put aside for %s s: %s", alias, settings.REPLICA_RETRY_SECONDS, error)
        for one in self.replicas:
            if one.alias == alias:
                one.replayed, one.as_of = None, -math.inf
                one.aside_until = time.monotonic() + settings.REPLICA_RETRY_SECONDS

    def check(self) -> None:
        """Ask primary and replicas, unless that was done just now or another thread is doing it."""
        if time.monotonic() < self._next_check or not self._checking.acquire(blocking=False):
            return
        try:
            self._ask_primary()
            for one in self.replicas:
                if time.monotonic() >= one.aside_until:
                    self._ask(one)
            self._next_check = time.monotonic() + settings.REPLICA_CHECK_SECONDS
        finally:
            self._checking.release()

    def _is_near(self, one: Replica) -> bool:
        now = time.monotonic()
        return one.replayed is not None and now >= one.aside_until and now - one.as_of <= settings.REPLICA_MAX_LAG

    def _ask_primary(self) -> None:
        now = time.monotonic()
        while self._seen and self._seen[0][0] < now - settings.REPLICA_MAX_LAG:
            self._seen.popleft()
        if now < self._primary_away_until:
            return
        try:
            position, self._system = _row(DEFAULT_DB_ALIAS, _PRIMARY)
        except Error as error:
            self._primary_away_until = now + settings.REPLICA_RETRY_SECONDS
            logger.warning("The position of the primary database is not known: %s", error)
            return
        if self._seen and position < self._seen[-1][1]:
            self._seen.clear()  # put back from a copy: what was seen of it before says nothing
        self._seen.append((now, position))

    def _ask(self, one: Replica) -> None:
        try:
            replayed, system = _row(one.alias, _REPLICA)
        except Error as error:
            self.put_aside(one.alias, error)
            return
        if replayed is None or system != self._system:
            self.put_aside(one.alias, "it is not a standby of the primary database")
            return
        reached = [moment for moment, position in self._seen if position <= replayed]
        one.as_of = max(reached, default=one.as_of)
        one.replayed = replayed


def _row(alias: str, query: str) -> Any:
    database = connections[alias]
    try:
        # A replica that hangs is known as such soon; the primary has nobody to stand in for it.
        with getattr(database, "probing", contextlib.nullcontext)(), database.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()
    except Error:
        database.close()
        raise


def aliases() -> list[str]:
    """The replicas of the settings, in their order: every database but the primary."""
    return [alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS]


class ReadRouter:
    """Reads go where the request reads from, everything else to the primary.

    Always an answer, never None: Django would then read from where a row came from, also after the request.
    """

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica of this request, unless it is about people or inside a transaction on the primary."""
        if model._meta.app_label in ON_PRIMARY or connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return DEFAULT_DB_ALIAS
        return _reading.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Always the primary; that something is written is remembered for the request."""
        if model._meta.app_label != "sessions":
            _wrote.set(True)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """All of them hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS


@contextlib.contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Reads inside go to this database."""
    token = _reading.set(alias)
    try:
        yield
    finally:
        _reading.reset(token)


class ReplicaMiddleware:
    """Answer public reads from a replica, and keep in a cookie what somebody must at least see afterwards.

    The last of the middleware: it calls the view itself, and lets Django call it again, on the primary, when the
    replica fails. Without replicas it is not there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not aliases():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _wrote.set(False)
        try:
            response = self.get_response(request)
            if _must_be_seen(request):
                _keep_position(request, response)
        finally:
            _wrote.reset(token)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The answer of a replica; None when the primary is to give it."""
        if request.method not in ("GET", "HEAD") or _name(request) not in PUBLIC_READS:
            return None
        alias = WATCH.choose(_position(request))
        if alias is None:
            return None
        try:
            with reading_from(alias):
                response = _whole(view(request, *args, **kwargs), alias)
        except (DatabaseError, InterfaceError) as error:
            _failed(alias, error)
            if _state(error) == TOO_LONG:
                raise
            return None
        request._read_from = alias  # type: ignore[attr-defined]
        return response


def _name(request: HttpRequest) -> str | None:
    return request.resolver_match.view_name if request.resolver_match else None


def _whole(response: HttpResponseBase, alias: str) -> HttpResponseBase:
    """Do now what else would be read from the primary later: render, and begin a stream."""
    if hasattr(response, "render"):
        response = response.render()
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        parts = iter(response)
        first = list(itertools.islice(parts, 1))
        response.streaming_content = itertools.chain(first, _rest(parts, alias))
    return response


def _rest(parts: Iterator[bytes], alias: str) -> Iterator[bytes]:
    """A stream whose every part is read from the replica; one that breaks is cut off, never ended as if whole."""
    try:
        while True:
            with reading_from(alias):
                part = next(parts, None)
            if part is None:
                return
            yield part
    except (DatabaseError, InterfaceError) as error:
        _failed(alias, error)
        raise


def _failed(alias: str, error: BaseException) -> None:
    """Close the connection; put the replica aside when it is the server that is away, and not one statement."""
    state = _state(error)
    connections[alias].close()
    if isinstance(error, OperationalError | InterfaceError) and (not state or state.startswith(AWAY)):
        WATCH.put_aside(alias, error)
    else:
        logger.warning("The database %s could not answer: %s", alias, error)


def _state(error: BaseException) -> str:
    """PostgreSQL's five characters; empty where the server could not be asked."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def _position(request: HttpRequest) -> int:
    """What this person must at least see; 0 for who has written nothing."""
    if COOKIE not in request.COOKIES:
        return 0
    return int(request.get_signed_cookie(COOKIE, "0", salt=SALT, max_age=_cookie_seconds()) or 0)


def _must_be_seen(request: HttpRequest) -> bool:
    """After every write, and after every page that somebody with a session saw from the primary.

    So who is logged in never sees less than on the page before, also when a task in the background wrote.
    """
    if _wrote.get() or request.method not in ("GET", "HEAD", "OPTIONS"):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not hasattr(request, "_read_from")


def _keep_position(request: HttpRequest, response: HttpResponseBase) -> None:
    try:
        position = _row(DEFAULT_DB_ALIAS, _PRIMARY)[0]
    except Error:
        # The write itself is done: its answer must not become an error.
        logger.warning("The position of a write is not known", exc_info=True)
        position = UNKNOWN
    if position == _position(request):
        return
    response.set_signed_cookie(
        COOKIE,
        str(position),
        salt=SALT,
        max_age=_cookie_seconds(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie_seconds() -> int:
    """Longer than a replica that is in use can be behind; after that the cookie says nothing any more."""
    return math.ceil(2 * settings.REPLICA_MAX_LAG + settings.REPLICA_CHECK_SECONDS) + 60


WATCH = Watch(aliases())
