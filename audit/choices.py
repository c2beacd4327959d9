"""The names under which changes may stand in the trail: no other name can be logged."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """One verb per user action. The label completes "<person> …"."""

    REFERENCE_LOAD = "reference.load", _("loaded the reference data")
    REFERENCE_EDIT = "reference.edit", _("changed the reference data")
    TREATY_REGISTER = "treaty.register", _("registered the treaty")
    TREATY_EDIT = "treaty.edit", _("changed the record")
    TREATY_BULK_EDIT = "treaty.bulk_edit", _("changed several records at once")
    TREATY_PARTIES = "treaty.parties", _("changed the parties")
    NUMBER_EDIT = "number.edit", _("changed the numbers")
    TREATY_RELATE = "treaty.relate", _("related the treaty to another")
    ACT_RECORD = "act.record", _("recorded an act")
    ACT_CORRECT = "act.correct", _("corrected an act")
    DECLARATION_RECORD = "declaration.record", _("recorded a reservation, declaration or objection")
    DECLARATION_CORRECT = "declaration.correct", _("corrected a reservation, declaration or objection")
    DOCUMENT_ADD = "document.add", _("added a document")
    DOCUMENT_EDIT = "document.edit", _("changed what is said of a document")
    DOSSIER_OPEN = "dossier.open", _("opened the dossier")
    DOSSIER_EDIT = "dossier.edit", _("changed the dossier")
    DOSSIER_REQUALIFY = "dossier.requalify", _("qualified the treaty otherwise")
    EVENT_RECORD = "event.record", _("recorded what happened")
    EVENT_CORRECT = "event.correct", _("corrected what was recorded")
    CONSENT_ASK = "consent.ask", _("asked for the consent of the Government of Flanders")
    CONSENT_DECIDE = "consent.decide", _("recorded the decision of the Government of Flanders")
    DELEGATION = "delegation.change", _("changed who acts for somebody absent")
    CONSENT_WITHDRAW = "consent.withdraw", _("withdrew the request for consent")
    PUBLICATION_ASK = "publication.ask", _("asked to make the record public")
    PUBLICATION_DECIDE = "publication.decide", _("decided on making the record public")
    PUBLICATION_STOP = "publication.stop", _("stopped a publication that was planned")
    PUBLICATION_RELEASE = "publication.release", _("made public what was due")
    PUBLICATION_WITHDRAW = "publication.withdraw", _("took the record out of the public part")
    EVENT_RELEASE = "event.release", _("ended an embargo")
    IMPORT_STAGE = "import.stage", _("brought a file to import")
    IMPORT_CONFIRM = "import.confirm", _("imported a file")
    IMPORT_UNDO = "import.undo", _("took an import back")
    REGISTER_RESTORE = "register.restore", _("filled the register from an export")
    UPKEEP = "upkeep", _("recomputed what is derived")


class Mark(TextChoices):
    """What leaves an entry in the trail and is no change of a record. The label completes "<person> …"."""

    BEGIN = "trail.begin", _("began the trail")
    ANCHOR = "trail.anchor", _("anchored a day of the trail")
    ERASE = "trail.erase", _("erased a name from the trail")
    LOGIN = "login", _("signed in")
    LOGOUT = "logout", _("signed out")
    LOGIN_FAILED = "login.failed", _("could not sign in")
    PERMISSION = "permission.change", _("changed what somebody may do")
    DOWNLOAD = "download", _("took a paper that is not public")
    EXPORT = "export", _("took data out of the register")
    QUARANTINE = "upload.quarantine", _("sent a file in which the virus scanner found something")
