"""Forms of the record. They read types from what was typed; what may be written is judged by the actions."""

from treaties.forms.acts import ActsForm, DeclarationsForm
from treaties.forms.base import (
    FILE_NOT_KEPT,
    ActionForm,
    Choices,
    CodesField,
    Judged,
    JudgedChoice,
    JudgedDate,
    JudgedText,
    choice,
    labelled,
    moment,
    offer,
    offer_levels,
    text,
)
from treaties.forms.basics import BasicsForm
from treaties.forms.links import DocumentsForm, NumbersForm, PartiesForm, RelationsForm
from treaties.forms.pages import Meanwhile, RowsForm
from treaties.forms.papers import DocumentForm, FileMixin
from treaties.forms.publishing import AskPublicationForm, DecidePublicationForm, ReasonForm
from treaties.forms.treaty import (
    TITLE_LANGUAGES,
    AboutForm,
    PartySelect,
    TreatyForm,
    party_options,
    theme_options,
)

__all__ = [
    "FILE_NOT_KEPT",
    "TITLE_LANGUAGES",
    "AboutForm",
    "ActionForm",
    "ActsForm",
    "AskPublicationForm",
    "BasicsForm",
    "Choices",
    "CodesField",
    "DecidePublicationForm",
    "DeclarationsForm",
    "DocumentForm",
    "DocumentsForm",
    "FileMixin",
    "Judged",
    "JudgedChoice",
    "JudgedDate",
    "JudgedText",
    "Meanwhile",
    "NumbersForm",
    "PartiesForm",
    "PartySelect",
    "ReasonForm",
    "RelationsForm",
    "RowsForm",
    "TreatyForm",
    "choice",
    "labelled",
    "moment",
    "offer",
    "offer_levels",
    "party_options",
    "text",
    "theme_options",
]
