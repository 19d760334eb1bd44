"""Asking services by RPC from a program or the command line: nameko's standalone client, with a key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError
from nameko.exceptions import RpcTimeout, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

from shared.errors import Unavailable
from shared.service.rpc_calls import TOKEN
from shared.service.rpc_problem import RemoteProblem

SECONDS = 5.0


@contextmanager
def asking(amqp_url: str, key: str, timeout: float = SECONDS) -> Iterator[Any]:
    """Give what asks: `with asking(url, key) as ask: ask.support.ticket_status("T1")`.

    Every question waits `timeout` seconds at most. Raises RemoteProblem when the service refuses, Unavailable
    when it or the broker does not answer. For one thread; never from inside a decision.
    """
    config = {"AMQP_URI": amqp_url, "serializer": "json"}
    try:
        with ClusterRpcProxy(config, context_data={TOKEN: key}, timeout=timeout) as proxy:
            yield proxy
    except RpcTimeout as error:
        raise Unavailable(f"no answer within {timeout:g} s") from error
    except UnknownService as error:
        raise Unavailable(f"{error}: is it up?") from error
    except (OSError, AMQPError, KombuError) as error:
        raise Unavailable(f"the broker does not answer: {error}") from error


__all__ = ["RemoteProblem", "asking"]
