"""Audiences from living segments: read page by page, as of one moment and version."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from services.campaigns.segments import Membership, Segments
from shared.errors import Conflict, Invalid, NotFound, Unavailable

AT, MARK = datetime(2026, 5, 1, 10, tzinfo=UTC), {"sales": 7, "contacts": 9}
PAGES = {None: (["c-1", "c-2"], "p2"), "p2": (["c-3"], None)}


class Analytics(BaseHTTPRequestHandler):
    """Tells the members of `loyal` in two pages."""

    asked: list[dict[str, str]] = []  # noqa: RUF012 - what all requests have asked, on purpose
    version = 3

    def do_GET(self) -> None:
        """Answer one page."""
        path, query = urlsplit(self.path), {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        Analytics.asked.append(query)
        items, more = PAGES[query.get("cursor")] if "loyal" in path.path else ([], None)
        status = 404 if "unknown" in path.path else 200
        version = Analytics.version if query.get("cursor") else 3
        told = {"items": items, "next_cursor": more, "segment_version": version, "watermark": MARK}
        body = (
            {"detail": "no such segment"} if status == 404 else {**told, "as_of": "2026-05-01T10:00:00.000Z"}
        )
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def segments() -> Iterator[Segments]:
    """The segments of an analytics that listens."""
    Analytics.asked, Analytics.version = [], 3
    server = ThreadingHTTPServer(("127.0.0.1", 0), Analytics)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield Segments(f"http://127.0.0.1:{server.server_port}", "key")
    server.shutdown()
    server.server_close()


def test_m4_all_pages_are_as_of_one_moment_and_version(segments: Segments):
    """M-4: the second page is asked for as the first one answered."""
    found = segments.members("loyal", None, None)

    mark = '{"contacts": 9, "sales": 7}'
    assert found == Membership(("c-1", "c-2", "c-3"), 3, AT, mark)
    assert "as_of" not in Analytics.asked[0]
    same = {name: Analytics.asked[1][name] for name in ("as_of", "version", "cursor")}
    assert same == {"as_of": "2026-05-01T10:00:00.000Z", "version": "3", "cursor": "p2"}


def test_a_segment_that_changes_while_it_is_read_is_refused(segments: Segments):
    """Half of one version and half of another are no audience."""
    Analytics.version = 4
    with pytest.raises(Conflict, match="changed"):
        segments.members("loyal", AT, None)


def test_no_members_no_segment_no_analytics(segments: Segments):
    """Each says so."""
    with pytest.raises(Invalid, match="no members"):
        segments.members("empty", None, None)
    with pytest.raises(NotFound, match="no such segment"):
        segments.members("unknown", None, None)
    with pytest.raises(Unavailable, match="analytics"):
        Segments("http://127.0.0.1:9", "key").members("loyal", None, None)
