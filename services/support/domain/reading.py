"""Reading: one customer with one article; viewed, rated, and perhaps spared a ticket."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from services.support.domain.article import Article
from shared.decide import Facts
from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import FILLED, Id, Positive


@dataclass(frozen=True, slots=True)
class ViewArticle:
    """Open the article; each view has an id of its own."""

    reading_id: Id
    article_id: Id
    customer: Id | None = None
    article: Article | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class RateArticle:
    """Say whether it helped; a later word replaces an earlier one."""

    reading_id: Id
    helpful: bool


@dataclass(frozen=True, slots=True)
class DeflectTicket:
    """Say that the article answered what would have been a ticket."""

    reading_id: Id


@dataclass(frozen=True, slots=True)
class ArticleViewed:
    """Somebody opened this version of the article."""

    reading_id: Id
    article_id: Id
    version: Positive


@dataclass(frozen=True, slots=True)
class ArticleRated:
    """The reader said whether it helped."""

    reading_id: Id
    article_id: Id
    helpful: bool


@dataclass(frozen=True, slots=True)
class TicketDeflected:
    """The reader needed no ticket."""

    reading_id: Id
    article_id: Id


@dataclass(frozen=True, slots=True)
class Reading:
    """One view of one article."""

    article_id: str | None = None
    helpful: bool | None = None
    deflected: bool = False


def _view(reading: Reading, command: ViewArticle) -> list[Any]:
    article = command.article
    if reading.article_id is not None:
        if reading.article_id != command.article_id:
            raise Conflict(f"reading {command.reading_id} is of article {reading.article_id}")
        return []
    if article is None or article.published is None or article.retired:
        raise NotFound(f"article {command.article_id} is not published")
    return [ArticleViewed(command.reading_id, command.article_id, article.published.version)]


def decide(reading: Reading, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, ViewArticle):
        return _view(reading, command)
    key, article_id = command.reading_id, reading.article_id
    if article_id is None:
        raise NotFound(f"reading {key} is not known")
    if isinstance(command, RateArticle):
        same = reading.helpful == command.helpful
        return [] if same else [ArticleRated(key, article_id, command.helpful)]
    return [] if reading.deflected else [TicketDeflected(key, article_id)]


EVOLVE: dict[type, Callable[[Reading, Any], Reading]] = {
    ArticleViewed: lambda _, e: Reading(e.article_id),
    ArticleRated: lambda reading, e: replace(reading, helpful=e.helpful),
    TicketDeflected: lambda reading, _: replace(reading, deflected=True),
}

READING = Decider(
    category="reading",
    service="support",
    initial=Reading(),
    decide=decide,
    evolve=lambda reading, event: EVOLVE[type(event)](reading, event),
    events=tuple(EVOLVE),
    commands={"view": ViewArticle, "rate": RateArticle, "deflect": DeflectTicket},
    opens=(ViewArticle,),
    facts={ViewArticle: Facts("article", lambda _, c: [("article", c.article_id)], lambda found: found[0])},
)
