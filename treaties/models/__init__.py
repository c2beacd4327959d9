"""The record: what an instrument is, who is party, what was done and when."""

from treaties.models.act import Act
from treaties.models.clause import ForceClause
from treaties.models.declaration import Declaration
from treaties.models.document import Document
from treaties.models.document_text import DocumentText
from treaties.models.publishing import PublicationDecision, PublicationOutcome, PublicationRequest
from treaties.models.reference import Party, PartyName, Theme
from treaties.models.saved import SavedSearch
from treaties.models.search import FacetChange, FacetCount, ListCard, SearchDocument, visible_access
from treaties.models.treaty import Identifier, Relation, Title, Treaty, TreatyParty, TreatyTheme
from treaties.models.words import KnownWord, SynonymGroup

__all__ = [
    "Act",
    "Declaration",
    "Document",
    "DocumentText",
    "FacetChange",
    "FacetCount",
    "ForceClause",
    "Identifier",
    "KnownWord",
    "ListCard",
    "Party",
    "PartyName",
    "PublicationDecision",
    "PublicationOutcome",
    "PublicationRequest",
    "Relation",
    "SavedSearch",
    "SearchDocument",
    "SynonymGroup",
    "Theme",
    "Title",
    "Treaty",
    "TreatyParty",
    "TreatyTheme",
    "visible_access",
]
