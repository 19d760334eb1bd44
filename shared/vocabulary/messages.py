"""Commands and events of a vocabulary."""

from dataclasses import dataclass

from shared.values import Code, Id, Text, Whole


@dataclass(frozen=True, slots=True)
class VocabularyDefined:
    """There is a list of terms, or it is called otherwise now."""

    vocabulary_id: Id
    label: Text


@dataclass(frozen=True, slots=True)
class TermAdded:
    """The list has a term more. `sort` is its place; equal places go by code."""

    vocabulary_id: Id
    code: Code
    label: Text
    sort: Whole = 0


@dataclass(frozen=True, slots=True)
class TermRelabelled:
    """The term reads otherwise from now on; its code stays."""

    vocabulary_id: Id
    code: Code
    label: Text


@dataclass(frozen=True, slots=True)
class TermRetired:
    """The term is for old facts only."""

    vocabulary_id: Id
    code: Code
    replaced_by: Code | None = None


@dataclass(frozen=True, slots=True)
class DefineVocabulary:
    """Define a list of terms, or rename it."""

    vocabulary_id: Id
    label: Text


@dataclass(frozen=True, slots=True)
class AddTerm:
    """Add a term. A code is never used again, not even when it is retired."""

    vocabulary_id: Id
    code: Code
    label: Text
    sort: Whole = 0


@dataclass(frozen=True, slots=True)
class RelabelTerm:
    """Change how a term reads."""

    vocabulary_id: Id
    code: Code
    label: Text


@dataclass(frozen=True, slots=True)
class RetireTerm:
    """Keep a term from being used in new facts, and say which one to use instead."""

    vocabulary_id: Id
    code: Code
    replaced_by: Code | None = None
