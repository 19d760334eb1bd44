"""Send what is queued: checked now, claimed before it leaves, each once whatever dies (M-1, M-2).

The order is: judge, claim durably, hand over, record. A process that dies between claim and record leaves a
claim without a record: the message is then parked as unknown, to be asked for, and never sent again
(tests/integration/campaigns/test_mailing.py).
"""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from services.campaigns.domain.campaign import CampaignPlanned
from services.campaigns.domain.message import (
    MESSAGE,
    DeferMessage,
    MarkBounced,
    MarkRefused,
    MarkSent,
    MarkUnknown,
    Message,
    SuppressMessage,
    provider_id,
)
from services.campaigns.domain.message.events import MessageQueued, Reason, Waiting
from services.campaigns.domain.recipient import Entry
from services.campaigns.domain.rendering import Unrenderable
from services.campaigns.domain.sending import WEEK, verdict
from services.campaigns.domain.template import TemplateDefined, Words
from services.campaigns.mailing.composing import compose
from services.campaigns.mailing.links import Links
from services.campaigns.mailing.people import SENDS, Known, People
from shared.consume.effects import ENDED, State
from shared.decide import Streams
from shared.events.ids import derived
from shared.mail.claims import claim, released, settled
from shared.mail.deciding import Batch, Task
from shared.mail.handover import Doubtful, NotTaken, Sent, delivered, hand_over
from shared.mail.smtp import Smtp
from shared.receive.heard import Instruct
from shared.store.port import Store
from shared.store.write import Put, Remove, Write


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may leave: its number of attempt, the person and the consent it relies on."""

    queued: MessageQueued
    attempt: int
    known: Known
    consent: Entry | None

    @property
    def provider(self) -> str:
        """The name of this attempt, for the claim and for the provider."""
        return provider_id(self.queued.message_id, self.attempt)


class Sender:
    """Sends lots of messages of one campaign."""

    def __init__(
        self,
        store: Store,
        messages: Streams[Message],
        templates: Streams[Words],
        people: People,
        batch: Batch,
        smtp: Smtp,
        links: Links,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._messages, self._templates = store, messages, templates
        self._people, self._batch, self._smtp, self._links = people, batch, smtp, links
        self._clock = clock

    def send(self, plan: CampaignPlanned, keys: Sequence[str]) -> None:
        """Send these messages, or say of each why not. Raises Unsent when the mail server is away."""
        at = self._clock()
        ready, tasks = self._judge(plan, keys, at)
        claimed = claim(self._store, [r.provider for r in ready], at)
        tasks += [_parked(r, ENDED) for r in ready if r.provider not in claimed]
        self._batch.do(tasks, at)
        waiting = {r.provider: r for r in ready if r.provider in claimed}
        hand_over(self._smtp, waiting, self._one, self._recorded)

    def _judge(
        self, plan: CampaignPlanned, keys: Sequence[str], at: datetime
    ) -> tuple[list[Ready], list[Task]]:
        found = self._messages.load(keys, fresh=True)
        waiting = [m for m in (f.state for f in found.values()) if m.status == "queued" and m.queued]
        people = self._people.find([m.queued.contact_id for m in waiting if m.queued])
        ready: dict[str, Ready] = {}
        tasks = []
        for message in waiting:
            queued: Any = message.queued
            known = people[queued.contact_id]
            if known.id in ready:  # one at a time for each person, or the cap would not see the other
                continue
            judged = verdict(queued, plan, known.people, known.sent_before, at, tickets=known.tickets)
            if judged.reason:
                tasks.append(_task(queued, "suppress", SuppressMessage(queued.message_id, judged.reason)))
            elif judged.waits:
                tasks.append(_deferred(queued, *judged.waits))
            else:
                ready[known.id] = Ready(queued, message.attempt, known, judged.consent)
        return list(ready.values()), tasks

    def _recorded(self, done: list[Task], left: list[Remove]) -> None:
        self._batch.do(done, self._clock(), *left)

    def _one(self, server: smtplib.SMTP, ready: Ready) -> Task:
        template = self._templates.load([ready.queued.variant])[ready.queued.variant].state.current
        address = self._people.address(ready.known)
        if template is None or address is None:
            return _unfit(ready, "template" if template is None else "erased")
        person, key = self._people.person(ready.known), ready.queued.message_id
        try:
            mail = compose(template, person, address, key, ready.provider, self._links)
        except Unrenderable:
            return _unfit(ready, "template")
        return self._delivered(server, ready, mail, template, address)

    def _delivered(
        self, server: smtplib.SMTP, ready: Ready, mail: EmailMessage, template: TemplateDefined, address: str
    ) -> Task:
        match delivered(server, mail, template.sender, address, self._clock):
            case Sent(at):
                return _sent(ready, template, at)
            case NotTaken() as refusal:
                return _refused(ready, refusal)
            case Doubtful(note):
                return _parked(ready, note, settled(ready.provider, State.UNKNOWN, self._clock(), note))


def _task(queued: MessageQueued, what: str, command: Any, *writes: Write) -> Task:
    key = queued.message_id
    return Task(derived(what, key), Instruct(MESSAGE.category, key, command), queued.contact_id, writes)


def _deferred(queued: MessageQueued, reason: Waiting, until: datetime) -> Task:
    command = DeferMessage(queued.message_id, reason, until)
    return _task(queued, f"{reason} {until.isoformat()}", command)


def _refused(ready: Ready, refusal: NotTaken) -> Task:
    """For good it is a bounce; for now it certainly did not leave, and waits for another attempt."""
    key, at, detail = ready.queued.message_id, refusal.at, refusal.detail
    noted = settled(ready.provider, State.DONE, at, detail)
    if refusal.hard:
        return _task(ready.queued, "bounced", MarkBounced(key, "hard", detail), noted)
    return _task(ready.queued, f"refused {ready.attempt}", MarkRefused(key, ready.attempt, at, detail), noted)


def _unfit(ready: Ready, reason: Reason) -> Task:
    command = SuppressMessage(ready.queued.message_id, reason)
    return _task(ready.queued, "suppress", command, released(ready.provider))


def _parked(ready: Ready, note: str, *writes: Write) -> Task:
    command = MarkUnknown(ready.queued.message_id, ready.attempt, note)
    return _task(ready.queued, f"unknown {ready.attempt}", command, *writes)


def _sent(ready: Ready, template: TemplateDefined, at: datetime) -> Task:
    consent = ready.consent.consent_event_id if ready.consent else None
    key = ready.queued.message_id
    sent = MarkSent(key, ready.attempt, ready.provider, at, consent, template.version)
    recent = [moment for moment in ready.known.sent_before if at - moment < WEEK]
    remembered = Put(SENDS, {"_id": ready.known.id, "at": [*recent, at]})
    noted = settled(ready.provider, State.DONE, at)
    return _task(ready.queued, f"sent {ready.attempt}", sent, noted, remembered)
