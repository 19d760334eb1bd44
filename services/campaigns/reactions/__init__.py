"""What the events of other services, and some of its own, mean to campaigns (C6)."""

from services.campaigns.reactions import journeys, orders, people, social
from shared.react import React

REACTIONS: dict[str, React] = {
    "rapport.contacts.ContactIdentifierLinked.v1": people.identifier_linked,
    "rapport.contacts.ContactPointAdded.v1": people.point_added,
    "rapport.contacts.ContactIdentifierUnlinked.v1": people.address_gone,
    "rapport.contacts.ContactPointRemoved.v1": people.address_gone,
    "rapport.contacts.ProfileAttributeChanged.v1": people.attribute_changed,
    "rapport.contacts.ConsentGranted.v1": people.consent_granted,
    "rapport.contacts.ConsentWithdrawn.v1": people.consent_withdrawn,
    "rapport.contacts.ContactsMerged.v1": people.contacts_merged,
    "rapport.contacts.ContactsUnmerged.v1": people.contacts_merged,
    "rapport.contacts.ContactErased.v1": people.contact_erased,
    "rapport.contacts.InteractionRecorded.v1": social.interaction_recorded,
    "rapport.sales.LeadRecycled.v1": journeys.lead_recycled,
    "rapport.sales.OrderPlaced.v1": orders.order_placed,
    "rapport.sales.OrderCancelled.v1": orders.order_cancelled,
    "rapport.campaigns.RedemptionReleased.v1": orders.redemption_released,
    "rapport.campaigns.ContactEnrolled.v1": people.contact_enrolled,
    "rapport.campaigns.RecipientConsentNoted.v1": journeys.consent_noted,
    "rapport.campaigns.RecipientErased.v1": journeys.recipient_erased,
    "rapport.campaigns.StepReached.v1": journeys.step_reached,
    "rapport.campaigns.MessageOpened.v1": journeys.engaged,
    "rapport.campaigns.LinkClicked.v1": journeys.engaged,
    "rapport.campaigns.MessageReplied.v1": journeys.engaged,
    "rapport.campaigns.MessageBounced.v1": people.message_bounced,
    "rapport.campaigns.ComplaintReceived.v1": people.complaint_received,
    "rapport.campaigns.UnsubscribeRequested.v1": people.unsubscribe_requested,
}
