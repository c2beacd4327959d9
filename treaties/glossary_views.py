"""The glossary: one public page, without a query."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treaties import glossary as terms


@login_not_required
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every term by letter, or those that hold the words of `q`."""
    words = request.GET.get("q", "").strip()[: terms.LIMIT]
    found = terms.find(words)
    context = {"letters": terms.letters(found), "words": words, "count": len(found), "limit": terms.LIMIT}
    return render(request, "treaties/glossary.html", context)
