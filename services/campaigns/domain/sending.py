"""May this message leave now? Asked at the moment of sending, never before (M-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.campaigns.domain.campaign import CampaignPlanned, QuietHours
from services.campaigns.domain.message.events import MessageQueued, Reason, Waiting
from services.campaigns.domain.recipient import Entry, Recipient, permission
from services.campaigns.domain.recipient.tickets import OpenTicket, holds

WEEK, LOOK_AGAIN = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reason to suppress it, or why and until when it waits, or the consent it relies on."""

    reason: Reason | None
    consent: Entry | None = None
    waits: tuple[Waiting, datetime] | None = None


def verdict(
    queued: MessageQueued,
    plan: CampaignPlanned,
    people: Sequence[Recipient],
    sent_before: Sequence[datetime],
    at: datetime,
    tickets: Sequence[OpenTicket] = (),
) -> Verdict:
    """Judge a message by what is known of the person under all ids, and of what was sent before.

    Quiet hours are on the clocks of the person's zone if known, else of the campaign's; a message waits
    for their end, unless the campaign is over by then. For `tickets` that the campaign minds it waits, an
    hour at a time, as long as the campaign is open.
    """
    zone = next((p.zone for p in people if p.zone), None)
    consent = permission(people, queued.purpose, queued.channel, at)
    closes = plan.window.closes if plan.window else None
    until = quiet_until(plan.quiet_hours, at, zone) if plan.quiet_hours else None
    held = holds(plan.hold_for_tickets, tickets)
    reasons: list[tuple[bool, Reason]] = [
        (any(p.status == "erased" for p in people), "erased"),
        (consent is None, "consent"),
        (all(p.address is None for p in people), "no_address"),
        (any(p.blocked for p in people), "bounced"),
        (held and closes is not None and at >= closes, "ticket"),
        (plan.window is not None and not plan.window.opens <= at < plan.window.closes, "closed"),
        (plan.cap_per_week is not None and _recent(sent_before, at) >= plan.cap_per_week, "cap"),
        (until is not None and closes is not None and until >= closes, "quiet_hours"),
    ]
    found = next((reason for holds, reason in reasons if holds), None)
    if found:
        return Verdict(found, consent)
    if held:
        return Verdict(None, consent, ("ticket", min(at + LOOK_AGAIN, closes or at + LOOK_AGAIN)))
    return Verdict(None, consent, ("quiet_hours", until) if until else None)


def quiet_until(quiet: QuietHours, at: datetime, zone: str | None = None) -> datetime | None:
    """Return the end of the quiet hours a moment lies in, on the clocks of the zone; None outside them."""
    clocks = ZoneInfo(zone or quiet.zone)
    here = at.astimezone(clocks)
    if not _is_quiet(quiet, here.strftime("%H:%M")):
        return None
    end = datetime.combine(here.date(), time.fromisoformat(quiet.ends), clocks)
    # Clocks that are put back show a time twice, and one of both may be over.
    ends = (
        day.replace(fold=fold).astimezone(UTC) for day in (end, end + timedelta(days=1)) for fold in (0, 1)
    )
    return next(moment for moment in ends if moment > at)


def _is_quiet(quiet: QuietHours, clock: str) -> bool:
    if quiet.begins <= quiet.ends:
        return quiet.begins <= clock < quiet.ends
    return clock >= quiet.begins or clock < quiet.ends


def _recent(sent_before: Sequence[datetime], at: datetime) -> int:
    return sum(at - moment < WEEK for moment in sent_before)
