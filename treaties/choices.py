"""The words of the record. Codes are stable and English; labels are for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Access as Access  # noqa: PLC0414 (a word of the record, defined with who reads it)


class Kind(TextChoices):
    """What the instrument is. An MoU is not a treaty: it binds politically, not in law."""

    TREATY = "treaty", _("treaty")
    AGREEMENT = "agreement", _("agreement")
    CONVENTION = "convention", _("convention")
    PROTOCOL = "protocol", _("protocol")
    AMENDMENT = "amendment", _("amending agreement")
    EXCHANGE_OF_LETTERS = "exchange_of_letters", _("exchange of letters")
    MOU = "mou", _("memorandum of understanding")
    PROGRAMME = "programme", _("work programme")


# Instruments without legal commitments.
NOT_TREATIES = frozenset({Kind.MOU, Kind.PROGRAMME})


class Qualification(TextChoices):
    """Whose competence the instrument touches (Constitution art. 167; BWHI art. 81)."""

    UNDETERMINED = "undetermined", _("not yet determined")
    EXCLUSIVE_COMMUNITY = "exclusive_community", _("exclusive: Flemish Community")
    EXCLUSIVE_REGION = "exclusive_region", _("exclusive: Flemish Region")
    EXCLUSIVE_BOTH = "exclusive_both", _("exclusive: Flemish Community and Flemish Region")
    MIXED = "mixed", _("mixed")
    EU_MIXED = "eu_mixed", _("EU mixed agreement")


class Precision(TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    UNKNOWN = "unknown", _("unknown")


class PartyKind(TextChoices):
    STATE = "state", _("state")
    TERRITORY = "territory", _("territory")
    FORMER_STATE = "former_state", _("former state")
    REGION = "region", _("region")
    ORGANISATION = "organisation", _("international organisation")
    BELGIAN_ENTITY = "belgian_entity", _("Belgian entity")


# Of a party, in the order people expect.
CONTINENT_NAMES = {
    "europe": _("Europe"),
    "africa": _("Africa"),
    "america": _("America"),
    "asia": _("Asia"),
    "oceania": _("Oceania"),
    "antarctica": _("Antarctica"),
}


class TitleKind(TextChoices):
    OFFICIAL = "official", _("official title")
    TRANSLATION = "translation", _("translated title")
    SHORT = "short", _("short name")


class Language(TextChoices):
    """ISO 639-1 codes of the languages titles and documents are in."""

    NL = "nl", _("Dutch")
    EN = "en", _("English")
    FR = "fr", _("French")
    DE = "de", _("German")
    ES = "es", _("Spanish")
    IT = "it", _("Italian")
    PT = "pt", _("Portuguese")
    OTHER = "und", _("another language")


class NameKind(TextChoices):
    """What kind of name a party has or had."""

    COMMON = "common", _("common name")
    OFFICIAL = "official", _("official name")
    ABBREVIATION = "abbreviation", _("abbreviation")
    ADJECTIVE = "adjective", _("adjective")


class ActKind(TextChoices):
    """A dated fact of treaty law or publication (Vienna Convention on the Law of Treaties, parts II and V)."""

    NEGOTIATION_OPENED = "negotiation_opened", _("negotiations opened")
    TEXT_AGREED = "text_agreed", _("text agreed")
    ADOPTION = "adoption", _("adoption of the text")
    AUTHENTICATION = "authentication", _("authentication of the text")
    OPENED_FOR_SIGNATURE = "opened_for_signature", _("opening for signature")
    SIGNATURE = "signature", _("signature")
    ASSENT = "assent", _("assent of a parliament")
    DECREE = "decree", _("sanction and promulgation of the decree")
    DECREE_PUBLICATION = "decree_publication", _("publication of the decree")
    RATIFICATION = "ratification", _("ratification")
    ACCEPTANCE = "acceptance", pgettext_lazy("consent to be bound", "acceptance")
    APPROVAL = "approval", pgettext_lazy("consent to be bound", "approval")
    ACCESSION = "accession", _("accession")
    SUCCESSION = "succession", _("succession")
    NOTIFICATION = "notification", _("notification")
    DEPOSIT = "deposit", _("deposit of the instrument")
    PROVISIONAL_APPLICATION = "provisional_application", _("provisional application")
    PROVISIONAL_END = "provisional_end", _("end of provisional application")
    ENTRY_INTO_FORCE = "entry_into_force", _("entry into force")
    EFFECT = "effect", pgettext_lazy("of an MoU", "coming into effect")
    TEXT_PUBLICATION = "text_publication", _("publication of the text")
    NOTICE_PUBLICATION = "notice_publication", _("publication of a notice")
    RENEWAL = "renewal", _("tacit renewal")
    SUSPENSION = "suspension", _("suspension")
    SUSPENSION_END = "suspension_end", _("end of the suspension")
    DENUNCIATION = "denunciation", _("notice of denunciation")
    EXPIRY = "expiry", _("expiry")
    REPLACEMENT = "replacement", _("replacement by another treaty")
    END = "end", _("end")


# Acts of an instrument whose text is not settled yet.
PREPARATORY = frozenset({ActKind.NEGOTIATION_OPENED, ActKind.TEXT_AGREED})
# Instruments by which one party consents to be bound (art. 11, 14, 15 of the Vienna Convention; succession: 1978).
CONSENTS_TO_BE_BOUND = frozenset(
    {ActKind.RATIFICATION, ActKind.ACCEPTANCE, ActKind.APPROVAL, ActKind.ACCESSION, ActKind.SUCCESSION}
)
# By which it ends, on the act's own date. A denunciation ends it on its effect date only.
ENDINGS = frozenset({ActKind.EXPIRY, ActKind.REPLACEMENT, ActKind.END})
PUBLICATIONS = (ActKind.DECREE_PUBLICATION, ActKind.TEXT_PUBLICATION, ActKind.NOTICE_PUBLICATION)


class SignatureManner(TextChoices):
    """What a signature does (Vienna Convention, art. 10, 12 and 14)."""

    DEFINITIVE = "definitive", _("definitive signature")
    SIMPLE = "simple", _("signature subject to ratification, acceptance or approval")
    AD_REFERENDUM = "ad_referendum", _("signature ad referendum")


class FullPowers(TextChoices):
    """On what the signatory could act (Vienna Convention, art. 7 and 8)."""

    PRODUCED = "produced", _("full powers were produced")
    NOT_REQUIRED = "not_required", _("full powers were not required")
    CONFIRMED_AFTERWARDS = "confirmed_afterwards", _("confirmed afterwards")


class DeclarationKind(TextChoices):
    """What a party states beside its consent (Vienna Convention, art. 2 §1 (d), 19–23)."""

    RESERVATION = "reservation", _("reservation")
    DECLARATION = "declaration", _("declaration")
    OBJECTION = "objection", _("objection")


class ForceRule(TextChoices):
    """By what the clause of a treaty makes it enter into force (Vienna Convention, art. 24)."""

    MONTH_AFTER_NOTIFICATIONS = (
        "month_after_notifications",
        _("first day of the n-th month after the last notification"),
    )
    DAYS_AFTER_NOTIFICATIONS = "days_after_notifications", _("n days after the last notification or exchange")
    AFTER_RATIFICATIONS = "after_ratifications", _("n days or months after the n-th ratification")
    MONTH_AFTER_RATIFICATIONS = (
        "month_after_ratifications",
        _("first day of the n-th month after the n-th ratification"),
    )
    ON_SIGNATURE = "on_signature", _("on signature")
    FIXED_DATE = "fixed_date", _("on a fixed day")


# The numbers each rule asks for. After the n-th ratification it is days or months, not both.
RULE_NUMBERS: dict[ForceRule, frozenset[str]] = {
    ForceRule.MONTH_AFTER_NOTIFICATIONS: frozenset({"months"}),
    ForceRule.DAYS_AFTER_NOTIFICATIONS: frozenset({"days"}),
    ForceRule.AFTER_RATIFICATIONS: frozenset({"count", "days", "months"}),
    ForceRule.MONTH_AFTER_RATIFICATIONS: frozenset({"count", "months"}),
    ForceRule.ON_SIGNATURE: frozenset(),
    ForceRule.FIXED_DATE: frozenset({"on"}),
}


class Status(TextChoices):
    """Derived from the dated acts, never typed in."""

    IN_PREPARATION = "in_preparation", _("in preparation")
    SIGNED = "signed", _("signed")
    PROVISIONAL = "provisional", _("provisionally applied")
    IN_FORCE = "in_force", _("in force")
    IN_EFFECT = "in_effect", pgettext_lazy("of an MoU", "in effect")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("no longer in force")
    # Something was done to it after its text was settled, and no dated act says how it stands.
    UNKNOWN = "unknown", _("not known")


class Stage(TextChoices):
    """Where the procedure stands: the six stages of the Government's own list, then treaty law."""

    NEGOTIATION = "negotiation", _("negotiation")
    SIGNING = "signing", _("signing")
    ADVICE = "advice", _("advisory bodies")
    COUNCIL_OF_STATE = "council_of_state", _("Council of State")
    ASSENT = "assent", _("parliamentary assent")
    PROMULGATION = "promulgation", _("promulgation")
    ENTRY_INTO_FORCE = "entry_into_force", _("ratification and entry into force")
    DONE = "done", _("completed")


