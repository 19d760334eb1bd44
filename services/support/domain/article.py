"""Article: an answer customers find by themselves, published in versions; retired at the end."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from shared.decide.decider import Decider
from shared.errors import Conflict, NotFound
from shared.values import Code, Id, Length, Positive

Title = Annotated[str, Length(1, 200)]
Body = Annotated[str, Length(1, 50_000)]


@dataclass(frozen=True, slots=True)
class PublishArticle:
    """Publish the article, or its next version."""

    article_id: Id
    title: Title
    body: Body
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class RetireArticle:
    """Show the article no more."""

    article_id: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """The article as it reads now."""

    article_id: Id
    version: Positive
    title: Title
    body: Body
    category: Code | None = None


@dataclass(frozen=True, slots=True)
class ArticleRetired:
    """It is shown no more."""

    article_id: Id
    retired_at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """The version in force."""

    published: ArticlePublished | None = None
    retired: bool = False


def decide(article: Article, command: Any) -> list[Any]:
    """Return what the command brings about; a satisfied command brings nothing. Raises Rejected."""
    if isinstance(command, PublishArticle):
        return _publish(article, command)
    if article.published is None:
        raise NotFound(f"article {command.article_id} is not known")
    return [] if article.retired else [ArticleRetired(command.article_id, command.at)]


def _publish(article: Article, command: PublishArticle) -> list[Any]:
    if article.retired:
        raise Conflict(f"article {command.article_id} is retired")
    version = article.published.version if article.published else 0
    told = (command.title, command.body, command.category)
    published = ArticlePublished(command.article_id, version + 1, *told)
    return [] if article.published == replace(published, version=max(1, version)) else [published]


def evolve(article: Article, event: Any) -> Article:
    """Return the article after the event."""
    return Article(event) if isinstance(event, ArticlePublished) else replace(article, retired=True)


def summary(article: Article) -> dict[str, Any] | None:
    """Return the line in lists."""
    known = article.published
    if known is None:
        return None
    status = "retired" if article.retired else "published"
    return {"status": status, "title": known.title, "category": known.category, "revision": known.version}


ARTICLE = Decider(
    category="article",
    service="support",
    initial=Article(),
    decide=decide,
    evolve=evolve,
    events=(ArticlePublished, ArticleRetired),
    commands={"publish": PublishArticle, "retire": RetireArticle},
    opens=(PublishArticle,),
    summary=summary,
    filters=("status", "category"),
)
