"""The names under which changes may stand in the trail: no other name can be logged."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """One verb per user action. The label completes "<person> …"."""

    REFERENCE_LOAD = "reference.load", _("loaded the reference data")
    REFERENCE_EDIT = "reference.edit", _("changed the reference data")
    TREATY_REGISTER = "treaty.register", _("registered the treaty")
    TREATY_EDIT = "treaty.edit", _("changed the record")
    TREATY_RELATE = "treaty.relate", _("related the treaty to another")
    ACT_RECORD = "act.record", _("recorded an act")
    ACT_CORRECT = "act.correct", _("corrected an act")
    DOCUMENT_ADD = "document.add", _("added a document")
    DOSSIER_OPEN = "dossier.open", _("opened the dossier")
    DOSSIER_EDIT = "dossier.edit", _("changed the dossier")
    DOSSIER_REQUALIFY = "dossier.requalify", _("qualified the treaty otherwise")
    EVENT_RECORD = "event.record", _("recorded what happened")
    EVENT_CORRECT = "event.correct", _("corrected what was recorded")
    CONSENT_ASK = "consent.ask", _("asked for the consent of the Government of Flanders")
    CONSENT_DECIDE = "consent.decide", _("recorded the decision of the Government of Flanders")
    CONSENT_WITHDRAW = "consent.withdraw", _("withdrew the request for consent")
    UPKEEP = "upkeep", _("recomputed what is derived")