class Actor(TextChoices):
    """Who has to act before a step can happen."""

    DEPARTMENT = "department", _("the department")
    MINISTER = "minister", _("the Flemish minister for Foreign Policy")
    GOVERNMENT = "government", _("the Government of Flanders")
    NEGOTIATORS = "negotiators", _("the negotiators")
    COUNCILS = "councils", _("the advisory councils")
    COUNCIL_OF_STATE = "council_of_state", _("the Council of State")
    PARLIAMENT = "parliament", _("the Flemish Parliament")
    GAZETTE = "gazette", _("the Belgian Official Gazette")
    ENTITIES = "entities", _("the other Belgian entities")
    FEDERAL = "federal", _("the federal government")
    WORKING_GROUP = "working_group", _("the Working Group on Mixed Treaties")
    CONFERENCE = "conference", _("the Interministerial Conference for Foreign Policy")
    KING = "king", _("the King")
    PARTNER = "partner", _("the other party")


class Scheme(TextChoices):
    """Where an identifier comes from."""

    FDFA = "fdfa", _("dossier number of the department")
    REGISTER = "register", _("number in an older register")
    NUMAC = "numac", _("NUMAC number")
    STAATSBLAD = "staatsblad", _("page of the Belgian Official Gazette")
    PARLIAMENT = "parliament", _("parliamentary document")
    VR_DOC = "vr_doc", _("document of the Government of Flanders")
    COUNCIL_OF_STATE = "council_of_state", _("advice of the Council of State")
    TREATY_SERIES_NL = "trb", _("Tractatenblad")
    CETS = "cets", _("Council of Europe Treaty Series")
    UNTS = "unts", _("United Nations Treaty Series")
    MTDSG = "mtdsg", _("chapter of the UN Secretary-General's depositary list")
    CN = "cn", _("depositary notification of the United Nations")
    CELEX = "celex", _("CELEX number")
    OJ = "oj", _("Official Journal of the European Union")
    ELI = "eli", _("ELI")
    OTHER = "other", _("other number")


