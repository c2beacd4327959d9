"""Opening a change: the one way to write to a record that is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from audit import trail
from audit.choices import Action
from audit.context import Open, _current, open_change
from audit.idempotency import fingerprint, sent_otherwise
from audit.models import Change
from audit.refusals import AlreadyDone
from audit.requests import request


@contextmanager
def change(actor: User, *, action: Action, reason: str, submission: UUID | None = None) -> Iterator[Change]:
    """One action of `actor`, in one transaction; all history rows made inside point at it,
    and one entry of the trail commits to them.

    An action that calls another one stays one change: the outer one counts.
    Raises `ValueError` without an actor or a reason, `AlreadyDone` when `submission` came before.
    """
    if (outer := open_change()) is not None:
        yield outer
        return
    if not isinstance(actor, User) or not reason.strip():
        raise ValueError("A change needs an actor and a reason.")
    with transaction.atomic():
        row = _write(actor, Action(action), reason.strip(), submission)
        now = Open(row)
        token = _current.set(now)
        try:
            yield row
            while now.last_things:
                now.last_things.pop(next(iter(now.last_things)))()
            # The very last: from here to the commit nobody else can add to the chain.
            trail.seal(row)
        finally:
            _current.reset(token)


def _write(actor: User, action: Action, reason: str, submission: UUID | None) -> Change:
    asked = request() if submission else None
    row = Change(
        actor=actor,
        actor_name=actor.name,
        role=actor.role,
        action=action,
        reason=reason,
        submission=submission,
        sent=fingerprint(asked) if asked else "",
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if submission and Change.objects.filter(submission=submission).exists():
            raise AlreadyDone(otherwise=sent_otherwise(submission)) from error
        raise
    return row
