"""A policy, its hours and a ticket under it, for the tests of SLA clocks."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from services.support.domain.policy import PolicyInForce
from services.support.domain.terms import Target, Terms
from services.support.domain.ticket import TICKET, ApplyPolicy, OpenTicket
from shared.hours import DAYS, Block, Hours
from shared.testing.given import Given

HOUR = 3600
ZONE = ZoneInfo("Europe/London")
HOURS = Hours("uk", 1, "Europe/London", tuple(Block(d, "09:00", "17:00") for d in DAYS[:5]))
TARGETS = tuple(
    Target(priority, kind, hours * HOUR)
    for priority, wanted in {"normal": (1, 2, 8), "urgent": (1, 1, 2)}.items()
    for kind, hours in zip(("first_response", "next_response", "resolution"), wanted, strict=True)
)
TERMS = Terms(TARGETS)
terms = partial(Terms, TARGETS)


def london(day, hour, minute=0):
    """Return a moment of May 2026 in London; the first is a Friday."""
    return datetime(2026, 5, day, hour, minute, tzinfo=ZONE).astimezone(ZoneInfo("UTC"))


def promised(terms=TERMS, hours=HOURS, policy_id="standard", version=1):
    """Return a policy in force."""
    return PolicyInForce(policy_id, version, terms, hours)


class Story:
    """A ticket under a policy, and all that happened to it; every event passes its contract."""

    def __init__(self, at, policy=None, **known):
        self.state, self.events = TICKET.initial, []
        self.do(OpenTicket("T1", "Where is it?", at=at, **known))
        self.do(ApplyPolicy("T1", policy or promised(), at=at))

    def do(self, command):
        """Do a command; return its events."""

        outcome = Given(TICKET).do(self.state, command)
        self.state = outcome.after() if not outcome.refused else self.state
        self.events += outcome.events
        if outcome.refused:
            raise outcome.refused
        return list(outcome.events)

    def clock(self, kind):
        """Return a clock."""
        return self.state.clocks[kind]

    def of(self, *kinds):
        """Return the events of these types."""
        return [e for e in self.events if isinstance(e, kinds)]
