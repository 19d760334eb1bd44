"""The channel library against a real broker."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from shared.channel import Channel, NotEmitted
from tests.waiting import eventually

pytestmark = pytest.mark.integration


def emit_pages(channel, count, start=0):
    """Emit page views of one visitor and return their ids."""
    return [
        channel.emit("web.page_viewed", customer={"visitor_id": "v-1"}, data={"page": f"/{start + number}"})
        for number in range(count)
    ]


def arrived(inbox):
    """The ids that arrived, in order."""
    return [properties.message_id for _, properties, _ in inbox.read()]


def test_an_event_arrives_as_a_cloud_event(broker, inbox, tmp_path):
    """Binary mode, persistent, string headers, partition in the routing key."""
    moment = datetime(2026, 1, 31, 12, tzinfo=UTC)
    with Channel(broker.url, "web-shop", spool=tmp_path) as channel:
        customer = {"email": "a@b.c"}
        event_id = channel.emit("web.page_viewed", customer=customer, data={"page": "/"}, time=moment)
    [(method, properties, body)] = inbox.read()
    headers = properties.headers
    assert json.loads(body) == {"page": "/", "customer": {"email": "a@b.c"}}
    assert (headers["ce-id"], headers["ce-source"]) == (event_id, "web-shop")
    assert headers["ce-time"] == "2026-01-31T12:00:00.000Z"
    assert method.routing_key == f"channel.web.page_viewed.v1.{headers['ce-partition']}"
    assert (properties.delivery_mode, properties.message_id) == (2, event_id)
    assert all(isinstance(value, str) for value in headers.values())


def test_a_wrong_event_is_told_at_once(broker, inbox, tmp_path):
    """NotEmitted names every field; nothing is sent."""
    with Channel(broker.url, "web-shop", spool=tmp_path) as channel, pytest.raises(NotEmitted) as caught:
        channel.emit("web.page_viewed", data={"duration_s": -1})
    assert caught.value.errors == [("/data/page", "is missing"), ("/data/duration_s", "is below 0")]
    assert inbox.read() == []


def test_many_threads_lose_nothing_and_keep_their_order(broker, inbox, tmp_path):
    """A window of unconfirmed messages is in flight; each thread's events arrive in its order."""
    channel = Channel(broker.url, "web-shop", spool=tmp_path, memory=500)
    sent = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda box=box: box.extend(emit_pages(channel, 500))) for box in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert channel.flush(20).complete
    channel.close()
    got = arrived(inbox)
    assert sorted(got) == sorted(each for box in sent for each in box)
    for box in sent:
        mine = set(box)
        assert [each for each in got if each in mine] == box


def test_events_of_an_outage_arrive_with_the_same_ids(broker, inbox, tmp_path):
    """While the broker is away emit goes on; afterwards everything arrives once it is back."""
    channel = Channel(broker.url, "web-shop", spool=tmp_path)
    before = emit_pages(channel, 3)
    assert channel.flush(10).complete
    broker.kill()
    eventually(lambda: channel.report().problem or channel.emit("web.page_viewed", data={"page": "/lost?"}))
    during = emit_pages(channel, 5, 3)
    report = channel.flush(0.1)
    assert report.pending >= 5
    assert "away" in report.problem
    broker.start()
    assert channel.flush(30).complete
    channel.close()
    got = arrived(inbox)
    assert [each for each in got if each in set(before + during)] == before + during
    assert list(tmp_path.glob("*.spool")) == []


def test_a_spool_outlives_its_process(broker, inbox, tmp_path):
    """What one process could not send the next one sends, with the same ids."""
    nowhere = "amqp://guest:guest@127.0.0.1:1/"
    first = Channel(nowhere, "web-shop", spool=tmp_path)
    ids = emit_pages(first, 3)
    assert first.close(timeout=0.1).pending == 3
    with Channel(broker.url, "web-shop", spool=tmp_path) as second:
        assert second.flush(10).complete
    assert arrived(inbox) == ids


CRASHING = """
import os, signal, sys
from shared.channel import Channel
channel = Channel(sys.argv[1], "web-shop", spool=sys.argv[2], durable=True)
for number in range(100000):
    print(channel.emit("web.page_viewed", data={"page": f"/{number}"}), flush=True)
"""


def test_a_durable_event_survives_kill_9(broker, inbox, tmp_path):
    """Every event whose emit returned arrives, though the process was killed in the middle."""
    command = [sys.executable, "-c", CRASHING, broker.url, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    returned = [process.stdout.readline().strip() for _ in range(300)]
    os.kill(process.pid, signal.SIGKILL)
    returned += [line.strip() for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    with Channel(broker.url, "web-shop", spool=tmp_path) as channel:
        assert channel.flush(20).complete
    assert set(returned) <= set(arrived(inbox))


def test_an_event_no_queue_takes_stays_pending(broker, tmp_path):
    """A broker that confirms and drops does not fool the channel: the event waits for its queue."""
    from tests.integration.channel.conftest import Inbox

    inbox = Inbox(broker.url)
    inbox.open()
    inbox.delete()
    channel = Channel(broker.url, "web-shop", spool=tmp_path)
    ids = emit_pages(channel, 2)
    report = eventually(lambda: (r := channel.flush(0.1)).problem and r)
    assert (report.pending, "no queue takes channel.web.page_viewed.v1" in report.problem) == (2, True)
    inbox.open()
    assert channel.flush(10).complete
    channel.close()
    assert arrived(inbox) == ids
    inbox.delete()


def test_a_blocking_broker_hangs_nobody(broker, inbox, tmp_path):
    """A memory alarm gives no error: emit goes on into the spool, flush tells, and all arrives afterwards."""
    channel = Channel(broker.url, "web-shop", spool=tmp_path)
    emit_pages(channel, 1)
    assert channel.flush(10).complete
    broker.control("set_vm_memory_high_watermark", "0")
    try:
        eventually(lambda: channel.emit("web.page_viewed", data={"page": "/"}) and channel.report().problem)
        ids = emit_pages(channel, 10)
        assert channel.flush(0.2).pending >= 10
    finally:
        broker.control("set_vm_memory_high_watermark", "0.4")
    assert channel.flush(20).complete
    channel.close()
    assert set(ids) <= set(arrived(inbox))
