"""The documentation is generated from the routes, valid, and readable without scripts."""

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from re import search

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.http_sample import Sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    """One application."""
    return Sample()


def test_the_document_is_valid(sample: Sample) -> None:
    """The document passes the OpenAPI 3.1 schema."""
    OpenAPIV31SpecValidator(sample.client.get("/openapi.json").json).validate()


def test_every_route_is_documented(sample: Sample) -> None:
    """Each operation has its parameters, schemas, refusals and security; the fixed routes are left out."""
    paths = sample.client.get("/openapi.json").json["paths"]
    assert "/healthz" not in paths
    listing = paths["/v1/pets"]["get"]
    assert [p["name"] for p in listing["parameters"]] == ["limit", "cursor"]
    items = listing["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["items"]
    assert items["items"] == {"$ref": "#/components/schemas/Pet"}
    assert "Scope: `pets:read`." in listing["description"]
    put = paths["/v1/pets/{name}"]["put"]
    assert {p["name"] for p in put["parameters"] if p["required"]} == {"name", "If-Match"}
    assert {"412", "428", "422", "401"} <= put["responses"].keys()
    assert paths["/v1/pets/{name}/visits/{number}"]["get"]["parameters"][1]["schema"]["type"] == "integer"


def test_operation_ids_are_unique(sample: Sample) -> None:
    """No two operations share an id, so links and generated clients work."""
    paths = sample.client.get("/openapi.json").json["paths"]
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


class Page(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, its id and where it links to."""
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if name in ("href", "src"):
                self.links.add(value)


def test_the_page_needs_nothing_else(sample: Sample) -> None:
    """The reference has no script, asks no other server, and its style is the one its policy names."""
    answer = sample.client.get("/docs")
    page = Page(answer.text)
    assert "script" not in page.tags
    assert {link for link in page.links if not link.startswith("#")} == {"/openapi.json"}
    style = search("<style>(.*?)</style>", answer.text.replace("\n", "\0"))[1].replace("\0", "\n")
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in answer.headers["Content-Security-Policy"]


def test_every_link_of_the_page_leads_somewhere(sample: Sample) -> None:
    """Each link inside the page has its target, operations and schemas alike."""
    page = Page(sample.client.get("/docs").text)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids


def test_the_page_shows_how_to_call(sample: Sample) -> None:
    """Every operation has a curl example; a body in it is one the service would accept."""
    text = sample.client.get("/docs").text
    assert text.count("curl -X") == sum(route.options.documented for route in sample.app.routes)
    assert "{&quot;name&quot;: &quot;text&quot;}" in text


def test_the_asyncapi_document_is_served(sample: Sample) -> None:
    """What the service says about its events is served without a key."""
    assert sample.client.get("/asyncapi.json").json == {"asyncapi": "3.0.0"}
