"""Mention: somebody spoke of us on a network; new, then handled as a lead, a ticket or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id

As = Literal["lead", "ticket", "none"]


@dataclass(frozen=True, slots=True)
class ReceiveMention:
    """Note a mention; `customer` is the author, as far as known."""

    mention_id: Id
    network: Code
    tone: Code | None = None
    customer: Id | None = None


@dataclass(frozen=True, slots=True)
class HandleMention:
    """Say what became of it: the lead or the ticket it led to, by `id`, or none."""

    mention_id: Id
    handled_as: As
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class SocialMentionReceived:
    """Somebody spoke of us."""

    mention_id: Id
    network: Code
    author_ref: Id | None = None
    tone: Code | None = None


@dataclass(frozen=True, slots=True)
class SocialMentionHandled:
    """It was seen to; `id` leads to the lead or the ticket."""

    mention_id: Id
    handled_as: As
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention, and what became of it."""

    received: SocialMentionReceived | None = None
    handled: SocialMentionHandled | None = None


def decide(mention: Mention, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if isinstance(command, ReceiveMention):
        received = SocialMentionReceived(command.mention_id, command.network, command.customer, command.tone)
        return [] if mention.received else [received]
    if mention.received is None:
        raise NotFound(f"mention {command.mention_id} is not known")
    if (command.handled_as == "none") != (command.id is None):
        raise Invalid(FieldError("/id", "belongs to a lead or a ticket, and to nothing else"))
    handled = SocialMentionHandled(command.mention_id, command.handled_as, command.id)
    if mention.handled not in (None, handled):
        raise Conflict(f"mention {command.mention_id} was handled as {mention.handled.handled_as}")
    return [] if mention.handled else [handled]


def evolve(mention: Mention, event: Any) -> Mention:
    """Return the mention after the event."""
    if isinstance(event, SocialMentionReceived):
        return Mention(event)
    return replace(mention, handled=event)


def summary(mention: Mention) -> Mapping[str, Any] | None:
    """Return the line of the mention in lists."""
    if mention.received is None:
        return None
    said = mention.received
    return {"status": "handled" if mention.handled else "new", "network": said.network, "tone": said.tone}


MENTION = Decider(
    category="mention",
    service="campaigns",
    initial=Mention(),
    decide=decide,
    evolve=evolve,
    events=(SocialMentionReceived, SocialMentionHandled),
    commands={"receive": ReceiveMention, "handle": HandleMention},
    opens=(ReceiveMention,),
    summary=summary,
    filters=("status",),
)
