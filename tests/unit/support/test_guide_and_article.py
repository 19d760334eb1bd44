"""Self-service: guides, the ways through them, articles and their readers."""

from dataclasses import replace

from services.support.domain.article import ARTICLE, Article, ArticlePublished, PublishArticle, RetireArticle
from services.support.domain.guidance import (
    GUIDANCE,
    AnswerGuideStep,
    GuideConcluded,
    GuideStarted,
    GuideStepAnswered,
    Known,
    StartGuide,
)
from services.support.domain.guide import GUIDE, Choice, Guide, GuidePublished, PublishGuide, Question
from services.support.domain.reading import (
    READING,
    ArticleRated,
    ArticleViewed,
    DeflectTicket,
    RateArticle,
    TicketDeflected,
    ViewArticle,
)
from services.support.domain.ticket import Ticket, TicketOpened
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import WHEN
from shared.testing.given import given

TREE = (
    Question("lamp", "Is the lamp on?", (Choice("yes", "noise"), Choice("no", outcome="Plug it in"))),
    Question("noise", "Does it hum?", (Choice("yes", outcome="Descale it"), Choice("no", outcome="Ask us"))),
)
PUBLISHED = GuidePublished("kettle", 1, "Kettle", TREE)
STARTED = GuideStarted("w1", "kettle", 1, TREE)
STEP = GuideStepAnswered("w1", "kettle", "lamp", "yes", "noise")
ARTICLE_1 = ArticlePublished("descale", 1, "Descaling", "Use vinegar.")


def test_a_guide_is_published_in_versions():
    """The same tree again is no news."""
    publish = PublishGuide("kettle", "Kettle", TREE)

    given(GUIDE).when(publish).then(PUBLISHED)
    given(GUIDE, PUBLISHED).when(publish).then_nothing()
    given(GUIDE, PUBLISHED).when(replace(publish, title="Kettles")).then(
        GuidePublished("kettle", 2, "Kettles", TREE)
    )


def test_every_way_through_a_guide_ends():
    """A choice leads to a later question or to an outcome, not to both, and no question comes twice."""
    loop = (Question("a", "A?", (Choice("yes", "a"),)),)
    both = (Question("a", "A?", (Choice("yes", "a", "done"),)),)
    twice = (TREE[1], TREE[1])

    for tree, words in ((loop, "no later question"), (both, "either"), (twice, "twice")):
        given(GUIDE).when(PublishGuide("g", "G", tree)).then_raises(Invalid, words)


def test_a_customer_goes_through_a_guide():
    """Question by question to the outcome, in the version begun."""
    start = StartGuide("w1", "kettle", known=Known(PUBLISHED))

    given(GUIDANCE).when(start).then(STARTED)
    given(GUIDANCE, STARTED).when(AnswerGuideStep("w1", "lamp", "yes")).then(STEP)
    given(GUIDANCE, STARTED, STEP).when(AnswerGuideStep("w1", "noise", "yes")).then(
        GuideStepAnswered("w1", "kettle", "noise", "yes", outcome="Descale it"),
        GuideConcluded("w1", "kettle", "Descale it"),
    )


def test_only_the_question_that_is_asked_is_answered():
    """With one of its answers; a retired or unknown guide is not begun."""
    given(GUIDANCE, STARTED).when(AnswerGuideStep("w1", "noise", "yes")).then_raises(Conflict, "asks lamp")
    given(GUIDANCE, STARTED).when(AnswerGuideStep("w1", "lamp", "maybe")).then_raises(Invalid, "yes, no")
    for states in ([Guide()], [Guide(PUBLISHED, retired=True)]):
        given(GUIDANCE).when(knowing(StartGuide("w1", "kettle"), *states)).then_raises(NotFound, "guide")


def test_row_85_a_guide_about_a_ticket_says_so_in_every_answer():
    """The ticket has to be there; what is answered names it, with the outcome it led to."""
    start = StartGuide("w1", "kettle", ticket_id="T1")
    opened = Ticket(opened=TicketOpened("T1", "T1", "Broken", "reactive", "normal"))
    started, answered = replace(STARTED, ticket_id="T1"), replace(STEP, ticket_id="T1")

    given(GUIDANCE).when(knowing(start, Guide(PUBLISHED), opened)).then(started)
    given(GUIDANCE).when(knowing(start, Guide(PUBLISHED), Ticket())).then_raises(NotFound, "ticket T1")
    given(GUIDANCE, started).when(AnswerGuideStep("w1", "lamp", "yes")).then(answered)
    assert GUIDE.summary(given(GUIDE, PUBLISHED).state())["asks"] == "Is the lamp on?"


def knowing(command, *states):
    """Return the command with what it knows of guide and ticket."""
    return GUIDANCE.informed(command, states)


def test_an_article_is_published_in_versions_and_retired():
    """Retired for good."""
    publish = PublishArticle("descale", "Descaling", "Use vinegar.")

    given(ARTICLE).when(publish).then(ARTICLE_1)
    given(ARTICLE, ARTICLE_1).when(publish).then_nothing()
    given(ARTICLE, ARTICLE_1).when(RetireArticle("descale", WHEN), publish).then_raises(Conflict, "retired")


def test_a_reader_rates_and_needs_no_ticket():
    """Each once; another rating replaces the first, another article is another reading."""
    viewed, rated = ArticleViewed("r1", "descale", 1), ArticleRated("r1", "descale", helpful=True)
    view = ViewArticle("r1", "descale", article=Article(ARTICLE_1))

    given(READING).when(view).then(viewed)
    given(READING, viewed).when(view).then_nothing()
    given(READING, viewed).when(replace(view, article_id="other")).then_raises(Conflict, "descale")
    given(READING, viewed).when(RateArticle("r1", helpful=True)).then(rated)
    given(READING, viewed, rated).when(RateArticle("r1", helpful=True)).then_nothing()
    given(READING, viewed).when(DeflectTicket("r1")).then(TicketDeflected("r1", "descale"))
    given(READING).when(DeflectTicket("r1")).then_raises(NotFound)
    given(READING).when(replace(view, article=Article(ARTICLE_1, retired=True))).then_raises(NotFound)
