"""`rapport rpc`: ask a service over the broker."""

from typing import Any

import click

from shared.cli.api import KINDS
from shared.cli.place import SERVICES, broker_url, key_of
from shared.errors import Rejected, Unavailable


@click.command("rpc")
@click.argument("service", type=click.Choice(SERVICES))
@click.argument("method")
@click.argument("arguments", nargs=-1)
@click.option("--with", "named", multiple=True, metavar="NAME=VALUE", help="An argument by name; repeatable.")
@click.option("--broker", help="AMQP URL (RAPPORT_AMQP_URL; the local broker).")
@click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")
@click.option("--timeout", type=float, default=5.0, show_default=True, help="Seconds to wait for the answer.")
@click.option("--json", "json_", is_flag=True, hidden=True)
def command(
    service: str, method: str, arguments: tuple[str, ...], named: tuple[str, ...], **how: Any
) -> None:
    """Call METHOD of SERVICE with ARGUMENTS, and print its answer as JSON.

    An argument that reads as JSON is sent as such: `rapport rpc support list tickets '{"status": "open"}'`.
    """
    url = broker_url(how["broker"])
    if not url:
        raise click.ClickException("no broker is known: give --broker or set RAPPORT_AMQP_URL")
    values, options = [_value(text) for text in arguments], dict(_pair(text) for text in named)
    answer = _asked(url, key_of(how["key"]), how["timeout"], (service, method, values, options))
    click.echo(_printed(answer))


def _asked(url: str, key: str, timeout: float, question: tuple[str, str, list[Any], dict[str, Any]]) -> Any:
    import warnings

    warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")  # a known choice of the runtime
    from nameko.exceptions import BadRequest

    from shared.service.rpc_client import asking
    from shared.service.rpc_problem import RemoteProblem

    service, method, values, options = question
    try:
        with asking(url, key, timeout) as ask:
            return getattr(ask[service], method)(*values, **options)
    except RemoteProblem as problem:
        raise _error(service, problem) from problem
    except BadRequest as wrong:
        raise Rejected(f"{service}: {type(wrong).__name__}: {wrong}") from wrong


def _error(service: str, problem: Any) -> Exception:
    kind = Unavailable if problem.status in {429, 503} else KINDS.get(problem.status, Rejected)
    return kind(f"{service}: {problem}")


def _value(text: str) -> Any:
    import json

    try:
        return json.loads(text) if text[:1] in '{["' else text
    except ValueError:
        return text


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"{text} is no NAME=VALUE", param_hint="--with")
    return name, _value(value)


def _printed(answer: Any) -> str:
    import json

    return json.dumps(answer, indent=2, ensure_ascii=False)
