"""A word with its four languages beside it."""

from typing import Any

from django import template

from treaties.glossary import terms

register = template.Library()


@register.inclusion_tag("treaties/_term.html")
def term(code: str, word: object = "") -> dict[str, Any]:
    """`{% term "ratification" %}`: the term, or `word` for it, as a link into the glossary.

    Its names and explanation show on hover and focus; screen readers read them as the description of the link. A page
    does it once per term, since the description has an `id`. A code that is not in the glossary is a `KeyError`.
    """
    found = terms()[code]
    return {"term": found, "word": word or found.name}
