"""Views for analysts on the journal, one row per event: the columns of the exported tables of facts."""

from services.analytics.exports.care import CODES
from services.analytics.exports.care import STEP as TICKET_STEP
from services.analytics.exports.events import STEP
from services.analytics.exports.mongo_words import Expression, Pipeline, either, id_in, journaled, named

EVENT = {
    "event_id": "$id", "occurred_at": "$occurred_at", "recorded_at": "$recorded_at",
    "channel": "$meta.channel",
}  # fmt: skip
# MongoDB can neither write a document as JSON nor empty what is sealed at any depth of it.
NOT_IN_VIEWS = frozenset({("events", "data")})


def _data(*names: str) -> dict[str, Expression]:
    return {name: f"$data.{name}" for name in names}


def _events() -> Pipeline:
    full = {"$concat": ["rapport.", "$service", ".", "$type", ".v", {"$toString": "$schema"}]}
    meta = {name: f"$meta.{name}" for name in ("actor", "correlation_id", "causation_id")}
    own = {name: f"${name}" for name in ("service", "stream", "version", "position")}
    return journaled((), {**EVENT, "type": full, **own, **meta})


def _messages() -> Pipeline:
    return journaled(tuple(STEP), {
        **EVENT, "message_id": id_in("$stream"), "step": named("$type", STEP),
        "reason": either("$data.reason", "$data.kind"), **_data("campaign_id", "automated"),
    })  # fmt: skip


def _consents() -> Pipeline:
    return journaled(("ConsentGranted", "ConsentWithdrawn"), {
        **EVENT, **_data("purpose", "legal_basis", "text_version"), "consent_channel": "$data.channel",
        "granted": {"$eq": ["$type", "ConsentGranted"]},
    })  # fmt: skip


def _segment_changes() -> Pipeline:
    entered = {"$eq": ["$type", "SegmentEntered"]}
    columns = {**EVENT, **_data("segment_id", "segment_version"), "entered": entered}
    return journaled(("SegmentEntered", "SegmentExited"), columns)


def _ticket_steps() -> Pipeline:
    clocks = {type_: "$data.kind" for type_ in TICKET_STEP if type_.startswith("Sla")}
    return journaled(tuple(TICKET_STEP), {
        **EVENT, **_data("ticket_id", "category", "handler", "team"), "step": named("$type", TICKET_STEP),
        "priority": either("$data.priority", "$data.to_priority"), "clock": named("$type", clocks),
        "code": either(*(f"$data.{name}" for name in CODES)),
    })  # fmt: skip


def _surveys() -> Pipeline:
    told = _data("survey_id", "ticket_id", "kind", "score", "low")
    columns = {**EVENT, **told, "correction": either("$data.correction", False)}
    return journaled(("SurveyResponded",), columns)


EVENT_VIEWS: tuple[tuple[str, Pipeline], ...] = (
    ("events", _events()),
    ("messages", _messages()),
    ("consents", _consents()),
    ("segment_changes", _segment_changes()),
    ("ticket_steps", _ticket_steps()),
    ("surveys", _surveys()),
)
