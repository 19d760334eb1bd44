"""Template: the words of a message, in versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from services.campaigns.domain.rendering import Unrenderable, sample
from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Id, Length, Matching, Positive

Sender = Annotated[str, Length(3, 254), Matching(r"^[^@\s<>]+@[^@\s<>]+$", "needs to be an e-mail address")]
Subject = Annotated[str, Length(1, 500)]
Body = Annotated[str, Length(1, 100_000)]


@dataclass(frozen=True, slots=True)
class DefineTemplate:
    """Write a template, or its next version; it has to render for a person everything is known of."""

    template_id: Id
    sender: Sender
    subject: Subject
    text: Body
    html: Body | None = None


@dataclass(frozen=True, slots=True)
class RetireTemplate:
    """Use the template in no new campaign."""

    template_id: Id


@dataclass(frozen=True, slots=True)
class TemplateDefined:
    """A version of the template."""

    template_id: Id
    version: Positive
    sender: Sender
    subject: Subject
    text: Body
    html: Body | None = None


@dataclass(frozen=True, slots=True)
class TemplateRetired:
    """The template is out of use; what was queued with it is still sent."""

    template_id: Id


@dataclass(frozen=True, slots=True)
class Words:
    """A template and its version in force."""

    status: Literal["unknown", "active", "retired"] = "unknown"
    current: TemplateDefined | None = None


def decide(words: Words, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if isinstance(command, DefineTemplate):
        return _define(words, command)
    if words.current is None:
        raise NotFound(f"template {command.template_id} is not known")
    return [TemplateRetired(command.template_id)] if words.status == "active" else []


def _define(words: Words, command: DefineTemplate) -> list[Any]:
    if words.status == "retired":
        raise Conflict(f"template {command.template_id} is retired")
    try:
        sample(command.subject, command.text, command.html)
    except Unrenderable as error:
        raise Invalid(FieldError("/text", f"does not render: {error}")) from error
    number = words.current.version if words.current else 0
    content = (command.sender, command.subject, command.text, command.html)
    if words.current == TemplateDefined(command.template_id, number, *content):
        return []
    return [TemplateDefined(command.template_id, number + 1, *content)]


def evolve(words: Words, event: Any) -> Words:
    """Return the template after the event."""
    if isinstance(event, TemplateDefined):
        return Words("active", event)
    return replace(words, status="retired")


def summary(words: Words) -> Mapping[str, Any] | None:
    """Return the line of the template in lists."""
    if words.current is None:
        return None
    return {
        "status": words.status,
        "subject": words.current.subject,
        "template_version": words.current.version,
    }


TEMPLATE = Decider(
    category="template",
    service="campaigns",
    initial=Words(),
    decide=decide,
    evolve=evolve,
    events=(TemplateDefined, TemplateRetired),
    commands={"define": DefineTemplate, "retire": RetireTemplate},
    opens=(DefineTemplate,),
    summary=summary,
    filters=("status",),
)
