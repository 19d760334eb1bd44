"""The AsyncAPI document of each service."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from services.contracts import contracts
from shared.contracts.asyncapi import asyncapi

# Published by the AsyncAPI Initiative under Apache-2.0: schemas/3.0.0-without-$id.json of @asyncapi/specs.
OFFICIAL = Path(__file__).parents[2] / "contract" / "asyncapi-3.0.0.json.gz"
SERVICES = ("contacts", "sales", "campaigns", "support")


@cache
def official():
    """Return the validator of AsyncAPI documents."""
    return Draft7Validator(json.loads(gzip.decompress(OFFICIAL.read_bytes())))


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid(service):
    """It passes the schema that the AsyncAPI Initiative publishes."""
    wrong = [
        f"{e.json_path}: {e.message[:200]}" for e in official().iter_errors(asyncapi(service, contracts()))
    ]

    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_leads_somewhere(service):
    """No message or schema is named that is not there."""
    document = asyncapi(service, contracts())

    for reference in _references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_a_service_hears_channels_and_tells_events():
    """Channel types are received, domain events sent; those of other services are left out."""
    operations = asyncapi("sales", contracts())["operations"]

    assert operations["receive.channel.web.order_placed.v1"]["action"] == "receive"
    assert operations["send.rapport.sales.OrderPlaced.v1"]["action"] == "send"
    assert not any("support" in name or "ticket" in name for name in operations)


def _references(value):
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
