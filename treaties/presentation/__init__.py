"""The page of one treaty: what its record adds up to, in sentences, facts and tables. Plain data, no rules."""

from treaties.presentation.page import TreatyView, view
from treaties.presentation.words import status_label

__all__ = ["TreatyView", "status_label", "view"]
