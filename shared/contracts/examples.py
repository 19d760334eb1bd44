"""Golden events: one realistic event of each type, made once and readable for ever."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin

from shared.contracts.contract import Contract
from shared.contracts.derive import Shape, shape_of, shapes_of
from shared.events import Event, Meta
from shared.events.clock import rfc3339
from shared.events.ids import derived
from shared.events.wire import to_json

WHEN = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
PERSON = "c-9f2c4e1b7a6d5c3f8e0b1a2d"
# What a field of this name holds in real life; anything else is made from its type.
NAMED: dict[str, Any] = {
    "email": "ada.lovelace@example.com",
    "phone": "+44 20 7946 0958",
    "loyalty_id": "L-204711",
    "customer_no": "17850",
    "visitor_id": "v-3f0c5a9e",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "country": "United Kingdom",
    "birth_date": "1985-12-10",
    "currency": "GBP",
    "unit_price": "2.55",
    "quantity": 6,
    "sku": "85123A",
    "order_no": "536365",
    "order_id": "536365",
    "return_no": "C536379",
    "opportunity_no": "1C1I7A6R",
    "opportunity_id": "1C1I7A6R",
    "ticket_no": "T-1024",
    "ticket_id": "T-1024",
    "campaign_id": "spring-deposit",
    "page": "/heating/radiators",
    "screen": "basket",
    "store": "london-oxford-street",
    "handler": "agent-7",
    "owner": "Moses Frase",
    "stage": "Engaging",
    "from_stage": "Prospecting",
    "to_stage": "Engaging",
    "probability": 40,
    "probability_from": 10,
    "probability_to": 40,
    "product": "GTX Plus Basic",
    "organization": "Cancity",
    "medium": "cellular",
    "attempts": 2,
    "duration_s": 210,
    "network": "mastodon",
    "document_no": "INV-536365",
    "method": "card",
    "outcome": "answered",
    "subject": "Where is my parcel?",
    "message": "It was promised for Tuesday.",
    "note": "Parcel is with the carrier.",
    "category": "delivery",
    "offer_code": "SPRING10",
    "pipeline": "direct",
    "pipeline_id": "direct",
    "closed_on": "2026-05-01",
    "lost_reason": "price",
    "reason_code": "price",
    "reason": "damaged",
    "resolution_code": "redelivered",
    "root_cause": "carrier",
    "team": "parcels",
    "answer": "interested",
    "regarding": "536365",
    "referrer": "https://search.example.com/",
    "priority": "normal",
    "from_priority": "normal",
    "to_priority": "high",
    "override_reason": "signed on paper",
    "contact_id": PERSON,
    "survivor_id": PERSON,
    "absorbed_id": "c-1b7a6d5c3f8e0b1a2d9f2c4e",
    "other_id": "c-1b7a6d5c3f8e0b1a2d9f2c4e",
    "url": "https://erp.example.com/hooks",
    "types": ["rapport.sales.Order*"],
    "ref": "c-3f8e0b1a2d9f2c4e1b7a6d5c",
    "channels": ["call_center", "email"],
    "rule": "same_verified_email",
    "evidence": "logged in with the same e-mail address",
    "source": "web-shop",
    "place": "/heating/radiators",
    "interaction_id": "0b7e3c9a-5d41-5c7e-9a52-7d1f0c2b8e64",
    "merge_event_id": "5a1f8a0e-1c55-5e0b-8f0d-2f7c4b9d6e33",
    "request_id": "erasure-2026-117",
    "aliases": ["c-3f8e0b1a2d9f2c4e1b7a6d5c"],
    "digest": "5d41402abc4b2a76b9719d911017c592",
    "brings": {"c-3f8e0b1a2d9f2c4e1b7a6d5c": "email"},
    "level": 2,
    "to_price": "2.75",
    "from_price": "2.55",
    "price": "2.75",
    "discount": "10",
    "limit": "15",
    "available": 42,
    "report_id": "erp:stock-2026-05-01",
    "quote_id": "Q-2026-17",
    "lead_id": "L-81",
    "interest": "term deposit",
    "issuer_zone": "Europe/London",
    "competitor": "acme",
    "model_version": "points-1",
    "cycle": 1,
    "sender": "shop@example.com",
    "recipients": ["boss@example.com"],
    "sent_to": ["boss@example.com"],
    "refused": ["gone@example.com"],
    "unknown": ["slow@example.com"],
    "window_days": 30,
    "effect": "-0.02",
    "periods": 12,
    "begins": "21:00",
    "ends": "08:00",
    "zone": "Europe/London",
    "list_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "opens": "09:00",
    "closes": "17:00",
    "survey_days": 14,
    "score": 4,
    "event": "rapport.sales.OrderCancelled.v1",
    "times": 3,
    "months": 24,
    "objective": "Two hundred new term deposits by the end of June",
}
T_LIGHT = "White hanging heart T-light holder"
TITLES = {"Line": T_LIGHT, "OrderLine": T_LIGHT, "CampaignPlanned": "Spring deposit"}
# Names that mean something else in one payload than in the others.
OWN = {
    ("ChurnRiskRaised", "score"): "0.82",
    ("ChurnRiskEased", "score"): "0.31",
    ("DuplicateSuspected", "score"): "0.97",
    ("Measured", "value"): "0.08",
    ("Target", "value"): "0.08",
    ("Target", "tolerance"): "0.005",
    ("Target", "change_percent"): "-20",
    ("Query", "limit"): 20,
    ("Limits", "tier_shares"): [50, 80, 95],
    ("Limits", "lapsed_after_days"): 365,
    ("Limits", "least_order_days"): 3,
    ("Limits", "lost_gaps"): 4,
    ("Limits", "raised_at"): "0.75",
    ("Limits", "eased_under"): "0.5",
    ("ReportRendered", "content_hash"): "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
SEALED = f"sealed:{PERSON}:bm90LWEtcmVhbC1zZWFsLW9ubHktYW4tZXhhbXBsZQ=="


def golden(contract: Contract) -> dict[str, Any]:
    """Return the golden event: a CloudEvent in structured mode whose data the contract accepts."""
    data = contract.check(example(contract.payload))
    if contract.type.startswith("channel."):
        return _channel_event(contract.type, data)
    _, service, kind, schema = contract.type.split(".")
    stream = f"{service}-golden"
    data |= dict.fromkeys(contract.personal, SEALED)
    recorded = Event(
        derived("golden", contract.type), service, stream, 1, 1, 0, 0, kind, int(schema[1:]), data,
        WHEN, WHEN, Meta(derived("command", contract.type), derived("golden"), customer=PERSON),
    )  # fmt: skip
    return to_json(recorded)


def _channel_event(type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": derived("golden", type_),
        "source": f"{type_.split('.')[1]}-golden",
        "type": type_,
        "time": rfc3339(WHEN),
        "datacontenttype": "application/json",
        "data": data,
    }


def example(cls: type) -> dict[str, Any]:
    """Return data of a payload with every field filled that says something about the person or the deal."""
    shapes = shapes_of(cls)
    found = {f.name: _value(cls, f.name, shapes[f.name]) for f in fields(cls)}
    optional = {f.name for f in fields(cls) if f.default is not MISSING}
    return {n: v for n, v in found.items() if not (v is None and n in optional)}


def _value(cls: type, name: str, shape: Shape) -> Any:
    if name == "name":
        return TITLES.get(cls.__name__, "Ada Lovelace")
    said = OWN.get((cls.__name__, name), NAMED.get(name))
    mapping = get_origin(shape.kind) is dict
    if said is not None and isinstance(said, dict) == mapping and _fits(said, shape):
        return said
    return _of_kind(name, shape)


def _fits(value: Any, shape: Shape) -> bool:
    if get_origin(shape.kind) is Literal:
        return value in get_args(shape.kind)
    if shape.kind is int:
        return isinstance(value, int)
    return not is_dataclass(shape.kind) and shape.kind is not datetime


def _of_kind(name: str, shape: Shape) -> Any:
    if is_dataclass(shape.kind):
        return example(shape.kind)  # type: ignore[arg-type]
    origin = get_origin(shape.kind)
    if origin is Literal:
        return get_args(shape.kind)[0]
    if origin in (list, tuple):
        return [_of_kind(name, shape_of(get_args(shape.kind)[0]))]
    if origin is not None:
        return {}
    return _plain(name, shape)


def _plain(name: str, shape: Shape) -> Any:
    """A number of a narrow range needs a name above; `golden` checks."""
    plain: dict[Any, Any] = {
        bool: True,
        int: 1530,
        float: 0.5,
        date: "2026-04-20",
        datetime: rfc3339(WHEN),
    }
    return plain.get(shape.kind, name.replace("_", "-"))
