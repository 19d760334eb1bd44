"""Social posts and mentions."""

from services.campaigns.domain.mention import (
    MENTION,
    HandleMention,
    ReceiveMention,
    SocialMentionHandled,
    SocialMentionReceived,
)
from services.campaigns.domain.post import (
    POST,
    PublishPost,
    RemovePost,
    SchedulePost,
    SocialPostPublished,
    SocialPostReleased,
    SocialPostRemoved,
    SocialPostScheduled,
)
from shared.decide import Elapsed
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import moment
from shared.testing.given import given

SCHEDULED = SocialPostScheduled("p", "mastodon", "Spring is here", moment(1))
RELEASED, OUT = SocialPostReleased("p", "mastodon", "Spring is here"), SocialPostPublished("p", "1024")
RECEIVED = SocialMentionReceived("m", "mastodon", "c-1", "angry")


def test_a_scheduled_post_publishes_once():
    """Requirement 67: released at its time, published once, whatever the adapter repeats."""
    schedule = SchedulePost("p", "mastodon", "Spring is here", moment(1))

    given(POST).when(schedule).then(SCHEDULED)
    given(POST, SCHEDULED).when(schedule).then_nothing()
    assert POST.timers(given(POST, SCHEDULED).state()) == {"release": moment(1)}
    given(POST, SCHEDULED).when(PublishPost("p", "1024")).then_raises(Conflict, "not released")
    given(POST, SCHEDULED).when(Elapsed("release", moment(1))).then(RELEASED)
    given(POST, SCHEDULED, RELEASED).when(PublishPost("p", "1024")).then(OUT)
    given(POST, SCHEDULED, RELEASED, OUT).when(PublishPost("p", "1024")).then_nothing()
    given(POST, SCHEDULED, RELEASED, OUT).when(PublishPost("p", "1025")).then_raises(Conflict, "published")


def test_a_post_can_be_taken_back():
    """Before its time it is never released, afterwards its name on the network is told."""
    gone = SocialPostRemoved("p")

    given(POST, SCHEDULED).when(RemovePost("p")).then(gone)
    given(POST, SCHEDULED, gone).when(Elapsed("release", moment(1))).then_nothing()
    given(POST, SCHEDULED, gone).when(RemovePost("p")).then_nothing()
    given(POST, SCHEDULED, RELEASED, OUT).when(RemovePost("p")).then(SocialPostRemoved("p", "1024"))
    given(POST).when(RemovePost("p")).then_raises(NotFound)


def test_a_mention_becomes_a_lead_or_a_ticket_with_a_link_back():
    """Requirement 67: handled once, and it says where it went."""
    handled = SocialMentionHandled("m", "ticket", "T-7")

    given(MENTION).when(ReceiveMention("m", "mastodon", "angry", "c-1")).then(RECEIVED)
    given(MENTION, RECEIVED).when(ReceiveMention("m", "mastodon")).then_nothing()
    given(MENTION, RECEIVED).when(HandleMention("m", "ticket", "T-7")).then(handled)
    given(MENTION, RECEIVED, handled).when(HandleMention("m", "ticket", "T-7")).then_nothing()
    given(MENTION, RECEIVED, handled).when(HandleMention("m", "none")).then_raises(Conflict, "ticket")
    given(MENTION, RECEIVED).when(HandleMention("m", "lead")).then_raises(Invalid, "/id")
    given(MENTION).when(HandleMention("m", "none")).then_raises(NotFound)
