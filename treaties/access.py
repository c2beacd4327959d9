"""Who may know of what: the one rule, of which the table stands in `accounts.choices.RULES`.

A treaty has a level and a department that holds it; its papers and dossiers have a level of their own besides. What
hangs on a treaty is for who may know of both. Lists, counts and searches do not join for that: each search document
carries level and department in one word, its key (`accounts.models.access_key`), and a reader has the list of keys
that are open to him.
"""

from django.db.models import Q

from accounts.choices import Access
from accounts.models import Person, User, access_keys


def readable(person: Person, access: str = "access", department: str = "department") -> Q:
    """The condition on rows whose level is in the column `access` and whose department in `department`."""
    if not isinstance(person, User):
        return Q(**{f"{access}__in": access_keys(person)})
    if set(person.levels) == set(Access):
        return Q()
    wanted = Q(**{f"{access}__in": [level.value for level in person.levels]})
    if person.rule.own and person.department_id:
        own = {f"{access}__in": [level.value for level in person.rule.own], department: person.department_id}
        wanted |= Q(**own)
    return wanted


def level_of(key: str) -> Access:
    """The level in a key of access."""
    return Access(key.partition(":")[0])
