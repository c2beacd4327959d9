"""A process of its own that records decisions, made to be killed in the middle of one. Run by `test_proofs`.

    python -m tests.workflow.decider DATABASE

Reads lines `approval person name` (keys, and a name for its connection). For each it forks a process with a
connection of its own, that writes `pid`, decides, and writes `ack` with the key of the decision once the action has
returned. The next line, `reap`, lets go of that process: until then its number is nobody else's, so that it can be
killed by it. When it has ended, in whatever way, `end` with its status follows.
"""

import os
import sys
from datetime import date

import django


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main(database: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection

    from accounts.models import User
    from workflow.actions import decide_consent
    from workflow.models import Approval

    connection.settings_dict["NAME"] = database

    def decide(approval: int, person: int) -> None:
        connection.ensure_connection()
        request, actor = Approval.objects.select_related("dossier").get(pk=approval), User.objects.get(pk=person)
        say("pid", os.getpid())
        decision = decide_consent(
            actor=actor, approval=request, outcome="postponed", decided_on=date(2024, 2, 1), reason="later"
        )
        say("ack", decision.pk)

    while line := sys.stdin.readline():
        approval, person, name = line.split()
        child = os.fork()
        if child == 0:
            os.environ["PGAPPNAME"] = name
            try:
                decide(int(approval), int(person))
                # As abrupt as the kill: nothing is tidied up.
                os._exit(0)
            finally:
                os._exit(1)
        sys.stdin.readline()
        say("end", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(sys.argv[1])
