"""What the trail tells, to whom."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import Person, User
from audit.models import TrailEntry, TrailName


@dataclass(frozen=True)
class Asked:
    """What entries are looked for; what is empty does not narrow."""

    # The key of a person, a part of a name, or of a user name.
    person: str = ""
    action: str = ""
    # A reference, or the name or key of a request.
    about: str = ""
    # Days in UTC, both included.
    first: date | None = None
    last: date | None = None


def may_read(person: Person) -> bool:
    return isinstance(person, User) and person.may_read_trail


def visible_to(person: Person) -> QuerySet[TrailEntry]:
    return TrailEntry.objects.all() if may_read(person) else TrailEntry.objects.none()


def found(person: Person, asked: Asked) -> QuerySet[TrailEntry]:
    """The newest first, each with its change."""
    rows = visible_to(person).select_related("change").order_by("-seq")
    if asked.person:
        rows = rows.filter(actor__in=_keys(asked.person))
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.about:
        rows = rows.filter(Q(object_reference=asked.about) | Q(request=asked.about))
    if asked.first:
        rows = rows.filter(at__gte=datetime.combine(asked.first, time(), UTC))
    if asked.last:
        rows = rows.filter(at__lt=datetime.combine(asked.last, time(), UTC) + timedelta(days=1))
    return rows


def deeds(entries: QuerySet[TrailEntry]) -> list[tuple[str, int]]:
    """How often each thing was done: action and number, the most frequent first."""
    counted = entries.order_by().values_list("action").annotate(n=Count("seq"))
    return sorted(counted, key=lambda one: (-one[1], one[0]))


def people(entries: QuerySet[TrailEntry]) -> list[tuple[str, str, str, int]]:
    """Who did what: key of the person, what they were called last, action and number; by person."""
    counted = entries.order_by().values_list("actor", "action").annotate(n=Count("seq"), name=Max("name"))
    found = list(counted)
    called = dict(TrailName.objects.filter(pk__in={one[3] for one in found}).values_list("digest", "name"))
    rows = [(actor, called.get(name, ""), action, n) for actor, action, n, name in found]
    return sorted(rows, key=lambda one: (one[1], one[0], one[2]))


def called(key: str) -> list[str]:
    """Every name that the trail knows of the person with this key; none where they were erased."""
    return list(TrailName.objects.filter(actor=key).order_by("name").values_list("name", flat=True))


def names(entries: list[TrailEntry]) -> dict[str, str]:
    """What the people of these entries were called then, by the digest of the name; erased names are missing."""
    asked = {entry.name for entry in entries} - {""}
    return dict(TrailName.objects.filter(pk__in=asked).values_list("digest", "name"))


def _keys(person: str) -> set[str]:
    """Of everybody it may mean: by what they are called now, and by what they were called."""
    now = User.objects.filter(Q(username__iexact=person) | Q(last_name__icontains=person)).values_list("pk", flat=True)
    then = TrailName.objects.filter(name__icontains=person).values_list("actor", flat=True)
    return {str(key) for key in now} | set(then) | ({person} if person.isascii() and person.isdigit() else set())
