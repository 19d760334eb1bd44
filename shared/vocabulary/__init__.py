"""Vocabularies: the terms a drop-down list offers, kept as history, the same in every service."""

from shared.vocabulary.messages import (
    AddTerm,
    DefineVocabulary,
    RelabelTerm,
    RetireTerm,
    TermAdded,
    TermRelabelled,
    TermRetired,
    VocabularyDefined,
)
from shared.vocabulary.vocabulary import CATEGORY, Term, Vocabulary, admitted, vocabulary

__all__ = [
    "CATEGORY",
    "AddTerm",
    "DefineVocabulary",
    "RelabelTerm",
    "RetireTerm",
    "Term",
    "TermAdded",
    "TermRelabelled",
    "TermRetired",
    "Vocabulary",
    "VocabularyDefined",
    "admitted",
    "vocabulary",
]
