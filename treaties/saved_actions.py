"""The writes to saved searches. They are no part of the record: why they open no `change(…)`, see `SavedSearch`."""

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, User
from audit.refusals import Blocker, Conflict, Refused
from treaties import listing, queries
from treaties.models import SavedSearch
from treaties.saved import LONGEST, MOST_PARTS
from treaties.texts import clean, unfit

NAME_LIMIT = 100
# Searches of one person; more than anybody finds his way in.
MOST = 200


def save_search(*, actor: Person, name: str, query: str, is_shared: bool = False) -> SavedSearch:
    """Keep the search of the address `query` (what follows its question mark) under a name.

    The same search under the same name, sent twice, is kept once. Raises `Refused` with every problem.
    """
    owner = _signed_in(actor)
    name = _one_line(name)
    kept, blockers = _checked(owner, query)
    with transaction.atomic():
        blockers += _problems(owner, name, is_shared=is_shared)
        if twin := _twin(owner, name, kept, blockers, is_shared=is_shared):
            return twin
        if SavedSearch.objects.of(owner).count() >= MOST:
            sentence = _("You have %(most)d saved searches. Remove one first.") % {"most": MOST}
            blockers.append(Blocker("too_many", sentence))
        _refuse(blockers)
        now = timezone.now()
        row = SavedSearch(owner=owner, query=kept, created_at=now)
        return _write(row, name, is_shared=is_shared)


def change_search(*, actor: Person, search: SavedSearch, name: str, is_shared: bool, version: int) -> SavedSearch:
    """Give it another name, share it, or share it no longer. `version` is the one the person saw.

    The same form, sent twice, counts once. Raises `Refused` with every problem, `Conflict` when it was changed or
    removed meanwhile.
    """
    owner = _signed_in(actor)
    name = _one_line(name)
    with transaction.atomic():
        twin = SavedSearch.objects.of(owner).select_for_update().filter(pk=search.pk, version=version + 1).first()
        if twin is not None and (twin.name, twin.is_shared) == (name, is_shared):
            return twin
        row = _lock(owner, search, version)
        _refuse(_problems(owner, name, is_shared=is_shared, row=row))
        row.version += 1
        return _write(row, name, is_shared=is_shared)


def remove_search(*, actor: Person, search: SavedSearch, version: int) -> None:
    """Take it from every page. One that was never shared is gone; one that was stays on file, unseen.

    Raises `Conflict` when it was changed or removed meanwhile.
    """
    owner = _signed_in(actor)
    with transaction.atomic():
        row = _lock(owner, search, version)
        if row.shared_at is None:
            row.delete()
            return
        row.removed_at, row.is_shared = timezone.now(), False
        row.version += 1
        row.save()


def _signed_in(actor: Person) -> User:
    if not isinstance(actor, User) or not actor.is_active:
        raise Refused([Blocker("not_allowed", _("Log in to save searches."))])
    return actor


def _lock(owner: User, search: SavedSearch, version: int) -> SavedSearch:
    """The row, held until the end of the transaction. Only its owner changes it; for others it does not exist."""
    row = SavedSearch.objects.of(owner).select_for_update().filter(pk=search.pk).first()
    if row is None:
        raise Conflict(_("This search was removed meanwhile, for example in another window."))
    if row.version != version:
        raise Conflict(_told(row))
    return row


def _told(row: SavedSearch) -> object:
    sentence = (
        _("This search was changed in another window: it is called “%(name)s” now, and it is shared.")
        if row.is_shared
        else _("This search was changed in another window: it is called “%(name)s” now, and it is not shared.")
    )
    return sentence % {"name": row.name}


def _checked(owner: User, query: str) -> tuple[str, list[Blocker]]:
    """The search as it is kept, and what is wrong with it: it must be read without a mistake, and ask something."""
    if problem := unfit(query, limit=LONGEST):
        return "", [Blocker("text", problem, field="query")]
    # More parameters than a browser sends cannot stand in these characters and mean something.
    if query.count("&") > MOST_PARTS:
        return "", [Blocker("text", _("This search has too many parts to be kept."), field="query")]
    filterset = queries.found(owner, _without_empty(query))
    kept = listing.clean_query(filterset).urlencode()
    blockers = [
        Blocker("query", f"{filterset.form[name].label}: {mistake}", field="query")
        for name, mistakes in filterset.form.errors.items()
        for mistake in mistakes
    ]
    if not kept and not blockers:
        sentence = _("This search asks for everything. Choose words, a country or another filter first.")
        blockers.append(Blocker("query_empty", sentence, field="query"))
    if problem := unfit(kept, limit=LONGEST):
        blockers.append(Blocker("text", problem, field="query"))
    return kept, blockers


def _without_empty(query: str) -> QueryDict:
    """A form sends its empty fields too."""
    asked = QueryDict(query, mutable=True)
    for name, values in list(asked.lists()):
        asked.setlist(name, [value for value in values if value])
    return asked


def _problems(owner: User, name: str, *, is_shared: bool, row: SavedSearch | None = None) -> list[Blocker]:
    blockers = []
    if problem := unfit(name, limit=NAME_LIMIT, required=True):
        blockers.append(Blocker("text", problem, field="name"))
    elif SavedSearch.objects.of(owner).filter(name__iexact=clean(name)).exclude(pk=row.pk if row else 0).exists():
        blockers.append(_taken())
    if is_shared and not owner.may(Deed.READ_INTERNAL):
        sentence = _("Only who may see what is not public shares searches.")
        blockers.append(Blocker("not_shareable", sentence, field="is_shared"))
    return blockers


def _twin(owner: User, name: str, query: str, blockers: list[Blocker], *, is_shared: bool) -> SavedSearch | None:
    """The same search, on file already, where nothing else is wrong than that its name is taken: by itself."""
    if [blocker.code for blocker in blockers] != ["name_taken"]:
        return None
    return SavedSearch.objects.of(owner).filter(name=clean(name), query=query, is_shared=is_shared).first()


def _taken() -> Blocker:
    return Blocker("name_taken", _("You have a search of this name already. Choose another one."), field="name")


def _refuse(blockers: list[Blocker]) -> None:
    if blockers:
        raise Refused(blockers)


def _one_line(name: str) -> str:
    """White space, line ends included, as single spaces."""
    return " ".join(name.split())


def _write(row: SavedSearch, name: str, *, is_shared: bool) -> SavedSearch:
    """Raises `Refused` when another window of the same person took the name in the meantime."""
    row.name, row.is_shared, row.changed_at = clean(name), is_shared, timezone.now()
    if is_shared and row.shared_at is None:
        row.shared_at = row.changed_at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused([_taken()]) from error
    return row
