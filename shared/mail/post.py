"""Carry letters that belong to no campaign to a mail server: each leaves once, whatever dies.

The order is: claim durably, hand over, record. A process that dies in between leaves a claim without a
record: the letter is then in doubt, and never sent again (tests/unit/test_post.py).
"""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from shared.consume.effects import State, Unsent
from shared.events.ids import derived
from shared.mail.claims import claim, released, settled
from shared.mail.deciding import Batch, Task
from shared.mail.smtp import Refused, Smtp, deliver
from shared.receive.heard import Instruct
from shared.store.port import Store

# The standard policies break long lines, and with them the links.
UNBROKEN = SMTP.clone(max_line_length=998)
ENDED = "the process ended in the middle"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person; `name` is that of this attempt to send it, for claim and Message-ID.

    `about` names whose letter it is and the number of the attempt.
    """

    name: str
    sender: str
    address: str
    subject: str
    text: str
    customer: str | None
    about: tuple[str, int]

    def composed(self) -> EmailMessage:
        """Return the e-mail."""
        mail = EmailMessage(policy=UNBROKEN)
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.address, self.subject
        mail["Date"] = formatdate(usegmt=True)
        mail["Message-ID"] = f"<{self.name}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers to it
        mail.set_content(self.text)
        return mail


@dataclass(frozen=True, slots=True)
class Sent:
    """The mail server took it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The mail server refused it, for good (`hard`) or for now: it certainly did not leave."""

    hard: bool
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may have left or not; nobody knows."""

    note: str


Outcome = Sent | NotTaken | Doubtful
# (letter, outcome) -> the command that records it
Record = Callable[[Letter, Outcome], Instruct]


class Post:
    """Carries letters and records what became of each, by `record`."""

    def __init__(
        self, store: Store, smtp: Smtp, batch: Batch, record: Record, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._smtp, self._batch = store, smtp, batch
        self._record, self._clock = record, clock

    def carry(self, letters: Sequence[Letter]) -> None:
        """Send what nobody claimed before; the rest is in doubt. Raises Unsent when the server is away."""
        at = self._clock()
        claimed = claim(self._store, [letter.name for letter in letters], at)
        self._batch.do([self._task(one, Doubtful(ENDED)) for one in letters if one.name not in claimed], at)
        self._hand_over([letter for letter in letters if letter.name in claimed])

    def _hand_over(self, letters: Sequence[Letter]) -> None:
        """Send and record; what certainly did not leave gets its claim back."""
        done: list[Task] = []
        try:
            if letters:
                with self._smtp.conversation() as server:
                    for letter in letters:
                        done.append(self._one(server, letter))  # noqa: PERF401 - counts when the next one fails
        finally:
            left = [released(letter.name) for letter in letters[len(done) :]]
            self._batch.do(done, self._clock(), *left)

    def _one(self, server: smtplib.SMTP, letter: Letter) -> Task:
        try:
            deliver(server, letter.composed(), letter.sender, letter.address)
        except Unsent:
            raise
        except Refused as error:
            return self._task(letter, NotTaken(error.hard, str(error), self._clock()), State.DONE)
        except Exception as error:  # whatever it was, it may have left: in doubt, listed, never repeated
            return self._task(letter, Doubtful(repr(error)[:500]), State.UNKNOWN)
        return self._task(letter, Sent(self._clock()), State.DONE)

    def _task(self, letter: Letter, outcome: Outcome, state: State | None = None) -> Task:
        note = outcome.note if isinstance(outcome, Doubtful) else ""
        writes = (settled(letter.name, state, self._clock(), note),) if state else ()
        return Task(derived("carried", letter.name), self._record(letter, outcome), letter.customer, writes)
