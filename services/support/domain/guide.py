"""Guide: a tree of questions that leads to an answer, published in versions; retired at the end."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id, Length, Positive, Text

Title = Annotated[str, Length(1, 200)]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, and where it leads: to another question, or to an outcome."""

    answer: Code
    leads_to: Code | None = None
    outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the answers it has."""

    question: Code
    text: Text
    choices: Annotated[tuple[Choice, ...], Length(1, 50)]


Tree = Annotated[tuple[Question, ...], Length(1, 200)]


@dataclass(frozen=True, slots=True)
class PublishGuide:
    """Publish the guide, or its next version; it begins with the first question."""

    guide_id: Id
    title: Title
    tree: Tree
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class RetireGuide:
    """Begin the guide no more."""

    guide_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class GuidePublished:
    """The guide as it is begun from now on; who is in the middle goes on with the version begun."""

    guide_id: Id
    version: Positive
    title: Title
    tree: Tree
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class GuideRetired:
    """It is begun no more."""

    guide_id: Id
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Guide:
    """The version in force."""

    published: GuidePublished | None = None
    retired: bool = False


def decide(guide: Guide, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PublishGuide):
        return _publish(guide, command)
    if guide.published is None:
        raise NotFound(f"guide {command.guide_id} is not known")
    return [] if guide.retired else [GuideRetired(command.guide_id, command.at)]


def _publish(guide: Guide, command: PublishGuide) -> list[Any]:
    if guide.retired:
        raise Conflict(f"guide {command.guide_id} is retired")
    if errors := _wrong(command.tree):
        raise Invalid(*errors)
    version = guide.published.version if guide.published else 0
    told = (command.title, command.tree, command.category)
    published = GuidePublished(command.guide_id, version + 1, *told)
    return [] if guide.published == replace(published, version=max(1, version)) else [published]


def _wrong(tree: tuple[Question, ...]) -> list[FieldError]:
    """Questions come once and lead onwards, so every way through the tree ends."""
    names = [q.question for q in tree]
    wrong = [FieldError(f"/tree/{i}", "is asked twice") for i, n in enumerate(names) if n in names[:i]]
    for i, question in enumerate(tree):
        for j, choice in enumerate(question.choices):
            if reason := _wrong_choice(choice, names[i + 1 :]):
                wrong.append(FieldError(f"/tree/{i}/choices/{j}", reason))
    return wrong


def _wrong_choice(choice: Choice, later: list[str]) -> str | None:
    if (choice.leads_to is None) == (choice.outcome is None):
        return "needs either a question it leads to or an outcome"
    if choice.leads_to is not None and choice.leads_to not in later:
        return "leads to no later question"
    return None


def evolve(guide: Guide, event: Any) -> Guide:
    """Return the guide after the event."""
    return Guide(event) if isinstance(event, GuidePublished) else replace(guide, retired=True)


def summary(guide: Guide) -> dict[str, Any] | None:
    """Return the line in lists."""
    known = guide.published
    if known is None:
        return None
    status = "retired" if guide.retired else "published"
    told = {"title": known.title, "category": known.category, "asks": known.tree[0].text}
    return {"status": status, **told, "revision": known.version}


GUIDE = Decider(
    category="guide",
    service="support",
    initial=Guide(),
    decide=decide,
    evolve=evolve,
    events=(GuidePublished, GuideRetired),
    commands={"publish": PublishGuide, "retire": RetireGuide},
    opens=(PublishGuide,),
    summary=summary,
    filters=("status", "category"),
)