# Schemes that give a number to one instrument only.
UNIQUE_SCHEMES = frozenset({Scheme.FDFA, Scheme.REGISTER, Scheme.CETS, Scheme.UNTS, Scheme.MTDSG})


class RelationKind(TextChoices):
    """Read from the first treaty to the second: "A amends B"."""

    AMENDS = "amends", _("amends")
    PROTOCOL_TO = "protocol_to", _("is a protocol to")
    IMPLEMENTS = "implements", _("implements")
    UNDER = "under", _("is concluded under")
    SUPPLEMENTS = "supplements", _("supplements")
    REPLACES = "replaces", _("replaces")
    TERMINATES = "terminates", _("terminates")
    SUSPENDS = "suspends", _("suspends")
    CONSOLIDATES = "consolidates", _("consolidates")
    DERIVED_FROM = "derived_from", _("is derived from")
    EU_SIGNING = "eu_signing", _("is signed for the European Union by the decision")
    EU_CONCLUSION = "eu_conclusion", _("is concluded for the European Union by the decision")
    PRECEDED_BY = "preceded_by", _("was prepared by")
    PACKAGE = "package", _("belongs to one package with")


# The same relation read the other way round.
INVERSE = {
    RelationKind.AMENDS: _("is amended by"),
    RelationKind.PROTOCOL_TO: _("has the protocol"),
    RelationKind.IMPLEMENTS: _("is implemented by"),
    RelationKind.UNDER: _("is the basis of"),
    RelationKind.SUPPLEMENTS: _("is supplemented by"),
    RelationKind.REPLACES: _("is replaced by"),
    RelationKind.TERMINATES: _("is terminated by"),
    RelationKind.SUSPENDS: _("is suspended by"),
    RelationKind.CONSOLIDATES: _("is consolidated in"),
    RelationKind.DERIVED_FROM: _("is the source of"),
    RelationKind.EU_SIGNING: _("is the decision on the signing of"),
    RelationKind.EU_CONCLUSION: _("is the decision on the conclusion of"),
    RelationKind.PRECEDED_BY: _("prepared"),
    RelationKind.PACKAGE: _("belongs to one package with"),
}


