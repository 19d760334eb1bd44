"""Wire support."""

from functools import partial

from services.support.channel import APPLY
from services.support.domain import AGGREGATES
from services.support.domain.rule import FOLLOWED
from services.support.domain.survey import SURVEY
from services.support.domain.ticket import TICKET
from services.support.domain.warranty import WARRANTY, Warranty
from services.support.following import Following
from services.support.mailing.addresses import Addresses
from services.support.mailing.surveys import Invitations, SurveyMailing, recorded
from services.support.persons import Persons
from services.support.policies import Policies, promising
from services.support.public import SurveyPage
from services.support.published import published
from services.support.reactions import SEALED, reactions_with
from services.support.routes import CaseDesk, TicketDesk
from services.support.rules import Heard, Rules, ship
from services.support.self_service import SelfService
from services.support.trying import TryRule
from services.support.what_if import WhatIf
from shared.config import Settings
from shared.events.clock import now
from shared.listing.listing import Listing
from shared.mail.deciding import Batch
from shared.mail.post import Post
from shared.mail.smtp import Smtp
from shared.mail.tokens import Tokens
from shared.people import People
from shared.service.wiring import Wiring


class Support(Wiring):
    """Wiring and what only support has: it asks customers by mail."""

    mailing: SurveyMailing


def build(settings: Settings) -> Support:
    """Return the service, wired."""
    policies = Policies(now)
    wiring = Support(settings, {**AGGREGATES, "tickets": promising(policies.of, policies.tier_of)})
    people = People(wiring.store, wiring.database)
    persons = Persons(wiring.store, people)
    policies.database, policies.persons = wiring.database, persons
    rules = Rules(wiring.database, people.root, now)
    reactions = Heard(reactions_with(persons.among), rules)
    wiring.react(reactions, Following(settings.service, wiring.streams, people, reactions), SEALED)
    wiring.preparations += [people.prepare, partial(ship, wiring.streams["rule"], now)]
    wiring.known_as = people.group
    tokens = Tokens(settings.master_key)
    wiring.mailing = _mailing(wiring, people, tokens)
    tickets, cases = wiring.streams["ticket"], wiring.streams["case"]
    warranties = partial(published, wiring.database, WARRANTY, "warranty", Warranty)
    routes = [
        *TicketDesk(tickets, warranties, now).routes(),
        *CaseDesk(cases, now).routes(),
        *TryRule({name: wiring.log_of(name) for name in FOLLOWED}, wiring.vault, people.root, now).routes(),
        *WhatIf(tickets, wiring.streams["calendar"], Listing(wiring.database, TICKET), now).routes(),
        *SurveyPage(wiring.streams["survey"], tokens, now).routes(),
        *SelfService(tickets, persons, wiring.refs, wiring.vault).routes(),
    ]
    wiring.serve(wiring.deciding(APPLY), routes)
    return wiring


def _mailing(wiring: Support, people: People, tokens: Tokens) -> SurveyMailing:
    """Without a mail server nothing is sent: surveys wait."""
    settings, surveys = wiring.settings, wiring.streams["survey"]
    addresses = Addresses(wiring.database, people, wiring.vault)
    wiring.preparations.append(addresses.prepare)
    base = settings.public_url.rstrip("/") or settings.peer("support")
    batch = Batch(settings.service, wiring.store, wiring.streams)
    post = None
    if settings.smtp_url:
        post = Post(wiring.store, Smtp(settings.smtp_url), batch, recorded, now)
    invitations = Invitations(base, settings.mail_sender, tokens, addresses)
    waiting, leadership = Listing(wiring.database, SURVEY), wiring.leadership("mailing")
    return SurveyMailing(surveys, waiting, invitations, post, batch, leadership, now)
