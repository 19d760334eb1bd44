"""Send the reports that are due: rendered as of their moment, to each recipient once whatever dies.

The order is: render, claim durably, hand over, record. A process that dies between claim and record leaves a
claim: that recipient is then told as unknown, and nothing is sent to them again by itself.
"""

import logging
import smtplib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.analytics.domain.report import NoteFailure, NoteSending, ReportTemplateSaved, Schedule, Template
from services.analytics.reports.formats import render
from services.analytics.reports.mail import compose
from services.analytics.reports.page import Page
from services.analytics.reports.rendering import Rendering
from shared.consume.effects import State
from shared.decide import Context, Streams
from shared.errors import Rejected
from shared.events import Meta
from shared.events.clock import Clock
from shared.events.ids import derived
from shared.listing.listing import Listing
from shared.mail.claims import EFFECTS, claim, settled
from shared.mail.handover import Doubtful, NotTaken, Outcome, Sent, delivered, hand_over
from shared.mail.smtp import Smtp
from shared.relay.lease import Leadership
from shared.store.port import Commit, Store
from shared.store.write import Remove

log = logging.getLogger(__name__)

LOT, LONGEST_REASON = 20, 2_000


class Sending:
    """One leader sends the reports that wait. Raises Unsent when the mail server is away."""

    def __init__(
        self, store: Store, streams: Streams[Template], waiting: Listing, rendering: Rendering, smtp: Smtp,
        leadership: Leadership, clock: Clock,
    ) -> None:  # fmt: skip
        self._store, self._streams, self._waiting = store, streams, waiting
        self._rendering, self._smtp, self._leadership, self._clock = rendering, smtp, leadership, clock

    def step(self) -> int:
        """Send what waits; return how many reports that were."""
        if not self._leadership.hold():
            return 0
        lines = self._waiting.page({"waiting": "yes"}, None, LOT)
        for line in lines:
            template = self._streams.load([line["id"]], fresh=True)[line["id"]].state
            if template.waiting and template.current and template.current.schedule:
                self._send(template, template.current.schedule, template.waiting)
        return len(lines)

    def _send(self, template: Template, schedule: Schedule, due: datetime) -> None:
        assert template.current is not None  # noqa: S101 - what waits has a version
        try:
            page = self._rendering.page(template.current, due, due)
        except Rejected as refused:  # the template asks what there is not: others wait behind it
            self._failed(template.current, due, str(refused))
            return
        contents: dict[str, bytes] = {form: render(form, page) for form in schedule.formats}
        self._rendering.note(template.current, page, contents)
        outcomes = self._mail(page, contents, schedule, due)
        told = {
            state: tuple(r for r, s in outcomes.items() if s == state) for state in set(outcomes.values())
        }
        command = NoteSending(
            page.template, due, told.get("sent", ()), told.get("refused", ()), told.get("unknown", ())
        )
        self._note("report sent", command)

    def _failed(self, template: ReportTemplateSaved, due: datetime, reason: str) -> None:
        log.warning("report %s of %s is not sent: %s", template.template_id, due, reason)
        said = reason[:LONGEST_REASON]
        self._note("report failed", NoteFailure(template.template_id, template.version, due, said))

    def _note(self, what: str, command: NoteSending | NoteFailure) -> None:
        name = derived(what, command.template_id, command.due_at.isoformat())
        meta = Meta(name, derived("correlation", name), actor="system:reports", channel="email")
        self._streams.handle(command.template_id, command, Context(self._clock(), meta))

    def _mail(
        self, page: Page, contents: Mapping[str, bytes], schedule: Schedule, due: datetime
    ) -> dict[str, str]:
        names = {derived("report", page.template, due.isoformat(), r): r for r in schedule.recipients}
        claimed = claim(self._store, list(names), self._clock())
        known = self._store.fetch(EFFECTS, [name for name in names if name not in claimed])
        outcomes = {name: _remembered(known.get(name)) for name in names if name not in claimed}

        def one(server: smtplib.SMTP, name: str) -> tuple[str, str]:
            mail = compose(page, contents, schedule.sender, names[name], name)
            return name, _WORDS[type(delivered(server, mail, schedule.sender, names[name], self._clock))]

        waiting = {name: name for name in names if name in claimed}
        hand_over(self._smtp, waiting, one, partial(self._settle, outcomes))
        return {names[name]: word for name, word in outcomes.items()}

    def _settle(self, outcomes: dict[str, str], done: list[tuple[str, str]], left: list[Remove]) -> None:
        outcomes.update(done)
        writes = (settled(name, _STATES[word], self._clock(), word) for name, word in done)
        self._store.commit([Commit((), (*writes, *left))])


_WORDS: dict[type[Outcome], str] = {Sent: "sent", NotTaken: "refused", Doubtful: "unknown"}
_STATES = {"sent": State.DONE, "refused": State.DONE, "unknown": State.UNKNOWN}


def _remembered(effect: Mapping[str, Any] | None) -> str:
    """Return what an earlier try noted; one that noted nothing died in the middle."""
    done = effect is not None and effect["state"] == State.DONE.value
    return str(effect["note"]) if effect and done else "unknown"