class TextStanding(TextChoices):
    """What a text is worth in law (Vienna Convention, art. 10 and 33)."""

    AUTHENTIC = "authentic", _("authentic text")
    OFFICIAL_TRANSLATION = "official_translation", _("official translation")
    COURTESY_TRANSLATION = "courtesy_translation", _("courtesy translation")


class DocumentKind(TextChoices):
    """Papers of a treaty file, after the document types of the Chancellery."""

    SIGNED_TEXT = "signed_text", _("signed text")
    TREATY_TEXT = "treaty_text", _("text of the instrument")
    TRANSLATION = "translation", _("translation")
    MEMORANDUM = "memorandum", _("memorandum to the Government of Flanders")
    FULL_POWERS = "full_powers", _("full powers")
    PRELIMINARY_DRAFT = "preliminary_draft", _("preliminary draft decree")
    EXPLANATORY_MEMORANDUM = "explanatory_memorandum", _("explanatory memorandum")
    FINANCE_ADVICE = "finance_advice", _("advice of the Inspectorate of Finance")
    COUNCIL_ADVICE = "council_advice", _("advice of an advisory council")
    COUNCIL_OF_STATE_ADVICE = "council_of_state_advice", _("advice of the Council of State")
    DRAFT_DECREE = "draft_decree", _("draft decree")
    ADOPTED_TEXT = "adopted_text", _("text adopted in plenary")
    DECREE = "decree", _("decree of assent")
    LETTER = "letter", _("letter")
    RATIFICATION_ORDER = "ratification_order", _("draft order on ratification")
    OTHER = "other", _("other document")


# On a version of which paper another one is given: a newer version with another content leaves it out of date.
GIVEN_ON: dict[DocumentKind, DocumentKind] = {
    DocumentKind.FINANCE_ADVICE: DocumentKind.PRELIMINARY_DRAFT,
    DocumentKind.COUNCIL_ADVICE: DocumentKind.PRELIMINARY_DRAFT,
    DocumentKind.COUNCIL_OF_STATE_ADVICE: DocumentKind.PRELIMINARY_DRAFT,
    DocumentKind.TRANSLATION: DocumentKind.TREATY_TEXT,
}


class PublicationVerdict(TextChoices):
    """What came of asking to make a record public."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn by who asked")


class TextStatus(TextChoices):
    """What came of reading the text of a document for the search."""

    READ = "read", _("read")
    NO_TEXT = "no_text", _("no text in it")
    TOO_LARGE = "too_large", _("too large")
    DAMAGED = "damaged", _("damaged")
    ENCRYPTED = "encrypted", _("locked with a password")
    TIMED_OUT = "timed_out", _("took too long")
    UNKNOWN_KIND = "unknown_kind", _("not a kind of file that is read")
    MISSING = "missing", _("file not found")
