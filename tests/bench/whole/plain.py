"""The CRM without event sourcing, in plain nameko: `door URL PORT` and `view URL MONGODB DATABASE`.

The door checks and dispatches every event, the view updates the customer's document for every event.
"""

# ruff: noqa: E402 - the patch comes first
import eventlet

eventlet.monkey_patch()

import sys
from typing import Any

import orjson
from nameko.containers import ServiceContainer
from nameko.events import EventDispatcher, event_handler
from nameko.web.handlers import http
from pymongo import MongoClient
from werkzeug.wrappers import Request, Response

from shared.contracts.catalogue import CATALOGUE

ROLE, URL, *REST = sys.argv[1:] if __name__ == "__main__" else ("", "")


class Door:
    """Takes batches over HTTP."""

    name = "plain"
    dispatch = EventDispatcher()

    @http("POST", "/v1/events")
    def events(self, request: Request) -> Response:
        """Check and dispatch one after the other."""
        items = orjson.loads(request.get_data())
        for item in items:
            CATALOGUE[item["type"]].check(item["data"])
            self.dispatch("event", item)
        return Response(orjson.dumps({"accepted": len(items), "rejected": 0}), status=202)


class View:
    """Keeps one document per customer."""

    name = "view"
    customers: Any = None

    @event_handler("plain", "event")
    def receive(self, event: dict[str, Any]) -> None:
        """Update the customer of one event."""
        data = event["data"]
        kind = event["type"].split(".")[2]
        spent = sum(float(line["unit_price"]) * line["quantity"] for line in data.get("lines", ()))
        change = {
            "$inc": {"events": 1, f"kinds.{kind}": 1, "spent": spent},
            "$max": {"last_at": event["time"]},
            "$set": {"email": data["customer"]["email"]},
        }
        View.customers.update_one({"_id": data["customer"]["customer_no"]}, change, upsert=True)


if __name__ == "__main__":
    config: dict[str, Any] = {"AMQP_URI": URL, "max_workers": 10}
    if ROLE == "door":
        config["WEB_SERVER_ADDRESS"] = f"127.0.0.1:{REST[0]}"
    else:
        View.customers = MongoClient(REST[0])[REST[1]]["customers"]
    container = ServiceContainer(Door if ROLE == "door" else View, config)
    container.start()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    container.wait()
