"""The only writes to the record. One function per verb: lock → check → do → record."""

from treaties.actions.acts import ActEntry, correct_act, record_act, retract_act, save_acts
from treaties.actions.basics import Basics, TitleEntry, save_basics
from treaties.actions.common import changed, lock, require, stated
from treaties.actions.declarations import (
    DeclarationEntry,
    correct_declaration,
    record_declaration,
    retract_declaration,
    save_declarations,
    withdraw_declaration,
)
from treaties.actions.documents import DocumentEntry, add_document, describe_document, describe_documents
from treaties.actions.numbers import Number, add_number, save_numbers
from treaties.actions.parties import PartyEntry, save_parties
from treaties.actions.record import Record, TitleText, columns_of, edit_treaty, qualify, register_treaty
from treaties.actions.relations import RelationEntry, relate, save_relations

__all__ = [
    "ActEntry",
    "Basics",
    "DeclarationEntry",
    "DocumentEntry",
    "Number",
    "PartyEntry",
    "Record",
    "RelationEntry",
    "TitleEntry",
    "TitleText",
    "add_document",
    "add_number",
    "changed",
    "columns_of",
    "correct_act",
    "correct_declaration",
    "describe_document",
    "describe_documents",
    "edit_treaty",
    "lock",
    "qualify",
    "record_act",
    "record_declaration",
    "register_treaty",
    "relate",
    "require",
    "retract_act",
    "retract_declaration",
    "save_acts",
    "save_basics",
    "save_declarations",
    "save_numbers",
    "save_parties",
    "save_relations",
    "stated",
    "withdraw_declaration",
]
