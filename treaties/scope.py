"""Where the decrees on a treaty have effect: that of the Community or of the Region, or both.

Constitution, articles 127, § 2, 128, § 2 and 129, § 2: those of the Flemish Community in the Dutch language area, and
in Brussels for the institutions that belong to it. Special Act on Institutional Reform, art. 19, § 3: those of the
Region in its territory.
"""

from django.utils.translation import gettext_lazy as _

from treaties.choices import Qualification

_COMMUNITY = _(
    "as a matter of the Community: the Dutch language area, and in Brussels the institutions of the Community"
)
_REGION = _("as a matter of the Region: the territory of the Flemish Region; not the Brussels-Capital Region")


class Scope:
    """One or two sentences, said in the reader's language."""

    def __init__(self, *parts: object) -> None:
        self.parts = parts

    def __str__(self) -> str:
        return "; ".join(str(part) for part in self.parts)


_SCOPES = {
    Qualification.EXCLUSIVE_COMMUNITY: Scope(_COMMUNITY),
    Qualification.EXCLUSIVE_REGION: Scope(_REGION),
    Qualification.EXCLUSIVE_BOTH: Scope(_COMMUNITY, _REGION),
}


def scope(qualification: str) -> Scope | None:
    """Where Flanders is bound by a treaty of its own; None where others decide it with her, or it is not known."""
    return _SCOPES.get(Qualification(qualification))
