"""Wire campaigns."""

from functools import partial

from services.campaigns.audiences import Audiences
from services.campaigns.channel import APPLY
from services.campaigns.domain import BY_PLURAL, CAMPAIGN, MESSAGE
from services.campaigns.domain.journey import JOURNEY
from services.campaigns.domain.offer import OFFER
from services.campaigns.domain.recipient import RECIPIENT
from services.campaigns.domain.submission import SUBMISSION
from services.campaigns.following import Following
from services.campaigns.looking import Looking, under_all_refs
from services.campaigns.mailing.links import Links
from services.campaigns.mailing.mailing import Mailing
from services.campaigns.mailing.people import People
from services.campaigns.mailing.queueing import Queueing
from services.campaigns.mailing.sender import Sender
from services.campaigns.naming import named
from services.campaigns.public import Public
from services.campaigns.reactions import SEALED
from services.campaigns.routes import campaign_routes
from services.campaigns.segments import Segments
from shared.config import Settings
from shared.events.clock import now
from shared.listing.listing import Listing
from shared.mail.deciding import Batch
from shared.mail.smtp import Smtp
from shared.mail.tokens import Tokens
from shared.people import People as Refs
from shared.service.preparing import Preparing
from shared.service.wiring import Wiring


class Campaigns(Wiring):
    """Wiring and what only campaigns has: it sends."""

    mailing: Mailing


def build(settings: Settings) -> Campaigns:
    """Return the service, wired."""
    wiring = Campaigns(settings, BY_PLURAL)
    store, streams = wiring.store, wiring.streams
    segments = Segments(settings.peer("analytics"), settings.service_key)
    audiences = Audiences(store, streams["campaign"])
    people = People(store, wiring.vault)
    tokens = Tokens(settings.master_key)
    batch = Batch(settings.service, store, streams)
    messages = Listing(wiring.database, MESSAGE)
    wiring.mailing = Mailing(
        streams["campaign"],
        Listing(wiring.database, CAMPAIGN),
        messages,
        Queueing(store, audiences, batch),
        _sender(wiring, people, batch, tokens),
        wiring.leadership("mailing"),
        now,
    )
    wiring.preparing[RECIPIENT.category] = Preparing(complete=people.clearing, state=people.shown)
    refs = Refs(store, wiring.database)
    wiring.preparations.append(refs.prepare)
    wiring.known_as = refs.group
    looking = Looking(streams, Listing(wiring.database, JOURNEY), refs)
    following = Following(store, streams, messages, looking, now)
    wiring.react(following.reactions, following, SEALED)
    wiring.preparing[OFFER.category] = Preparing(complete=partial(under_all_refs, refs.group))
    wiring.preparing[SUBMISSION.category] = Preparing(complete=partial(named, wiring.refs))
    public = Public(streams["message"], people, tokens, now)
    wiring.serve(wiring.deciding(APPLY), [*campaign_routes(audiences, segments, now), *public.routes()])
    return wiring


def _sender(wiring: Wiring, people: People, batch: Batch, tokens: Tokens) -> Sender | None:
    """Without a mail server nothing is sent: what is queued waits."""
    settings, streams = wiring.settings, wiring.streams
    if not settings.smtp_url:
        return None
    links = Links(settings.public_url.rstrip("/") or settings.peer("campaigns"), tokens)
    parts = (streams["message"], streams["template"], people, batch)
    return Sender(wiring.store, *parts, Smtp(settings.smtp_url), links, now)
