"""Who brought the customer."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, stamp
from shared.events import Event


def project(referral: State, event: Event) -> dict[str, Any]:
    """The earliest referral counts (C-10)."""
    data = event.data
    told = stamp(event, **{name: data.get(name) for name in ("referrer_id", "program", "referred_at")})
    if referral and _rank(referral) <= _rank(told):
        return dict(referral)
    return told


def _rank(referral: State) -> tuple[str, str]:
    return referral["referred_at"], referral["by"]


SECTION = Section("referral", frozenset({"ReferralRecorded"}), project)
