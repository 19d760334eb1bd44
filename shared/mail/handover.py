"""Hand over what was claimed: each message leaves once, and of each it is known what became of it."""

import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import TypeVar

from shared.consume.effects import Unsent
from shared.mail.claims import released
from shared.mail.smtp import Refused, Smtp, deliver
from shared.store.write import Remove


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
What = TypeVar("What")
Done = TypeVar("Done")


def hand_over(
    smtp: Smtp,
    waiting: Mapping[str, What],
    one: Callable[[smtplib.SMTP, What], Done],
    record: Callable[[list[Done], list[Remove]], object],
) -> None:
    """Do `one` for each claim in one conversation, and record, whatever happens, what was done.

    What certainly did not leave gets its claim back, by the writes that `record` is given. Raises Unsent when
    the mail server is away.
    """
    done: list[Done] = []
    try:
        if waiting:
            with smtp.conversation() as server:
                for what in waiting.values():
                    done.append(one(server, what))  # noqa: PERF401 - counts when the next one fails
    finally:
        record(done, [released(name) for name in list(waiting)[len(done) :]])


def delivered(
    server: smtplib.SMTP, mail: EmailMessage, sender: str, recipient: str, clock: Callable[[], datetime]
) -> Outcome:
    """Send one message and say what became of it. Raises Unsent when it certainly did not leave."""
    try:
        deliver(server, mail, sender, recipient)
    except Unsent:
        raise
    except Refused as error:
        return NotTaken(error.hard, str(error), clock())
    except Exception as error:  # whatever it was, it may have left: in doubt, listed, never repeated
        return Doubtful(repr(error)[:500])
    return Sent(clock())
