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

from shared.consume.effects import ENDED, State
from shared.events.ids import derived
from shared.mail.claims import claim, settled
from shared.mail.deciding import Batch, Task
from shared.mail.handover import Doubtful, Outcome, delivered, hand_over
from shared.mail.smtp import Smtp
from shared.receive.heard import Instruct
from shared.store.port import Store
from shared.store.write import Remove

# The standard policies break long lines, and with them the links.
UNBROKEN = SMTP.clone(max_line_length=998)


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
        waiting = {letter.name: letter for letter in letters if letter.name in claimed}
        hand_over(self._smtp, waiting, self._one, self._recorded)

    def _one(self, server: smtplib.SMTP, letter: Letter) -> Task:
        outcome = delivered(server, letter.composed(), letter.sender, letter.address, self._clock)
        return self._task(letter, outcome, State.UNKNOWN if isinstance(outcome, Doubtful) else State.DONE)

    def _recorded(self, done: list[Task], left: list[Remove]) -> None:
        self._batch.do(done, self._clock(), *left)

    def _task(self, letter: Letter, outcome: Outcome, state: State | None = None) -> Task:
        note = outcome.note if isinstance(outcome, Doubtful) else ""
        writes = (settled(letter.name, state, self._clock(), note),) if state else ()
        return Task(derived("carried", letter.name), self._record(letter, outcome), letter.customer, writes)
