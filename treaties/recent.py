"""The searches a person did last, kept in the session and nowhere else.

Only of people who are logged in: whoever reads the public part leaves no trace of what he looks for, and gets no
cookie for it. Not in the database either: what somebody searched is gone when he logs out, and nobody can ask for it.
"""

from django.http import HttpRequest, QueryDict

KEPT = 10
# Longer addresses are done again from the list itself; a session is no place for them.
_LONGEST = 2_000
_KEY = "recent_searches"


def remember(request: HttpRequest, query: str) -> None:
    """Note the search of the address `query`, as `treaties.listing.clean_query` gives it, as the last one done.

    Cheap: nothing is read but the session, and nothing is written for who is not logged in, for a page of the same
    search, or for the list without any question. A search that only adds to the last one takes its place: who
    ticks three filters did one search.
    """
    if not query or len(query) > _LONGEST or not request.user.is_authenticated:
        return
    before = searches(request)
    if before and before[0] == query:
        return
    if before and _adds_to(query, before[0]):
        before = before[1:]
    request.session[_KEY] = [query, *(one for one in before if one != query)][:KEPT]


def searches(request: HttpRequest) -> list[str]:
    """The last different searches of the person, newest first; none of who is not logged in."""
    if not request.user.is_authenticated:
        return []
    return list(request.session.get(_KEY, ()))


def forget(request: HttpRequest) -> None:
    """Empty the list."""
    request.session.pop(_KEY, None)


def _adds_to(query: str, last: str) -> bool:
    return _parts(last) < _parts(query)


def _parts(query: str) -> set[tuple[str, str]]:
    return {(name, value) for name, values in QueryDict(query).lists() for value in values}
