"""The protocol or amending agreement of an exclusive treaty.

A treaty of its own, with its own assent and its own numbers, and the steps of an exclusive treaty. It is linked to the
treaty it changes before it is negotiated: what the parent is decides whose competence the change touches.
"""

from dataclasses import replace

from treaties.choices import RelationKind
from workflow.procedures import law
from workflow.procedures.exclusive import EXCLUSIVE
from workflow.procedures.information import SUSPENSION
from workflow.procedures.language import Need, Procedure, Step, Text
from workflow.procedures.moves import PAUSE
from workflow.procedures.opening import MANDATE, NEED_PARENT


def with_needs(step: Step, *needs: Need) -> Step:
    """The same step, which waits for `needs` too."""
    return replace(step, needs=(*step.needs, *needs))


AMENDMENT = Procedure(
    code="amendment",
    version=1,
    label=Text("Protocol of wijziging van een exclusief verdrag", "Protocol to or amendment of an exclusive treaty"),
    help=Text(
        "Een eigen verdrag dat een bestaand verdrag wijzigt of aanvult; leg het verband vast voor het mandaat.",
        "A treaty of its own that amends or supplements an existing one; record the link before the mandate.",
    ),
    law=law.CONSTITUTION_167_3,
    suspension=SUSPENSION,
    pause=PAUSE,
    parents=(RelationKind.AMENDS, RelationKind.PROTOCOL_TO),
    steps=tuple(with_needs(step, NEED_PARENT) if step is MANDATE else step for step in EXCLUSIVE.steps),
)
