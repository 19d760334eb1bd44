"""One leader per service sends the surveys that wait."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.support.domain.survey import SURVEY, MarkSent, MarkUndelivered, MarkUnknown, Survey
from services.support.domain.survey.events import Reason
from services.support.mailing.addresses import Addresses
from services.support.mailing.words import SUBJECT, letter
from shared.decide import Loaded, Streams
from shared.events.ids import derived
from shared.listing.listing import Listing
from shared.mail.deciding import Batch, Task
from shared.mail.handover import Doubtful, NotTaken, Outcome, Sent
from shared.mail.post import Letter, Post
from shared.mail.tokens import Tokens
from shared.receive import Instruct
from shared.relay.lease import Leadership

LOT = 25  # this many may be in doubt after a crash
PURPOSE = "survey"
Clock = Callable[[], datetime]


class Invitations:
    """Makes the letter of a survey: with a link that nobody can guess, open as long as answers are taken."""

    def __init__(self, base: str, sender: str, tokens: Tokens, addresses: Addresses) -> None:
        self._base, self._sender = base, sender
        self._tokens, self._addresses = tokens, addresses

    def letter(self, key: str, found: Loaded[Survey]) -> Letter | None:
        """Return the letter, or None for a customer without an address."""
        asked, customer = found.state.requested, found.customer
        address = self._addresses.of(customer) if customer else None
        if asked is None or address is None:
            return None
        link = f"{self._base}/s/{self._tokens.make(PURPOSE, key)}"
        name = attempt_name(key, found.state.attempt)
        text = letter(asked.kind, link, asked.answer_by)
        return Letter(name, self._sender, address, SUBJECT, text, customer, (key, found.state.attempt))


def attempt_name(key: str, attempt: int) -> str:
    """Return what this attempt to send a survey is called, for claim and mail server."""
    return derived("survey", key, str(attempt))


def recorded(sent: Letter, outcome: Outcome) -> Instruct:
    """Return the command that says what became of a letter."""
    key, attempt = sent.about
    return Instruct(SURVEY.category, key, _command(sent, key, attempt, outcome))


def _command(sent: Letter, key: str, attempt: int, outcome: Outcome) -> Any:
    match outcome:
        case Sent():
            return MarkSent(key, attempt, sent.name)
        case NotTaken(hard, detail, at):
            reason: Reason = "refused" if hard else "refused_for_now"
            return MarkUndelivered(key, attempt, reason, at, detail[:500])
        case Doubtful(note):
            return MarkUnknown(key, attempt, note)


class SurveyMailing:
    """The lease saves work; that nothing is sent twice rests on the claims of the post."""

    def __init__(
        self,
        surveys: Streams[Survey],
        waiting: Listing,
        invitations: Invitations,
        post: Post | None,
        batch: Batch,
        leadership: Leadership,
        clock: Clock,
    ) -> None:
        self._surveys, self._waiting, self._invitations = surveys, waiting, invitations
        self._post, self._batch, self._leadership, self._clock = post, batch, leadership, clock

    def step(self) -> int:
        """Send a lot, or say of each why not; return how many. Raises Unavailable, Unsent.

        Without a mail server what is to be sent waits.
        """
        if self._post is None or not self._leadership.hold():
            return 0
        keys = [line["id"] for line in self._waiting.page({"delivery": "waiting"}, None, LOT)]
        found = self._surveys.load(keys, fresh=True) if keys else {}
        ready = {key: loaded for key, loaded in found.items() if loaded.state.waits}
        letters = {key: self._invitations.letter(key, loaded) for key, loaded in ready.items()}
        self._give_up([key for key, made in letters.items() if made is None], ready)
        self._post.carry([made for made in letters.values() if made])
        return len(ready)

    def _give_up(self, keys: Sequence[str], found: dict[str, Loaded[Survey]]) -> None:
        at = self._clock()
        self._batch.do([_unreachable(key, found[key], at) for key in keys], at)


def _unreachable(key: str, found: Loaded[Survey], at: datetime) -> Task:
    attempt = found.state.attempt
    reason: Reason = "no_address" if found.customer else "no_customer"
    command: Any = MarkUndelivered(key, attempt, reason, at)
    name = derived("unreachable", attempt_name(key, attempt))
    return Task(name, Instruct(SURVEY.category, key, command), found.customer)
