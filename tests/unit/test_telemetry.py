"""Logs are JSON with their correlation id, traces continue, and metrics have fixed names."""

import json
import logging

import pytest

from shared.telemetry import logs, metrics, trace

HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def _restored_logging():
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("_restored_logging")
def test_a_line_is_json_with_its_context(capsys) -> None:
    """Each line is one JSON object with service, component, level, time and what was bound."""
    logs.configure("sales", "info")
    with logs.bound(correlation_id="c-1"):
        logs.get("relay").info("published", count=3)
    logs.get("relay").debug("unseen")
    line = json.loads(capsys.readouterr().out)
    assert (
        line.items() >= {"service": "sales", "component": "relay", "event": "published", "count": 3}.items()
    )
    assert line["correlation_id"] == "c-1"
    assert line["level"] == "info"
    assert line["time"].endswith("Z")


@pytest.mark.usefixtures("_restored_logging")
def test_libraries_log_the_same_way(capsys) -> None:
    """A library's warning is JSON too, traceback included; its chatter is dropped."""
    logs.configure("sales", "info")
    logging.getLogger("kombu").info("chatter")
    try:
        int("boom")
    except ValueError:
        logging.getLogger("kombu").exception("broken %s", "pipe")
    line = json.loads(capsys.readouterr().out)
    assert line.items() >= {"component": "kombu", "event": "broken pipe", "service": "sales"}.items()
    assert "ValueError: invalid literal" in line["exception"]


def test_a_trace_continues() -> None:
    """The caller's trace id stays, the span is new."""
    span = trace.continued(HEADER)
    assert span.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert span.span_id != "00f067aa0ba902b7"
    assert str(trace.parse(str(span))) == str(span)


@pytest.mark.parametrize(
    "text",
    [None, "", "00-abc", HEADER.upper(), "ff" + HEADER[2:], HEADER + "-x", f"00-{'0' * 32}-{'1' * 16}-01"],
)
def test_a_broken_trace_header_starts_a_new_trace(text) -> None:
    """What the recommendation calls invalid is ignored, never an error."""
    assert trace.parse(text) is None
    assert len(trace.continued(text).trace_id) == 32


def test_metrics_are_exported_by_name() -> None:
    """What is counted appears in the exposition under its fixed name."""
    metrics.EVENTS_CONSUMED.labels(outcome="applied").inc()
    text = metrics.exposition().decode()
    for name in (
        "events_consumed_total{outcome=",
        "http_requests_total",
        "events_appended_total",
        "append_aborts_total",
    ):
        assert f"rapport_{name}" in text
