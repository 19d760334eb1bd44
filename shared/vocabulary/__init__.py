"""Vocabularies: the terms a drop-down list offers, kept as history, the same in every service."""

from shared.vocabulary.vocabulary import (
    CATEGORY,
    AddTerm,
    DefineVocabulary,
    RelabelTerm,
    RetireTerm,
    Term,
    TermAdded,
    TermRelabelled,
    TermRetired,
    Vocabulary,
    VocabularyDefined,
    admitted,
    vocabulary,
)

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
