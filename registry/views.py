"""The home page and what belongs to the site as a whole."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry import queries


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/home.html", queries.home(request.user))


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")
