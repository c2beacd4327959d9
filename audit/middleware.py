"""Every request has a name: in the trail, and in the header of its answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from audit.requests import HEADER, current, identify


class RequestIdMiddleware:
    """Names the request by `X-Request-Id` where that is well-formed, else by a new name; answers with the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = identify(request.headers.get(HEADER, ""))
        token = current.set((name, request))
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response.headers[HEADER] = name
        return response
