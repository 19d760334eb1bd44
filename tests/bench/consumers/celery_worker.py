"""A Celery worker, solo pool (its fastest here), acknowledging late: `URL QUEUE TOTAL`."""

import sys
from typing import Any

from celery import Celery
from kombu import Queue

from tests.bench.consumers.meter import Meter, check

TASK = "bench.receive"


def application(url: str, queue: str) -> Celery:
    """Return the Celery application: JSON, no results, late acknowledgement."""
    app = Celery("bench", broker=url.replace("amqp://", "pyamqp://"))
    app.conf.update(
        task_queues=[Queue(queue, durable=True, no_declare=False)],
        task_default_queue=queue,
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=500,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
    )
    return app


if __name__ == "__main__":
    url, queue, total = sys.argv[1:]
    meter = Meter(int(total))
    app = application(url, queue)

    @app.task(name=TASK)
    def receive(kind: str, data: dict[str, Any]) -> None:
        """Check one event; Celery has decoded it."""
        check(kind, data)
        meter.add(1)

    silent = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    app.worker_main(["--quiet", "worker", "--pool=solo", *silent])
