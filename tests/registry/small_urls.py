"""Addresses and views of the small project."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from registry.health import healthz, readyz


def groups(request: HttpRequest) -> HttpResponse:
    """GET: how many; POST: one more."""
    if request.method == "POST":
        Group.objects.create(name=request.GET["name"])
    return HttpResponse(str(Group.objects.count()))


def query(request: HttpRequest) -> HttpResponse:
    """Whatever SQL stands in `q`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(request.GET["q"])
        return HttpResponse("done")


def remember(request: HttpRequest) -> HttpResponse:
    """Succeeds, and leaves a session to be written by the middleware."""
    request.session["seen"] = True
    return HttpResponse("remembered")


def mine(request: HttpRequest) -> HttpResponse:
    """For who is logged in."""
    return HttpResponse("mine")


urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("groups", login_not_required(groups)),
    path("query", login_not_required(query)),
    path("remember", login_not_required(remember)),
    path("mine", mine),
    path("login/", login_not_required(lambda request: HttpResponse("log in"))),
]
