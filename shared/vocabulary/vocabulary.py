"""Vocabulary: codes that never change, with labels that may; `vocabulary(service)` makes a service's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
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

CATEGORY = "vocabulary"


@dataclass(frozen=True, slots=True)
class Term:
    """A term; a retired one stays readable."""

    label: str
    sort: int = 0
    retired: bool = False
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms by code; without a label the list is not defined."""

    label: str | None = None
    terms: Mapping[str, Term] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...] | None:
        """The codes for new facts in the order of the list; None when it is not defined: anything goes."""
        if self.label is None:
            return None
        live = [(t.sort, code) for code, t in self.terms.items() if not t.retired]
        return tuple(code for _, code in sorted(live))


def admitted(codes: tuple[str, ...] | None, code: str, pointer: str) -> None:
    """Refuse a code that is not for new facts. Raises Invalid that names those that are."""
    if codes is not None and code not in codes:
        raise Invalid(FieldError(pointer, f"is none of {', '.join(codes) or 'no terms at all'}"))


def _define(known: Vocabulary, command: DefineVocabulary) -> list[Any]:
    same = known.label == command.label
    return [] if same else [VocabularyDefined(command.vocabulary_id, command.label)]


def _add(known: Vocabulary, command: AddTerm) -> list[Any]:
    term = known.terms.get(command.code)
    if term is None:
        return [TermAdded(command.vocabulary_id, command.code, command.label, command.sort)]
    if term == Term(command.label, command.sort):
        return []
    raise Conflict(f"the code {command.code} is taken: codes never get another meaning")


def _relabel(known: Vocabulary, command: RelabelTerm) -> list[Any]:
    if _term(known, command.code).label == command.label:
        return []
    return [TermRelabelled(command.vocabulary_id, command.code, command.label)]


def _retire(known: Vocabulary, command: RetireTerm) -> list[Any]:
    if _term(known, command.code).retired:
        return []
    if command.replaced_by and (
        command.replaced_by == command.code or _term(known, command.replaced_by).retired
    ):
        raise Conflict(f"{command.replaced_by} is no term to use instead")
    return [TermRetired(command.vocabulary_id, command.code, command.replaced_by)]


def _term(known: Vocabulary, code: str) -> Term:
    if code not in known.terms:
        raise NotFound(f"there is no term {code}")
    return known.terms[code]


DECIDE: dict[type, Callable[[Vocabulary, Any], list[Any]]] = {
    DefineVocabulary: _define,
    AddTerm: _add,
    RelabelTerm: _relabel,
    RetireTerm: _retire,
}


def decide(known: Vocabulary, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if known.label is None and not isinstance(command, DefineVocabulary):
        raise NotFound(f"there is no vocabulary {command.vocabulary_id}")
    return DECIDE[type(command)](known, command)


def evolve(known: Vocabulary, event: Any) -> Vocabulary:
    """Return the vocabulary after the event."""
    match event:
        case VocabularyDefined(label=label):
            return replace(known, label=label)
        case TermAdded(code=code, label=label, sort=sort):
            term = Term(label, sort)
        case TermRelabelled(code=code, label=label):
            term = replace(known.terms.get(code, Term(label)), label=label)
        case _:
            code = event.code
            term = known.terms.get(code, Term(code))
            term = replace(term, retired=True, replaced_by=event.replaced_by)
    return replace(known, terms={**known.terms, code: term})


def summary(known: Vocabulary) -> Mapping[str, Any] | None:
    """Return the line of a vocabulary."""
    return {"label": known.label, "terms": len(known.codes or ())}


def vocabulary(service: str) -> Decider[Vocabulary]:
    """Return the vocabularies of a service; `POST /v1/vocabularies/<id>/define` and so on follow."""
    return Decider(
        category=CATEGORY,
        service=service,
        initial=Vocabulary(),
        decide=decide,
        evolve=evolve,
        events=(VocabularyDefined, TermAdded, TermRelabelled, TermRetired),
        commands={
            "define": DefineVocabulary,
            "add-term": AddTerm,
            "relabel-term": RelabelTerm,
            "retire-term": RetireTerm,
        },
        summary=summary,
    )
