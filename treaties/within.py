"""Search within results: more words, each narrowing what the ones before them found.

The syntax of a query has no brackets, so adding words to `a or b` would change what it means. Therefore every
addition is a parameter of its own, `within`, repeated for each.
"""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from treaties import search, terms
from treaties.models import SearchDocument
from treaties.texts import unfit

# Each costs a condition of its own.
MOST = 5


class WithinField(forms.Field):
    """Several pieces of text under one name; empty ones and repetitions do not count."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """Raises `ValidationError` for too many, too long, or what cannot be stored."""
        texts = list(dict.fromkeys(text.strip() for text in value or () if text.strip()))
        problems = {problem for text in texts if (problem := unfit(text, limit=terms.QUERY_LIMIT))}
        if len(texts) > MOST:
            problems.add(str(_("Search within results at most %(most)d times; remove one first.") % {"most": MOST}))
        if problems:
            raise ValidationError(sorted(problems))
        return texts


class WithinFilter(django_filters.Filter):
    """The filter of the list: all of it must be found. A mistake in it leaves it out, with its sentence."""

    field_class = WithinField

    def filter(self, qs: QuerySet[SearchDocument], value: list[str] | None) -> QuerySet[SearchDocument]:
        for text in value or ():
            qs = qs.filter(words=search.query(text))
        return qs
