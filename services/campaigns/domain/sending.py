"""May this message leave now? Asked at the moment of sending, never before (M-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.campaigns.domain.campaign import CampaignPlanned, QuietHours
from services.campaigns.domain.message.events import MessageQueued, Reason
from services.campaigns.domain.recipient import Entry, Recipient, permission

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the reason to suppress it, or the consent it relies on."""

    reason: Reason | None
    consent: Entry | None = None


def verdict(
    queued: MessageQueued,
    plan: CampaignPlanned,
    people: Sequence[Recipient],
    sent_before: Sequence[datetime],
    at: datetime,
) -> Verdict:
    """Judge a message by what is known of the person under all ids, and of what was sent before."""
    consent = permission(people, queued.purpose, queued.channel, at)
    reasons: list[tuple[bool, Reason]] = [
        (any(p.status == "erased" for p in people), "erased"),
        (consent is None, "consent"),
        (all(p.address is None for p in people), "no_address"),
        (any(p.blocked for p in people), "bounced"),
        (plan.window is not None and not plan.window.opens <= at < plan.window.closes, "closed"),
        (plan.cap_per_week is not None and _recent(sent_before, at) >= plan.cap_per_week, "cap"),
        (plan.quiet_hours is not None and is_quiet(plan.quiet_hours, at), "quiet_hours"),
    ]
    found = next((reason for holds, reason in reasons if holds), None)
    return Verdict(found, consent)


def is_quiet(quiet: QuietHours, at: datetime) -> bool:
    """Tell whether a moment lies in the quiet hours on the clocks of their zone."""
    clock = at.astimezone(ZoneInfo(quiet.zone)).strftime("%H:%M")
    if quiet.begins <= quiet.ends:
        return quiet.begins <= clock < quiet.ends
    return clock >= quiet.begins or clock < quiet.ends


def _recent(sent_before: Sequence[datetime], at: datetime) -> int:
    return sum(at - moment < WEEK for moment in sent_before)
