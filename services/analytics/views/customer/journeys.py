"""Journeys the customer is or was in, and the offers the customer was given and used."""

from typing import Any

from services.analytics.views.customer.section import Section
from services.analytics.views.latest import State, with_change, with_item, with_new
from shared.events import Event

ENROLMENTS = 20
TYPES = frozenset({"ContactEnrolled", "StepReached", "EnrollmentExited", "EnrollmentCompleted"})
GIVEN = frozenset({"OfferIssued", "OfferRedeemed"})


def project(journeys: State, event: Event) -> dict[str, Any]:
    """Follow every enrolment by its own stream."""
    data, number = event.data, event.data["enrolment_id"]
    match event.type:
        case "ContactEnrolled":
            told = {name: data[name] for name in ("journey_id", "version", "campaign_id", "cycle")}
            return with_new(
                journeys, "items", number, {"status": "active", "at": event.occurred_at, **told}, ENROLMENTS
            )
        case "StepReached":
            return with_change(journeys, "items", number, step=data["step"])
        case "EnrollmentExited":
            return with_change(journeys, "items", number, status="exited", reason=data["reason"])
    return with_change(journeys, "items", number, status="completed")


def offered(offers: State, event: Event) -> dict[str, Any]:
    """Keep every code the customer was given, and which order used it."""
    data = event.data
    if event.type == "OfferIssued":
        known = offers.get("codes", {}).get(data["code"], {})
        return with_item(offers, "codes", data["code"], {"offer_id": data["offer_id"], **known})
    used = {"offer_id": data["offer_id"], "order_id": data["order_id"], "redeemed_at": event.occurred_at}
    return with_item(offers, "codes", data["code"], used)


JOURNEYS = Section("journeys", TYPES, project)
OFFERS = Section("offers", GIVEN, offered)
