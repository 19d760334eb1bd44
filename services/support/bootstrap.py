"""Wire support."""

from functools import partial

from services.support.channel import APPLY
from services.support.domain import AGGREGATES
from services.support.following import Following
from services.support.persons import Persons, absorbed_in, prepare_aliases
from services.support.policies import Policies, promising
from services.support.reactions import SEALED, reactions_with
from services.support.routes import CaseDesk, TicketDesk
from services.support.self_service import SelfService
from shared.config import Settings
from shared.events.clock import now
from shared.service.wiring import Wiring


def build(settings: Settings) -> Wiring:
    """Return the service, wired."""
    policies = Policies(now)
    wiring = Wiring(settings, {**AGGREGATES, "tickets": promising(policies.of, policies.tier_of)})
    persons = Persons(wiring.store, absorbed_in(wiring.database))
    policies.database, policies.persons = wiring.database, persons
    reactions = reactions_with(persons.among)
    wiring.react(reactions, Following(settings.service, wiring.streams, reactions), SEALED)
    wiring.preparations.append(partial(prepare_aliases, wiring.database))
    wiring.known_as = persons.known_as
    tickets, cases = wiring.streams["ticket"], wiring.streams["case"]
    routes = [
        *TicketDesk(tickets, now).routes(),
        *CaseDesk(cases, now).routes(),
        *SelfService(tickets, persons, wiring.refs, wiring.vault).routes(),
    ]
    return wiring.serve(wiring.deciding(APPLY), routes)
