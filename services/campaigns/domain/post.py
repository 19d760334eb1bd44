"""SocialPost: scheduled, released to the adapter of its network at its time, published, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.campaigns.domain.terms import NETWORKS, Terms, asking, fit
from shared.decide.decider import Decider, Elapsed
from shared.errors import Conflict, NotFound
from shared.values import FILLED, Code, Id, Text


@dataclass(frozen=True, slots=True)
class SchedulePost:
    """Have a text published at a moment, or at another one as long as it is not released."""

    post_id: Id
    network: Code
    text: Text
    publish_at: datetime
    campaign_id: Id | None = None
    terms: Terms = field(default=(), metadata=FILLED)


@dataclass(frozen=True, slots=True)
class PublishPost:
    """The adapter has published it; `network_id` is its name there."""

    post_id: Id
    network_id: Id


@dataclass(frozen=True, slots=True)
class RemovePost:
    """Take it back, published or not."""

    post_id: Id


@dataclass(frozen=True, slots=True)
class SocialPostScheduled:
    """It is to be published at this moment."""

    post_id: Id
    network: Code
    text: Text
    publish_at: datetime
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class SocialPostReleased:
    """Its time has come: the adapter of the network publishes it."""

    post_id: Id
    network: Code
    text: Text


@dataclass(frozen=True, slots=True)
class SocialPostPublished:
    """It is out, once."""

    post_id: Id
    network_id: Id


@dataclass(frozen=True, slots=True)
class SocialPostRemoved:
    """It is gone, or never was."""

    post_id: Id
    network_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post and how far it came."""

    status: Literal["unknown", "scheduled", "released", "published", "removed"] = "unknown"
    scheduled: SocialPostScheduled | None = None
    network_id: str | None = None


def decide(post: Post, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if isinstance(command, SchedulePost):
        return _schedule(post, command)
    if post.scheduled is None:
        raise NotFound(f"post {command.post_id} is not known")
    match command:
        case Elapsed():
            due, said = post.status == "scheduled", post.scheduled
            return [SocialPostReleased(said.post_id, said.network, said.text)] if due else []
        case PublishPost():
            return _publish(post, command)
        case RemovePost(post_id):
            return [] if post.status == "removed" else [SocialPostRemoved(post_id, post.network_id)]
    raise TypeError(f"a post does not know {type(command).__name__}")


def _schedule(post: Post, command: SchedulePost) -> list[Any]:
    said = (command.post_id, command.network, command.text, command.publish_at, command.campaign_id)
    if post.scheduled == SocialPostScheduled(*said):
        return []
    if post.status not in ("unknown", "scheduled"):
        raise Conflict(f"post {command.post_id} is {post.status}")
    fit(command.terms, ("/network", command.network))
    return [SocialPostScheduled(*said)]


def _publish(post: Post, command: PublishPost) -> list[Any]:
    if post.network_id == command.network_id:
        return []
    if post.status != "released":
        raise Conflict(f"post {command.post_id} is {post.status}, not released")
    return [SocialPostPublished(command.post_id, command.network_id)]


def evolve(post: Post, event: Any) -> Post:
    """Return the post after the event."""
    match event:
        case SocialPostScheduled():
            return Post("scheduled", event)
        case SocialPostReleased():
            return replace(post, status="released")
        case SocialPostPublished(network_id=network_id):
            return replace(post, status="published", network_id=network_id)
    return replace(post, status="removed")


def timers(post: Post) -> Mapping[str, datetime]:
    """Return when the post is released."""
    return {"release": post.scheduled.publish_at} if post.scheduled and post.status == "scheduled" else {}


def summary(post: Post) -> Mapping[str, Any] | None:
    """Return the line of the post in lists; adapters look for those that are released."""
    if post.scheduled is None:
        return None
    return {"status": post.status, "network": post.scheduled.network, "text": post.scheduled.text}


POST = Decider(
    category="post",
    service="campaigns",
    initial=Post(),
    decide=decide,
    evolve=evolve,
    events=(SocialPostScheduled, SocialPostReleased, SocialPostPublished, SocialPostRemoved),
    commands={"schedule": SchedulePost, "mark-published": PublishPost, "remove": RemovePost},
    opens=(SchedulePost,),
    facts={SchedulePost: asking(NETWORKS)},
    timers=timers,
    summary=summary,
    filters=("status",),
)
